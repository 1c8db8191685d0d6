"""How many the next edition will bring: counts that scatter more than chance, from a handful of earlier editions.

Counts are negative binomial around an unknown mean, with an unknown coefficient of variation (CV) between editions. Three to
eight editions say little about their CV, so what all series of the installation say about theirs is its prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .faults import FloatArray, ImpactError, amount, at_least, figures, same_length, whole, within
from .interval import Interval

CVS: FloatArray = np.array([0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.36, 0.43, 0.52, 0.63, 0.78, 1.0])
"""The CVs that are thought possible: from nearly Poisson to a count that doubles or vanishes."""
MEANS = 90
"""Points of the grid of means; it is logarithmic."""


@dataclass(frozen=True, slots=True)
class CvPrior:
    """How likely each CV of `CVS` is before a series is looked at; `weights` sum to 1. `series`: how many it was learned
    from.
    """

    weights: tuple[float, ...]
    series: int

    @property
    def mean(self) -> float:
        """The expected CV."""
        return float(np.dot(self.weights, CVS))


@dataclass(frozen=True, order=True, slots=True)
class Series:
    """Counts of past editions and their sizes (buyers, tables, days; 1 where they are alike), oldest first or in any order.

    Raises ImpactError where a count is negative, missing or not whole, or a size is not over 0.
    """

    counts: tuple[float, ...]
    sizes: tuple[float, ...]

    @classmethod
    def of(cls, counts: ArrayLike, sizes: ArrayLike | None = None) -> Series:
        """A series from any two rows of numbers of one length."""
        checked = figures("counts", counts)
        whole("counts", checked)
        sized = np.ones(len(checked)) if sizes is None else figures("sizes", sizes)
        same_length("counts and sizes", checked, sized)
        if not sized.all():
            raise ImpactError(f"sizes: edition {int(np.argmin(sized))} has size 0.")
        return cls(tuple(checked.tolist()), tuple(sized.tolist()))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next edition: `count` (median and predictive interval, whole numbers), `mean` expected, `cv` expected between
    editions.
    """

    count: Interval
    mean: float
    cv: float
    editions: int


def default_prior() -> CvPrior:
    """Before anything is known: half-normal with scale 0.35, so that a CV of 0.2 to 0.3 is usual and 0.8 is rare."""
    weights = np.exp(-0.5 * (CVS / 0.35) ** 2) * np.gradient(CVS)
    return CvPrior(tuple((weights / weights.sum()).tolist()), 0)


def cv_prior(series: Sequence[Series], *, strength: float = 2.0) -> CvPrior:
    """What all series say about the CV between editions: `strength` series' worth of `default_prior`, and each series.

    Series of one edition tell nothing and are passed over. The order does not matter. Source: the nonparametric maximum
    likelihood estimate of a mixing distribution by EM, Laird, JASA 73 (1978) 805, smoothed by a Dirichlet prior.
    """
    at_least("strength", strength, 0)
    start = np.array(default_prior().weights)
    told = sorted(one for one in series if len(one.counts) > 1)
    if not told:
        return default_prior()
    likelihoods = np.array([_posterior(one)[1].sum(axis=0) for one in told])
    likelihoods /= likelihoods.sum(axis=1, keepdims=True)
    weights = start
    for _ in range(200):
        shares = likelihoods * weights
        shares /= shares.sum(axis=1, keepdims=True)
        weights = (strength * start + shares.sum(axis=0)) / (strength + len(told))
    return CvPrior(tuple(weights.tolist()), len(told))


def forecast(past: Series, *, size: float = 1.0, prior: CvPrior | None = None, level: float = 0.90) -> Forecast:
    """The next edition's count. `size`: of the next edition, in the unit of `past.sizes`. No trend is assumed: say it by sizes.

    `prior`: of the CV (`cv_prior` of all series; `default_prior` unless given). One past edition is enough, and gives a wide
    answer. Raises ImpactError where `size` is not over 0. Source: the negative binomial as a gamma mixture of Poisson counts,
    Greenwood and Yule, JRSS 83 (1920) 255; the mean has the prior density 1/sqrt(mean) of Jeffreys.
    """
    within("level", level)
    if not amount("size", size):
        raise ImpactError("size: an edition of size 0 has no forecast.")
    known = prior or default_prior()
    means, table = _posterior(past)
    table = table * np.array(known.weights)
    table /= table.sum()
    kept = table > 1e-7
    rows, columns = np.nonzero(kept)
    mean, cv, weights = means[rows] * size, CVS[columns], table[kept] / table[kept].sum()
    middle, low, high = (_quantile(mean, cv, weights, p) for p in (0.5, 0.5 - level / 2, 0.5 + level / 2))
    return Forecast(Interval(middle, low, high, level), float(weights @ mean), float(weights @ cv), len(past.counts))


def _posterior(past: Series) -> tuple[FloatArray, FloatArray]:
    """The grid of means, and mean prior times likelihood up to a factor, shape (means, CVs)."""
    counts, sizes = np.array(past.counts), np.array(past.sizes)
    centre = (counts.sum() + 0.5) / sizes.sum()
    reach = np.log(4 if counts.sum() > 0 else 1_000) + 6 / np.sqrt(1 + counts.sum()) + 3 / np.sqrt(len(counts))
    means = centre * np.exp(np.linspace(-reach, min(reach, 5), MEANS))
    shape = 1 / CVS**2
    expected = means[:, None] * sizes
    logs = np.log(expected[:, None, :] / (expected[:, None, :] + shape[None, :, None]))
    rest = np.log(shape[None, :, None] / (expected[:, None, :] + shape[None, :, None]))
    constant = special.gammaln(counts + shape[:, None]) - special.gammaln(shape[:, None])
    likelihood = (constant[None] + counts * logs + shape[None, :, None] * rest).sum(axis=2)
    likelihood += 0.5 * np.log(means)[:, None]
    return means, np.exp(likelihood - likelihood.max())


def _quantile(mean: FloatArray, cv: FloatArray, weights: FloatArray, p: float) -> float:
    """The least count that the mixture stays under or at with probability `p`."""
    shape = 1 / cv**2

    def under(count: int) -> float:
        return float(weights @ special.betainc(shape, count + 1.0, shape / (shape + mean)))

    low, high = -1, 1
    while under(high) < p:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if under(middle) >= p else (middle, high)
    return float(high)
