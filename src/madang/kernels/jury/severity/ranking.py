"""Places with their intervals, bands that cannot be told apart, and differences: all from draws of the posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .layout import Floats, Ints
from .problem import Axis, Id

SURE = 0.95  # chance from which an entry counts as worse than the first of a band


@dataclass(frozen=True, slots=True)
class Difference:
    """`gap`: score of the first less that of the second, `low` to `high` its interval, `chance` that the first is better.

    `code`: noise (the interval holds 0), real, not_comparable (no chain of readings links them), not_known (no intervals).
    """

    first: Id
    second: Id
    axis: str
    code: str
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None


def places(draws: Floats, level: float) -> tuple[Ints, Ints]:
    """(entries) the interval of the place of each, 1 best, of draws (entries, draws)."""
    order = np.argsort(-draws, axis=0)
    ranks = np.empty(order.shape, np.int32)
    np.put_along_axis(ranks, order, np.arange(1, len(order) + 1, dtype=np.int32)[:, None], axis=0)
    first, last = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=1, method="nearest")
    return first.astype(np.int64), last.astype(np.int64)


def bands(draws: Floats) -> Ints:
    """(entries, best first) number of the band of each: a band ends before the first that is surely worse than its first."""
    found, leader, band = np.zeros(len(draws), np.int64), 0, 0
    for row in range(1, len(draws)):
        if (draws[leader] > draws[row]).mean() >= SURE:
            leader, band = row, band + 1
        found[row] = band
    return found


def difference(axis: Axis, first: Id, second: Id) -> Difference:
    """Whether two entries differ on an axis, or the difference is noise. Raises KeyError for an entry without a score."""
    one, two = axis.row(first), axis.row(second)
    if axis.scores[one].group != axis.scores[two].group:
        return Difference(first, second, axis.name, "not_comparable")
    gap = axis.scores[one].score - axis.scores[two].score
    if axis.draws is None:
        return Difference(first, second, axis.name, "not_known", gap)
    gaps = axis.draws[one].astype(float) - axis.draws[two]
    low, high = np.quantile(gaps, [(1 - axis.level) / 2, (1 + axis.level) / 2]).tolist()
    chance = float((gaps > 0).mean() + (gaps == 0).mean() / 2)
    return Difference(first, second, axis.name, "noise" if low <= 0 <= high else "real", gap, low, high, chance)


def chances(axis: Axis, best: int) -> dict[Id, float]:
    """The chance of each entry to be among the `best` of its group: for a shortlist of that length. Empty without intervals."""
    if axis.draws is None:
        return {}
    found: dict[Id, float] = {}
    groups = np.array([s.group for s in axis.scores])
    for group in range(len(axis.groups)):
        rows = np.flatnonzero(groups == group)
        draws = axis.draws[rows]
        edge = -np.partition(-draws, min(best, len(rows)) - 1, axis=0)[min(best, len(rows)) - 1] if best > 0 else np.inf
        found.update(
            {axis.scores[row].entry: share for row, share in zip(rows, (draws >= edge).mean(axis=1).tolist(), strict=True)}
        )
    return found
