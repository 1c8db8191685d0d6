"""Avails workbooks of Excel 1.5 to 1.9, and our own of rights, read by column name: whatever is on which sheet in which order."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.kit.sheets import CELL_FAULTS, Book, CellFault, Limits, Row, Sheet, UnreadableFile, letter, open_book
from madang.kit.sheets.values import shown

from .cells import CONSTANTS, read_cell
from .columns import PAIRED, PREFIX, column_of
from .records import AvailsFile, Finding, Place, Record, Severity, Unreadable

LIMITS = Limits(columns=400, asleep=True)
NEEDED = {"Territory", "LicenseType", "EntryType"}
ENOUGH = 6
"""Columns that a row must name to be a header."""
HEADER_ROWS = 3
NUMBER = re.compile(r"\s*v?\s*(1\.[5-9](?:\.[0-9])?)\s*", re.IGNORECASE)
RIGHTS = "rights"
"""The version of our own workbook."""
OFTEN = 5
"""Columns without a meaning that are named before the rest is only counted."""

SINCE = (
    ("1.9", {"TPRType", "CampaignID", "AssociatedALID", "RefALID"}),
    ("1.8", {"StoreType", "PackageLabel", "VolumeNumber", "VolumeContentID", "VolumeDistributionNumber"}),
    ("1.7.3", {"Licensee", "TitleStatus", "TerritoryExclusion", "WindowDuration", "GroupIdentity", "StartLag", "BrandingRights"}),
)
"""Columns that a version brought; asked from the newest down."""


def read_workbook(source: Path | bytes, name: str = "") -> AvailsFile:
    """All avails of a workbook (or of a CSV file), with what was found in its cells. Raises Unreadable."""
    try:
        book = open_book(source if isinstance(source, Path) else io.BytesIO(source), name, LIMITS)
    except UnreadableFile as fault:
        raise Unreadable(fault.text(gettext)) from None
    try:
        return _read_book(book, name or (source.name if isinstance(source, Path) else ""))
    except UnreadableFile as fault:
        raise Unreadable(fault.text(gettext)) from None
    finally:
        book.close()


def _read_book(book: Book, name: str) -> AvailsFile:
    sheets = [book.read(title) for title in book.sheet_names if not book.is_hidden(title)]
    tables = [table for sheet in sheets if (table := _table(sheet)) is not None]
    if not tables:
        raise Unreadable(
            gettext(
                "No sheet of this workbook has the columns of avails: its second row must name at least "
                "EntryType, Territory and LicenseType."
            )
        )
    found = AvailsFile("xlsx", _version(name, sheets, tables))
    for table in tables:
        table.read_into(found)
    return found


class _Table:
    """A sheet of avails: `columns` by their place, the rest of its headers in `others`."""

    def __init__(self, sheet: Sheet, header: Row) -> None:
        self.sheet, self.header = sheet, header
        self.columns: dict[int, str] = {}
        self.others: dict[int, str] = {}
        for place, words in header.values.items():
            column = column_of(str(words))
            if column is None:
                self.others[place] = str(words).strip()
            elif column not in self.columns.values():
                self.columns[place] = column
        self.place_of = {column: place for place, column in self.columns.items()}

    def is_ours(self) -> bool:
        """Whether its licence types are codes of our media."""
        place = self.place_of["LicenseType"]
        return any(str(row.values.get(place, "")).lstrip().startswith(PREFIX) for row in self.sheet.rows)

    def read_into(self, found: AvailsFile) -> None:
        """Add the rows that are avails, and what is wrong with their cells."""
        faults: dict[int, list[CellFault]] = {}
        for fault in self.sheet.faults:
            faults.setdefault(fault.row, []).append(fault)
        found.findings.extend(self._of_headers())
        for row in self.sheet.rows:
            if row.number > self.header.number:
                self._read_row(row, faults.get(row.number, []), found)
        found.findings.extend(self._finding(fault) for fault in faults.get(0, []) if fault.code != "merged")

    def _read_row(self, row: Row, faults: list[CellFault], found: AvailsFile) -> None:
        wrong = {fault.column: fault for fault in faults}
        constants = {place: CONSTANTS[f.value.upper()] for place, f in wrong.items() if f.value.upper() in CONSTANTS}
        values = {place: value for place, value in (row.values | constants).items() if value is not None}
        entry = values.get(self.place_of.get("EntryType", 0))
        if entry is None or str(entry).lstrip().startswith("/"):
            found.findings.extend(self._without_entry_type(row, values) if entry is None else ())
            return
        record = Record()
        for place, value in values.items():
            if place in self.columns:
                self._read_value(record, row.number, place, value, found)
            elif self.others.get(place):
                record.extra[self.others[place]] = value.strip() if isinstance(value, str) else shown(value)
        ours = (f for place, f in wrong.items() if place not in constants and place in self.columns)
        found.findings.extend(self._finding(fault) for fault in ours)
        found.records.append(record)

    def _read_value(self, record: Record, number: int, place: int, value: Any, found: AvailsFile) -> None:
        column = self.columns[place]
        where = Place(self.sheet.name, number, column)
        text, remark = read_cell(column, value)
        if text:
            record.values[column], record.places[column] = text, where
        if remark is not None:
            said = value if isinstance(value, str) else shown(value)
            found.findings.append(Finding(remark.severity, remark.code, where, said, remark.message, remark.mend))

    def _without_entry_type(self, row: Row, values: dict[int, Any]) -> Iterator[Finding]:
        """A row of notes says nothing; one that looks like an avail is left out, as all readers of the format do, and named."""
        said = {self.columns[place]: str(value) for place, value in values.items() if place in self.columns}
        if all(column in said and not said[column].lstrip().startswith("/") for column in ("Territory", "LicenseType")):
            message = _("This row has no EntryType, so it is no avail and was left out.")
            where = Place(self.sheet.name, row.number, "EntryType")
            yield Finding(
                Severity.WARNING, "own-row-without-entry-type", where, "", message, _("Write Full Extract, for example.")
            )

    def _of_headers(self) -> Iterator[Finding]:
        used = {place for row in self.sheet.rows if row.number > self.header.number for place in row.values}
        for place in [place for place in self.others if place in used][:OFTEN]:
            where = Place(self.sheet.name, self.header.number, letter(place))
            message = _("No version of Excel avails has this column; it is kept, and means nothing.")
            yield Finding(Severity.INFO, "column-unknown", where, self.others[place], message)

    def _finding(self, fault: CellFault) -> Finding:
        message, mend = CELL_FAULTS[fault.code]
        where = Place(self.sheet.name, fault.row, self.columns.get(fault.column, letter(fault.column)))
        text = format_lazy("{}", gettext(message) % fault.params)
        return Finding(Severity.ERROR, fault.code.replace("_", "-"), where, fault.value, text, gettext(mend))


def _table(sheet: Sheet) -> _Table | None:
    for row in sheet.rows[:HEADER_ROWS]:
        named = {column for words in row.values.values() if (column := column_of(str(words)))}
        if row.number <= HEADER_ROWS and len(named) >= ENOUGH and named >= NEEDED:
            return _Table(sheet, row)
    return None


def _version(name: str, sheets: list[Sheet], tables: list[_Table]) -> str:
    """What the third row says, or another sheet, or a sheet's name, or the columns that are there."""
    if any(table.is_ours() for table in tables):
        return RIGHTS
    said = (_said(table.sheet, table.header.number + 1) for table in tables)
    told = (_told(sheet) for sheet in sheets)
    named = (_in_name(table.sheet.name) for table in tables)
    return next((version for version in (*said, *told, *named) if version), "") or _by_columns(tables[0], name)


