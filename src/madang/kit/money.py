"""Amounts with their currency: how they are written, and which currencies there are (ISO 4217, those in use, by CLDR)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision
from django.utils.formats import number_format

USUAL = ("KRW", "USD", "EUR", "JPY", "CNY", "GBP", "CAD", "AUD", "TWD", "HKD", "SGD", "THB", "VND", "IDR", "INR", "CHF")
"""What people write most at markets; offered first."""


@lru_cache
def currencies() -> frozenset[str]:
    """Codes of the currencies that some country uses today."""
    found = set()
    for spans in get_global("territory_currencies").values():
        found |= {code for code, _since, until, is_tender in spans if until is None and is_tender}
    return frozenset(found)


def offered_currencies(language: str) -> list[tuple[str, str]]:
    """(code, name in the language) of every currency, the usual ones first."""
    names = Locale(language).currencies
    rest = sorted(currencies() - set(USUAL))
    return [(code, str(names.get(code, code))) for code in (*USUAL, *rest)]


def smallest(currency: str) -> Decimal:
    """The smallest part in which amounts are written here: 1 for KRW and JPY, 0.01 for all that have parts."""
    return Decimal(1) if get_currency_precision(currency) == 0 else Decimal("0.01")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half a part goes up."""
    return amount.quantize(smallest(currency), ROUND_HALF_UP)


def money(amount: Decimal, currency: str) -> str:
    """`EUR 1,200.50` with the active language's signs; parts are left out where there are none."""
    is_whole = amount == amount.to_integral_value()
    return f"{currency} {number_format(amount, decimal_pos=0 if is_whole else 2, force_grouping=True)}"
