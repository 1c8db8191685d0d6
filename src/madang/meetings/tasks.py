"""Work of this app that somebody waits for, done by a worker."""

from __future__ import annotations

from django_tasks import task

from madang.meetings.actions import compute


@task()
def compute_timetable(run_key: str) -> None:
    """Compute the timetable of the run with this key; a run that has begun already is left alone."""
    compute.compute_timetable(run_key)
