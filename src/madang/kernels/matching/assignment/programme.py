"""The linear programme of some pairs, by HiGHS: most chances, rooms kept, what floors lack counted as the worst.

It is asked where groups have floors together. Groups that do not overlap make a network, whose best corner is whole; overlapping
ones need not, and then the same programme is solved in whole numbers. Without such groups `flow` gives the same, much faster.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array

from ..arrays import Bools, Doubles, Ints, Sparse
from .problem import Market, owed

LACK = 1000.0
"""Expected hits that one meeting below a floor costs: more than any way round it."""
WHOLE = 1e-6


class Answer(NamedTuple):
    """`taken` (N) of the pairs; `value` of the chances; prices; whether whole numbers had to be asked for, and were proven."""

    taken: Bools
    value: float
    bound: float
    buyer_price: Doubles
    title_price: Doubles
    rounded: bool
    proven: bool


class _Programme(NamedTuple):
    gain: Doubles
    matrix: Sparse
    room: Doubles
    upper: Doubles


def programme(market: Market, buyer: Ints, title: Ints, seconds: float) -> Answer | None:
    """The best of the pairs (`buyer`, `title`, N each); None where HiGHS did not finish in `seconds`."""
    asked = _built(market, buyer, title)
    found = linprog(
        -asked.gain,
        A_ub=asked.matrix,
        b_ub=asked.room,
        bounds=np.column_stack([np.zeros(len(asked.gain)), asked.upper]),
        method="highs",
        options={"time_limit": max(0.1, seconds)},
    )
    if found.status != 0:
        return None
    buyers, titles = len(market.buyers), len(market.titles)
    price = -found.ineqlin.marginals
    of_title = price[buyers : buyers + titles].copy()
    for line, members in _floor_lines(market):
        of_title[members] -= price[buyers + titles + line]
    x, pairs = found.x, len(buyer)
    rounded = bool((np.abs(x - np.round(x)) > WHOLE).any())
    proven = True
    if rounded:
        x, proven = _whole(asked, x, seconds)
    taken = np.round(x[:pairs]) > 0
    bound = float(-found.fun + LACK * found.x[pairs:].sum())
    return Answer(taken, float(asked.gain[:pairs][taken].sum()), bound, price[:buyers], of_title, rounded, proven)


def _built(market: Market, buyer: Ints, title: Ints) -> _Programme:
    """Columns: the pairs, then what each floor lacks. Lines: rooms of buyers, rooms of titles, floors of titles and groups."""
    buyers, titles, pairs = len(market.buyers), len(market.titles), len(buyer)
    floors = list(_floor_lines(market))
    need = np.array([*owed(market)[[int(members[0]) for _, members in floors[:titles]]], *_together(market)], float)
    of_title = np.arange(pairs)
    lines, columns, signs = [buyer, buyers + title, buyers + titles + title], [of_title] * 3, [1.0, 1.0, -1.0]
    for line, members in floors[titles:]:
        inside = np.flatnonzero(np.isin(title, members))
        lines.append(np.full(len(inside), buyers + titles + line))
        columns.append(inside)
        signs.append(-1.0)
    lack = np.arange(len(floors))
    lines, columns, signs = [*lines, buyers + titles + lack], [*columns, pairs + lack], [*signs, -1.0]
    values = np.concatenate([np.full(len(one), sign) for one, sign in zip(lines, signs, strict=True)])
    shape = (buyers + titles + len(floors), pairs + len(floors))
    matrix = coo_array((values, (np.concatenate(lines), np.concatenate(columns))), shape=shape).tocsr()
    gain = np.append(market.chances[buyer, title].astype(float), np.full(len(floors), -LACK))
    room = np.concatenate([market.buyer_room, market.title_room, -need]).astype(float)
    return _Programme(gain, matrix, room, np.append(np.ones(pairs), need))


def _floor_lines(market: Market) -> list[tuple[int, Ints]]:
    """The number of each floor's line and its titles: one line a title, then one a group with a floor together."""
    each = [(n, np.array([n])) for n in range(len(market.titles))]
    together = [group for group in market.groups if group.together > 0]
    return each + [(len(each) + n, np.array(group.members)) for n, group in enumerate(together)]


def _together(market: Market) -> list[int]:
    return [group.together for group in market.groups if group.together > 0]


def _whole(asked: _Programme, x: Doubles, seconds: float) -> tuple[Doubles, bool]:
    """The same in whole numbers; where that is not done in time, the linear answer's whole part (which keeps all rooms)."""
    found = milp(
        -asked.gain,
        constraints=LinearConstraint(asked.matrix, -np.inf, asked.room),
        bounds=Bounds(np.zeros(len(x)), asked.upper),
        integrality=np.ones(len(x)),
        options={"time_limit": max(0.1, seconds)},
    )
    if found.x is None:
        return np.floor(x + WHOLE), False
    return found.x, found.status == 0
