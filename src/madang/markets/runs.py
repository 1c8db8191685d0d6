"""What every run does: it starts once, ends with a word in every case, and knows its edition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted
from madang.markets.models import Edition, Run, RunState

R = TypeVar("R", bound=Run)


def carry_out(model: type[R], run_key: str, work: Callable[[R], None]) -> R | None:
    """Do the work of a run that waits to be started, in its asker's language; None if it does not wait.

    `work` closes the run where it ends well or is refused. A fault closes it as failed, the end of the worker as interrupted.
    """
    rows = model._default_manager
    with progress.alive(run_key):
        if not rows.filter(key=run_key, state=RunState.QUEUED).update(state=RunState.RUNNING):
            return None
        run = rows.select_related("edition__market", "asked_by").get(key=run_key)
        try:
            with override(run.asked_by.language if run.asked_by and run.asked_by.language else None):
                work(run)
        except Exception:
            close_run(run, RunState.FAILED, _("Something went wrong on our side; the log of the server says more."))
            raise
        except BaseException:  # the worker is being ended: say so at once rather than after a silence
            close_run(run, RunState.INTERRUPTED)
            raise
    return run


def open_run(runs: QuerySet[R], edition: Edition, actor: User | None, **facts: Any) -> tuple[R, bool]:
    """The run that is open among `runs`, or a new one with `facts`; True if it is new.

    For a transaction: whoever asks for a run of one edition waits for those before, so a second click gets the one that is open.
    """
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    latest = runs.order_by("-pk").first()
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    rows = runs.model._default_manager
    return rows.create(edition=edition, asked_by=actor, created_at=edition.now(), **facts), True


def ask_to_stop(run: Run) -> bool:
    """Ask an open run to end early. True where it had not begun: then it is closed at once."""
    progress.ask_stop(run.key)
    waiting = type(run)._default_manager.filter(pk=run.pk, state=RunState.QUEUED)
    return bool(waiting.update(state=RunState.STOPPED))


def edition_of(run: Run) -> Edition:
    """The run's edition: most kinds of runs always have one, though a run need not."""
    if run.edition is None:
        raise ValueError(f"the run {run.key} has no edition")
    return run.edition
