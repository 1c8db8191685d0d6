"""Goal.BREAKS: core-guided CP-SAT from below and annealing from above, side by side; the first proof ends both."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait

from . import proof
from .exact import build, goal_of
from .openings import Openings
from .problem import Problem, Status
from .search import Search
from .solve import Answer
from .tally import homogeneous
from .watch import BEAT, Watch

HEAD_START = 2.0  # seconds that CP-SAT has alone: easy events need no search, and no compiling on a machine's first run
SMALL = 1_500  # open (request, slot) pairs; below, CP-SAT alone is done before the search has begun


def run(problem: Problem, rows: Openings, watch: Watch, seed: int) -> Answer:
    model = build(problem, rows)
    goal_of(model)
    exact = proof.Proof(model, proof.CORE, seed=seed, seconds=watch.left)
    climber = _Climber(problem, rows, seed) if sum(map(len, rows.slots)) > SMALL else None
    watch.bound = 0
    with ThreadPoolExecutor(2) as pool:
        try:
            _race(watch, exact, exact.start(pool), climber, pool)
        finally:
            exact.stop()
    if exact.status is Status.INFEASIBLE:
        return Answer(None, None, infeasible=True)
    if climber is None or climber.breaks is None or (exact.slot_of is not None and exact.breaks < climber.breaks):
        return Answer(exact.slot_of, exact.bound or 0)
    return Answer(climber.slot_of, exact.bound or 0)


def _race(watch: Watch, exact: proof.Proof, proving: Future[None], climber: _Climber | None, pool: ThreadPoolExecutor) -> None:
    """Until CP-SAT is done, the search meets the proven bound, or the time is over."""
    searching: Future[None] | None = None
    while not proving.done() and not watch.over:
        if climber is not None and watch.seconds > HEAD_START and (searching is None or searching.done()):
            if searching is not None:
                searching.result()  # raises here what went wrong there
            if climber.breaks is not None and climber.breaks <= (exact.bound or 0):
                break
            searching = pool.submit(climber.step, exact.bound or 0)
        wait([f for f in (proving, searching) if f is not None], timeout=BEAT, return_when="FIRST_COMPLETED")
        watch.bound = exact.bound or 0
        if climber is not None and climber.breaks is not None:
            watch.found(watch.possible, climber.breaks)
        watch.beat()
    exact.stop()
    proving.result()


class _Climber:
    """The annealing, a chunk at a time, started anew from its best when it has cooled; keeps what is homogeneous."""

    HOT, COLD, CHUNKS, STEPS, BIG = 0.5, 0.1, 60, 20_000, 6.0

    def __init__(self, problem: Problem, rows: Openings, seed: int) -> None:
        self.problem, self.rows, self.seed = problem, rows, seed
        self.search: Search | None = None
        self.chunk = 0
        self.slot_of: dict[int, int] | None = None
        self.breaks: int | None = None

    def step(self, enough: int) -> None:
        if self.search is None:
            self.search = Search(self.problem, self.rows, self.seed)
            self.search.fill()
        share = (self.chunk % self.CHUNKS) / self.CHUNKS
        if self.chunk and share == 0:
            self.search.restart()
        fall = (self.COLD / self.HOT) ** (1 / self.CHUNKS)
        hot = self.HOT * fall ** (self.chunk % self.CHUNKS)
        self.chunk += 1
        self.search.anneal(self.STEPS, hot, hot * fall, big=self.BIG, price=1.0, chains=0.3, enough=enough)
        self._keep()

    def _keep(self) -> None:
        if (
            self.search is None
            or not self.search.complete
            or (self.breaks is not None and self.search.best_breaks >= self.breaks)
        ):
            return
        slot_of = self.search.slot_of()
        if homogeneous(self.problem, self.search.breaks_of(slot_of)):
            self.slot_of, self.breaks = slot_of, self.search.best_breaks
