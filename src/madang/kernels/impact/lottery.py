"""The last places drawn by lot: a draw that anybody can repeat, and what the drawn gained over those who were not.

Everyone in the draw has a number, SHA-256 of "seed:id"; the lowest numbers win. Publish `commitment(seed)` with the list of
candidates before, and the seed after: then nobody can have chosen the seed for its winners, and `sha256sum` checks the rest.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from .faults import BoolArray, FloatArray, ImpactError, at_least, no_doubles, within
from .interval import Interval, t_quantile
from .uplift import satterthwaite

EXACT = 20_000
"""Up to this many possible draws each is looked at; beyond it, that many are drawn by the seed."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it is recorded: its seed, all candidates in the order of their numbers, and how many places there were."""

    seed: str
    places: int
    ranked: tuple[str, ...]

    @property
    def winners(self) -> tuple[str, ...]:
        """Those who got a place, by number."""
        return self.ranked[: self.places]

    @property
    def others(self) -> tuple[str, ...]:
        """Those who did not, by number: the order in which a place that is given back is filled."""
        return self.ranked[self.places :]


def number(seed: str, candidate: str) -> str:
    """The candidate's number in the draw, 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{candidate}".encode()).hexdigest()


def commitment(seed: str) -> str:
    """What is published before the draw: SHA-256 of "commitment:seed"."""
    return number("commitment", seed)


def draw(candidates: Iterable[str], places: int, seed: str) -> Draw:
    """Draw `places` of the candidates. The order in which they are given does not matter.

    Raises ImpactError where the seed is shorter than 16 characters, a candidate stands twice, or there are not more candidates
    than places (then there is nothing to draw) or no places.
    """
    named = list(candidates)
    no_doubles("candidates", named)
    at_least("places", places, 1)
    if len(seed) < 16:
        raise ImpactError("seed: 16 characters are the least, or the winners could be guessed from the commitment.")
    if len(named) <= places:
        raise ImpactError(f"{len(named)} candidates for {places} places: there is nothing to draw.")
    return Draw(seed, places, tuple(sorted(named, key=lambda candidate: number(seed, candidate))))


def verify(record: Draw, candidates: Iterable[str], committed: str) -> bool:
    """Whether the record is what this list of candidates and the published commitment give."""
    return commitment(record.seed) == committed and draw(candidates, record.places, record.seed) == record


@dataclass(frozen=True, slots=True)
class Experiment:
    """What a place was worth, in the unit of the outcome (log ratios of `log_ratios`: log units).

    `difference`: winners' mean less the others', with Welch's t interval. `randomised`: the interval that the draw itself
    gives: the constant effects that its randomisation test does not reject. `p`: two-sided, of "no effect on anybody";
    `draws`: possible draws it looked at, `exact` whether those are all. `missing`: candidates without an outcome, winners
    first.
    """

    winners: int
    others: int
    difference: Interval
    randomised: Interval
    p: float
    draws: int
    exact: bool
    missing: tuple[str, ...]


def experiment(record: Draw, outcomes: Mapping[str, float], *, level: float = 0.90, seed: int = 1) -> Experiment:
    """The draw as the experiment it is. `outcomes`: a number for each candidate; without one (or NaN) she is missing, and
    named.

    By intention to treat: a winner who gave the place back counts as a winner. Raises ImpactError for an outcome of nobody in
    the draw, an infinite one, or fewer than two on a side. Sources: Fisher, The Design of Experiments (1935); Neyman,
    Statistical Science 5 (1923/1990) 465; intervals by inverting the test: Imbens and Rubin, Causal Inference (2015), chapter
    5.
    """
    within("level", level)
    values, won, missing = _outcomes(record, outcomes)
    welch = _welch(values[won], values[~won], level)
    drawn, exact = _possible(len(values), int(won.sum()), seed)
    test = _Test(values, won, drawn, exact)
    randomised = Interval(welch.estimate, test.limit(1 - level, -1), test.limit(1 - level, 1), level)
    return Experiment(int(won.sum()), int((~won).sum()), welch, randomised, test.p(0.0), len(drawn), exact, missing)


def _outcomes(record: Draw, outcomes: Mapping[str, float]) -> tuple[FloatArray, BoolArray, tuple[str, ...]]:
    """Outcomes by number, who won, and who is missing."""
    strangers = sorted(set(outcomes) - set(record.ranked))
    if strangers:
        raise ImpactError(f"outcomes: {', '.join(strangers)} was not in the draw.")
    values = np.array([outcomes.get(candidate, math.nan) for candidate in record.ranked], dtype=np.float64)
    if np.isinf(values).any():
        raise ImpactError(f"outcomes: that of {record.ranked[int(np.argmax(np.isinf(values)))]} is infinite.")
    known = ~np.isnan(values)
    won = np.arange(len(values)) < record.places
    if min(np.sum(known & won), np.sum(known & ~won)) < 2:
        raise ImpactError("outcomes: two winners and two others with an outcome are the least.")
    missing = tuple(candidate for candidate, there in zip(record.ranked, known, strict=True) if not there)
    return values[known], won[known], missing


def _welch(ours: FloatArray, theirs: FloatArray, level: float) -> Interval:
    """The difference of means with Welch's interval."""
    parts = (float(ours.var(ddof=1)) / len(ours), len(ours) - 1), (float(theirs.var(ddof=1)) / len(theirs), len(theirs) - 1)
    half = t_quantile(level, satterthwaite(*parts)) * math.sqrt(parts[0][0] + parts[1][0])
    mean = float(ours.mean() - theirs.mean())
    return Interval(mean, mean - half, mean + half, level)


