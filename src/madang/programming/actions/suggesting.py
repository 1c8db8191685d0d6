"""Suggesting a programme: open a run, search outside any transaction, keep what was found; take it over, or not."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.kernels import programme as kernel
from madang.kernels.programme import Plan, ProblemError, Progress
from madang.kit import progress
from madang.markets.actions import close_run, record
from madang.markets.models import Edition, Hall, RunState
from madang.markets.runs import ask_to_stop, carry_out, edition_of, open_run
from madang.programming.actions.refusals import Refused, Stale
from madang.programming.models import Item, SuggestRun
from madang.programming.queries.conflicts import overlap_of
from madang.programming.queries.problem import Desk, desk_of
from madang.programming.queries.suggestion import Task, explained, facts_of_plan, facts_of_why, is_stale, moment_of, task_of
from madang.programming.rules import guard

LONGEST = 600
"""Seconds that a search may be given."""
TELL_EVERY = 0.3


@transaction.atomic
def start_suggestion(actor: User | None, edition: Edition, settings: dict[str, Any]) -> tuple[SuggestRun, bool]:
    """Open a search; True if it is new. An edition has one at a time: a second click gets the one that is open."""
    guard(actor, edition)
    settings = settings | {"limit": max(1, min(int(settings.get("limit", 20)), LONGEST))}
    run, is_new = open_run(SuggestRun.objects.filter(edition=edition), edition, actor, settings=settings)
    if is_new:
        record(edition, actor, "suggest_programme", run.key)
    return run, is_new


def stop_suggestion(actor: User, run: SuggestRun) -> None:
    """Ask an open search to stop and keep the best it has; one that has not begun is closed at once."""
    guard(actor, edition_of(run))
    if ask_to_stop(run):
        record(edition_of(run), actor, "stop_suggestion", run.key)


def suggest(run_key: str) -> SuggestRun | None:
    """Search for the run's programme and keep it in its report; nothing of the draft changes. None if it does not wait."""
    return carry_out(SuggestRun, run_key, _suggest)


def _suggest(run: SuggestRun) -> None:
    progress.tell(run.key, phase="reading")
    desk = desk_of(edition_of(run))
    if not desk.items or not desk.halls:
        close_run(run, RunState.FAILED, _("There are no items or no halls yet, so there is nothing to place."))
        return
    task = task_of(desk, run.settings)
    try:
        plan = kernel.solve(
            task.problem, seed=1, limit=float(run.settings["limit"]), progress=_Teller(run.key), published=task.keep
        )
    except ProblemError as fault:
        close_run(run, RunState.FAILED, str(fault))
        return
    progress.tell(run.key, phase="explaining")
    run.report = _report(desk, task, plan)
    stopped = progress.stop_asked(run.key)
    with transaction.atomic():
        close_run(run, RunState.STOPPED if stopped else RunState.DONE)


class _Teller:
    """What the kernel calls while it works."""

    def __init__(self, key: str) -> None:
        self.key, self.last = key, 0.0

    def __call__(self, now: Progress) -> bool:
        if time.monotonic() - self.last < TELL_EVERY:
            return False
        self.last = time.monotonic()
        facts = {"placed": now.placed, "possible": now.possible, "objective": now.objective}
        progress.tell(self.key, phase="solving", seconds=now.seconds, **facts)
        return progress.stop_asked(self.key)


def _report(desk: Desk, task: Task, plan: Plan) -> dict[str, Any]:
    """Places before and after, why, and how much overlap it saves."""
    after = {place.item: place for place in plan.places}
    before = {place.item: place for place in desk.plan.places}
    changed = [pk for pk in desk.items if after.get(pk) != before.get(pk) or pk not in after]
    deadline = time.monotonic() + 20
    why = explained(task, plan, changed, lambda: time.monotonic() > deadline)
    then = Desk(desk.edition, desk.line, desk.items, desk.halls, desk.people, desk.levels, desk.problem, Plan(plan.places))
    return {
        "now": facts_of_plan(desk, desk.plan.places),
        "places": facts_of_plan(desk, plan.places),
        "why": {str(pk): facts_of_why(desk, one) for pk, one in why.items()},
        "overlap_now": overlap_of(desk),
        "overlap_then": overlap_of(then),
        "status": str(plan.status),
        "points": plan.points,
        "bound": plan.bound,
        "seconds": round(plan.seconds, 1),
        "left_out": sorted(int(pk) for pk in desk.items if pk not in after),
        "changed": len(changed),
    }


