"""What is hidden stays hidden: against every table that goes with what is shown."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from madang.kernels.impact import ImpactError, Published, Rule, audit, suppress
from madang.kernels.impact.audit import wanted
from madang.kernels.impact.cells import with_totals

FEW = st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=2)
SMALL = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=3)


def all_tables(found: Published) -> np.ndarray:
    """Every table of whole numbers with sums as totals whose shown cells are those shown, shape (tables, rows, columns)."""
    inner = found.shown[:-1, :-1]
    most = int(found.shown[-1, -1])
    ranges = [np.arange(most + 1) if math.isnan(cell) else np.array([cell]) for cell in inner.flat]
    tables = np.stack([axis.ravel() for axis in np.meshgrid(*ranges)], axis=1).reshape(-1, *inner.shape)
    for axis in (1, 2):
        tables = np.concatenate([tables, tables.sum(axis=axis, keepdims=True)], axis=axis)
    return tables[np.all((tables == found.shown) | np.isnan(found.shown), axis=(1, 2))]


def test_a_table_by_hand() -> None:
    found = suppress([[20, 2, 30], [12, 40, 9], [15, 25, 35]])
    nan = math.nan
    expected = [[nan, nan, 30, 52], [12, 40, 9, 61], [nan, nan, 35, 75], [47, 67, 74, 188]]
    np.testing.assert_array_equal(found.shown, expected)
    assert np.argwhere(found.primary).tolist() == [[0, 1]]
    assert [(bound.cell, bound.low, bound.high) for bound in found.bounds] == [
        ((0, 0), 0, 22),
        ((0, 1), 0, 22),
        ((2, 0), 13, 35),
        ((2, 1), 5, 27),
    ]
    assert found.safe


def test_hiding_the_small_cell_alone_hides_nothing() -> None:
    table = with_totals(np.array([[20.0, 2], [12, 40]]))
    small = table == 2
    bound = audit(table, small, small, wanted(table, counts=True, least=5, margin=0))[0]
    assert (bound.cell, bound.low, bound.high, bound.wanted_low, bound.wanted_high, bound.safe) == ((0, 1), 2, 2, 0, 5, False)


@settings(max_examples=12)
@given(FEW)
def test_the_bounds_are_those_of_every_possible_table(inner: list[list[int]]) -> None:
    found = suppress(inner, rule=Rule(least=2))
    hidden = [bound for bound in found.bounds if not math.isnan(found.shown[-1, -1])]
    assume(hidden and np.isnan(found.shown[:-1, :-1]).sum() <= 4)
    possible = all_tables(found)
    for bound in hidden:
        values = possible[(slice(None), *bound.cell)]
        assert (bound.low, bound.high) == (pytest.approx(values.min()), pytest.approx(values.max()))


@settings(max_examples=6)
@given(SMALL, st.integers(1, 6))
def test_every_table_is_safe_and_hides_just_the_small_ones_first(inner: list[list[int]], least: int) -> None:
    found = suppress(inner, rule=Rule(least=least))
    table = with_totals(np.array(inner, dtype=float))
    assert found.safe
    np.testing.assert_array_equal(found.primary, (table > 0) & (table < least))
    assert not (found.primary & found.secondary).any()
    np.testing.assert_array_equal(np.isnan(found.shown), found.primary | found.secondary)
    assert found.secondary.any() or not found.primary.any() or found.primary.sum() > 3
    for cell in np.argwhere(found.secondary):
        fewer = np.isnan(found.shown)
        fewer[tuple(cell)] = False
        bounds = audit(table, fewer, found.primary, wanted(table, counts=True, least=least, margin=0))
        assert not all(bound.safe for bound in bounds)


def test_one_axis_and_three() -> None:
    line = suppress([3, 20, 8, 30])
    np.testing.assert_array_equal(line.shown, [math.nan, 20, math.nan, 30, 61])
    cube = suppress(np.arange(1, 28).reshape(3, 3, 3), rule=Rule(least=3))
    assert cube.safe
    assert cube.shown.shape == (4, 4, 4)
    assert np.argwhere(cube.primary).tolist() == [[0, 0, 0], [0, 0, 1]]
    assert not math.isnan(cube.shown[3, 3, 3])


def test_nothing_small_hides_nothing_and_nobody_is_no_secret() -> None:
    found = suppress([[20, 0], [0, 40]])
    np.testing.assert_array_equal(found.shown, [[20, 0, 20], [0, 40, 40], [20, 40, 60]])
    assert (found.safe, found.bounds) == (True, ())


def test_a_table_that_is_small_in_all_hides_its_totals_too() -> None:
    found = suppress([[1, 0], [0, 2]])
    assert found.safe
    assert math.isnan(found.shown[2, 2])
    assert found.bounds[0].high == math.inf


def test_one_company_that_dominates_is_hidden_though_many_stand_behind() -> None:
    amounts = [[900.0, 400, 300], [350, 500, 450], [420, 380, 360]]
    companies = [[8, 9, 7], [6, 9, 8], [7, 7, 9]]
    largest = [[800.0, 90, 80], [70, 100, 90], [90, 80, 70]]
    found = suppress(amounts, companies, largest, Rule(least=5, dominance=0.75, margin=0.3))
    assert np.argwhere(found.primary).tolist() == [[0, 0]]
    bound = next(bound for bound in found.bounds if bound.primary)
    assert (bound.wanted_low, bound.wanted_high) == pytest.approx((630, 1170))
    assert bound.low <= 630 < 1170 <= bound.high
    assert suppress(amounts, companies).bounds == ()


def test_amounts_of_too_few_are_hidden_in_any_unit() -> None:
    amounts, companies = np.array([[9.0, 4, 3], [3, 5, 4], [4, 3, 3]]), [[2, 9, 7], [6, 9, 8], [7, 7, 9]]
    one = suppress(amounts, companies)
    assert np.argwhere(one.primary).tolist() == [[0, 0]]
    for unit in (1e-6, 1e-3, 1e6, 1e12):
        other = suppress(amounts * unit, companies)
        assert one.safe
        assert other.safe
        np.testing.assert_array_equal(one.secondary, other.secondary)
        assert [bound.high / unit for bound in other.bounds] == pytest.approx([bound.high for bound in one.bounds])


def test_that_few_brought_nothing_is_not_shown_either() -> None:
    found = suppress([[0.0, 4, 3], [3, 5, 4]], [[2, 9, 7], [6, 9, 8]])
    bound = next(bound for bound in found.bounds if bound.primary)
    assert (bound.cell, bound.wanted_high) == ((0, 0), 1.5)
    assert bound.low == 0
    assert bound.high >= 1.5
    assert found.safe


def test_the_same_table_is_hidden_the_same_way() -> None:
    table = np.random.default_rng(7).poisson(9, (6, 5))
    one, two = suppress(table), suppress(table)
    np.testing.assert_array_equal(one.shown, two.shown)
    assert one.safe
    assert one.primary.sum() == ((table > 0) & (table < 5)).sum()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: suppress([[3, -1]]), r"values: the figure at \(0, 1\) is negative"),
        (lambda: suppress([[3, math.nan]]), r"values: the figure at \(0, 1\) is missing"),
        (lambda: suppress([[3.5, 1]]), r"values: the figure at \(0, 0\) is not a whole number"),
        (lambda: suppress([]), "at least one figure"),
        (lambda: suppress([[3, 4]], [[1]]), r"contributors: its shape is \(1, 1\), and that of the values \(1, 2\)"),
        (lambda: suppress([[3, 4]], [[1, 0]]), "has a value and nobody behind it"),
        (lambda: suppress([[3, 4]], [[1, 1]], [[9, 1]]), "one contribution is more than its whole cell"),
        (lambda: Rule(least=0), "least: 0 is under 1"),
        (lambda: Rule(dominance=75), "dominance: 75 is not a share"),
        (
            lambda: audit(np.eye(2), np.ones((2, 2), bool), np.ones((2, 2), bool), (np.zeros((2, 2)), np.ones((2, 2)))),
            "The totals of the table are not the sums",
        ),
    ],
)
def test_senseless_tables_are_refused_and_named(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()
