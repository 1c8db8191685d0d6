"""The bound that ignores who else is there: a linear programme by HiGHS over what each person's days can hold at most.

For each length k among a person's requests, a stretch of n slots holds meetings of lengths l with sum(l // k) <= n // k
(Chvátal-Gomory cuts of "no more slots than there are"). What a day holds at most of such a sum, with a pause, rest and the cap
kept, is found by dynamic programming over its slots; all days of a person together are one row of the programme.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array

from ..compiled import compiled
from ..problem import Problem
from .arrays import CAP, DAY, ROW, Fixed, Ints
from .rows import Rows

IMPOSSIBLE = 2
NEVER = -(1 << 40)


@dataclass
class _Lines:
    """The rows of the programme: sum of value x request <= limit."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def add(self, requests: list[int], values: list[int], limit: int) -> None:
        self.rows += [len(self.limits)] * len(requests)
        self.columns += requests
        self.values += map(float, values)
        self.limits.append(float(limit))


def weight_bound(problem: Problem, rows: Rows, fixed: Fixed, seconds: float) -> int | None:
    """No timetable places more weight than this; None where what must be placed alone cannot be.

    Where HiGHS does not finish in `seconds` the bound is the sum of all weights that have an open start.
    """
    gain = np.array([r.weight for r in problem.requests], float)
    openable, must = np.array([bool(s) for s in rows.starts]), np.array(rows.must)
    if not openable.any():
        return None if must.any() else 0
    lines = _Lines()
    _people(rows, fixed, lines)
    _tables(rows, fixed, lines)
    answer = linprog(
        -gain,
        A_ub=coo_array((lines.values, (lines.rows, lines.columns)), shape=(len(lines.limits), len(gain))).tocsr(),
        b_ub=np.array(lines.limits),
        bounds=np.column_stack([np.where(openable, must, False), openable]).astype(float),
        method="highs",
        options={"time_limit": max(0.1, seconds)},
    )
    if answer.status == IMPOSSIBLE or must[~openable].any():
        return None
    return math.floor(-answer.fun + 1e-4) if answer.status == 0 else int(gain[openable].sum())


def _people(rows: Rows, fixed: Fixed, lines: _Lines) -> None:
    """For each person who asked: the number of her meetings, and for each length the cut of that length."""
    asked: dict[int, list[int]] = {}
    for request, people in enumerate(rows.people):
        for person in people:
            asked.setdefault(person, []).append(request)
    for person, requests in asked.items():
        reach = _reach(rows, requests, len(fixed.slot))
        lengths = sorted({rows.length[r] for r in requests})
        for unit in (0, *lengths):
            gains = np.array([_worth(length, unit) for length in lengths], np.int64)
            most = most_of_person(fixed.slot, fixed.pause, fixed.person[person], reach, np.array(lengths, np.int64), gains)
            lines.add(requests, [_worth(rows.length[r], unit) for r in requests], int(most))


def _worth(length: int, unit: int) -> int:
    """What a meeting counts in the row of a unit: 1 in the row of numbers (unit 0)."""
    return 1 if unit == 0 else length // unit


def _reach(rows: Rows, requests: list[int], total: int) -> npt.NDArray[np.uint8]:
    """(S) 1 where one of the requests could take the slot."""
    reach = np.zeros(total, np.uint8)
    for request in requests:
        starts = np.array(rows.starts[request], np.int64)
        for k in range(rows.length[request]):
            reach[starts + k] = 1
    return reach


def _tables(rows: Rows, fixed: Fixed, lines: _Lines) -> None:
    """Slots at tables: for each set of places that some request may use, all requests that may use no other."""
    users: dict[frozenset[int], list[int]] = {}
    for request, places in enumerate(rows.places):
        if places:
            users.setdefault(frozenset(places), []).append(request)
    for group in dict.fromkeys((*users, frozenset[int]().union(*users))):
        bound_to = [r for some, requests in users.items() if some <= group for r in requests]
        lines.add(bound_to, [rows.length[r] for r in bound_to], int(fixed.room[list(group)].sum()))


@compiled
def most_of_person(slots: Ints, pauses: Ints, person: Ints, reach: npt.NDArray[np.uint8], lengths: Ints, gains: Ints) -> int:
    """The most that meetings of these lengths can count for her over all days."""
    total, first = 0, 0
    while first < len(slots):
        end = first
        while end < len(slots) and slots[end, DAY] == slots[first, DAY]:
            end += 1
        held = min(end - first, person[CAP])
        pause = -1  # the first one of the day: one is enough for a bound
        for n in range(len(pauses) - 1, -1, -1):
            pause = n if pauses[n, first:end].max() == 1 else pause
        inside = pauses[pause, first:end] if pause >= 0 else np.zeros(end - first, np.int64)
        most = pauses[pause, -1] if pause >= 0 else 0
        total += min(most_of_day(inside, most, person[ROW], reach[first:end], lengths, gains), held * gains.max())
        first = end
    return total


@compiled
def most_of_day(inside: Ints, most: int, row: int, reach: npt.NDArray[np.uint8], lengths: Ints, gains: Ints) -> int:
    """Dynamic programming over (slot, meetings in a row, slots of the pause with a meeting)."""
    size = len(reach)
    limited = row < size
    longest = row if limited else 1
    best = np.full((size + 1, longest + 1, most + 1), NEVER)
    best[0, 0, 0] = 0
    for at in range(size):
        for held in range(longest + 1):
            for used in range(most + 1):
                value = best[at, held, used]
                if value < 0:
                    continue
                best[at + 1, 0, used] = max(best[at + 1, 0, used], value)
                then_held = held + 1 if limited else 0
                for k in range(len(lengths)):
                    then = at + lengths[k]
                    if then > size or then_held > longest or reach[at:then].min() == 0:
                        continue
                    then_used = used + inside[at:then].sum()
                    if then_used <= most:
                        best[then, then_held, then_used] = max(best[then, then_held, then_used], value + gains[k])
    return int(best[size].max())
