"""Cost an outcome, and what came back."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.kernels.impact import (
    Benefit,
    Cost,
    ImpactError,
    Interval,
    Range,
    Return,
    cost_each,
    roi,
    share_of_answers,
    share_of_lift,
)

MONEY = st.floats(1, 1e9)
PARTS = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(lambda three: Range(*sorted(three)))


def contract(amount: Range, share: Range, name: str = "series", stage: str = "contract", currency: str = "EUR") -> Benefit:
    """A signed contract."""
    return Benefit(name, stage, currency, amount, share)


@pytest.mark.parametrize(
    ("cost", "count", "found"),
    [
        (9_000, 30, Cost(300, 300, 300, None)),
        (Range(8_000, 9_000, 12_000), 30, Cost(8_000 / 30, 300, 400, None)),
        (9_000, Interval(30, 20, 45, 0.9), Cost(200, 300, 450, 0.9)),
        (Range(8_000, 9_000, 12_000), Interval(30, 20, 40, 0.9), Cost(200, 300, 600, 0.9)),
        (9_000, 0, Cost(None, None, None, None)),
        (9_000, Interval(3, 0, 9, 0.9), Cost(1_000, 3_000, None, 0.9)),
        (9_000, Interval(0, 0, 2, 0.9), Cost(4_500, None, None, 0.9)),
        (0, 30, Cost(0, 0, 0, None)),
        (0, 0, Cost(None, None, None, None)),
    ],
)
def test_cost_each(cost: object, count: object, found: Cost) -> None:
    assert cost_each(cost, count) == found


def test_two_independent_intervals_are_narrower_than_both_ends() -> None:
    found = cost_each(Interval(1_000, 500, 2_000, 0.9), Interval(10, 5, 20, 0.9))
    assert (found.low, found.central, found.high) == pytest.approx((100 / 2 ** math.sqrt(2), 100, 100 * 2 ** math.sqrt(2)))


@settings(max_examples=25)
@given(MONEY, MONEY, st.floats(1.01, 9), st.floats(0.01, 100))
def test_the_unit_of_money_does_not_matter(cost: float, count: float, spread: float, unit: float) -> None:
    counted = Interval(count, count / spread, count * spread, 0.9)
    one, two = cost_each(cost, counted), cost_each(cost * unit, counted)
    assert one.low <= one.central <= one.high
    assert [two.low, two.central, two.high] == pytest.approx([value * unit for value in (one.low, one.central, one.high)])


def test_a_return_by_hand() -> None:
    benefits = [contract(Range.known(400), Range(0, 0.5, 0.75)), contract(Range(50, 100, 200), Range.known(1), "training")]
    assert roi(benefits, Range(100, 200, 250)) == Return(
        roi=Range(50 / 250 - 1, 300 / 200 - 1, 500 / 100 - 1),
        gross=Range(450, 500, 600),
        attributable=Range(50, 300, 500),
        not_attributable=Range(100, 200, 400),
        rest_share=0.4,
        cost=Range(100, 200, 250),
        stage="contract",
        currency="EUR",
    )


def test_an_empty_edition_lost_what_it_cost_and_one_without_cost_has_no_return() -> None:
    nothing = Range.known(0)
    assert roi([], 100) == Return(Range.known(-1), nothing, nothing, nothing, None, Range.known(100), "", "")
    assert roi([contract(Range.known(5), Range.known(1))], 0).roi is None
    assert roi([contract(Range.known(5), Range.known(1))], Range(0, 1, 2)).roi is None


@settings(max_examples=25)
@given(st.lists(st.tuples(MONEY, PARTS), min_size=1, max_size=6), MONEY, st.randoms())
def test_order_does_not_matter_at_all_and_the_parts_make_the_whole(
    parts: list[tuple[float, Range]], cost: float, random: Random
) -> None:
    benefits = [contract(Range.known(amount), share) for amount, share in parts]
    found = roi(benefits, cost)
    random.shuffle(benefits)
    assert roi(benefits, cost) == found
    assert found.attributable.central + found.not_attributable.central == pytest.approx(found.gross.central)
    assert found.attributable.low + found.not_attributable.high == pytest.approx(found.gross.central)
    assert found.roi is not None
    assert -1 <= found.roi.low <= found.roi.central <= found.roi.high


def test_a_doubling_makes_half_attributable() -> None:
    assert share_of_lift(Interval(2, 0.8, 4, 0.9)) == Range(0, 0.5, 0.75)
    assert share_of_lift(Interval(0.5, 0.2, 0.9, 0.9)) == Range.known(0)


def test_answers_count_as_far_as_people_are_sure() -> None:
    found = share_of_answers([0.5, 0.9], [0.8, 0.5])
    assert (found.low, found.central, found.high) == pytest.approx(((0.4 + 0.45) / 2, 0.7, (0.6 + 1.0) / 2))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: cost_each(-1, 3), "cost: the figure at 0 is negative"),
        (lambda: cost_each(1, math.nan), "count: the figure at 0 is missing"),
        (lambda: cost_each(Interval(1, 1, 1, 0.9), Interval(1, 1, 1, 0.8)), "level: cost and count have two, 0.8 and 0.9"),
        (lambda: Range(3, 2, 4), "not 3, 2, 4"),
        (lambda: Range(0, math.nan, 1), "not 0, nan, 1"),
        (lambda: roi([contract(Range.known(-1), Range.known(1))], 1), "series: amount: the figure at 0 is negative"),
        (lambda: roi([contract(Range.known(1), Range(0, 1, 2))], 1), "series: attributable: 2 is not a share"),
        (lambda: roi([], -1), "cost: the figure at 0 is negative"),
        (
            lambda: roi([contract(Range.known(1), Range.known(1), stage=stage) for stage in ("memo", "contract")], 1),
            "Stages of money are never added: contract, memo",
        ),
        (
            lambda: roi([contract(Range.known(1), Range.known(1), currency=code) for code in ("KRW", "EUR")], 1),
            "Two currencies cannot be added: EUR, KRW",
        ),
        (lambda: share_of_lift(Interval(1, 0, 2, 0.9)), "lift: 0 is under"),
        (lambda: share_of_answers([0.5], []), "there are 1 and 0"),
        (lambda: share_of_answers([0.5], [1.5]), "confidences: 1.5 is not a share"),
    ],
)
def test_senseless_money_is_refused_and_named(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()
