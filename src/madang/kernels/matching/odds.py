"""From the parts of a pair to a chance with its 90 % interval: a prior until there are answers, then what they teach.

Log-odds = base + sum of weight * part. The prior is a rough one, from the study of ratings that stands in for a market
(docs/develop/matching.md): of pairs that nothing keeps apart 7 in 100 come to something (what a list by chance hits), of those
whose content agrees best about one in two. Answers move it by Bayes' rule (a normal approximation at the likeliest weights): a
few move it little, and the interval narrows as they come. That one side had picked the other counts apart (`chosen`), so a chance
is that of a pair which nobody picked, if the two are brought together. A weight keeps half of its prior at least: more of what
was asked for never speaks against a title, and pairs that were answered had been picked, so that they tell too little of it.
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
    "genre": 1.6,
    "story": 1.4,
    "words": 1.0,
    "tone": 0.8,
    "audience": 0.6,
    "first_time": 0.5,
    "taste": 1.2,
}
"""Log-odds of a part that agrees in full, before anybody answered."""
BASE_SPREAD, SPREAD = 0.8, 0.5
"""Standard deviations of the prior: of the base, and of a weight as a share of it."""
CHOSEN, CHOSEN_SPREAD = 1.5, 1.0
"""What it adds that one side had picked the other, and its standard deviation."""
LEAST = 0.5
"""Of its prior a weight keeps this much, whatever the answers say."""
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
        weights = self.weights.reshape(-1, *[1] * (parts.ndim - 1))
        return np.asarray(np.asarray(parts, np.float64) * weights, np.float64)

    def middle(self, score: Doubles) -> Doubles:
        """The chances of pairs whose shares add up to `score`, without their intervals."""
        return _chance(self.base + score)

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
        return np.asarray(np.maximum(found, 0), np.float64)


def prior() -> Odds:
    """Where nobody answered yet."""
    weights = np.array([WEIGHTS[part] for part in PARTS])
    return Odds(BASE, weights, np.diag(np.concatenate([[BASE_SPREAD**2], (SPREAD * weights) ** 2])))


def learned(rows: Floats, answers: Floats, chosen: Floats) -> Odds:
    """What `answers` (n; 1 yes, 0 no) to pairs with these parts (n x PARTS) teach; `chosen` (n): 1 where one side had picked the
    other itself.

    Raises `MatchingError` where their numbers differ.
    """
    first = prior()
    if rows.shape != (len(answers), len(PARTS)) or len(chosen) != len(answers):
        raise MatchingError(f"{len(answers)} answers need as many rows of {len(PARTS)} parts, not {rows.shape}")
    if not len(answers):
        return first
    evidence = np.concatenate([np.ones((len(answers), 1)), rows, np.asarray(chosen)[:, None]], axis=1).astype(np.float64)
    middle = np.concatenate([[first.base], first.weights, [CHOSEN]])
    held = np.diag(1 / np.concatenate([np.diag(first.covariance), [CHOSEN_SPREAD**2]]))
    least = np.concatenate([[-np.inf], LEAST * first.weights, [-np.inf]])
    at = _likeliest(evidence, np.asarray(answers, np.float64), middle, held, least)
    covariance = np.asarray(np.linalg.inv(_bend(evidence, at, held))[:-1, :-1], np.float64)
    return Odds(float(at[0]), at[1:-1], covariance, len(answers))


def _likeliest(evidence: Doubles, answers: Doubles, middle: Doubles, held: Doubles, least: Doubles) -> Doubles:
    """Newton steps; what would fall below its least stays there, and the others go on."""
    at, free = middle.copy(), np.ones(len(middle), bool)
    for _ in range(STEPS):
        slope = evidence.T @ (answers - _chance(evidence @ at)) - held @ (at - middle)
        step = np.linalg.solve(_bend(evidence, at, held)[np.ix_(free, free)], slope[free])
        at[free] += step * min(1.0, 3 / max(1e-9, float(np.abs(step).max())))
        low = free & (at < least)
        at[low], free = least[low], free & ~low
        if not low.any() and float(np.abs(step).max()) < 1e-7:
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
