"""Workbooks for tests: the template's example with cells changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook

from madang.accounts.models import User
from madang.kit.sheets import open_book
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.people.models import Participant
from madang.workbook import actions
from madang.workbook.actions import Outcome
from madang.workbook.comparing import Examination, examine
from madang.workbook.reading import Reading, read_records
from madang.workbook.template import write_template

Change = Callable[[Workbook], None]


def template_bytes(language: str = "en") -> bytes:
    file = io.BytesIO()
    write_template(file, language)
    return file.getvalue()


TEMPLATE = template_bytes()


def plain_bytes() -> bytes:
    """The template's values alone, which load and save many times faster."""
    book, plain = load_workbook(io.BytesIO(TEMPLATE)), Workbook()
    plain.remove(plain.active)
    for sheet in book.worksheets:
        copy = plain.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    copy[cell.coordinate] = cell.value
    file = io.BytesIO()
    plain.save(file)
    return file.getvalue()


PLAIN = plain_bytes()


def book_bytes(change: Change | None = None, cells: dict[str, Any] | None = None, code: str = "") -> bytes:
    """The example with cells set ({"People!C3": "x"}), the edition's code set, and whatever `change` does."""
    book = load_workbook(io.BytesIO(PLAIN))
    for place, value in (cells or {}).items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    if code:
        book["Edition"]["A2"] = code
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def reading_of(cells: dict[str, Any] | None = None, change: Change | None = None) -> Reading:
    return read_records(open_book(io.BytesIO(book_bytes(change, cells))))


def examined(
    actor: Any, page: Any, cells: dict[str, Any] | None = None, change: Change | None = None, code: str = ""
) -> Examination:
    return examine(actor, page, open_book(io.BytesIO(book_bytes(change, cells, code))))


def told(reading: Any, severity: str = "error") -> list[tuple[str, str]]:
    """(place, code) of every fault."""
    return [(fault.place, fault.code) for fault in reading.faults if fault.severity == severity]


def load(
    cells: dict[str, Any] | None = None, change: Any = None, actor: User | None = None, page: Edition | None = None
) -> Outcome:
    """Load the example with cells changed; it has no fault."""
    found = examined(actor, page, cells, change)
    assert told(found) == []
    return actions.load_workbook(actor, page, found)


def person(code: str) -> Participant:
    return Participant.objects.get(code=code)


def request(code: str) -> MeetingRequest:
    return MeetingRequest.objects.get(code=code)
