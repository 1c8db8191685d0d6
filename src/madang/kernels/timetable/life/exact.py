"""CP-SAT on the exact model, one aim after the other: the floor, the weight, the breaks; stopped at any time."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from ..problem import Goal, Problem
from ..watch import Watch
from .model import Model, build, total
from .rows import Rows
from .search import Held

EFFORT = 20.0  # deterministic seconds for an aim of a small problem


@dataclass(frozen=True, slots=True)
class Found:
    """`held`: the timetable (None: none was found); `proven`: there is none better; `infeasible`: there is none at all.

    `value`, `bound`: of the last aim that was looked at (under Goal.WEIGHT and proven: of the weight).
    """

    held: dict[int, Held] | None
    proven: bool = False
    infeasible: bool = False
    value: int | None = None
    bound: int | None = None


def best(
    problem: Problem, rows: Rows, watch: Watch, seed: int, hint: dict[int, Held] | None = None, effort: float = EFFORT
) -> Found:
    """The best timetable by all aims in their order; proven where the floor and the goal's own aim are."""
    model = watch.during(lambda: build(problem, rows))
    if hint is not None:
        model.hint(hint)
    if problem.goal is Goal.BREAKS:
        model.cp.minimize(model.all_breaks)
        return _run(model, watch, seed, effort)
    if model.counted:
        floor = _stage(model, watch, seed, effort, total(model.counted))
        if not floor.proven or floor.infeasible:
            return Found(floor.held or hint, infeasible=floor.infeasible)
    weight = _stage(model, watch, seed, effort, model.weight())
    if not weight.proven or weight.infeasible:
        return weight
    model.cp.minimize(model.all_breaks)
    return replace(weight, held=_run(model, watch, seed, effort / 4).held or weight.held)


def musts(problem: Problem, rows: Rows, watch: Watch, seed: int) -> Found:
    """A timetable of what must be placed alone, or the proof that there is none."""
    model = watch.during(lambda: build(problem, rows, only_musts=True))
    return _run(model, watch, seed, None, workers=2)


def _stage(model: Model, watch: Watch, seed: int, effort: float, aim: cp_model.LinearExpr) -> Found:
    """Maximise the aim and, where its most is proven, hold it for what comes after."""
    model.cp.maximize(aim)
    found = _run(model, watch, seed, effort)
    if found.proven and found.held is not None and found.value is not None:
        model.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools
        model.hint(found.held)
        model.cp.add(aim >= found.value)
    return found


def _run(model: Model, watch: Watch, seed: int, effort: float | None, workers: int = 1) -> Found:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_time_in_seconds = max(0.01, watch.left)
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(lambda: solver.solve(model.cp, _Obedient(watch)))
        code = watch.wait(future, solver.stop_search)
    if code == cp_model.INFEASIBLE:
        return Found(None, proven=True, infeasible=True)
    if code not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None)
    has_aim = model.cp.has_objective()
    return Found(
        model.held(solver),
        proven=code == cp_model.OPTIMAL,
        value=round(solver.objective_value) if has_aim else None,
        bound=_whole(solver.best_objective_bound, model.problem.goal) if has_aim else None,
    )


def _whole(bound: float, goal: Goal) -> int:
    return math.ceil(bound - 1e-6) if goal is Goal.BREAKS else math.floor(bound + 1e-6)


class _Obedient(cp_model.CpSolverSolutionCallback):
    """Stops at the next timetable too, should the wish to stop have come before the search had begun."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def on_solution_callback(self) -> None:
        if self._watch.stopped:
            self.stop_search()
