"""What a timetable amounts to: how much is fulfilled, how fairly, and how full the tables are. Pure, no queries."""

from __future__ import annotations

from collections import Counter
from typing import Any

from madang.kernels.timetable import breaks
from madang.kernels.timetable.problem import Plan, Problem
from madang.meetings.queries.timetable import Maps

BANDS = ["none", "to_24", "to_49", "to_74", "to_99", "all"]
"""How much of what she agreed to a person got: nothing, less than a quarter ... less than all, all."""


def figures_of(problem: Problem, plan: Plan, maps: Maps) -> dict[str, Any]:
    """Figures for the result page, as JSON: counts, weights, breaks, people by share of wishes, meetings by slot."""
    people = {request.id: request.participants for request in problem.requests}
    weight = {request.id: request.weight for request in problem.requests}
    wished = Counter(person for request in problem.requests for person in request.participants)
    got = Counter(person for meeting in plan.meetings for person in people[meeting.id])
    bands = Counter(band(got[person], count) for person, count in wished.items())
    at_tables = Counter(meeting.slot for meeting in plan.meetings if meeting.table is not None)
    everywhere = Counter(meeting.slot for meeting in plan.meetings)
    return {
        "placed": len(plan.meetings),
        "possible": len(problem.requests),
        "weight": sum(weight[meeting.id] for meeting in plan.meetings),
        "breaks": sum(breaks(problem, plan).values()),
        "people": len(wished),
        "nobody": bands["none"],
        "bands": {name: bands[name] for name in BANDS},
        "tables": sum(table.shared for table in problem.tables),
        "tables_used": len({meeting.table for meeting in plan.meetings if meeting.table is not None}),
        "slots": [[slot.pk, at_tables[n], everywhere[n] - at_tables[n]] for n, slot in enumerate(maps.slots, 1)],
    }


def band(got: int, wished: int) -> str:
    """The band of a person who got so many of the meetings she agreed to."""
    if got == 0:
        return "none"
    if got >= wished:
        return "all"
    return BANDS[1 + 4 * got // wished]
