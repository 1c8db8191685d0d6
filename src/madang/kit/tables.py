"""Tables to take away: CSV that Excel reads, and Excel itself. What people wrote never runs as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

Cell = str | int | Decimal | dt.date | None
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


def table_file(name: str, ending: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], sheet: str = "") -> HttpResponse:
    """The table to be kept, `name.csv` or `name.xlsx`; nobody else's programs keep it on the way. Http404 for other endings."""
    if ending not in ("csv", "xlsx"):
        raise Http404
    content = csv_bytes(head, rows) if ending == "csv" else xlsx_bytes(sheet or name, head, rows)
    response = HttpResponse(content, content_type=CSV if ending == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, so that Excel reads Hangul; numbers and dates as in every language's programs."""
    stream = io.StringIO()
    lines = csv.writer(stream)
    lines.writerow([harmless(cell) for cell in head])
    lines.writerows([_plain(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_bytes(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet called `name`: the head in bold and kept in sight, numbers and dates as such, texts as texts."""
    return book_bytes([(name, head, rows)])


def book_bytes(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """A workbook of sheets as (name, head, rows); a name that two would have gets a number."""
    book = Workbook()
    book.remove(book.active)
    for name, head, rows in sheets:
        plain = "".join(letter for letter in name if letter not in "[]:*?/\\")[:28].strip("' ")
        _fill(book.create_sheet(plain or "1"), head, rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    widths = [len(cell) for cell in head]
    for number, row in enumerate([head, *rows], 1):
        for column, cell in enumerate(row, 1):
            _write(sheet.cell(number, column), cell)
            widths[column - 1] = max(widths[column - 1], len(str(cell or "")))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = min(WIDEST, width + 2)
    sheet.freeze_panes = "A2"


def harmless(cell: object) -> str:
    """A text that a spreadsheet program does not take for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | Decimal) else harmless(cell)


def _write(target: object, cell: Cell) -> None:
    target.value = ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell  # type: ignore[attr-defined]  # openpyxl's cell
    if isinstance(cell, str):
        target.data_type = "s"  # type: ignore[attr-defined]  # a text that begins with "=" stays one
