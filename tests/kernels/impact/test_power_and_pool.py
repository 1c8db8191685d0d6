"""What can be shown at all, and what several editions show together."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from madang.kernels.impact import ImpactError, Study, chance, pool, smallest_lift, titles_needed


def test_the_smallest_lift_is_shown_with_just_the_wanted_chance() -> None:
    for power in (0.3, 0.5, 0.8, 0.95):
        said = smallest_lift(9, 40, 0.5, donor_spread=0.7, power=power)
        assert chance(said.smallest, 9, 40, 0.5, donor_spread=0.7) == pytest.approx(power)
        assert dict(said.chances)[2.0] == chance(2.0, 9, 40, 0.5, donor_spread=0.7)


def test_no_lift_shows_as_often_as_a_false_alarm() -> None:
    assert chance(1.0, 9, 40, 0.5) == pytest.approx(0.05)


def test_the_chance_is_that_of_a_simulation() -> None:
    generator = np.random.default_rng(3)
    titles, donors = generator.normal(math.log(1.6), 0.5, (20_000, 9)), generator.normal(0, 0.5, (20_000, 30))
    parts = titles.var(axis=1, ddof=1) / 9, donors.var(axis=1, ddof=1) / 30
    df = sum(parts) ** 2 / (parts[0] ** 2 / 8 + parts[1] ** 2 / 29)
    shown = titles.mean(axis=1) - donors.mean(axis=1) > stats.t.ppf(0.95, df) * np.sqrt(sum(parts))
    assert chance(1.6, 9, 30, 0.5) == pytest.approx(shown.mean(), abs=0.015)


@settings(max_examples=25)
@given(titles=st.integers(3, 40), spread=st.floats(0.2, 1.5))
def test_more_titles_show_less_and_more_spread_needs_more(titles: int, spread: float) -> None:
    here = smallest_lift(titles, 50, spread).smallest
    assert smallest_lift(titles + 1, 50, spread).smallest < here < smallest_lift(titles, 50, spread * 1.1).smallest
    assert here > 1


def test_the_fewest_titles_are_enough_and_one_less_is_not() -> None:
    needed = titles_needed(1.3, 0.56)
    assert chance(1.3, needed, 10 * needed, 0.56) >= 0.8 > chance(1.3, needed - 1, 10 * needed - 10, 0.56)
    assert titles_needed(100.0, 0.1) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: smallest_lift(1, 40, 0.5), "titles: 1 is under 2"),
        (lambda: smallest_lift(9, 0, 0.5), "donors: 0 is under 2"),
        (lambda: smallest_lift(9, 40, 0.0), "spread: 0.0 is under"),
        (lambda: smallest_lift(9, 40, math.nan), "spread: nan"),
        (lambda: smallest_lift(9, 40, 0.5, power=0.04), "not over the chance of a false alarm"),
        (lambda: chance(0, 9, 40, 0.5), "lift: 0 is under"),
        (lambda: titles_needed(0.9, 0.5), "is no gain"),
        (lambda: titles_needed(1.001, 3.0), "too small to be shown"),
        (lambda: pool([]), "no edition"),
        (lambda: pool([Study(math.nan, 1, 8)]), "effect: nan"),
        (lambda: pool([Study(0.1, 0, 8)]), "standard_error: 0 is under"),
    ],
)
def test_senseless_questions_are_refused(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()


def test_one_edition_alone_is_its_own_interval() -> None:
    found = pool([Study(0.4, 0.2, 8)])
    half = 0.2 * stats.t.ppf(0.95, 8)
    assert (found.log.low, found.log.high, found.next_edition) == (pytest.approx(0.4 - half), pytest.approx(0.4 + half), None)


def test_equal_editions_have_the_known_error_as_a_floor() -> None:
    found = pool([Study(0.4, 0.2, 8)] * 4)
    half = 0.1 * stats.t.ppf(0.95, 3)
    assert (found.log.low, found.log.high) == pytest.approx((0.4 - half, 0.4 + half))
    assert (found.between, found.share_between) == (0, 0)


def test_paule_and_mandel_solve_their_equation() -> None:
    effects, errors = np.array([0.1, 0.9, 0.3, 1.4]), np.array([0.1, 0.2, 0.15, 0.3])
    found = pool([Study(effect, error, 8) for effect, error in zip(effects, errors, strict=True)])
    weights = 1 / (errors**2 + found.between**2)
    mean = weights @ effects / weights.sum()
    assert weights @ (effects - mean) ** 2 == pytest.approx(3)
    assert found.log.estimate == pytest.approx(mean)
    assert 0.8 < found.share_between < 1
    assert found.next_edition is not None
    assert found.next_edition.width > found.log.width


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.05, 1)), min_size=1, max_size=8), st.randoms())
def test_pooling_does_not_hang_on_the_order(pairs: list[tuple[float, float]], random: Random) -> None:
    studies = [Study(effect, error, 8) for effect, error in pairs]
    turned = studies.copy()
    random.shuffle(turned)
    one, two = pool(studies).log, pool(turned).log
    assert one.low <= one.estimate <= one.high
    assert (one.low, one.high) == pytest.approx((two.low, two.high), abs=1e-7)
    assert min(effect for effect, _ in pairs) - 1e-9 <= one.estimate <= max(effect for effect, _ in pairs) + 1e-9
