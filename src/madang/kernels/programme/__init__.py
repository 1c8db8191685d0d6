"""What runs when, and in which hall: screenings, talks, pitches, greetings.

plan = solve(problem, limit=10)
assert not [conflict for conflict in check(problem, plan) if conflict.level is Level.BLOCK]
"""

from .changes import Change, changes, free_starts
from .explain import Choice, Fact, Why, explain
from .faults import faults
from .points import points
from .problem import (
    Conflict,
    Guest,
    Hall,
    Id,
    Item,
    Level,
    Overlap,
    Place,
    Plan,
    Problem,
    ProblemError,
    Progress,
    Rule,
    Status,
    Way,
    Window,
)
from .referee import check, check_move
from .solve import solve

__all__ = [
    "Change",
    "Choice",
    "Conflict",
    "Fact",
    "Guest",
    "Hall",
    "Id",
    "Item",
    "Level",
    "Overlap",
    "Place",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Rule",
    "Status",
    "Way",
    "Why",
    "Window",
    "changes",
    "check",
    "check_move",
    "explain",
    "faults",
    "free_starts",
    "points",
    "solve",
]
