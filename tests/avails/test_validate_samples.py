"""Real files of the trade: verdict and counts of the reference validator (shared/data/avails/README.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from madang.avails.columns import PAIRED
from madang.avails.records import Finding
from madang.avails.validation import counted, is_valid, validate_tree
from madang.avails.workbook_reading import read_workbook
from madang.avails.xml_tree import parse
from madang.avails.xml_writing import write_tree

pytestmark = pytest.mark.shared


def said(findings: list[Finding]) -> list[tuple[int, str, str]]:
    """Line, code and value, without what is our own."""
    return [(f.place.line, f.code, f.value) for f in findings if not f.code.startswith("eidr")]


@pytest.fixture(scope="module")
def avails(shared: Path) -> Path:
    return shared / "data" / "avails"


@pytest.mark.parametrize(
    ("name", "version", "count"),
    [
        ("Avails_noErrors_v2.2.1.xml", "2.2.1", (0, 0)),
        ("Avails_noErrors_v2.3.xml", "2.3", (0, 12)),
        ("Avails_withErrors.xml", "2.2.2", (6, 1)),
        ("Avails_Volume_error_v2.5.xml", "2.5", (3, 0)),
    ],
)
def test_counts_of_xml(avails: Path, name: str, version: str, count: tuple[int, int]):
    tree = parse(avails / "xml" / name)
    findings = validate_tree(tree)
    assert (tree.version, counted(findings), is_valid(findings)) == (version, count, count[0] == 0)


def test_each_fault_has_its_line_and_value(avails: Path):
    findings = validate_tree(parse(avails / "xml" / "Avails_withErrors.xml"))
    assert said(findings) == [
        (42, "rating-value", "6"),
        (52, "country", "JJ"),
        (60, "language", "XYZ"),
        (89, "language", "fr-xx"),
        (91, "language", "ENg"),
        (135, "rating-region", "DE"),
        (147, "rating-reason", "Sex"),
    ]
    findings = validate_tree(parse(avails / "xml" / "Avails_Volume_error_v2.5.xml"))
    assert said(findings) == [
        (274, "vocabulary-PartStatus", "InComplete"),
        (394, "structure-volume", "3"),
        (394, "structure-volume", "4"),
    ]


def test_structure_is_told_even_where_the_schema_is_broken(avails: Path):
    findings = validate_tree(parse(avails / "xml" / "Avails_Structure_Tests_v2.3_errors.xml"))
    assert said(findings) == [
        (63, "alid-twice", "md:alid:eidr-x:0344-992B-DF0A-21A5-8BF9-Q"),
        (73, "schema-missing", ""),
        (73, "structure-metadata", "Movie"),
        (88, "structure-reference", "md:alid:eidr-x:0344-992B-DF0A-21A5-8BF9-R"),
    ]


@pytest.mark.parametrize(
    ("name", "valid", "count"),
    [
        ("Movies_v1.7.2.xlsx", True, (0, 0)),
        ("Movies_v1.7.2_Bundle.xlsx", True, (0, 0)),
        ("Movies_v1.7.3.xlsx", False, (3, 0)),
        ("TV_v1.7.3.xlsx", False, (8, 0)),
        ("Movies_v1.9.xlsx", True, (0, 24)),
        ("TV_v1.9.xlsx", True, (0, 0)),
        ("Avails_noErrors_v2.3_v1.8.xlsx", True, (0, 1)),
        ("Avails_w_Volume_v1.8.xlsx", True, (0, 1)),
        ("Bonus_v1.9.xlsx", False, (4, 0)),
    ],
)
def test_a_workbook_is_judged_as_the_xml_that_it_becomes(avails: Path, name: str, valid: bool, count: tuple[int, int]):
    book = read_workbook(avails / "xlsx" / name)
    findings = validate_tree(write_tree(book.records, PAIRED[book.version]))
    assert (is_valid(findings), counted(findings)) == (valid, count)


def test_findings_of_a_workbook_name_the_cell(avails: Path):
    book = read_workbook(avails / "xlsx" / "Movies_v1.7.3.xlsx")
    findings = validate_tree(write_tree(book.records, "2.3"))
    cells = [(f.place.sheet, f.place.row, f.place.column, f.code, f.value) for f in findings if f.code != "eidr-check"]
    assert cells == [
        ("Movies", 4, "AllowedLanguages", "schema-value", "es:subdub"),
        ("Movies", 4, "AllowedLanguages", "schema-value", "fr:subdub"),
        ("Movies", 4, "AssetLanguage", "schema-value", "EN:audio"),
    ]
