"""A problem's look-ups and the plainest questions about times, for the referee."""

from __future__ import annotations

from collections.abc import Iterable

from .problem import Guest, Hall, Id, Item, Level, Overlap, Place, Problem, Rule, Window


class Book:
    """A problem by ids."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.items: dict[Id, Item] = {item.id: item for item in problem.items}
        self.halls: dict[Id, Hall] = {hall.id: hall for hall in problem.halls}
        self.guests: dict[Id, Guest] = {guest.id: guest for guest in problem.guests}
        self.level: dict[Rule, Level] = {rule: problem.level(rule) for rule in Rule}
        self.ways: dict[frozenset[Id], int] = {}
        for way in problem.ways:
            key = frozenset(way.between)
            self.ways[key] = max(way.minutes, self.ways.get(key, 0))
        self.overlaps: dict[frozenset[Id], int] = weights(problem.overlaps)
        self.leader: dict[Id, Id] = {item.leads: item.id for item in problem.items if item.leads is not None}
        self.chain: dict[Id, Id] = {item.id: self._last(item) for item in problem.items}

    def knows(self, place: Place) -> bool:
        return place.item in self.items and place.hall in self.halls

    def end(self, place: Place) -> int:
        return place.start + self.items[place.item].length

    def way(self, one: Id, other: Id) -> int:
        """Minutes from one hall to the other; 0 within one, or where nobody said."""
        return 0 if one == other else self.ways.get(frozenset((one, other)), 0)

    def changeover(self, first: Item, second: Item, hall: Id) -> int:
        """Minutes that must pass between the two in this hall: none between items of one chain (each leads the next)."""
        if self.chain[first.id] == self.chain[second.id]:
            return 0
        return max(self.halls[hall].changeover, first.clear + second.setup)

    def _last(self, item: Item) -> Id:
        """The last item of the chain that begins here."""
        for _ in self.items:
            if item.leads is None or item.leads not in self.items:
                break
            item = self.items[item.leads]
        return item.id


def weights(overlaps: Iterable[Overlap]) -> dict[frozenset[Id], int]:
    """Each pair's weight; a pair that is named twice counts twice."""
    found: dict[frozenset[Id], int] = {}
    for overlap in overlaps:
        key = frozenset((overlap.one, overlap.other))
        found[key] = found.get(key, 0) + overlap.weight
    return found


def within(start: int, end: int, windows: Iterable[Window]) -> bool:
    """Whether the stretch lies in one of the windows."""
    return any(window.start <= start and end <= window.end for window in windows)


def touches(start: int, end: int, window: Window) -> bool:
    return start < window.end and window.start < end
