"""Records -> an avails workbook of Excel 1.9 (sheets Movies and TV), or our own workbook of rights with the same columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from .cells import write_cell
from .columns import PREFIX, WRITTEN, groups, sheet_columns
from .records import Record

TELEVISION = frozenset({"Series", "Season", "Episode", "Volume"})
RIGHTS_SHEET = "Rights"
REQUIRED = (
    "Territory WorkType EntryType TitleInternalAlias LicenseType FormatProfile Start End ContentID ALID "
    "SeriesTitleInternalAlias SeriesContentID SeasonContentID EpisodeContentID"
)
"""Columns that the third row marks as required."""
FORMULA = ("=", "+", "-", "@")
HEAD = PatternFill("solid", fgColor="1F1B24")


def write_workbook(records: Iterable[Record], target: Path | IO[bytes]) -> None:
    """Write Excel 1.9: row 1 groups, row 2 columns, row 3 notes with the version in A3, then one row a record."""
    every = list(records)
    book = Workbook()
    book.remove(book.active)
    television = [record for record in every if record.get("WorkType") in TELEVISION]
    others = [record for record in every if record.get("WorkType") not in TELEVISION]
    if others or not television:
        _write_sheet(book, "Movies", others)
    if television:
        _write_sheet(book, "TV", television)
    book.save(target)


def write_rights(records: Iterable[Record], target: Path | IO[bytes]) -> None:
    """Write our own workbook: every column of avails on one sheet, media codes of ours in LicenseType."""
    book = Workbook()
    book.remove(book.active)
    _write_sheet(book, RIGHTS_SHEET, list(records))
    book.save(target)


def is_ours(record: Record) -> bool:
    """Whether a record speaks of media that Avails has no word for."""
    return PREFIX in record.get("LicenseType")


def _write_sheet(book: Any, name: str, records: list[Record]) -> None:
    sheet = book.create_sheet(name)
    columns = _columns(name, records)
    _write_head(sheet, name, columns)
    for number, record in enumerate(records, 4):
        for place, column in enumerate(columns, 1):
            text = record.values.get(column) or record.extra.get(column, "")
            if text:
                _write(sheet, number, place, write_cell(column, text))


def _columns(name: str, records: list[Record]) -> list[str]:
    """Those of the template, then what these records have besides."""
    columns = dict.fromkeys(sheet_columns(name))
    for record in records:
        columns |= dict.fromkeys(record.values) | dict.fromkeys(record.extra)
    return list(columns)


def _write_head(sheet: Any, name: str, columns: list[str]) -> None:
    for place, column in enumerate(columns, 1):
        _write(sheet, 1, place, groups().get(column, "Extra"))
        _write(sheet, 2, place, column)
        _write(sheet, 3, place, "//REQ" if column in REQUIRED.split() else "//Opt")
        for number in (1, 2):
            cell = sheet.cell(number, place)
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
        sheet.column_dimensions[get_column_letter(place)].width = max(12, min(28, len(column) + 3))
    sheet.cell(3, 1).value = RIGHTS_SHEET if name == RIGHTS_SHEET else float(WRITTEN)
    sheet.freeze_panes = "A4"


def _write(sheet: Any, number: int, place: int, value: Any) -> None:
    cell = sheet.cell(number, place)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"  # a text stays a text, also where a program would take it for a formula
    cell.number_format = "@"
    if value.startswith(FORMULA):
        cell.quotePrefix = True
