"""A workbook's contents as typed values, by sheet and code: plain data, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]
"""A row: column key -> typed value. References are codes, times are aware and in UTC, lists are tuples."""
Contents = dict[str, dict[str, Values]]
"""An edition: sheet key -> code -> row."""


@dataclass(slots=True)
class Record:
    """A row of a sheet. A column that the file does not have is not in `values`; `assumed` were worked out."""

    sheet: str
    row: int
    code: str
    values: Values
    shown: dict[str, str] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Records:
    """Everything that was read, by sheet key.

    `columns` and `headers`: column key -> its number, its words in the file; `names`: the sheet's own name;
    `faulty`: codes that stand in a cell with a fault of its own, so that what refers to them is not blamed too.
    """

    rows: dict[str, list[Record]] = field(default_factory=dict)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, set[str]] = field(default_factory=dict)
    zone: str = ""

    def of(self, sheet: str) -> list[Record]:
        return self.rows.get(sheet, [])

    @property
    def edition(self) -> Record | None:
        return next(iter(self.of("Edition")), None)

    @property
    def total(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    def everything(self) -> Iterator[Record]:
        for rows in self.rows.values():
            yield from rows


def merged(records: Records, current: Contents) -> Contents:
    """The edition as it would be after the import: the file's rows over those that are there."""
    after: Contents = {sheet: dict(rows) for sheet, rows in current.items()}
    for record in records.everything():
        rows = after.setdefault(record.sheet, {})
        rows[record.code] = {**rows.get(record.code, {}), **record.values}
    return after
