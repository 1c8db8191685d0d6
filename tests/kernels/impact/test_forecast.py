"""The next edition's count."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from madang.kernels.impact import CvPrior, ImpactError, Series, cv_prior, default_prior, forecast
from madang.kernels.impact.forecast import CVS

PAST = st.lists(st.integers(0, 400), min_size=1, max_size=8)


def only(cv: float) -> CvPrior:
    """A CV that is known."""
    return CvPrior(tuple((cv == CVS).astype(float).tolist()), 0)


def test_long_series_with_a_known_cv_give_the_negative_binomial() -> None:
    past = [100] * 300
    found = forecast(Series.of(past), prior=only(0.2))
    exact = stats.nbinom(25, 25 / 125)
    assert (found.count.low, found.count.high) == (exact.ppf(0.05), exact.ppf(0.95))
    assert found.mean == pytest.approx(100, rel=0.01)
    assert (found.cv, found.editions) == (pytest.approx(0.2), 300)


def test_without_scatter_between_editions_it_is_nearly_poisson_with_an_unknown_mean() -> None:
    found = forecast(Series.of([40, 40, 40, 40]), prior=only(0.02))
    exact = stats.nbinom(160.5, 4 / 5)
    assert (found.count.low, found.count.high) == pytest.approx((exact.ppf(0.05), exact.ppf(0.95)), abs=1)


def test_the_cv_is_learned_from_all_series() -> None:
    generator = np.random.default_rng(4)
    for truth in (0.1, 0.5):
        series = [Series.of(generator.poisson(80 * generator.gamma(1 / truth**2, truth**2, 6))) for _ in range(60)]
        prior = cv_prior(series)
        assert prior.mean == pytest.approx(truth, rel=0.25)
        assert prior.series == 60
        assert sum(prior.weights) == pytest.approx(1)


def test_nothing_to_learn_from_leaves_the_default() -> None:
    assert cv_prior([]) == default_prior() == cv_prior([Series.of([3]), Series.of([9])])


@settings(max_examples=25)
@given(PAST, st.permutations(range(8)))
def test_the_interval_holds_the_median_and_order_does_not_matter(past: list[int], order: list[int]) -> None:
    turned = [past[place] for place in order if place < len(past)]
    one, two = forecast(Series.of(past)), forecast(Series.of(turned))
    assert 0 <= one.count.low <= one.count.estimate <= one.count.high
    assert (one.count.low, one.count.high) == (two.count.low, two.count.high)


@settings(max_examples=25)
@given(PAST, st.floats(0.2, 5))
def test_the_unit_of_size_does_not_matter(past: list[int], unit: float) -> None:
    one = forecast(Series.of(past, [10] * len(past)), size=8)
    two = forecast(Series.of(past, [10 * unit] * len(past)), size=8 * unit)
    assert two.mean == pytest.approx(one.mean, rel=1e-6)
    assert (one.count.low, one.count.high) == pytest.approx((two.count.low, two.count.high), abs=1)


@settings(max_examples=25)
@given(st.integers(5, 200))
def test_more_editions_and_lower_levels_make_it_narrower(count: int) -> None:
    few, many = forecast(Series.of([count] * 2)), forecast(Series.of([count] * 8))
    assert many.count.width < few.count.width
    assert forecast(Series.of([count] * 2), level=0.5).count.width < few.count.width


def test_twenty_percent_fewer_exhibitors() -> None:
    past = Series.of([300, 360, 330], [100, 120, 110])
    full, fewer = forecast(past, size=100), forecast(past, size=80)
    assert fewer.mean == pytest.approx(0.8 * full.mean)
    assert fewer.count.estimate == pytest.approx(240, rel=0.02)


def test_nothing_ever_still_leaves_room_for_something() -> None:
    assert forecast(Series.of([0, 0, 0])).count.low == 0
    assert forecast(Series.of([0])).count.high > forecast(Series.of([0] * 5)).count.high - 1
    assert forecast(Series.of([0]), size=10).count.high >= 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Series.of([]), "at least one figure"),
        (lambda: Series.of([3, -1]), "counts: the figure at 1 is negative"),
        (lambda: Series.of([3, math.nan]), "counts: the figure at 1 is missing"),
        (lambda: Series.of([3.5]), "counts: the figure at 0 is not a whole number"),
        (lambda: Series.of([3], [0]), "sizes: edition 0 has size 0"),
        (lambda: Series.of([3], [1, 2]), r"counts and sizes: .* \[1, 2\]"),
        (lambda: forecast(Series.of([3]), size=0), "size: an edition of size 0"),
        (lambda: forecast(Series.of([3]), level=0), "level: 0 is not strictly"),
    ],
)
def test_senseless_series_are_refused_and_named(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()
