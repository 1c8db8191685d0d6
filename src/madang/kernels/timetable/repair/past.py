"""The past is past: what the referee says of the rest of a plan."""

from __future__ import annotations

from ..problem import Plan, Problem, Status, Violation
from ..referee import check


def check_since(problem: Problem, plan: Plan, since: int = 1) -> list[Violation]:
    """The rules that `plan` breaks from slot `since` on: those of `check`, less what its earlier meetings break by themselves.

    A meeting that was held while its table is now closed, or whose request was withdrawn afterwards, is not held against a
    plan; an earlier meeting that a later one clashes with (a cap of the day, an order) is.
    """
    wrong = check(problem, plan)
    if not wrong or since <= 1:
        return wrong
    past = Plan(Status.FEASIBLE, None, None, 0.0, tuple(m for m in plan.meetings if m.slot < since))
    known = {v for v in check(problem, past) if v.rule != "not_placed"}
    return [v for v in wrong if v not in known]
