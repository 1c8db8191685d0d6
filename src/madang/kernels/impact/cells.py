"""Small cells of a published table are hidden, and enough others with them that no reader can compute what was hidden.

A cell is hidden where too few stand behind it or one of them dominates it (primary). Totals are published too, so further
cells are hidden (secondary) until each primary cell can lie anywhere in a range that is wide enough, whatever a reader
computes from what is left. `audit.py` recomputes those ranges independently of how cells were chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, sparse

from .audit import Bound, audit, equations, unit, wanted
from .faults import BoolArray, FloatArray, ImpactError, amount, at_least, figures, share, whole


@dataclass(frozen=True, slots=True)
class Rule:
    """When a cell is hidden. `least`: fewer than so many contributors (companies, people) behind it. `dominance`: one
    contributor has more than this share of the value (only looked at where the largest shares are given). `margin`: how far a
    hidden value must stay uncertain, as a share of it, up and down; a hidden count is to look like anything from 0 to `least`.
    """

    least: int = 5
    dominance: float = 0.75
    margin: float = 0.5

    def __post_init__(self) -> None:
        at_least("least", self.least, 1)
        share("dominance", self.dominance)
        amount("margin", self.margin)


@dataclass(frozen=True, eq=False, slots=True)
class Published:
    """A table with its totals as the last place of each axis, shape (n + 1, m + 1, ...).

    `shown`: NaN where hidden. `primary`, `secondary`: masks of the hidden. `bounds`: what a reader can compute of each hidden
    cell. `safe`: whether every primary cell stays as uncertain as wanted.
    """

    shown: FloatArray
    primary: BoolArray
    secondary: BoolArray
    bounds: tuple[Bound, ...]

    @property
    def safe(self) -> bool:
        """Whether nothing narrower than wanted can be inferred."""
        return all(bound.safe for bound in self.bounds)


def suppress(
    values: ArrayLike, contributors: ArrayLike | None = None, largest: ArrayLike | None = None, rule: Rule | None = None
) -> Published:
    """Hide what must be hidden of a table of any number of axes, without its totals, which are added.

    `values`: not negative, shape (n, ...). `contributors`: whole numbers behind each cell, disjoint between cells, same shape;
    None: the values are themselves counts of contributors. `largest`: the largest single contribution to each cell, same
    shape; None: no dominance rule. A cell without contributors is shown as it is, and where there is too little to hide in,
    totals are hidden as well. Raises ImpactError where shapes differ, or a largest contribution is more than its cell.
    Sources: Hundepool et al., Statistical Disclosure Control (2012), chapter 4; the choice of secondary cells: Kelly, Golden
    and Assad, Networks 22 (1992) 397, as linear programmes after Fischetti and Salazar, Management Science 47 (2001) 1008.
    """
    given = rule or Rule()
    table, behind, top = _tables(values, contributors, largest)
    primary = (behind > 0) & (behind < given.least)
    if top is not None:
        primary |= (behind > 0) & (top > given.dominance * table)
    ranges = wanted(table, counts=contributors is None, least=given.least, margin=given.margin)
    hidden = _hide(table, primary, ranges)
    shown = np.where(hidden, np.nan, table)
    return Published(shown, primary, hidden & ~primary, audit(table, hidden, primary, ranges))


def _tables(
    values: ArrayLike, contributors: ArrayLike | None, largest: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray | None]:
    """Values, contributors and largest contributions, with totals (the largest of a total is the largest of its cells)."""
    axes = max(1, np.ndim(values))
    inner = figures("values", values, axes=axes)
    behind = inner if contributors is None else figures("contributors", contributors, axes=axes)
    whole("values" if contributors is None else "contributors", behind)
    top = None if largest is None else figures("largest", largest, axes=axes)
    for name, other in (("contributors", behind), ("largest", top)):
        if other is not None and other.shape != inner.shape:
            raise ImpactError(f"{name}: its shape is {other.shape}, and that of the values {inner.shape}.")
    if top is not None and (top > inner).any():
        raise ImpactError("largest: one contribution is more than its whole cell.")
    if (inner[behind == 0] > 0).any():
        raise ImpactError("contributors: a cell has a value and nobody behind it.")
    return with_totals(inner, np.sum), with_totals(behind, np.sum), None if top is None else with_totals(top, np.max)


def with_totals(inner: FloatArray, total: Callable[..., FloatArray] = np.sum) -> FloatArray:
    """The table with one more place on each axis, for its totals (of `total`, such as numpy.sum)."""
    table = inner
    for axis in range(inner.ndim):
        table = np.concatenate([table, total(table, axis=axis, keepdims=True)], axis=axis)
    return table


def _hide(table: FloatArray, primary: BoolArray, ranges: tuple[FloatArray, FloatArray]) -> BoolArray:
    """All cells to hide: for each primary cell, the cheapest others that let it move up and down as far as wanted."""
    matrix = equations(table.shape)
    hidden = primary.copy()
    order = sorted(np.flatnonzero(primary), key=lambda cell: (-table.flat[cell], cell))
    for cell in order:
        for moved in (ranges[1].flat[cell] - table.flat[cell], ranges[0].flat[cell] - table.flat[cell]):
            if moved:
                hidden |= _cycle(matrix, table, hidden, int(cell), float(moved))
    return _given_back(table, hidden, primary, ranges)


def _cycle(matrix: sparse.csr_array, table: FloatArray, hidden: BoolArray, cell: int, moved: float) -> BoolArray:
    """The cells of the cheapest consistent change of the table in which `cell` moves by `moved` and nothing falls under 0."""
    size, moved, table = table.size, moved / unit(table), table / unit(table)
    price = np.where(hidden.ravel(), 0.0, 1 + np.log1p(table.ravel()))
    lower, upper = np.zeros(2 * size), np.concatenate([np.full(size, abs(moved) * size), table.ravel()])
    chosen, other = (cell, cell + size) if moved > 0 else (cell + size, cell)
    lower[chosen] = upper[chosen] = abs(moved)
    upper[other] = 0
    flow = optimize.linprog(
        np.concatenate([price, price]),
        A_eq=sparse.hstack([matrix, -matrix], format="csr"),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([lower, upper]),
        method="highs-ds",
    )
    if flow.status != 0:
        raise ImpactError(f"The cells to hide could not be found: {flow.message}")
    moving: BoolArray = (np.abs(flow.x[:size] - flow.x[size:]) > 1e-9).reshape(table.shape)
    return moving


def _given_back(table: FloatArray, hidden: BoolArray, primary: BoolArray, ranges: tuple[FloatArray, FloatArray]) -> BoolArray:
    """Without the secondary cells that turn out not to be needed, the largest first."""
    kept = hidden.copy()
    spare = np.flatnonzero(hidden & ~primary)
    for cell in sorted(spare, key=lambda cell: (-table.flat[cell], cell)):
        kept.flat[cell] = False
        if not all(bound.safe for bound in audit(table, kept, primary, ranges, only=primary)):
            kept.flat[cell] = True
    return kept
