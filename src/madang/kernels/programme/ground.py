"""A problem laid out for the search: for each item what every (hall, start) costs.

Rows are halls, columns the starts that anybody may have; what blocks costs `WALL` or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from .book import Book
from .points import in_prime, left_out_price, move_price, seats_price
from .problem import Hall, Id, Item, Level, Place, Problem, Rule, Window

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
WALL = 1 << 40


class Ground:
    """Arrays over items, halls and starts. `base[i]`: (halls, starts), what item i costs alone; `bound[i]`: rules with names.

    `rough`: 0 for starts on the half hour, 1 on the quarter, 2 else.
    `on_grid`: which starts are everybody's; the others are for the item alone that is fixed or was published there.
    """

    def __init__(self, problem: Problem, published: Iterable[Place] = ()) -> None:
        self.problem, self.book = problem, Book(problem)
        self.items, self.halls = problem.items, problem.halls
        self.at = {item.id: i for i, item in enumerate(self.items)}
        self.hall_at = {hall.id: h for h, hall in enumerate(self.halls)}
        self.published = {p.item: p for p in published if p.item in self.at and p.hall in self.hall_at}
        self.price = {rule: {Level.BLOCK: WALL, Level.WARN: problem.warning}.get(self.book.level[rule], 0) for rule in Rule}
        self.left_out = left_out_price(problem, self.published.values())
        self.times = self._times()
        self.rough = (self.times % 15 != 0) * 1 + (self.times % 30 != 0) * 1
        self.day = np.array([problem.day_of(int(t)) for t in self.times], dtype=np.int64)
        self.length = _ints(item.length for item in self.items)
        self.setup, self.clear = _ints(i.setup for i in self.items), _ints(i.clear for i in self.items)
        self.changeover = _ints(hall.changeover for hall in self.halls)
        self.way = np.array([[self.book.way(a.id, b.id) for b in self.halls] for a in self.halls], dtype=np.int64)
        self.chain = _ints(self.at[self.book.chain[item.id]] for item in self.items)
        self._insides: dict[tuple[int, tuple[Window, ...]], Mask] = {}
        self.base = [self._base(item) for item in self.items]
        self._meet()

    def _times(self) -> Numbers:
        """The starts: the grid where some hall is open (or wherever one is, if being closed does not block), and those given."""
        step, windows = self.problem.step, [w for hall in self.halls for w in hall.opening]
        if windows and self.price[Rule.CLOSED] < WALL:
            windows = [Window(min(w.start for w in windows), max(w.end for w in windows))]
        grid = {t for w in windows for t in range(-(-w.start // step) * step, w.end, step)}
        found = grid | {item.fixed_start for item in self.items if item.fixed_start is not None}
        found |= {place.start for place in self.published.values()}
        times = np.array(sorted(found), dtype=np.int64)
        self.on_grid = np.isin(times, list(grid))
        return times

    def _base(self, item: Item) -> Numbers:
        cost = np.zeros((len(self.halls), len(self.times)), dtype=np.int64)
        for rule, _, mask in self.alone(item):
            cost += np.where(mask, self.seats(item) if rule is Rule.SEATS else self.price[rule], 0)
        if item.prime:
            cost += np.array([0 if in_prime(self.problem, int(t)) else item.prime for t in self.times], dtype=np.int64)
        given = {item.fixed_start}
        if (place := self.published.get(item.id)) is not None:
            cost += move_price(self.problem) * item.hold
            cost[self.hall_at[place.hall], self.times == place.start] -= move_price(self.problem) * item.hold
            given.add(place.start)
        not_its_own = ~self.on_grid & ~np.isin(self.times, [t for t in given if t is not None])
        return cost + np.where(not_its_own, WALL, 0)

    def seats(self, item: Item) -> Numbers:
        """What too few seats cost the item in each hall, as a column."""
        missing = [max(0, item.audience - hall.seats) if hall.seats is not None else 0 for hall in self.halls]
        blocks = self.price[Rule.SEATS] >= WALL
        return _ints((WALL if blocks else seats_price(self.problem, m, item.audience)) if m else 0 for m in missing)[:, None]

    def alone(self, item: Item) -> Iterator[tuple[Rule, Id | None, Mask]]:
        """Each rule that does not count for nothing, the hall or guest it is about, and where it is broken."""
        found: list[tuple[Rule, Id | None, Mask]] = []
        for h, hall in enumerate(self.halls):
            found += [(rule, hall.id, self._row(h, mask)) for rule, mask in self._in_hall(item, hall)]
        outside = np.zeros(len(self.times), dtype=np.bool_)
        if item.allowed is not None:
            outside = ~self._inside(item, item.allowed)
        for window in item.forbidden:
            outside = outside | (self.times < window.end) & (self.times + item.length > window.start)
        found.append((Rule.WINDOW, None, self._all(outside)))
        if item.fixed_start is not None:
            found.append((Rule.FIXED, None, self._all(self.times != item.fixed_start)))
        if item.ready_from is not None:
            found.append((Rule.NOT_READY, None, self._all(self.times < item.ready_from)))
        for guest in item.guests:
            if (available := self.book.guests[guest].available) is not None:
                found.append((Rule.GUEST_AWAY, guest, self._all(~self._inside(item, available))))
        return ((rule, who, mask) for rule, who, mask in found if self.price[rule] and mask.any())

    def _in_hall(self, item: Item, hall: Hall) -> Iterator[tuple[Rule, Mask]]:
        everywhere = np.ones(len(self.times), dtype=np.bool_)
        if item.halls is not None and hall.id not in item.halls:
            yield Rule.HALL, everywhere
        if not item.features <= hall.features:
            yield Rule.FEATURES, everywhere
        if hall.seats is not None and item.audience > hall.seats:
            yield Rule.SEATS, everywhere
        if item.fixed_hall not in (None, hall.id) and item.fixed_start is None:
            yield Rule.FIXED, everywhere
        if item.fixed_hall not in (None, hall.id) and item.fixed_start is not None:
            yield Rule.FIXED, self.times == item.fixed_start  # elsewhere the start breaks the rule, once
        yield Rule.CLOSED, ~self._inside(item, hall.opening)

    def _inside(self, item: Item, windows: tuple[Window, ...]) -> Mask:
        key = (item.length, windows)
        if key not in self._insides:
            inside = np.zeros(len(self.times), dtype=np.bool_)
            for window in windows:
                inside |= (self.times >= window.start) & (self.times + item.length <= window.end)
            self._insides[key] = inside
        return self._insides[key]

    def _row(self, hall: int, mask: Mask) -> Mask:
        found = np.zeros((len(self.halls), len(self.times)), dtype=np.bool_)
        found[hall] = mask
        return found

    def _all(self, mask: Mask) -> Mask:
        return np.broadcast_to(mask, (len(self.halls), len(self.times)))

    def _meet(self) -> None:
        """Matrices of pairs: points of an overlap, guests in both; and for each item those it is bound to by name."""
        count = len(self.items)
        self.overlap = np.zeros((count, count), dtype=np.int64)
        if self.price[Rule.OVERLAP]:
            blocks = self.price[Rule.OVERLAP] >= WALL
            for pair, weight in self.book.overlaps.items():
                one, other = (self.at[item] for item in pair)
                self.overlap[one, other] = self.overlap[other, one] = WALL * (weight > 0) if blocks else weight
        self.guests = np.zeros((count, count), dtype=np.int64)
        self.bound: list[list[tuple[Rule, int, bool]]] = [[] for _ in self.items]
        where = [set(item.guests) for item in self.items]
        for i, item in enumerate(self.items):
            self.guests[i] = [len(where[i] & other) for other in where]
            self.bind(Rule.ORDER, i, item.follows)
            self.bind(Rule.LEAD, i, () if item.leads is None else (item.leads,))
            self.bind(Rule.SAME_DAY, i, item.same_day)
            self.bind(Rule.OTHER_DAY, i, item.other_day)

    def bind(self, rule: Rule, item: int, others: Iterable[Id]) -> None:
        """Note a rule about two items with both; the flag says whose wish it is. Days are the same wish from either side."""
        for other in dict.fromkeys(others):
            one, two = (rule, self.at[other], True), (rule, item, False)
            day = rule in (Rule.SAME_DAY, Rule.OTHER_DAY)
            if self.price[rule] and not (day and (rule, item, True) in self.bound[self.at[other]]):
                self.bound[item].append(one)
                self.bound[self.at[other]].append(two)


def _ints(values: Iterable[int]) -> Numbers:
    return np.array(list(values), dtype=np.int64)
