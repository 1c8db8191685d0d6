"""Measures that organisers compose of others: how many of them, the share, one by another, both together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.kit.languages import localised
from madang.markets.models import Edition
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, DIVIDED, EVERY, NUMERATOR, added_up, computed
from madang.outcomes.models import ComposedMeasure, Level, Operation

ADDED = [code for code, measure in CATALOGUE.items() if measure.unit not in DIVIDED]
"""What others may be composed of: numbers that are sums of their rows."""
Filters = Mapping[str, Sequence[str]]


def measures_of(edition: Edition) -> dict[str, Measure]:
    """All that can be measured of an edition: the catalogue, then the newest version of each composed measure. One query."""
    found = dict(CATALOGUE)
    for row in ComposedMeasure.objects.filter(edition=edition).order_by("code", "-version"):
        if row.code not in found and row.first in CATALOGUE:
            found[row.code] = as_measure(row)
    return found


def as_measure(row: ComposedMeasure) -> Measure:
    """A composed measure as one like the others."""
    first, second = CATALOGUE[row.first], CATALOGUE.get(row.second)
    names = [str(first.name), *([str(second.name)] if second else [])]
    return Measure(
        row.code, row.version, str(row), localised(row, "definition"), unit_of(row.operation, first, second),
        ", ".join(names), partial(compute, row), Level(first.level), first.filters, _is_public(row, first, second),
        partial(is_missing, row),
    )  # fmt: skip


def _is_public(row: ComposedMeasure, first: Measure, second: Measure | None) -> bool:
    """As what it is made of. Amounts that are narrowed by facts are not: beside the whole they tell what one party paid."""
    made_of = [one for one in (first, second) if one]
    is_narrowed = any(row.filters.values()) and row.operation != Operation.COUNT
    return all(one.is_public for one in made_of) and not (is_narrowed and any(one.unit == Unit.MONEY for one in made_of))


def unit_of(operation: str, first: Measure, second: Measure | None) -> Unit:
    """Money by a number stays money; anything else by another is a ratio."""
    if operation == Operation.COUNT:
        return Unit.COUNT
    if operation == Operation.SHARE:
        return Unit.SHARE
    if operation == Operation.RATIO:
        return Unit.MONEY if first.unit == Unit.MONEY and second and second.unit != Unit.MONEY else Unit.RATIO
    return first.unit


def is_missing(row: ComposedMeasure, edition: Edition) -> str | Promise:
    """What lacks of the measures that it is composed of."""
    codes = [code for code in (row.first, row.second) if code]
    return next((text for code in codes if (text := CATALOGUE[code].is_missing(edition))), "")


def compute(row: ComposedMeasure, edition: Edition) -> list[Figure]:
    """A figure a currency of the first measure; none of its rows is made up, each is one of the measures beneath."""
    first = computed(CATALOGUE[row.first], edition)
    second = computed(CATALOGUE[row.second], edition) if row.second else []
    if row.operation == Operation.SUM:
        return [_figure(row, "", _together(row, first, second), first)]
    return [_figure(row, figure.currency, _rows(row, figure, second), [figure]) for figure in first]


def _rows(row: ComposedMeasure, figure: Figure, second: Iterable[Figure]) -> list[Row]:
    """What is divided by is confirmed, and so is what a share is taken of."""
    above = narrowed(figure.rows, row.filters.get("first", {}))
    if row.operation == Operation.COUNT:
        return above if figure.unit == Unit.COUNT else [one._replace(amount=Decimal(1)) for one in above]
    below = [one for other in second if other.currency in ("", figure.currency) for one in other.rows]
    below = narrowed(below if row.second else figure.rows, row.filters.get("second", {}))
    if row.operation == Operation.SHARE:
        above = [one for one in above if one.column == Column.CONFIRMED]
    parts = [one._replace(part=NUMERATOR) for one in above]
    return parts + [one._replace(part=DENOMINATOR) for one in below if one.column == Column.CONFIRMED]


def _together(row: ComposedMeasure, first: Iterable[Figure], second: Iterable[Figure]) -> list[Row]:
    """Rows of both; what is in both counts once."""
    found: dict[tuple[str, str], Row] = {}
    for figures, name in ((first, "first"), (second, "second")):
        for figure in figures:
            for one in narrowed(figure.rows, row.filters.get(name, {})):
                found.setdefault((one.kind, one.key), one)
    return list(found.values())


def _figure(row: ComposedMeasure, currency: str, rows: list[Row], parts: Sequence[Figure]) -> Figure:
    """Where a measure beneath has no number, this has none either."""
    unit = unit_of(row.operation, CATALOGUE[row.first], CATALOGUE.get(row.second))
    mentioned = [column for column in EVERY if any(column in part.columns for part in parts)]
    if row.operation == Operation.SHARE:
        mentioned = [Column.CONFIRMED]
    known = [column for column in mentioned if any(part.columns.get(column) is not None for part in parts)]
    columns = {**dict.fromkeys(mentioned), **added_up(rows, unit, known)}
    if not any(one.part for one in rows) and row.operation == Operation.RATIO:
        columns = dict.fromkeys(mentioned)
    return Figure(row.code, row.version, unit, columns, currency=currency, rows=tuple(rows))


def narrowed(rows: Iterable[Row], filters: Filters) -> list[Row]:
    """The rows whose facts have one of the wanted texts under each name; a row without such a fact is left out."""
    return [one for one in rows if all(not texts or one.facts.get(name) in texts for name, texts in filters.items())]


def fits(operation: str, first: Measure, second: Measure | None) -> str | Promise:
    """Why these cannot be composed so; "" where they can. Stages of money are never added, and shares are of like things."""
    if operation in (Operation.RATIO, Operation.SUM) and second is None:
        return _("This needs a second measure.")
    if operation == Operation.COUNT and second is not None:
        return _("This takes one measure only.")
    if operation == Operation.SUM and Unit.MONEY in (first.unit, second.unit if second else first.unit):
        return _("Amounts of money are never added across measures: they are different stages.")
    if operation in (Operation.SUM, Operation.SHARE) and second is not None and first.unit != second.unit:
        return _("Both measures must have the same unit.")
    if operation == Operation.SHARE and first.unit == Unit.MONEY and second is not None and second.code != first.code:
        return _("A share of one stage of money in another says nothing: they are different things.")
    return ""
