"""Avails workbooks: layouts, versions, what is dangerous or wrong in them, writing them again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from avails_rows import EPISODE, MOVIE, book_of, record
from openpyxl import Workbook, load_workbook

from madang.avails.files import Target, judge, read_avails, written
from madang.avails.records import Unreadable
from madang.avails.workbook_reading import read_workbook

EXPECTED = {  # verdict, errors, warnings; None where the reference only reads the file
    "Movies_v1.7.2.xlsx": ("1.7.2", 27, True, 0),
    "Movies_v1.7.2_Bundle.xlsx": ("1.7.2", 4, True, 0),
    "Movies_v1.7.3.xlsx": ("1.7.3", 6, False, None),
    "TV_v1.7.3.xlsx": ("1.7.3", 8, False, None),
    "Movies_v1.9.xlsx": ("1.9", 26, True, 24),
    "TV_v1.9.xlsx": ("1.9", 38, True, 0),
    "Avails_noErrors_v2.3_v1.8.xlsx": ("1.8", 24, True, None),
    "Avails_w_Volume_v1.8.xlsx": ("1.8", 33, True, None),
    "Bonus_v1.9.xlsx": ("1.9", 2, False, None),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_verdicts_of_real_files(shared: Path, name: str) -> None:
    version, rows, valid, warnings = EXPECTED[name]
    verdict = judge(shared / "data" / "avails" / "xlsx" / name)
    assert (verdict.file.version, len(verdict.file.records), verdict.is_valid) == (version, rows, valid)
    assert all(finding.severity != "error" for finding in verdict.file.findings)
    assert warnings in (verdict.warnings, None)
    told = [f for f in verdict.findings if f.severity == "warning" and not f.code.startswith(("own", "eidr"))]
    assert {(f.value, f.place.sheet) for f in told} <= {("PackageLabel", "Template-Movies"), ("US", "AllAvails")}
    assert all(finding.place.sheet and finding.place.row for finding in verdict.findings)


@pytest.mark.parametrize("name", EXPECTED)
def test_real_files_are_written_so_that_they_read_the_same(shared: Path, name: str) -> None:
    records = read_avails(shared / "data" / "avails" / "xlsx" / name).records
    data, left = written(records, Target.WORKBOOK)
    again = read_workbook(data, "out.xlsx")
    assert (left, again.version, again.findings) == (0, "1.9", [])
    television = ("Season", "Episode", "Series", "Volume")
    records.sort(key=lambda one: one.get("WorkType") in television)
    assert [(one.values, one.extra) for one in again.records] == [(one.values, one.extra) for one in records]


def test_columns_are_found_by_name_whatever_their_order_or_variant() -> None:
    row = MOVIE | {
        "BundleALIDs": "a;b",
        "Avail/AvailID": "7",
        "AvailTerms:ContractID": "K1",
        "ExceptionsFlag": "Y",
        " volumedistributinonumber ": "12",
        "My own notes": "x",
    }
    file = read_workbook(book_of(dict(reversed(row.items()))), "a.xlsx")
    (found,) = file.records
    assert found.values == MOVIE | {
        "BundledALIDs": "a, b",
        "AvailID": "7",
        "ContractID": "K1",
        "ExceptionFlag": "Yes",
        "VolumeDistributionNumber": "12",
    }
    assert found.extra == {"My own notes": "x"}
    assert [(f.code, f.value) for f in file.findings] == [("column-unknown", "My own notes")]


def test_columns_of_1_6_have_their_names_of_today() -> None:
    row = {name: text for name, text in MOVIE.items() if name != "ALID"}
    row |= {"StoreLanguage": "ko", "ProductID": "E1", "HoldbackExclusionLanguage": "ko|en"}
    file = read_workbook(book_of(row, note="//REQUIRED"), "a.xlsx")
    assert file.version == "1.6"
    expected = {"AssetLanguage": "ko", "EditID": "E1", "AllowedLanguages": "ko, en"}
    assert {name: file.records[0].get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("row", "sheet", "note", "name", "version"),
    [
        (MOVIE, "Template-Movies", 1.9, "", "1.9"),
        (MOVIE, "Movies", "v1.7.3", "", "1.7.3"),
        (MOVIE, "Template-TV_v1.9", "//Opt", "", "1.9"),
        (MOVIE | {"CampaignID": "1"}, "Movies", "//Opt", "", "1.9"),
        (MOVIE | {"PackageLabel": "1"}, "Movies", "//Opt", "", "1.8"),
        (MOVIE | {"Licensee": "1"}, "AllAvails", "//Opt", "", "1.8"),
        (MOVIE | {"Licensee": "1"}, "Movies", "//Opt", "", "1.7.3"),
        (MOVIE | {"AltID": "1"}, "Movies", "//Opt", "", "1.7.2"),
        (MOVIE, "Movies", "//Opt", "", "1.7"),
        (MOVIE, "Movies", "//Opt", "mine_v1.8.xlsx", "1.8"),
        (MOVIE | {"LicenseType": "madang:THEA"}, "Rights", "Rights", "", "rights"),
    ],
)
def test_the_version_is_found(row: dict[str, str], sheet: str, note: object, name: str, version: str) -> None:
    assert read_workbook(book_of(row, sheet=sheet, note=note), name or "a.xlsx").version == version


def test_one_row_of_headers_and_rows_of_notes() -> None:
    rows = MOVIE | {"EntryType": "//e.g. Full Extract"}, MOVIE, MOVIE | {"EntryType": None}
    file = read_workbook(book_of(*rows, groups=False), "a.xlsx")
    assert [one.values for one in file.records] == [MOVIE]
    assert [(f.code, f.place.row, f.place.column) for f in file.findings] == [("own-row-without-entry-type", 5, "EntryType")]


def test_formulas_are_refused_with_their_place() -> None:
    file = read_workbook(book_of(MOVIE | {"Start": '=HYPERLINK("http://x")', "Exclusive": "=TRUE()"}), "a.xlsx")
    told = [(str(f.severity), f.code, f.place.sheet, f.place.row, f.place.column, f.value) for f in file.findings]
    assert told == [("error", "formula", "Movies", 4, "Start", '=HYPERLINK("http://x")')]
    assert (file.records[0].get("Start"), file.records[0].get("Exclusive")) == ("", "Yes")


def test_windows_that_share_a_day_are_a_hint_and_no_warning_of_the_format() -> None:
    rows = MOVIE | {"End": "2026-06-30"}, MOVIE | {"Start": "2026-06-30"}, MOVIE | {"Start": "2026-07-01", "Territory": "JP"}
    verdict = judge(book_of(*rows), "a.xlsx")
    told = [(f.code, f.place.row, f.place.column) for f in verdict.findings if f.code.startswith("own")]
    assert (told, verdict.warnings, verdict.hints) == ([("own-window-touch", 5, "Start")], 0, 1)


def packed(**parts: bytes) -> bytes:
    """A workbook with parts put in."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_of(MOVIE))) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
        for name, data in parts.items():
            if name not in {one.rpartition("/")[2].partition(".")[0] for one in old.namelist()}:
                new.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 cut off",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"old",
        packed(bomb=b"0" * 40_000_000),
        packed(sheet1=b'<!DOCTYPE a [<!ENTITY b "b">]><worksheet>&b;</worksheet>'),
    ],
    ids=["empty", "cut", "xls", "bomb", "entities"],
)
def test_what_is_dangerous_or_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_workbook(data, "a.xlsx")


