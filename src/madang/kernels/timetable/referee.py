"""The referee: does a plan keep every rule, and is what it claims true? Shares no code with the solver.

The rules' codes are stable and listed in docs/develop/timetable.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from .problem import Goal, Id, Meeting, Participant, Plan, Problem, Request, Status, Table, Violation


class Book:
    """The problem's rows by their ids."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people: dict[Id, Participant] = {p.id: p for p in problem.participants}
        self.tables: dict[Id, Table] = {t.id: t for t in problem.tables}
        self.requests: dict[Id, Request] = {r.id: r for r in problem.requests}

    def day(self, slot: int) -> int:
        return self.problem.slots[slot - 1].day

    def in_range(self, slot: int) -> bool:
        return 1 <= slot <= len(self.problem.slots)


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """Every rule that the plan breaks, and every claim of it that is not true; empty where it is clean.

    A plan that says infeasible or unknown and names no meeting promises nothing, and is clean.
    """
    if not plan.meetings and plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return []
    book = Book(problem)
    known = [m for m in plan.meetings if m.id in book.requests and book.in_range(m.slot)]
    return [
        *_ids(book, plan.meetings),
        *(v for m in known for v in lone_violations(book, m)),
        *_people(book, known),
        *_day_caps(book, known),
        *_tables(known),
        *_order(book, known),
        *_not_placed(book, known),
        *_homogeneity(problem, known),
        *_claims(book, plan, known),
    ]


def breaks(problem: Problem, plan: Plan) -> dict[Id, int]:
    """Breaks of each participant: maximal runs of idle slots between two of her meetings.

    Over the whole event and all slots where `breaks_over_forbidden`, else day by day, and only slots in which
    she is available are idle (a forbidden slot ends a run, and is not part of one).
    """
    return _breaks(problem, plan.meetings)


def lone_violations(book: Book, meeting: Meeting) -> Iterator[Violation]:
    """Rules that one meeting breaks by itself: people away, wrong session, fixed slot or table, table closed or not for it."""
    request, slot = book.requests[meeting.id], meeting.slot
    for person in request.participants:
        if slot in book.people[person].forbidden:
            yield Violation("forbidden", (meeting.id, person, slot), f"{person!r} cannot meet in slot {slot}")
    session = book.problem.slots[slot - 1].session
    if request.session is not None and session != request.session:
        yield Violation("session", (meeting.id, slot), f"slot {slot} is not in session {request.session}")
    if request.fixed_slot is not None and slot != request.fixed_slot:
        yield Violation("fixed_slot", (meeting.id, slot), f"request {meeting.id!r} stands in slot {request.fixed_slot}")
    yield from _lone_table(book, request, meeting)


def _lone_table(book: Book, request: Request, meeting: Meeting) -> Iterator[Violation]:
    table = meeting.table
    if request.fixed_table is not None and table != request.fixed_table:
        yield Violation("fixed_table", (meeting.id, request.fixed_table), f"it stands at table {request.fixed_table!r}")
        return
    if table is None:
        if request.tables != ():
            yield Violation("table_missing", (meeting.id,), f"request {meeting.id!r} has no table")
        return
    if table not in book.tables:
        yield Violation("table_unknown", (meeting.id, table), f"table {table!r} is not known")
        return
    if request.fixed_table is None and not _may_use(request, book.tables[table]):
        yield Violation("table_not_allowed", (meeting.id, table), f"request {meeting.id!r} may not use table {table!r}")
    if meeting.slot in book.tables[table].closed:
        yield Violation("table_closed", (meeting.id, table, meeting.slot), f"table {table!r} is closed in slot {meeting.slot}")


def _may_use(request: Request, table: Table) -> bool:
    return table.shared if request.tables is None else table.id in request.tables


def _ids(book: Book, meetings: Iterable[Meeting]) -> Iterator[Violation]:
    times = Counter(m.id for m in meetings)
    for found, count in times.items():
        if found not in book.requests:
            yield Violation("unknown_request", (found,), f"request {found!r} is not known")
        if count > 1:
            yield Violation("doubled_request", (found,), f"request {found!r} is placed {count} times")
    for meeting in meetings:
        if not book.in_range(meeting.slot):
            yield Violation("slot_range", (meeting.id, meeting.slot), f"there is no slot {meeting.slot}")


