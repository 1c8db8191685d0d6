"""Runs CP-SAT on the exact model in a thread of its own, so that it can be asked, and stopped, at any time."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ortools.sat.python import cp_model

from .exact import Model
from .problem import Goal, Status

CORE = {"optimize_with_core": True, "linearization_level": 0, "num_workers": 1}
CLAUSES = {"cp_model_presolve": False, "linearization_level": 0, "num_workers": 1}
RELAXED = {"linearization_level": 2, "num_workers": 1}
BOTH = {"num_workers": 2}
_STATUS = {cp_model.OPTIMAL: Status.OPTIMAL, cp_model.FEASIBLE: Status.FEASIBLE, cp_model.INFEASIBLE: Status.INFEASIBLE}


class Proof:
    """One run. `bound` is the best proven so far (None: none yet); `slot_of` and `breaks`: the timetable, once found."""

    def __init__(
        self, model: Model, settings: Mapping[str, int], *, seed: int, seconds: float, effort: float | None = None
    ) -> None:
        self.model = model
        self.bound: int | None = None
        self.slot_of: dict[int, int] | None = None
        self.breaks = 0
        self.status = Status.UNKNOWN
        self._stopped = False
        self._solver = cp_model.CpSolver()
        self._solver.parameters.random_seed = seed % 2**31
        self._solver.parameters.max_time_in_seconds = max(0.01, seconds)
        if effort is not None:
            self._solver.parameters.max_deterministic_time = effort
        for name, value in settings.items():
            setattr(self._solver.parameters, name, value)
        self._solver.best_bound_callback = self._new_bound

    def run(self) -> None:
        if self._stopped:
            return
        code = self._solver.solve(self.model.cp, _Obedient(self))
        self.status = _STATUS.get(code, Status.UNKNOWN)
        if self.status in (Status.OPTIMAL, Status.FEASIBLE):
            self.slot_of = {r: s for (r, s), literal in self.model.at.items() if self._solver.boolean_value(literal)}
            self.breaks = sum(self._solver.value(x) for x in self.model.all_breaks)
            self._new_bound(self._solver.best_objective_bound)

    def stop(self) -> None:
        self._stopped = True
        self._solver.stop_search()

    @property
    def stopped(self) -> bool:
        return self._stopped

    def _new_bound(self, value: float) -> None:
        if math.isfinite(value):
            by_breaks = self.model.problem.goal is Goal.BREAKS
            self.bound = max(0, math.ceil(value - 1e-6)) if by_breaks else math.floor(value + 1e-6)


class _Obedient(cp_model.CpSolverSolutionCallback):
    """Stops at the next solution too, should `stop` have been called before the search had begun."""

    def __init__(self, proof: Proof) -> None:
        super().__init__()
        self._proof = proof

    def on_solution_callback(self) -> None:
        if self._proof.stopped:
            self.stop_search()
