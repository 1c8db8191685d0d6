"""Rosters are searched for by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.outcomes.actions import rosters


@task()
def suggest_roster(run_key: str) -> None:
    """Search for the roster of the run with this key; a run that has begun already is left alone."""
    rosters.suggest_roster(run_key)
