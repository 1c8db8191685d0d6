"""A problem of real life as positions: open starts, places (tables that are all one), halls, teams. Everything 0-based."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..problem import Goal, Id, Participant, Problem, Request

Flags = npt.NDArray[np.bool_]
NOWHERE = 0  # the hall of meetings without table, and of tables without hall


@dataclass(frozen=True, slots=True)
class Place:
    """Tables that are all one to the search: of one hall, open in the same slots, and asked for by the same requests.

    Meetings are spans of time, so as many tables as meet at once are enough for them (interval graphs are perfect).
    """

    tables: tuple[int, ...]
    hall: int
    open: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Pausing:
    """A pause: its slots, and how many of them a person may meet in at most."""

    slots: frozenset[int]
    most: int


@dataclass(frozen=True, slots=True)
class Rows:
    """R requests, P participants, S slots.

    people, teams: who must be there. starts: open first slots of each request, ascending. places: where each request may sit
    (the places with preferred tables first), empty where it needs no table. way: slots between halls (halls x halls).
    idle: slots in which each person may have a break. lines: the slots over which breaks are counted. target: meetings of
    each person that the floor counts.
    """

    people: tuple[tuple[int, ...], ...]
    teams: tuple[tuple[tuple[int, ...], ...], ...]
    length: tuple[int, ...]
    must: tuple[bool, ...]
    after: tuple[tuple[int, ...], ...]
    starts: tuple[tuple[int, ...], ...]
    places: tuple[tuple[int, ...], ...]
    place: tuple[Place, ...]
    way: tuple[tuple[int, ...], ...]
    pauses: tuple[Pausing, ...]
    idle: tuple[tuple[bool, ...], ...]
    lines: tuple[tuple[int, ...], ...]
    target: tuple[int, ...]

    @property
    def hopeless(self) -> bool:
        """Whether something that must be placed has no open start."""
        return any(must and not starts for must, starts in zip(self.must, self.starts, strict=True))

    @property
    def size(self) -> int:
        """Ways to place one request, over all requests: a measure of how big an exact model would be."""
        return sum(
            len(starts) * max(1, len(places)) * max(1, sum(map(len, teams)))
            for starts, places, teams in zip(self.starts, self.places, self.teams, strict=True)
        )


def rows_of(problem: Problem) -> Rows:
    person = {p.id: i for i, p in enumerate(problem.participants)}
    position = {r.id: i for i, r in enumerate(problem.requests)}
    halls = {hall: i for i, hall in enumerate(dict.fromkeys(h for way in problem.ways for h in way.between), start=1)}
    place, places = _places(problem, halls)
    pauses = tuple(Pausing(frozenset(s - 1 for s in p.slots), len(p.slots) - p.free) for p in problem.pauses)
    desk = _Desk(problem, person, place, pauses)
    asked = Counter(p for r in problem.requests for p in r.participants)
    floor = problem.floor if problem.goal is Goal.WEIGHT else 0
    return Rows(
        people=tuple(tuple(person[p] for p in r.participants) for r in problem.requests),
        teams=tuple(tuple(tuple(person[p] for p in team) for team in r.teams) for r in problem.requests),
        length=tuple(r.length for r in problem.requests),
        must=tuple(problem.goal is Goal.BREAKS or r.required or r.fixed_slot is not None for r in problem.requests),
        after=tuple(tuple(position[a] for a in r.after) for r in problem.requests),
        starts=tuple(desk.starts(r, places[i]) for i, r in enumerate(problem.requests)),
        places=places,
        place=place,
        way=_ways(problem, halls),
        pauses=pauses,
        idle=tuple(_idle(problem, p) for p in problem.participants),
        lines=_lines(problem),
        target=tuple(min(floor, asked[p.id]) for p in problem.participants),
    )


class _Desk:
    """Which first slots are open to a request in principle; what many requests ask is answered once."""

    def __init__(self, problem: Problem, person: dict[Id, int], place: Sequence[Place], pauses: Sequence[Pausing]) -> None:
        self.problem, self.person, self.place, self.pauses = problem, person, place, pauses
        self.session = np.array([slot.session for slot in problem.slots])
        self.within = cache(self._within)
        self.can = cache(self._can)
        self.seated = cache(self._seated)

    def starts(self, request: Request, places: tuple[int, ...]) -> tuple[int, ...]:
        length = request.length
        open_starts = self.within(length).copy()
        for who in request.participants:
            open_starts &= self.can(self.person[who], request.online, length)
        for team in request.teams:
            open_starts &= np.any([self.can(self.person[who], request.online, length) for who in team], axis=0)
        if _needs_table(request):
            open_starts &= self.seated(places, length)
        if request.session is not None:
            open_starts &= self.session == request.session
        found = np.flatnonzero(open_starts).tolist()
        return tuple(s for s in found if request.fixed_slot in (None, s + 1))

    def _within(self, length: int) -> Flags:
        """Starts from which so many slots are of one day and session, and leave every pause long enough."""
        slots = self.problem.slots
        ends_here = np.array([(a.day, a.session) != (b.day, b.session) for a, b in pairwise(slots)], bool)
        crossed = spans(np.append(ends_here, True), length - 1) if length > 1 else np.zeros(len(slots), bool)
        fits = np.arange(len(slots)) + length <= len(slots)
        for pause in self.pauses:
            fits &= [len(pause.slots.intersection(range(s, s + length))) <= pause.most for s in range(len(slots))]
        return fits & ~crossed

    def _can(self, person: int, online: bool, length: int) -> Flags:
        row = self.problem.participants[person]
        away = np.zeros(len(self.problem.slots), bool)
        away[[s - 1 for s in (row.forbidden | row.asleep if online else row.forbidden)]] = True
        return ~spans(away, length)

    def _seated(self, places: tuple[int, ...], length: int) -> Flags:
        open_starts = [~spans(~np.array(self.place[c].open, bool), length) for c in places]
        return np.any(open_starts, axis=0) if open_starts else np.zeros(len(self.problem.slots), bool)


def spans(flags: Flags, length: int) -> Flags:
    """Starts from which some of so many slots has the flag."""
    found = flags.copy()
    for k in range(1, min(length, len(flags))):
        found[:-k] |= flags[k:]
    return found


def available(person: Participant, request: Request, slots: range) -> bool:
    """Whether she is there, and awake where it matters, in all the slots (0-based)."""
    return not any(s + 1 in person.forbidden or (request.online and s + 1 in person.asleep) for s in slots)


def _needs_table(request: Request) -> bool:
    return not request.online and (request.tables != () or request.fixed_table is not None)


def _places(problem: Problem, halls: dict[Id, int]) -> tuple[tuple[Place, ...], tuple[tuple[int, ...], ...]]:
    """The places, and those that each request may use."""
    named = [_named(r) for r in problem.requests]
    own = {t for names in named if names for t in names}
    groups: dict[tuple[int, frozenset[int], bool, Id | None], list[int]] = {}
    for position, table in enumerate(problem.tables):
        hall = NOWHERE if table.hall is None else halls.get(table.hall, NOWHERE)
        key = (hall, table.closed, table.shared, table.id if table.id in own else None)
        groups.setdefault(key, []).append(position)
    slots = range(1, len(problem.slots) + 1)
    place = tuple(
        Place(tuple(group), key[0], tuple(s not in problem.tables[group[0]].closed for s in slots))
        for key, group in groups.items()
    )
    of_table = {problem.tables[t].id: c for c, p in enumerate(place) for t in p.tables}
    pool = tuple(c for c, p in enumerate(place) if problem.tables[p.tables[0]].shared)
    return place, tuple(_sorted_places(r, names, pool, of_table) for r, names in zip(problem.requests, named, strict=True))


def _sorted_places(
    request: Request, named: tuple[Id, ...] | None, pool: tuple[int, ...], of_table: dict[Id, int]
) -> tuple[int, ...]:
    if not _needs_table(request):
        return ()
    some = pool if named is None else tuple(dict.fromkeys(of_table[t] for t in named))
    liked = {of_table[t] for t in request.prefers}
    return tuple(sorted(some, key=lambda c: c not in liked))


def _named(request: Request) -> tuple[Id, ...] | None:
    return request.tables if request.fixed_table is None else (request.fixed_table,)


def _ways(problem: Problem, halls: dict[Id, int]) -> tuple[tuple[int, ...], ...]:
    way = [[0] * (len(halls) + 1) for _ in range(len(halls) + 1)]
    for row in problem.ways:
        one, other = (halls[hall] for hall in row.between)
        way[one][other] = way[other][one] = row.slots
    return tuple(map(tuple, way))


def _idle(problem: Problem, person: Participant) -> tuple[bool, ...]:
    slots = range(1, len(problem.slots) + 1)
    if problem.breaks_over_forbidden:
        return (True,) * len(slots)
    kept_free = frozenset[int]().union(*(pause.slots for pause in problem.pauses))
    return tuple(s not in person.forbidden and s not in kept_free for s in slots)


def _lines(problem: Problem) -> tuple[tuple[int, ...], ...]:
    if problem.breaks_over_forbidden:
        return (tuple(range(len(problem.slots))),) if problem.slots else ()
    days: dict[int, list[int]] = {}
    for slot, row in enumerate(problem.slots):
        days.setdefault(row.day, []).append(slot)
    return tuple(tuple(slots) for slots in days.values())
