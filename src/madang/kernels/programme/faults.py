"""What makes a problem senseless before anybody solves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from .problem import Id, Item, Problem, ProblemError, Window


def faults(problem: Problem) -> list[str]:
    """Every fault of the problem as a sentence; empty where it makes sense. It may still be impossible to place all."""
    return [*_doubled(problem), *_numbers(problem), *_windows(problem), *_items(problem), *_pairs(problem), *_chains(problem)]


def ensure_sound(problem: Problem) -> None:
    """Raise `ProblemError` with the first faults of the problem, if it has any."""
    found = faults(problem)
    if found:
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
        raise ProblemError("; ".join(found[:3]) + more)


def _doubled(problem: Problem) -> Iterator[str]:
    kinds: tuple[tuple[str, Iterable[Id]], ...] = (
        ("item", (i.id for i in problem.items)),
        ("hall", (h.id for h in problem.halls)),
        ("guest", (g.id for g in problem.guests)),
    )
    for kind, ids in kinds:
        yield from (f"{kind} {found!r} is there {n} times" for found, n in Counter(ids).items() if n > 1)


def _numbers(problem: Problem) -> Iterator[str]:
    if problem.step < 1:
        yield "the step is below a minute"
    if min(problem.lead_gap, problem.warning) < 0:
        yield "the gap before a led item and the price of a warning are not below 0"
    if any(later <= earlier for earlier, later in pairwise(problem.days)):
        yield "the days do not rise"
    for hall in problem.halls:
        if hall.changeover < 0 or (hall.seats or 0) < 0:
            yield f"hall {hall.id!r} has a number below 0"


def _windows(problem: Problem) -> Iterator[str]:
    named: list[tuple[str, tuple[Window, ...]]] = [("prime time", problem.prime)]
    named += [(f"hall {h.id!r}", h.opening) for h in problem.halls]
    named += [(f"guest {g.id!r}", g.available or ()) for g in problem.guests]
    named += [(f"item {i.id!r}", (*(i.allowed or ()), *i.forbidden)) for i in problem.items]
    for name, windows in named:
        if any(window.end <= window.start for window in windows):
            yield f"{name} has a window that ends before it begins"


def _items(problem: Problem) -> Iterator[str]:
    items, halls, guests = ({x.id for x in kind} for kind in (problem.items, problem.halls, problem.guests))
    for item in problem.items:
        yield from (f"item {item.id!r}: {text}" for text in _of_item(item, items, halls, guests))


def _of_item(item: Item, items: set[Id], halls: set[Id], guests: set[Id]) -> Iterator[str]:
    if item.length < 1:
        yield "lasts less than a minute"
    if min(item.audience, item.setup, item.clear, item.prime) < 0 or min(item.worth, item.hold) < 1:
        yield "has a number that is too small"
    if len(set(item.guests)) != len(item.guests):
        yield "names a guest twice"
    lone = {item.fixed_hall} - {None}
    yield from (f"hall {h!r} is not known" for h in sorted({*(item.halls or ()), *lone} - halls, key=repr))
    yield from (f"guest {g!r} is not known" for g in item.guests if g not in guests)
    leads = () if item.leads is None else (item.leads,)
    for other in (*item.follows, *item.same_day, *item.other_day, *leads):
        if other == item.id:
            yield "names itself"
        elif other not in items:
            yield f"item {other!r} is not known"


def _pairs(problem: Problem) -> Iterator[str]:
    items, halls = {i.id for i in problem.items}, {h.id for h in problem.halls}
    for overlap in problem.overlaps:
        if overlap.one == overlap.other or not {overlap.one, overlap.other} <= items or overlap.weight < 0:
            yield f"the overlap of {overlap.one!r} and {overlap.other!r} makes no sense"
    for way in problem.ways:
        if not set(way.between) <= halls or way.minutes < 0:
            yield f"the way between {way.between[0]!r} and {way.between[1]!r} makes no sense"


def _chains(problem: Problem) -> Iterator[str]:
    leads = {i.id: i.leads for i in problem.items if i.leads is not None}
    for led, count in Counter(leads.values()).items():
        if count > 1:
            yield f"item {led!r} is led by {count} items"
    for first in leads:
        at, steps = leads.get(first), 0
        while at is not None and at != first and steps <= len(leads):
            at, steps = leads.get(at), steps + 1
        if at == first:
            yield f"item {first!r} leads itself, by way of others"
