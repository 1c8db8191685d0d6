"""A draw that can be repeated with nothing but SHA-256, and what it shows."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from madang.kernels.impact import ImpactError, commitment, draw, experiment, verify

SEED = "2026-09-01 lotto 07 12 19 23 31 44"
TEN = [f"title-{number}" for number in range(10)]


def test_anybody_can_repeat_the_draw() -> None:
    record = draw(TEN, 3, SEED)
    ranked = sorted(TEN, key=lambda one: hashlib.sha256(f"{SEED}:{one}".encode()).hexdigest())
    assert (record.winners, record.others) == (tuple(ranked[:3]), tuple(ranked[3:]))
    assert commitment(SEED) == hashlib.sha256(f"commitment:{SEED}".encode()).hexdigest()


@settings(max_examples=25)
@given(st.permutations(TEN))
def test_the_order_of_the_list_does_not_matter(turned: list[str]) -> None:
    assert draw(turned, 3, SEED) == draw(TEN, 3, SEED)


def test_what_was_changed_afterwards_is_seen() -> None:
    record = draw(TEN, 3, SEED)
    committed = commitment(SEED)
    assert verify(record, TEN, committed)
    assert not verify(record, [*TEN[:-1], "a friend"], committed)
    assert not verify(draw(TEN, 3, SEED + "!"), TEN, committed)
    swapped = type(record)(SEED, 3, (record.ranked[5], *record.ranked[1:5], record.ranked[0], *record.ranked[6:]))
    assert not verify(swapped, TEN, committed)


def test_everybody_wins_equally_often() -> None:
    wins = Counter(winner for number in range(3_000) for winner in draw(TEN, 3, f"{number:020d}").winners)
    assert stats.chisquare([wins[title] for title in TEN]).pvalue > 0.01


def test_the_experiment_by_hand() -> None:
    record = draw(TEN[:6], 3, SEED)
    outcomes = {
        **dict(zip(record.winners, (5.0, 6.0, 7.0), strict=True)),
        **dict(zip(record.others, (1.0, 2.0, 3.0), strict=True)),
    }
    found = experiment(record, outcomes)
    half = stats.t.ppf(0.95, 4) * math.sqrt(2 / 3)
    assert (found.difference.estimate, found.difference.low, found.difference.high) == pytest.approx((4, 4 - half, 4 + half))
    assert (found.p, found.draws, found.exact, found.missing) == (2 / 20, 20, True, ())


def test_too_few_to_reject_anything_have_an_endless_interval() -> None:
    record = draw(TEN[:4], 2, SEED)
    found = experiment(record, dict.fromkeys(record.ranked, 1.0))
    assert (found.randomised.low, found.randomised.high, found.p) == (-math.inf, math.inf, 1)


def test_many_draws_are_sampled_and_repeat_by_seed() -> None:
    names = [f"title-{number:02d}" for number in range(40)]
    record = draw(names, 20, SEED)
    outcomes = {name: float(number % 7) + (name in record.winners) for number, name in enumerate(names)}
    found = experiment(record, outcomes, seed=4)
    assert (found.exact, found.draws) == (False, 20_000)
    assert found == experiment(record, outcomes, seed=4)
    assert found.randomised.low == pytest.approx(found.difference.low, abs=0.1)
    assert found.randomised.high == pytest.approx(found.difference.high, abs=0.1)


def test_who_has_no_outcome_is_named() -> None:
    record = draw(TEN, 4, SEED)
    outcomes = {title: float(len(title) + number) for number, title in enumerate(record.ranked)}
    outcomes[record.winners[0]] = math.nan
    del outcomes[record.others[-1]]
    found = experiment(record, outcomes)
    assert found.missing == (record.winners[0], record.others[-1])
    assert (found.winners, found.others) == (3, 5)


@settings(max_examples=25)
@given(st.floats(-5, 5), st.floats(0.1, 10), st.integers(0, 30))
def test_an_effect_moves_the_interval_and_a_unit_stretches_it(effect: float, unit: float, start: int) -> None:
    record = draw(TEN, 4, SEED)
    outcomes = {title: math.sin(number * 1.7 + start) for number, title in enumerate(TEN)}
    moved = {title: unit * (value + effect * (title in record.winners)) for title, value in outcomes.items()}
    one, two = experiment(record, outcomes).randomised, experiment(record, moved).randomised
    assert one.low <= one.estimate <= one.high
    assert (two.low, two.high) == pytest.approx((unit * (one.low + effect), unit * (one.high + effect)), abs=1e-5)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: draw(TEN, 10, SEED), "10 candidates for 10 places: there is nothing to draw"),
        (lambda: draw(TEN, 0, SEED), "places: 0 is under 1"),
        (lambda: draw([*TEN, "title-0"], 3, SEED), "'title-0' stands there twice"),
        (lambda: draw(TEN, 3, "guess"), "seed: 16 characters"),
        (lambda: experiment(draw(TEN, 3, SEED), {"stranger": 1.0}), "stranger was not in the draw"),
        (lambda: experiment(draw(TEN, 3, SEED), dict.fromkeys(TEN, math.inf)), "is infinite"),
        (lambda: experiment(draw(TEN, 1, SEED), dict.fromkeys(TEN, 1.0)), "two winners and two others"),
    ],
)
def test_senseless_draws_are_refused(wrong: Callable[[], object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        wrong()
