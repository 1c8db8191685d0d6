"""Who is paid back first: what comes in, step by step, to the last part of a currency. Pure, no queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import groupby

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Step:
    """`percent` of what reaches its `position`, which several steps may share, up to `cap` in all (None: without limit)."""

    position: int
    recipient: str
    percent: Decimal
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """What a step is paid of what reached it."""

    step: Step
    reached: Decimal
    amount: Decimal

    @property
    def is_full(self) -> bool:
        """Its cap is reached: nothing more is owed here."""
        return self.step.cap is not None and self.amount == self.step.cap


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where the receipts went: `paid` in the order of steps, `left` after the last one, and `shared` of that by the shares."""

    receipts: Decimal
    paid: tuple[Paid, ...]
    left: Decimal
    shared: tuple[tuple[str, Decimal], ...]

    @property
    def totals(self) -> list[tuple[str, Decimal]]:
        """By recipient, in the order in which they are first paid; they add up to the receipts."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.paid:
            sums[one.step.recipient] += one.amount
        for name, amount in self.shared:
            sums[name] += amount
        return list(sums.items())


def waterfall(receipts: Decimal, steps: Sequence[Step], shares: Sequence[tuple[str, Decimal]], unit: Decimal) -> Waterfall:
    """Divide receipts: position by position, then what is left by `shares` in per cent, which sum to 100.

    What a step does not take (its percentage is below 100, or its cap is reached) goes on to the next position. Payments are cut
    to `unit`, the smallest part of the currency; no part is lost: everything paid adds up to the receipts. Raises ValueError for
    steps of one position that take more than 100 per cent.
    """
    reached, paid = receipts, []
    for _position, group in groupby(sorted(steps, key=lambda step: step.position), key=lambda step: step.position):
        tier = list(group)
        if sum(step.percent for step in tier) > HUNDRED:
            raise ValueError("steps of one position take more than 100 per cent")
        rows = [Paid(step, reached, _payment(reached, step, unit)) for step in tier]
        reached -= sum(row.amount for row in rows)
        paid += rows
    return Waterfall(receipts, tuple(paid), reached, tuple(divided(reached, shares, unit)))


def _payment(reached: Decimal, step: Step, unit: Decimal) -> Decimal:
    amount = (reached * step.percent / HUNDRED).quantize(unit, ROUND_DOWN)
    return amount if step.cap is None else min(amount, step.cap)


def divided(amount: Decimal, shares: Sequence[tuple[str, Decimal]], unit: Decimal) -> list[tuple[str, Decimal]]:
    """An amount by shares in per cent; parts that cannot be divided go to the largest remainders, the first of equals."""
    exact = [amount * share / HUNDRED for _name, share in shares]
    whole = [part.quantize(unit, ROUND_DOWN) for part in exact]
    order = sorted(range(len(shares)), key=lambda n: (whole[n] - exact[n], n))
    rest = amount - sum(whole)
    for n in order:
        more = min(rest, unit)
        whole[n] += more
        rest -= more
    return [(name, part) for (name, _share), part in zip(shares, whole, strict=True)]
