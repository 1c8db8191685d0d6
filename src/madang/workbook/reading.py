"""A workbook -> typed records, with all of its faults at once. No database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from madang.kit.sheets import Book, Row, Table, as_table
from madang.kit.sheets.values import ValueFault, as_text, shown
from madang.workbook.cells import parsed
from madang.workbook.checks import check
from madang.workbook.columns import SHEETS, Column, SheetSpec, header_keys, normal, sheet_of
from madang.workbook.faults import ERROR, WARNING, Fault, fault_at
from madang.workbook.records import Contents, Record, Records
from madang.workbook.times import resolve_slots, resolve_spans

OWN_SHEETS = {normal(name) for name in ("Read me", "읽어 두기", "Lisez-moi", "Lists", "_lists")}
"""Sheets of our template that hold no data."""

Progress = Callable[[str, int], None]
"""Told the sheet's key and the rows read so far."""


MOST_FAULTS = 30_000
"""Faults of single cells that are kept: far more than anybody reads, and no more than a server can hold."""


@dataclass(slots=True)
class Reading:
    """What was read, and everything that is wrong with it."""

    records: Records = field(default_factory=Records)
    faults: list[Fault] = field(default_factory=list)

    def add(self, sheet: str, row: int, column: int, header: str, value: str, code: str, /, **params: object) -> None:
        if len(self.faults) >= MOST_FAULTS:
            return
        severity = WARNING if params.pop("warning", False) else ERROR
        self.faults.append(fault_at(sheet, row, column, header, value, code, severity, **params))

    @property
    def is_sound(self) -> bool:
        return not any(fault.severity == ERROR for fault in self.faults)


def read_records(book: Book, current: Contents | None = None, progress: Progress = lambda sheet, rows: None) -> Reading:
    """Read every known sheet and check it against itself and `current` (the edition as it stands; empty for a new one).

    May raise `UnreadableFile` where a sheet turns out to be damaged or too big.
    """
    return checked(read_sheets(book, progress), current or {})


def read_sheets(book: Book, progress: Progress = lambda sheet, rows: None, sheets: tuple[SheetSpec, ...] = SHEETS) -> Reading:
    """Each cell by itself; `checked` must follow, once it is known which edition the workbook is about."""
    reading = Reading()
    named = _find_sheets(book, reading, sheets)
    for spec in sheets:
        if spec.key in named:
            _read_sheet(book, named[spec.key], spec, reading, progress)
    return reading


def checked(reading: Reading, current: Contents) -> Reading:
    """The reading with its times in UTC and all faults between rows and sheets, in the order of the file."""
    records = reading.records
    records.zone = zone_of_edition(records, current).key
    resolve_slots(records, ZoneInfo(records.zone), reading.faults)
    resolve_spans(records, current, ZoneInfo(records.zone), reading.faults)
    reading.faults.extend(check(records, current))
    order = {name: number for number, name in enumerate(records.names.values())}
    reading.faults.sort(key=lambda fault: (order.get(fault.sheet, -1), fault.row))
    return reading


def zone_of_edition(records: Records, current: Contents) -> ZoneInfo:
    """The venue's zone as the file says, else as the edition has it; UTC while neither is known."""
    own = next(iter(current.get("Edition", {}).values()), {})
    named = records.edition.values.get("time_zone") if records.edition else None
    return ZoneInfo(named or own.get("time_zone") or "UTC")


def _find_sheets(book: Book, reading: Reading, sheets: tuple[SheetSpec, ...]) -> dict[str, str]:
    named: dict[str, str] = {}
    for name in book.sheet_names:
        spec = sheet_of(name, sheets)
        if spec is None:
            if normal(name) not in OWN_SHEETS and not book.is_hidden(name):
                reading.add(name, 0, 0, "", "", "unknown_sheet", sheet=name, warning=True)
        elif spec.key in named:
            reading.add(name, 0, 0, "", "", "doubled_sheet", one=named[spec.key], other=name)
        else:
            named[spec.key] = name
    if not named:
        reading.add(", ".join(book.sheet_names)[:80], 0, 0, "", "", "no_sheets")
    return named


def _read_sheet(book: Book, name: str, spec: SheetSpec, reading: Reading, progress: Progress) -> None:
    table = as_table(book.read(name), header_keys(spec.key), normal)
    records = reading.records
    records.names[spec.key], records.columns[spec.key] = name, table.columns
    records.headers[spec.key] = {key: table.headers[column] for key, column in table.columns.items()}
    for fault in table.faults:
        header = table.headers.get(fault.column, "")
        reading.add(name, fault.row, fault.column, header, fault.value, fault.code, **fault.params)
    for column in table.unknown:
        words = table.headers[column]
        reading.add(name, table.header_row, column, words, "", "unknown_column", header=shown(words), warning=True)
    if table.rows or not table.columns:
        _missing_columns(spec, table, reading)
    records.rows[spec.key] = _rows(spec, table, reading, progress)


def _missing_columns(spec: SheetSpec, table: Table, reading: Reading) -> None:
    for column in spec.columns:
        if column.required and column.key not in table.columns:
            reading.add(table.sheet, 0, 0, "", "", "missing_column", header=f"@{spec.key}.{column.key}")


def _rows(spec: SheetSpec, table: Table, reading: Reading, progress: Progress) -> list[Record]:
    columns = [(column, table.columns[column.key]) for column in spec.columns if column.key in table.columns]
    bad = {(fault.row, fault.column) for fault in table.faults}
    found = []
    for count, row in enumerate(table.rows, 1):
        found.append(_record(spec, table, columns, row, bad, reading))
        if count % 500 == 0:
            progress(spec.key, count)
    progress(spec.key, len(table.rows))
    if spec.code:
        reading.records.faulty[spec.key] = {record.shown.get(spec.code, "") for record in found if not record.code}
        found = [record for record in found if record.code]
    return _without_doubles(spec, table, found, reading)


def _record(
    spec: SheetSpec, table: Table, columns: list[tuple[Column, int]], row: Row, bad: set[tuple[int, int]], reading: Reading
) -> Record:
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for column, number in columns:
        raw = row.values.get(number)
        if (row.number, number) in bad:
            continue
        try:
            values[column.key] = _value(column, raw)
        except ValueFault as fault:
            header = table.headers[number]
            params = {"header": header, **fault.params}
            if column.choices:
                params["choices"] = f"@{spec.key}.{column.key}"
            reading.add(table.sheet, row.number, number, header, shown(raw), fault.code, **params)
        texts[column.key] = shown(raw)
    return Record(spec.key, row.number, str(values.get(spec.code, "")) if spec.code else "", values, texts)


def _value(column: Column, raw: Any) -> Any:
    if raw is not None and (isinstance(raw, bool | int | float) or not isinstance(raw, str) or as_text(raw, many_lines=True)):
        return parsed(column, raw)
    if column.required:
        raise ValueFault("required")
    return column.default


def _without_doubles(spec: SheetSpec, table: Table, found: list[Record], reading: Reading) -> list[Record]:
    """The first row of each code; the others are faults."""
    first: dict[str, Record] = {}
    if not spec.code:
        return found
    for record in found:
        earlier = next(iter(first.values()), None) if spec.key == "Edition" else first.get(record.code)
        if earlier is None:
            first[record.code] = record
            continue
        number = table.columns[spec.code]
        code = "one_edition" if spec.key == "Edition" else "doubled_code"
        reading.add(table.sheet, record.row, number, table.headers[number], record.code, code, other=earlier.row)
    return list(first.values())
