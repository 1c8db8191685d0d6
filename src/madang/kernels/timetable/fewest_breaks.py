"""Goal.BREAKS, two workers side by side; the first proof ends both.

One is core-guided CP-SAT, whose bound rises. The other first takes the bound of the people's patterns (`patterns.py`), then
climbs a ladder from there: is there a timetable with no more breaks than the bound? A refused rung is a bound, a granted one an
optimum. Each rung is asked in several ways, as events differ in which of them is quick; where none was, it looks for any
timetable, and for one halfway between its breaks and the bound. Asking for "no more than k" is far easier than minimising.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import NamedTuple

from .exact import Limits, build, goal_of
from .openings import Openings
from .patterns import build_patterns
from .problem import Problem, Status
from .proof import CLAUSES, CORE, RELAXED, Proof
from .solve import Answer
from .tally import breaks_by_person, homogeneous
from .watch import BEAT, Watch

PATIENCE = 4.0  # CP-SAT's deterministic seconds for the bound of the patterns


class Way(NamedTuple):
    """A way to ask for a rung; `effort`: CP-SAT's deterministic seconds at first, doubled each time round."""

    limits: Limits
    settings: Mapping[str, int]
    effort: float


WAYS = (
    Way(Limits.LINEAR, CORE, 1.5),
    Way(Limits.PEOPLE, CLAUSES, 2.0),
    Way(Limits.TABLES, CLAUSES, 6.0),
)


def run(problem: Problem, rows: Openings, watch: Watch, seed: int) -> Answer:
    ladder = _Ladder(problem, rows, watch, seed)
    watch.bound = 0
    with ThreadPoolExecutor(2) as pool:
        try:
            climbing = pool.submit(ladder.climb)
            proving = pool.submit(ladder.core.run)
            while not (proving.done() or climbing.done() or watch.over):
                wait([proving, climbing], timeout=BEAT, return_when="FIRST_COMPLETED")
                watch.bound = ladder.bound
                watch.found(watch.possible if ladder.slot_of else 0, ladder.breaks)
                watch.beat()
        finally:
            ladder.stop()
        proving.result()
        climbing.result()
    if ladder.core.slot_of is not None:
        ladder.take(ladder.core.slot_of)
    return Answer(ladder.slot_of, ladder.bound, infeasible=ladder.infeasible)


class _Ladder:
    """The best timetable and bound so far, and the worker that asks for fewer breaks rung by rung."""

    def __init__(self, problem: Problem, rows: Openings, watch: Watch, seed: int) -> None:
        self.problem, self.rows, self.watch, self.seed = problem, rows, watch, seed
        model = build(problem, rows)
        goal_of(model)
        self.core = Proof(model, CORE, seed=seed, seconds=watch.left)
        self.patterns = Proof(build_patterns(problem, rows), RELAXED, seed=seed, seconds=watch.left, effort=PATIENCE)
        self.rung: Proof | None = None
        self.refused = 0
        self.asked = 0
        self.impossible = False
        self.slot_of: dict[int, int] | None = None
        self.breaks: int | None = None
        self.stopped = False

    @property
    def bound(self) -> int:
        return max(self.refused, self.core.bound or 0, self.patterns.bound or 0)

    @property
    def infeasible(self) -> bool:
        return self.impossible or Status.INFEASIBLE in (self.core.status, self.patterns.status)

    @property
    def done(self) -> bool:
        return self.stopped or self.infeasible or (self.breaks is not None and self.breaks <= self.bound)

    def stop(self) -> None:
        self.stopped = True
        self.core.stop()
        self.patterns.stop()
        if self.rung is not None:
            self.rung.stop()

    def take(self, slot_of: dict[int, int]) -> None:
        counts = breaks_by_person(self.problem, self.rows, slot_of)
        if homogeneous(self.problem, counts) and (self.breaks is None or int(counts.sum()) < self.breaks):
            self.slot_of, self.breaks = slot_of, int(counts.sum())

    def climb(self) -> None:
        """Each way in turn up from the bound, and once halfway down to it from the best; with more patience each time round."""
        self.patterns.run()
        patience = 1
        while not self.done:
            for way in WAYS:
                while not self.done and self._ask(self.bound, way, patience):
                    pass
                if not self.done:
                    self._ask(self._halfway, way, patience)
            patience *= 2

    @property
    def _halfway(self) -> int | None:
        return None if self.breaks is None else (self.bound + self.breaks) // 2

    def _ask(self, most: int | None, way: Way, patience: int) -> bool:
        """Whether it was settled if there is a timetable with at most `most` breaks (None: with any number)."""
        model = build(self.problem, self.rows, limits=way.limits)
        if most is not None:
            model.cp.add(sum(model.all_breaks) <= most)
        self.asked += 1  # a question that comes again comes with another seed
        seed = self.seed + self.asked
        self.rung = Proof(model, way.settings, seed=seed, seconds=self.watch.left, effort=way.effort * patience)
        if self.stopped:
            return False
        self.rung.run()
        if self.rung.slot_of is not None:
            self.take(self.rung.slot_of)
        if self.rung.status is Status.INFEASIBLE:
            self.impossible = most is None
            self.refused = max(self.refused, 0 if most is None else most + 1)
        return self.rung.status is not Status.UNKNOWN
