"""A file of monthly counts, read whole or not at all, every fault by row and column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from madang.kit.sheets import CELL_FAULTS, Row, UnreadableFile, letter, open_book
from madang.kit.sheets.values import ValueFault, as_date, as_number, as_text, shown

MONTH = re.compile(r"((?:19|20)\d\d)\s*[-./년]\s*(0?[1-9]|1[0-2])\s*월?")
MOST = 2_147_483_647
"""The greatest count that every database keeps."""
FAULTS = 50
CODES = ("code", "title", "코드")
"""What may stand over the first column; anything may, in truth."""


@dataclass(frozen=True, slots=True)
class CellTrouble:
    """What is wrong with a cell, in words; `place` as a spreadsheet names it, or the row alone."""

    place: str
    value: str
    text: str


@dataclass(slots=True)
class CountsFile:
    """What was read: (code, first day of the month) -> count; or what is wrong."""

    counts: dict[tuple[str, dt.date], int] = field(default_factory=dict)
    troubles: list[CellTrouble] = field(default_factory=list)

    def complain(self, row: int, column: int, value: object, text: str) -> None:
        self.troubles.append(CellTrouble(f"{letter(column)}{row}", shown(value), text))


def as_month(value: Any) -> dt.date:
    """ "2025-05", "2025. 5", "2025년 5월" or any day of the month. Raises ValueFault."""
    if isinstance(value, str) and (found := MONTH.fullmatch(" ".join(value.split()))):
        return dt.date(int(found[1]), int(found[2]), 1)
    day = as_date(value)
    if not 1900 <= day.year < 2100:
        raise ValueFault("not_a_date")
    return day.replace(day=1)


def read_counts(file: IO[bytes], name: str, known: Collection[str]) -> CountsFile:
    """A table of (code, month, count), or one with a column a month. Its first row says which. Raises UnreadableFile."""
    book = open_book(file, name)
    try:
        sheet = book.read(book.sheet_names[0])
    finally:
        book.close()
    found = CountsFile()
    for fault in sheet.faults[:FAULTS]:
        words = CELL_FAULTS.get(fault.code, (fault.code, ""))[0]
        found.complain(fault.row, fault.column, fault.value, _(words) % fault.params)
    if not sheet.rows:
        raise UnreadableFile("empty")
    head, rows = sheet.rows[0], sheet.rows[1:]
    months = months_over(head)
    for row in rows:
        if code := _code(found, row, known):
            for column, month, value in _cells(found, row, months):
                take(found, row, column, (code, month), value)
    del found.troubles[FAULTS:]
    return found


def months_over(head: Row) -> dict[int, dt.date]:
    """Column -> month, where the first row has months; empty for a table of three columns."""
    months = {}
    for column, value in head.values.items():
        try:
            months[column] = as_month(value)
        except ValueFault:
            continue
    return months


def _code(found: CountsFile, row: Row, known: Collection[str]) -> str:
    try:
        code = as_text(row.values.get(1) or "")
    except ValueFault:
        code = ""
    if code not in known:
        found.complain(row.number, 1, row.values.get(1), _("This code is not in the study."))
        return ""
    return code


def _cells(found: CountsFile, row: Row, months: dict[int, dt.date]) -> Iterator[tuple[int, dt.date, Any]]:
    """(column, month, value) of each cell with a count; an empty cell is an unknown month."""
    if months:
        yield from ((column, month, row.values[column]) for column, month in months.items() if column in row.values)
        return
    try:
        month = as_month(row.values.get(2))
    except ValueFault:
        found.complain(row.number, 2, row.values.get(2), _("This is no month: write it like 2025-05."))
        return
    if row.values.get(3) is not None:
        yield 3, month, row.values[3]


def take(found: CountsFile, row: Row, column: int, key: tuple[str, dt.date], value: Any) -> None:
    try:
        count = as_number(value)
    except ValueFault:
        count = -1
    if not 0 <= count <= MOST:
        found.complain(row.number, column, value, _("This is no count: a whole number from 0 on."))
    elif key in found.counts:
        found.complain(row.number, column, value, _("This title has a count of this month already, higher up."))
    else:
        found.counts[key] = count
