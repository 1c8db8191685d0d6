"""The bench's second referee and its random small events: both referees, the value and the proof against every timetable."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from madang.kernels.timetable import Status

BENCH = Path(__file__).resolve().parents[3] / "bench" / "timetable"


@pytest.fixture(scope="module")
def bench():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        import oracle
        import referee

        yield oracle, referee
        for name in ("oracle", "referee"):
            sys.modules.pop(name)


def test_random_small_events_are_as_by_trying_every_timetable(bench):
    oracle, _ = bench
    found = Counter(oracle.compare(*oracle.random_event(Random(f"7 {number}"))) for number in range(60))
    assert found.total() == 60
    assert set(found) == {Status.OPTIMAL, Status.INFEASIBLE}


def test_the_second_referee_names_each_rule(bench):
    _, referee = bench
    event = referee.Event(3, 1, 4, 2, [(1, 2, 1), (1, 3, 2), (2, 3, 3)], [{4}, set(), set()], [0, 0, 3], [set(), {1}, set()])
    assert referee.faults_of(replace(event, fixed=[0, 0, 4]), [1, 3, 4], 1) == []
    assert referee.breaks_of(event, [1, 3, 4]) == [1, 1, 0]
    assert referee.faults_of(event, [3, 3, 3], 2) == [
        "meeting 1 is outside its session",
        "person 1 meets twice in slot 3",
        "meeting 1 is not before 2",
        "person 2 meets twice in slot 3",
        "person 3 meets twice in slot 3",
        "too few tables in slot 3",
    ]
    assert referee.faults_of(event, [1, 4, 2], 0) == [
        "person 1 is away in slot 4",
        "meeting 3 is not in its fixed slot",
        "breaks between 0 and 1",
    ]
    assert referee.faults_of(event, [1], 0) == ["1 of 3 meetings are placed"]
