"""Moving one meeting by hand: what a move would break, and where a request could go without breaking anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from .problem import Id, Meeting, Plan, Problem, Request, Violation
from .referee import Book, check, joint_violations, lone_violations


def clashes(
    problem: Problem, plan: Plan, request_id: Id, slot: int, table: Id | None = None, delegates: tuple[Id, ...] = ()
) -> list[Violation]:
    """What placing or moving a request into `slot` (1-based) at `table` would break, the rest of the plan as it is.

    Codes as in `check`. With homogeneity asked, the whole plan's breaks are counted too. Raises KeyError for an unknown request.
    """
    book, meeting = Book(problem), Meeting(request_id, slot, table, delegates)
    request = book.requests[request_id]
    if not book.in_range(slot):
        return [Violation("slot_range", (request_id, slot), f"there is no slot {slot}")]
    others = _concerned(book, plan, request, {*request.participants, *delegates}, set() if table is None else {table})
    return list(_clashes(book, plan, others, meeting))


def free_places(problem: Problem, plan: Plan, request_id: Id) -> list[tuple[int, Id | None]]:
    """Every (slot, table) into which the request could be placed or moved with no clash; table None where none is needed.

    Where it has teams, some delegates of theirs can come there.
    """
    book = Book(problem)
    request = book.requests[request_id]
    tables = _options(book, request)
    people = {*request.participants, *(p for team in request.teams for p in team)}
    others = _concerned(book, plan, request, people, set())
    taken = {(m.table, s) for m in plan.meetings if m.id != request_id and m.id in book.requests for s in book.span(m)}
    closed = _closed(book, request, others)
    found: list[tuple[int, Id | None]] = []
    for slot in range(1, len(problem.slots) + 1):
        span = range(slot, slot + request.length)
        if not closed.isdisjoint(span):  # most slots: the referee need not be asked
            continue
        free = [t for t in tables if t is None or not any((t, s) in taken or s in book.tables[t].closed for s in span)]
        one_for_all = free[:1] if not problem.ways else free
        fitting = {t for t in one_for_all if _some_crew(book, plan, others, request, slot, t)}
        found.extend((slot, table) for table in free if table in fitting or (fitting and not problem.ways))
    return found


def _closed(book: Book, request: Request, others: list[Meeting]) -> set[int]:
    """Slots in which somebody who has to come is away, or in another meeting."""
    people = {*request.participants}
    away = {slot for one in book.problem.participants if one.id in people for slot in one.forbidden}
    return away.union(*(book.span(m) for m in others if not people.isdisjoint(book.present(m))))


def _some_crew(book: Book, plan: Plan, others: list[Meeting], request: Request, slot: int, table: Id | None) -> bool:
    crews = product(*request.teams)
    return any(not any(_clashes(book, plan, others, Meeting(request.id, slot, table, crew))) for crew in crews)


def _concerned(book: Book, plan: Plan, request: Request, people: set[Id], tables: set[Id]) -> list[Meeting]:
    """The plan's other meetings with these people, at these tables, and those bound to the request by their order."""
    bound = {*request.after, *(r.id for r in book.problem.requests if request.id in r.after)}
    known = (m for m in plan.meetings if m.id != request.id and m.id in book.requests and book.in_range(m.slot))
    return [m for m in known if m.id in bound or m.table in tables or not people.isdisjoint(book.present(m))]


def _options(book: Book, request: Request) -> list[Id | None]:
    if request.online:
        return [None]
    if request.fixed_table is not None:
        return [request.fixed_table]
    if request.tables is None:
        return [t.id for t in book.problem.tables if t.shared]
    return list(request.tables) or [None]


def _clashes(book: Book, plan: Plan, others: list[Meeting], meeting: Meeting) -> Iterator[Violation]:
    yield from lone_violations(book, meeting)
    people, span = set(book.present(meeting)), set(book.span(meeting))
    bound = {*book.requests[meeting.id].after, *(m.id for m in others if meeting.id in book.requests[m.id].after)}
    near = [
        m
        for m in others
        if m.id in bound
        or not people.isdisjoint(book.present(m))
        or (m.table is not None and m.table == meeting.table and not span.isdisjoint(book.span(m)))
    ]
    known = set(joint_violations(book, near))
    yield from (v for v in joint_violations(book, [meeting, *near]) if v not in known)
    if book.problem.homogeneity is not None:
        yield from _homogeneity(book.problem, plan, meeting)


def _homogeneity(problem: Problem, plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    others = tuple(m for m in plan.meetings if m.id != meeting.id)
    moved = replace(plan, meetings=(*others, meeting))
    yield from (v for v in check(problem, moved) if v.rule == "homogeneity")
