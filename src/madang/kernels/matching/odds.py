"""From the parts of a pair to a chance with its 90 % interval: a prior until there are answers, then what they teach.

Log-odds = base + sum of weight * part. No weight may be below 0: more of what was asked for never speaks against a title. The
prior is a rough one, from the study of ratings that stands in for a market (docs/develop/matching.md): of pairs that nothing
keeps apart 7 in 100 come to something (what a list by chance hits), of those whose content agrees best about one in two. Answers
move it by Bayes' rule (a normal approximation at the likeliest weights): a few move it little, and the interval narrows as they
come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .arrays import Doubles, Floats, Ints
from .calibration import Z90, Chance
from .faults import MatchingError
from .pairs import PARTS

BASE = -2.6
WEIGHTS: Mapping[str, float] = {
    "genre": 1.2,
    "story": 1.4,
    "words": 1.0,
    "tone": 0.8,
    "audience": 0.6,
    "first_time": 0.5,
    "taste": 1.5,
}
"""Log-odds of a part that agrees in full, before anybody answered."""
BASE_SPREAD, SPREAD = 0.8, 0.5
"""Standard deviations of the prior: of the base, and of a weight as a share of it."""
NEW = 0.7
"""By how much log-odds differ between titles, and between buyers, of whom nothing is known."""
ENOUGH = 30
"""Answers from which chances are not called rough any more."""
STEPS = 40


@dataclass(frozen=True)
class Odds:
    """`base`, `weights` (by PARTS) and their covariance (1 + PARTS square); `answers`: how many taught them."""

    base: float
    weights: Doubles
    covariance: Doubles = field(repr=False)
    answers: int = 0

    @property
    def is_rough(self) -> bool:
        return self.answers < ENOUGH

    def shares(self, parts: Floats) -> Doubles:
        """What each part (PARTS x ...) adds to the log-odds, besides the base."""
        return np.asarray(parts, np.float64) * self.weights.reshape(-1, *[1] * (parts.ndim - 1))

    def chances(self, parts: Floats, wish_answers: Ints, title_answers: Ints) -> Chance:
        """Chances (W x T) of parts (PARTS x W x T); the answers (W and T) that each side has had narrow the interval."""
        middle = self.base + self.shares(parts).sum(axis=0)
        unsure = self._variance(parts) + _unknown(wish_answers)[:, None] + _unknown(title_answers)[None, :]
        wide = Z90 * np.sqrt(unsure)
        return Chance(_chance(middle), _chance(middle - wide), _chance(middle + wide))

    def _variance(self, parts: Floats) -> Doubles:
        """Of the log-odds, from what is not known of base and weights."""
        inner = self.covariance
        found = np.full(parts.shape[1:], inner[0, 0])
        for n, one in enumerate(parts, 1):
            found += one * (2 * inner[0, n] + sum(inner[n, m] * other for m, other in enumerate(parts, 1)))
        return np.maximum(found, 0)


def prior() -> Odds:
    """Where nobody answered yet."""
    weights = np.array([WEIGHTS[part] for part in PARTS])
    return Odds(BASE, weights, np.diag(np.concatenate([[BASE_SPREAD**2], (SPREAD * weights) ** 2])))


def learned(rows: Floats, answers: Floats, begun: Odds | None = None) -> Odds:
    """What `answers` (n; 1 yes, 0 no) to pairs with these parts (n x PARTS) teach. Monotone: no weight falls below 0.

    Raises `MatchingError` where their numbers differ.
    """
    first = begun or prior()
    if rows.shape != (len(answers), len(PARTS)):
        raise MatchingError(f"{len(answers)} answers need as many rows of {len(PARTS)} parts, not {rows.shape}")
    if not len(answers):
        return first
    evidence = np.concatenate([np.ones((len(answers), 1)), np.asarray(rows, np.float64)], axis=1)
    held = np.linalg.inv(first.covariance)
    middle = np.concatenate([[first.base], first.weights])
    at, free = middle.copy(), np.ones(len(middle), bool)
    while True:
        at[free] = _likeliest(evidence, np.asarray(answers, np.float64), middle, held, at, free)[free]
        low = free & (at < 0)
        low[0] = False
        if not low.any():
            break
        at[low], free = 0.0, free & ~low
    bend = _bend(evidence, at, held)
    return Odds(float(at[0]), at[1:], np.linalg.inv(bend), first.answers + len(answers))


def _likeliest(
    evidence: Doubles,
    answers: Doubles,
    middle: Doubles,
    held: Doubles,
    begun: Doubles,
    free: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Doubles:
    """Newton steps over the free weights; the others stay where they are."""
    at = begun.copy()
    for _ in range(STEPS):
        slope = evidence.T @ (answers - _chance(evidence @ at)) - held @ (at - middle)
        step = np.linalg.solve(_bend(evidence, at, held)[np.ix_(free, free)], slope[free])
        at[free] += step * min(1.0, 3 / max(1e-9, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-7:
            break
    return at


def _bend(evidence: Doubles, at: Doubles, held: Doubles) -> Doubles:
    chance = _chance(evidence @ at)
    return np.asarray((evidence * (chance * (1 - chance))[:, None]).T @ evidence + held)


def _unknown(answers: Ints) -> Doubles:
    """Variance of the log-odds of one side by how many answers it has had."""
    return np.asarray(NEW**2 * 5 / (5 + np.asarray(answers, np.float64)))


def _chance(log_odds: Doubles) -> Doubles:
    found: Doubles = 1 / (1 + np.exp(-np.clip(log_odds, -40, 40)))
    return found
