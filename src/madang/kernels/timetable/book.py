"""A problem and a plan laid open for the referee: rows by their ids, who is where and when, and the breaks of each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from .problem import Id, Meeting, Participant, Problem, Request, Table


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

    def span(self, meeting: Meeting) -> range:
        """The slots that the meeting takes, as far as there are such slots."""
        if self.requests[meeting.id].length == 1:
            return range(meeting.slot, meeting.slot + 1)
        return range(meeting.slot, min(meeting.slot + self.requests[meeting.id].length, len(self.problem.slots) + 1))

    def present(self, meeting: Meeting) -> tuple[Id, ...]:
        """Everybody who is in the meeting, each once: its participants and, where it has teams, its delegates."""
        request = self.requests[meeting.id]
        if not request.teams:
            return request.participants
        return tuple(dict.fromkeys((*request.participants, *(d for d in meeting.delegates if d in self.people))))


def breaks_of_meetings(problem: Problem, meetings: Iterable[Meeting]) -> dict[Id, int]:
    """Breaks of each participant; meetings of unknown requests and outside the slots are passed over."""
    book = Book(problem)
    busy: dict[Id, set[int]] = defaultdict(set)
    for meeting in meetings:
        if meeting.id in book.requests and book.in_range(meeting.slot):
            for person in book.present(meeting):
                busy[person].update(book.span(meeting))
    kept_free = frozenset[int]().union(*(pause.slots for pause in problem.pauses))
    return {p.id: _breaks_of(problem, p.forbidden | kept_free, busy.get(p.id, set())) for p in problem.participants}


def _breaks_of(problem: Problem, not_idle: frozenset[int], busy: set[int]) -> int:
    if problem.breaks_over_forbidden:
        return _runs(range(1, len(problem.slots) + 1), busy, frozenset())
    days: dict[int, list[int]] = defaultdict(list)
    for slot in busy:
        days[problem.slots[slot - 1].day].append(slot)
    return sum(_runs(range(min(slots), max(slots) + 1), busy, not_idle) for slots in days.values())


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
