"""A programme on the ground: who stands where, and what every place costs one more item.

What an item meets in another is a stretch of starts, so that the costs beside all others are sums over differences.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .ground import WALL, Ground, Numbers
from .problem import Place, Rule


class Board:
    """`hall[i]` is -1 where item i has no place, else a row of the ground; `start[i]` its minute."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.hall = np.full(len(ground.items), -1, dtype=np.int64)
        self.start = np.zeros(len(ground.items), dtype=np.int64)

    def put(self, item: int, hall: int, start: int) -> None:
        self.hall[item], self.start[item] = hall, start

    def take(self, item: int) -> None:
        self.hall[item] = -1

    def places(self) -> tuple[Place, ...]:
        """In the order of the problem's items."""
        items, halls = self.ground.items, self.ground.halls
        return tuple(
            Place(items[i].id, halls[self.hall[i]].id, int(self.start[i])) for i in np.flatnonzero(self.hall >= 0).tolist()
        )

    def load(self, places: Iterable[Place]) -> None:
        for place in places:
            self.put(self.ground.at[place.item], self.ground.hall_at[place.hall], place.start)

    def costs(self, item: int, columns: slice = slice(None)) -> Numbers:
        """(halls, starts): what the item costs in each place, alone and with all others that are placed."""
        others = np.flatnonzero(self.hall >= 0)
        others = others[others != item]
        cost = self.ground.base[item][:, columns].copy()
        if len(others):
            self._meet(cost, item, others, columns)
            self._bound(cost, item, columns)
        return cost

    def beside(self, item: int, other: int) -> Numbers:
        """(halls, starts): what the item costs in each place for this one other item's sake."""
        cost = np.zeros_like(self.ground.base[item])
        if self.hall[other] >= 0 and other != item:
            self._meet(cost, item, np.array([other]), slice(None))
            self._bound(cost, item, slice(None), only=other)
        return cost

    def cost_at(self, item: int, hall: int, start: int) -> int:
        """What the item costs in one place; the start is one of the ground's."""
        column = int(np.searchsorted(self.ground.times, start))
        return int(self.costs(item, slice(column, column + 1))[hall, 0])

    def together(self, items: tuple[int, ...]) -> tuple[Numbers, list[Numbers]]:
        """(halls, starts of the last) what a chain costs, each item as late before the next as may be; columns of each item."""
        ground, times = self.ground, self.ground.times
        total, at = self.costs(items[-1]), np.arange(len(times))
        columns = [at]
        for item in reversed(items[:-1]):
            latest = times[at] - ground.length[item]
            before = np.searchsorted(times, latest, "right") - 1
            late = (before < 0) | (latest - times[before] > ground.problem.lead_gap)
            at = np.maximum(before, 0)
            total = total + self.costs(item)[:, at] + np.where(late, WALL, 0)
            columns.append(at)
        return total, columns[::-1]

    def _meet(self, cost: Numbers, item: int, others: Numbers, columns: slice) -> None:
        """Halls, guests and overlaps: stretches of starts, as differences at their two ends."""
        ground, start = self.ground, self.start[others]
        times = ground.times[columns]
        hall, end, length = self.hall[others], start + ground.length[others], ground.length[item]
        low = np.searchsorted(times, start - length, "right")
        high = np.searchsorted(times, end, "left")
        changes = ground.chain[others] != ground.chain[item]
        before = np.maximum(ground.changeover[hall], ground.clear[item] + ground.setup[others]) * changes
        after = np.maximum(ground.changeover[hall], ground.clear[others] + ground.setup[item]) * changes
        first = np.searchsorted(times, start - length - before, "right")
        last = np.searchsorted(times, end + after, "left")
        steps = np.zeros((cost.shape[0], cost.shape[1] + 1), dtype=np.int64)
        change, double = ground.price[Rule.CHANGEOVER], ground.price[Rule.HALL_DOUBLE]
        _stretch(steps, hall, first, last, change)
        _stretch(steps, hall, low, high, double - change)
        both = ground.overlap[item, others] + ground.guests[item, others] * ground.price[Rule.GUEST_DOUBLE]
        line = np.zeros(cost.shape[1] + 1, dtype=np.int64)
        np.add.at(line, low, both)
        np.subtract.at(line, high, both)
        shared = np.flatnonzero(ground.guests[item, others]) if ground.price[Rule.TRAVEL] else others[:0]
        if len(shared):
            self._travel(steps, item, others[shared], (low[shared], high[shared]), times)
        cost += steps.cumsum(axis=1)[:, :-1] + line.cumsum()[:-1]

    def _travel(self, steps: Numbers, item: int, others: Numbers, during: tuple[Numbers, Numbers], times: Numbers) -> None:
        """On either side of these items, by hall, the starts that leave guests of both too little time for the way."""
        ground, start = self.ground, self.start[others]
        price = ground.price[Rule.TRAVEL] * ground.guests[item, others]
        way = ground.way[:, self.hall[others]]
        first = np.searchsorted(times, start - ground.length[item] - way, "right")
        last = np.searchsorted(times, start + ground.length[others] + way, "left")
        rows = np.arange(len(way))[:, None]
        for columns, sign in ((first, 1), (during[0], -1), (during[1], 1), (last, -1)):
            np.add.at(steps, (rows, columns), sign * price)

    def _bound(self, cost: Numbers, item: int, columns: slice, only: int | None = None) -> None:
        """Order, days, and who leads whom."""
        ground, length = self.ground, self.ground.length[item]
        times, days = ground.times[columns], ground.day[columns]
        for rule, other, mine in ground.bound[item]:
            if self.hall[other] < 0 or only not in (None, other):
                continue
            price, start = ground.price[rule], int(self.start[other])
            end = start + int(ground.length[other])
            if rule is Rule.ORDER:
                late = times < end if mine else times > start - length
                cost += np.where(late, price, 0)
            elif rule is Rule.LEAD:
                gap = start - times - length if mine else times - end
                cost += price
                cost[self.hall[other], (gap >= 0) & (gap <= ground.problem.lead_gap)] -= price
            else:
                same = days == ground.problem.day_of(start)
                cost += np.where(same == (rule is Rule.OTHER_DAY), price, 0)


def _stretch(steps: Numbers, rows: Numbers, first: Numbers, last: Numbers, price: int) -> None:
    if price:
        np.add.at(steps, (rows, first), price)
        np.subtract.at(steps, (rows, last), price)


def is_open(cost: int) -> bool:
    """Whether nothing blocks."""
    return cost < WALL
