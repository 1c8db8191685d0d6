"""What one outcome cost: a held meeting, an offer, a deal; as an interval, for costs and counts are seldom certain."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .faults import ImpactError, amount
from .interval import Interval, Range


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost an outcome, in the unit of the cost. `central`, `high` None: no finite value, because the count may be 0.

    `level`: of the interval, None where it was made of stated ranges alone, which no probability is claimed for.
    """

    low: float | None
    central: float | None
    high: float | None
    level: float | None


def cost_each(cost: float | Range | Interval, count: float | Range | Interval) -> Cost:
    """Cost over count. Each is known (a number), a stated `Range`, or an estimate with an `Interval`.

    Ranges go to both ends: the lowest cost over the highest count, and the reverse. Two independent intervals of one level
    give an interval of that level (MOVER on logarithms), which is narrower than both ends together. Zero counts give None,
    never 0; no cost and a count gives 0. Raises ImpactError for negative figures or two levels. Source: Donner and Zou,
    Statistical Methods in Medical Research 21 (2012) 347.
    """
    above, below = _three("cost", cost), _three("count", count)
    central = _over(above[1], below[1])
    both = isinstance(cost, Interval) and isinstance(count, Interval)
    level = _level(cost, count)
    if both and min(*above, *below) > 0 and central is not None:
        down = math.hypot(math.log(above[1] / above[0]), math.log(below[2] / below[1]))
        up = math.hypot(math.log(above[2] / above[1]), math.log(below[1] / below[0]))
        return Cost(central * math.exp(-down), central, central * math.exp(up), level)
    return Cost(_over(above[0], below[2]), central, _over(above[2], below[0]), level)


def _three(name: str, value: float | Range | Interval) -> tuple[float, float, float]:
    """Low, central, high; none negative."""
    match value:
        case Range(low, central, high) | Interval(central, low, high, _):
            return amount(name, low), amount(name, central), amount(name, high)
        case _:
            return (amount(name, value),) * 3


def _level(cost: float | Range | Interval, count: float | Range | Interval) -> float | None:
    """The level of the intervals among both. Raises ImpactError where they have two."""
    levels = {one.level for one in (cost, count) if isinstance(one, Interval)}
    if len(levels) > 1:
        raise ImpactError(f"level: cost and count have two, {min(levels)} and {max(levels)}.")
    return levels.pop() if levels else None


def _over(above: float, below: float) -> float | None:
    """A quotient, None over 0."""
    return above / below if below else None
