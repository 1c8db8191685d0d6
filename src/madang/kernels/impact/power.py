"""What so few titles can show, and what they cannot: computed before the event, and again with the spread that was found."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import optimize, special

from .faults import ImpactError, at_least, within
from .interval import t_quantile
from .uplift import satterthwaite


@dataclass(frozen=True, slots=True)
class Detectable:
    """`smallest`: the least true lift (ratio, 2.0 = a doubling) that shows as a gain with probability `power`.

    `chances`: for lifts that people ask about (ratio, chance that it shows). `half_width`: the interval goes from the estimate
    divided by this ratio to the estimate times it.
    """

    titles: int
    donors: float
    spread: float
    level: float
    power: float
    smallest: float
    half_width: float
    chances: tuple[tuple[float, float], ...]

    def shows(self, lift: float) -> bool:
        """Whether a true lift of this ratio would be seen with the wanted power."""
        return lift >= self.smallest


def chance(
    lift: float, titles: int, donors: float, spread: float, *, donor_spread: float | None = None, level: float = 0.90
) -> float:
    """The chance that a true `lift` (ratio > 0) shows: that the whole interval lies above 1.

    `spread`, `donor_spread`: standard deviation of one title's, one donor's log ratio (log units, > 0; the donors' is that of
    the titles unless given). Raises ImpactError for fewer than 2 titles or donors. Source: noncentral t, Johnson and Welch,
    Biometrika 31 (1940) 362.
    """
    at_least("lift", lift, math.ulp(0.0))
    error, df = _error(titles, donors, spread, donor_spread)
    return _over(t_quantile(level, df), df, math.log(lift) / error)


def _over(edge: float, df: float, shift: float) -> float:
    """The chance that Student's t with `df` degrees of freedom, shifted, lies over `edge`."""
    return float(1 - special.nctdtr(df, shift, edge))


def _error(titles: int, donors: float, spread: float, donor_spread: float | None) -> tuple[float, float]:
    """Standard error of the estimate in log units, and its degrees of freedom."""
    at_least("titles", titles, 2)
    at_least("donors", donors, 2)
    theirs = spread if donor_spread is None else donor_spread
    at_least("spread", spread, math.ulp(0.0))
    at_least("donor_spread", theirs, 0)
    parts = spread**2 / titles, theirs**2 / donors
    return math.sqrt(sum(parts)), satterthwaite((parts[0], titles - 1), (parts[1], donors - 1))


def smallest_lift(
    titles: int,
    donors: float,
    spread: float,
    *,
    donor_spread: float | None = None,
    power: float = 0.80,
    level: float = 0.90,
    lifts: tuple[float, ...] = (1.3, 1.5, 2.0, 3.0),
) -> Detectable:
    """The least lift that this many titles show with probability `power`; arguments as in `chance`.

    Raises ImpactError unless 0 < power < 1 and power is over the chance of a false alarm.
    """
    within("power", power)
    error, df = _error(titles, donors, spread, donor_spread)
    if power <= 0.5 - within("level", level) / 2:
        raise ImpactError(f"power: {power} is not over the chance of a false alarm, {0.5 - level / 2:.3g}.")
    edge = t_quantile(level, df)
    found = optimize.brentq(lambda ratio: _over(edge, df, ratio) - power, 0, 10 * edge + 10)
    chances = tuple((lift, chance(lift, titles, donors, spread, donor_spread=donor_spread, level=level)) for lift in lifts)
    half = math.exp(edge * error)
    return Detectable(titles, donors, spread, level, power, math.exp(found * error), half, chances)


def titles_needed(lift: float, spread: float, *, donors_each: float = 10, power: float = 0.80, level: float = 0.90) -> int:
    """The fewest titles, with `donors_each` donors for each, that show a true `lift` (> 1) with probability `power`.

    Raises ImpactError where 100,000 titles are not enough.
    """
    if lift <= 1:
        raise ImpactError(f"lift: {lift} is no gain; a ratio over 1 is wanted.")

    def enough(titles: int) -> bool:
        return chance(lift, titles, max(2, round(donors_each * titles)), spread, level=level) >= power

    high = 2
    while not enough(high):
        high *= 2
        if high > 100_000:
            raise ImpactError(f"lift: {lift} is too small to be shown by 100,000 titles with a spread of {spread}.")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
