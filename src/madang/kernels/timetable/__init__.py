"""Who meets whom, when, and at which table.

A `Problem` goes in, a `Plan` comes out; `check` referees any plan, `explain` says why a request was not placed.

    problem = read_file("edition.json")
    plan = solve(problem, limit=30)
    assert not check(problem, plan)
"""

from .explain import Summary, explain, summary
from .faults import ProblemError, faults
from .moves import clashes, free_places
from .problem import (
    Aims,
    Goal,
    Meeting,
    Participant,
    Pause,
    Plan,
    Problem,
    Progress,
    Reason,
    Request,
    Slot,
    Status,
    Table,
    Violation,
    Way,
)
from .reading import plan_from_json, plan_to_json, read_dzn, read_file, read_json, write_json
from .referee import breaks, check
from .solve import prepare, solve

__all__ = [
    "Aims",
    "Goal",
    "Meeting",
    "Participant",
    "Pause",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Request",
    "Slot",
    "Status",
    "Summary",
    "Table",
    "Violation",
    "Way",
    "breaks",
    "check",
    "clashes",
    "explain",
    "faults",
    "free_places",
    "plan_from_json",
    "plan_to_json",
    "prepare",
    "read_dzn",
    "read_file",
    "read_json",
    "solve",
    "summary",
    "write_json",
]
