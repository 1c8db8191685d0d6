"""Moving one meeting by hand: what a move would break, and where a request could go without breaking anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .problem import Id, Meeting, Plan, Problem, Request, Violation
from .referee import Book, check, lone_violations


def clashes(problem: Problem, plan: Plan, request_id: Id, slot: int, table: Id | None = None) -> list[Violation]:
    """What placing or moving a request into `slot` (1-based) at `table` would break, the rest of the plan as it is.

    Codes as in `check`. With homogeneity asked, the whole plan's breaks are counted too. Raises KeyError for an unknown request.
    """
    book = Book(problem)
    return list(_clashes(book, _Standing(book, plan, request_id), plan, Meeting(request_id, slot, table)))


def free_places(problem: Problem, plan: Plan, request_id: Id) -> list[tuple[int, Id | None]]:
    """Every (slot, table) into which the request could be placed or moved with no clash; table None where none is needed."""
    book = Book(problem)
    standing = _Standing(book, plan, request_id)
    request = book.requests[request_id]
    found: list[tuple[int, Id | None]] = []
    for slot in range(1, len(problem.slots) + 1):
        options = _options(book, standing, request, slot)
        if options and not list(_clashes(book, standing, plan, Meeting(request_id, slot, options[0]))):
            found.extend((slot, table) for table in options)
    return found


class _Standing:
    """Who and what is taken by the plan's meetings other than the one that moves."""

    def __init__(self, book: Book, plan: Plan, moving: Id) -> None:
        self.slots: dict[Id, int] = {}
        self.at_table: dict[tuple[Id, int], Id] = {}
        self.with_person: dict[tuple[Id, int], Id] = {}
        self.per_day: dict[tuple[Id, int], int] = {}
        people = set(book.requests[moving].participants)
        for meeting in plan.meetings:
            if meeting.id == moving or meeting.id not in book.requests or not book.in_range(meeting.slot):
                continue
            self.slots[meeting.id] = meeting.slot
            if meeting.table is not None:
                self.at_table[meeting.table, meeting.slot] = meeting.id
            for person in book.requests[meeting.id].participants:
                if person in people:
                    self.with_person[person, meeting.slot] = meeting.id
                    day = (person, book.day(meeting.slot))
                    self.per_day[day] = self.per_day.get(day, 0) + 1


def _options(book: Book, standing: _Standing, request: Request, slot: int) -> list[Id | None]:
    if request.fixed_table is not None:
        named: list[Id] = [request.fixed_table]
    elif request.tables is None:
        named = [t.id for t in book.problem.tables if t.shared]
    elif not request.tables:
        return [None]
    else:
        named = list(request.tables)
    return [t for t in named if (t, slot) not in standing.at_table and slot not in book.tables[t].closed]


def _clashes(book: Book, standing: _Standing, plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    slot = meeting.slot
    if not book.in_range(slot):
        yield Violation("slot_range", (meeting.id, slot), f"there is no slot {slot}")
        return
    yield from lone_violations(book, meeting)
    request = book.requests[meeting.id]
    for person in request.participants:
        other = standing.with_person.get((person, slot))
        if other is not None:
            yield Violation(
                "double_booked", (person, slot, meeting.id, other), f"{person!r} is in meeting {other!r} in slot {slot}"
            )
        cap, day = book.people[person].max_per_day, book.day(slot)
        if cap is not None and standing.per_day.get((person, day), 0) >= cap:
            yield Violation("max_per_day", (person, day), f"{person!r} would have more than {cap} meetings on day {day}")
    if meeting.table is not None and (meeting.table, slot) in standing.at_table:
        other = standing.at_table[meeting.table, slot]
        yield Violation("table_twice", (meeting.table, slot, meeting.id, other), f"table {meeting.table!r} has meeting {other!r}")
    yield from _order(book, standing, meeting, request)
    if book.problem.homogeneity is not None:
        yield from _homogeneity(book.problem, plan, meeting)


def _order(book: Book, standing: _Standing, meeting: Meeting, request: Request) -> Iterator[Violation]:
    for before in request.after:
        if standing.slots.get(before, 0) >= meeting.slot:
            yield Violation("after", (meeting.id, before), f"request {meeting.id!r} must come after {before!r}")
    for later in book.problem.requests:
        if meeting.id in later.after and standing.slots.get(later.id, meeting.slot + 1) <= meeting.slot:
            yield Violation("after", (later.id, meeting.id), f"request {later.id!r} must come after {meeting.id!r}")


def _homogeneity(problem: Problem, plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    others = tuple(m for m in plan.meetings if m.id != meeting.id)
    moved = replace(plan, meetings=(*others, meeting))
    yield from (v for v in check(problem, moved) if v.rule == "homogeneity")
