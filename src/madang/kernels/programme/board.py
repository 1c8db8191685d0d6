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

    def costs(self, item: int) -> Numbers:
        """(halls, starts): what the item costs in each place, alone and with all others that are placed."""
        others = np.flatnonzero(self.hall >= 0)
        others = others[others != item]
        cost = self.ground.base[item].copy()
        if len(others):
            self._meet(cost, item, others)
            self._bound(cost, item)
        return cost

    def cost_at(self, item: int, hall: int, start: int) -> int:
        """What the item costs in one place; the start is one of the ground's."""
        return int(self.costs(item)[hall, int(np.searchsorted(self.ground.times, start))])

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

    def beside(self, item: int, other: int) -> Numbers:
        """(halls, starts): what the item costs in each place for this one other item's sake."""
        cost = np.zeros_like(self.ground.base[item])
        if self.hall[other] >= 0 and other != item:
            self._meet(cost, item, np.array([other]))
            self._bound(cost, item, only=other)
        return cost

    def _meet(self, cost: Numbers, item: int, others: Numbers) -> None:
        """Halls, guests and overlaps: stretches of starts, as differences at their two ends."""
        ground, start = self.ground, self.start[others]
        hall, end, length = self.hall[others], start + ground.length[others], ground.length[item]
        low = np.searchsorted(ground.times, start - length, "right")
        high = np.searchsorted(ground.times, end, "left")
        changes = ground.chain[others] != ground.chain[item]
        before = np.maximum(ground.changeover[hall], ground.clear[item] + ground.setup[others]) * changes
        after = np.maximum(ground.changeover[hall], ground.clear[others] + ground.setup[item]) * changes
        first = np.searchsorted(ground.times, start - length - before, "right")
        last = np.searchsorted(ground.times, end + after, "left")
        steps = np.zeros((cost.shape[0], cost.shape[1] + 1), dtype=np.int64)
        change, double = ground.price[Rule.CHANGEOVER], ground.price[Rule.HALL_DOUBLE]
        _stretch(steps, hall, first, last, change)
        _stretch(steps, hall, low, high, double - change)
        both = ground.overlap[item, others] + ground.guests[item, others] * ground.price[Rule.GUEST_DOUBLE]
        line = np.zeros(cost.shape[1] + 1, dtype=np.int64)
        np.add.at(line, low, both)
        np.subtract.at(line, high, both)
        cost += steps.cumsum(axis=1)[:, :-1] + line.cumsum()[:-1]
        if ground.price[Rule.TRAVEL]:
            for k in np.flatnonzero(ground.guests[item, others]).tolist():
                self._travel(cost, item, int(others[k]), int(low[k]), int(high[k]))

    def _travel(self, cost: Numbers, item: int, other: int, low: int, high: int) -> None:
        """On either side of the other item, by hall, the starts that leave its guests too little time."""
        ground = self.ground
        price = ground.price[Rule.TRAVEL] * int(ground.guests[item, other])
        start, end = self.start[other], self.start[other] + ground.length[other]
        way = ground.way[:, self.hall[other]]
        firsts = np.searchsorted(ground.times, start - ground.length[item] - way, "right")
        lasts = np.searchsorted(ground.times, end + way, "left")
        for hall in np.flatnonzero(way).tolist():
            first, last = int(firsts[hall]), int(lasts[hall])
            cost[hall, first:low] += price
            cost[hall, high:last] += price

    def _bound(self, cost: Numbers, item: int, only: int | None = None) -> None:
        """Order, days, and who leads whom."""
        ground, length = self.ground, self.ground.length[item]
        for rule, other, mine in ground.bound[item]:
            if self.hall[other] < 0 or only not in (None, other):
                continue
            price, start = ground.price[rule], int(self.start[other])
            end = start + int(ground.length[other])
            if rule is Rule.ORDER:
                late = ground.times < end if mine else ground.times > start - length
                cost += np.where(late, price, 0)
            elif rule is Rule.LEAD:
                gap = start - ground.times - length if mine else ground.times - end
                cost += price
                cost[self.hall[other], (gap >= 0) & (gap <= ground.problem.lead_gap)] -= price
            else:
                same = ground.day == ground.problem.day_of(start)
                cost += np.where(same == (rule is Rule.OTHER_DAY), price, 0)


def _stretch(steps: Numbers, rows: Numbers, first: Numbers, last: Numbers, price: int) -> None:
    if price:
        np.add.at(steps, (rows, first), price)
        np.subtract.at(steps, (rows, last), price)


def is_open(cost: int) -> bool:
    """Whether nothing blocks."""
    return cost < WALL
