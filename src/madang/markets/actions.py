"""Every write to a market's own rows, and the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.models import Edition, LogEntry, Run, RunState


def record(edition: Edition | None, actor: User | None, verb: str, subject: object = "", **details: Any) -> LogEntry:
    """Write one line of the log. Call it inside the transaction of the change it tells of.

    `verb` is a stable word such as "publish_timetable", which pages put into the reader's language.
    """
    at = edition.now() if edition else timezone.now()
    return LogEntry.objects.create(edition=edition, at=at, actor=actor, verb=verb, subject=str(subject)[:200], details=details)


def record_many(edition: Edition, actor: User | None, verb: str, subjects: Iterable[object], **details: Any) -> None:
    """As `record`, one line for each subject, with a constant number of queries."""
    at = edition.now()
    rows = [LogEntry(edition=edition, at=at, actor=actor, verb=verb, subject=str(s)[:200], details=details) for s in subjects]
    LogEntry.objects.bulk_create(rows, batch_size=500)


def close_run(run: Run, state: RunState, fault: str = "") -> None:
    """End a run; `fault` says what went wrong, for the organiser to read."""
    run.state, run.fault, run.finished_at = state, fault, run.now()
    run.save()


def notice_interrupted(run: Run) -> Run:
    """A run whose worker was killed is marked interrupted, so that a page can say so and offer another start."""
    if run.state == RunState.RUNNING and progress.is_silent(run.key):
        open_row = type(run)._default_manager.filter(pk=run.pk, state=RunState.RUNNING)
        open_row.update(state=RunState.INTERRUPTED, finished_at=run.now())
        run.refresh_from_db()
    return run
