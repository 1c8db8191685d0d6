"""Proposed meetings: turn the dials, compute in a run, keep what came out as drafts. Nothing is shown to anybody by this."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels.matching.assignment import Progress
from madang.kit import progress
from madang.markets.actions import close_run, record
from madang.markets.models import Edition, RunState
from madang.markets.runs import ask_to_stop, carry_out, edition_of, open_run
from madang.matching.models import Dials, ProposeRun, Suggestion
from madang.matching.queries.exposure import Asked, Proposed, exposure_of, propose, suggestion_rows
from madang.matching.rules_exposure import guard


@transaction.atomic
def turn_dials(actor: User | None, edition: Edition, **facts: Any) -> Dials:
    """Keep how proposed meetings are shared out from the next computation on."""
    guard(actor, edition)
    dials, is_new = Dials.objects.select_for_update().get_or_create(edition=edition)
    changed = [name for name, value in facts.items() if getattr(dials, name) != value]
    if changed or is_new:
        for name in changed:
            setattr(dials, name, facts[name])
        dials.save()
        record(edition, actor, "turn_dials", edition.slug, changed=sorted(changed))
    return dials


@transaction.atomic
def start_proposals(actor: User | None, edition: Edition, asked: Asked) -> tuple[ProposeRun, bool]:
    """Open a run; True if it is new. An edition has one at a time: a second click gets the one that is open."""
    guard(actor, edition)
    run, is_new = open_run(ProposeRun.objects.filter(edition=edition), edition, actor, asked=asked.as_json())
    if is_new:
        record(edition, actor, "propose_meetings", run.key, floor=asked.floor)
    return run, is_new


def stop_proposals(actor: User | None, run: ProposeRun) -> None:
    """Ask an open run to stop: nothing of it is kept. One that has not begun is closed at once."""
    guard(actor, edition_of(run))
    ask_to_stop(run)


def propose_meetings(run_key: str) -> ProposeRun | None:
    """Compute the run's meetings and keep them as drafts. None if the run is not waiting to be started."""
    return carry_out(ProposeRun, run_key, _propose)


class _Stopped(Exception):
    """Somebody asked to stop."""


def _propose(run: ProposeRun) -> None:
    def watch(what: str, done: int, total: int, now: Progress) -> None:
        if progress.stop_asked(run.key):
            raise _Stopped
        progress.tell(run.key, what=what, done=done, total=total, meetings=now.meetings, seconds=round(now.seconds, 1))

    progress.tell(run.key, what="reading")
    exposure = exposure_of(edition_of(run), Asked.from_json(run.asked))
    if not exposure.market.gates.any():
        close_run(run, RunState.FAILED, _("No buyer and title fit each other that have not been brought together before."))
        return
    try:
        proposed = propose(exposure, watch)
    except _Stopped:
        close_run(run, RunState.STOPPED)
        return
    progress.tell(run.key, what="saving")
    keep(run, proposed)


@transaction.atomic
def keep(run: ProposeRun, proposed: Proposed) -> None:
    """Write what came out, and close the run."""
    rows = [Suggestion(run=run, **row) for row in suggestion_rows(proposed)]
    Suggestion.objects.bulk_create(rows, batch_size=500)
    run.report = proposed.report
    close_run(run, RunState.DONE)
