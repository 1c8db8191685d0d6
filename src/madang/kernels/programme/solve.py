"""The face of the solver: search, then proof; it keeps the clock, and never claims what it has not proven."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from madang.kernels.timetable.watch import Watch

from .faults import ensure_sound
from .ground import Ground
from .points import points
from .problem import Place, Plan, Problem, Progress, Status
from .referee import check
from .search import SMALL, Search

Report = Callable[[Progress], "bool | str | None"]
STEPS = 60  # of the search, for each item; at least LEAST
LEAST = 400
SHARE = 0.8  # of the limit that the search may take; the rest is for the proof


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    limit: float = 30.0,
    progress: Report | None = None,
    published: Iterable[Place] = (),
) -> Plan:
    """A programme within about `limit` seconds: first as much as possible has a place, then few items leave their `published`
    ones (each as much as its `hold`), then few points. Nothing in it breaks a rule that blocks.

    `progress` is called about four times a second; returning True or "stop" ends the run with the best so far. An item is left
    out where the search found no place for it and, if the plan is OPTIMAL, only where there is none: `explain` says why.
    The same problem and seed give the same plan wherever neither `limit` nor `progress` ends the run early. One thread.
    Raises `ProblemError` for a problem that makes no sense (see `faults`).
    """
    ensure_sound(problem)
    watch = Watch(limit, progress, len(problem.items))
    ground = Ground(problem, published)
    search = Search(ground, seed)
    watch.beat()
    _look(search, watch)
    search.best_cost = _cost(ground, search.best)
    bound = _prove(search, watch, seed)
    return _plan(ground, search, bound, watch)


def _cost(ground: Ground, places: tuple[Place, ...]) -> int:
    """What a programme costs by the referee, with what it leaves out: the search passes by what an item lacks that it leads."""
    placed = {place.item for place in places}
    left_out = sum(item.worth for item in ground.items if item.id not in placed)
    return left_out * ground.left_out + points(ground.problem, places, published=ground.published.values())


def _look(search: Search, watch: Watch) -> None:
    """The search, for a number of steps or its share of the limit."""
    ground = search.ground
    search.first()
    steps, heat, beat = max(LEAST, STEPS * len(ground.items)), search.heat(), watch.seconds
    for step in range(steps):
        if watch.seconds - beat > 0.2:
            beat = watch.seconds
            _tell(search, watch)
        done = max(step / steps, watch.seconds / (SHARE * watch.limit)) if watch.limit > 0 else 1.0
        if watch.over or done >= 1 or search.best_cost <= search.least:
            break
        search.step(heat * SMALL**done)
    _tell(search, watch)


def _tell(search: Search, watch: Watch) -> None:
    watch.found(search.placed, search.best_cost % search.ground.left_out)
    watch.beat()


def _prove(search: Search, watch: Watch, seed: int) -> int | None:
    """A bound of the whole cost, by CP-SAT from the search's programme; a better programme becomes the search's."""
    if watch.over or search.best_cost <= search.least:
        return search.least
    from .proof import Proof  # here: OR-Tools takes a second to import, and a referee needs none of it

    proof = Proof(search, seed, watch.left)
    with ThreadPoolExecutor(1) as pool:
        watch.wait(pool.submit(proof.run), proof.stop)
    if proof.places is not None and proof.cost < search.best_cost:
        search.load(proof.places, proof.cost)
    return proof.bound


def _plan(ground: Ground, search: Search, bound: int | None, watch: Watch) -> Plan:
    """The answer, refereed: what blocks never leaves here."""
    broken = [conflict for conflict in check(ground.problem, Plan(search.best)) if conflict.level == "block"]
    if broken:
        raise AssertionError(f"the search broke {broken[0]}")
    left_out, cost = divmod(search.best_cost, ground.left_out)
    low = None if bound is None else bound - left_out * ground.left_out
    known = None if low is None or low < 0 else min(low, cost)
    status = Status.OPTIMAL if known == cost else Status.FEASIBLE
    return Plan(search.best, status, left_out, cost, known, watch.seconds)
