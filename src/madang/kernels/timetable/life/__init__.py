"""Timetables with more of real life: lengths, halls, pauses, rest, teams, a floor. See docs/develop/timetable-life.md."""

from __future__ import annotations

from ..problem import Goal, Problem


def needed(problem: Problem) -> bool:
    """Whether the problem says more than which slots are open to whom: the search for plain problems cannot see that."""
    return (
        any(request.length > 1 or request.teams for request in problem.requests)
        or any(person.max_in_row is not None for person in problem.participants)
        or any(pause.slots for pause in problem.pauses)
        or any(way.slots > 0 for way in problem.ways)
        or (problem.floor > 0 and problem.goal is Goal.WEIGHT)
    )
