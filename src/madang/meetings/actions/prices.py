"""What each dial costs: the timetable tried under all of them, side by side. Nothing is saved but the figures."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from madang.accounts.models import User
from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Plan, Problem, Progress
from madang.kit import progress
from madang.markets.actions import close_run, notice_interrupted, record
from madang.markets.models import Edition, RunState
from madang.markets.runs import carry_out, edition_of
from madang.meetings.actions.compute import facts_of, kept_plan
from madang.meetings.actions.drafts import guard, lock_edition
from madang.meetings.actions.refusals import FactsRefused
from madang.meetings.aims import AIMS
from madang.meetings.models import PriceRun
from madang.meetings.queries.timetable import latest_prices, plan_of

KEEP_SECONDS = 5.0
"""What the search for the smallest change may take of it."""


@transaction.atomic
def start_prices(actor: User, edition: Edition, limit: int = 60) -> tuple[PriceRun, bool]:
    """Open the comparison; True if it is new. An edition has one at a time: a second click gets the one that is open."""
    guard(actor, edition)
    lock_edition(edition)
    latest = latest_prices(edition)
    if latest is not None and notice_interrupted(latest).is_open:
        return latest, False
    run = PriceRun.objects.create(edition=edition, asked_by=actor, limit=limit, created_at=edition.now())
    record(edition, actor, "price_dials", run.key, limit=limit)
    return run, True


def find_prices(run_key: str) -> PriceRun | None:
    """Try each dial and keep the figures. None if the run is not waiting to be started."""
    return carry_out(PriceRun, run_key, _find)


def _find(run: PriceRun) -> None:
    progress.tell(run.key, phase="reading")
    try:
        base, problem, maps = facts_of(edition_of(run))
    except FactsRefused as refused:
        close_run(run, RunState.FAILED, "\n".join(refused.sentences))
        return

    def tell(now: Progress) -> bool:
        progress.tell(run.key, phase="solving", seconds=now.seconds)
        return False

    before = plan_of(base, maps)[0] if base else None
    run.rows = []
    if base is not None:
        run.rows.append(_row("keep", problem, kept_plan(problem, maps, base, KEEP_SECONDS, tell), before))
    settings = {name: kernel.Aims(**aims) for name, aims in AIMS.items() if name != "keep"}
    prices = kernel.price_list(problem, settings, limit=float(run.limit), progress=tell)
    run.rows += [_row(one.name, problem, one.plan, before) for one in prices]
    run.save(update_fields=["rows"])
    close_run(run, RunState.DONE)


def _row(name: str, problem: Problem, plan: Plan, before: Plan | None) -> dict[str, Any]:
    weights = {request.id: request.weight for request in problem.requests}
    slots = {meeting.id: meeting.slot for meeting in plan.meetings}
    return {
        "name": name,
        "weight": sum(weights[pk] for pk in slots),
        "wanted": sum(weights.values()),
        "placed": len(slots),
        "breaks": sum(kernel.breaks(problem, plan).values()),
        "fairness": round(kernel.fairness(problem, plan), 4),
        "moved": sum(slots.get(one.id) != one.slot for one in before.meetings) if before else None,
    }
