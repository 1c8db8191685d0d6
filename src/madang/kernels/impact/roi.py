"""Return on investment: what came of the edition, as far as it came of the edition, over what it cost.

Every impact study has to isolate the programme's effect (Phillips, Return on Investment in Meetings and Events, 2008: levels 0
to 5): here each benefit carries the share of it that is attributable, and the rest is shown, not dropped. Stages of money
(consultation, offer, memo, contract, paid) describe the same money, so benefits of two stages are refused, not added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .faults import ImpactError, amount, at_least, share
from .interval import Interval, Range


@dataclass(frozen=True, slots=True)
class Benefit:
    """An amount of money (a range where it is not certain), at one stage, in one currency, and the share of it (0 to 1) that
    would not have come without the edition. Raises ImpactError for a negative amount or a share that is none.
    """

    name: str
    stage: str
    currency: str
    amount: Range
    attributable: Range

    def __post_init__(self) -> None:
        amount(f"{self.name}: amount", self.amount.low)
        share(f"{self.name}: attributable", self.attributable.low)
        share(f"{self.name}: attributable", self.attributable.high)


@dataclass(frozen=True, slots=True)
class Return:
    """`roi`: (attributable - cost) / cost, low to high (1.0: one unit gained for each spent); None where the cost may be 0.

    `gross`: all benefits; `attributable`: the part of them that is due to the edition; `not_attributable`: the rest, `low`
    being the rest of the high case. `rest_share`: the central rest over the central gross, None without benefits. Money is in
    `currency`, all of it at `stage` (both "" without benefits).
    """

    roi: Range | None
    gross: Range
    attributable: Range
    not_attributable: Range
    rest_share: float | None
    cost: Range
    stage: str
    currency: str


def roi(benefits: Sequence[Benefit], cost: float | Range) -> Return:
    """The return of an edition. `cost`: fully loaded, in the benefits' currency. Independent of the benefits' order.

    Low takes every low amount and share and the high cost; high the reverse. Raises ImpactError for benefits of two stages or
    two currencies, or a negative cost.
    """
    stage = _only("stages of money are never added", {benefit.stage for benefit in benefits})
    currency = _only("two currencies cannot be added", {benefit.currency for benefit in benefits})
    spent = cost if isinstance(cost, Range) else Range.known(amount("cost", cost))
    amount("cost", spent.low)
    gross = _sum([benefit.amount for benefit in benefits])
    due = _sum([_times(benefit.amount, benefit.attributable) for benefit in benefits])
    rest = _sum([_times(benefit.amount, _opposite(benefit.attributable)) for benefit in benefits])
    found = None if spent.low == 0 else _roi(due, spent)
    return Return(found, gross, due, rest, rest.central / gross.central if gross.central else None, spent, stage, currency)


def _roi(due: Range, spent: Range) -> Range:
    """Benefits less cost, over cost."""
    return Range(due.low / spent.high - 1, due.central / spent.central - 1, due.high / spent.low - 1)


def _only(rule: str, names: set[str]) -> str:
    """The one name there is. Raises ImpactError for two."""
    if len(names) > 1:
        raise ImpactError(f"{rule[0].upper()}{rule[1:]}: {', '.join(sorted(names))}.")
    return names.pop() if names else ""


def _sum(ranges: Sequence[Range]) -> Range:
    """Exactly rounded sums, so that the order does not matter."""
    return Range(*(math.fsum(getattr(one, end) for one in ranges) for end in ("low", "central", "high")))


def _times(one: Range, other: Range) -> Range:
    """The product of two ranges over 0."""
    return Range(one.low * other.low, one.central * other.central, one.high * other.high)


def _opposite(part: Range) -> Range:
    """The share that is left."""
    return Range(1 - part.high, 1 - part.central, 1 - part.low)


def share_of_lift(lift: Interval) -> Range:
    """The attributable share of what titles earned, of their uplift (ratio over donors, > 0): 1 - 1/lift, never under 0.

    A doubling makes half of it attributable; an interval that reaches down to 1 makes the low share 0. Source: the attributable
    fraction among the exposed, Levin, Acta Unio Internationalis Contra Cancrum 9 (1953) 531.
    """
    at_least("lift", lift.low, math.ulp(0.0))
    return Range(*(max(0.0, 1 - 1 / value) for value in (lift.low, lift.estimate, lift.high)))


def share_of_answers(shares: Sequence[float], confidences: Sequence[float]) -> Range:
    """The attributable share that participants state, with how sure each is of it (both 0 to 1, of one length).

    Each answer counts as share x confidence (low), share (central), share x (2 - confidence) up to 1 (high); means over
    answers. Report the low one where no control group backs it. Raises ImpactError without answers. Source: Phillips, Breining
    and Phillips, Return on Investment in Meetings and Events (2008), estimates adjusted for error.
    """
    if len(shares) != len(confidences) or not shares:
        raise ImpactError(f"Shares and confidences belong together; there are {len(shares)} and {len(confidences)}.")
    pairs = [(share("shares", s), share("confidences", c)) for s, c in zip(shares, confidences, strict=True)]
    thirds = [(s * c, s, min(1.0, s * (2 - c))) for s, c in pairs]
    return Range(*(math.fsum(column) / len(pairs) for column in zip(*thirds, strict=True)))
