"""`madang avails`: validate, convert, import, export."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from avails_rows import MOVIE, book_of
from factories import CompanyFactory, EditionFactory, TitleFactory

from madang.avails.files import read_avails
from madang.deals.models import Line
from madang.site.commandline.avails import add_commands
from madang.site.commandline.faults import Fault


def madang(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    given = parser.parse_args(["avails", *(str(argument) for argument in arguments)])
    return given.run(given)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "avails.xlsx"
    file.write_bytes(book_of(MOVIE, MOVIE | {"Territory": "JP", "AvailID": "2"}))
    return file


def test_validate_says_verdict_place_and_mend(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong, none = tmp_path / "wrong.xlsx", tmp_path / "none.xlsx"
    wrong.write_bytes(book_of(MOVIE | {"Start": "06/07/2013"}))
    none.write_bytes(b"no workbook")
    assert [madang("validate", one) for one in (file, wrong, none, tmp_path / "gone.xml")] == [0, 1, 2, 2]
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "avails.xlsx: valid. xlsx 1.9, 2 rows: 0 errors, 0 warnings, 0 hints of ours.",
        "Movies, row 4, Start: error cell-date-ambiguous: The day and the month cannot be told apart. [06/07/2013]"
        " Write the date as 2026-05-28.",
        "wrong.xlsx: not valid. xlsx 1.9, 1 rows: 1 errors, 0 warnings, 0 hints of ours.",
    ]
    assert [line.partition(": ")[2][:22] for line in told.err.splitlines()] == [
        "This is not a workbook",
        "There is no such file.",
    ]


def test_validate_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(book_of(MOVIE | {"Start": "=A1"}))
    assert madang("validate", file, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    first = next(finding for finding in told["findings"] if finding["code"] == "formula")
    assert first == {
        "sheet": "Movies",
        "row": 4,
        "column": "Start",
        "severity": "error",
        "code": "formula",
        "value": "=A1",
        "message": "A formula stands in the cell.",
        "mend": "Copy the cell and paste it as values.",
    }
    assert (told["valid"], told["format"], told["version"], told["rows"]) == (False, "xlsx", "1.9", 1)


def test_convert_tells_what_xml_cannot_carry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "spare.xlsx"
    file.write_bytes(book_of(MOVIE | {"RetailerSpare1": "shelf"}, MOVIE | {"Territory": "JP", "AvailID": "2"}))
    assert madang("convert", file, tmp_path / "a.xml") == 0
    left_out = "RetailerSpare1: Avails XML has no element for it, so the values of 1 rows are left out."
    assert capsys.readouterr().err.splitlines()[-1] == left_out


@pytest.mark.parametrize("version", ["2.5", "2.6", "2.7"])
def test_convert_there_and_back(tmp_path: Path, file: Path, version: str) -> None:
    there, back = tmp_path / "a.xml", tmp_path / "b.xlsx"
    assert madang("convert", file, there, "--xml-version", version) == 0
    assert read_avails(there).version == version
    assert madang("convert", there, back) == 0
    assert [one.values for one in read_avails(back).records] == [one.values for one in read_avails(file).records]
    with pytest.raises(Fault, match="is there already"):
        madang("convert", file, there)
    with pytest.raises(Fault, match="must end with"):
        madang("convert", file, tmp_path / "a.pdf")


@pytest.mark.django_db
def test_import_and_export(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    company = CompanyFactory(edition=EditionFactory(slug="yard"), code="YARD")
    whose = "--edition", "yard", "--company", "YARD"
    assert madang("import", file, *whose) == 1
    assert "title-not-found" in capsys.readouterr().err
    TitleFactory(edition=company.edition, company=company, name="The Harbour")
    assert (madang("import", file, *whose, "--dry-run"), Line.objects.count()) == (0, 0)
    assert (madang("import", file, *whose, "--title-match", "name"), Line.objects.count()) == (0, 2)
    out = tmp_path / "out.xml"
    assert madang("export", out, *whose) == 0
    assert [one.get("Territory") for one in read_avails(out).records] == ["KR", "JP"]
    capsys.readouterr()
    assert madang("import", out, *whose) == 0
    with pytest.raises(Fault, match="no company with the code 'X'"):
        madang("export", tmp_path / "b.xml", "--edition", "yard", "--company", "X")
