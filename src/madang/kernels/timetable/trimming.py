"""Homogeneity under Goal.WEIGHT: meetings are taken out until nobody has more breaks than the difference allowed."""

from __future__ import annotations

from .openings import Openings
from .problem import Problem
from .tally import breaks_by_person


def trim(problem: Problem, rows: Openings, slot_of: dict[int, int]) -> dict[int, int] | None:
    """A timetable in which everybody has at most `homogeneity` breaks; None where musts stand in the way.

    The first or last meeting of a person's day goes, the lightest first: that never makes a break for anybody else who
    has hers at the edge too, and the loop ends because every turn takes one meeting out.
    """
    kept = dict(slot_of)
    while True:
        counts = breaks_by_person(problem, rows, kept)
        person = int(counts.argmax())
        if problem.homogeneity is None or counts[person] <= problem.homogeneity:
            return kept
        hers = [r for r in kept if person in rows.people[r] and not rows.must[r]]
        if not hers:
            return None
        del kept[min(hers, key=lambda r: (_breaks_left(problem, rows, kept, r, person), problem.requests[r].weight))]


def _breaks_left(problem: Problem, rows: Openings, kept: dict[int, int], request: int, person: int) -> int:
    without = {r: s for r, s in kept.items() if r != request and person in rows.people[r]}
    return int(breaks_by_person(problem, rows, without)[person])
