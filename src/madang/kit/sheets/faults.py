"""What can be wrong with a tabular file: one exception for the whole file, one value for a cell.

The sentences are templates with `%(name)s` places; a caller translates the template and then fills it in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Marks a sentence for translation; this package knows no Django."""
    return text


REFUSALS = {
    "missing": gettext_noop("There is no file or folder “%(name)s”. Look at its name and place."),
    "empty": gettext_noop("The file is empty. Save it again in your spreadsheet program and send that file."),
    "not_a_workbook": gettext_noop("This is not a workbook. Send an Excel workbook (.xlsx), or CSV files in one .zip file."),
    "old_excel": gettext_noop(
        "This is a workbook of the old Excel format (.xls). Open it and save it as “Excel Workbook (.xlsx)”."
    ),
    "binary_excel": gettext_noop("This is a binary Excel workbook (.xlsb). Open it and save it as “Excel Workbook (.xlsx)”."),
    "strict_excel": gettext_noop(
        "This workbook is in the “Strict Open XML” format. Save it as the ordinary “Excel Workbook (.xlsx)”."
    ),
    "open_document": gettext_noop("This is an OpenDocument file (.ods). Save it as “Excel Workbook (.xlsx)”."),
    "other_document": gettext_noop("This is a document of another program, not a workbook. Send an Excel workbook (.xlsx)."),
    "encrypted": gettext_noop("The file is protected by a password. Save it without a password and send that file."),
    "truncated": gettext_noop("The file is cut off or damaged, as after a broken download. Save it again and send that file."),
    "too_big": gettext_noop(
        "The file is too big: %(size)s MB, where %(limit)s MB are allowed. Split it, or remove pictures and unused sheets."
    ),
    "too_big_unpacked": gettext_noop(
        "The file unpacks to more than %(limit)s MB. Remove pictures, unused sheets and emptied but formatted rows."
    ),
    "too_dense": gettext_noop(
        "The file unpacks to more than %(limit)s times its size, as no real workbook does. Save it anew and send that file."
    ),
    "too_many_parts": gettext_noop("The file holds more than %(limit)s parts. Send a workbook with its own sheets only."),
    "unsafe_names": gettext_noop(
        "The archive names a file outside its own folder (“%(name)s”). Make the .zip file anew from the CSV files alone."
    ),
    "macros": gettext_noop("The workbook contains macros. Save it as “Excel Workbook (.xlsx)”, without macros."),
    "external_links": gettext_noop(
        "The workbook takes values from other files. Break these links (Data, Edit links) and save it."
    ),
    "epoch_1904": gettext_noop(
        "The workbook counts its dates from 1904, so every date would be four years wrong. "
        "Turn off the 1904 date system (Options, Advanced), check the dates and save it."
    ),
    "entities": gettext_noop(
        "The file contains XML declarations that no spreadsheet program writes. Save it anew and send that file."
    ),
    "too_many_rows": gettext_noop("The sheet “%(sheet)s” has more than %(limit)s rows. Split the file."),
    "too_many_columns": gettext_noop(
        "The sheet “%(sheet)s” reaches to column %(column)s; %(limit)s columns are allowed. Delete what stands far to the right."
    ),
    "too_many_sheets": gettext_noop("The file has more than %(limit)s sheets. Keep the sheets that are to be read."),
    "encoding": gettext_noop("The text of “%(name)s” cannot be read. Save it as “CSV UTF-8”."),
    "not_a_table": gettext_noop("“%(name)s” cannot be read as a table: %(reason)s. Save it as “CSV UTF-8”."),
    "no_tables": gettext_noop("There is no CSV file in it. Put one .csv file for each sheet into the folder or .zip file."),
    "doubled_sheet": gettext_noop("There are two sheets named “%(sheet)s”. Keep one."),
}

CELL_FAULTS = {
    "formula": (
        gettext_noop("A formula stands in the cell."),
        gettext_noop("Copy the cell and paste it as values."),
    ),
    "merged": (
        gettext_noop("The cells %(range)s are merged."),
        gettext_noop("Unmerge them and write the value into each row."),
    ),
    "error_value": (
        gettext_noop("The cell shows the error %(error)s."),
        gettext_noop("Write the value itself into the cell."),
    ),
    "bad_serial_date": (
        gettext_noop("The cell is formatted as a date, but its number is no date."),
        gettext_noop("Write the date as 2025-05-28."),
    ),
    "doubled_header": (
        gettext_noop("The column “%(header)s” is there twice, in %(other)s as well."),
        gettext_noop("Keep one of the two columns."),
    ),
}


@dataclass(frozen=True, slots=True)
class CellFault:
    """Something wrong in a cell: `row` and `column` count from 1, 0 means the whole sheet."""

    sheet: str
    row: int
    column: int
    code: str
    value: str = ""
    params: dict[str, str] = field(default_factory=dict)


class UnreadableFile(Exception):
    """The file cannot be read at all. `code` is stable; `text` says why and how to mend it."""

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.text())

    def text(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The sentence for a person; `translate` puts its template into her language."""
        return translate(REFUSALS[self.code]) % self.params


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most. `ratio` is asked only where the unpacked size is above `dense_from`.

    `asleep`: macros and links to other files are let in; they are never run or followed, only their stored values are read.
    """

    packed: int = 20_000_000
    unpacked: int = 200_000_000
    part: int = 120_000_000
    settings_part: int = 8_000_000
    ratio: int = 120
    dense_from: int = 12_000_000
    parts: int = 2_000
    sheets: int = 60
    rows: int = 60_000
    columns: int = 200
    row_bytes: int = 4_000_000
    asleep: bool = False
