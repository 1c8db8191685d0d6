"""The bound that ignores who else is there: a linear programme by HiGHS over what each person's days can hold at most.

For each length k among a person's requests, a stretch of n slots holds meetings of lengths l with sum(l // k) <= n // k
(Chvátal-Gomory cuts of "no more slots than there are"). What a day holds at most of such a sum, with a pause, rest and the cap
kept, is found by dynamic programming over its slots; all days of a person together are one row of the programme.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from ..compiled import compiled
from .arrays import Fixed, Ints
from .rows import Rows

IMPOSSIBLE = 2
NEVER = -(1 << 40)


def weight_bound(fixed: Fixed, rows: Rows, seconds: float) -> int | None:
    """No timetable places more weight than this; None where what must be placed alone cannot be.

    Where HiGHS does not finish in `seconds` the bound is the sum of all weights that have an open start.
    """
    openable = np.diff(fixed.start_from) > 0
    if not openable.any():
        return None if fixed.must.any() else 0
    lines, columns, values, limits = _person_rows(fixed, rows)
    _table_rows(fixed, rows, lines, columns, values, limits)
    matrix = coo_array((values, (lines, columns)), shape=(len(limits), len(fixed.gain))).tocsr()
    answer = linprog(
        -fixed.gain.astype(float),
        A_ub=matrix,
        b_ub=np.array(limits),
        bounds=np.column_stack([np.where(openable, fixed.must, 0), openable]),
        method="highs",
        options={"time_limit": max(0.1, seconds)},
    )
    if answer.status == IMPOSSIBLE or (fixed.must[~openable] == 1).any():
        return None
    return math.floor(-answer.fun + 1e-4) if answer.status == 0 else int(fixed.gain[openable].sum())


def _person_rows(fixed: Fixed, rows: Rows) -> tuple[list[int], list[int], list[float], list[float]]:
    asked: dict[int, list[int]] = {}
    for request, people in enumerate(rows.people):
        for person in people:
            asked.setdefault(person, []).append(request)
    reach = _reach(fixed)
    lines: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    limits: list[float] = []
    for person, requests in asked.items():
        own = sorted({rows.length[r] for r in requests})
        lengths = np.array(own, np.int64)
        for unit in (0, *own):
            worth = [_worth(rows.length[r], unit) for r in requests]
            gains = np.array([_worth(length, unit) for length in own], np.int64)
            lines += [len(limits)] * len(requests)
            columns += requests
            values += map(float, worth)
            limits.append(float(most_of_person(fixed, reach, person, lengths, gains)))
    return lines, columns, values, limits


def _worth(length: int, unit: int) -> int:
    """What a meeting counts in the row of a unit: 1 in the row of numbers (unit 0)."""
    return 1 if unit == 0 else length // unit


def _table_rows(fixed: Fixed, rows: Rows, lines: list[int], columns: list[int], values: list[float], limits: list[float]) -> None:
    """Slots at tables: for each set of places that some request may use, all requests that may use no other."""
    users: dict[frozenset[int], list[int]] = {}
    for request, places in enumerate(rows.places):
        if places:
            users.setdefault(frozenset(places), []).append(request)
    for group in dict.fromkeys((*users, frozenset[int]().union(*users))):
        bound_to = [r for some, requests in users.items() if some <= group for r in requests]
        lines += [len(limits)] * len(bound_to)
        columns += bound_to
        values += fixed.length[bound_to].astype(float).tolist()
        limits.append(float(fixed.room[list(group)].sum()))


def _reach(fixed: Fixed) -> Ints:
    """(P, S) 1 where some request of hers could take the slot."""
    reach = np.zeros(fixed.away.shape, np.int64)
    for request in range(len(fixed.gain)):
        starts = fixed.start[fixed.start_from[request] : fixed.start_from[request + 1]]
        slots = (starts[:, None] + np.arange(fixed.length[request])).ravel()
        people = fixed.people[fixed.people_from[request] : fixed.people_from[request + 1]]
        reach[np.ix_(people[people >= 0], np.unique(slots))] = 1
    return reach


@compiled
def most_of_person(fixed: Fixed, reach: Ints, person: int, lengths: Ints, gains: Ints) -> int:
    """The most that meetings of these lengths can count for her over all days."""
    total, first = 0, 0
    while first < len(fixed.day_of):
        end = first
        while end < len(fixed.day_of) and fixed.day_of[end] == fixed.day_of[first]:
            end += 1
        held = min(np.int64(end - first), fixed.cap[person])
        total += min(most_of_day(fixed, reach, person, lengths, gains, first, end), held * gains.max())
        first = end
    return total


@compiled
def most_of_day(fixed: Fixed, reach: Ints, person: int, lengths: Ints, gains: Ints, first: int, end: int) -> int:
    """Dynamic programming over (slot, meetings in a row, slots of the day's first pause with a meeting)."""
    limited = fixed.row[person] < end - first
    longest = fixed.row[person] if limited else np.int64(1)
    pause, most = first_pause(fixed, first, end)
    best = np.full((end - first + 1, longest + 1, most + 1), NEVER)
    best[0, 0, 0] = 0
    for at in range(end - first):
        for row in range(longest + 1):
            for used in range(most + 1):
                value = best[at, row, used]
                if value < 0:
                    continue
                best[at + 1, 0, used] = max(best[at + 1, 0, used], value)
                for k in range(len(lengths)):
                    then, inside, next_row = at + lengths[k], 0, row + 1 if limited else 0
                    if then > end - first or next_row > longest or reach[person, first + at : first + then].min() == 0:
                        continue
                    for slot in range(first + at, first + then):
                        inside += pause >= 0 and fixed.pause[pause, slot] == 1
                    if used + inside <= most:
                        best[then, next_row, used + inside] = max(best[then, next_row, used + inside], value + gains[k])
    return int(best[end - first].max())


@compiled
def first_pause(fixed: Fixed, first: int, end: int) -> tuple[int, int]:
    """A pause of the day and how many of its slots may be met in; -1 and 0 where it has none. One is enough for a bound."""
    for n in range(len(fixed.pause_most)):
        if fixed.pause[n, first:end].max() == 1:
            return n, fixed.pause_most[n]
    return -1, 0
