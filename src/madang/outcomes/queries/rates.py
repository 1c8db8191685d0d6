"""Sums in several currencies: exact to the end, converted only where somebody has stated a rate.

The rule: a posting takes the rate of its day, or of the last day before it; a planned amount the first rate (so that the
plan stands still); what is left or still open the latest. Where one is missing there is no converted sum, and the page
says so. Half a unit goes up, once, when a sum is shown.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from madang.kit.money import rounded
from madang.markets.models import Edition
from madang.outcomes.models import Accounts, Rate


def accounts_of(edition: Edition) -> Accounts:
    """How the edition's outcomes are told; where nobody has said anything, the usual settings, unsaved."""
    return Accounts.objects.filter(edition=edition).first() or Accounts(edition=edition)


@dataclass(frozen=True, slots=True)
class Rates:
    """What foreign units were worth in `currency`, by day, the oldest first."""

    currency: str
    by: Mapping[str, tuple[tuple[dt.date, Decimal], ...]]

    def on(self, currency: str, day: dt.date) -> Decimal | None:
        """The rate of the day, or of the last day before it that has one."""
        if currency == self.currency:
            return Decimal(1)
        known = self.by.get(currency, ())
        place = bisect_right([at for at, _rate in known], day)
        return known[place - 1][1] if place else None

    def first(self, currency: str) -> Decimal | None:
        """For planned amounts."""
        return self._at(currency, 0)

    def latest(self, currency: str) -> Decimal | None:
        """For what is left or still open."""
        return self._at(currency, -1)

    def _at(self, currency: str, place: int) -> Decimal | None:
        if currency == self.currency:
            return Decimal(1)
        known = self.by.get(currency)
        return known[place][1] if known else None


def rates_of(edition: Edition) -> Rates:
    """Two queries."""
    by: dict[str, list[tuple[dt.date, Decimal]]] = defaultdict(list)
    for currency, day, rate in Rate.objects.filter(edition=edition).order_by("on").values_list("currency", "on", "rate"):
        by[currency].append((day, rate))
    return Rates(accounts_of(edition).currency, {currency: tuple(rows) for currency, rows in by.items()})


@dataclass(slots=True)
class Amounts:
    """A sum: `by` currency, exact, and `converted` into `currency` as far as rates are known; `lacking` are the others."""

    currency: str
    by: dict[str, Decimal] = field(default_factory=dict)
    converted: Decimal = Decimal(0)
    lacking: set[str] = field(default_factory=set)

    def add(self, amount: Decimal, currency: str, rate: Decimal | None) -> None:
        self.by[currency] = self.by.get(currency, Decimal(0)) + amount
        if rate is None:
            self.lacking.add(currency)
        else:
            self.converted += amount * rate

    def join(self, other: Amounts) -> None:
        """Add another sum of the same stage."""
        for currency, amount in other.by.items():
            self.by[currency] = self.by.get(currency, Decimal(0)) + amount
        self.converted += other.converted
        self.lacking |= other.lacking

    @property
    def total(self) -> Decimal | None:
        """In the currency of the totals; None where a rate is missing."""
        return None if self.lacking else rounded(self.converted, self.currency)

    @property
    def parts(self) -> list[tuple[str, Decimal]]:
        """(currency, amount), each rounded."""
        return [(currency, rounded(amount, currency)) for currency, amount in sorted(self.by.items())]

    @property
    def is_foreign(self) -> bool:
        """Whether anything in it was in another currency."""
        return bool(self.by.keys() - {self.currency})
