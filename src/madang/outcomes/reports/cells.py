"""What of a figure may be published: its columns, and how they divide by country and by segment, without small cells.

The choice is made once, when a report is frozen, and kept with it: every page and file then hides the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np

from madang.kernels.impact import ImpactError, Rule, suppress
from madang.outcomes.measures.face import Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR
from madang.outcomes.reports.lines import plain
from madang.outcomes.reports.snapshot import Snap

BY = ("country", "segment")
"""Facts of rows that a published figure is divided by."""
ADDED = (Unit.COUNT, Unit.MONEY, Unit.MINUTES)
OWN_BOOKS = frozenset({"posting", "budget_line", "line", "grant", "shift", "activity"})
"""Kinds of rows that are the organiser's own: nobody else's number can be read from them."""
OTHERS = "others"
"""The cell of all that are too small to be named."""
FEW, ONE_LARGE = "few", "one_large"
Cells = dict[str, str | None]
"""Value of the fact -> number, None where it is hidden."""


def published(snap: Snap, least: int) -> dict[str, Any]:
    """`withheld`: column -> why it is not published; `by`: fact -> column -> cells, where a table can be shown."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in snap.rows:
        groups[str(row.column)].append(row)
    rule = Rule(least=max(1, least))
    withheld = {name: why for name in snap.known if (why := _why(snap, groups[name], rule))}
    if withheld and any(row.part for row in snap.rows):  # its columns have one denominator, and go together
        withheld = dict.fromkeys(snap.known, FEW)
    return {"withheld": withheld, "by": _breakdowns(snap, {c: rows for c, rows in groups.items() if c not in withheld}, rule)}


def _why(snap: Snap, rows: list[Row], rule: Rule) -> str:
    """Every count may be published; no amount of a few, none that is mostly of one, no share of a few. What has a currency and
    is no count is made of amounts: above the line, and below it too unless it is an amount by a number."""
    if not rows or {row.kind for row in rows} & OWN_BOOKS:
        return ""
    below = [row for row in snap.rows if row.part == DENOMINATOR]
    if below and snap.unit != Unit.MONEY and sum(row.amount for row in below) < rule.least:
        return FEW
    if not snap.currency or snap.unit == Unit.COUNT:
        return ""
    amounts = [[row for row in rows if row.part != DENOMINATOR], [] if snap.unit == Unit.MONEY else below]
    return next((why for several in amounts if (why := _why_of_amounts(contributions(several), rule))), "")


def _why_of_amounts(given: dict[str, Decimal], rule: Rule) -> str:
    """Of money, above the line or below it; nothing of nobody is no secret."""
    if given and len(given) < rule.least:
        return FEW
    return ONE_LARGE if given and _is_small(given, Unit.MONEY, rule) else ""


def contributor(row: Row) -> str:
    """Who stands behind a row: two payments of one deal are one contribution."""
    return row.facts.get("deal") or f"{row.kind} {row.key}"


def contributions(rows: Iterable[Row]) -> dict[str, Decimal]:
    """What each contributor adds."""
    given: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        given[contributor(row)] += row.amount
    return given


def _breakdowns(snap: Snap, groups: dict[str, list[Row]], rule: Rule) -> dict[str, dict[str, Cells]]:
    """By each fact that all rows of a column have. Parts of a ratio are not divided."""
    if not snap.is_public or snap.unit not in ADDED or any(row.part for row in snap.rows):
        return {}
    found: dict[str, dict[str, Cells]] = {}
    for fact in BY:
        for column, rows in groups.items():
            cells = _cells(rows, fact, snap.unit, rule) if any(fact in row.facts for row in rows) else None
            if cells:
                found.setdefault(fact, {})[column] = cells
    return found


def _cells(rows: list[Row], fact: str, unit: str, rule: Rule) -> Cells | None:
    """None where no table may be shown: the column itself is published, so its total cannot be hidden with its cells."""
    groups = _merged(rows, fact, unit, rule)
    names = sorted(groups)
    sums = [sum((row.amount for row in groups[name]), Decimal()) for name in names]
    given = [contributions(groups[name]) for name in names]
    largest = None if unit == Unit.COUNT else [float(max(one.values())) for one in given]
    try:
        table = suppress([float(one) for one in sums], [len(one) for one in given], largest, rule)
    except ImpactError:
        return None
    if np.isnan(table.shown[-1]) or not table.safe:
        return None
    return {name: None if np.isnan(table.shown[place]) else plain(sums[place]) for place, name in enumerate(names)}


def _merged(rows: list[Row], fact: str, unit: str, rule: Rule) -> dict[str, list[Row]]:
    """Rows by what the fact says; the small ones together and without their names, so that as little as can be is hidden."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.facts.get(fact, "")].append(row)
    small = [name for name, found in groups.items() if _is_small(contributions(found), unit, rule)]
    if small:
        groups[OTHERS] = [row for name in small for row in groups.pop(name)]
    return groups


def _is_small(given: dict[str, Decimal], unit: str, rule: Rule) -> bool:
    if len(given) < rule.least:
        return True
    return unit != Unit.COUNT and max(given.values()) > Decimal(str(rule.dominance)) * sum(given.values())
