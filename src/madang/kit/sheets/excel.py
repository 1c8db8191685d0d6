"""Excel workbooks (.xlsx), by openpyxl's read-only mode."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

# The public read-only rows hide merged ranges and pad gaps: a cell in the last row would cost a million empty ones.
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from madang.kit.sheets.faults import CellFault, Limits, UnreadableFile
from madang.kit.sheets.rows import Row, Sheet, is_blank

MERGE_TAG = f"{{{SHEET_MAIN_NS}}}mergeCell"
STRICT = b"http://purl.oclc.org/ooxml/"
REFERENCE = re.compile(r"([A-Z]+)(\d+)")


class ExcelBook:
    """An open .xlsx file; each sheet is read when it is asked for."""

    def __init__(self, file: IO[bytes], archive: zipfile.ZipFile, limits: Limits) -> None:
        _refuse_what_runs(archive, limits.asleep)
        self._limits = limits
        self._book = _load(file)
        if self._book.epoch == CALENDAR_MAC_1904:
            raise UnreadableFile("epoch_1904")
        self._sheets = {s.title: s for s in self._book._sheets if isinstance(s, ReadOnlyWorksheet)}
        if len(self._sheets) > limits.sheets:
            raise UnreadableFile("too_many_sheets", limit=limits.sheets)

    @property
    def sheet_names(self) -> list[str]:
        return list(self._sheets)

    def is_hidden(self, name: str) -> bool:
        return bool(self._sheets[name].sheet_state != "visible")

    def read(self, name: str) -> Sheet:
        """All rows of a sheet that have a value, with the faults of its cells."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of extensions and formats that do not concern values
                return _read_sheet(name, self._sheets[name], self._limits)
        except DefusedXmlException as fault:
            raise UnreadableFile("entities") from fault
        except (ParseError, ValueError, KeyError, IndexError, TypeError, AttributeError, zipfile.BadZipFile) as fault:
            raise UnreadableFile("truncated") from fault

    def close(self) -> None:
        self._book.close()


def _refuse_what_runs(archive: zipfile.ZipFile, asleep: bool) -> None:
    names = [name.lower() for name in archive.namelist()]
    types = archive.read("[Content_Types].xml")
    if not asleep and (any(n.endswith("vbaproject.bin") or "/macrosheets/" in n for n in names) or b"macroEnabled" in types):
        raise UnreadableFile("macros")
    if "xl/workbook.bin" in names:
        raise UnreadableFile("binary_excel")
    if not asleep and any(name.startswith("xl/externallinks/") for name in names):
        raise UnreadableFile("external_links")
    if "xl/workbook.xml" in names and STRICT in archive.read("xl/workbook.xml"):
        raise UnreadableFile("strict_excel")


def _load(file: IO[bytes]) -> Any:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(file, read_only=True, keep_links=False)
    except Exception as fault:  # openpyxl answers damaged files with whatever its parts happen to raise
        declared = isinstance(fault, DefusedXmlException) or isinstance(fault.__cause__, DefusedXmlException)
        raise UnreadableFile("entities" if declared else "truncated") from fault


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's parser of cells, without all that is no value."""

    def rows(self, merged: list[str]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                row = self.parse_row(element)
                element.clear()
                yield row
            elif element.tag == MERGE_TAG:
                merged.append(element.get("ref", ""))

    def parse_formula(self, element: Any) -> str:
        return "=" + (element.findtext(FORMULA_TAG) or "")

    def parse_cell(self, element: Any) -> Any:
        cell = super().parse_cell(element)
        if cell["data_type"] == "e" and element.get("t") != "e":  # openpyxl's answer to a date outside the calendar
            cell["data_type"] = "bad date"
        return cell


def _read_sheet(name: str, source: Any, limits: Limits) -> Sheet:
    sheet, merged = Sheet(name=name, hidden=source.sheet_state != "visible"), list[str]()
    book = source.parent
    with source._get_source() as stream:
        parser = _Parser(
            stream,
            source._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.rows(merged):
            _add_row(sheet, number, cells, limits)
    sheet.rows.sort(key=lambda row: row.number)
    sheet.faults.extend(_merged_fault(name, area) for area in merged)
    return sheet


def _add_row(sheet: Sheet, number: int, cells: list[dict[str, Any]], limits: Limits) -> None:
    row = Row(number)
    for cell in cells:
        column, value, kind = cell["column"], cell["value"], cell["data_type"]
        if is_blank(value):
            continue
        if column > limits.columns:
            letter = get_column_letter(min(column, 16384))
            raise UnreadableFile("too_many_columns", sheet=sheet.name, column=letter, limit=limits.columns)
        if kind == "f":
            sheet.faults.append(CellFault(sheet.name, number, column, "formula", str(value)[:80]))
        elif kind == "e":
            sheet.faults.append(CellFault(sheet.name, number, column, "error_value", str(value), {"error": str(value)[:20]}))
        elif kind == "bad date":
            sheet.faults.append(CellFault(sheet.name, number, column, "bad_serial_date"))
        row.values[column] = None if kind in ("e", "f", "bad date") else _plain(value)
    if row.values:
        if len(sheet.rows) >= limits.rows:
            raise UnreadableFile("too_many_rows", sheet=sheet.name, limit=limits.rows)
        sheet.rows.append(row)


def _merged_fault(sheet: str, area: str) -> CellFault:
    found = REFERENCE.match(area)
    if found is None or len(found[1]) > 3:
        return CellFault(sheet, 0, 0, "merged", area[:40], {"range": area[:40]})
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return CellFault(sheet, int(found[2][:7]), column, "merged", area[:40], {"range": area[:40]})


def _plain(value: Any) -> Any:
    """Excel keeps times as binary fractions: round to the second, and whole numbers become int."""
    if isinstance(value, dt.datetime):
        return (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(value, dt.time) and value.microsecond:
        moment = dt.datetime.combine(dt.date(2000, 1, 1), value) + dt.timedelta(milliseconds=500)
        return moment.time().replace(microsecond=0)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
