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

SCALE = 1_000  # of points, so that the rate of a break is a whole number
EFFORT = 20.0  # deterministic seconds for an aim of a small problem


@dataclass(frozen=True, slots=True)
class Found:
    """`held`: the timetable (None: none was found); `proven`: its objective is best; `infeasible`: there is none at all.

    `settled`: there is nothing more to look for, though a price of breaks may have cost weight.

    `value`, `bound`: of the last aim that was looked at (under Goal.WEIGHT and proven: of the weight).
    """

    held: dict[int, Held] | None
    proven: bool = False
    infeasible: bool = False
    settled: bool = False
    value: int | None = None
    bound: int | None = None


def best(
    problem: Problem,
    rows: Rows,
    watch: Watch,
    seed: int,
    rate: float,
    hint: dict[int, Held] | None = None,
) -> Found:
    """The best timetable by all aims in their order; proven where the floor and the goal's own aim are.

    `rate`: points of weight that a break less is worth; under a thousandth, breaks come after all weight.
    """
    model = watch.during(lambda: build(problem, rows))
    if hint is not None:
        model.hint(hint)
    if problem.goal is Goal.BREAKS:
        model.cp.minimize(model.all_breaks)
        return _run(model, watch, seed, EFFORT)
    if model.counted:
        floor = _stage(model, watch, seed, EFFORT, total(model.counted))
        if not floor.proven or floor.infeasible:
            return Found(floor.held or hint, infeasible=floor.infeasible)
    weight = _stage(model, watch, seed, EFFORT, model.weight(), hold=rate < 1 / SCALE)
    if not weight.proven or weight.infeasible:
        return weight
    if rate < 1 / SCALE:
        model.cp.minimize(model.all_breaks)
        return replace(weight, held=_run(model, watch, seed, EFFORT / 10).held or weight.held)
    model.cp.maximize(SCALE * model.weight() - round(SCALE * rate) * model.all_breaks)
    traded = _run(model, watch, seed, EFFORT).held or weight.held
    return replace(weight, held=traded, settled=True, proven=_weight(problem, traded) == weight.value)


def _weight(problem: Problem, held: dict[int, Held] | None) -> int:
    return sum(problem.requests[r].weight for r in held or ())


def musts(problem: Problem, rows: Rows, watch: Watch, seed: int) -> Found:
    """A timetable of what must be placed alone, or the proof that there is none."""
    model = watch.during(lambda: build(problem, rows, only_musts=True))
    return _run(model, watch, seed, None, workers=2)


def _stage(model: Model, watch: Watch, seed: int, effort: float, aim: cp_model.LinearExpr, hold: bool = True) -> Found:
    """Maximise the aim; where its most is proven, that is the hint for what comes after, and `hold` keeps it."""
    model.cp.maximize(aim)
    found = _run(model, watch, seed, effort)
    if found.proven and found.held is not None and found.value is not None:
        model.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools
        model.hint(found.held)
        if hold:
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
