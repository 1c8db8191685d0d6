"""The face of the solver: one function that chooses the way, keeps the clock, and never claims what it has not proven."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from . import life
from .faults import ensure_sound
from .openings import Openings, openings
from .problem import Aims, Goal, Participant, Plan, Problem, Progress, Request, Slot, Status, Table
from .watch import Watch


@dataclass(frozen=True, slots=True)
class Answer:
    """What a way found: positions of requests -> slots (None: nothing), a proven bound, and whether infeasibility is proven."""

    slot_of: dict[int, int] | None
    bound: int | None
    infeasible: bool = False


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    limit: float = 60.0,
    progress: Callable[[Progress], bool | str | None] | None = None,
    aims: Aims | None = None,
) -> Plan:
    """A timetable within `limit` seconds, with a proven bound.

    `progress` is called about four times a second, also while code is compiled; returning True or "stop" ends the run with
    the best so far. Goal.BREAKS places every request or says infeasible (proven) or unknown (not found in time);
    Goal.WEIGHT places all that must be placed and as much weight as it can, then looks for few breaks; `aims` are its dials.
    OPTIMAL means that the objective (breaks, or weight) is proven to be best; it says nothing of second aims.

    The same problem, aims and seed give the same weight plan wherever `limit` and `progress` do not end the run early: the
    search works by numbers of steps, not by the clock. Under Goal.BREAKS two searches run side by side and the first proof
    ends both, so that the number of breaks repeats, but which of several best timetables is given may not.
    Raises `ProblemError` for a problem that makes no sense (see `faults`). Uses at most two threads.
    """
    ensure_sound(problem)
    watch = Watch(limit, progress, len(problem.requests))
    watch.beat()
    if life.needed(problem):
        return watch.during(_life_way)(problem, watch, seed, aims or Aims())
    rows = openings(problem)
    if rows.hopeless:
        return Plan(Status.INFEASIBLE, None, None, watch.seconds)
    answer = watch.during(lambda: _way(problem.goal, aims or Aims()))(problem, rows, watch, seed)
    return _plan(problem, rows, answer, watch)


def _way(goal: Goal, aims: Aims) -> Callable[[Problem, Openings, Watch, int], Answer]:
    if goal is Goal.BREAKS:
        from . import fewest_breaks  # here: OR-Tools takes a second to import, Numba another, and the referee needs neither

        return fewest_breaks.run
    from . import most_weight  # here: the same

    return partial(most_weight.run, aims=aims)


def _life_way() -> Callable[[Problem, Watch, int, Aims], Plan]:
    from .life import run  # here: as in `_way`

    return run.run


def prepare() -> None:
    """Compile the searches now, for instance when the software is installed: else the first run that needs one does."""
    from .life import run  # here: as in `solve`
    from .search import Search

    people = (Participant(1), Participant(2))
    problem = Problem((Slot(), Slot()), people, (Table(1),), (Request(1, (1, 2)),))
    search = Search(problem, openings(problem), 0)
    search.fill()
    search.restart()
    search.anneal(10, 1.0, 0.5, big=1.0, price=0.1, chains=0.5)
    run.prepare()


def _plan(problem: Problem, rows: Openings, answer: Answer, watch: Watch) -> Plan:
    if answer.infeasible:
        return Plan(Status.INFEASIBLE, None, None, watch.seconds)
    from .seating import seat  # here: as in `solve`, SciPy takes its time to import
    from .tally import breaks_by_person, homogeneous

    bound = None if answer.bound is None else float(answer.bound)
    if answer.slot_of is None:
        return Plan(Status.UNKNOWN, None, bound, watch.seconds)
    counts = breaks_by_person(problem, rows, answer.slot_of)
    meetings = seat(problem, rows, answer.slot_of)
    if meetings is None or not homogeneous(problem, counts):
        return Plan(Status.UNKNOWN, None, bound, watch.seconds)
    breaks = int(counts.sum())
    weight = sum(problem.requests[r].weight for r in answer.slot_of)
    objective = breaks if problem.goal is Goal.BREAKS else weight
    proven = bound is not None and math.isclose(bound, objective)
    return Plan(Status.OPTIMAL if proven else Status.FEASIBLE, objective, bound, watch.seconds, meetings, breaks)
