"""Who reads which entry.

A `Problem` goes in, a `Plan` comes out; `check` referees any plan, `explain` says why a juror reads an entry or does not.

    plan = solve(problem, seed=1)
    assert not check(problem, plan)
"""

from .by_hand import Move, Repair, clashes, moved, repair, replacements, swaps
from .explain import Reason, Summary, explain, readings, summary
from .faults import ProblemError, faults
from .linking import Linking, linking
from .problem import Aims, Conflict, Entry, Id, Juror, Pair, Plan, Problem, Progress, Shortage, Status, Violation
from .referee import check
from .solve import solve

__all__ = [
    "Aims",
    "Conflict",
    "Entry",
    "Id",
    "Juror",
    "Linking",
    "Move",
    "Pair",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Repair",
    "Shortage",
    "Status",
    "Summary",
    "Violation",
    "check",
    "clashes",
    "explain",
    "faults",
    "linking",
    "moved",
    "readings",
    "repair",
    "replacements",
    "solve",
    "summary",
    "swaps",
]
