"""The compiled search as an object: greedy start, annealing in chunks, the best timetable so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..problem import Problem
from .annealing import anneal, fill, keep_best, load
from .arrays import empty_state, fixed_arrays
from .rows import Rows


@dataclass(frozen=True, slots=True)
class Held:
    """A request placed, in positions: first slot, place (None: no table), participants and then its delegates team by team."""

    slot: int
    place: int | None
    who: tuple[int, ...]


class Search:
    def __init__(self, problem: Problem, rows: Rows, seed: int) -> None:
        self.problem, self.rows = problem, rows
        self.fixed = fixed_arrays(problem, rows)
        self.state = empty_state(self.fixed, seed)
        self.musts = sum(rows.must)

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
        keep_best(self.state)

    def begin_with(self, held: dict[int, Held]) -> None:
        slots, seats, who = np.full(len(self.rows.length), -1), np.full(len(self.rows.length), -1), self.fixed.people.copy()
        for request, row in held.items():
            slots[request], seats[request] = row.slot, -1 if row.place is None else row.place
            first = self.fixed.people_from[request]
            who[first : first + len(row.who)] = row.who
        load(self.fixed, self.state, slots, seats, who)
        keep_best(self.state)

    def restart(self) -> None:
        """Go on from the best."""
        load(self.fixed, self.state, self.state.best_slot.copy(), self.state.best_seat.copy(), self.state.best_who.copy())

    def anneal(self, steps: int, hot: float, cold: float, *, big: float, floor: float, price: float, chains: float) -> None:
        anneal(self.fixed, self.state, steps, hot, cold, big, floor, price, chains)

    @property
    def complete(self) -> bool:
        """Whether the best timetable places all that must be placed."""
        return int(self.state.best_totals[0]) == self.musts

    @property
    def short(self) -> int:
        """Meetings missing to the floor in the best timetable."""
        return sum(self.rows.target) - int(self.state.best_totals[1])

    @property
    def best_weight(self) -> int:
        return int(self.state.best_totals[2])

    @property
    def best_breaks(self) -> int:
        return int(self.state.best_totals[3])

    @property
    def best_placed(self) -> int:
        return int(self.state.best_totals[4])

    def held(self) -> dict[int, Held]:
        """The best timetable: position of the request -> where and with whom."""
        found: dict[int, Held] = {}
        for request, slot in enumerate(self.state.best_slot.tolist()):
            if slot >= 0:
                seat = int(self.state.best_seat[request])
                first, last = self.fixed.people_from[request], self.fixed.people_from[request + 1]
                found[request] = Held(slot, None if seat < 0 else seat, tuple(self.state.best_who[first:last].tolist()))
        return found
