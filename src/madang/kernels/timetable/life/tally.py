"""Breaks of every person, counted from the requests placed: the solver's own count (the referee has another)."""

from __future__ import annotations

from itertools import pairwise

from .rows import Rows
from .search import Held


def breaks_by_person(rows: Rows, held: dict[int, Held]) -> list[int]:
    busy: list[set[int]] = [set() for _ in rows.idle]
    for request, row in held.items():
        for person in row.who:
            busy[person].update(range(row.slot, row.slot + rows.length[request]))
    return [
        sum(_breaks(idle, [s for s in line if s in slots]) for line in rows.lines) if len(slots) > 1 else 0
        for slots, idle in zip(busy, rows.idle, strict=True)
    ]


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
