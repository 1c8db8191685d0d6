"""The fewest facts that between them take every place: a set cover, by CP-SAT."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from .ground import Mask

EFFORT = 2.0  # of CP-SAT's own clock, so that the answer does not hang on the machine


def smallest_cover(table: Mask) -> list[int]:
    """Rows of `table` (facts, places) of which each place has one that is true, as few as may be; places with none are passed by.

    Within the effort; where that runs out, no row of the answer can be left out, but a smaller one might exist.
    """
    places = np.unique(table[:, table.any(axis=0)], axis=1)
    model = cp_model.CpModel()
    uses = [model.new_bool_var("") for _ in range(len(table))]
    for column in places.T:
        model.add_bool_or([uses[k] for k in np.flatnonzero(column).tolist()])
    model.minimize(sum(uses))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_deterministic_time = 1, EFFORT
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    chosen = [k for k, use in enumerate(uses) if not found or solver.boolean_value(use)]
    return _needed(places, chosen)


def _needed(places: Mask, chosen: list[int]) -> list[int]:
    """Without the rows that the others cover."""
    for row in list(chosen):
        rest = [k for k in chosen if k != row]
        if rest and places[rest].any(axis=0).all():
            chosen = rest
    return chosen
