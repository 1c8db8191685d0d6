"""From scores to probabilities, with an interval that is wide where little is known.

A logistic curve of evidence (fitted with a weak prior, so that few outcomes move it little), and around its log-odds the
spread by which titles, and buyers, differed from what was promised them: more for those with few likes than for those with many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Doubles, Floats, Ints

Z90 = 1.6449
MOST_PAIRS = 400_000
PRIOR = 1.0


@dataclass(frozen=True)
class Chance:
    """Probabilities and their 90 % interval, all of one shape."""

    middle: Doubles
    low: Doubles
    high: Doubles


@dataclass(frozen=True)
class Curve:
    """`weights` of (1, score, log(score), log(likes of the user)) after `scale`; `few`, `many`: spread of log-odds of a title."""

    weights: Doubles
    scale: float
    few: float
    many: float

    def log_odds(self, scores: Floats, taken: Ints) -> Doubles:
        """Log-odds (U x I) for `scores` (U x I) of users who have `taken` (U) so many items."""
        found = np.zeros(scores.shape)
        for weight, part in zip(self.weights, _evidence(scores, taken, self.scale), strict=True):
            found += weight * part
        return found

    def chances(self, scores: Floats, taken: Ints, known: Ints) -> Chance:
        """Probabilities (U x I); `known` (I): likes that each title has, which narrow the interval."""
        middle = self.log_odds(scores, taken)
        wide = Z90 * self.spread(known)[None, :] * np.ones_like(middle)
        new = 1 / (1 + np.asarray(taken))[:, None]
        wide = np.sqrt(wide**2 + (Z90 * self.few) ** 2 * new)
        return Chance(_odds(middle), _odds(middle - wide), _odds(middle + wide))

    def spread(self, known: Ints) -> Doubles:
        """Standard deviation of a title's log-odds by how many likes it has: `few` for none, towards `many`."""
        share = 5 / (5 + np.asarray(known, np.float64))
        found: Doubles = np.sqrt(share * self.few**2 + (1 - share) * self.many**2)
        return found


def curve(scores: Floats, happened: Floats, taken: Ints, known: Ints, open_: Floats | None = None, seed: int = 0) -> Curve:
    """The curve of `scores` (U x I) and what `happened` (U x I, 0 or 1); pairs with `open_` = 0 were no question."""
    asked = np.ones_like(happened, bool) if open_ is None else open_ > 0
    scale = float(np.quantile(np.abs(scores[:2000]), 0.9)) or 1.0
    pairs = np.flatnonzero(asked)
    if len(pairs) > MOST_PAIRS:
        pairs = np.sort(np.random.default_rng(seed).choice(pairs, MOST_PAIRS, replace=False))
    user = pairs // scores.shape[1]
    evidence = np.stack(list(_evidence(scores.ravel()[pairs], np.asarray(taken)[user], scale)), axis=-1)
    weights = logistic(evidence, happened.ravel()[pairs].astype(np.float64))
    first = Curve(weights, scale, 1.0, 1.0)
    promised = np.where(asked, _odds(first.log_odds(scores, taken)), 0)
    little = np.asarray(known) < 5
    return Curve(
        weights, scale, _title_spread(promised, happened * asked, little), _title_spread(promised, happened * asked, ~little)
    )


def logistic(evidence: Doubles, happened: Doubles, prior: Doubles | None = None) -> Doubles:
    """Weights by Newton steps, drawn to `prior` (default 0) as by one unit of standard normal evidence; the first is free."""
    begun = np.zeros(evidence.shape[1]) if prior is None else prior.astype(np.float64)
    found, hold = begun.copy(), np.full(evidence.shape[1], PRIOR)
    hold[0] = 1e-6
    for _ in range(30):
        chance = _odds(evidence @ found)
        slope = evidence.T @ (happened - chance) - hold * (found - begun)
        bend = (evidence * (chance * (1 - chance))[:, None]).T @ evidence + np.diag(hold)
        step = np.linalg.solve(bend, slope)
        found = found + step * min(1.0, 5 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-6:
            break
    return found


def _evidence(scores: Floats, taken: Ints, scale: float) -> Iterator[Doubles]:
    """One, the score, its logarithm, and how much the user takes: one after the other, since each may be a table of all pairs."""
    much = scores.astype(np.float64) / scale
    people = np.log1p(np.asarray(taken, np.float64)) / 3
    yield np.ones_like(much)
    yield np.clip(much, -5, 20) / 5
    yield np.log(np.maximum(much, 0) + 0.1)
    yield people[:, None] * np.ones_like(much) if much.ndim == 2 else people


def _title_spread(promised: Doubles, happened: Floats, which: Bools) -> float:
    """Spread of log(came / promised) over titles beyond chance: the moments of a count with a random rate."""
    expected, came = promised.sum(axis=0)[which], happened.sum(axis=0)[which].astype(np.float64)
    kept = expected > 0.05
    if kept.sum() < 5:
        return 1.5
    beyond = ((came[kept] - expected[kept]) ** 2 - expected[kept]).sum() / (expected[kept] ** 2).sum()
    return float(np.sqrt(np.log1p(max(0.01, beyond))))


def _odds(log_odds: Doubles) -> Doubles:
    found: Doubles = 1 / (1 + np.exp(-np.clip(log_odds, -40, 40)))
    return found
