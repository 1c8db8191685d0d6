"""One effect from several editions, each of which is too small to tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from .faults import FloatArray, ImpactError, at_least
from .interval import Interval, t_quantile


@dataclass(frozen=True, slots=True)
class Study:
    """One edition's effect in log units (finite), its standard error (> 0) and degrees of freedom, as `uplift` gives them."""

    effect: float
    standard_error: float
    df: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.effect):
            raise ImpactError(f"effect: {self.effect} is not a finite number.")
        at_least("standard_error", self.standard_error, math.ulp(0.0))
        at_least("df", self.df, math.ulp(0.0))


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean effect over editions: `log` in log units, `lift` as a ratio.

    `between`: standard deviation of the true effects between editions, log units. `share_between`: share of all variation that
    is not chance within editions (I squared, 0 to 1). `next_edition`: where the true effect of another edition lies (log
    units); None with fewer than three editions. `df`: of the t interval.
    """

    studies: int
    log: Interval
    lift: Interval
    between: float
    share_between: float
    df: float
    next_edition: Interval | None


def pool(studies: Sequence[Study], level: float = 0.90) -> Pooled:
    """Random effects by Paule and Mandel with the interval of Hartung and Knapp, never narrower than with known variances.

    One edition alone gives its own t interval. Two editions have one degree of freedom: their interval is wide, and says so.
    Raises ImpactError for no edition. Sources: Paule and Mandel, J. Res. NBS 87 (1982) 377; Hartung and Knapp, Statistics in
    Medicine 20 (2001) 3875; the floor: Roever, Knapp and Friede, BMC Medical Research Methodology 15 (2015) 99; I squared:
    Higgins and Thompson, Statistics in Medicine 21 (2002) 1539; the next edition: Higgins, Thompson and Spiegelhalter, JRSS A
    172 (2009) 137.
    """
    if not studies:
        raise ImpactError("There is no edition to pool.")
    effects = np.array([study.effect for study in studies])
    variances = np.array([study.standard_error**2 for study in studies])
    if len(studies) == 1:
        error, df, between = studies[0].standard_error, studies[0].df, 0.0
        return _pooled(1, float(effects[0]), error, df, between, 0.0, level)
    between = _between(effects, variances)
    weights = 1 / (variances + between)
    mean = float(weights @ effects / weights.sum())
    scatter = float(weights @ (effects - mean) ** 2) / (len(studies) - 1)
    error = math.sqrt(max(1.0, scatter) / float(weights.sum()))
    return _pooled(len(studies), mean, error, len(studies) - 1, between, _share_between(effects, variances), level)


def _pooled(studies: int, mean: float, error: float, df: float, between: float, share: float, level: float) -> Pooled:
    """The facts of a pooled effect with its standard error and the variance between editions."""
    log = _around(mean, t_quantile(level, df) * error, level)
    wider = math.hypot(error, math.sqrt(between))
    following = _around(mean, t_quantile(level, studies - 2) * wider, level) if studies > 2 else None
    return Pooled(studies, log, log.mapped(math.exp), math.sqrt(between), share, df, following)


def _around(mean: float, half: float, level: float) -> Interval:
    """A symmetric interval."""
    return Interval(mean, mean - half, mean + half, level)


def _excess(between: float, effects: FloatArray, variances: FloatArray) -> float:
    """The generalised Q statistic less its expectation; it falls with `between`."""
    weights = 1 / (variances + between)
    mean = weights @ effects / weights.sum()
    return float(weights @ (effects - mean) ** 2) - (len(effects) - 1)


def _between(effects: FloatArray, variances: FloatArray) -> float:
    """The variance between editions after Paule and Mandel, at least 0."""
    if _excess(0, effects, variances) <= 0:
        return 0.0
    high = float(np.ptp(effects)) ** 2 * len(effects) + float(variances.max())
    return float(optimize.brentq(_excess, 0, high, args=(effects, variances)))


def _share_between(effects: FloatArray, variances: FloatArray) -> float:
    """I squared."""
    excess = _excess(0, effects, variances)
    return max(0.0, excess / (excess + len(effects) - 1)) if excess > 0 else 0.0