def test_a_workbook_without_avails_says_what_is_missing() -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Name", "Territory"])
    book.save(file)
    with pytest.raises(Unreadable, match="EntryType, Territory and LicenseType"):
        read_workbook(file.getvalue(), "a.xlsx")


def test_macros_and_links_are_let_in_and_sleep() -> None:
    data = packed(**{"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert [one.values for one in read_workbook(data, "a.xlsx").records] == [MOVIE]


def test_films_and_series_on_their_sheets_and_nothing_is_a_formula() -> None:
    data, _left = written([record(Description="=1+1", AltID="+7"), record(EPISODE, Description="@SUM")], Target.WORKBOOK)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Movies", "TV"]
    assert [book[name]["A3"].value for name in book.sheetnames] == [1.9, 1.9]
    assert [len([c for c in book[name][2] if c.value]) for name in book.sheetnames] == [78, 102]
    texts = [cell for name in book.sheetnames for cell in book[name][4] if str(cell.value)[0] in "=+@"]
    assert {(cell.value, cell.data_type, cell.quotePrefix) for cell in texts} == {
        ("=1+1", "s", True),
        ("+7", "s", True),
        ("@SUM", "s", True),
    }


def test_what_avails_has_no_word_for_goes_into_our_own_workbook() -> None:
    every = [record(), record(LicenseType="madang:THEA, madang:AIR", End="Perpetuity")]
    assert [written(every, target)[1] for target in Target] == [1, 1, 1]
    ours = read_avails(written(every, Target.RIGHTS)[0], "rights.xlsx")
    assert (ours.version, [one.values for one in ours.records]) == ("rights", [every[1].values])
