"""Work of this app that somebody waits for, done by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.matching.actions import exposure


@task()
def propose_meetings(run_key: str) -> None:
    """Compute the meetings of the run with this key; a run that has begun already is left alone."""
    exposure.propose_meetings(run_key)
