"""Contents of an edition -> a workbook that people like to fill in, and that reads back as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from madang.kernels.matching import lexicon
from madang.kit.codes import codes, language_words
from madang.workbook.clocks import is_doubtful, session_of
from madang.workbook.columns import SHEETS, Column, Kind, SheetSpec, spec_of
from madang.workbook.columns.choices import WISH_VALUES, WISHES, YESNO
from madang.workbook.intro import write_intro
from madang.workbook.records import Contents, Values

INK, CARPET, LINE = "1F1B24", "C2185B", "E3DCE1"
ROOM = 20_000
"""Rows for which cells are prepared: formats and drop-down lists."""
FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.CLOCK: "hh:mm", Kind.MOMENT: "yyyy-mm-dd hh:mm", Kind.NUMBER: "0",
           Kind.AMOUNT: "0.00"}  # fmt: skip


def write_book(target: Path | IO[bytes], language: str, contents: Contents, sheets: tuple[SheetSpec, ...] = SHEETS) -> None:
    """Write every sheet in the language `language`, with help at each header and lists where values are chosen."""
    book = Workbook()
    write_intro(book.active, language, sheets)
    zone = ZoneInfo(next(iter(contents.get("Edition", {}).values()), {}).get("time_zone") or "UTC")
    for spec in sheets:
        sheet = book.create_sheet(spec.name.of(language))
        _write_header(sheet, spec, language)
        _write_rows(sheet, spec, language, contents.get(spec.key, {}), zone)
        _offer_choices(sheet, spec, language)
    book.save(target)


def _write_header(sheet: Any, spec: SheetSpec, language: str) -> None:
    sheet.sheet_properties.tabColor = CARPET
    for number, column in enumerate(spec.columns, 1):
        cell = sheet.cell(1, number, column.header.of(language))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=CARPET if column.required else INK)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        cell.comment = Comment(column.help.of(language), "Madang", width=280, height=90)
        width = sheet.column_dimensions[get_column_letter(number)]
        width.width = column.width
        width.number_format = FORMATS.get(column.kind, "@")
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "B2" if spec.code else "A2"
    sheet.sheet_view.zoomScale = 110


def _write_rows(sheet: Any, spec: SheetSpec, language: str, rows: dict[str, Values], zone: ZoneInfo) -> None:
    styles: dict[tuple[str, bool], Any] = {}
    for number, values in enumerate(rows.values(), 2):
        shown = _as_written(spec, values, zone)
        for position, column in enumerate(spec.columns, 1):
            content = cell_value(column, shown.get(column.key), language)
            if content is None:
                continue
            cell = sheet.cell(number, position)
            cell.value = content
            if isinstance(content, str):
                cell.data_type = "s"  # a text that begins with "=" stays a text
            look = (_format(column, content), column.kind is Kind.LONG)
            if look in styles:
                cell._style = styles[look]  # one look for thousands of cells: five times as fast as setting its parts
            else:
                _dress(cell, *look)
                styles[look] = cell._style
    if rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(spec.columns))}{len(rows) + 1}"


def _format(column: Column, content: Any) -> str:
    if isinstance(content, str):
        return "@"
    return FORMATS[Kind.MOMENT] if isinstance(content, dt.datetime) else FORMATS.get(column.kind, "General")


def _dress(cell: Any, number_format: str, is_long: bool) -> None:
    cell.number_format = number_format
    cell.alignment = Alignment(vertical="top", wrap_text=is_long)
    cell.border = Border(bottom=Side(style="hair", color=LINE))


def _as_written(spec: SheetSpec, values: Values, zone: ZoneInfo) -> Values:
    """Times in UTC as the venue's clocks show them, in the sheet's own columns."""
    if spec.key == "Slots" and "starts_at" in values:
        return values | _slot_cells(values, zone)
    if spec.key == "Unavailable" and "starts_at" in values:
        return values | {"start": _moment_cell(values["starts_at"], zone), "end": _moment_cell(values["ends_at"], zone)}
    return values


def _slot_cells(values: Values, zone: ZoneInfo) -> Values:
    start, end = values["starts_at"].astimezone(zone), values["ends_at"].astimezone(zone)
    cells: Values = {"day": start.date(), "start": start.time().replace(tzinfo=None), "end": end.time().replace(tzinfo=None)}
    if is_doubtful(start, zone):
        cells["start"] = start.isoformat()
    if is_doubtful(end, zone) or end.date() != start.date():
        cells["end"] = _moment_cell(end, zone)
    if values.get("session") == session_of(values["starts_at"], zone):
        cells["session"] = values["session"]
    return cells


def _moment_cell(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime | str:
    there = moment.astimezone(zone)
    return there.isoformat() if is_doubtful(moment, zone) else there.replace(tzinfo=None)


def cell_value(column: Column, value: Any, language: str) -> Any:
    """What stands in the cell for a typed value; None leaves it empty."""
    if value is None or value == "" or value == ():
        return None
    write = WRITERS.get(column.kind)
    content = write(column, value, language) if write else value
    return ILLEGAL_CHARACTERS_RE.sub("", content) if isinstance(content, str) else content


def _word(column: Column, value: Any, language: str) -> str:
    if column.choices is WISHES:
        value = next(word for word, number in WISH_VALUES.items() if number == value)
    return next((choice.words.of(language) for choice in column.choices if choice.value == value), str(value))


def _words(column: Column, value: tuple[str, ...], language: str) -> str:
    return ", ".join(_word(column, part, language) for part in value)


def _concepts(column: Column, value: str, language: str) -> str:
    return ", ".join(lexicon().name(concept, language[:2]) for concept in codes(value))


WRITERS: dict[Kind, Callable[[Column, Any, str], Any]] = {
    Kind.CHOICE: _word,
    Kind.CHOICES: _words,
    Kind.REFS: lambda column, value, language: ", ".join(value),
    Kind.CONCEPTS: _concepts,
    Kind.LANGUAGES: lambda column, value, language: language_words(value, language[:2]),
    Kind.YESNO: lambda column, value, language: YESNO[0 if value else 1].words.of(language),
}


def _offer_choices(sheet: Any, spec: SheetSpec, language: str) -> None:
    for number, column in enumerate(spec.columns, 1):
        source = _source(column, language)
        if source:
            area = f"{get_column_letter(number)}2:{get_column_letter(number)}{ROOM}"
            offer = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=column.kind is not Kind.REF)
            offer.errorStyle = "warning"  # what is chosen may also be written in another language
            offer.add(area)
            sheet.add_data_validation(offer)


def _source(column: Column, language: str) -> str:
    if column.kind in (Kind.CHOICE, Kind.YESNO):
        return '"' + ",".join(choice.words.of(language).replace(",", " ") for choice in column.choices) + '"'
    if column.kind is Kind.REF:
        return f"{quote_sheetname(spec_of(column.to).name.of(language))}!$A$2:$A${ROOM}"
    return ""
