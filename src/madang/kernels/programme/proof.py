"""Runs CP-SAT on the exact model, in a thread of its own, so that it can be stopped at any time."""

from __future__ import annotations

import math

from ortools.sat.python import cp_model

from .exact import Model, fits, places_of
from .problem import Place
from .search import Search


class Proof:
    """One run, from the search's best programme on. `bound`: no programme costs less; `places`: what it found itself."""

    def __init__(self, search: Search, seed: int, seconds: float) -> None:
        self.search = search
        self.bound: int | None = None
        self.places: tuple[Place, ...] | None = None
        self.cost = search.best_cost
        self._stopped = False
        self._solver = cp_model.CpSolver()
        self._solver.parameters.random_seed = seed % 2**31
        self._solver.parameters.num_workers = 1
        self._solver.parameters.max_time_in_seconds = max(0.01, seconds)

    def run(self) -> None:
        """Build the model and solve it, where it is not too large."""
        if self._stopped or not fits(self.search.ground):
            return
        model = Model(self.search.ground)
        model.hint(self.search.best)
        if self._stopped:
            return
        code = self._solver.solve(model.cp, _Obedient(self))
        sound = code in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN)
        if sound and math.isfinite(self._solver.best_objective_bound):
            self.bound = math.ceil(self._solver.best_objective_bound - 1e-6)
        if code in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.places, self.cost = places_of(model, self._solver), round(self._solver.objective_value)

    def stop(self) -> None:
        self._stopped = True
        self._solver.stop_search()

    @property
    def stopped(self) -> bool:
        return self._stopped


class _Obedient(cp_model.CpSolverSolutionCallback):
    """Stops at the next solution too, should `stop` have been called before the search had begun."""

    def __init__(self, proof: Proof) -> None:
        super().__init__()
        self._proof = proof

    def on_solution_callback(self) -> None:
        if self._proof.stopped:
            self.stop_search()
