"""CSV files, one for each sheet, in a folder or a .zip file."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

from madang.kit.sheets.archive import entry_name
from madang.kit.sheets.faults import CellFault, Limits, UnreadableFile
from madang.kit.sheets.rows import Row, Sheet, letter

SUFFIXES = (".csv", ".tsv")


class CsvBook:
    """Texts by sheet name; each is read as a table when it is asked for."""

    def __init__(self, texts: dict[str, str], limits: Limits) -> None:
        if not texts:
            raise UnreadableFile("no_tables")
        self._texts, self._limits = texts, limits

    @property
    def sheet_names(self) -> list[str]:
        return list(self._texts)

    def is_hidden(self, name: str) -> bool:
        return False

    def read(self, name: str) -> Sheet:
        """All rows of a table that have a value."""
        sheet, text = Sheet(name), self._texts[name]
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
        try:
            for number, cells in enumerate(lines, 1):
                self._add(sheet, number, cells)
        except csv.Error as fault:
            raise UnreadableFile("not_a_table", name=name, reason=fault) from fault
        return sheet

    def _add(self, sheet: Sheet, number: int, cells: list[str]) -> None:
        row = Row(number, {column: cell for column, cell in enumerate(cells, 1) if cell.strip()})
        if not row.values:
            return
        furthest = max(row.values)
        if furthest > self._limits.columns:
            far = letter(min(furthest, 16384))
            raise UnreadableFile("too_many_columns", sheet=sheet.name, column=far, limit=self._limits.columns)
        if len(sheet.rows) >= self._limits.rows:
            raise UnreadableFile("too_many_rows", sheet=sheet.name, limit=self._limits.rows)
        for column, cell in list(row.values.items()):
            if cell.startswith("="):
                sheet.faults.append(CellFault(sheet.name, number, column, "formula", cell[:80]))
                row.values[column] = None
        sheet.rows.append(row)

    def close(self) -> None:
        self._texts = {}


def from_folder(folder: Path, limits: Limits) -> CsvBook:
    """The .csv files of a folder; their names without the ending are the sheets."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))
    size = sum(path.stat().st_size for path in files)
    if size > limits.unpacked:
        raise UnreadableFile("too_big_unpacked", limit=limits.unpacked // 1_000_000)
    return CsvBook(_named([(path.stem, path.read_bytes()) for path in files]), limits)


def from_archive(archive: zipfile.ZipFile, limits: Limits) -> CsvBook:
    """The .csv files of a .zip file, in whatever folder they stand."""
    found = []
    for part in archive.infolist():
        path = PurePosixPath(entry_name(part))
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and "__MACOSX" not in path.parts:
            found.append((path.stem, archive.read(part)))
    if not found:
        raise UnreadableFile("not_a_workbook")
    return CsvBook(_named(found), limits)


def from_bytes(name: str, data: bytes, limits: Limits) -> CsvBook:
    """A single .csv file: one sheet, named as the file."""
    return CsvBook(_named([(PurePosixPath(name).stem, data)]), limits)


def _named(files: list[tuple[str, bytes]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for stem, data in files:
        name = unicodedata.normalize("NFC", stem).strip()
        if name in texts:
            raise UnreadableFile("doubled_sheet", sheet=name)
        texts[name] = decoded(data, name)
    return texts


def decoded(data: bytes, name: str) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, Korean Windows, Western Windows."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", *_windows(data)]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile("encoding", name=name)


def _windows(data: bytes) -> list[str]:
    """CP949 first, unless its Hangul would be made of a foreign letter and an ASCII letter, as in a French name."""
    pairs = odd = position = 0
    while position < len(data) - 1:
        if data[position] < 0x80:
            position += 1
            continue
        pairs += 1
        odd += data[position + 1] < 0x80
        position += 2
    return ["cp1252"] if pairs and odd > pairs / 2 else ["cp949", "cp1252"]


def delimiter_of(text: str) -> str:
    """Comma, semicolon or tab: the one that stands most often in the first line with words, outside quotes."""
    line = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    outside = "".join(line.split('"')[::2])
    return max(",;\t", key=outside.count)
