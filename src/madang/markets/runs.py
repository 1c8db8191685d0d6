"""What every run does: it starts once, ends with a word in every case, and knows its edition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.kit import progress
from madang.markets.actions import close_run
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


def edition_of(run: Run) -> Edition:
    """The run's edition: most kinds of runs always have one, though a run need not."""
    if run.edition is None:
        raise ValueError(f"the run {run.key} has no edition")
    return run.edition
