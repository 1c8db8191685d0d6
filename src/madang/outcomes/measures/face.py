"""What every measure is, and what it answers with.

A measure never stores anything: it reads an edition and gives figures whose rows add up to them. A change of what it counts
is a new `version`; reports keep the version that they were made with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from django.utils.functional import Promise

from madang.markets.models import Edition
from madang.outcomes.models import Level


class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    MONEY = "money"
    MINUTES = "minutes"
    SCORE = "score"
    RATIO = "ratio"


class Column(StrEnum):
    """How sure a number is. They are three columns, and nothing is added across them."""

    CONFIRMED = "confirmed"
    ONE_SIDED = "one_sided"
    ESTIMATE = "estimate"


class Row(NamedTuple):
    """A thing under a figure. `kind` and `key` name it for the page that shows its evidence (`meeting` and its request's code).

    `amount` is what it adds to its column (1 for counts; a part of a ratio says "numerator" or "denominator" in `part`).
    `facts` are plain texts, by untranslated names in snake case, that stay true when the thing changes later: who confirmed,
    when (ISO 8601, UTC), which document. `country` and `segment` are what may be published of it.
    """

    kind: str
    key: str
    column: Column
    amount: Decimal = Decimal(1)
    part: str = ""
    facts: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number in up to three columns. None: there is no such number (nothing to divide by, nothing known), which is no 0.

    `low` and `high` are an interval of `level` around the number that `of` names, where the measure has one. `facts` are
    further numbers that belong beside it: numerator, denominator, asked, answered. A measure of money gives one figure a
    currency.
    """

    measure: str
    version: int
    unit: Unit
    columns: Mapping[Column, Decimal | None]
    currency: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    of: Column = Column.CONFIRMED
    level: Decimal = Decimal("0.90")
    facts: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the catalogue. `source` says in words where its rows come from; `filters` the names of `facts` that narrow
    its rows.

    `is_missing(edition)` gives a sentence where the source does not exist yet (no meetings held before the event), else "".
    """

    code: str
    version: int
    name: str | Promise
    definition: str | Promise
    unit: Unit
    source: str | Promise
    compute: Callable[[Edition], Sequence[Figure]]
    level: Level
    filters: tuple[str, ...] = ()
    is_public: bool = True
    is_missing: Callable[[Edition], str | Promise] = lambda _edition: ""
