"""Every JSON of docs/develop/timetable-life.md is read, is sound, and is solved."""

import json
import re
from pathlib import Path

import pytest

from madang.kernels.timetable import Status, check, read_json, solve

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "develop" / "timetable-life.md").read_text()
BLOCKS = re.findall(r"\n\n((?:    .+\n)+)", PAGE[PAGE.index("## Each in JSON") : PAGE.index("## Who solves what")])
PEOPLE = ("ann", "bo", "cy", "di", "buyer")


def whole(fragment: dict) -> str:
    """A problem around the fragment: people, tables and slots that it does not speak of."""
    tables = fragment.get("tables", [{"id": "t1"}, {"id": "by-the-window"}])
    said = {row["id"]: row for row in fragment.get("participants", [])}
    problem = {
        "slots": [{}] * 20,
        "requests": [{"id": "r", "participants": ["ann", "bo"]}],
        **fragment,
        "tables": tables,
        "participants": [said.get(person, {"id": person}) for person in PEOPLE],
    }
    return json.dumps(problem)


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_is_read_and_solved(block):
    fragment = json.loads("{" + block.split("in the plan:")[0].rstrip().rstrip(",") + "}")
    problem = read_json(whole(fragment))
    plan = solve(problem, limit=300)
    assert check(problem, plan) == []
    assert plan.status is Status.OPTIMAL
    assert plan.objective == len(problem.requests)


def test_the_page_has_an_example_of_each_kind():
    assert len(BLOCKS) == 10
