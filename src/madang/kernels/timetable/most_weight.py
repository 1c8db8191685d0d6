"""Goal.WEIGHT: greedy, annealing by numbers of steps, a b-matching bound; CP-SAT where it is small or the musts are hard."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from . import proof
from .exact import build, goal_of
from .matching import weight_bound
from .openings import Openings
from .problem import Problem, Status
from .search import Search
from .solve import Answer
from .tally import homogeneous
from .trimming import trim
from .watch import Watch

SMALL = 1_500  # open (request, slot) pairs: CP-SAT alone
EFFORT = 20.0  # CP-SAT's deterministic seconds for a proof of a small problem
CHAINS = 0.8  # share of Kempe chains among the moves of a placed request
CHUNK = 40_000  # steps between two looks at the clock


class Phase(NamedTuple):
    """Temperatures in points of weight; `price` of a break in points; `steps` per request."""

    hot: float
    cold: float
    price: float
    steps: int


PHASES = (Phase(1.2, 0.12, 0.05, 200), Phase(0.1, 0.02, 0.15, 150))


def run(problem: Problem, rows: Openings, watch: Watch, seed: int) -> Answer:
    small = sum(map(len, rows.slots)) <= SMALL
    if small or problem.homogeneity is not None:
        answer = _prove(problem, rows, watch, seed, None)
        if answer.infeasible or (answer.slot_of is not None and answer.bound == _weight(problem, answer.slot_of)):
            return answer
    search = watch.during(lambda: Search(problem, rows, seed))
    bound = watch.during(lambda: weight_bound(search.fixed, watch.left / 2))
    if bound is None:
        return Answer(None, None, infeasible=True)
    watch.bound = bound
    watch.during(search.fill)
    if not search.complete:
        _anneal(search, watch, PHASES[:1])
    if not search.complete:
        start = _musts(problem, rows, watch, seed)
        if start.slot_of is None:
            return start
        search.begin_with(start.slot_of)
        watch.during(search.fill)
    _anneal(search, watch, PHASES)
    return Answer(_allowed(problem, rows, search), bound)


def _weight(problem: Problem, slot_of: dict[int, int]) -> int:
    return sum(problem.requests[r].weight for r in slot_of)


def _anneal(search: Search, watch: Watch, phases: tuple[Phase, ...]) -> None:
    """All phases; where the limit would cut them short, the temperature falls with the clock instead."""
    total = sum(max(CHUNK, p.steps * len(search.rows.slots)) for p in phases)
    begun, done = watch.seconds, 0
    big = 4.0 * max((r.weight for r in search.problem.requests), default=1)
    while done < total and not watch.over:
        spent = watch.seconds - begun
        hurried = done > 0 and spent * total / done > watch.limit - begun
        share = max(done / total, spent / max(1e-9, watch.limit - begun)) if hurried else done / total
        phase, inside = _at(phases, share)
        fall = phase.cold / phase.hot
        reach = min(1.0, inside + CHUNK / max(CHUNK, phase.steps * len(search.rows.slots)))
        watch.during(
            lambda a=phase.hot * fall**inside, b=phase.hot * fall**reach, price=phase.price: search.anneal(  # type: ignore[misc]  # the types of defaults in a lambda
                CHUNK, a, b, big=big, price=price, chains=CHAINS
            )
        )
        done += CHUNK
        watch.found(search.best_placed, search.best_weight if search.complete else None)


def _at(phases: tuple[Phase, ...], share: float) -> tuple[Phase, float]:
    """The phase that a share (0..1) of all steps has come to, and the share of that phase."""
    total = sum(p.steps for p in phases)
    for phase in phases:
        part = phase.steps / total
        if share < part:
            return phase, share / part
        share -= part
    return phases[-1], 1.0


def _prove(problem: Problem, rows: Openings, watch: Watch, seed: int, hint: dict[int, int] | None) -> Answer:
    """CP-SAT on weight, then (weight held) on breaks; OPTIMAL in weight where the first ends in time."""
    model = build(problem, rows)
    goal_of(model)
    if hint is not None:
        model.hint(hint)
    first = _run(proof.Proof(model, {"num_workers": 1}, seed=seed, seconds=watch.left, effort=EFFORT), watch)
    if first.status is Status.INFEASIBLE:
        return Answer(None, None, infeasible=True)
    if first.status is not Status.OPTIMAL or first.slot_of is None:
        return Answer(first.slot_of, first.bound)
    weight = _weight(problem, first.slot_of)
    model.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools
    model.hint(first.slot_of)
    model.cp.add(model.weight() >= weight)
    model.cp.minimize(sum(model.all_breaks))
    second = _run(proof.Proof(model, {"num_workers": 1}, seed=seed, seconds=watch.left, effort=EFFORT / 4), watch)
    return Answer(second.slot_of or first.slot_of, weight)


def _musts(problem: Problem, rows: Openings, watch: Watch, seed: int) -> Answer:
    """A place for all that must be placed, or the proof that there is none."""
    only = _without_wishes(rows)
    model = build(problem, only, with_breaks=False)
    found = _run(proof.Proof(model, proof.BOTH, seed=seed, seconds=watch.left), watch)
    return Answer(found.slot_of, None, infeasible=found.status is Status.INFEASIBLE)


def _without_wishes(rows: Openings) -> Openings:
    return Openings(
        people=rows.people,
        slots=tuple(slots if must else () for slots, must in zip(rows.slots, rows.must, strict=True)),
        must=rows.must,
        tables=rows.tables,
        after=rows.after,
        pool=rows.pool,
        days=rows.days,
        caps=rows.caps,
    )


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
