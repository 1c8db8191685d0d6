"""The face of the solver: nothing missing first, then even loads, then what is liked, then links; each proven before the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .faults import ensure_sound
from .ground import Flags, Ground, Ints, ground_of
from .linking import groups_of, linked
from .network import Network, network_of
from .prices import price_of
from .problem import Pair, Plan, Problem, Progress, Status
from .shortage import shortages

STAGES = ("loads", "price", "links")
NOISE = 16


def solve(
    problem: Problem,
    *,
    seed: int = 0,
    limit: float = 60.0,
    progress: Callable[[Progress], bool | str | None] | None = None,
    partial: bool = False,
) -> Plan:
    """Who reads what: as few readings missing as can be, then as few jurors short of their least, then loads as even as can be
    (least sum of squares), then the fewest points of `Aims`; among those at random by `seed`, which links the jurors, and
    exchanged where they are not linked.

    INFEASIBLE is proven, and says why in `shortages`; it has no pairs unless `partial`. OPTIMAL: proven best in all of this.
    `limit` (seconds) and a `progress` that returns True or "stop" end the run after the step in hand: what is left out is
    then not `bound`. The same problem and seed give the same plan. Raises `ProblemError` for a problem that makes no sense.
    """
    ensure_sound(problem)
    run = Run(ground_of(problem), seed, limit, progress)
    chosen = run.choice()
    return run.plan(chosen, partial)


def lacks(ground: Ground, chosen: Flags) -> tuple[int, int]:
    """Readings that are missing, and that jurors lack to their least."""
    missing = np.maximum(0, ground.problem.readers - chosen.sum(axis=1)).sum()
    return int(missing), int(np.maximum(0, ground.least - chosen.sum(axis=0)).sum())


@dataclass
class Run:
    """One run: `kept` are pairs that cost much to give up (for a repair); `bound` is of the price."""

    ground: Ground
    seed: int
    limit: float
    progress: Callable[[Progress], bool | str | None] | None
    kept: Flags | None = None

    def __post_init__(self) -> None:
        self.started = time.monotonic()
        self.stopped = False
        self.bound: int | None = None
        self.lacks: Flags | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def on(self, stage: str) -> bool:
        """Tell what begins; False where the run is to end instead."""
        if self.progress is not None:
            seen = self.progress(Progress(stage, STAGES.index(stage), len(STAGES), self.seconds))
            self.stopped = self.stopped or seen is True or seen == "stop"
        return not self.stopped and self.seconds < self.limit

    def choice(self) -> Flags:
        """(E, J) the best choice of pairs."""
        self.on("loads")
        network = network_of(self.ground)
        chosen = self.lacks = self._flow(network, 0)
        if not self.on("price"):
            return chosen
        found = self._cheapest(chosen)
        return found if not self.on("links") else linked(self.ground, self._varied(found), self.seed)

    def _weights(self, even: int) -> tuple[int, int, int, int]:
        """Of missing, idle, uneven, soft. A way through the network that mends one unit changes two loads at most."""
        top = 4 * (int(self.ground.most.max(initial=0)) + self.ground.problem.readers + 1)
        unit = max(1, even)
        return 4 * top * unit, top * unit, unit, 1 if even else 0

    def _flow(self, network: Network, even: int, scale: int = 1, noise: Ints | None = None) -> Flags:
        """A flow in which evenness weighs `even` soft points, and all that `scale` times the noise.

        Giving up a kept pair costs more than any evenness, and a missing reading more than any number that one may move.
        """
        missing, idle, uneven, soft = self._weights(even)
        kept = None
        if self.kept is not None:
            kept = np.where(self.kept[network.entries_of, network.jurors_of], -2 * scale * missing, 0)
            missing *= 2 * (self.ground.codes.shape[1] + 2)
        return network.flow((scale * missing, scale * idle, scale * uneven, scale * soft), noise, kept)

    def rank(self, chosen: Flags) -> tuple[int, int, int, int]:
        """What comes before the price: missing, kept pairs given up, idle, and the sum of squares of loads and lacks."""
        loads, lack = chosen.sum(axis=0), np.maximum(0, self.ground.problem.readers - chosen.sum(axis=1))
        lost = 0 if self.kept is None else int((self.kept & ~chosen).sum())
        missing, idle = lacks(self.ground, chosen)
        return missing, lost, idle, int((loads**2).sum() + (lack**2).sum())

    def _cheapest(self, start: Flags) -> Flags:
        """The fewest points among choices that rank like `start`: proven where the flow's own rank is no worse."""
        ceiling = None if self.kept is not None else int(start.sum(axis=0).max(initial=0))
        self.network = network_of(self.ground, ceiling)
        aims = self.ground.problem.aims
        points = 1 + aims.language + aims.compatriot + aims.same_country * self.ground.problem.readers + 2 * aims.lopsided
        for self.even in (8 * points, 400 * points):
            found = self._flow(self.network, self.even)
            if self.rank(found) == self.rank(start):
                self.bound = price_of(self.ground, found)
                return found
        return start

    def _varied(self, found: Flags) -> Flags:
        """The same rank and price with ties drawn by the seed: ties broken in order make blocks that nothing links."""
        noise = np.random.default_rng(self.seed).integers(0, NOISE, len(self.network.entries_of))
        for scale in (16 * NOISE, 512 * NOISE):
            drawn = self._flow(self.network, self.even, scale, noise)
            if self.rank(drawn) == self.rank(found) and price_of(self.ground, drawn) == price_of(self.ground, found):
                return drawn
        return found

    def plan(self, chosen: Flags, partial: bool) -> Plan:
        """The choice in words of the face; `lacks` (the first flow) proves what is short."""
        missing, _, idle, _ = self.rank(chosen)
        price = price_of(self.ground, chosen)
        status = Status.OPTIMAL if self.bound == price else Status.FEASIBLE
        short = shortages(self.ground, chosen if self.lacks is None else self.lacks) if missing or idle else ()
        lacking = missing + idle
        if lacking:
            status = Status.INFEASIBLE if sum(s.short for s in short) == lacking else Status.FEASIBLE
        if lacking and not partial:
            return Plan(status, (), missing, idle, seconds=self.seconds, shortages=short)
        pairs: tuple[Pair, ...] = self.ground.pairs(chosen)
        return Plan(status, pairs, missing, idle, price, self.bound, groups_of(chosen) <= 1, self.seconds, short)