def _people(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    at: dict[tuple[Id, int], list[Id]] = defaultdict(list)
    for meeting in meetings:
        for person in book.requests[meeting.id].participants:
            at[person, meeting.slot].append(meeting.id)
    for (person, slot), ids in at.items():
        if len(ids) > 1:
            yield Violation("double_booked", (person, slot, *ids), f"{person!r} has {len(ids)} meetings in slot {slot}")


def _day_caps(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    held = Counter((p, book.day(m.slot)) for m in meetings for p in book.requests[m.id].participants)
    for (person, day), count in held.items():
        cap = book.people[person].max_per_day
        if cap is not None and count > cap:
            yield Violation("max_per_day", (person, day), f"{person!r} has {count} meetings on day {day}, more than {cap}")


def _tables(meetings: list[Meeting]) -> Iterator[Violation]:
    at: dict[tuple[Id, int], list[Id]] = defaultdict(list)
    for meeting in meetings:
        if meeting.table is not None:
            at[meeting.table, meeting.slot].append(meeting.id)
    for (table, slot), ids in at.items():
        if len(ids) > 1:
            yield Violation("table_twice", (table, slot, *ids), f"table {table!r} has {len(ids)} meetings in slot {slot}")


def _order(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    slots = {m.id: m.slot for m in meetings}
    for found, slot in slots.items():
        for before in book.requests[found].after:
            if before in slots and slots[before] >= slot:
                yield Violation("after", (found, before), f"request {found!r} must come after {before!r}")


def _not_placed(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    placed = {m.id for m in meetings}
    everything = book.problem.goal is Goal.BREAKS
    for request in book.problem.requests:
        if request.id not in placed and (everything or request.required or request.fixed_slot is not None):
            yield Violation("not_placed", (request.id,), f"request {request.id!r} must be placed")


def _homogeneity(problem: Problem, meetings: list[Meeting]) -> Iterator[Violation]:
    if problem.homogeneity is None or not problem.participants:
        return
    counts = _breaks(problem, meetings)
    least, most = min(counts, key=lambda p: counts[p]), max(counts, key=lambda p: counts[p])
    if counts[most] - counts[least] > problem.homogeneity:
        text = f"{most!r} has {counts[most]} breaks and {least!r} has {counts[least]}: more than {problem.homogeneity} apart"
        yield Violation("homogeneity", (most, least), text)


def _claims(book: Book, plan: Plan, meetings: list[Meeting]) -> Iterator[Violation]:
    total = sum(_breaks(book.problem, meetings).values())
    by_breaks = book.problem.goal is Goal.BREAKS
    true = total if by_breaks else sum(book.requests[m.id].weight for m in meetings)
    if plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
        yield Violation("claimed_status", (), f"the plan says {plan.status.value} and has {len(plan.meetings)} meetings")
    if plan.objective is not None and plan.objective != true:
        yield Violation("claimed_objective", (), f"the plan says {plan.objective}, it is {true}")
    if plan.breaks is not None and plan.breaks != total:
        yield Violation("claimed_breaks", (), f"the plan says {plan.breaks} breaks, there are {total}")
    if plan.bound is not None and (plan.bound > true + 1e-6 if by_breaks else plan.bound < true - 1e-6):
        yield Violation("claimed_bound", (), f"the plan says that {plan.bound} is the bound, and it has {true}")
    if plan.status is Status.OPTIMAL and plan.bound is not None and abs(plan.bound - true) >= 1:
        yield Violation("claimed_optimal", (), f"the plan says optimal, with {true} and the bound {plan.bound}")


def _breaks(problem: Problem, meetings: Iterable[Meeting]) -> dict[Id, int]:
    participants = {r.id: r.participants for r in problem.requests}
    busy: dict[Id, set[int]] = defaultdict(set)
    for meeting in meetings:
        if 1 <= meeting.slot <= len(problem.slots):
            for person in participants.get(meeting.id, ()):
                busy[person].add(meeting.slot)
    return {p.id: _breaks_of(problem, p, busy.get(p.id, set())) for p in problem.participants}


def _breaks_of(problem: Problem, person: Participant, busy: set[int]) -> int:
    if problem.breaks_over_forbidden:
        return _runs(range(1, len(problem.slots) + 1), busy, frozenset())
    days: dict[int, list[int]] = defaultdict(list)
    for slot in busy:
        days[problem.slots[slot - 1].day].append(slot)
    return sum(_runs(range(min(slots), max(slots) + 1), busy, person.forbidden) for slots in days.values())


def _runs(slots: range, busy: set[int], away: frozenset[int]) -> int:
    """Runs of idle slots that have a meeting before and after them."""
    runs = waiting = 0
    met = idle = False
    for slot in slots:
        if slot in busy:
            runs, waiting, met, idle = runs + waiting, 0, True, False
        elif slot in away:
            idle = False
        else:
            waiting += met and not idle
            idle = True
    return runs
