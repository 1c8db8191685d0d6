"""Work of this app that somebody waits for, and what happens by itself as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django_tasks import task

from madang.markets.models import Edition
from madang.selection.actions import assignment
from madang.selection.actions.reminders import remind_due_jurors

EVERY_MINUTE: list[Callable[[Edition, dt.datetime], object]] = [remind_due_jurors]
"""As in `meetings.tasks`: each does again what is still to do, and nothing twice."""


@task()
def compute_assignment(run_key: str) -> None:
    """Compute who reads what, for the run with this key; a run that has begun already is left alone."""
    assignment.compute_assignment(run_key)
