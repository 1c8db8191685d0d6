"""Who did not answer, and who has not had time yet."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.kernels.impact import Bounds, Hand, ImpactError, Response, deal_clock, response, share_bounds, total_bounds, wilson


def test_bounds_by_hand() -> None:
    told = Response(asked=20, answered=12, rate=0.6)
    assert share_bounds(6, 12, 20) == Bounds(told, 0.5, (0.3, 0.7), None)
    assert share_bounds(6, 12, 20, ratio=(0, 1)) == Bounds(told, 0.5, (0.3, 0.7), (0.3, 0.5))
    assert share_bounds(6, 12, 20, ratio=(0.5, 3)) == Bounds(told, 0.5, (0.3, 0.7), (0.4, 0.7))
    assert share_bounds(0, 0, 5, ratio=(1, 1)) == Bounds(Response(5, 0, 0.0), None, (0, 1), None)
    assert share_bounds(2, 4, 4) == Bounds(Response(4, 4, 1.0), 0.5, (0.5, 0.5), None)
    assert response(0, 0) == Response(0, 0, None)


def test_total_bounds_by_hand() -> None:
    told = Response(asked=5, answered=3, rate=0.6)
    assert total_bounds([10, 0, 20], 5, possible=(0, 100)) == Bounds(told, 30, (30, 230), None)
    assert total_bounds([10, 0, 20], 5, possible=(0, 100), likely=(0, 15)) == Bounds(told, 30, (30, 230), (30, 60))
    assert total_bounds([], 2, possible=(1, 3)) == Bounds(Response(2, 0, 0.0), None, (2, 6), None)


@settings(max_examples=25)
@given(st.lists(st.booleans(), min_size=1, max_size=30), st.data())
def test_whatever_the_silent_would_have_said_is_inside_the_bounds(truth: list[bool], data: st.DataObject) -> None:
    answered = data.draw(st.lists(st.booleans(), min_size=len(truth), max_size=len(truth)))
    yes = sum(one for one, told in zip(truth, answered, strict=True) if told)
    found = share_bounds(yes, sum(answered), len(truth), ratio=(0.5, 1.5))
    low, high = found.worst
    assert low - 1e-12 <= sum(truth) / len(truth) <= high + 1e-12
    if found.assumed is not None and found.answered is not None:
        assert low <= found.assumed[0] <= found.answered + 1e-12
        assert found.answered - 1e-12 <= found.assumed[1] <= high


@settings(max_examples=25)
@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_one_more_answer_never_widens(yes: int, no: int, silent: int) -> None:
    asked = yes + no + silent + 1
    before = share_bounds(yes, yes + no, asked).worst
    for after in (share_bounds(yes + 1, yes + no + 1, asked).worst, share_bounds(yes, yes + no + 1, asked).worst):
        assert before[0] <= after[0] <= after[1] <= before[1]


def test_the_clock_by_hand() -> None:
    clock = deal_clock([1, 2, 5, 7, 13, 20, 20], [True, True, False, True, False, False, False])
    later = 1 - 5 / 7 * 3 / 4
    size = 1 / (1 - later) * later / (2 / (7 * 5) + 1 / (4 * 3))
    shares = [hand.come.estimate if hand.come else None for hand in clock.hands]
    assert shares == [pytest.approx(2 / 7), pytest.approx(2 / 7), pytest.approx(later), None]
    assert [(hand.age, hand.events, hand.followed) for hand in clock.hands] == [(3, 2, 5), (6, 2, 4), (12, 3, 3), (24, 3, 0)]
    expected = wilson(later, size)
    assert clock.hands[2].come is not None
    assert (clock.hands[2].come.low, clock.hands[2].come.high) == pytest.approx((expected.low, expected.high))
    assert clock.maturity(6) == pytest.approx(2 / 7 / later)
    assert clock.maturity(24) is None


def test_without_young_meetings_the_clock_is_the_plain_share() -> None:
    months = [1.0, 4.0, 8.0, *[30.0] * 7]
    clock = deal_clock(months, [True] * 3 + [False] * 7)
    for hand, come in zip(clock.hands, (0.1, 0.2, 0.3, 0.3), strict=True):
        expected = wilson(come, 10)
        assert hand.come is not None
        assert (hand.come.low, hand.come.high) == pytest.approx((expected.low, expected.high))


def test_no_deal_and_only_deals() -> None:
    none = deal_clock([30.0] * 8, [False] * 8)
    assert none.hands[3] == Hand(24.0, wilson(0, 8), 0, 8)
    assert none.maturity(3) is None
    everything = deal_clock([2.0] * 8, [True] * 8)
    assert everything.hands[0] == Hand(3.0, wilson(1, 8), 8, 0)
    assert everything.maturity(3) == 1
    assert [hand.come for hand in deal_clock([1.0], [False]).hands] == [None] * 4


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 36), st.booleans()), min_size=1, max_size=40), st.floats(0.1, 10))
def test_the_clock_never_runs_back_and_knows_no_order_or_unit(meetings: list[tuple[float, bool]], unit: float) -> None:
    months, happened = np.array([one for one, _ in meetings]), [there for _, there in meetings]
    clock = deal_clock(months, happened)
    come = [hand.come.estimate for hand in clock.hands if hand.come is not None]
    assert come == sorted(come)
    assert all(hand.come is None or hand.come.low <= hand.come.estimate <= hand.come.high for hand in clock.hands)
    assert deal_clock(months[::-1], happened[::-1]) == clock
    assert all(hand.events + hand.followed <= clock.starts for hand in clock.hands)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: response(5, 3), "answered: 5 answered, and only 3 were asked"),
        (lambda: response(-1, 3), "answered: -1 is not a whole number"),
        (lambda: response(1, 2.5), "asked: 2.5 is not a whole number"),
        (lambda: share_bounds(3, 2, 5), "3 answered, and only 2"),
        (lambda: share_bounds(0, 0, 0), "nobody was asked"),
        (lambda: share_bounds(1, 2, 5, ratio=(2, 1)), "ratio: 1 is under 2"),
        (lambda: total_bounds([5], 2, possible=(0, 4)), "answers: 5.0 to 5.0 goes beyond what is possible, 0 to 4"),
        (lambda: total_bounds([math.nan], 2, possible=(0, 4)), "answers: the figure at 0 is missing"),
        (lambda: total_bounds([1], 2, possible=(0, 4), likely=(0, 5)), r"likely: \(0, 5\) is not inside"),
        (lambda: deal_clock([1, 2], [True]), "there are 2 and 1"),
        (lambda: deal_clock([-1], [True]), "months: the figure at 0 is negative"),
        (lambda: deal_clock([1], [True], ages=(6, 3)), "ages: they are months that rise"),
        (lambda: deal_clock([1], [True], ages=()), "ages: they are months that rise"),
        (lambda: deal_clock([1], [True]).maturity(5), "the clock has 3, 6, 12, 24 months, not 5"),
    ],
)
def test_senseless_answers_are_refused_and_named(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()
