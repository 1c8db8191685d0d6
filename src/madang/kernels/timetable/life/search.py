"""The compiled search as an object: greedy start, annealing in chunks, the best timetable so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..problem import Aims, Problem
from .annealing import anneal, fill, keep_best, load
from .arrays import BREAKS, COUNTED, DEAR, MUSTS, PEOPLE, PEOPLE_END, PLACED, SPREAD, WEIGHT, empty_state, fixed_arrays
from .rows import Rows

TIE = 1e-6  # points for a break less among timetables of equal weight
ALL_WEIGHT_FIRST = Aims()


@dataclass(frozen=True, slots=True)
class Held:
    """A request placed, in positions: first slot, place (None: no table), participants and then its delegates team by team."""

    slot: int
    place: int | None
    who: tuple[int, ...]


class Search:
    """`aims` say what a break costs where timetables are compared, how many are too many, and what uneven shares cost."""

    def __init__(self, problem: Problem, rows: Rows, seed: int, aims: Aims = ALL_WEIGHT_FIRST) -> None:
        self.problem, self.rows, self.rate = problem, rows, max(TIE, aims.break_price)
        self.fixed = fixed_arrays(problem, rows)
        self.state = empty_state(self.fixed, seed)
        self.musts = sum(rows.must)
        if aims.most_breaks is not None:
            self.state.most[0] = aims.most_breaks
            self.state.fair[DEAR] = max((r.weight for r in problem.requests), default=1)
        self.state.fair[SPREAD] = aims.spread_price

    def fill(self, tries: int = 1_000) -> None:
        """Greedy: musts first (those with the fewest open starts before the others), then by weight for a slot."""
        rows, requests = self.rows, self.problem.requests
        order = sorted(
            range(len(requests)),
            key=lambda r: (
                not rows.must[r],
                len(rows.starts[r]) if rows.must[r] else 0,
                -requests[r].weight / rows.length[r],
                len(rows.starts[r]),
            ),
        )
        fill(self.fixed, self.state, np.array(order, np.int64), tries)
        keep_best(self.state, self.rate)

    def begin_with(self, held: dict[int, Held]) -> None:
        rows, who = np.full_like(self.state.best, -1), self.fixed.people.copy()
        for request, row in held.items():
            rows[request] = row.slot, -1 if row.place is None else row.place
            first = self.fixed.request[request, PEOPLE]
            who[first : first + len(row.who)] = row.who
        load(self.fixed, self.state, rows, who)
        keep_best(self.state, self.rate)

    def restart(self) -> None:
        """Go on from the best."""
        load(self.fixed, self.state, self.state.best.copy(), self.state.best_who.copy())

    def anneal(self, steps: int, hot: float, cold: float, *, big: float, floor: float, price: float, chains: float) -> None:
        anneal(self.fixed, self.state, steps, hot, cold, big, floor, max(price, self.rate), chains, self.rate)

    @property
    def complete(self) -> bool:
        """Whether the best timetable places all that must be placed."""
        return int(self.state.best_totals[MUSTS]) == self.musts

    @property
    def short(self) -> int:
        """Meetings missing to the floor in the best timetable."""
        return sum(self.rows.target) - int(self.state.best_totals[COUNTED])

    @property
    def best_weight(self) -> int:
        return int(self.state.best_totals[WEIGHT])

    @property
    def best_breaks(self) -> int:
        return int(self.state.best_totals[BREAKS])

    @property
    def best_placed(self) -> int:
        return int(self.state.best_totals[PLACED])

    def held(self) -> dict[int, Held]:
        """The best timetable: position of the request -> where and with whom."""
        found: dict[int, Held] = {}
        for request, (slot, seat) in enumerate(self.state.best.tolist()):
            if slot >= 0:
                first, last = self.fixed.request[request, [PEOPLE, PEOPLE_END]]
                found[request] = Held(slot, None if seat < 0 else seat, tuple(self.state.best_who[first:last].tolist()))
        return found
