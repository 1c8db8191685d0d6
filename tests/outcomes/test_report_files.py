"""The files of a report: one document in three languages, a workbook, open data, and a script that trusts none of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from outcome_rows import market, seen
from report_rows import MEASURES, SUMS, small_edition

from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.actions.reports import freeze_report, give_reasons
from madang.outcomes.models import Accounts, ComposedMeasure, Goal, Target
from madang.outcomes.queries.reports import recompute
from madang.outcomes.reports.files import files_of, zipped

pytestmark = pytest.mark.django_db
AUDIT = Path(__file__).parents[2] / "docs" / "audit" / "recompute.py"
EVIL = '=HYPERLINK("http://evil") <script>alert(1)</script> \u202e한글 ' + "가" * 300


def data_of(report, language="en"):
    found = files_of(report, language)
    return {path.removeprefix("data/"): data for path, data in found.items() if path.startswith("data/")}


def small_report(**more):
    edition, organiser = small_edition()
    goal = Goal.objects.create(edition=edition, code="G-1", name=EVIL[:200], name_ko="더 많은 만남")
    Target.objects.create(goal=goal, measure="asked", due_on=edition.ends_on, amount=Decimal(6))
    Target.objects.create(goal=goal, measure="hidden", due_on=edition.ends_on, amount=Decimal(6))
    first = freeze_report(organiser, edition, SUMS, measures=MEASURES)
    MeetingRequest.objects.filter(code="R-0").update(status=RequestStatus.ACCEPTED)
    report = freeze_report(organiser, edition, SUMS, measures=MEASURES, replaces=first.number, **more)
    give_reasons(organiser, report, {one.pk: EVIL[:500] for one in report.corrections.all()})
    return report


def test_html_is_one_file_that_asks_nobody():
    page = files_of(small_report(), "fr")["report.html"].decode()
    assert page.startswith('<!doctype html>\n<html lang="fr">')
    assert "<title>Les chiffres de 2025</title>" in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|url\(|@import|<script', page) == []
    assert "&lt;script&gt;" in page
    assert 'name="robots" content="noindex"' in page
    assert "Hidden" not in page


TITLES = {"ko": "2025년 성과", "fr": "Les chiffres de 2025", "en": "The figures of 2025"}


@pytest.mark.parametrize("language", TITLES)
def test_pdf_says_its_language_and_its_title(language):
    drawn = files_of(small_report(), language)["report.pdf"]
    assert drawn.startswith(b"%PDF")
    assert f"/Lang ({language})".encode() in drawn
    title = TITLES[language]
    assert (title.encode() in drawn) == title.isascii()
    assert len(re.findall(rb"/Type /Page\b", drawn)) >= 2


def test_the_workbook_has_numbers_and_no_formula():
    book = load_workbook(io.BytesIO(files_of(small_report(), "en")["report.xlsx"]))
    names = ["Report", "Figures", "Goals and targets", "Corrections", "By country Requests", "Definitions", "Notes"]
    assert book.sheetnames == names
    assert [[cell.value for cell in row] for row in book["Figures"]] == [
        ["Figure", "Confirmed", "One-sided", "Interval", "Answers"],
        ["Requests", 7, 1, None, "8 of 20"],
        ["Accepted", 0.875, "–", "25.0 % to 90.0 % (90.0 %)", None],
    ]
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}
    assert book["Corrections"]["A2"].value == "Requests"


def test_small_cells_are_hidden_and_the_rest_adds_up():
    data = data_of(small_report())
    cells = list(csv.DictReader(io.StringIO(data["cells.csv"].decode())))
    assert [(one["column"], one["value"], one["number"]) for one in cells] == [
        ("confirmed", "KR", ""),
        ("confirmed", "others", ""),
    ]
    assert "R-1" not in "".join(text.decode() for text in data.values())


def test_the_package_keeps_the_rules_of_its_schema():
    files = data_of(small_report(), "ko")
    package = json.loads(files["datapackage.json"])
    assert (package["profile"], package["name"]) == ("tabular-data-package", f"madang-{package['madang']['edition']}-report-2")
    assert {one["path"] for one in package["resources"]} == set(files) - {"datapackage.json"}
    for resource in package["resources"]:
        data = files[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (len(data), "sha256:" + hashlib.sha256(data).hexdigest())
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        assert faults_of(resource, data, files) == []


TYPES = {
    "string": lambda text: True,
    "integer": lambda text: re.fullmatch(r"-?\d+", text),
    "number": lambda text: re.fullmatch(r"-?\d+(\.\d+)?(E-?\d+)?", text),
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text),
    "datetime": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text),
    "object": lambda text: isinstance(json.loads(text), dict),
}


def faults_of(resource, data, files):
    """What of the Table Schema's rules a file breaks: header, types, required, enum, primary and foreign keys."""
    schema, lines = resource["schema"], list(csv.reader(io.StringIO(data.decode())))
    names = [field["name"] for field in schema["fields"]]
    faults = [] if lines[0] == names and len(set(names)) == len(names) else [("header", lines[0])]
    for line in lines[1:]:
        for field, text in zip(schema["fields"], line, strict=True):
            rules = field.get("constraints", {})
            if text in schema["missingValues"]:
                faults += [("required", field["name"])] if rules.get("required") else []
            elif not TYPES[field["type"]](text) or text not in rules.get("enum", [text]):
                faults.append((field["name"], text))
    keys = [tuple(line[names.index(name)] for name in schema.get("primaryKey", ())) for line in lines[1:]]
    if schema.get("primaryKey") and (len(set(keys)) != len(keys) or any("" in key for key in keys)):
        faults.append(("primaryKey", keys))
    for key in schema.get("foreignKeys", ()):
        other = csv.DictReader(io.StringIO(files[key["reference"]["resource"] + ".csv"].decode()))
        known = {line[key["reference"]["fields"]] for line in other}
        faults += [("foreignKey", line) for line in lines[1:] if line[names.index(key["fields"])] not in known]
    return faults


