"""The same programme as a flow of least cost (OR-Tools), where no group has a floor together: whole, and ten times as fast.

Buyers' places flow from a source over pairs to titles and into a sink; what a floor still needs flows first, since it is paid
with more than any way round it. Prices are potentials of the flow that is left: in it no arc may lead to a cheaper plan.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from ..arrays import Ints
from .problem import Market, owed
from .programme import LACK, Answer

SCALE = 1_000_000
"""Whole parts of an expected hit."""


def flow(market: Market, buyer: Ints, title: Ints) -> Answer:
    """The best of the pairs (`buyer`, `title`, N each), proven."""
    buyers, titles, pairs, need = len(market.buyers), len(market.titles), len(buyer), owed(market)
    source, sink, total = buyers + titles, buyers + titles + 1, int(np.sum(market.buyer_room))
    chance = market.chances[buyer, title].astype(float)
    of_title = buyers + np.arange(titles)
    tail = np.concatenate([buyer, np.full(buyers, source), of_title, of_title, [source]])
    head = np.concatenate([buyers + title, np.arange(buyers), np.full(2 * titles, sink), [sink]])
    room = np.concatenate([np.ones(pairs, np.int64), market.buyer_room, need, market.title_room - need, [total]])
    cost = np.zeros(len(tail), np.int64)
    cost[:pairs] = -np.round(chance * SCALE)
    cost[pairs + buyers : pairs + buyers + titles] = -int(LACK * SCALE)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    solver.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow ended as {status}")
    moved = solver.flows(arcs)
    left, back = moved < room, moved > 0
    height = _potentials(
        np.concatenate([tail[left], head[back]]),
        np.concatenate([head[left], tail[back]]),
        np.concatenate([cost[left], -cost[back]]),
        sink + 1,
    )
    price = (height - height[sink]) / SCALE
    taken = moved[:pairs] > 0
    value = float(chance[taken].sum())
    return Answer(taken, value, value, price[:buyers], -price[buyers:source], False, True)


def _potentials(tail: Ints, head: Ints, cost: Ints, nodes: int) -> Ints:
    """Heights with height[head] <= height[tail] + cost on every arc (Bellman and Ford, all arcs at once)."""
    if not len(head):
        return np.zeros(nodes, np.int64)
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.flatnonzero(np.append(True, head[1:] != head[:-1]))
    reached, height = head[first], np.zeros(nodes, np.int64)
    for _ in range(nodes):
        lower = np.minimum(height[reached], np.minimum.reduceat(height[tail] + cost, first))
        if np.array_equal(lower, height[reached]):
            return height
        height[reached] = lower
    raise RuntimeError("the flow could be cheaper: it was not the best")
