"""An estimate with its interval, a stated range, and the interval of a share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import special

from .faults import ImpactError, at_least, share, within


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with a two-sided confidence interval; `low` <= `estimate` <= `high`, `level` is the nominal coverage
    (0.90).
    """

    estimate: float
    low: float
    high: float
    level: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """In the estimate's unit."""
        return self.high - self.low

    def mapped(self, rising: Callable[[float], float]) -> Interval:
        """The interval of a rising function of the quantity, for instance `math.exp`."""
        return Interval(rising(self.estimate), rising(self.low), rising(self.high), self.level)


@dataclass(frozen=True, slots=True)
class Range:
    """A stated low, central and high value, none of which a probability is claimed for. Raises ImpactError where out of
    order.
    """

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.central <= self.high):
            raise ImpactError(f"A range goes from low over central to high, not {self.low}, {self.central}, {self.high}.")

    @classmethod
    def known(cls, value: float) -> Range:
        """A value that is known."""
        return cls(value, value, value)


def normal_quantile(level: float) -> float:
    """z for a two-sided level, 1.645 for 0.90. Raises ImpactError unless 0 < level < 1."""
    return float(special.ndtri(0.5 + within("level", level) / 2))


def t_quantile(level: float, df: float) -> float:
    """Student's t for a two-sided level; df > 0."""
    return float(special.stdtrit(df, 0.5 + within("level", level) / 2))


def wilson(rate: float, size: float, level: float = 0.90) -> Interval:
    """The score interval of a share `rate` (0 to 1) seen in `size` independent trials (> 0, need not be whole).

    Source: Wilson, JASA 22 (1927) 209-212; recommended for small samples by Brown, Cai and DasGupta, Statistical Science 16
    (2001).
    """
    share("rate", rate)
    at_least("size", size, math.ulp(0.0))
    squared = normal_quantile(level) ** 2
    middle = (rate + squared / (2 * size)) / (1 + squared / size)
    half = math.sqrt(squared * (rate * (1 - rate) / size + squared / (4 * size**2))) / (1 + squared / size)
    return Interval(rate, max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half)), level)
