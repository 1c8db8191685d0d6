"""The compiled search as an object: greedy start, annealing in chunks, the best timetable so far."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .annealing import anneal, fill, keep_best, load
from .arrays import ALL, Floats, Ints, State, Words, empty_state, fixed_arrays
from .openings import Openings
from .problem import Problem
from .steps import UNWANTED, ZERO
from .tally import breaks_by_person

TIE = 1e-5  # what a break weighs among timetables of equal weight: less than a point, all together
CHUNK = 50_000  # steps between two looks at the clock


class Cooling(NamedTuple):
    """A stretch of annealing: the temperature falls from `hot` to `cold` points; shares of moves as in `annealing.anneal`."""

    hot: float
    cold: float
    chains: float
    eager: float

    def part(self, begin: float, end: float) -> Cooling:
        fall = self.cold / self.hot
        return self._replace(hot=self.hot * fall**begin, cold=self.hot * fall**end)


class Search:
    def __init__(self, problem: Problem, rows: Openings, seed: int) -> None:
        self.problem, self.rows = problem, rows
        self.fixed = fixed_arrays(problem, rows)
        self.state = empty_state(self.fixed, seed)
        self.musts = sum(rows.must)
        self.wanted = np.ones(len(rows.slots), bool)
        self.chance = np.random.default_rng(seed % 2**32)
        self.counts: Floats = np.arange(self.state.cost.shape[1], dtype=np.float64)
        self.judge_by(TIE * self.counts)
        self.second: State | None = None
        lines_are_days = not problem.breaks_over_forbidden
        if len(rows.days) > 1 and lines_are_days and not any(rows.after):
            self.second = empty_state(self.fixed, seed + 1)

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
        load(self.fixed, self.state, slots, np.full_like(slots, -1))
        keep_best(self.state)

    def restart(self) -> None:
        """Go on from the best."""
        load(self.fixed, self.state, self.state.best.copy(), self.state.best_seat.copy())

    def judge_by(self, costs: Floats, spread: float = 0.0) -> None:
        """What the best is to be: points less `costs` of 0, 1, ... breaks in a line, and less what people lack (see `State`)."""
        self.state.cost[1], self.state.spread[0] = costs, spread
        self._sum_up(self.state)

    def price(self, big: float, costs: Floats) -> None:
        """What the annealing goes by from now on: `big` points more for a must, `costs` of 0, 1, ... breaks in a line."""
        self.state.points[:] = self.fixed.gain + big * self.fixed.must
        self.state.cost[0] = costs
        self._sum_up(self.state)

    def anneal(self, steps: int, hot: float, cold: float, *, big: float, price: float, chains: float, enough: int = -1) -> int:
        """One thread; stops where every must is placed with at most `enough` breaks; the steps taken."""
        self.price(big, price * self.counts)
        self._own(self.state, np.arange(len(self.rows.slots)), np.full_like(self.state.open, ALL))
        return int(anneal(self.fixed, self.state, steps, hot, cold, chains, 0.0, enough))

    def cool(self, steps: int, cooling: Cooling, over: Callable[[], bool]) -> int:
        """About `steps` steps at the prices in hand, by two threads where the days allow it; the steps taken.

        Each thread has days of its own and the requests that stand there, and half of those that wait: nothing that one
        changes is looked at by the other, so that a seed repeats the run however the threads fall.
        """
        if self.second is None:
            self._own(self.state, self._movable(), np.full_like(self.state.open, ALL))
            return self._work(self.state, steps, cooling, over)
        theirs = self._split(self.second)
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(self._work, self.second, steps // 2, cooling, over)
            taken = self._work(self.state, steps - steps // 2, cooling, over)
            taken += other.result()
        slots, seats = self.state.slot.copy(), self.state.seat.copy()
        slots[theirs], seats[theirs] = self.second.slot[theirs], self.second.seat[theirs]
        load(self.fixed, self.state, slots, seats)
        self._sum_up(self.state)
        keep_best(self.state)
        return taken

    def _work(self, state: State, steps: int, cooling: Cooling, over: Callable[[], bool]) -> int:
        done = 0
        while done < steps and not over():
            chunk = min(CHUNK, steps - done)
            part = cooling.part(done / steps, (done + chunk) / steps)
            anneal(self.fixed, state, chunk, part.hot, part.cold, part.chains, part.eager, -1)
            done += chunk
        return done

    def _split(self, second: State) -> Ints:
        """Days and requests are dealt to the two states by lot; the requests of the second."""
        first, days = self.state, self.chance.permutation(len(self.rows.days))
        in_second = np.isin(np.arange(len(days)), days[: len(days) // 2])
        words = in_second[self.fixed.day_of_word]
        load(self.fixed, second, first.slot.copy(), first.seat.copy())
        second.points[:], second.cost[:], second.spread[:] = first.points, first.cost, first.spread
        second.worth[2], second.best_totals[0] = np.inf, len(first.slot)
        self._sum_up(second)
        movable = self._movable()
        lot = self.chance.random(len(movable)) < len(days) // 2 / len(days)
        placed = first.slot[movable] >= 0
        hers = np.where(placed, in_second[self.fixed.day_of[first.slot[movable]]], lot)
        self._own(first, movable[~hers], np.where(words, ZERO, ALL))
        self._own(second, movable[hers], np.where(words, ALL, ZERO))
        return movable[hers]

    def _movable(self) -> Ints:
        """Requests that may be drawn: placed, or wanted."""
        return np.flatnonzero(self.wanted | (self.state.slot >= 0))

    def _own(self, state: State, requests: Ints, words: Words) -> None:
        """The state draws its moves from these requests, and places them in these words alone."""
        waiting = requests[(state.slot[requests] < 0) & self.wanted[requests]]
        state.open[:] = words
        state.place_in_waiting[:] = UNWANTED
        state.place_in_waiting[requests[self.wanted[requests]]] = -1
        state.place_in_waiting[waiting] = np.arange(len(waiting))
        state.mine[: len(requests)], state.waiting[: len(waiting)] = requests, waiting
        state.lengths[:2] = len(requests), len(waiting)

    def _sum_up(self, state: State) -> None:
        """The worths from scratch: also gets rid of what adding up has rounded."""
        placed = state.slot >= 0
        state.got[:] = 0.0
        np.add.at(state.got, self.fixed.people, np.repeat(np.where(placed, self.fixed.gain, 0), np.diff(self.fixed.people_from)))
        lacks = state.spread[0] * np.square(1.0 - state.got / self.fixed.asked).sum()
        state.worth[0] = state.points[placed].sum() - state.cost[0][state.runs].sum() - lacks
        state.worth[1] = self.fixed.gain[placed].sum() - state.cost[1][state.runs].sum() - lacks

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
