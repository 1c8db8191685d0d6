"""Work of this app that somebody waits for, done by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.programming.actions import suggesting


@task()
def suggest_programme(run_key: str) -> None:
    """Search for the suggestion of the run with this key; a run that has begun already is left alone."""
    suggesting.suggest(run_key)
