"""Breaks of every person, counted from the requests placed: the solver's own count (the referee has another)."""

from __future__ import annotations

from itertools import pairwise

from ..problem import Problem
from .rows import Rows
from .search import Held


def breaks_by_person(rows: Rows, held: dict[int, Held]) -> list[int]:
    return [sum(lines) for lines in breaks_by_line(rows, held)]


def breaks_by_line(rows: Rows, held: dict[int, Held]) -> list[list[int]]:
    """Of every person, her breaks in each line (a day, or the whole event)."""
    busy: list[set[int]] = [set() for _ in rows.idle]
    for request, row in held.items():
        for person in row.who:
            busy[person].update(range(row.slot, row.slot + rows.length[request]))
    return [
        [_breaks(idle, [s for s in line if s in slots]) for line in rows.lines] if len(slots) > 1 else [0] * len(rows.lines)
        for slots, idle in zip(busy, rows.idle, strict=True)
    ]


def lack(problem: Problem, rows: Rows, held: dict[int, Held]) -> float:
    """The sum of squares of what share of the weight that she asked for as a participant each person lacks."""
    asked, got = [0] * len(rows.idle), [0] * len(rows.idle)
    for number, (request, people) in enumerate(zip(problem.requests, rows.people, strict=True)):
        for person in people:
            asked[person] += request.weight
            got[person] += request.weight if number in held else 0
    return sum((1 - one / all_hers) ** 2 for one, all_hers in zip(got, asked, strict=True) if all_hers)


def _breaks(idle: tuple[bool, ...], slots: list[int]) -> int:
    """Of slots with a meeting, ascending: runs of idle slots between neighbours."""
    gaps = (idle[one + 1 : two] for one, two in pairwise(slots))
    return sum(a and not b for gap in gaps for a, b in zip(gap, (False, *gap), strict=False))


def shortfall(rows: Rows, held: dict[int, Held]) -> int:
    """Meetings missing to the floor."""
    counts = [0] * len(rows.target)
    for row in held.values():
        for person in row.who:
            counts[person] += 1
    return sum(max(0, target - count) for target, count in zip(rows.target, counts, strict=True))
