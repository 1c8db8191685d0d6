"""A lower bound on breaks from who meets when, without who meets whom: people's slots under the tables' limit.

Every person chooses as many slots as she has meetings, at least as many among any set of slots as she has meetings that must
stand there, and no slot holds more people than its tables seat. What that leaves of the breaks is a bound for the whole
problem, and its linear relaxation is strong where tables are scarce: often it is the optimum, within a second.
"""

from __future__ import annotations

from .exact import Literal, Model, add_breaks, asked_of, count_meetings, full_slots
from .openings import Openings
from .problem import Problem


def build_patterns(problem: Problem, rows: Openings) -> Model:
    """The relaxed model, breaks minimised. All requests must be placed (Goal.BREAKS)."""
    model = Model(problem, rows)
    model.asked = asked_of(rows)
    used = {person: _slots_of(model, person, requests) for person, requests in model.asked.items()}
    full_slots(model, used)
    add_breaks(model, used)
    model.cp.minimize(sum(model.all_breaks))
    return model


def _slots_of(model: Model, person: int, requests: list[int]) -> list[Literal]:
    openings = [frozenset(model.rows.slots[r]) for r in requests]
    anywhere = frozenset[int]().union(*openings)
    total = len(model.problem.slots)
    used: list[Literal] = [model.cp.new_bool_var("") if s in anywhere else 0 for s in range(1, total + 1)]
    count_meetings(model, person, requests, used)
    for some in set(openings) - {anywhere}:
        inside = sum(1 for slots in openings if slots <= some)
        model.cp.add(sum(used[s - 1] for s in some) >= inside)
    return used
