"""The way of real life: CP-SAT alone where it is small, else greedy and annealing by numbers of steps beside a bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..problem import Aims, Goal, Participant, Plan, Problem, Request, Slot, Status, Table
from ..watch import Watch
from . import exact
from .bound import weight_bound
from .rows import Rows, rows_of
from .search import TIE, Held, Search
from .tables import seat
from .tally import breaks_by_line, breaks_by_person, lack, shortfall

SMALL = 200  # ways to place a request, over all requests: CP-SAT alone
MIDDLE = 20_000  # CP-SAT goes on from what the search has found
LEAST = 2.0  # seconds that it then needs to be worth its while
CHUNK = 20_000  # steps between two looks at the clock
MANY = 1_500  # requests; with fewer of them there is time for more steps each
FEWEST = 5_000  # steps of a phase at least
CHAINS = 0.5  # share of chains among the moves of a placed request


class Phase(NamedTuple):
    """Temperatures in points; `price` of a break in points; `steps` per request."""

    hot: float
    cold: float
    price: float
    steps: int


BY_WEIGHT = (Phase(1.5, 0.15, 0.05, 200), Phase(0.1, 0.02, 0.15, 100))
BY_BREAKS = (Phase(2.0, 0.3, 0.1, 200), Phase(0.5, 0.05, 1.0, 800))


def prepare() -> None:
    """Compile the search now."""
    people = (Participant(1), Participant(2))
    problem = Problem((Slot(), Slot()), people, (Table(1),), (Request(1, (1, 2), length=2),))
    rows = rows_of(problem)
    search = Search(problem, rows, 0)
    weight_bound(problem, rows, search.fixed, 1.0)
    search.fill()
    search.restart()
    search.anneal(10, 1.0, 0.5, big=1.0, floor=1.0, price=0.1, chains=0.5)


def run(problem: Problem, watch: Watch, seed: int, aims: Aims) -> Plan:
    """The best timetable found; the aims are looked at under Goal.WEIGHT."""
    aims = aims if problem.goal is Goal.WEIGHT else Aims()
    rows = watch.during(lambda: rows_of(problem))
    if rows.hopeless:
        return Plan(Status.INFEASIBLE, None, None, watch.seconds)
    if rows.size <= SMALL and not _needs_search(aims):
        found = exact.best(problem, rows, watch, seed, max(TIE, aims.break_price))
        if found.infeasible or found.proven or found.settled:
            return _plan(problem, rows, watch, found)
    return _search(problem, rows, watch, seed, aims)


def _needs_search(aims: Aims) -> bool:
    """Whether there are aims that CP-SAT is not told of."""
    return aims.most_breaks is not None or aims.spread_price > 0


def _search(problem: Problem, rows: Rows, watch: Watch, seed: int, aims: Aims) -> Plan:
    search = watch.during(lambda: Search(problem, rows, seed, aims))
    bound = 0
    if problem.goal is Goal.WEIGHT:
        most = watch.during(lambda: weight_bound(problem, rows, search.fixed, watch.left / 4))
        if most is None:
            return Plan(Status.INFEASIBLE, None, None, watch.seconds)
        bound = most
    watch.bound = bound
    watch.during(search.fill)
    _tell(search, watch)
    _anneal(search, watch)
    if not search.complete:
        start = exact.musts(problem, rows, watch, seed)
        if start.held is None:
            return _plan(problem, rows, watch, exact.Found(None, infeasible=start.infeasible, bound=bound))
        search.begin_with(start.held)
        watch.during(search.fill)
        _anneal(search, watch)
    found = exact.Found(search.held(), bound=bound)
    return _plan(problem, rows, watch, _polished(problem, rows, watch, seed, aims, found))


def _polished(problem: Problem, rows: Rows, watch: Watch, seed: int, aims: Aims, found: exact.Found) -> exact.Found:
    """CP-SAT from where the search ended, if it is not too big, or if the breaks of people are further apart than allowed."""
    held = found.held or {}
    allowed = _homogeneous(problem, rows, held)
    if allowed and (rows.size > MIDDLE or watch.left < LEAST or _reached(problem, rows, found)):
        return found
    better = exact.best(problem, rows, watch, seed, max(TIE, aims.break_price), held)
    if better.held is None or not _homogeneous(problem, rows, better.held):
        return found if allowed else exact.Found(None, infeasible=better.infeasible, bound=found.bound)
    if allowed and _rank(problem, rows, held, aims) < _rank(problem, rows, better.held, aims):
        better = replace(better, held=held, proven=False)
    bounds = [b for b in (found.bound, better.bound) if b is not None]
    return replace(better, bound=max(bounds) if problem.goal is Goal.BREAKS else min(bounds))


def _reached(problem: Problem, rows: Rows, found: exact.Found) -> bool:
    """Whether the bound already says that the objective cannot be better."""
    held = found.held or {}
    return not shortfall(rows, held) and _objective(problem, rows, held) == found.bound


def _objective(problem: Problem, rows: Rows, held: dict[int, Held]) -> int:
    if problem.goal is Goal.BREAKS:
        return sum(breaks_by_person(rows, held))
    return sum(problem.requests[r].weight for r in held)


def _rank(problem: Problem, rows: Rows, held: dict[int, Held], aims: Aims) -> tuple[int, float]:
    """Smaller is better: the shortfall, then weight, breaks, those over the most and uneven shares at their prices."""
    lines = breaks_by_line(rows, held)
    worth = max(TIE, aims.break_price) * sum(map(sum, lines))
    if problem.goal is Goal.WEIGHT:
        worth -= _objective(problem, rows, held)
    if aims.most_breaks is not None:
        most, dear = aims.most_breaks, max((r.weight for r in problem.requests), default=1)
        worth += dear * sum(max(0, count - most) for line in lines for count in line)
    if aims.spread_price:
        worth += aims.spread_price * lack(problem, rows, held)
    return shortfall(rows, held), worth


def _anneal(search: Search, watch: Watch) -> None:
    """All phases; where the limit would cut them short, the temperature falls with the clock instead."""
    by_weight = search.problem.goal is Goal.WEIGHT
    size = len(search.rows.length)
    more = max(1.0, min(3.0, MANY / max(1, size)))
    phases = [p._replace(steps=int(p.steps * more)) for p in (BY_WEIGHT if by_weight else BY_BREAKS)]
    most = max((r.weight for r in search.problem.requests), default=1)
    total = sum(max(FEWEST, p.steps * size) for p in phases)
    chunk = min(CHUNK, total // 4)
    begun, done = watch.seconds, 0
    while done < total and not watch.over and not _enough(search):
        spent, room = watch.seconds - begun, max(1e-9, watch.limit - begun)
        hurried = done > 0 and spent * total / done > room
        phase, inside = _at(phases, max(done / total, spent / room) if hurried else done / total)
        fall = phase.cold / phase.hot
        reach = min(1.0, inside + chunk / max(FEWEST, phase.steps * size))
        watch.during(
            lambda a=phase.hot * fall**inside, b=phase.hot * fall**reach, price=phase.price: search.anneal(  # type: ignore[misc]  # the types of defaults in a lambda
                chunk, a, b, big=4.0 * most, floor=2.0 * most, price=price, chains=CHAINS
            )
        )
        done += chunk
        _tell(search, watch)


def _tell(search: Search, watch: Watch) -> None:
    objective = search.best_weight if search.problem.goal is Goal.WEIGHT else search.best_breaks
    watch.found(search.best_placed, objective if search.complete else None)


def _enough(search: Search) -> bool:
    """Nothing can be better than all placed without breaks."""
    return search.complete and search.best_breaks == 0 and search.best_placed == len(search.rows.length)


def _at(phases: Sequence[Phase], share: float) -> tuple[Phase, float]:
    """The phase that a share (0..1) of all steps has come to, and the share of that phase."""
    total = sum(p.steps for p in phases)
    for phase in phases:
        part = phase.steps / total
        if share < part:
            return phase, share / part
        share -= part
    return phases[-1], 1.0


def _homogeneous(problem: Problem, rows: Rows, held: dict[int, Held]) -> bool:
    counts = breaks_by_person(rows, held)
    return problem.homogeneity is None or not counts or max(counts) - min(counts) <= problem.homogeneity


def _plan(problem: Problem, rows: Rows, watch: Watch, found: exact.Found) -> Plan:
    bound = None if found.bound is None else float(found.bound)
    if found.infeasible:
        return Plan(Status.INFEASIBLE, None, None, watch.seconds)
    if found.held is None:
        return Plan(Status.UNKNOWN, None, bound, watch.seconds)
    breaks, objective = sum(breaks_by_person(rows, found.held)), _objective(problem, rows, found.held)
    short = shortfall(rows, found.held) if problem.goal is Goal.WEIGHT and problem.floor else None
    proven = found.proven or (bound is not None and objective == bound and not short)
    return Plan(
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        objective=objective,
        bound=float(objective) if proven else bound,
        seconds=watch.seconds,
        meetings=seat(problem, rows, found.held),
        breaks=breaks,
        short=short,
    )
