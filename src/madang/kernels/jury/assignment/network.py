"""The assignment as a minimum-cost flow: juror -> her readings of a country -> entry's readers of a country -> entry.

Every price is convex in a count whose sets are nested, so that a flow finds the best choice exactly (Ahuja, Magnanti and Orlin,
Network Flows, 1993, ch. 14); solved by OR-Tools' cost-scaling push-relabel.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from .ground import Flags, Ground, Ints

SOURCE, SINK = 0, 1


@dataclass(slots=True)
class Tally:
    """What each arc adds to each aim; `missing`, `idle`, `uneven` and `soft` are of one unit of flow."""

    missing: list[Ints] = field(default_factory=list)
    idle: list[Ints] = field(default_factory=list)
    uneven: list[Ints] = field(default_factory=list)
    soft: list[Ints] = field(default_factory=list)


@dataclass(slots=True)
class Network:
    """Arcs in columns. `pairs`: where those of open pairs begin, in the order of `entries_of` and `jurors_of`."""

    ground: Ground
    tails: list[Ints]
    heads: list[Ints]
    room: list[Ints]
    tally: Tally
    nodes: int
    pairs: int
    entries_of: Ints
    jurors_of: Ints

    def flow(self, weights: tuple[int, int, int, int], noise: Ints | None = None, kept: Ints | None = None) -> Flags:
        """(E, J) the choice that is cheapest where missing, idle, uneven and soft points weigh so much; locked pairs included.

        `noise`, `kept`: costs of the open pairs, added. Raises RuntimeError where the costs are too large for the solver.
        """
        parts = (self.tally.missing, self.tally.idle, self.tally.uneven, self.tally.soft)
        costs = sum(w * np.concatenate(part) for w, part in zip(weights, parts, strict=True))
        costs = np.asarray(costs, np.int64)
        for extra in (noise, kept):
            if extra is not None:
                costs[self.pairs : self.pairs + len(extra)] += extra
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            np.concatenate(self.tails), np.concatenate(self.heads), np.concatenate(self.room), costs
        )  # fmt: skip
        need = len(self.ground.codes) * self.ground.problem.readers - int(self.ground.locked.sum())
        solver.set_node_supply(SOURCE, need)
        solver.set_node_supply(SINK, -need)
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise RuntimeError(f"the flow was not solved: {status.name}")
        taken = solver.flows(arcs)[self.pairs : self.pairs + len(self.entries_of)] > 0
        chosen = self.ground.locked.copy()
        chosen[self.entries_of[taken], self.jurors_of[taken]] = True
        return chosen


class _Builder:
    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.tails: list[Ints] = []
        self.heads: list[Ints] = []
        self.room: list[Ints] = []
        self.tally = Tally()
        self.nodes = 2
        self.arcs = 0

    def new_nodes(self, count: int) -> Ints:
        first, self.nodes = self.nodes, self.nodes + count
        return np.arange(first, self.nodes, dtype=np.int64)

    def add(self, tails: npt.ArrayLike, heads: npt.ArrayLike, room: npt.ArrayLike, **points: npt.ArrayLike) -> None:
        shape = np.broadcast(np.asarray(tails), np.asarray(heads), np.asarray(room)).shape
        for column, given in ((self.tails, tails), (self.heads, heads), (self.room, room)):
            column.append(np.broadcast_to(np.asarray(given, np.int64), shape).ravel())
        for name in ("missing", "idle", "uneven", "soft"):
            column = getattr(self.tally, name)
            column.append(np.broadcast_to(np.asarray(points.get(name, 0), np.int64), shape).ravel())
        self.arcs += int(np.prod(shape))


def network_of(ground: Ground, ceiling: int | None = None) -> Network:
    """The network of a problem; no juror reads more than `ceiling` (None: than she may)."""
    build = _Builder(ground)
    jurors, entries = build.new_nodes(ground.codes.shape[1]), build.new_nodes(len(ground.codes))
    _loads(build, jurors, ceiling)
    _readers(build, entries)
    from_nodes = _countries_of_jurors(build, jurors)
    to_nodes = _countries_of_entries(build, _own_countries(build, entries))
    rows, columns = np.nonzero(ground.open)
    pairs = build.arcs
    build.add(from_nodes[columns, ground.main[rows]], to_nodes[rows, columns], 1, soft=ground.price[rows, columns])
    return Network(ground, build.tails, build.heads, build.room, build.tally, build.nodes, pairs, rows, columns)


def _loads(build: _Builder, jurors: Ints, ceiling: int | None) -> None:
    """One arc for each reading of a juror: the n-th makes the sum of squares of the loads greater by 2n - 1."""
    ground = build.ground
    held = ground.locked.sum(axis=0)
    most = ground.most if ceiling is None else np.minimum(ground.most, np.maximum(ceiling, held))
    for node, low, high, least in zip(jurors.tolist(), held.tolist(), most.tolist(), ground.least.tolist(), strict=True):
        levels = np.arange(low + 1, high + 1)
        build.add(SOURCE, node, np.ones(len(levels), int), uneven=2 * levels - 1, idle=-(levels <= least).astype(int))


def _readers(build: _Builder, entries: Ints) -> None:
    """Each entry takes as many readers as it lacks; one that is missing comes from the source, the second of an entry dearer."""
    ground = build.ground
    wanted = ground.problem.readers - ground.locked.sum(axis=1)
    build.add(entries, SINK, wanted)
    for step in range(1, int(wanted.max(initial=0)) + 1):
        build.add(SOURCE, entries[wanted >= step], 1, missing=1, uneven=2 * step - 1)


def _countries_of_jurors(build: _Builder, jurors: Ints) -> Ints:
    """(J, mains + 1) the node from which a juror reads entries of a main country; the last column is for entries of none."""
    ground = build.ground
    nodes = np.repeat(jurors[:, None], len(ground.mains) + 1, axis=1)
    for country, fair in enumerate(ground.fair.tolist()):
        mine = ground.main == country
        held, reach = ground.locked[mine].sum(axis=0), ground.open[mine].sum(axis=0)
        some = np.flatnonzero(held + reach > fair)
        nodes[some, country] = build.new_nodes(len(some))
        tails, heads = jurors[some], nodes[some, country]
        price = ground.problem.aims.lopsided
        build.add(tails, heads, np.maximum(0, fair - held[some]))
        build.add(tails, heads, np.clip(2 * fair - held[some], 0, fair), soft=price)
        build.add(tails, heads, reach[some], soft=2 * price)
    return nodes


def _own_countries(build: _Builder, entries: Ints) -> Ints:
    """(E, 2) the node by which readers come to an entry: others, and compatriots where there could be too many of them."""
    ground, cap = build.ground, build.ground.problem.most_compatriots
    nodes = np.repeat(entries[:, None], 2, axis=1)
    if cap is None:
        return nodes
    held = (ground.locked & ground.compatriot).sum(axis=1)
    some = np.flatnonzero((ground.open & ground.compatriot).sum(axis=1) + held > cap)
    nodes[some, 1] = build.new_nodes(len(some))
    build.add(nodes[some, 1], entries[some], np.maximum(0, cap - held[some]))
    return nodes


def _countries_of_entries(build: _Builder, entries: Ints) -> Ints:
    """(E, J) the node at which a juror's reading of an entry arrives: that of her country, where there could be two of it."""
    ground, price = build.ground, build.ground.problem.aims.same_country
    kinds = ground.compatriot.astype(np.int64)
    nodes = np.take_along_axis(entries, kinds, axis=1)
    for country in range(len(ground.homes) if price else 0):
        mine = ground.home == country
        held, reach = ground.locked[:, mine].sum(axis=1), ground.open[:, mine].sum(axis=1)
        some = np.flatnonzero(held + reach > 1)
        new = build.new_nodes(len(some))
        goal = nodes[np.ix_(some, mine)][:, 0]
        nodes[np.ix_(some, mine)] = new[:, None]
        for nth in range(1, ground.problem.readers + 1):
            there = (nth > held[some]) & (nth <= (held + reach)[some])
            build.add(new[there], goal[there], 1, soft=price * (nth - 1))
    return nodes
