"""What a suggestion starts from, and what it says, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.kernels import programme as kernel
from madang.kernels.programme import Level, Place, Plan, Problem, Rule, Why, Window
from madang.kit.languages import isolated
from madang.programme.models import EventKind
from madang.programming.models import Item, SuggestRun
from madang.programming.queries.clock import days_of
from madang.programming.queries.conflicts import told
from madang.programming.queries.problem import Desk, place_of

SOFT = {Rule.SEATS, Rule.OVERLAP}
"""What a suggestion may still break where it warns: everything else that warns, it keeps."""
EVENING = (18 * 60, 22 * 60)
STAYS = ["few", "all", "free"]
"""What is placed already: moves as little as may be, stays, or goes where it fits best."""
HELD = 5
"""What moving a published item counts, beside one that is placed in the draft alone."""


@dataclass(frozen=True)
class Task:
    """The problem of a suggestion, and the places that it should keep."""

    problem: Problem
    keep: tuple[Place, ...]


def task_of(desk: Desk, settings: Mapping[str, Any]) -> Task:
    """The desk's problem with locked items (and what has begun) fixed, halls open in the hours asked for, nothing in the past."""
    now = desk.line.minute(desk.edition.now())
    stay = settings.get("stay", "few")
    fixed = {pk for pk, item in desk.items.items() if _is_fixed(desk, item, now, everything=stay == "all")}
    hours = (int(settings.get("from", 9)) * 60, int(settings.get("until", 23)) * 60)
    evening = int(settings.get("evening", 0))
    items = tuple(_item(desk, item, fixed, now, evening) for item in desk.problem.items)
    prime = _every_day(desk, EVENING)
    problem = replace(desk.problem, items=items, halls=tuple(_hall(desk, h, hours) for h in desk.problem.halls), prime=prime)
    keep = () if stay == "free" else tuple(place for place in desk.plan.places if place.item not in fixed)
    return Task(replace(problem, levels=_strict(problem, desk.plan, fixed)), keep)


def _is_fixed(desk: Desk, item: Item, now: int, *, everything: bool) -> bool:
    place = place_of(desk.line, item)
    return place is not None and (everything or item.is_locked or place.start <= now)


def _item(desk: Desk, item: kernel.Item, fixed: set[int], now: int, evening: int) -> kernel.Item:
    row = desk.items[int(item.id)]
    place = place_of(desk.line, row)
    if place is not None and row.pk in fixed:
        return replace(item, fixed_hall=place.hall, fixed_start=place.start)
    first, last = (item.allowed or (Window(-(10**6), 10**6),))[0]
    allowed = (Window(max(first, now + 1), max(last, now + 2)),)
    points = evening if row.is_public and row.kind == EventKind.SCREENING else 0
    is_out = row.event is not None and not row.event.is_cancelled
    return replace(item, allowed=allowed, prime=points, hold=HELD if is_out else 1)


def _hall(desk: Desk, hall: kernel.Hall, hours: tuple[int, int]) -> kernel.Hall:
    """A hall without openings of its own is open in the hours asked for, on the edition's days."""
    if desk.halls[int(hall.id)].openings.all():
        return hall
    return replace(hall, opening=_every_day(desk, hours))


def _every_day(desk: Desk, hours: tuple[int, int]) -> tuple[Window, ...]:
    starts = [desk.line.midnight(day) for day in days_of(desk.edition)]
    return tuple(Window(start + hours[0], start + hours[1]) for start in starts)


def _strict(problem: Problem, plan: Plan, fixed: set[int]) -> dict[Rule, Level]:
    """Rules that only warn block here, but those that what is fixed breaks by itself: it must not fall out for their sake."""
    stands = Plan(tuple(place for place in plan.places if place.item in fixed))
    broken = {conflict.rule for conflict in kernel.check(problem, stands)}
    levels = {rule: problem.level(rule) for rule in Rule}
    strict = {rule: Level.BLOCK for rule, level in levels.items() if level is Level.WARN and rule not in SOFT | broken}
    return levels | strict | {rule: Level.WARN for rule in broken if levels[rule] is Level.BLOCK}


# --- What is kept of it ---------------------------------------------------------------------------------------------------


def facts_of_plan(desk: Desk, places: Iterable[Place]) -> dict[str, list[Any]]:
    """Item -> [hall, moment], as JSON keeps it."""
    return {str(place.item): [place.hall, desk.line.moment(place.start).isoformat()] for place in places}


def facts_of_why(desk: Desk, why: Why) -> dict[str, Any]:
    """Why an item goes where it goes, or has no place, as JSON keeps it."""
    choices = [[choice.place.hall, desk.line.moment(choice.place.start).isoformat(), choice.extra] for choice in why.choices]
    facts = [[list(map(str, f.rules)), list(f.halls), list(f.guests), list(f.items)] for f in why.facts]
    return {"points": why.points, "choices": choices, "facts": facts}


