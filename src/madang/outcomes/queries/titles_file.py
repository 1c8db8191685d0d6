"""A file of a study's titles, with what is counted of them where it stands beside: whole or not at all, every fault by cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from madang.kit.sheets import CELL_FAULTS, Row, Sheet, UnreadableFile, open_book
from madang.kit.sheets.values import ValueFault, as_text
from madang.outcomes.queries.counts_file import FAULTS, CountsFile, months_over, take
from madang.outcomes.queries.pasted import CODE, MOST

NAMES = ("name", "title", "이름", "제목", "nom", "titre")
KINDS = ("kind", "group", "role", "donor", "구분", "종류", "type", "groupe")
"""What stands over the column that says whether a title is shown or a donor; without one, all are donors."""
SHOWN = ("shown", "showcase", "no", "상영", "상영작", "montré", "présenté", "non")
DONOR = ("donor", "yes", "", "비교", "비교작", "대조군", "donneur", "témoin", "oui")


@dataclass(slots=True)
class TitlesFile(CountsFile):
    """What was read: `titles` as code -> (name, is a donor), and `counts`; or what is wrong."""

    titles: dict[str, tuple[str, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """What the first row says: the columns of the name, of the kind, and of each month; 0 is none."""

    name: int
    kind: int
    months: dict[int, dt.date]


def read_titles(file: IO[bytes], name: str) -> TitlesFile:
    """A table whose first column is the code; the first row names the others, months among them. Raises UnreadableFile."""
    book = open_book(file, name)
    try:
        sheet = book.read(book.sheet_names[0])
    finally:
        book.close()
    if not sheet.rows:
        raise UnreadableFile("empty")
    found = TitlesFile()
    _faults(found, sheet)
    head = _head(sheet.rows[0])
    for row in sheet.rows[1:]:
        _title(found, row, head)
    del found.troubles[FAULTS:]
    return found


def _faults(found: TitlesFile, sheet: Sheet) -> None:
    for fault in sheet.faults[:FAULTS]:
        words = CELL_FAULTS.get(fault.code, (fault.code, ""))[0]
        found.complain(fault.row, fault.column, fault.value, _(words) % fault.params)


def _head(row: Row) -> Head:
    words = {column: str(value).strip().casefold() for column, value in row.values.items() if column > 1}
    columns = {known: next((column for column, word in words.items() if word in known), 0) for known in (NAMES, KINDS)}
    return Head(columns[NAMES], columns[KINDS], {column: month for column, month in months_over(row).items() if column > 1})


def _title(found: TitlesFile, row: Row, head: Head) -> None:
    code, name, kind = (_text(row, column) for column in (1, head.name, head.kind))
    if not CODE.fullmatch(code):
        found.complain(
            row.number, 1, row.values.get(1), _("This is no code: Latin letters, digits, points and dashes, 60 at most.")
        )
    elif code in found.titles:
        found.complain(row.number, 1, code, _("This code stands higher up already."))
    elif kind.casefold() not in (*SHOWN, *DONOR):
        found.complain(row.number, head.kind, kind, _("Write “shown” or “donor”."))
    elif len(found.titles) >= MOST:
        found.complain(row.number, 1, code, _("%(n)s lines are the most.") % {"n": MOST})
    else:
        found.titles[code] = ((name or code)[:200], kind.casefold() in DONOR)
        for column, month in head.months.items():
            if row.values.get(column) is not None:
                take(found, row, column, (code, month), row.values[column])


def _text(row: Row, column: int) -> str:
    try:
        return as_text(row.values.get(column) or "") if column else ""
    except ValueFault:
        return "?"