def _possible(people: int, places: int, seed: int) -> tuple[FloatArray, bool]:
    """Possible draws as rows of 0 and 1, the real one among the many; and whether these are all."""
    if special.comb(people, places) <= EXACT:
        chosen = np.array(list(itertools.combinations(range(people), places)))
    else:
        chosen = np.argsort(np.random.default_rng(seed).random((EXACT, people)), axis=1)[:, :places]
    rows = np.zeros((len(chosen), people))
    np.put_along_axis(rows, chosen, 1.0, axis=1)
    return rows, bool(special.comb(people, places) <= EXACT)


class _Test:
    """The randomisation test of constant effects: under effect e, outcomes less e for the winners do not care who won."""

    def __init__(self, values: FloatArray, won: BoolArray, drawn: FloatArray, exact: bool) -> None:
        """`values`, `won`: (people,); `drawn`: (draws, people) of 0 and 1."""
        places, people = int(won.sum()), len(won)
        contrast = drawn / places - (1 - drawn) / (people - places)
        self.outcomes, self.winners = contrast @ values, contrast @ won.astype(np.float64)
        self.real = float(values[won].mean() - values[~won].mean())
        self.slack = 1e-9 * (1 + float(np.abs(values).max()))
        self.unseen = 0 if exact else 1

    def p(self, effect: float) -> float:
        """The share of draws at least as far from `effect` as the real one, which is counted in."""
        far = np.abs(self.outcomes - effect * self.winners) >= abs(self.real - effect) - self.slack
        return float(far.sum() + self.unseen) / (len(far) + self.unseen)

    def limit(self, alpha: float, side: int) -> float:
        """The farthest effect on one side that is not rejected; infinite where there are too few draws to reject anything."""
        step = 1.0 + float(np.ptp(self.outcomes))
        while self.p(self.real + side * step) > alpha:
            step *= 2
            if step > 1e12:
                return side * math.inf
        kept, rejected = 0.0, step
        for _ in range(60):
            middle = (kept + rejected) / 2
            kept, rejected = (middle, rejected) if self.p(self.real + side * middle) > alpha else (kept, middle)
        return self.real + side * rejected
