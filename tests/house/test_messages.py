"""The tool that keeps the translations complete."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "messages.py"))
PEOPLE = ("One person", "%(people)s people")
NUMBER = ("One person", "%(number)s people")


@pytest.mark.parametrize(
    ("found", "faults"),
    [
        ([(PEOPLE, None), (PEOPLE, None)], 0),
        ([(PEOPLE, None), (NUMBER, None)], 1),
        ([(PEOPLE, None), (NUMBER, "badge")], 0),
        ([(PEOPLE, None), ("One person", None)], 0),
    ],
)
def test_one_singular_has_one_plural(found, faults):
    assert len(list(TOOL["two_plurals"](found))) == faults


def test_the_fault_names_both_plurals():
    text = "one singular with different plurals: 'One person': '%(number)s people', '%(people)s people'"
    assert list(TOOL["two_plurals"]([(PEOPLE, None), (NUMBER, None)])) == [text]


def test_the_sources_have_no_such_singular():
    assert list(TOOL["two_plurals"]((found, context) for _place, found, _comments, context in TOOL["in_sources"]())) == []
