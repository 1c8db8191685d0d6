"""What a jury's scores say once severity is taken out: each axis on its own, never one number of two.

result = solve(Problem(ratings, axes=("authorship", "audience")), seed=1)
assert not check(problem, result)
difference(result.axis("authorship"), "e1", "e2").code       # noise or real
"""

from .explain import Reading, Story, check, explain
from .problem import (
    Agreement,
    Axis,
    Group,
    Id,
    Problem,
    ProblemError,
    Rating,
    Result,
    Score,
    Severity,
    Violation,
    faults,
)
from .ranking import Difference, chances, difference
from .solve import solve

__all__ = [
    "Agreement",
    "Axis",
    "Difference",
    "Group",
    "Id",
    "Problem",
    "ProblemError",
    "Rating",
    "Reading",
    "Result",
    "Score",
    "Severity",
    "Story",
    "Violation",
    "chances",
    "check",
    "difference",
    "explain",
    "faults",
    "solve",
]
