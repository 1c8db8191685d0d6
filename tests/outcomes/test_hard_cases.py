"""The guide's table of hard cases names a test for each rule, and the tests are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.once


def test_each_rule_of_the_guide_has_a_test_that_is_there():
    guide = (ROOT / "docs/guide/outcomes.md").read_text(encoding="utf-8")
    table = guide.split("### Rules of the hard cases")[1].split("\n## ")[0].split("\n### ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    named = {row[-1].strip("`") for row in rows}
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)}
    assert (len(rows) > 20, [row for row in rows if len(row) != 3], sorted(named - there)) == (True, [], [])
