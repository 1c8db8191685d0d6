"""Rates from stage to stage, with intervals that know that one buyer's meetings resemble each other.

A rate over meetings has fewer independent trials than meetings: a buyer who buys, buys often. The variance of the rate is
taken from the buyers, compared with that of independent trials (the design effect), and the Wilson interval gets the effective
number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .faults import FloatArray, ImpactError, figures, no_doubles, share, whole, within
from .interval import Interval, normal_quantile, t_quantile, wilson


@dataclass(frozen=True, slots=True)
class Rate:
    """`events` of `trials`, by `clusters` buyers. `design`: the design effect used (1: as good as independent). `effective`:
    trials it is worth, after the design effect and the few buyers. `assumed`: the clustering could not be measured (no event,
    only events, one buyer), so that each buyer counts once, or with the `icc` that was given.
    """

    events: int
    trials: int
    clusters: int
    rate: Interval
    design: float
    effective: float
    assumed: bool


@dataclass(frozen=True, slots=True)
class Step:
    """From one stage to the next, or to a later one. `rate` None: nothing came as far as `before`, so there is no rate."""

    before: str
    after: str
    rate: Rate | None


def rate(events: ArrayLike, trials: ArrayLike, *, level: float = 0.90, icc: float | None = None) -> Rate:
    """The rate of events to trials with an interval that respects clustering.

    `events`, `trials`: whole numbers by buyer, shape (buyers,); a buyer without trials counts for nothing. `icc`: correlation
    of two trials of a buyer (0 to 1), used where it cannot be measured here, for instance pooled over editions by
    `shared_icc`; unless given it is 1. Raises ImpactError where an event has no trial or nobody has any. Sources: the
    jackknife: Cochran, Sampling Techniques (1977), section 6.17; Kish, Survey Sampling (1965); Wilson on the effective size:
    Korn and Graubard, Survey Methodology 24 (1998) 193; Dean and Pagano, J. Surv. Stat. Methodol. 3 (2015) 484.
    """
    happened, tried = _pairs(events, trials)
    within("level", level)
    total, buyers = float(tried.sum()), len(tried)
    p = float(happened.sum()) / total
    measured = 0 < p < 1 and buyers > 1
    design = _design(happened, tried) if measured else _kish(tried, 1.0 if icc is None else share("icc", icc))
    effective = total / max(1.0, design)
    if measured:
        effective *= (normal_quantile(level) / t_quantile(level, max(1.0, total**2 / float(np.sum(tried**2)) - 1))) ** 2
    facts = int(happened.sum()), int(total), buyers, wilson(p, effective, level)
    return Rate(*facts, max(1.0, design), effective, not measured)


def _pairs(events: ArrayLike, trials: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Events and trials of those buyers who have trials. Raises ImpactError."""
    happened, tried = figures("events", events), figures("trials", trials)
    whole("events", happened)
    whole("trials", tried)
    if happened.shape != tried.shape:
        raise ImpactError(f"events and trials: they are by buyer, and there are {len(happened)} and {len(tried)}.")
    if (happened > tried).any():
        place = int(np.argmax(happened > tried))
        raise ImpactError(f"events: buyer {place} has {happened[place]:.0f} events in {tried[place]:.0f} trials.")
    if not tried.any():
        raise ImpactError("trials: there is none, so there is no rate.")
    return happened[tried > 0], tried[tried > 0]


def _design(happened: FloatArray, tried: FloatArray) -> float:
    """The variance of the rate between buyers (jackknife: each left out in turn) over that of as many independent trials."""
    total, buyers = tried.sum(), len(tried)
    p = happened.sum() / total
    between = (buyers - 1) / buyers * float(np.sum(((happened - p * tried) / (total - tried)) ** 2))
    return float(between / (p * (1 - p) / total))


def _kish(tried: FloatArray, icc: float) -> float:
    """The design effect of unequal clusters with a known correlation (Kish)."""
    return 1 + (float(np.sum(tried**2)) / float(tried.sum()) - 1) * icc


def shared_icc(tables: Sequence[tuple[ArrayLike, ArrayLike]]) -> float:
    """The correlation of two trials of one buyer, pooled over (events, trials) of several stages or editions; 0 to 1.

    Tables without an event, or with events only, tell nothing and are passed over. Raises ImpactError where all are such.
    Source: the ANOVA estimator, Donner, International Statistical Review 54 (1986) 67.
    """
    between, inside = 0.0, 0.0
    for events, trials in tables:
        happened, tried = _pairs(events, trials)
        p, buyers, total = happened.sum() / tried.sum(), len(tried), tried.sum()
        if not 0 < p < 1 or buyers < 2 or total == buyers:
            continue
        within_square = float(np.sum(happened * (1 - happened / tried))) / (total - buyers)
        typical = (total - float(np.sum(tried**2)) / total) / (buyers - 1)
        between += buyers * (float(np.sum((happened - p * tried) ** 2 / tried)) / (buyers - 1) - within_square) / typical
        inside += buyers * within_square
    if between + inside <= 0:
        raise ImpactError("icc: no table has both events and trials without one, from buyers with several trials.")
    return min(1.0, max(0.0, between / (between + inside)))


def funnel(stages: Sequence[str], counts: ArrayLike, *, level: float = 0.90, icc: float | None = None) -> tuple[Step, ...]:
    """The rate from each stage to the next, and at the end from the first to the last (where there are more than two).

    `counts`: whole numbers by stage and buyer, shape (stages, buyers), never rising from stage to stage. Money is not counted
    here: its stages are no parts of each other. Raises ImpactError, as `rate` does.
    """
    no_doubles("stages", stages)
    table = figures("counts", counts, axes=2)
    if len(table) != len(stages) or len(stages) < 2:
        raise ImpactError(f"counts: two stages or more are wanted, each with a row; {len(stages)} names, {len(table)} rows.")
    pairs = [(index, index + 1) for index in range(len(stages) - 1)]
    pairs += [(0, len(stages) - 1)] if len(stages) > 2 else []
    return tuple(Step(stages[a], stages[b], _of_stages(table[b], table[a], level, icc)) for a, b in pairs)


def _of_stages(events: FloatArray, trials: FloatArray, level: float, icc: float | None) -> Rate | None:
    """The rate between two stages, None where nothing came as far as the earlier one."""
    if not trials.any() and not events.any():
        return None
    return rate(events, trials, level=level, icc=icc)


def difference(now: Rate, earlier: Rate) -> Interval:
    """`now` less `earlier` (shares, -1 to 1), for two editions with different buyers. Raises ImpactError for two levels.

    Source: Newcombe's hybrid of two score intervals, Statistics in Medicine 17 (1998) 873, method 10.
    """
    a, b = now.rate, earlier.rate
    if a.level != b.level:
        raise ImpactError(f"level: the two rates have {a.level} and {b.level}.")
    gain = a.estimate - b.estimate
    low = gain - math.hypot(a.estimate - a.low, b.high - b.estimate)
    high = gain + math.hypot(a.high - a.estimate, b.estimate - b.low)
    return Interval(gain, max(-1.0, low), min(1.0, high), a.level)
