"""`madang template`, `import`, `export`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from books import PLAIN, book_bytes
from factories import UserFactory

from madang.markets.models import Edition
from madang.people.models import Participant
from madang.site.commandline.faults import Fault
from madang.site.commandline.workbook import add_commands

pytestmark = pytest.mark.django_db


def madang(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    given = parser.parse_args([str(argument) for argument in arguments])
    return given.run(given)


def test_template_import_export_and_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "edition.xlsx", tmp_path / "out.xlsx"
    assert madang("template", file, "--language", "fr") == 0
    assert madang("import", file, "--dry-run") == 0
    assert Edition.objects.count() == 0
    assert madang("import", file) == 0
    assert Participant.objects.count() == 20
    assert madang("export", "example-2026", out) == 0
    capsys.readouterr()
    assert madang("import", out) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if line.startswith("People")] == [
        ["People", "0", "new", "0", "changed", "20", "as", "they", "were"]
    ]


def test_faults_go_to_stderr_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "edition.xlsx"
    file.write_bytes(book_bytes(cells={"People!G3": "kim@", "Requests!I2": "maybe"}))
    assert madang("import", file) == 1
    assert capsys.readouterr().err.splitlines() == [
        "People!G3: This is not an e-mail address. [kim@] Write it as name@example.org.",
        "Requests!I2: This value is not known here. [maybe] Choose one of: sent, accepted, declined, withdrawn, expired.",
        "2 faults. Nothing was loaded.",
    ]


def test_what_cannot_be_read_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "edition.xlsx"
    file.write_bytes(b"no workbook")
    assert [madang("import", file), madang("import", tmp_path / "none.xlsx")] == [2, 2]
    assert "This is not a workbook." in capsys.readouterr().err


def test_a_folder_of_csv_in_cp949(tmp_path: Path) -> None:
    (tmp_path / "개최.csv").write_bytes(
        "코드;이름;시작일;종료일;시간대\nyard-2026;마당;2026. 5. 27.;2026년 5월 28일;Asia/Seoul\n".encode("cp949")
    )
    (tmp_path / "사람.csv").write_bytes("코드;성;이름;역할\nP1;남궁;보라;바이어, 셀러\n".encode("cp949"))
    assert madang("import", tmp_path) == 0
    person = Participant.objects.get()
    assert (person.family_name, person.given_name, person.is_buyer, person.is_seller) == ("남궁", "보라", True, True)


def test_in_whose_name(tmp_path: Path) -> None:
    file = tmp_path / "edition.xlsx"
    file.write_bytes(PLAIN)
    boss = UserFactory(is_staff=True)
    assert madang("import", file, "--as", boss.email, "--market", "my-market") == 0
    assert list(Edition.objects.get().market.organisers.all()) == [boss]
    assert Edition.objects.get().market.slug == "my-market"
    with pytest.raises(Fault):
        madang("import", file, "--as", "nobody@example.org")
    assert madang("import", file, "--as", UserFactory().email) == 1


def test_no_file_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "edition.xlsx"
    madang("template", file)
    with pytest.raises(Fault):
        madang("template", file)
    assert madang("template", file, "--force") == 0
