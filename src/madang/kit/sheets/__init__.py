"""Opens tabular files that strangers send: Excel workbooks, and CSV files in a folder or a .zip file.

    book = open_book(path)
    for name in book.sheet_names:
        sheet = book.read(name)       # rows with their numbers, values by column, faults of cells

`UnreadableFile` says why a file is refused as a whole. Nothing here knows Django or an edition.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

from madang.kit.sheets.archive import open_archive
from madang.kit.sheets.csvs import SUFFIXES, from_archive, from_bytes, from_folder
from madang.kit.sheets.excel import ExcelBook
from madang.kit.sheets.faults import CELL_FAULTS, CellFault, Limits, UnreadableFile
from madang.kit.sheets.rows import Book, Row, Sheet, Table, as_table, is_blank, letter

__all__ = [
    "CELL_FAULTS",
    "Book",
    "CellFault",
    "Limits",
    "Row",
    "Sheet",
    "Table",
    "UnreadableFile",
    "as_table",
    "is_blank",
    "letter",
    "open_book",
]

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def open_book(source: Path | IO[bytes], name: str = "", limits: Limits | None = None) -> Book:
    """Open a workbook, a .zip file or folder of CSV files, or a single CSV file; `name` is the name of an open file.

    Raises `UnreadableFile`, and nothing else, for whatever cannot be read.
    """
    limits = limits or Limits()
    if isinstance(source, Path):
        if source.is_dir():
            return from_folder(source, limits)
        if not source.is_file():
            raise UnreadableFile("missing", name=source.name)
        _check_packed(source.stat().st_size, limits)
        return _open_bytes(source.read_bytes(), source.name, limits)
    data = source.read(limits.packed + 1)
    _check_packed(len(data), limits)
    return _open_bytes(data, name, limits)


def _check_packed(size: int, limits: Limits) -> None:
    if size > limits.packed:
        raise UnreadableFile("too_big", size=f"{size / 1_000_000:.0f}", limit=limits.packed // 1_000_000)
    if not size:
        raise UnreadableFile("empty")


def _open_bytes(data: bytes, name: str, limits: Limits) -> Book:
    if data.startswith(OLE):
        raise UnreadableFile("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old_excel")
    if not data.startswith(b"PK"):
        if name.lower().endswith(SUFFIXES):
            return from_bytes(name, data, limits)
        raise UnreadableFile("not_a_workbook")
    file = io.BytesIO(data)
    archive = open_archive(file, limits)
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        if not any(part.startswith("xl/") for part in names):
            raise UnreadableFile("other_document")
        return ExcelBook(file, archive, limits)
    if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
        raise UnreadableFile("open_document")
    return from_archive(archive, limits)
