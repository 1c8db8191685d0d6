"""Who meets whom, when, and at which table.

A `Problem` goes in, a `Plan` comes out; `check` referees any plan, `explain` says why a request was not placed.

    problem = read_file("edition.json")
    plan = solve(problem, limit=30)
    assert not check(problem, plan)
"""

from .contradictions import Contradiction, Fact, contradictions
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
from .remedies import Remedy, Step, remedies
from .repair import Change, Repair, check_since, repair
from .solve import prepare, solve
from .tightness import Tight, tight
from .tradeoffs import Price, fairness, price_list, usual_settings
from .why import Choice, Filler, Gap, Placement, Side, sides, why, why_gap

__all__ = [
    "Aims",
    "Change",
    "Choice",
    "Contradiction",
    "Fact",
    "Filler",
    "Gap",
    "Goal",
    "Meeting",
    "Participant",
    "Pause",
    "Placement",
    "Plan",
    "Price",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Remedy",
    "Repair",
    "Request",
    "Side",
    "Slot",
    "Status",
    "Step",
    "Summary",
    "Table",
    "Tight",
    "Violation",
    "Way",
    "breaks",
    "check",
    "check_since",
    "clashes",
    "contradictions",
    "explain",
    "fairness",
    "faults",
    "free_places",
    "plan_from_json",
    "plan_to_json",
    "prepare",
    "price_list",
    "read_dzn",
    "read_file",
    "read_json",
    "remedies",
    "repair",
    "sides",
    "solve",
    "summary",
    "tight",
    "usual_settings",
    "why",
    "why_gap",
    "write_json",
]
