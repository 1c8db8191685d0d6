"""A sheet as rows of values with the place each came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from openpyxl.utils import get_column_letter

from madang.kit.sheets.faults import CellFault


@dataclass(slots=True)
class Row:
    """One row: `number` as the spreadsheet shows it, values by column (from 1), blanks left out."""

    number: int
    values: dict[int, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """The rows of a sheet that have a value. A cell with a fault is there as None."""

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    faults: list[CellFault] = field(default_factory=list)


class Book(Protocol):
    """A file of sheets, whatever its format."""

    @property
    def sheet_names(self) -> list[str]: ...

    def is_hidden(self, name: str) -> bool: ...

    def read(self, name: str) -> Sheet: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Table:
    """A sheet whose first row is a header: `columns` maps a known key to its column, `headers` a column to its words."""

    sheet: str
    columns: dict[str, int]
    headers: dict[int, str]
    unknown: list[int]
    rows: list[Row]
    header_row: int
    faults: list[CellFault]


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def letter(column: int) -> str:
    """1 -> "A", 28 -> "AB"; 0 (no column) -> ""."""
    return str(get_column_letter(column)) if column else ""


def as_table(sheet: Sheet, keys: dict[str, str], normal: Any) -> Table:
    """Find the columns by their headers: `keys` maps a normalised header to a key, `normal` normalises a text."""
    head = sheet.rows[0] if sheet.rows else Row(1)
    columns: dict[str, int] = {}
    unknown, faults = [], list(sheet.faults)
    headers = {column: str(value).strip() for column, value in head.values.items()}
    for column, words in headers.items():
        key = keys.get(normal(words))
        if key is None:
            unknown.append(column)
        elif key in columns:
            other = {"header": words, "other": letter(columns[key])}
            faults.append(CellFault(sheet.name, head.number, column, "doubled_header", words, other))
        else:
            columns[key] = column
    wanted = set(columns.values())
    rows = [row for row in sheet.rows[1:] if wanted & row.values.keys()]
    return Table(sheet.name, columns, headers, unknown, rows, head.number, _within(faults, columns.values(), head.number))


def _within(faults: Iterable[CellFault], columns: Iterable[int], head: int) -> list[CellFault]:
    """Only what concerns a column that is read: a formula in somebody's own notes harms nobody."""
    read = set(columns)
    return [fault for fault in faults if fault.column in read or fault.column == 0 or fault.row == head or fault.code == "merged"]