@transaction.atomic
def take_suggestion(actor: User, run: SuggestRun) -> int:
    """Put every item where the suggestion has it; the number of those that moved. Stale where the draft has changed since."""
    edition = edition_of(run)
    guard(actor, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    run = SuggestRun.objects.select_for_update().get(pk=run.pk)
    if run.taken_at is not None:
        raise Refused(_("This suggestion has been taken over already."))
    if run.is_open or "places" not in run.report:
        raise Refused(_("This search has given no suggestion."))
    desk = desk_of(edition)
    if is_stale(desk, run):
        raise Stale(_("The draft has changed since this suggestion was made: search again."))
    before = {str(item.pk): item.reason for item in desk.items.values()}
    moved = [item for item in desk.items.values() if _take(desk, item, run.report)]
    Item.objects.bulk_update(moved, ["hall", "starts_at", "reason"], batch_size=500)
    run.report["reasons"] = {str(item.pk): before[str(item.pk)] for item in moved}
    run.taken_at = edition.now()
    run.save(update_fields=["taken_at", "report"])
    record(edition, actor, "take_suggestion", run.key, moved=len(moved))
    return len(moved)


@transaction.atomic
def undo_suggestion(actor: User, run: SuggestRun) -> tuple[int, int]:
    """Put what a suggestion moved back where it stood; how many items went back, and how many stay.

    Those stay that somebody has moved or locked since, or whose hall is gone. Refused where nothing is taken over.
    """
    edition = edition_of(run)
    guard(actor, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    run = SuggestRun.objects.select_for_update().get(pk=run.pk)
    if run.taken_at is None or "reasons" not in run.report:
        raise Refused(_("This suggestion is not taken over: there is nothing to undo."))
    desk = desk_of(edition)
    taken = [item for item in desk.items.values() if str(item.pk) in run.report["reasons"]]
    back = [item for item in taken if _give_back(desk, item, run.report)]
    Item.objects.bulk_update(back, ["hall", "starts_at", "reason"], batch_size=500)
    run.taken_at = None
    run.save(update_fields=["taken_at"])
    record(edition, actor, "undo_suggestion", run.key, moved=len(back))
    return len(back), len(taken) - len(back)


def _take(desk: Desk, item: Item, report: dict[str, Any]) -> bool:
    """Give the item its place of the report; whether that is another than before."""
    place = _spot(desk, report["places"].get(str(item.pk)))
    if item.is_locked or (item.hall, item.starts_at) == place:
        return False
    (item.hall, item.starts_at), item.reason = place, report["why"].get(str(item.pk), {})
    return True


def _give_back(desk: Desk, item: Item, report: dict[str, Any]) -> bool:
    """Give the item the place that it had before; whether it still stood where the suggestion had put it."""
    key, now = str(item.pk), (item.hall, item.starts_at)
    before = _spot(desk, report["now"].get(key))
    if item.is_locked or now != _spot(desk, report["places"].get(key)) or (key in report["now"] and before[0] is None):
        return False
    (item.hall, item.starts_at), item.reason = before, report["reasons"][key]
    return True


def _spot(desk: Desk, kept: list[Any] | None) -> tuple[Hall | None, dt.datetime | None]:
    """Hall and moment of a place as a report keeps it; no place where the hall is gone."""
    if not kept or kept[0] not in desk.halls:
        return None, None
    return desk.halls[kept[0]], moment_of(kept)
