"""The bars of `make bench-impact` on fewer replications: that intervals hold, and that the naive ways do not.

Seeded, so the same every time. Of 300 to 400 intervals of 90 % two standard errors are 3 to 3.5 points, which is the tolerance;
the table of docs/develop/impact-coverage.md has the sharp figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

BENCH = Path(__file__).resolve().parents[3] / "bench" / "impact"
SLACK = 0.03


@pytest.fixture(scope="module")
def trials():
    """The bench's worlds and ways."""
    sys.path.insert(0, str(BENCH))
    import trials

    yield trials
    sys.path.remove(str(BENCH))


def share(parts: list[dict], way: str, fact: str) -> float:
    """How often a way noted a fact, 0 where it does not note it."""
    return float(np.mean([part[way].get(fact, 0.0) for part in parts]))


WORLDS = {
    "nine of 200 titles, made up, at random": (2, 50),
    "nine of 200 titles, made up, rising ones": (2, 50),
    "deals a meeting, 20 buyers, about 80 meetings": (8, 50),
    "deals a meeting, 100 buyers, about 400 meetings": (8, 50),
    "the next edition's count, from 3 to 8": (3, 25),
}


@pytest.mark.parametrize("name", WORLDS)
def test_intervals_hold_and_naive_ones_do_not(trials, name: str) -> None:
    chunks, size = WORLDS[name]
    parts = [trials.chunk(name, index, size) for index in range(chunks)]
    world = next(world for world in trials.WORLDS if world.name == name)
    assert len(world.bars) >= 2
    for way, bar in world.bars.items():
        cover, alarms = share(parts, way, "inside"), share(parts, way, "shows1")
        if bar.naive:
            assert not (bar.low <= cover <= bar.high and alarms <= bar.alarms), way
        else:
            assert bar.low - SLACK <= cover <= bar.high + SLACK, way
            assert alarms <= bar.alarms + SLACK, way


def test_a_chunk_repeats(trials) -> None:
    name = "six of 18 places by lot"
    assert trials.chunk(name, 3, 2) == trials.chunk(name, 3, 2) != trials.chunk(name, 4, 2)
