"""How a frozen figure follows from its rows. The rule itself is measures.sums.added_up, the one that measures are computed by;
freezing and recomputing ask it here. docs/audit/recompute.py has it in its own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from madang.outcomes.measures.face import Column, Figure, Row, Unit
from madang.outcomes.measures.sums import DENOMINATOR, added_up

Columns = dict[str, Decimal | None]


def columns_of(unit: str, known: Mapping[str, bool], rows: Iterable[Row]) -> Columns:
    """What the rows come to, for each column of `known`. False there: without rows it is no number, rather than 0."""
    kept = tuple(rows)
    filled = {str(row.column) for row in kept}
    found = added_up(kept, Unit(unit), [Column(name) for name in known])
    return {name: found[Column(name)] if name in filled or is_known else None for name, is_known in known.items()}


def frozen_columns(figure: Figure) -> Columns:
    """The figure's columns as its rows give them.

    Raises ValueError with the column where they do not come to what the measure says, or where a row stands twice.
    """
    said = {str(column): number for column, number in figure.columns.items()}
    _look_at(figure.rows, said)
    found = columns_of(figure.unit, {column: number is not None for column, number in said.items()}, figure.rows)
    for column, number in said.items():
        if number != found[column]:
            raise ValueError(f"{column}: {number} is said, the rows come to {found[column]}")
    return found


def _look_at(rows: Iterable[Row], said: Mapping[str, object]) -> None:
    seen: set[tuple[str, str, str, str]] = set()
    for row in rows:
        name = (row.kind, row.key, str(row.column), row.part)
        if name in seen:
            raise ValueError(f"{row.column}: {row.kind} {row.key} stands twice")
        if row.column not in said and row.part != DENOMINATOR:
            raise ValueError(f"{row.column}: {row.kind} {row.key} is in a column without a number")
        seen.add(name)
