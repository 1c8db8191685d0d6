"""How far readers agree: Krippendorff's alpha with its bootstrap interval, and intraclass correlations."""

from __future__ import annotations

import numpy as np

from .layout import Floats, Layout
from .problem import Agreement

RESAMPLES = 1000


def agreement_of(
    layout: Layout, variances: tuple[float, float, float] | None, level: float, chance: np.random.Generator
) -> Agreement:
    """Alpha for interval data (Krippendorff, 2011), entries resampled for its interval (Zapf et al., 2016); ICC of McGraw and
    Wong (1996) from the variances of quality, severity and noise (None: not known).
    """
    readers = float(len(layout.entries) / (1 / layout.readings).sum()) if len(layout.entries) else 0.0
    alpha, low, high = _alpha(layout, level, chance)
    single = consistency = average = None
    if variances is not None and sum(variances) > 0:
        quality, severity, noise = variances
        single = quality / (quality + severity + noise)
        consistency = quality / (quality + noise) if quality + noise > 0 else None
        average = quality / (quality + noise / readers) if quality + noise > 0 else None
    return Agreement(alpha, low, high, single, consistency, average, readers)


def _alpha(layout: Layout, level: float, chance: np.random.Generator) -> tuple[float | None, float | None, float | None]:
    sums = _unit_sums(layout)
    if not len(sums):
        return None, None, None
    alpha = float(_from_sums(sums.sum(axis=0)[None, :])[0])
    if np.isnan(alpha):
        return None, None, None
    if len(sums) < 2:
        return alpha, None, None
    drawn = chance.integers(0, len(sums), (RESAMPLES, len(sums))) + len(sums) * np.arange(RESAMPLES)[:, None]
    times = np.bincount(drawn.ravel(), minlength=RESAMPLES * len(sums)).reshape(RESAMPLES, -1)
    found = _from_sums(times @ sums)
    found = found[~np.isnan(found)]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2]).tolist() if len(found) else (None, None)
    return alpha, low, high


def _unit_sums(layout: Layout) -> Floats:
    """(entries read twice or more, 4): number, sum and squares of scores, and squared differences within, over m - 1."""
    count = layout.readings.astype(float)
    centred = layout.score - layout.score.mean() if len(layout.score) else layout.score
    total = np.bincount(layout.entry, centred, len(count))
    squares = np.bincount(layout.entry, centred**2, len(count))
    paired = count > 1
    within = 2 * (count * squares - total**2)[paired] / (count[paired] - 1)
    return np.column_stack([count[paired], total[paired], squares[paired], within])


def _from_sums(sums: Floats) -> Floats:
    """1 - observed / expected disagreement, for each row of sums; NaN where all scores are the same."""
    count, total, squares, within = sums.T
    expected = 2 * (count * squares - total**2) / (count - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(expected > 1e-12 * (1 + squares), 1 - within / expected, np.nan)
    return found
