"""Files that strangers send: what is read, and what is refused with which words."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from madang.kit.sheets import Limits, UnreadableFile, open_book
from madang.kit.sheets.values import ValueFault, as_clock, as_date, as_moment, as_number, as_text


def xlsx(rows: list[list[object]] = (("a", "b"), (1, 2)), change=lambda book: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, **parts: bytes | None) -> bytes:
    """The same zip file with parts changed (bytes), added, or removed (None); "__" stands for "/"."""
    changed = {name.replace("__", "/"): content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changed.pop(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in changed.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def laughs() -> bytes:
    sheet = part(xlsx(), "xl/worksheets/sheet1.xml").decode()
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return repacked(xlsx(), **{"xl__worksheets__sheet1.xml": (bomb + sheet.replace("<v>1</v>", "<v>&b;</v>")).encode()})


def entity_in_utf16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    return repacked(xlsx(), **{"xl__workbook.xml": text.encode("utf-16")})


def lying_directory() -> bytes:
    """A member that says it is small and unpacks to 300 MB."""
    data = bytearray(repacked(xlsx(), **{"xl__media__x.bin": b"\0" * 3_000_000}))
    place = data.rindex(b"xl/media/x.bin") - 46
    struct.pack_into("<I", data, place + 24, 1000)
    return bytes(data)


def wide_row() -> bytes:
    sheet = part(xlsx(), "xl/worksheets/sheet1.xml").decode()
    wide = sheet.replace("</row>", "<c/>" * 3_000_000 + "</row>", 1)
    return repacked(xlsx(), **{"xl__worksheets__sheet1.xml": wide.encode()})


def column_far_away() -> bytes:
    sheet = part(xlsx(), "xl/worksheets/sheet1.xml").decode()
    return repacked(xlsx(), **{"xl__worksheets__sheet1.xml": sheet.replace('r="B1"', 'r="XFD1"').encode()})


def row_far_away() -> bytes:
    sheet = part(xlsx(), "xl/worksheets/sheet1.xml").decode()
    return repacked(xlsx(), **{"xl__worksheets__sheet1.xml": sheet.replace('r="2"', 'r="x"').encode()})


def mac_dates(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


PASSWORD = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def read_all(data: bytes, name: str) -> str:
    """Read every sheet; nothing to say."""
    book = open_book(io.BytesIO(data), name)
    for sheet in book.sheet_names:
        book.read(sheet)
    return ""


def words_of(data: bytes, name: str) -> str:
    with contextlib.suppress(UnreadableFile):
        return read_all(data, name)
    return "refused"


REFUSED = {
    "empty": (b"", "empty"),
    "a picture with another name": (b"\xff\xd8\xff\xe0 JFIF" * 30, "not_a_workbook"),
    "words": ("이름, 회사\n".encode(), "not_a_workbook"),
    "old Excel": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 900, "old_excel"),
    "with a password": (PASSWORD, "encrypted"),
    "open document": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}),
        "open_document",
    ),
    "a letter": (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "other_document"),
    "a zip of pictures": (zipped({"a.jpg": b"x"}), "not_a_workbook"),
    "an empty zip": (zipped({}), "not_a_workbook"),
    "cut off": (xlsx()[:-800], "truncated"),
    "cut off early": (xlsx()[:40], "truncated"),
    "no workbook in it": (zipped({"[Content_Types].xml": b"<x/>", "xl/a.xml": b"<x/>"}), "truncated"),
    "a bomb": (zipped({"a.csv": b"\0" * 250_000_000}), "too_big_unpacked"),
    "a dense one": (zipped({"a.csv": b"," * 30_000_000}), "too_dense"),
    "a directory that lies": (lying_directory(), "truncated"),
    "many parts": (zipped({f"{n}.csv": b"" for n in range(2100)}), "too_many_parts"),
    "a billion laughs": (laughs(), "entities"),
    "an entity in UTF-16": (entity_in_utf16(), "entities"),
    "macros": (repacked(xlsx(), **{"xl__vbaProject.bin": b"x"}), "macros"),
    "links": (repacked(xlsx(), **{"xl__externalLinks__externalLink1.xml": b"<x/>"}), "external_links"),
    "1904": (xlsx(change=mac_dates), "epoch_1904"),
    "a path upwards": (zipped({"../People.csv": b"a,b"}), "unsafe_names"),
    "a path from the root": (zipped({"/etc/People.csv": b"a,b"}), "unsafe_names"),
    "a path of Windows": (zipped({"..\\People.csv": b"a,b"}), "unsafe_names"),
    "strict": (
        repacked(xlsx(), **{"xl__workbook.xml": b'<x xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'}),
        "strict_excel",
    ),
    "a row of a million cells": (wide_row(), "too_dense"),
    "a column far away": (column_far_away(), "too_many_columns"),
    "70,000 columns": (zipped({"People.csv": b"a," * 70_000}), "too_many_columns"),
    "a row without a number": (row_far_away(), "truncated"),
    "bytes that are no text": (zipped({"People.csv": b"\x81\xff\x81\x00\x00"}), "encoding"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_each_nasty_file_gets_its_own_words(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_all(data, "edition.xlsx")
    assert refusal.value.code == code
    assert "%" not in refusal.value.text()


def test_a_row_of_a_million_cells_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        open_book(io.BytesIO(wide_row()), limits=Limits(ratio=100_000))
    assert refusal.value.code == "too_big_unpacked"


def test_too_many_rows() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        open_book(io.BytesIO(xlsx([["x"]] * 12)), limits=Limits(rows=10)).read("Sheet")
    assert refusal.value.text() == "The sheet “Sheet” has more than 10 rows. Split the file."


def test_a_file_too_big_to_begin_with() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        open_book(io.BytesIO(b"x" * 2000), limits=Limits(packed=1000))
    assert refusal.value.code == "too_big"


def test_formulas_errors_and_merged_cells_are_named() -> None:
    def change(book: Workbook) -> None:
        sheet = book.active
        sheet["A2"], sheet["B2"] = "=1+1", "#REF!"
        sheet["B2"].data_type = "e"
        sheet.merge_cells("A4:B5")

    sheet = open_book(io.BytesIO(xlsx(change=change))).read("Sheet")
    assert [(f.code, f.row, f.column, f.value) for f in sheet.faults] == [
        ("formula", 2, 1, "=1+1"),
        ("error_value", 2, 2, "#REF!"),
        ("merged", 4, 1, "A4:B5"),
    ]


def test_values_keep_their_kinds_and_places() -> None:
    rows = [["h", None, "when"], [], ["이름", 12.0, dt.datetime(2025, 5, 28, 9, 30)], [True, 1.5, dt.time(9, 30)]]
    sheet = open_book(io.BytesIO(xlsx(rows))).read("Sheet")
    assert [(row.number, row.values) for row in sheet.rows] == [
        (1, {1: "h", 3: "when"}),
        (3, {1: "이름", 2: 12, 3: dt.datetime(2025, 5, 28, 9, 30)}),
        (4, {1: True, 2: 1.5, 3: dt.time(9, 30)}),
    ]


def test_a_hidden_sheet_is_read() -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Hidden").sheet_state = "hidden"

    book = open_book(io.BytesIO(xlsx(change=change)))
    assert (book.sheet_names, book.is_hidden("Sheet"), book.is_hidden("Hidden")) == (["Sheet", "Hidden"], False, True)


TABLE = "code;이름\nP1;김하늘\n"


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("cp949"),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
    ],
)
def test_csv_in_every_dress(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "People.csv").write_bytes(data)
    for book in (
        open_book(tmp_path),
        open_book(io.BytesIO(zipped({"x/People.csv": data}))),
        open_book(io.BytesIO(data), "People.csv"),
    ):
        assert book.sheet_names == ["People"]
        assert [row.values for row in book.read("People").rows] == [{1: "code", 2: "이름"}, {1: "P1", 2: "김하늘"}]


def test_a_french_csv_of_windows() -> None:
    book = open_book(io.BytesIO("Prénom;Société\nÉloïse;Rivière".encode("cp1252")), "People.csv")
    assert [row.values for row in book.read("People").rows] == [{1: "Prénom", 2: "Société"}, {1: "Éloïse", 2: "Rivière"}]


def test_a_quoted_cell_with_lines_and_a_formula_in_csv() -> None:
    sheet = open_book(io.BytesIO(b'a,b\n"one\ntwo",=1+1\n'), "x.csv").read("x")
    assert sheet.rows[1].values == {1: "one\ntwo", 2: None}
    assert [(f.code, f.row, f.column) for f in sheet.faults] == [("formula", 2, 2)]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        open_book(tmp_path / "nowhere.xlsx")
    assert refusal.value.code == "missing"


DAY = dt.date(2025, 5, 28)


@pytest.mark.parametrize(
    "text",
    [
        "2025-05-28",
        "2025. 5. 28.",
        "2025.5.28",
        "2025년 5월 28일",
        "2025년 5월 28일 수요일",
        "2025-05-28 (수)",
        "2025/5/28",
        "20250528",
        "28/05/2025",
        45805,
        45805.0,
        dt.datetime(2025, 5, 28),
        DAY,
    ],
)
def test_dates_as_people_write_them(text: object) -> None:
    assert as_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("05/06/2025", "ambiguous_date"),
        ("2025-02-30", "not_a_date"),
        ("soon", "not_a_date"),
        (12, "not_a_date"),
        (True, "not_a_date"),
        ("2025-05-28 09:00", "not_a_date"),
        ("٢٠٢٥-٠٥-٢٨x", "not_a_date"),
    ],
)
def test_dates_that_are_none(text: object, code: str) -> None:
    with pytest.raises(ValueFault) as fault:
        as_date(text)
    assert fault.value.code == code


@pytest.mark.parametrize(
    "text", ["9:30", "09:30", "09:30:00", "오전 9시 30분", "9h30", "9:30 AM", dt.time(9, 30), 9.5 / 24, dt.timedelta(hours=9.5)]
)
def test_times_as_people_write_them(text: object) -> None:
    assert as_clock(text) == dt.timedelta(hours=9, minutes=30)


@pytest.mark.parametrize("text", ["25:00", "9", "9:75", "soon", "13:00 PM", "2025-05-28", 7])
def test_times_that_are_none(text: object) -> None:
    with pytest.raises(ValueFault):
        as_clock(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-05-28 14:30", dt.datetime(2025, 5, 28, 14, 30)),
        ("2025-05-28T14:30", dt.datetime(2025, 5, 28, 14, 30)),
        ("2025년 5월 28일 오후 2시 30분", dt.datetime(2025, 5, 28, 14, 30)),
        ("2025. 5. 28. 14:30", dt.datetime(2025, 5, 28, 14, 30)),
        ("2025-05-28 24:00", dt.datetime(2025, 5, 29)),
        ("2025-05-28T14:30Z", dt.datetime(2025, 5, 28, 14, 30, tzinfo=dt.UTC)),
        ("2025-05-28 14:30+09:00", dt.datetime(2025, 5, 28, 5, 30, tzinfo=dt.UTC)),
        (45805.5, dt.datetime(2025, 5, 28, 12)),
    ],
)
def test_moments(text: object, moment: dt.datetime) -> None:
    assert as_moment(text) == moment


def test_texts() -> None:
    decomposed = "\u1112\u1161\u11ab\u1100\u1173\u11af"  # as a Mac writes Hangul into file names
    assert as_text(f"  {decomposed} \n x ") == "한글 x"
    assert [as_text(value) for value in (7, 7.25, True)] == ["7", "7.25", "TRUE"]
    assert as_number(" 1,200 ") == 1200
    for bad in ("a\x07b", "abc\u202etxt"):
        with pytest.raises(ValueFault) as fault:
            as_text(bad)
        assert fault.value.code == "control_characters"


ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


def outcome(read: Any, value: object) -> str:
    with contextlib.suppress(ValueFault):
        return str(type(read(value)))
    return "fault"


@given(ANYTHING)
@settings(max_examples=400)
def test_whatever_stands_in_a_cell_is_a_value_or_a_fault(value: object) -> None:
    assert all(outcome(read, value) for read in (as_text, as_number, as_date, as_moment, as_clock))


@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.xlsx", ""]))
@settings(max_examples=150)
def test_whatever_bytes_come_are_a_book_or_a_refusal(data: bytes, name: str) -> None:
    assert words_of(data, name) in ("", "refused")


GOOD = xlsx()


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_a_book_or_a_refusal(place: int, damage: bytes) -> None:
    data = bytearray(GOOD)
    data[place : place + len(damage)] = damage
    assert words_of(bytes(data), "x.xlsx") in ("", "refused")
