"""Titles against donors: by hand, by property, and at the edges."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from madang.kernels.impact import (
    Counts,
    ImpactError,
    LeftOut,
    Registration,
    Why,
    log_ratios,
    placebo_dates,
    placebo_titles,
    sensitivity,
    smallest_lift,
    uplift,
)

NINE = tuple(f"series-{number}" for number in range(9))
DONORS = tuple(f"donor-{number}" for number in range(30))


def world(seed: int = 1, lift: float = 2.0, months: int = 36) -> tuple[Counts, Registration]:
    """Nine series and thirty donors from 2025-01 on; the event is in the month 24."""
    generator = np.random.default_rng(seed)
    means = generator.lognormal(3, 0.5, (39, 1)) * np.ones(months)
    means[:9, 24:] *= lift
    counts = Counts("2025-01", NINE + DONORS, generator.poisson(means).astype(float))
    return counts, Registration("press@1", NINE, DONORS, "2027-01", registered="2026-09-01")


def test_by_hand() -> None:
    counts = Counts("2026-01", ("a", "b", "c", "d"), np.array([[10, 20], [10, 40], [5, 5], [8, 8]], dtype=float))
    found = uplift(counts, Registration("m", ("a", "b"), ("c", "d"), "2026-02", before=1, after=1, zero=0))
    error = math.sqrt(np.var(np.log([2, 4]), ddof=1) / 2)
    half = stats.t.ppf(0.95, 1) * error
    assert found.lift.estimate == pytest.approx(math.sqrt(8))
    assert (found.log.low, found.log.high) == pytest.approx((math.log(8) / 2 - half, math.log(8) / 2 + half))
    assert (found.df, found.standard_error) == pytest.approx((1, error))
    assert [(one.title, one.before, one.after, one.donors_lift) for one in found.titles] == [("a", 10, 20, 1), ("b", 10, 40, 1)]
    assert [one.effect for one in found.titles] == pytest.approx([2, 4])
    assert found.p_gain == pytest.approx(stats.t.sf(math.log(8) / 2 / error, 1))


def test_half_a_count_gives_a_sum_of_zero_a_logarithm() -> None:
    rows = np.array([[2, 2, 0, 0], [0, 0, 0, 0]], dtype=float)
    assert log_ratios(rows, slice(0, 2), slice(2, 4), 0.5).tolist() == pytest.approx([math.log(0.5 / 4.5), 0])


def test_equal_rates_are_no_change_whatever_the_length_of_the_windows() -> None:
    rows = np.array([[3, 3, 3, 3], [0, 0, 0, 0]], dtype=float)
    assert log_ratios(rows, slice(0, 3), slice(3, 4), 0.5).tolist() == pytest.approx([0, 0])


def test_a_missing_month_is_no_zero_and_donors_are_compared_over_the_same_months() -> None:
    season = np.array([1, 9, 1, 9], dtype=float)
    table = np.tile(season, (4, 1)) * np.array([[1], [2], [3], [4]])
    table[0, 1] = np.nan
    found = uplift(
        Counts("2026-01", ("a", "b", "c", "d"), table), Registration("m", ("a", "b"), ("c", "d"), "2026-03", 2, 2, zero=0)
    )
    assert [one.effect for one in found.titles] == pytest.approx([1, 1])
    assert found.titles[0].lift == pytest.approx(5)


def test_one_of_nine_withdrew_before_the_event() -> None:
    counts, registration = world()
    found = uplift(counts, registration, withdrawn=["series-3"])
    assert found.left_out == (LeftOut("series-3", False, Why.WITHDRAWN),)
    assert len(found.titles) == 8
    assert found.digest == registration.digest


def test_who_has_no_base_or_was_not_observed_is_named_and_left_out() -> None:
    counts, registration = world()
    table = counts.counts.copy()
    table[0, 12:24] = 0
    table[1, 13:23] = np.nan
    table[2, 24:] = 0
    found = uplift(Counts(counts.first, counts.titles, table), registration)
    assert found.left_out == (LeftOut("series-0", False, Why.NO_BASE), LeftOut("series-1", False, Why.NOT_OBSERVED))
    assert [one.title for one in found.titles] == [f"series-{number}" for number in range(2, 9)]


def test_a_doubling_is_seen_and_the_placebo_dates_are_silent() -> None:
    counts, registration = world()
    found = uplift(counts, registration)
    dates = placebo_dates(counts, registration)
    assert 2.0 in found.lift
    assert found.log.low > 0
    assert [date.month for date in dates.dates] == ["2026-01"]
    assert (dates.p, dates.alarms) == (0.5, 0)
    assert dates.largest < 0.2
    assert placebo_titles(counts, registration, draws=500).p == pytest.approx(1 / 501)


def test_placebo_titles_repeat_by_seed_and_do_not_hang_on_the_order_of_donors() -> None:
    counts, registration = world(lift=1)
    turned = replace(registration, donors=DONORS[::-1])
    assert placebo_titles(counts, registration, seed=5) == placebo_titles(counts, turned, seed=5)
    assert placebo_titles(counts, registration, seed=5) != placebo_titles(counts, registration, seed=6)


def test_nearest_donors_are_chosen_by_the_window_before_alone() -> None:
    counts, registration = world()
    near = replace(registration, nearest=3)
    later = counts.counts.copy()
    later[9:, 24:] = 0
    lifts = [one.donors_lift for one in uplift(Counts(counts.first, counts.titles, later), near).titles]
    alike = [one.donors_lift for one in uplift(counts, near).titles]
    assert len({round(lift, 9) for lift in alike}) > 1
    assert max(lifts) < 0.02


def test_every_variant_is_an_estimate_of_the_same_thing() -> None:
    counts, registration = world(months=48)
    found = sensitivity(counts, registration)
    ways = [variant.way for variant in found.variants]
    assert ways == ["without"] * 9 + ["nearest"] * 3 + ["zero", "zero", "before", "before", "after", "after", "trimmed"]
    assert found.span[0] > 0.5
    assert found.span[1] < 0.9
    assert found.bias == pytest.approx(uplift(counts, registration).log.low)


def test_a_registration_has_one_digest_whatever_the_order_and_another_for_any_change() -> None:
    _, registration = world()
    assert replace(registration, donors=DONORS[::-1]).digest == registration.digest
    changes = [{"event": "2027-02"}, {"before": 11}, {"zero": 1}, {"measure": "press@2"}, {"donors": DONORS[1:]}, {"nearest": 3}]
    assert len({replace(registration, **change).digest for change in changes} | {registration.digest}) == 7
    with pytest.raises(FrozenInstanceError):
        registration.before = 3


@settings(max_examples=25)
@given(seed=st.integers(0, 50), turn=st.permutations(range(39)), lift=st.floats(0.2, 5))
def test_the_order_of_titles_does_not_matter_and_the_interval_holds_the_estimate(seed: int, turn: list[int], lift: float) -> None:
    counts, registration = world(seed, lift)
    other = Counts(counts.first, tuple(counts.titles[place] for place in turn), counts.counts[turn])
    one, two = uplift(counts, registration), uplift(other, replace(registration, titles=NINE[::-1], donors=DONORS[::-1]))
    assert one.log.low <= one.log.estimate <= one.log.high
    assert (one.log.low, one.log.estimate, one.log.high) == pytest.approx((two.log.low, two.log.estimate, two.log.high))


@settings(max_examples=25)
@given(unit=st.floats(0.01, 100))
def test_without_added_counts_the_unit_does_not_matter(unit: float) -> None:
    counts, registration = world()
    registration = replace(registration, zero=0, nearest=0)
    scaled = Counts(counts.first, counts.titles, counts.counts * unit)
    assert uplift(scaled, replace(registration, floor=0)).log.low == pytest.approx(uplift(counts, registration).log.low)


@settings(max_examples=25)
@given(months=st.integers(1, 12))
def test_only_registered_months_count(months: int) -> None:
    counts, registration = world()
    near = replace(registration, before=months, after=months)
    changed = counts.counts.copy()
    changed[:, : 24 - months] = 7
    changed[:, 24 + months :] = 7
    assert uplift(Counts(counts.first, counts.titles, changed), near) == uplift(counts, near)


def test_rising_titles_are_compared_with_donors_that_rose_as_much() -> None:
    months = np.arange(24)
    rising, flat = 100 * np.exp(0.05 * months), np.full(24, 100.0)
    table = np.vstack([rising] * 2 + [rising] * 3 + [flat] * 5)
    names = tuple("abcdefghij")
    registration = Registration("m", names[:2], names[2:], "2027-01", nearest=3)
    assert uplift(Counts("2026-01", names, table), registration).lift.estimate == pytest.approx(1)
    everybody = uplift(Counts("2026-01", names, table), replace(registration, nearest=0))
    assert everybody.lift.estimate == pytest.approx(math.exp(0.6 * 5 / 8), rel=0.01)
    assert uplift(Counts("2026-01", names, table), registration).donors_worth == pytest.approx(3)
    assert everybody.donors_worth == pytest.approx(8)


def test_with_two_donors_nothing_is_trimmed() -> None:
    counts, registration = world()
    found = sensitivity(counts, replace(registration, donors=DONORS[:2]))
    assert "trimmed" not in [variant.way for variant in found.variants]


def test_dates_at_which_the_titles_had_no_base_are_passed_over() -> None:
    counts, registration = world(months=48)
    later = replace(registration, event="2028-01")
    table = counts.counts.copy()
    table[:9, :13] = 0
    dates = placebo_dates(Counts(counts.first, counts.titles, table), later).dates
    assert [date.month for date in dates] == [f"2026-{month:02d}" for month in range(3, 13)] + ["2027-01"]
    table[:9, :35] = 0
    with pytest.raises(ImpactError, match="At no earlier date"):
        placebo_dates(Counts(counts.first, counts.titles, table), later)


def test_what_was_registered_in_the_month_of_the_event_was_not_registered_before() -> None:
    _, registration = world()
    days = {"2026-12-31": True, "2027-01-01": False, "": None}
    assert {day: replace(registration, registered=day).in_time for day in days} == days


FAULTS = [
    ({"registered": "yesterday"}, "registered: 'yesterday' is not a day"),
    ({"registered": "20260901"}, "registered: '20260901' is not a day"),
    ({"donors": ()}, "Two titles and two donors"),
    ({"titles": NINE[:1]}, "Two titles and two donors"),
    ({"donors": DONORS + NINE[:1]}, "'series-0' stands there twice"),
    ({"event": "2027-13"}, "'2027-13' is not a month"),
    ({"event": "2025-04"}, "Counts of 2024-04 to 2025-03 are needed; there are those of 2025-01 to 2027-12"),
    ({"event": "2027-02", "after": 12}, "Counts of 2027-02 to 2028-01"),
    ({"before": 0}, "before: 0 is under 1"),
    ({"level": 1}, "level: 1 is not strictly between"),
    ({"zero": -1}, "zero: the figure at 0 is negative"),
    ({"zero": math.nan}, "zero: the figure at 0 is missing"),
    ({"nearest": -1}, "nearest: -1 is under 0"),
    ({"titles": (*NINE, "unknown")}, "No counts are given for unknown"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_senseless_registration_is_refused_and_named(change: dict[str, object], said: str) -> None:
    counts, registration = world()
    with pytest.raises(ImpactError, match=said):
        uplift(counts, replace(registration, **change))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([[1, -2]], r"counts: the figure at \(0, 1\) is negative"),
        ([[1, math.inf]], r"counts: the figure at \(0, 1\) is infinite"),
        ([1, 2], "2 axes"),
        ([[1, 2], [3, 4]], "1 titles and 2 rows"),
        ([["many"]], "not numbers"),
    ],
)
def test_senseless_counts_are_refused(table: list[object], said: str) -> None:
    with pytest.raises(ImpactError, match=said):
        Counts("2026-01", ("a",), table)


def test_all_zeros_have_no_base_and_every_title_is_named() -> None:
    counts, registration = world()
    with pytest.raises(ImpactError, match=r"0 can be used; left out: series-0 \(no_base\), series-1 \(no_base\)"):
        uplift(Counts(counts.first, counts.titles, np.zeros(counts.counts.shape)), registration)


def test_withdrawing_all_but_one_or_a_stranger_is_refused() -> None:
    counts, registration = world()
    with pytest.raises(ImpactError, match="1 can be used"):
        uplift(counts, registration, withdrawn=NINE[1:])
    with pytest.raises(ImpactError, match="nobody is not registered"):
        uplift(counts, registration, withdrawn=["nobody"])


def test_too_few_months_or_donors_for_a_placebo_are_named() -> None:
    counts, registration = world()
    with pytest.raises(ImpactError, match="A placebo date needs 24 months"):
        placebo_dates(Counts("2025-06", counts.titles, counts.counts[:, 5:]), registration)
    with pytest.raises(ImpactError, match="11 are needed to draw 9"):
        placebo_titles(counts, replace(registration, donors=DONORS[:10]))


def test_nine_titles_can_show_a_doubling_and_not_thirty_percent() -> None:
    said = smallest_lift(9, 200, 0.56)
    assert said.shows(2.0)
    assert not said.shows(1.3)
    assert dict(said.chances)[1.3] < 0.4
    assert dict(said.chances)[2.0] > 0.9
