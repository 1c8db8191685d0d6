"""Rosters against brute force on small sizes; rules of rest and hours as a table."""

import datetime as dt
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.outcomes.rostering import Breach, Hand, Problem, Work, breaches, check, explain, greedy, levelled, solve

HAND = Hand(1, frozenset({7}), 600, 660, 1200)


def work(number, start, hours, *, day=28, skill=None, needed=1):
    """A shift that begins at an hour of a day, and lasts some hours."""
    starts = dt.datetime(2025, 5, day, tzinfo=dt.UTC) + dt.timedelta(hours=start)
    return Work(number, starts, starts + dt.timedelta(hours=hours), starts.date(), skill, needed)


@pytest.mark.parametrize(
    ("held", "new", "found"),
    [
        ([], work(2, 9, 4), []),
        ([], work(2, 9, 4, skill=7), []),
        ([], work(2, 9, 4, skill=8), [Breach.SKILL]),
        ([], work(2, 9, 11), [Breach.DAY]),
        ([work(1, 9, 4)], work(2, 13, 4), []),
        ([work(1, 9, 4)], work(2, 12, 4), [Breach.OVERLAP]),
        ([work(1, 9, 4)], work(1, 9, 4), []),
        ([work(1, 9, 6)], work(2, 15, 5), [Breach.DAY]),
        ([work(1, 14, 8)], work(2, 9, 4, day=29), []),
        ([work(1, 15, 8)], work(2, 9, 4, day=29), [Breach.REST]),
        ([work(1, 9, 4, day=29)], work(2, 15, 8), [Breach.REST]),
        ([work(1, 8, 10), work(2, 8, 5, day=29)], work(3, 13, 5, day=29), []),
        ([work(1, 8, 10), work(2, 8, 5, day=29)], work(3, 13, 5, day=30), []),
        ([work(1, 8, 10), work(2, 8, 10, day=29)], work(3, 13, 1, day=30), [Breach.ALL]),
        ([work(1, 20, 6)], work(2, 9, 4, day=29), [Breach.REST]),
    ],
)
def test_what_holding_a_shift_breaks(held, new, found):
    assert breaches(HAND, held, new) == found


def brute(problem):
    """The fewest places that stay open, by trying every set of pairs."""
    places = sum(one.needed for one in problem.works)
    every = [(one.id, hand.id) for one in problem.works for hand in problem.hands]
    for size in range(min(places, len(every)), -1, -1):
        for pairs in combinations(every, size):
            filled = [shift for shift, _hand in pairs]
            if all(filled.count(one.id) <= one.needed for one in problem.works) and not check(problem, pairs):
                return places - size
    return places


works = st.builds(
    work,
    st.just(0), st.integers(6, 20), st.integers(2, 7), day=st.integers(28, 29), skill=st.sampled_from([None, None, 7]),
    needed=st.integers(1, 2),
)  # fmt: skip


@given(st.lists(works, min_size=1, max_size=4), st.lists(st.booleans(), min_size=1, max_size=2))
@settings(max_examples=12, deadline=None, database=None, derandomize=True)
def test_no_roster_fills_more_places(shifts, skilled):
    from dataclasses import replace

    numbered = tuple(replace(one, id=number) for number, one in enumerate(shifts))
    hands = tuple(Hand(n, frozenset({7} if can else ()), 600, 660, 900) for n, can in enumerate(skilled))
    problem = Problem(numbered, hands)
    plan = solve(problem, limit=600)
    assert check(problem, plan.pairs) == []
    assert (plan.open, plan.is_best) == (brute(problem), True)
    assert sum(one.needed for one in numbered) - len(plan.pairs) == plan.open


@pytest.mark.parametrize("seed", range(1, 4))
def test_hours_are_shared_whatever_the_seed(seed):
    problem = Problem(tuple(work(n, 9, 4, day=27 + n) for n in range(4)), tuple(Hand(n, frozenset(), 600, 660) for n in range(2)))
    plan = solve(problem, seed=seed, limit=600)
    assert sorted([hand for _shift, hand in plan.pairs].count(n) for n in range(2)) == [2, 2]
    assert (plan.open, plan.is_best, plan.is_fairest) == (0, True, True)


def test_a_start_that_is_uneven_is_levelled():
    problem = Problem(tuple(work(n, 9, 4, day=26 + n) for n in range(4)), tuple(Hand(n, frozenset(), 600, 660) for n in range(2)))
    pairs = levelled(problem, {(n, 0) for n in range(4)})
    assert sorted([hand for _shift, hand in pairs].count(n) for n in range(2)) == [2, 2]
    assert {shift for shift, _hand in greedy(problem, dict.fromkeys(range(4), 1))} == {0, 1, 2, 3}


def test_what_is_held_stays_and_what_has_begun_takes_nobody():
    shifts = (work(1, 9, 4, needed=2), work(2, 10, 4), work(3, 9, 4, day=27))
    problem = Problem(shifts, (HAND, Hand(2, frozenset(), 600, 660)), frozenset({(1, 1)}), frozenset({3}))
    plan = solve(problem, limit=600)
    assert (plan.open, len(plan.pairs), {hand for _shift, hand in plan.pairs}) == (1, 1, {2})


def test_why_a_shift_stays_open():
    shifts = (work(1, 9, 4, skill=9), work(2, 9, 4), work(3, 10, 4, needed=3))
    hands = (HAND, Hand(2, frozenset(), 600, 660), Hand(3, frozenset(), 60, 660))
    problem = Problem(shifts, hands, frozenset({(2, 1)}))
    plan = solve(problem, limit=600)
    assert plan.pairs == ((3, 2),)
    assert explain(problem, plan, 1) == {Breach.SKILL: 3}
    assert explain(problem, plan, 3) == {Breach.OVERLAP: 1, Breach.DAY: 1}


def test_nothing_to_do_is_done():
    plan = solve(Problem((), ()), limit=1)
    assert (plan.pairs, plan.open, plan.is_best) == ((), 0, True)