def _said(sheet: Sheet, number: int) -> str:
    first = next((row.values.get(1) for row in sheet.rows if row.number == number), None)
    return _number(first)


def _told(sheet: Sheet) -> str:
    for row in sheet.rows[:10]:
        words = [value for value in row.values.values() if not isinstance(value, dt.date)]
        if any(str(word).strip().casefold() in ("version number", "template version") for word in words):
            return next((number for word in words if (number := _number(word))), "")
    return ""


def _number(value: Any) -> str:
    found = NUMBER.fullmatch(str(value)) if isinstance(value, str | int | float) else None
    return found[1] if found and found[1] in PAIRED else ""


def _in_name(name: str) -> str:
    found = re.search(r"v(1\.[5-9](?:\.[0-9])?)(?![0-9])", name, re.IGNORECASE)
    return found[1] if found and found[1] in PAIRED else ""


def _by_columns(table: _Table, name: str) -> str:
    columns = set(table.columns.values())
    for version, since in SINCE:
        if columns & since:
            return "1.8" if version == "1.7.3" and table.sheet.name.casefold() == "allavails" else version
    if in_name := _in_name(name):
        return in_name
    if "ALID" not in columns:
        return "1.6"
    return "1.7.2" if columns & {"AltID", "EpisodeAltID", "RetailerID1"} else "1.7"
