"""The compiled search as an object: greedy start, annealing in chunks, the best timetable so far."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .annealing import anneal, fill, keep_best, load
from .arrays import empty_state, fixed_arrays
from .openings import Openings
from .problem import Problem
from .tally import breaks_by_person


class Search:
    def __init__(self, problem: Problem, rows: Openings, seed: int) -> None:
        self.problem, self.rows = problem, rows
        self.fixed = fixed_arrays(problem, rows)
        self.state = empty_state(self.fixed, seed)
        self.musts = sum(rows.must)

    def fill(self, tries: int = 1_000) -> None:
        """Greedy: musts first (those with the fewest open slots before the others), then by weight."""
        rows, requests = self.rows, self.problem.requests
        order = sorted(
            range(len(requests)),
            key=lambda r: (not rows.must[r], len(rows.slots[r]) if rows.must[r] else 0, -requests[r].weight, len(rows.slots[r])),
        )
        fill(self.fixed, self.state, np.array(order, np.int64), tries)
        keep_best(self.state)

    def begin_with(self, slot_of: dict[int, int]) -> None:
        slots = np.full(len(self.rows.slots), -1, np.int64)
        for request, slot in slot_of.items():
            slots[request] = slot - 1
        load(self.fixed, self.state, slots)
        keep_best(self.state)

    def restart(self) -> None:
        """Go on from the best."""
        load(self.fixed, self.state, self.state.best.copy())

    def anneal(self, steps: int, hot: float, cold: float, *, big: float, price: float, chains: float, enough: int = -1) -> int:
        return int(anneal(self.fixed, self.state, steps, hot, cold, big, price, chains, enough))

    @property
    def complete(self) -> bool:
        """Whether the best timetable places all that must be placed."""
        return int(self.state.best_totals[0]) == self.musts

    @property
    def best_weight(self) -> int:
        return int(self.state.best_totals[1])

    @property
    def best_breaks(self) -> int:
        return int(self.state.best_totals[2])

    @property
    def best_placed(self) -> int:
        return int(self.state.best_totals[3])

    def slot_of(self) -> dict[int, int]:
        """The best timetable: position of the request -> slot (1-based)."""
        return {r: int(s) + 1 for r, s in enumerate(self.state.best) if s >= 0}

    def breaks_of(self, slot_of: dict[int, int]) -> npt.NDArray[np.int64]:
        return breaks_by_person(self.problem, self.rows, slot_of)
