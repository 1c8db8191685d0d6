"""Real events of 2012 to 2014 at their published optimum (JAIR 74, 2022); the quick ones, the rest is in bench/timetable."""

import json

import pytest
from kernels.timetable.problems import SHARED, needs_shared

from madang.kernels.timetable import Status, check, read_dzn, solve

QUICK = [
    "forum-13|original|2",
    "tic-12|original|2",
    "tic-12|prec25|2",
    "tic-12|fixed020-Forb|2",
    "tic-12|forb0003|2",
    "tic-13|fixed040-Forb|2",
    "tic-13|original|0",
    "forumt-14|forb0007|2",
    "forum-14|forb0007|2",
    "forum-13|fixed040-Forb|2",
]


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("name", QUICK)
def test_published_optimum(name):
    event, variant, homogeneity = name.split("|")
    published = json.loads((SHARED / "b2b" / "published.json").read_text())[name]["optimum_breaks"]
    problem = read_dzn((SHARED / "b2b" / f"{event}.{variant}.dzn").read_text(), homogeneity=int(homogeneity))
    plan = solve(problem, limit=600)
    assert check(problem, plan) == []
    if published == "UNSAT":
        assert plan.status is Status.INFEASIBLE
    else:
        assert (plan.status, plan.objective, plan.bound) == (Status.OPTIMAL, published, published)
