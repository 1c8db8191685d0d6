"""What a reader can compute of hidden cells: for each, the least and the greatest value that goes with everything shown.

It knows nothing of how cells were chosen: the shown cells, the rule that totals are sums, and that nothing is negative, are all
that a reader has. Each bound is a linear programme.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from .faults import BoolArray, FloatArray, ImpactError

SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Bound:
    """A hidden cell: where it is, between what it can lie, and between what it has to be possible (equal for secondary
    cells).
    """

    cell: tuple[int, ...]
    low: float
    high: float
    wanted_low: float
    wanted_high: float
    primary: bool

    @property
    def safe(self) -> bool:
        """Whether it stays as uncertain as wanted. A secondary cell is hidden for others' sake only."""
        slack = SLACK * abs(self.wanted_high)
        return not self.primary or (self.low <= self.wanted_low + slack and self.high >= self.wanted_high - slack)


def wanted(table: FloatArray, *, counts: bool, least: int, margin: float) -> tuple[FloatArray, FloatArray]:
    """Between what each cell, were it hidden, has to be possible, two arrays of the table's shape.

    A count: from 0 to `least`. An amount: `margin` of it up and down, where it is 0 (of those who are there) that of the least
    amount.
    """
    if counts:
        return np.zeros(table.shape), np.maximum(table, least)
    least_amount = float(table[table > 0].min()) if table.any() else 1.0
    return table * max(0.0, 1 - margin), np.where(table > 0, table * (1 + margin), least_amount * margin)


def unit(table: FloatArray) -> float:
    """A power of 2 by which a table is divided before it goes into a linear programme: solvers know only figures near 1."""
    most = float(table.max())
    return 1.0 if not most or 1 <= most <= 1e6 else 2.0 ** round(math.log2(most / 1e4))


def equations(shape: tuple[int, ...]) -> sparse.csr_array:
    """One row an equation "the cells of a line less their total are 0", shape (lines, cells), for a table with totals last."""
    cells = np.arange(int(np.prod(shape))).reshape(shape)
    rows, columns, signs = [], [], []
    line = 0
    for axis in range(len(shape)):
        for one in np.moveaxis(cells, axis, -1).reshape(-1, shape[axis]):
            rows += [line] * len(one)
            columns += one.tolist()
            signs += [1.0] * (len(one) - 1) + [-1.0]
            line += 1
    return sparse.csr_array((signs, (rows, columns)), shape=(line, cells.size))


def audit(
    table: FloatArray,
    hidden: BoolArray,
    primary: BoolArray,
    ranges: tuple[FloatArray, FloatArray],
    *,
    only: BoolArray | None = None,
) -> tuple[Bound, ...]:
    """The bounds of all hidden cells (or of `only` some), in the order of the table.

    `table`: with totals, shape (n + 1, ...); `hidden`, `primary`: masks of it; `ranges`: of `wanted`. Raises ImpactError where
    the table's totals are not the sums of its cells. Source: Hundepool et al., Statistical Disclosure Control (2012), section
    4.3 (the attacker's problem).
    """
    matrix = equations(table.shape)
    if np.abs(matrix @ table.ravel()).max() > SLACK * (1 + table.max()):
        raise ImpactError("The totals of the table are not the sums of its cells.")
    unknown = np.flatnonzero(hidden)
    scale = unit(table)
    right = -(matrix @ np.where(hidden, 0.0, table).ravel()) / scale
    left = matrix[:, unknown]
    asked = unknown if only is None else np.flatnonzero(hidden & only)
    found = []
    for cell in asked.tolist():
        place = int(np.searchsorted(unknown, cell))
        low, high = (scale * _least(left, right, place, sign) for sign in (1.0, -1.0))
        found.append(_bound(table, primary, ranges, cell, (low, high)))
    return tuple(found)


def _least(left: sparse.csr_array, right: FloatArray, place: int, sign: float) -> float:
    """The least value of one unknown (`sign` 1), or the greatest (-1), infinite where nothing bounds it.

    Raises ImpactError where the programme is not solved.
    """
    goal = np.zeros(left.shape[1])
    goal[place] = sign
    for presolve in (True, False):  # the presolve may only say "infeasible or unbounded"
        found = optimize.linprog(goal, A_eq=left, b_eq=right, bounds=(0, None), method="highs-ds", options={"presolve": presolve})
        if found.status in (0, 3):
            return sign * float(found.fun) if found.status == 0 else np.inf
    raise ImpactError(f"What a reader can compute could not be found: {found.message}")


def _bound(
    table: FloatArray, primary: BoolArray, ranges: tuple[FloatArray, FloatArray], cell: int, ends: tuple[float, float]
) -> Bound:
    """What was found of one cell."""
    where = tuple(int(index) for index in np.unravel_index(cell, table.shape))
    low, high = (float(one.flat[cell]) if primary.flat[cell] else float(table.flat[cell]) for one in ranges)
    return Bound(where, *ends, low, high, bool(primary.flat[cell]))
