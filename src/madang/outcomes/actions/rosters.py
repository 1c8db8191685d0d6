"""Suggesting a roster: open a run, search outside any transaction, keep what was found; take it over, or not."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.actions import close_run, record
from madang.markets.models import Edition, RunState
from madang.markets.runs import ask_to_stop, carry_out, edition_of, open_run
from madang.outcomes import rostering
from madang.outcomes.actions.budget import guard
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Duty, RosterRun
from madang.outcomes.queries.staffing import roster_of
from madang.outcomes.rostering import Plan, Problem

LONGEST = 120
"""Seconds that a search may be given."""
SEED = 1
TELL_EVERY = 0.3


@transaction.atomic
def start_roster(actor: User, edition: Edition, limit: int) -> tuple[RosterRun, bool]:
    """Open a search; True if it is new. An edition has one at a time: a second click gets the one that is open."""
    guard(actor, edition)
    settings = {"limit": max(1, min(limit, LONGEST))}
    run, is_new = open_run(RosterRun.objects.filter(edition=edition), edition, actor, settings=settings)
    if is_new:
        record(edition, actor, "suggest_roster", run.key)
    return run, is_new


def stop_roster(actor: User, run: RosterRun) -> None:
    """Ask an open search to stop and keep the best it has; one that has not begun is closed at once."""
    guard(actor, edition_of(run))
    if ask_to_stop(run):
        record(edition_of(run), actor, "stop_roster", run.key)


def suggest_roster(run_key: str) -> RosterRun | None:
    """Search for the run's roster and keep it in its report; nothing else changes. None if it does not wait."""
    return carry_out(RosterRun, run_key, _suggest)


def _suggest(run: RosterRun) -> None:
    progress.tell(run.key, phase="reading")
    problem = roster_of(edition_of(run)).problem()
    if not problem.works or not problem.hands:
        close_run(run, RunState.FAILED, _("There are no shifts or no workers yet, so there is nothing to assign."))
        return
    wanted = places_open(problem)
    plan = rostering.solve(problem, seed=SEED, limit=float(run.settings["limit"]), stop=_Teller(run.key, wanted))
    broken = rostering.check(problem, plan.pairs)
    if broken:
        close_run(run, RunState.FAILED, _("The search gave a roster that breaks a rule. Please report this."))
        return
    progress.tell(run.key, phase="explaining")
    run.report = _report(problem, plan, wanted)
    stopped = progress.stop_asked(run.key)
    with transaction.atomic():
        close_run(run, RunState.STOPPED if stopped else RunState.DONE)


def places_open(problem: Problem) -> int:
    """Places of shifts to come that nobody holds."""
    held = [shift for shift, _hand in problem.held]
    return sum(max(0, work.needed - held.count(work.id)) for work in problem.works if work.id not in problem.closed)


class _Teller:
    """What the search calls while it works."""

    def __init__(self, key: str, wanted: int) -> None:
        self.key, self.wanted, self.last = key, wanted, 0.0

    def __call__(self, seconds: float, missing: int) -> bool:
        if time.monotonic() - self.last >= TELL_EVERY:
            self.last = time.monotonic()
            progress.tell(self.key, phase="solving", seconds=seconds, filled=self.wanted - missing, wanted=self.wanted)
        return progress.stop_asked(self.key)


def _report(problem: Problem, plan: Plan, wanted: int) -> dict[str, Any]:
    """Pairs, and for each shift that stays open how many people each reason keeps from it."""
    filled = [shift for shift, _hand in (*plan.pairs, *problem.held)]
    still = [w for w in problem.works if w.id not in problem.closed and filled.count(w.id) < w.needed]
    why = {
        str(work.id): {
            (breach.value if breach else ""): count for breach, count in rostering.explain(problem, plan, work.id).items()
        }
        for work in still
    }
    return {
        "pairs": [list(pair) for pair in plan.pairs], "held": sorted(list(pair) for pair in problem.held), "why": why,
        "wanted": wanted, "open": plan.open, "is_best": plan.is_best, "is_fairest": plan.is_fairest,
        "seconds": round(plan.seconds, 1),
    }  # fmt: skip


@transaction.atomic
def take_roster(actor: User, run: RosterRun) -> int:
    """Assign every shift as the roster has it; gives how many. Refused where shifts or duties have changed since."""
    edition = edition_of(run)
    guard(actor, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    run = RosterRun.objects.select_for_update().get(pk=run.pk)
    if run.taken_at is not None:
        raise Refused(_("This roster has been taken over already."))
    if run.is_open or "pairs" not in run.report:
        raise Refused(_("This search has given no roster."))
    problem = roster_of(edition).problem()
    pairs = [(int(shift), int(hand)) for shift, hand in run.report["pairs"]]
    if not _still_fits(problem, pairs):
        raise Refused(_("Shifts or people have changed since this roster was made: search again."))
    now = edition.now()
    Duty.objects.bulk_create([Duty(shift_id=shift, worker_id=hand, at=now) for shift, hand in pairs], batch_size=500)
    run.taken_at = now
    run.save(update_fields=["taken_at"])
    record(edition, actor, "take_roster", run.key, count=len(pairs))
    return len(pairs)


def _still_fits(problem: Problem, pairs: list[tuple[int, int]]) -> bool:
    """Whether the pairs still break nothing, take no place twice, and nothing of it has begun or gone."""
    works, hands = {work.id: work for work in problem.works}, {hand.id for hand in problem.hands}
    if any(shift not in works or shift in problem.closed or hand not in hands for shift, hand in pairs):
        return False
    filled = [shift for shift, _hand in {*pairs, *problem.held}]
    if problem.held & set(pairs) or any(filled.count(shift) > works[shift].needed for shift, _hand in pairs):
        return False
    return not rostering.check(problem, pairs)
