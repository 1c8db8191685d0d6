"""The referee: does a plan keep every rule, and is what it claims true? Shares no code with the solver.

The rules' codes are stable and listed in docs/develop/timetable.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from .book import Book, breaks_of_meetings
from .life_rules import delegate_violations, life_violations, shortfall
from .problem import Goal, Id, Meeting, Plan, Problem, Request, Status, Table, Violation

__all__ = ["Book", "breaks", "check", "lone_violations"]


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
        *(v for m in known if not _stands_plainly(book, m) for v in lone_violations(book, m)),
        *joint_violations(book, known),
        *_not_placed(book, known),
        *_homogeneity(problem, known),
        *_claims(book, plan, known),
    ]


def joint_violations(book: Book, meetings: list[Meeting]) -> list[Violation]:
    """Rules that meetings break together: people, days, tables, order, pauses, rest, ways."""
    return [
        *_people(book, meetings),
        *_day_caps(book, meetings),
        *_tables(book, meetings),
        *_order(book, meetings),
        *life_violations(book, meetings),
    ]


def breaks(problem: Problem, plan: Plan) -> dict[Id, int]:
    """Breaks of each participant: maximal runs of idle slots between two of her meetings.

    Over the whole event and all slots where `breaks_over_forbidden`, else day by day, and only slots in which
    she is available are idle (a forbidden slot ends a run, and is not part of one; so does a slot of a `Pause`).
    A meeting takes all its slots; who is sent by a team is in the meeting as everybody else.
    """
    return breaks_of_meetings(problem, plan.meetings)


def lone_violations(book: Book, meeting: Meeting) -> Iterator[Violation]:
    """Rules that one meeting breaks by itself: people away or asleep or not those of its teams, too long for its session,
    wrong session, fixed slot or table, table closed or not for it. Its slot must be in range."""
    request, slot = book.requests[meeting.id], meeting.slot
    yield from delegate_violations(book, meeting)
    for person in book.present(meeting):
        for taken in book.span(meeting):
            if taken in book.people[person].forbidden:
                yield Violation("forbidden", (meeting.id, person, taken), f"{person!r} cannot meet in slot {taken}")
            if request.online and taken in book.people[person].asleep:
                yield Violation("asleep", (meeting.id, person, taken), f"{person!r} is asleep in slot {taken}")
    first, *others = (book.problem.slots[s - 1] for s in book.span(meeting))
    if len(others) + 1 < request.length or any((s.day, s.session) != (first.day, first.session) for s in others):
        text = f"request {meeting.id!r} takes {request.length} slots of one day and session"
        yield Violation("length", (meeting.id, slot), text)
    session = first.session
    if request.session is not None and session != request.session:
        yield Violation("session", (meeting.id, slot), f"slot {slot} is not in session {request.session}")
    if request.fixed_slot is not None and slot != request.fixed_slot:
        yield Violation("fixed_slot", (meeting.id, slot), f"request {meeting.id!r} stands in slot {request.fixed_slot}")
    yield from _lone_table(book, request, meeting)


def _stands_plainly(book: Book, meeting: Meeting) -> bool:
    """A quick yes for a plain request: all of its people there, at an open shared table, or at none where it needs none."""
    request, slot = book.requests[meeting.id], meeting.slot
    if not request.is_plain or meeting.delegates or any(slot in book.people[p].forbidden for p in request.participants):
        return False
    if request.tables is not None or meeting.table is None:
        return request.tables is not None and meeting.table is None
    table = book.tables.get(meeting.table)
    return table is not None and table.shared and slot not in table.closed


def _lone_table(book: Book, request: Request, meeting: Meeting) -> Iterator[Violation]:
    table = meeting.table
    if request.fixed_table is not None and table != request.fixed_table:
        yield Violation("fixed_table", (meeting.id, request.fixed_table), f"it stands at table {request.fixed_table!r}")
        return
    if table is None:
        if request.tables != () and not request.online:
            yield Violation("table_missing", (meeting.id,), f"request {meeting.id!r} has no table")
        return
    if table not in book.tables:
        yield Violation("table_unknown", (meeting.id, table), f"table {table!r} is not known")
        return
    if request.fixed_table is None and not _may_use(request, book.tables[table]):
        yield Violation("table_not_allowed", (meeting.id, table), f"request {meeting.id!r} may not use table {table!r}")
    for slot in book.span(meeting):
        if slot in book.tables[table].closed:
            yield Violation("table_closed", (meeting.id, table, slot), f"table {table!r} is closed in slot {slot}")


def _may_use(request: Request, table: Table) -> bool:
    if request.online:
        return False
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
    there = [
        ((person, slot), meeting.id) for meeting in meetings for slot in book.span(meeting) for person in book.present(meeting)
    ]
    if len({at for at, _ in there}) == len(there):
        return
    at: dict[tuple[Id, int], list[Id]] = defaultdict(list)
    for (person, slot), found in there:
        at[person, slot].append(found)
    for (person, slot), ids in at.items():
        if len(ids) > 1:
            yield Violation("double_booked", (person, slot, *ids), f"{person!r} has {len(ids)} meetings in slot {slot}")


def _day_caps(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    held = Counter((p, book.day(m.slot)) for m in meetings for p in book.present(m))
    for (person, day), count in held.items():
        cap = book.people[person].max_per_day
        if cap is not None and count > cap:
            yield Violation("max_per_day", (person, day), f"{person!r} has {count} meetings on day {day}, more than {cap}")


def _tables(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    at: dict[tuple[Id, int], list[Id]] = defaultdict(list)
    for meeting in meetings:
        if meeting.table is not None:
            for slot in book.span(meeting):
                at[meeting.table, slot].append(meeting.id)
    for (table, slot), ids in at.items():
        if len(ids) > 1:
            yield Violation("table_twice", (table, slot, *ids), f"table {table!r} has {len(ids)} meetings in slot {slot}")


def _order(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    if not any(request.after for request in book.problem.requests):
        return
    spans = {m.id: book.span(m) for m in meetings}
    for found, span in spans.items():
        for before in book.requests[found].after:
            if before in spans and spans[before].stop > span.start:
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
    counts = breaks_of_meetings(problem, meetings)
    least, most = min(counts, key=lambda p: counts[p]), max(counts, key=lambda p: counts[p])
    if counts[most] - counts[least] > problem.homogeneity:
        text = f"{most!r} has {counts[most]} breaks and {least!r} has {counts[least]}: more than {problem.homogeneity} apart"
        yield Violation("homogeneity", (most, least), text)


def _claims(book: Book, plan: Plan, meetings: list[Meeting]) -> Iterator[Violation]:
    total = sum(breaks_of_meetings(book.problem, meetings).values())
    by_breaks = book.problem.goal is Goal.BREAKS
    true = total if by_breaks else sum(book.requests[m.id].weight for m in meetings)
    if plan.status in (Status.INFEASIBLE, Status.UNKNOWN):
        yield Violation("claimed_status", (), f"the plan says {plan.status.value} and has {len(plan.meetings)} meetings")
    if plan.objective is not None and plan.objective != true:
        yield Violation("claimed_objective", (), f"the plan says {plan.objective}, it is {true}")
    if plan.breaks is not None and plan.breaks != total:
        yield Violation("claimed_breaks", (), f"the plan says {plan.breaks} breaks, there are {total}")
    if plan.short is not None and plan.short != shortfall(book, meetings):
        yield Violation("claimed_short", (), f"the plan says {plan.short} short of the floor, it is {shortfall(book, meetings)}")
    if plan.bound is not None and (plan.bound > true + 1e-6 if by_breaks else plan.bound < true - 1e-6):
        yield Violation("claimed_bound", (), f"the plan says that {plan.bound} is the bound, and it has {true}")
    if plan.status is Status.OPTIMAL and plan.bound is not None and abs(plan.bound - true) >= 1:
        yield Violation("claimed_optimal", (), f"the plan says optimal, with {true} and the bound {plan.bound}")
