"""The referee and the solver against every programme of tiny problems, judged minute by minute."""

import math
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.programme import oracle
from kernels.programme.showcases import tiny

from madang.kernels.programme import Level, Place, Plan, Status, check, check_move, faults, free_starts, points, solve
from madang.kernels.programme.points import move_price


def anywhere(problem, random):
    """Every item somewhere, or nowhere."""
    starts = [0, 5, 8, 10, 15, 20, 100, 105, 120]
    return tuple(
        Place(i.id, random.choice(problem.halls).id, random.choice(starts)) for i in problem.items if random.random() < 0.8
    )


@given(st.integers(0, 10_000))
def test_the_referee_finds_what_looking_at_every_minute_finds(seed):
    problem = tiny(seed)
    places = anywhere(problem, Random(seed))
    found = Counter((c.rule, c.level) for c in check(problem, Plan(places)))
    wanted = Counter(
        (rule, level) for rule, _ in oracle.broken(problem, places) if (level := oracle.level(problem, rule)) != "ignore"
    )
    assert found == wanted
    assert faults(problem) == []


@given(st.integers(0, 10_000))
def test_a_move_is_judged_as_the_whole_programme_is(seed):
    problem, random = tiny(seed), Random(seed)
    places = anywhere(problem, random)
    moved = Place(random.choice(problem.items).id, random.choice(problem.halls).id, random.choice([0, 5, 10, 100]))
    after = (*(p for p in places if p.item != moved.item), moved)
    mine = [c for c in check(problem, Plan(after)) if moved.item in c.items]
    assert check_move(problem, Plan(places), moved.item, moved.hall, moved.start) == mine


@given(st.integers(0, 10_000))
def test_free_starts_are_those_that_the_referee_passes(seed):
    problem, random = tiny(seed), Random(seed)
    places = tuple(p for p in anywhere(problem, random) if not problem.items[0].leads)
    item = problem.items[-1].id
    free = free_starts(problem, Plan(places), item)
    assert set(free) == {hall.id for hall in problem.halls}
    for hall, starts in free.items():
        for start in starts:
            mine = (*(p for p in places if p.item != item), Place(item, hall, start))
            assert [c for c in check(problem, Plan(mine)) if c.level is Level.BLOCK and item in c.items] == []


def small(seed):
    """A tiny problem and what was published of it, where trying every programme is quick; else None."""
    problem, random = tiny(seed), Random(seed)
    published = anywhere(problem, random) if random.random() < 0.4 else ()
    ways = math.prod(1 + len(problem.halls) * len(oracle.starts(problem, i, published)) for i in problem.items)
    return (problem, published) if ways <= 2500 else None


@pytest.mark.parametrize("tens", range(3))
def test_the_solver_finds_and_proves_the_best_of_all_programmes(tens):
    tried = [(seed, found) for seed in range(tens * 40, tens * 40 + 40) if (found := small(seed))]
    assert len(tried) > 10
    for seed, (problem, published) in tried:
        plan = solve(problem, seed=seed, limit=600, published=published)
        left_out, moved, cost = oracle.best(problem, published)
        assert oracle.value(problem, list(plan.places), published) == (left_out, moved, cost), seed
        assert (plan.status, plan.left_out) == (Status.OPTIMAL, left_out), seed
        assert plan.points == plan.bound == moved * move_price(problem) + cost, seed
        assert plan.points == points(problem, plan.places, published=published), seed
