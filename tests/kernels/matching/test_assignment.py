"""Proposed meetings: the best of all plans on tiny markets, refereed on larger ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels.matching.assignment_oracle import best

from madang.kernels.matching import MatchingError
from madang.kernels.matching.assignment import (
    Code,
    Group,
    Market,
    Meeting,
    Missing,
    Plan,
    Status,
    check,
    floor_prices,
    greedy,
    lacking,
    owed,
    solve,
    why,
    why_missing,
)
from madang.kernels.matching.assignment.problem import Progress


def market(chances: list[list[float]], rooms: list[int], title_rooms: list[int], floor: int = 0, **more: object) -> Market:
    table = np.array(chances, np.float32)
    names = tuple(f"b{n}" for n in range(len(table))), tuple(f"t{n}" for n in range(table.shape[1]))
    return Market(*names, np.abs(table), table >= 0, np.array(rooms), np.array(title_rooms), floor, **more)  # type: ignore[arg-type]  # fields of Market


@st.composite
def markets(draw: st.DrawFn, groups: bool = False) -> Market:
    """Up to 3 x 4 pairs; a negative chance is a shut gate."""
    buyers, titles = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    chance = st.one_of(st.just(-1.0), st.integers(0, 20).map(lambda n: n / 20))
    chances = [[draw(chance) for _ in range(titles)] for _ in range(buyers)]
    rooms = [draw(st.integers(0, 3)) for _ in range(buyers)]
    floor = draw(st.integers(0, 3))
    members = st.lists(st.integers(0, titles - 1), min_size=1, unique=True).map(tuple)
    made = tuple(
        Group(f"g{n}", draw(members), draw(st.integers(0, 2)), draw(st.integers(0, 3)) if groups else 0)
        for n in range(draw(st.integers(0, 2)))
    )
    has = np.array([draw(st.integers(0, 2)) for _ in range(titles)]) if draw(st.booleans()) else None
    return market(chances, rooms, [draw(st.integers(0, 3)) for _ in range(titles)], floor, groups=made, has=has)


@settings(max_examples=150, deadline=None)
@given(markets())
def test_the_best_of_all_plans(asked: Market) -> None:
    plan = solve(asked)
    lacks, expected = best(asked)
    assert check(asked, plan) == []
    assert plan.status is Status.OPTIMAL
    assert int(plan.missing.sum()) == lacks
    assert plan.expected == pytest.approx(expected, abs=1e-4 * max(1, expected))
    assert plan.bound >= plan.expected - 1e-3


@settings(max_examples=60, deadline=None)
@given(markets(groups=True))
def test_groups_that_overlap(asked: Market) -> None:
    plan = solve(asked)
    lacks, expected = best(asked)
    together = sum(max(0, group.together - sum(m.title in group.members for m in plan.meetings)) for group in asked.groups)
    assert check(asked, plan) == []
    assert int(plan.missing.sum()) + together == lacks
    assert plan.expected == pytest.approx(expected, abs=1e-4 * max(1, expected))


@settings(max_examples=50, deadline=None)
@given(markets())
def test_the_first_plan_keeps_all_rooms(asked: Market) -> None:
    taken = greedy(asked)
    assert not (taken & ~asked.gates).any()
    assert (taken.sum(axis=1) <= asked.buyer_room).all()
    assert (taken.sum(axis=0) <= asked.title_room).all()


def generated(buyers: int, titles: int, floor: int) -> Market:
    draw = np.random.default_rng(5)
    chances = 1 / (1 + np.exp(3 - draw.normal(size=(buyers, titles)) - draw.normal(size=titles)))
    names = tuple(map(str, range(buyers))), tuple(map(str, range(titles)))
    gates = draw.random((buyers, titles)) < 0.7
    return Market(*names, chances.astype(np.float32), gates, np.full(buyers, 8), np.full(titles, 20), floor)


def test_every_title_gets_its_floor_and_its_price_is_told() -> None:
    lines = floor_prices(generated(150, 240, 0))
    assert [line.floor for line in lines] == [0, 1, 2, 3]
    assert [line.titles_lacking for line in lines] == [0, 0, 0, 0]
    assert [line.titles_met for line in lines[1:]] == [240, 240, 240]
    assert lines[0].lost == 0
    assert lines[0].expected >= lines[1].expected >= lines[2].expected >= lines[3].expected
    for line in lines:
        assert line.plan.status is Status.OPTIMAL
        assert check(replace(generated(150, 240, 0), floor=line.floor), line.plan) == []


def test_progress_is_told_and_the_clock_is_kept() -> None:
    seen: list[Progress] = []
    plan = solve(generated(60, 90, 2), watch=seen.append)
    assert [one.stage for one in seen] == ["looking"] * len(seen)
    assert len(seen) >= 1
    assert seen[0].bound == float("inf")
    hurried = solve(generated(60, 90, 2), seconds=0)
    assert hurried.status is Status.FEASIBLE
    assert check(generated(60, 90, 2), hurried) == []
    assert hurried.expected <= plan.expected


def test_why_a_meeting_is_proposed() -> None:
    asked = market([[0.9, 0.1], [0.8, -1]], [1, 1], [2, 2], floor=1)
    plan = solve(asked)
    assert plan.meetings == (Meeting(0, 1), Meeting(1, 0))
    first, second = (why(asked, plan, meeting) for meeting in plan.meetings)
    assert (first.code, first.rank_for_buyer, first.rank_for_title) == (Code.FLOOR, 2, 1)
    assert first.cost > 0
    assert (second.code, second.rank_for_buyer, second.rank_for_title, second.cost) == (Code.WANTED, 1, 2, 0.0)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (market([[-1], [-1]], [1, 1], [1], 1), Missing(Code.NO_BUYER, 1, 1, 0, 0)),
        (market([[0.5], [-1]], [1, 1], [2], 2), Missing(Code.FEW_BUYERS, 2, 1, 1, 0)),
        (market([[0.5], [0.5]], [1, 1], [1], 2), Missing(Code.NO_ROOM, 2, 1, 2, 0)),
        (market([[0.5, 0.9]], [1], [1, 1], 1), Missing(Code.BUYERS_FULL, 1, 1, 1, 1)),
    ],
)
def test_why_a_title_has_not_its_floor(asked: Market, expected: Missing) -> None:
    plan = solve(asked)
    found = [why_missing(asked, plan, title) for title in range(len(asked.titles))]
    assert [one for one in found if one is not None] == [expected]
    assert lacking(asked, plan) == {title: one for title, one in enumerate(found) if one is not None}


def test_what_a_title_has_already_counts_for_its_floor() -> None:
    asked = market([[0.9, 0.1, 0.2], [0.8, 0.1, 0.3]], [1, 1], [2, 2, 2], floor=1, has=np.array([0, 1, 3]))
    plan = solve(asked)
    assert owed(asked).tolist() == [1, 0, 0]
    assert plan.meetings == (Meeting(0, 0), Meeting(1, 0))
    assert lacking(asked, plan) == {}
    assert lacking(replace(asked, floor=2), plan) == {1: Missing(Code.BUYERS_FULL, 1, 1, 2, 2)}


def test_a_floor_that_could_be_met_and_is_not() -> None:
    asked = market([[0.5]], [1], [1], 1)
    empty = Plan(Status.FEASIBLE, (), 0.0, 1.0, owed(asked), np.zeros(1), np.zeros(1), False, 0.0)
    assert why_missing(asked, empty, 0) == Missing(Code.COULD_BE_PLACED, 1, 1, 1, 0)


@pytest.mark.parametrize(
    ("meetings", "rules"),
    [
        ((Meeting(0, 5),), ["unknown"]),
        ((Meeting(0, 0), Meeting(0, 0)), ["doubled", "buyer_room", "title_room", "missing"]),
        ((Meeting(1, 1),), ["gate", "missing"]),
        ((Meeting(0, 0), Meeting(0, 1)), ["buyer_room"]),
        ((Meeting(0, 0), Meeting(1, 0)), ["title_room", "missing"]),
    ],
)
def test_the_referee_sees(meetings: tuple[Meeting, ...], rules: list[str]) -> None:
    asked = market([[0.5, 0.5], [0.5, -1]], [1, 1], [1, 1], 1)
    expected = float(sum(asked.chances[m.buyer, m.title] for m in meetings if m.title < 2))
    plan = Plan(Status.FEASIBLE, meetings, expected, 9.0, np.zeros(2, int), np.zeros(2), np.zeros(2), False, 0.0)
    assert [violation.rule for violation in check(asked, plan)] == rules


def test_a_market_that_makes_no_sense() -> None:
    with pytest.raises(MatchingError, match="between 0 and 1"):
        market([[1.5]], [1], [1])
    with pytest.raises(MatchingError, match="2 rows"):
        replace(market([[0.5], [0.5]], [1, 1], [1]), gates=np.ones((1, 1), bool))
    with pytest.raises(MatchingError, match="already"):
        market([[0.5]], [1], [1], has=np.zeros(2, int))
    with pytest.raises(MatchingError, match="not there"):
        market([[0.5]], [1], [1], groups=(Group("g", (3,)),))
    assert (
        solve(Market((), (), np.zeros((0, 0), np.float32), np.zeros((0, 0), bool), np.zeros(0, int), np.zeros(0, int))).meetings
        == ()
    )
