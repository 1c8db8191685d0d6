"""The deal clock: how much has come by which age, when the young have not had their time yet.

Counting deals over all meetings calls a meeting of last month a failure. Here a meeting counts at an age only as long as it was
followed to that age (Kaplan and Meier).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from .faults import BoolArray, FloatArray, ImpactError, figures, within
from .interval import Interval, wilson

AGES = (3.0, 6.0, 12.0, 24.0)
"""Months after the edition at which it is asked."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One age in months. `come`: the share of starts that led to an event by then; None where nothing has been followed that
    far.

    `events`: how many have come by then; `followed`: starts that were followed to this age without an event, on which later
    ages rest.
    """

    age: float
    come: Interval | None
    events: int
    followed: int


@dataclass(frozen=True, slots=True)
class Clock:
    """All ages, rising. `starts`, `events`: in all."""

    hands: tuple[Hand, ...]
    starts: int
    events: int

    def maturity(self, age: float) -> float | None:
        """Of what has come by the last age that is known, the share that had come by `age`; None where nothing has come.

        What an edition shows at `age` over this is what it may be expected to show at that last age. Raises ImpactError for an
        age that the clock has not.
        """
        at = {hand.age: hand.come for hand in self.hands}
        if age not in at:
            raise ImpactError(f"age: the clock has {', '.join(f'{one:g}' for one in at)} months, not {age:g}.")
        known = [come for come in at.values() if come is not None]
        here = at[age]
        return here.estimate / known[-1].estimate if here is not None and known[-1].estimate else None


def deal_clock(months: ArrayLike, happened: Sequence[bool], *, ages: Sequence[float] = AGES, level: float = 0.90) -> Clock:
    """The share of starts (meetings, titles, deals) that led to an event, by age.

    `months`: to the event, or to the last day on which it was looked for, shape (starts,), not negative; `happened`: which of
    both. It is assumed that those followed for a shorter time are like the others. One buyer's meetings are taken as
    independent: give one start a buyer where that matters. Raises ImpactError for lengths that differ or ages that do not
    rise. Sources: Kaplan and Meier, JASA 53 (1958) 457; variance by Greenwood (1926); Wilson on the effective size: Dorey and
    Korn, Statistics in Medicine 6 (1987) 679.
    """
    within("level", level)
    times, event = figures("months", months), np.array(happened, dtype=bool)
    if times.shape != event.shape:
        raise ImpactError(f"months and happened: they belong together, and there are {len(times)} and {len(event)}.")
    if not ages or any(not a < b for a, b in pairwise(ages)) or not ages[0] >= 0:
        raise ImpactError(f"ages: they are months that rise, not {list(ages)}.")
    hands = tuple(_hand(times, event, age, level) for age in ages)
    return Clock(hands, len(times), int(event.sum()))


def _hand(times: FloatArray, event: BoolArray, age: float, level: float) -> Hand:
    """The clock at one age."""
    come_by = int(np.sum(event & (times <= age)))
    followed = int(np.sum((times >= age) & ~(event & (times <= age))))
    staying, variance = 1.0, 0.0
    for moment in np.unique(times[event & (times <= age)]):
        risk, deals = int(np.sum(times >= moment)), int(np.sum(event & (times == moment)))
        staying *= 1 - deals / risk
        variance += deals / (risk * (risk - deals)) if risk > deals else 0.0
    if not followed and staying > 0:
        return Hand(age, None, come_by, followed)
    size = _effective(staying, variance, followed, come_by)
    return Hand(age, wilson(1 - staying, size, level), come_by, followed)


def _effective(staying: float, variance: float, followed: int, come_by: int) -> float:
    """The independent trials that the estimate is worth: those of Greenwood's variance, or those seen where it is 0."""
    if 0 < staying < 1:
        return (1 - staying) / (staying * variance)
    return max(1, followed + come_by)
