"""Rules of real life that the referee looks at: delegates of teams, time to rest and to eat, ways between halls, the floor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from .book import Book
from .problem import Id, Meeting, Violation

Days = dict[tuple[Id, int], list[Meeting]]


def life_violations(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    """What the meetings break together of `Pause`, `max_in_row` and `Way`, person by person and day by day."""
    yield from _pauses(book, meetings)
    if not book.problem.ways and all(p.max_in_row is None for p in book.people.values()):
        return
    for (person, _), hers in _days(book, meetings).items():
        yield from _rest(book, person, hers)
        yield from _travel(book, person, hers)


def delegate_violations(book: Book, meeting: Meeting) -> Iterator[Violation]:
    """From each team one of its people must be there, nobody for two teams, nobody who is there as participant already."""
    request, sent = book.requests[meeting.id], meeting.delegates
    if not request.teams and not sent:
        return
    if len(sent) != len(request.teams):
        text = f"request {meeting.id!r} has {len(request.teams)} teams and {len(sent)} delegates"
        yield Violation("delegates", (meeting.id, *sent), text)
    for person, team in zip(sent, request.teams, strict=False):
        if person not in team:
            yield Violation("delegates", (meeting.id, person), f"{person!r} is not of the team for which she is sent")
    for person, times in Counter((*dict.fromkeys(request.participants), *sent)).items():
        if times > 1:
            yield Violation("delegates", (meeting.id, person), f"{person!r} is in request {meeting.id!r} {times} times")


def shortfall(book: Book, meetings: list[Meeting]) -> int:
    """Meetings missing to the floor, over all who asked; nobody is short of more meetings than she asked for."""
    asked = Counter(p for r in book.problem.requests for p in r.participants)
    held = Counter(p for m in meetings for p in book.present(m))
    return sum(max(0, min(book.problem.floor, count) - held[person]) for person, count in asked.items())


def _days(book: Book, meetings: list[Meeting]) -> Days:
    """Meetings of each person on each day, in the order of time."""
    days: Days = defaultdict(list)
    for meeting in sorted(meetings, key=lambda m: m.slot):
        for person in book.present(meeting):
            days[person, book.day(meeting.slot)].append(meeting)
    return days


def _pauses(book: Book, meetings: list[Meeting]) -> Iterator[Violation]:
    for pause in book.problem.pauses:
        busy: dict[Id, set[int]] = defaultdict(set)
        for meeting in meetings:
            inside = pause.slots.intersection(book.span(meeting))
            for person in book.present(meeting) if inside else ():
                busy[person] |= inside
        for person, slots in busy.items():
            if len(pause.slots) - len(slots) < pause.free:
                text = f"{person!r} has fewer than {pause.free} free of slots {sorted(pause.slots)}"
                yield Violation("pause", (person, *sorted(pause.slots)), text)


def _rest(book: Book, person: Id, hers: list[Meeting]) -> Iterator[Violation]:
    most, row = book.people[person].max_in_row, list[Meeting]()
    for meeting in hers if most is not None else ():
        row = [*row, meeting] if row and book.span(row[-1]).stop >= meeting.slot else [meeting]
        if most is not None and len(row) == most + 1:
            text = f"{person!r} has more than {most} meetings in a row from slot {row[0].slot}"
            yield Violation("rest", (person, *(m.id for m in row)), text)


def _travel(book: Book, person: Id, hers: list[Meeting]) -> Iterator[Violation]:
    needed: dict[frozenset[Id | None], int] = {frozenset(way.between): way.slots for way in book.problem.ways}
    for first, second in combinations(hers, 2) if needed else ():
        slots = needed.get(frozenset((_hall(book, first), _hall(book, second))), 0)
        if second.slot - book.span(first).stop < slots:
            text = f"{person!r} needs {slots} slots to go from {first.id!r} to {second.id!r}"
            yield Violation("travel", (person, first.id, second.id), text)


def _hall(book: Book, meeting: Meeting) -> Id | None:
    table = None if meeting.table is None else book.tables.get(meeting.table)
    return None if table is None else table.hall
