"""The ground that a timetable stands on: who is there when, which tables are open, where a request could be held in principle.

Sets of slots are whole numbers: bit s stands for slot s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product

from .problem import Id, Problem, Request


def bits(slots: Iterable[int]) -> int:
    mask = 0
    for slot in slots:
        mask |= 1 << slot
    return mask


def slots_in(mask: int) -> Iterator[int]:
    """The slots of a mask, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def reach(mask: int, length: int) -> int:
    """Starts from which a meeting of that length would touch a slot of the mask."""
    found = mask
    for step in range(1, length):
        found |= mask >> step
    return found


class Ground:
    """Rows by their ids are in `people`, `tables`, `requests`; `strict`: rules that one slot alone does not show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = {p.id: p for p in problem.participants}
        self.tables = {t.id: t for t in problem.tables}
        self.requests = {r.id: r for r in problem.requests}
        self.every = bits(range(1, len(problem.slots) + 1))
        self.day_of = [0, *(slot.day for slot in problem.slots)]
        self.away = {p.id: bits(p.forbidden) for p in problem.participants}
        self.asleep = {p.id: bits(p.asleep) for p in problem.participants}
        self.caps = {p.id: p.max_per_day for p in problem.participants}
        self.closed = {t.id: bits(t.closed) for t in problem.tables}
        self.shared = [t.id for t in problem.tables if t.shared]
        self.strict = bool(problem.pauses or problem.ways or any(p.max_in_row is not None for p in problem.participants))
        self._starts: dict[Id, int] = {}
        self._fits: dict[int, int] = {}
        self._allowed: dict[tuple[int, int | None, int | None], int] = {}

    def in_range(self, slot: int) -> bool:
        return 1 <= slot <= len(self.problem.slots)

    @cached_property
    def _some_open(self) -> int:
        """Slots in which a shared table is open."""
        return bits(s for s in slots_in(self.every) if any(not self.closed[t] >> s & 1 for t in self.shared))

    def reopen(self) -> None:
        """To be called when `away`, `asleep` or `closed` have changed."""
        self._starts.clear()
        self.__dict__.pop("_some_open", None)

    @cached_property
    def day_mask(self) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        for slot, day in enumerate(self.day_of[1:], start=1):
            found[day] |= 1 << slot
        return found

    @cached_property
    def later(self) -> dict[Id, list[Id]]:
        """The requests that must be held after each."""
        found: dict[Id, list[Id]] = {}
        for request in self.problem.requests:
            for before in request.after:
                found.setdefault(before, []).append(request.id)
        return found

    @cached_property
    def asked(self) -> dict[Id, list[Id]]:
        """The requests of each person, as participant or in a team."""
        found: dict[Id, list[Id]] = {p: [] for p in self.people}
        for request in self.problem.requests:
            for person in dict.fromkeys((*request.participants, *(p for team in request.teams for p in team))):
                found[person].append(request.id)
        return found

    def span(self, request: Request, slot: int) -> int:
        return ((1 << request.length) - 1) << slot & self.every

    def crews(self, request: Request) -> list[tuple[Id, ...]]:
        """Everybody whom the teams could send together; one empty crew where there is no team."""
        if not request.teams:
            return [()]
        crews = product(*request.teams)
        return [c for c in crews if len(set(c)) == len(c) and not set(c) & set(request.participants)]

    def needs_table(self, request: Request) -> bool:
        return not request.online and (request.fixed_table is not None or request.tables != ())

    def at_any_table(self, request: Request) -> bool:
        """Whether one open shared table is as good as another: the slot's number of them is all that counts."""
        return request.length == 1 and not request.online and request.tables is None and request.fixed_table is None

    def usable(self, request: Request) -> Sequence[Id]:
        """The tables that may serve the request, open or not."""
        if request.fixed_table is not None:
            return (request.fixed_table,)
        return self.shared if request.tables is None else request.tables

    def allowed(self, request: Request) -> int:
        """Starts by the request's own rules: its length, session and fixed slot."""
        rule = (request.length, request.session, request.fixed_slot)
        if rule not in self._allowed:
            mask = self.fitting(request.length)
            if request.fixed_slot is not None:
                mask &= 1 << request.fixed_slot
            if request.session is not None:
                mask &= bits(s for s, slot in enumerate(self.problem.slots, start=1) if slot.session == request.session)
            self._allowed[rule] = mask
        return self._allowed[rule]

    def fitting(self, length: int) -> int:
        if length not in self._fits:
            rows = [(slot.day, slot.session) for slot in self.problem.slots]
            self._fits[length] = bits(
                s + 1 for s in range(len(rows) - length + 1) if all(rows[s] == rows[s + k] for k in range(1, length))
            )
        return self._fits[length]

    def starts(self, request: Request) -> int:
        """Starts that are open in principle: nobody away or asleep, a table of its own open, each team with somebody there."""
        found = self._starts.get(request.id)
        if found is None:
            found = self.common(request)
            if self.needs_table(request):
                found &= self._table_open(request)
            self._starts[request.id] = found
        return found

    def common(self, request: Request) -> int:
        """Starts by its own rules at which all its people are there, and somebody of each team."""
        away = 0
        if request.is_plain:
            for person in request.participants:
                away |= self.away[person]
            return self.fitting(1) & ~away
        for person in request.participants:
            away |= self._gone(request, person)
        found = self.allowed(request) & ~reach(away, request.length)
        for team in request.teams:
            found &= self._some(request, (self._gone(request, person) for person in team))
        return found

    def _gone(self, request: Request, person: Id) -> int:
        return self.away[person] | self.asleep[person] if request.online else self.away[person]

    def _some(self, request: Request, masks: Iterable[int]) -> int:
        """Starts at which at least one of the masks leaves the whole length clear."""
        found = 0
        for mask in masks:
            found |= ~reach(mask, request.length)
        return found & self.every

    def _table_open(self, request: Request) -> int:
        if self.at_any_table(request):
            return self._some_open
        return self._some(request, (self.closed[t] for t in self.usable(request)))
