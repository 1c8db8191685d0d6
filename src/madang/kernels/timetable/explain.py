"""Why a request was not placed, and a timetable in figures. Works on any plan, whoever made it.

Reasons are true by construction: each is read off the plan with the referee's rules. Codes are in docs/develop/timetable.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .problem import Id, Plan, Problem, Reason, Request
from .referee import Book, breaks

Blocker = tuple[int, str, tuple[Id, ...]]


@dataclass(frozen=True, slots=True)
class Summary:
    """A timetable in figures.

    asked: requests; possible: those with a slot open to all their people and a table; placed. weight: placed, of weight_asked.
    share_of_bound: objective / bound under Goal.WEIGHT (None without a bound). breaks: their sum; breaks_spread: (breaks,
    people) pairs. tables_used: meetings at a table in each slot. got_nothing: people who are in a request and in no meeting.
    fulfilled: (person, placed, asked) of all who are in a request; fulfilled_tenths: how many people stand in each tenth of
    fulfilled share (the last holds 90 to 100 %); fairness: Jain's index of the shares, 1 where all are equal.
    """

    asked: int
    possible: int
    placed: int
    weight: int
    weight_asked: int
    share_of_bound: float | None
    breaks: int
    breaks_spread: tuple[tuple[int, int], ...]
    tables_used: tuple[int, ...]
    got_nothing: tuple[Id, ...]
    fulfilled: tuple[tuple[Id, int, int], ...]
    fulfilled_tenths: tuple[int, ...]
    fairness: float


def explain(problem: Problem, plan: Plan) -> list[Reason]:
    """One reason for each request that the plan does not place, in the order of the requests."""
    desk = _Desk(problem, plan)
    return [desk.reason(request) for request in problem.requests if request.id not in desk.slot_of]


def summary(problem: Problem, plan: Plan) -> Summary:
    desk = _Desk(problem, plan)
    counts = breaks(problem, plan)
    asked = Counter(p for r in problem.requests for p in r.participants)
    placed = Counter(p for r in problem.requests if r.id in desk.slot_of for p in r.participants)
    shares = [placed[p] / asked[p] for p in asked]
    seated = Counter(m.slot for m in plan.meetings if m.table is not None)
    weight = sum(r.weight for r in problem.requests if r.id in desk.slot_of)
    by_weight = problem.goal.value == "weight"
    return Summary(
        asked=len(problem.requests),
        possible=sum(1 for r in problem.requests if any(desk.open_slots(r))),
        placed=len(desk.slot_of),
        weight=weight,
        weight_asked=sum(r.weight for r in problem.requests),
        share_of_bound=weight / plan.bound if by_weight and plan.bound else None,
        breaks=sum(counts.values()),
        breaks_spread=tuple(sorted(Counter(counts.values()).items())),
        tables_used=tuple(seated[slot] for slot in range(1, len(problem.slots) + 1)),
        got_nothing=tuple(p for p in asked if not placed[p]),
        fulfilled=tuple((p, placed[p], asked[p]) for p in asked),
        fulfilled_tenths=tuple(sum(1 for s in shares if min(9, int(s * 10)) == tenth) for tenth in range(10)),
        fairness=_jain(shares),
    )


def _jain(shares: list[float]) -> float:
    """Jain, Chiu and Hawe (1984): (sum x)^2 / (n sum x^2)."""
    squares = sum(s * s for s in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0


class _Desk:
    """The plan laid out for looking up: who is where, which tables are taken, how full each day is."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.book = Book(problem)
        self.slot_of: dict[Id, int] = {}
        self.with_person: dict[tuple[Id, int], Id] = {}
        self.per_day: Counter[tuple[Id, int]] = Counter()
        self.taken: dict[int, set[Id]] = defaultdict(set)
        for meeting in plan.meetings:
            if meeting.id not in self.book.requests or not self.book.in_range(meeting.slot):
                continue
            self.slot_of[meeting.id] = meeting.slot
            if meeting.table is not None:
                self.taken[meeting.slot].add(meeting.table)
            for person in self.book.requests[meeting.id].participants:
                self.with_person[person, meeting.slot] = meeting.id
                self.per_day[person, self.book.day(meeting.slot)] += 1
        self.shared = {slot: self._shared(slot) for slot in range(1, len(problem.slots) + 1)}
        self.shared_left = {slot: len(tables - self.taken[slot]) for slot, tables in self.shared.items()}
        self.later: dict[Id, list[Id]] = defaultdict(list)
        for request in problem.requests:
            for before in request.after:
                self.later[before].append(request.id)

    def _shared(self, slot: int) -> set[Id]:
        return {t.id for t in self.book.problem.tables if t.shared and slot not in t.closed}

    def common_slots(self, request: Request) -> list[int]:
        """Slots of its session (or its fixed slot) in which nobody of it is away."""
        slots = self.book.problem.slots
        away = frozenset[int]().union(*(self.book.people[p].forbidden for p in request.participants))
        return [
            s
            for s in range(1, len(slots) + 1)
            if s not in away
            and request.fixed_slot in (None, s)
            and (request.session is None or slots[s - 1].session == request.session)
        ]

    def open_slots(self, request: Request) -> list[int]:
        return [s for s in self.common_slots(request) if not self._needs_table(request) or self._tables(request, s)]

    def _needs_table(self, request: Request) -> bool:
        return request.fixed_table is not None or request.tables != ()

    def _tables(self, request: Request, slot: int) -> set[Id]:
        """Tables that are open in the slot and may serve the request, taken or not."""
        if request.fixed_table is None and request.tables is None:
            return self.shared[slot]
        named = request.tables or () if request.fixed_table is None else (request.fixed_table,)
        return {t for t in named if slot not in self.book.tables[t].closed}

    def _table_left(self, request: Request, slot: int) -> bool:
        if request.fixed_table is None and request.tables is None:
            return self.shared_left[slot] > 0
        return bool(self._tables(request, slot) - self.taken[slot])

    def reason(self, request: Request) -> Reason:
        common = self.common_slots(request)
        if not common:
            return Reason(request.id, "no_common_slot", request.participants)
        slots = self.open_slots(request)
        if not slots:
            return Reason(request.id, "no_open_table", request.participants)
        ways = {slot: list(self._blockers(request, slot)) for slot in slots}
        blockers = tuple(b for found in ways.values() for b in found)
        code, people = self._verdict(request, ways)
        return Reason(request.id, code, people, blockers)

    def _blockers(self, request: Request, slot: int) -> Iterator[Blocker]:
        """Everything that keeps the request from one open slot, the rest of the plan as it is."""
        day = self.book.day(slot)
        busy = [self.with_person[p, slot] for p in request.participants if (p, slot) in self.with_person]
        if busy:
            yield slot, "busy", tuple(dict.fromkeys(busy))
        full = tuple(p for p in request.participants if self._capped(p, day))
        if full:
            yield slot, "day_cap", full
        if self._needs_table(request) and not self._table_left(request, slot):
            yield slot, "table_full", ()
        order = [b for b in request.after if self.slot_of.get(b, 0) >= slot]
        order += [x for x in self.later[request.id] if self.slot_of.get(x, slot + 1) <= slot]
        if order:
            yield slot, "order", tuple(order)

    def _capped(self, person: Id, day: int) -> bool:
        cap = self.book.people[person].max_per_day
        return cap is not None and self.per_day[person, day] >= cap

    def _verdict(self, request: Request, ways: dict[int, list[Blocker]]) -> tuple[str, tuple[Id, ...]]:
        codes = [{code for _, code, _ in found} for found in ways.values()]
        if set() in codes:
            return "could_be_placed", request.participants
        if {"table_full"} in codes:
            return "table_full", ()
        if {"order"} in codes or {"order", "table_full"} in codes:
            return "order", ()
        if all("day_cap" in found for found in codes):
            capped = {p for found in ways.values() for _, blocker, ids in found if blocker == "day_cap" for p in ids}
            return "day_cap", tuple(p for p in request.participants if p in capped)
        return self._held(request, ways)

    def _held(self, request: Request, ways: dict[int, list[Blocker]]) -> tuple[str, tuple[Id, ...]]:
        """Somebody is busy or at her cap wherever the order would allow it: one person everywhere, or now one, now another."""
        full = tuple(p for p in request.participants if all(self._full(p, slot) for slot in ways))
        for person in full:
            hers = {self.with_person[person, s] for s in ways if (person, s) in self.with_person}
            if all(self.book.requests[other].weight >= request.weight for other in hers):
                return "stronger_wishes", (person,)
        return ("person_full", full) if full else ("both_busy", request.participants)

    def _full(self, person: Id, slot: int) -> bool:
        return (person, slot) in self.with_person or self._capped(person, self.book.day(slot))
