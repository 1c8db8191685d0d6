"""The search: every chain of items at its cheapest place, hardest first; then a few are taken out and put in again, many times.

Ruin and recreate (Schrimpf et al., J. Comput. Phys. 159, 2000) with the acceptance of simulated annealing. It counts steps, not
seconds, so that a seed repeats it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .board import Board, is_open
from .ground import WALL, Ground, Numbers
from .problem import Place, Rule

MOST_OUT = 9  # chains taken out at once, at most
RENEWED = 30  # steps between two looks at who costs something
SMALL = 0.02  # of the first temperature that is left in the end


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a chain goes: (item, hall, minute) of each of its items that is placed, and what that costs."""

    cost: int
    stands: tuple[tuple[int, int, int], ...]


class Search:
    """One run. `best` are the places of the cheapest programme so far, `best_cost` what it costs by the ground's prices."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.board = ground, Board(ground)
        self.random = np.random.default_rng(seed % 2**32)
        self.chains = chains(ground)
        self.chain_of = {item: c for c, chain in enumerate(self.chains) for item in chain}
        self.near = [self._near(chain) for chain in self.chains]
        self.cost = sum(self._missing(chain) for chain in self.chains)
        self.best_cost, self.best = self.cost, self.board.places()
        self.floor = [self._least(item) for item in range(len(ground.items))]
        self.least = sum(self.floor)
        self.costly: list[int] = []
        self.steps = 0

    def _least(self, item: int) -> int:
        """What the item costs at least, whatever the others do."""
        base, missing = self.ground.base[item], self._missing((item,))
        return min(missing, int(base.min())) if base.size else missing

    def first(self) -> None:
        """A whole programme: what is published where it stands, then by how few places are open."""
        open_places = [min(int((self.ground.base[i] < WALL).sum()) for i in chain) for chain in self.chains]
        published = self.ground.published
        order = sorted(
            range(len(self.chains)),
            key=lambda c: (not any(self.ground.items[i].id in published for i in self.chains[c]), open_places[c], c),
        )
        for chain in order:
            self._put(chain)
        self._keep()

    def step(self, heat: float) -> None:
        """Take some out, put them in again; keep that if it is not much worse, by the heat (in points)."""
        before, cost = (self.board.hall.copy(), self.board.start.copy()), self.cost
        out = self._choose()
        for chain in out:
            self._take(chain)
        for chain in self._order(out):
            self._put(chain)
        if self.cost < self.best_cost:
            self._keep()
        elif self.cost > cost and self.random.random() >= math.exp(-(self.cost - cost) / max(heat, 1e-9)):
            (self.board.hall, self.board.start), self.cost = before, cost

    def load(self, places: tuple[Place, ...], cost: int) -> None:
        """Go on from this programme."""
        self.board.hall[:] = -1
        self.board.load(places)
        self.cost = cost
        self._keep()

    @property
    def placed(self) -> int:
        return len(self.best)

    def heat(self) -> float:
        """A first temperature: what one clash usually costs."""
        weights = self.ground.overlap[(self.ground.overlap > 0) & (self.ground.overlap < WALL)]
        return float(np.median(weights)) if len(weights) else self.ground.problem.warning / 10

    def _keep(self) -> None:
        self.best_cost, self.best = self.cost, self.board.places()

    def _missing(self, chain: tuple[int, ...]) -> int:
        return self.ground.left_out * sum(self.ground.items[i].worth for i in chain)

    def _take(self, chain: int) -> None:
        for item in self.chains[chain]:
            if self.board.hall[item] >= 0:
                self.cost -= self._cost_here(item)
                self.board.take(item)
                self.cost += self._missing((item,))

    def _cost_here(self, item: int) -> int:
        return self.board.cost_at(item, int(self.board.hall[item]), int(self.board.start[item]))

    def _put(self, chain: int) -> None:
        items = self.chains[chain]
        for first in range(len(items)):
            spot = self.spot(items[first:])
            if spot is not None and self._stand(spot):
                return

    def _stand(self, spot: Spot) -> bool:
        """Put the chain there; not if its own items turn out to block each other."""
        cost = spot.cost if len(spot.stands) == 1 else 0
        for item, hall, start in spot.stands:
            self.board.put(item, hall, start)
            cost += self._cost_here(item) if len(spot.stands) > 1 else 0
        items = tuple(item for item, _, _ in spot.stands)
        if not is_open(cost):
            for item in items:
                self.board.take(item)
            return False
        self.cost += cost - self._missing(items)
        return True

    def spot(self, items: tuple[int, ...]) -> Spot | None:
        """The cheapest place for a chain that has none now, among equals the roundest time, then by lot. None: all is blocked."""
        total, columns = self.board.together(items)
        if not total.size or not is_open(cost := int(total.min())):
            return None
        flat = np.flatnonzero(total == cost)
        rough = self.ground.rough[flat % total.shape[1]]
        flat = flat[rough == rough.min()]
        hall, column = divmod(int(flat[self.random.integers(len(flat))]), total.shape[1])
        starts = [(item, hall, int(self.ground.times[at[column]])) for item, at in zip(items, columns, strict=True)]
        return Spot(cost, tuple(starts))

    def _near(self, chain: tuple[int, ...]) -> Numbers:
        """Chains whose items meet these: guests, overlaps, names. Those are worth being moved together."""
        ground, found = self.ground, set()
        for item in chain:
            met = np.flatnonzero(ground.overlap[item] + ground.guests[item])
            found |= {self.chain_of[i] for i in [*met.tolist(), *(other for _, other, _ in ground.bound[item])]}
        return np.array(sorted(found), dtype=np.int64)

    def _choose(self) -> list[int]:
        """What is taken out: somebody without a place, or anybody, with those who stand around or are related to it."""
        size = int(self.random.integers(2, MOST_OUT + 1))
        missing = list(dict.fromkeys(self.chain_of[i] for i in np.flatnonzero(self.board.hall < 0).tolist()))
        if missing and self.random.random() < 0.5:
            lone = missing[int(self.random.integers(len(missing)))]
            return [lone, *(c for c in self._in_the_way(lone) if c != lone)][: 2 * MOST_OUT]
        if self.steps % RENEWED == 0:
            self.costly = self._costly()
        self.steps += 1
        pick = self.costly if self.costly and self.random.random() < 0.6 else range(len(self.chains))
        lone = pick[int(self.random.integers(len(pick)))]
        lot = self.random.random()
        pool = self.near[lone] if lot < 0.4 else self._around(lone) if lot < 0.8 else np.arange(len(self.chains))
        pool = pool[pool != lone]
        chosen = self.random.permutation(pool)[: size - 1].tolist() if len(pool) else []
        return [lone, *chosen]

    def _costly(self) -> list[int]:
        """Chains of which some item costs more than it would somewhere else, alone."""
        found = {}
        for item in np.flatnonzero(self.board.hall >= 0).tolist():
            if self._cost_here(item) > self.floor[item]:
                found[self.chain_of[item]] = True
        return list(found)

    def _around(self, chain: int) -> Numbers:
        """Chains that run at the same time or stand in the same hall on the same day, give or take."""
        board, last = self.board, self.chains[chain][-1]
        gap = np.abs(board.start - board.start[last])
        close = (gap < 90) | ((board.hall == board.hall[last]) & (gap < 480))
        found = {self.chain_of[i] for i in np.flatnonzero(close & (board.hall >= 0)).tolist()}
        return np.array(sorted(found), dtype=np.int64)

    def _in_the_way(self, chain: int) -> list[int]:
        """Chains that stand where this one could be, at a place by lot among those open to it alone."""
        items = self.chains[chain]
        last = items[-1]
        flat = np.flatnonzero(self.ground.base[last] < WALL)
        if not len(flat):
            return []
        hall, column = divmod(int(flat[self.random.integers(len(flat))]), len(self.ground.times))
        others = [i for i in np.flatnonzero(self.board.hall >= 0).tolist() if i not in items]
        return list(dict.fromkeys(self.chain_of[i] for i in others if self.board.beside(last, i)[hall, column] >= WALL))

    def _order(self, out: list[int]) -> list[int]:
        """By lot, by what is missing most, or the first first."""
        lot = self.random.random()
        if lot < 0.3:
            return out
        mixed = [out[i] for i in self.random.permutation(len(out)).tolist()]
        return mixed if lot < 0.7 else sorted(mixed, key=lambda c: int((self.ground.base[self.chains[c][-1]] < WALL).sum()))


def chains(ground: Ground) -> list[tuple[int, ...]]:
    """The items that go together, in the order of time: each leads the next, where that must be; most are alone."""
    if ground.price[Rule.LEAD] < WALL:
        return [(i,) for i in range(len(ground.items))]
    leader = {ground.at[led]: ground.at[first] for led, first in ground.book.leader.items()}
    found = []
    for last, item in enumerate(ground.items):
        if item.leads is None:
            chain = [last]
            while chain[0] in leader:
                chain.insert(0, leader[chain[0]])
            found.append(tuple(chain))
    return found
