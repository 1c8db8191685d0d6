"""Goal.WEIGHT: greedy, annealing by numbers of steps, a b-matching bound; CP-SAT where it is small or the musts are hard."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from . import proof
from .arrays import Floats
from .exact import build
from .matching import Bound, weight_bound
from .openings import Openings
from .problem import Aims, Problem, Status
from .search import TIE, Cooling, Search
from .solve import Answer
from .tally import homogeneous
from .trimming import trim
from .watch import Watch

SMALL = 1_500  # open (request, slot) pairs: CP-SAT alone
MIDDLE = 60_000  # up to so many pairs CP-SAT is asked for what is missing to the bound
EFFORT = 20.0  # CP-SAT's deterministic seconds for a proof of a small problem
AGAIN = 3  # coolings more, where the problem is so small that the bound may be reached
CLOSING_EFFORT = 40.0
PARTS = 1_000  # prices are whole numbers of thousandths of a point for CP-SAT
ONE = {"num_workers": 1}
CLOSING = {"num_workers": 8, "interleave_search": True}  # eight strategies in turns: the same answer for the same seed
LAST, LAST_EACH = 0.06, 1e-5  # kept for tables and counting: a share of the limit, and seconds for each request


class Phase(NamedTuple):
    """Temperatures and the price of a break in hundredths of the mean weight; steps: so many, and so many for each request."""

    hot: float
    cold: float
    price: float
    eager: float
    steps: int
    steps_each: int

    def total(self, requests: int) -> int:
        return self.steps + self.steps_each * requests


CHAINS = 0.8  # share of Kempe chains among the moves of a placed request
FOR_WEIGHT = Phase(35.0, 1.4, 1.0, 0.8, 4_000_000, 30)
FOR_BREAKS = Phase(2.0, 0.3, 2.0, 0.2, 1_000_000, 50)
EPOCHS = 40  # of a phase: after each the two threads exchange days


def run(problem: Problem, rows: Openings, watch: Watch, seed: int, aims: Aims) -> Answer:
    """The best timetable found under the aims, with a proven bound of the weight."""
    start = Answer(None, None)
    if sum(map(len, rows.slots)) <= SMALL or problem.homogeneity is not None:
        start = _prove(problem, rows, watch, seed, aims)
        proven = start.slot_of is not None and start.bound == _most(problem, rows, start, aims)
        if start.infeasible or (proven and aims.most_breaks is None and not aims.spread_price):
            return start
    search = watch.during(lambda: Search(problem, rows, seed))
    search.judge_by(_costs(search, 0.0, aims), aims.spread_price)
    watch.during(search.fill)
    watch.found(search.best_placed, search.best_weight if search.complete else None)
    bound = watch.during(lambda: weight_bound(search.fixed, watch.left / 2))
    if bound is None:
        return Answer(None, None, infeasible=True)
    if start.bound is not None:
        bound = bound._replace(weight=min(bound.weight, start.bound))
    watch.bound = bound.weight
    if start.slot_of is not None:
        search.begin_with(start.slot_of)
    return _improve(search, bound, watch, seed, aims)


def _most(problem: Problem, rows: Openings, start: Answer, aims: Aims) -> int | None:
    """The bound that a start proves by itself: its weight, or (where breaks have a price) what it was proven with."""
    if aims.break_price:
        return start.bound
    return sum(problem.requests[r].weight for r in start.slot_of or ())


def _improve(search: Search, bound: Bound, watch: Watch, seed: int, aims: Aims) -> Answer:
    if not search.complete:
        _anneal(search, watch, (FOR_WEIGHT,), aims, bound.weight)
    if not search.complete:
        start = _musts(search.problem, search.rows, watch, seed)
        if start.slot_of is None:
            return start
        search.begin_with(start.slot_of)
        watch.during(search.fill)
    search.wanted = bound.excess >= -_unit(search) * FOR_WEIGHT.hot
    again = AGAIN if sum(map(len, search.rows.slots)) <= MIDDLE else 0
    _anneal(search, watch, (FOR_WEIGHT, FOR_BREAKS), aims, bound.weight, again)
    if not aims.break_price and not aims.spread_price and aims.most_breaks is None and search.complete:
        bound = _close(search, bound, watch, seed)
    return Answer(_allowed(search.problem, search.rows, search), bound.weight)


def _unit(search: Search) -> float:
    """A hundredth of the mean weight."""
    return max(1e-6, float(search.fixed.gain.mean()) / 100.0)


def _costs(search: Search, price: float, aims: Aims) -> Floats:
    """Cost of 0, 1, ... breaks of a person in a line: never less than a tie weighs, dearer beyond the most she should have."""
    counts = search.counts
    over = np.maximum(0.0, counts - aims.most_breaks) if aims.most_breaks is not None else np.zeros(len(counts))
    return max(price, aims.break_price, TIE) * counts + float(search.fixed.gain.max()) * over


def _anneal(search: Search, watch: Watch, phases: tuple[Phase, ...], aims: Aims, goal: int, again: int = 0) -> None:
    """All phases; where the limit would cut them short, the temperature falls with the clock instead.

    The phase for weight ends where the weight is `goal`, the bound; it is repeated `again` times while it is not, and while
    the time that is left is enough for it and what follows.
    """
    totals = [p.total(len(search.rows.slots)) for p in phases]
    ends = watch.limit * (1.0 - LAST) - LAST_EACH * len(search.rows.slots)
    for number, phase in enumerate(phases):
        share = totals[number] / sum(totals[number:])
        used = 0.0
        for turn in range(1 + again if phase is FOR_WEIGHT else 1):
            begun = watch.seconds
            if turn and (search.best_weight >= goal or used / share > ends - begun):
                break
            _cool(search, watch, phase, aims, (ends - begun) * share, goal)
            used = watch.seconds - begun


def _cool(search: Search, watch: Watch, phase: Phase, aims: Aims, seconds: float, goal: int) -> None:
    unit, steps = _unit(search), phase.total(len(search.rows.slots))
    whole = Cooling(phase.hot * unit, phase.cold * unit, CHAINS, phase.eager)
    search.restart()
    search.price(4.0 * float(search.fixed.gain.max(initial=1)), _costs(search, phase.price * unit, aims))
    begun, share, each = watch.seconds, 0.0, max(1, round(steps / EPOCHS))
    ends = begun + seconds
    while share < 1.0 and not watch.stopped and watch.seconds < ends:
        if phase is FOR_WEIGHT and search.complete and search.best_weight >= goal:
            return
        reach = min(1.0, share + 1.0 / EPOCHS)
        part = whole.part(share, reach)
        watch.during(lambda part=part: search.cool(each, part, lambda: watch.stopped or watch.seconds > ends))  # type: ignore[misc]  # the type of a default in a lambda
        watch.found(search.best_placed, search.best_weight if search.complete else None)
        share = max(reach, (watch.seconds - begun) / max(1e-9, seconds))  # the latter where the clock is ahead of the steps


def _close(search: Search, bound: Bound, watch: Watch, seed: int) -> Bound:
    """What is missing to the bound, if little: CP-SAT finds more weight or proves that there is none."""
    missing = bound.weight - search.best_weight
    if missing <= 0 or sum(map(len, search.rows.slots)) > MIDDLE or watch.over:
        return bound
    model = watch.during(lambda: build(search.problem, _what_may_be(search, bound.excess, missing), with_breaks=False))
    model.hint(search.slot_of())
    model.cp.add(model.weight() >= search.best_weight + 1)
    model.cp.maximize(model.weight())
    found = _run(proof.Proof(model, CLOSING, seed=seed, seconds=watch.left * 0.8, effort=CLOSING_EFFORT), watch)
    if found.status is Status.INFEASIBLE:
        return bound._replace(weight=search.best_weight)
    if found.slot_of is not None:
        search.begin_with(found.slot_of)
        _anneal(search, watch, (FOR_BREAKS,), Aims(), bound.weight)
    return bound._replace(weight=min(bound.weight, found.bound or bound.weight))


def _what_may_be(search: Search, excess: Floats, missing: int) -> Openings:
    """What a timetable of more weight may hold: no request that the prices of the bound rule out, and all that they demand."""
    rows = search.rows
    out, demanded = excess < 1e-6 - missing, excess > missing + 1e-6
    return replace(
        rows,
        slots=tuple(() if out[r] and not rows.must[r] else slots for r, slots in enumerate(rows.slots)),
        must=tuple(must or bool(demanded[r]) for r, must in enumerate(rows.must)),
    )


def _prove(problem: Problem, rows: Openings, watch: Watch, seed: int, aims: Aims) -> Answer:
    """CP-SAT on weight, then on breaks (weight held, or at their price); the bound is proven by the first if it ends in time."""
    model = build(problem, rows)
    model.cp.maximize(model.weight())
    first = _run(proof.Proof(model, ONE, seed=seed, seconds=watch.left, effort=EFFORT), watch)
    if first.status is Status.INFEASIBLE:
        return Answer(None, None, infeasible=True)
    if first.status is not Status.OPTIMAL or first.slot_of is None:
        return Answer(first.slot_of, first.bound)
    weight = sum(problem.requests[r].weight for r in first.slot_of)
    model.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools
    model.hint(first.slot_of)
    if aims.break_price:
        breaks = cp_model.LinearExpr.sum(model.all_breaks)
        prices = [PARTS, -round(PARTS * aims.break_price)]
        model.cp.maximize(cp_model.LinearExpr.weighted_sum([model.weight(), breaks], prices))
    else:
        model.cp.add(model.weight() >= weight)
        model.cp.minimize(sum(model.all_breaks))
    second = _run(proof.Proof(model, ONE, seed=seed, seconds=watch.left, effort=EFFORT / 4), watch)
    return Answer(second.slot_of or first.slot_of, weight)


def _musts(problem: Problem, rows: Openings, watch: Watch, seed: int) -> Answer:
    """A place for all that must be placed, or the proof that there is none."""
    only = replace(rows, slots=tuple(slots if must else () for slots, must in zip(rows.slots, rows.must, strict=True)))
    model = build(problem, only, with_breaks=False)
    found = _run(proof.Proof(model, proof.BOTH, seed=seed, seconds=watch.left), watch)
    return Answer(found.slot_of, None, infeasible=found.status is Status.INFEASIBLE)


def _run(exact: proof.Proof, watch: Watch) -> proof.Proof:
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(exact.run)
        try:
            watch.wait(future, exact.stop)
        finally:
            exact.stop()
    return exact


def _allowed(problem: Problem, rows: Openings, search: Search) -> dict[int, int] | None:
    """The best timetable, with meetings taken out where the breaks of people would be further apart than asked."""
    slot_of = search.slot_of()
    if problem.homogeneity is None or homogeneous(problem, search.breaks_of(slot_of)):
        return slot_of
    return trim(problem, rows, slot_of)