def test_the_same_report_makes_the_same_data_in_every_language():
    report = small_report()
    first, second = files_of(report, "ko"), files_of(report, "fr")
    in_words = {"data/datapackage.json", "data/dictionary.csv", "report.html", "report.pdf", "report.xlsx"}
    assert [path for path in first if first[path] != second[path] and path not in in_words] == []
    assert zipped(first) == zipped(first)
    assert zipfile.ZipFile(io.BytesIO(zipped(first))).namelist() == list(first)


def written(report, folder):
    for name, data in data_of(report).items():
        (folder / name).write_bytes(data)


def audited(folder):
    return subprocess.run([sys.executable, "-I", str(AUDIT), str(folder)], capture_output=True, text=True, check=False)


def test_an_auditor_computes_the_figures_from_the_data_alone(tmp_path):
    written(small_report(), tmp_path)
    told = audited(tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert "3 numbers follow from 23 rows." in told.stdout
    assert audited(tmp_path / "nowhere").returncode == 2


def test_composed_measures_are_frozen_published_and_audited_like_the_others(tmp_path):
    """All four ways of composing, with the rows of two others; and nothing of what is not public."""
    yard = market((0, 0, 0), (1, 1, 0), (2, 2, 0), asks=((0, 0), (1, 1), (2, 2)))
    for number in range(3):
        seen(yard, number, "sender", *(("receiver",) if number else ()))
    Accounts.objects.create(edition=yard.edition, least_cell=1)
    for code, operation, first, second, filters in (
        ("held-of-kr", "count", "meetings_held", "", {"first": {"country": ["KR"]}}),
        ("share-of-kr", "share", "meetings_held", "", {"first": {"country": ["KR"]}}),
        ("held-a-buyer", "ratio", "meetings_held", "buyers", {}),
        ("planned-or-held", "sum", "meetings_planned", "meetings_held", {}),
        ("own-money", "ratio", "meetings_held", "spent", {}),
    ):
        facts = {"operation": operation, "first": first, "second": second, "filters": filters, "name_ko": "직접 만든 지표"}
        ComposedMeasure.objects.create(edition=yard.edition, code=code, name=code, definition=EVIL[:900], **facts)
    report = freeze_report(None, yard.edition, SUMS)
    own = dict(report.figures.filter(measure__contains="-").values_list("measure", "columns"))
    assert own == {
        "held-a-buyer": {"confirmed": "0.6666666666666666666666666667", "one_sided": "0.3333333333333333333333333333"},
        "held-of-kr": {"confirmed": "2", "one_sided": "1"}, "share-of-kr": {"confirmed": "1"},
        "planned-or-held": {"confirmed": "3"},
        "own-money": {"confirmed": None, "one_sided": None},
    }  # fmt: skip
    MeetingRequest.objects.update(status=RequestStatus.DECLINED)
    ComposedMeasure.objects.update(operation="count", second="")
    assert recompute(report).is_same
    written(report, tmp_path)
    told = audited(tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    figures = {line["measure"]: line for line in csv.DictReader(io.StringIO((tmp_path / "figures.csv").read_text()))}
    assert [code for code in own if code not in figures] == ["own-money"]
    names = {line["code"]: line["name_ko"] for line in csv.DictReader(io.StringIO((tmp_path / "measures.csv").read_text()))}
    assert names["held-a-buyer"] == "직접 만든 지표"


TAMPERED = {
    "number": ("figures.csv", "asked,,confirmed,7,", "asked,,confirmed,8,", "8 is said, the rows come to 7"),
    "share": ("figures.csv", "0.875", "0.95", "0.95 is said, the rows come to 0.875"),
    "row": ("rows.csv", "asked,,confirmed,,meeting,", "asked,,one_sided,,meeting,", "the rows come to"),
    "file": ("goals.csv", "G-1", "G-2", "this is not the file that datapackage.json describes"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_an_auditor_sees_what_was_tampered_with(what, tmp_path):
    written(small_report(), tmp_path)
    name, before, after, told = TAMPERED[what]
    path = tmp_path / name
    text = path.read_bytes().decode()
    assert before in text
    path.write_bytes(text.replace(before, after, 1).encode())
    if what != "file":  # the package is made to fit, and the numbers still give it away
        package = json.loads((tmp_path / "datapackage.json").read_text())
        for resource in package["resources"]:
            data = (tmp_path / resource["path"]).read_bytes()
            resource |= {"bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
        (tmp_path / "datapackage.json").write_text(json.dumps(package))
    found = audited(tmp_path)
    assert found.returncode == 1
    assert told in found.stderr
