"""Rates between stages, with buyers who resemble themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from madang.kernels.impact import ImpactError, difference, funnel, rate, shared_icc, wilson

Z = stats.norm.ppf(0.95)
BUYERS = st.lists(st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=30)


def split(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Events and trials."""
    return [events for events, _ in pairs], [trials for _, trials in pairs]


def test_wilson_solves_its_equation() -> None:
    found = wilson(0.3, 40)
    for end in (found.low, found.high):
        assert abs(0.3 - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / 40))
    assert (wilson(0, 10).low, wilson(1, 10).high) == (0, 1)
    assert wilson(0, 10).high == pytest.approx(Z**2 / (10 + Z**2))


def test_buyers_who_buy_all_or_nothing_count_once_each() -> None:
    found = rate([4, 0, 4, 0, 4, 0], [4] * 6)
    assert found.design == pytest.approx(4 * 6 / 5)
    assert found.effective == pytest.approx(24 / found.design * (Z / stats.t.ppf(0.95, 5)) ** 2)
    assert (found.events, found.trials, found.clusters, found.assumed) == (12, 24, 6, False)
    assert found.rate == wilson(0.5, found.effective)


def test_unequal_buyers_by_hand() -> None:
    found = rate([5, 0, 1], [6, 2, 2])
    left_out = [1 / 4, 6 / 8, 5 / 8]
    variance = 2 / 3 * sum((one - 0.6) ** 2 for one in left_out)
    assert found.design == pytest.approx(variance / (0.4 * 0.6 / 10))
    assert found.effective == pytest.approx(10 / found.design * (Z / stats.t.ppf(0.95, 100 / 44 - 1)) ** 2)


def test_buyers_with_one_meeting_each_are_independent() -> None:
    found = rate([1] * 30 + [0] * 70, [1] * 100)
    assert found.design == pytest.approx(100 / 99)
    assert found.effective == pytest.approx(99 * (Z / stats.t.ppf(0.95, 99)) ** 2)


@pytest.mark.parametrize(
    ("events", "trials", "effective"),
    [([0, 0, 0], [4, 4, 4], 3), ([4, 4, 4], [4, 4, 4], 3), ([3], [8], 1), ([0], [8], 1), ([0, 0], [9, 1], 100 / 82)],
)
def test_where_clustering_cannot_be_seen_each_buyer_counts_once(events: list[int], trials: list[int], effective: float) -> None:
    found = rate(events, trials)
    assert found.assumed
    assert found.effective == pytest.approx(effective)
    assert found.rate.low <= found.rate.estimate <= found.rate.high


def test_a_known_correlation_is_taken_where_it_cannot_be_seen() -> None:
    assert rate([0, 0, 0], [4, 4, 4], icc=0.0).effective == 12
    assert rate([0, 0, 0], [4, 4, 4], icc=0.5).effective == pytest.approx(12 / 2.5)
    assert rate([1, 0, 2], [4, 4, 4], icc=0.9) == rate([1, 0, 2], [4, 4, 4])


@settings(max_examples=25)
@given(BUYERS, st.randoms())
def test_order_and_buyers_without_meetings_change_nothing(pairs: list[tuple[int, int]], random: Random) -> None:
    found = rate(*split(pairs))
    other = [*pairs, (0, 0)]
    random.shuffle(other)
    again = rate(*split(other))
    assert found.rate.low <= found.rate.estimate <= found.rate.high
    assert (again.rate.low, again.rate.high, again.clusters) == (
        pytest.approx(found.rate.low, abs=1e-12),
        pytest.approx(found.rate.high, abs=1e-12),
        found.clusters,
    )


@settings(max_examples=25)
@given(BUYERS)
def test_twice_the_buyers_make_it_narrower_and_the_level_wider(pairs: list[tuple[int, int]]) -> None:
    events, trials = split(pairs)
    assume(0 < sum(events) < sum(trials) and len(pairs) > 1)
    one, two, wider = rate(events, trials), rate(events * 2, trials * 2), rate(events, trials, level=0.95)
    assert two.rate.width < one.rate.width < wider.rate.width


@settings(max_examples=25)
@given(BUYERS)
def test_counting_failures_instead_mirrors_the_interval(pairs: list[tuple[int, int]]) -> None:
    events, trials = split(pairs)
    one = rate(events, trials).rate
    other = rate([n - k for k, n in zip(events, trials, strict=True)], trials).rate
    assert (other.low, other.high) == pytest.approx((1 - one.high, 1 - one.low), abs=1e-9)


def test_the_shared_correlation_is_found_again() -> None:
    generator = np.random.default_rng(2)
    tables = []
    for rate_of_stage in (0.1, 0.3, 0.6):
        trials = generator.integers(2, 9, 1_500)
        keen = generator.beta(rate_of_stage * 4, (1 - rate_of_stage) * 4, 1_500)
        tables.append((generator.binomial(trials, keen), trials))
    assert shared_icc(tables) == pytest.approx(0.2, abs=0.02)
    assert shared_icc([([2, 0], [2, 2]), ([0, 0], [3, 3])]) == 1
    assert shared_icc([([1, 1], [2, 2])]) == 0


def test_a_funnel_by_hand() -> None:
    counts = [[5, 3, 2], [4, 3, 0], [0, 0, 0], [0, 0, 0]]
    steps = funnel(["asked", "held", "offer", "signed"], counts)
    assert [(step.before, step.after) for step in steps] == [
        ("asked", "held"),
        ("held", "offer"),
        ("offer", "signed"),
        ("asked", "signed"),
    ]
    assert [step.rate for step in steps] == [rate([4, 3, 0], [5, 3, 2]), rate([0, 0], [4, 3]), None, rate([0, 0, 0], [5, 3, 2])]


def test_two_editions_by_hand() -> None:
    now, earlier = rate([3, 1, 2], [4, 4, 4]), rate([1, 0, 1], [4, 4, 4])
    found = difference(now, earlier)
    assert found.estimate == pytest.approx(1 / 3)
    assert found.low == pytest.approx(1 / 3 - math.hypot(1 / 2 - now.rate.low, earlier.rate.high - 1 / 6))
    assert found.high == pytest.approx(1 / 3 + math.hypot(now.rate.high - 1 / 2, 1 / 6 - earlier.rate.low))
    mirrored = difference(earlier, now)
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: rate([3], [2]), "events: buyer 0 has 3 events in 2 trials"),
        (lambda: rate([-1], [2]), "events: the figure at 0 is negative"),
        (lambda: rate([1, math.nan], [2, 2]), r"events: the figure at 1 is missing \(NaN\)"),
        (lambda: rate([0.5], [2]), "events: the figure at 0 is not a whole number"),
        (lambda: rate([0, 0], [0, 0]), "trials: there is none"),
        (lambda: rate([1], [2, 2]), "there are 1 and 2"),
        (lambda: rate([], []), "at least one figure"),
        (lambda: rate([1], [2], icc=2), "icc: 2 is not a share"),
        (lambda: rate([1], [2], level=90), "level: 90 is not strictly between"),
        (lambda: wilson(0.5, 0), "size: 0 is under"),
        (lambda: funnel(["held"], [[1]]), "two stages or more"),
        (lambda: funnel(["held", "held"], [[1], [1]]), "'held' stands there twice"),
        (lambda: funnel(["held", "signed"], [[0, 0], [1, 0]]), "there is none|events in 0 trials"),
        (lambda: difference(rate([1], [2]), rate([1], [2], level=0.95)), "level: the two rates"),
        (lambda: shared_icc([([0], [2])]), "icc: no table"),
    ],
)
def test_senseless_counts_are_refused_and_named(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()
