"""The bound that ignores time: a maximum-weight b-matching, solved as a linear programme by HiGHS (SciPy).

Each person takes part in at most so many meetings as her days have slots open to a request of hers (or her cap of the day),
the shared tables hold so many meetings as there are tables in all slots, and what must be placed is placed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array

from .arrays import Fixed, Floats, Words

UNSOLVED, IMPOSSIBLE = 1, 2


class Bound(NamedTuple):
    """`weight`: no timetable places more. `people` (P), `tables`: weight that one meeting more of a person, one place more at
    any table would add. `excess` (R): weight of a request less what its people and table are worth: what has less than 0 is
    not in the best matching.
    """

    weight: int
    people: Floats
    tables: float
    excess: Floats


def weight_bound(fixed: Fixed, seconds: float) -> Bound | None:
    """The best matching; None where the musts alone cannot be placed, time ignored.

    Where HiGHS does not finish in `seconds` the bound is the sum of all weights that have an open slot.
    """
    openable = fixed.allowed.any(axis=1)
    if (fixed.must[~openable] == 1).any():
        return None
    gain = fixed.gain.astype(float)
    loose = Bound(int(fixed.gain[openable].sum()), np.zeros(len(fixed.cap)), 0.0, gain)
    if not openable.any():
        return loose
    owners = np.repeat(np.arange(len(fixed.gain)), np.diff(fixed.people_from))
    pooled = np.flatnonzero(fixed.kind == 0)
    lines = np.concatenate([fixed.people, np.full(len(pooled), len(fixed.cap))])
    columns = np.concatenate([owners, pooled])
    matrix = coo_array((np.ones(len(lines)), (lines, columns)), shape=(len(fixed.cap) + 1, len(fixed.gain))).tocsr()
    answer = linprog(
        -gain,
        A_ub=matrix,
        b_ub=np.append(_room(fixed, owners), fixed.pool.sum()),
        bounds=np.column_stack([np.where(openable, fixed.must, 0), openable]),
        method="highs",
        options={"time_limit": max(0.1, seconds)},
    )
    if answer.status == IMPOSSIBLE:
        return None
    if answer.status != 0:
        return loose
    prices = -answer.ineqlin.marginals
    return Bound(math.floor(-answer.fun + 1e-4), prices[:-1], float(prices[-1]), gain - matrix.T @ prices)


def _room(fixed: Fixed, owners: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many meetings each person (P) can have: day by day the lesser of her cap and the slots that a request could use."""
    reach: Words = np.zeros_like(fixed.idle)
    np.bitwise_or.at(reach, fixed.people, fixed.allowed[owners])
    days = int(fixed.day_of.max(initial=0)) + 1
    found = np.zeros((len(fixed.cap), days), np.int64)
    for slot, (word, bit) in enumerate(zip(fixed.word_of, fixed.bit_of, strict=True)):
        found[:, fixed.day_of[slot]] += (reach[:, word] & bit) != 0
    total: npt.NDArray[np.int64] = np.minimum(found, fixed.cap[:, None]).sum(axis=1)
    return total
