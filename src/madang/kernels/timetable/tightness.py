"""Why the rest cannot be: the people, slots and tables whose time is used up in the proof of the bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .openings import Openings, openings
from .problem import Id, Plan, Problem

TABLES, PERSON, DAY_CAP, SLOT = "tables", "person", "day_cap", "slot"


@dataclass(frozen=True, slots=True)
class Tight:
    """One thing of which there is too little.

    `kind`: "tables" (one shared table more in one slot), "person" (a slot more of `id`), "day_cap" (one meeting more a day of
    `id`, whose slots would do), "slot" (every shared table of slot `id` is taken; `worth` 0: said of the plan, not of the bound).
    `worth`: points of weight that one more of it adds to the bound at most, 0 where only the plan uses it up.
    `unplaced`: requests of it (of a slot: that are open in it and need a table) that the plan does not place.
    """

    kind: str
    id: Id | None
    worth: float
    unplaced: tuple[Id, ...]


def tight(problem: Problem, plan: Plan, limit: float = 10.0) -> tuple[Tight, ...]:
    """What stands between the plan and more weight, most worth first; from the prices of the bound (Goal.WEIGHT).

    A price is what the first one more is worth: a second may be worth less. `limit`: seconds for the bound.
    """
    from .arrays import fixed_arrays  # here: the referee and the files need neither Numba nor SciPy
    from .matching import weight_bound

    rows = openings(problem)
    bound = weight_bound(fixed_arrays(problem, rows), limit)
    placed = {m.id for m in plan.meetings}
    waiting = [n for n, request in enumerate(problem.requests) if request.id not in placed and rows.slots[n]]
    found = [] if bound is None else [*_of_tables(problem, rows, waiting, bound.tables)]
    if bound is not None:
        prices = {place: float(price) for place, price in enumerate(bound.people) if price > 1e-6}
        found += _of_people(problem, rows, waiting, prices)
    return (*sorted(found, key=lambda t: -t.worth), *_of_slots(problem, rows, waiting, plan))


def _of_tables(problem: Problem, rows: Openings, waiting: list[int], price: float) -> Iterator[Tight]:
    if price > 1e-6:
        yield Tight(TABLES, None, price, tuple(problem.requests[n].id for n in waiting if rows.tables[n] is None))


def _of_people(problem: Problem, rows: Openings, waiting: list[int], prices: dict[int, float]) -> Iterator[Tight]:
    hers: dict[int, list[int]] = {place: [] for place in prices}
    for number in waiting:
        for place in rows.people[number]:
            if place in hers:
                hers[place].append(number)
    for place, price in prices.items():
        person = problem.participants[place]
        capped = person.max_per_day is not None and any(
            sum(s not in person.forbidden for s in day) > person.max_per_day for day in rows.days
        )
        yield Tight(DAY_CAP if capped else PERSON, person.id, price, tuple(problem.requests[n].id for n in hers[place]))


def _of_slots(problem: Problem, rows: Openings, waiting: list[int], plan: Plan) -> Iterator[Tight]:
    shared = {t.id for t in problem.tables if t.shared}
    used = Counter(m.slot for m in plan.meetings if m.table in shared)
    for slot, room in enumerate(rows.pool, start=1):
        if room and used[slot] >= room:
            wanted = tuple(problem.requests[n].id for n in waiting if rows.tables[n] is None and slot in rows.slots[n])
            if wanted:
                yield Tight(SLOT, slot, 0.0, wanted)