@dataclass(frozen=True)
class Proposed:
    """An item with its place before and after a suggestion (hall and moment, or None), and the reasons in words."""

    item: Item
    before: tuple[Any, dt.datetime] | None
    after: tuple[Any, dt.datetime] | None
    reasons: list[str]


def proposals(desk: Desk, run: SuggestRun) -> list[Proposed]:
    """What it changes in the draft that it was made for, by the new time; what has no place last."""
    now, then, why = (run.report.get(name, {}) for name in ("now", "places", "why"))
    was = Plan(tuple(Place(int(key), spot[0], desk.line.minute(moment_of(spot))) for key, spot in now.items()))
    found = []
    for item in desk.items.values():
        key = str(item.pk)
        before, after = _spot(desk, now.get(key)), _spot(desk, then.get(key))
        if before != after or after is None:
            reasons = _wrong_before(desk, was, item) + _reasons(desk, why.get(key, {}), placed=after is not None)
            found.append(Proposed(item, before, after, reasons))
    return sorted(found, key=lambda one: (one.after is None, one.after[1] if one.after else one.item.code))


def is_stale(desk: Desk, run: SuggestRun) -> bool:
    """Whether the draft is another one than the suggestion was made for."""
    return bool(facts_of_plan(desk, desk.plan.places) != run.report.get("now"))


def moment_of(spot: list[Any]) -> dt.datetime:
    """When a place as a report keeps it begins."""
    return dt.datetime.fromisoformat(spot[1])


def _wrong_before(desk: Desk, plan: Plan, item: Item) -> list[str]:
    """What blocked where it stood, in at most two sentences."""
    place = next((place for place in plan.places if place.item == item.pk), None)
    if place is None or place.hall not in desk.halls:
        return []
    broken = kernel.check_move(desk.problem, plan, item.pk, place.hall, place.start)
    return [trouble.sentence for trouble in told(desk, broken) if trouble.blocks][:2]


def _spot(desk: Desk, kept: list[Any] | None) -> tuple[Any, dt.datetime] | None:
    if not kept or kept[0] not in desk.halls:
        return None
    return desk.halls[kept[0]], moment_of(kept)


def _reasons(desk: Desk, why: dict[str, Any], *, placed: bool) -> list[str]:
    if not placed:
        return [_fact_words(desk, *fact) for fact in why.get("facts", [])] or [
            _("It could be placed by hand: nothing is in the way.")
        ]
    costs = [extra for _hall, _moment, extra in why.get("choices", [])]
    if not costs:
        return [_("This is its only place beside the others.")]
    if min(costs) <= 0:
        return [_("Other places would do as well.")]
    return [_("The best other place would cost %(points)s points more.") % {"points": min(costs)}]


def _fact_words(desk: Desk, rules: list[str], halls: list[int], guests: list[int], items: list[int]) -> str:
    words = {
        "hall": ", ".join(isolated(str(desk.halls[pk])) for pk in halls if pk in desk.halls),
        "who": ", ".join(isolated(desk.people[pk].name) for pk in guests if pk in desk.people),
        "item": ", ".join(f"“{isolated(str(desk.items[pk]))}”" for pk in items if pk in desk.items),
    }
    if items:
        return str(IN_THE_WAY.get(rules[0] if rules else "", STANDS)) % words
    return str(FACTS.get(rules[0] if rules else "", STANDS)) % words


STANDS = gettext_lazy("%(item)s stands in the way.")
IN_THE_WAY = {
    "hall_double": gettext_lazy("%(item)s is in the hall then."),
    "changeover": gettext_lazy("%(item)s needs the changeover of the hall."),
    "guest_double": gettext_lazy("%(who)s is at %(item)s then."),
    "travel": gettext_lazy("%(who)s comes from %(item)s and needs the time to get there."),
    "order": gettext_lazy("It must not come before %(item)s."),
    "lead": gettext_lazy("It belongs directly before %(item)s, which has no place or none before it."),
}
FACTS = {
    "guest_away": gettext_lazy("%(who)s is not there at other times."),
    "closed": gettext_lazy("The halls are closed at other times: %(hall)s."),
    "features": gettext_lazy("Equipment is missing: %(hall)s."),
    "hall": gettext_lazy("It is not meant for these halls: %(hall)s."),
    "window": gettext_lazy("It may not be shown at other times, or they are over."),
    "not_ready": gettext_lazy("Its print or file is not there before."),
    "seats": gettext_lazy("Too few seats: %(hall)s."),
    "fixed": gettext_lazy("It is locked where it is."),
}


def explained(task: Task, plan: Plan, wanted: Iterable[int], stop: Callable[[], bool]) -> dict[int, Why]:
    """The kernel's reasons for these items, as far as nobody asks to stop."""
    found: dict[int, Why] = {}
    for pk in wanted:
        if stop():
            break
        found[pk] = kernel.explain(task.problem, plan, pk, published=task.keep, most=3)
    return found
