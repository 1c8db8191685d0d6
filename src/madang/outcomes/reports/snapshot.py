"""A report as it is frozen and read again: figures with their rows, in the one order that the digest knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from madang.outcomes.measures.face import Column, Figure, Row
from madang.outcomes.models import FrozenFigure, FrozenRow, Report
from madang.outcomes.reports.adding import Columns, columns_of, frozen_columns
from madang.outcomes.reports.lines import as_json, canonical, digest_of, head_line, plain

EDGES = ("low", "high")
"""Of an interval: beside the columns, and taken as they were computed."""
PART = "part"
"""The fact of a frozen row that says which part of a ratio it is."""
KIND_LENGTH, KEY_LENGTH = 20, 80
BATCH = 2000
RANK = {column: place for place, column in enumerate(Column)}


@dataclass(frozen=True, slots=True)
class Snap:
    """A figure of a snapshot. `columns` hold texts of numbers, and the edges of its interval; rows are in their order."""

    position: int
    measure: str
    version: int
    unit: str
    currency: str
    columns: Mapping[str, str | None]
    facts: Mapping[str, str]
    is_public: bool
    rows: tuple[Row, ...] = field(repr=False, default=())

    @property
    def known(self) -> dict[str, bool]:
        """Its columns -> whether there is a number."""
        return {name: text is not None for name, text in self.columns.items() if name not in EDGES}

    def added_up(self) -> Snap:
        """The same with its columns computed anew from its rows alone."""
        edges = {name: text for name, text in self.columns.items() if name in EDGES}
        return replace(self, columns=edges | texts_of(columns_of(self.unit, self.known, self.rows)))


def texts_of(columns: Columns) -> dict[str, str | None]:
    return {name: plain(number) for name, number in columns.items()}


def snap_of(position: int, figure: Figure, *, is_public: bool) -> Snap:
    """A computed figure as it is frozen. Raises ValueError where its rows do not come to it."""
    for row in figure.rows:
        if len(row.kind) > KIND_LENGTH or len(row.key) > KEY_LENGTH or PART in row.facts:
            raise ValueError(f"{row.kind} {row.key}: a name that is too long, or a fact called part")
    columns = texts_of(frozen_columns(figure))
    columns |= {name: plain(edge) for name, edge in (("low", figure.low), ("high", figure.high)) if edge is not None}
    facts = {name: str(text) for name, text in figure.facts.items()}
    if figure.low is not None or figure.high is not None:
        facts |= {"interval_of": str(figure.of), "interval_level": plain(figure.level) or ""}
    rows = tuple(sorted(map(_cleaned, figure.rows), key=_order))
    return Snap(
        position, figure.measure, figure.version, str(figure.unit), figure.currency, columns, as_json(facts), is_public, rows
    )


def _cleaned(row: Row) -> Row:
    facts = {name: str(text).replace("\x00", "") for name, text in row.facts.items()}
    return Row(row.kind, row.key.replace("\x00", ""), row.column, row.amount, row.part, facts)


def _order(row: Row) -> tuple[int, str, str, str]:
    return RANK[row.column], row.part, row.kind, row.key


def lines_of(number: int, frozen_at: dt.datetime, inputs: Mapping[str, Any], snaps: Iterable[Snap]) -> Iterator[str]:
    """The canonical lines: the report, then each figure followed by its rows."""
    yield head_line(number, frozen_at, inputs)
    for snap in snaps:
        yield canonical({
            "figure": snap.position, "measure": snap.measure, "version": snap.version, "unit": snap.unit,
            "currency": snap.currency, "columns": snap.columns, "facts": snap.facts, "public": snap.is_public,
        })  # fmt: skip
        for position, row in enumerate(snap.rows):
            yield canonical({
                "row": [snap.position, position], "kind": row.kind, "key": row.key, "column": str(row.column),
                "amount": row.amount, "part": row.part, "facts": row.facts,
            })  # fmt: skip


def digest_of_report(report: Report, snaps: Iterable[Snap]) -> str:
    """SHA-256 of a report with these figures."""
    return digest_of(lines_of(report.number, report.frozen_at, report.inputs, snaps))


def write_snaps(report: Report, snaps: Iterable[Snap]) -> None:
    """The rows of a new report; call it inside the transaction that makes it."""
    for snap in snaps:
        figure = FrozenFigure.objects.create(
            report=report, position=snap.position, measure=snap.measure, version=snap.version, unit=snap.unit,
            currency=snap.currency, columns=dict(snap.columns), facts=dict(snap.facts), is_public=snap.is_public,
        )  # fmt: skip
        rows = (_frozen_row(figure.pk, position, row) for position, row in enumerate(snap.rows))
        FrozenRow.objects.bulk_create(rows, batch_size=BATCH)


def _frozen_row(figure: int, position: int, row: Row) -> FrozenRow:
    facts = dict(row.facts) | ({PART: row.part} if row.part else {})
    return FrozenRow(
        figure_id=figure, position=position, kind=row.kind, key=row.key, column=str(row.column), amount=plain(row.amount) or "",
        facts=facts,
    )  # fmt: skip


def read_snaps(report: Report, *, public_only: bool = False) -> Iterator[Snap]:
    """The figures of a report with their rows. Two queries."""
    figures = FrozenFigure.objects.filter(report=report).order_by("position")
    rows: dict[int, list[Row]] = {}
    frozen = FrozenRow.objects.filter(figure__report=report).order_by("figure__position", "position")
    if public_only:
        figures, frozen = figures.filter(is_public=True), frozen.filter(figure__is_public=True)
    for of, *row in frozen.values_list("figure", "kind", "key", "column", "amount", "facts").iterator(BATCH):
        rows.setdefault(of, []).append(row_of(*row))
    for figure in figures:
        yield Snap(
            figure.position, figure.measure, figure.version, figure.unit, figure.currency, figure.columns, figure.facts,
            figure.is_public, tuple(rows.get(figure.pk, ())),
        )  # fmt: skip


def row_of(kind: str, key: str, column: str, amount: str, facts: dict[str, str]) -> Row:
    """A row as the measure gave it."""
    told = dict(facts)
    part = told.pop(PART, "")
    return Row(kind, key, Column(column), Decimal(amount), part, told)
