"""The exact model told in each way, and the bound of the patterns, against every timetable there is."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from kernels.timetable.oracle import best
from kernels.timetable.problems import tiny_problems

from madang.kernels.timetable import Goal, Participant, Problem, Request, Slot, Status, Table
from madang.kernels.timetable.exact import Limits, build, goal_of
from madang.kernels.timetable.openings import openings
from madang.kernels.timetable.patterns import build_patterns
from madang.kernels.timetable.proof import CLAUSES, CORE, RELAXED, Proof

some = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@some
@given(tiny_problems(Goal.BREAKS))
def test_limits_told_as_sums_or_as_clauses_have_the_same_optimum(problem):
    rows = openings(problem)
    assume(not rows.hopeless)
    wanted = best(problem)
    for limits, way in [(Limits.LINEAR, CORE), (Limits.PEOPLE, CLAUSES), (Limits.TABLES, CLAUSES)]:
        model = build(problem, rows, limits=limits)
        goal_of(model)
        proof = Proof(model, way, seed=1, seconds=60)
        proof.run()
        if wanted is None:
            assert proof.status is Status.INFEASIBLE
        else:
            assert (proof.status, proof.breaks, proof.bound) == (Status.OPTIMAL, wanted[1], wanted[1])


@some
@given(tiny_problems(Goal.BREAKS))
def test_the_bound_of_the_patterns_is_a_bound(problem):
    rows = openings(problem)
    assume(not rows.hopeless)
    proof = Proof(build_patterns(problem, rows), RELAXED, seed=1, seconds=60)
    proof.run()
    wanted = best(problem)
    assert proof.status is not Status.INFEASIBLE or wanted is None
    assert wanted is None or proof.bound <= wanted[1]


@pytest.fixture
def four_meetings_at_one_table() -> Problem:
    """Two people meet two others each, at one table, in as many slots as there are meetings."""
    pairs = [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
    return Problem(
        slots=tuple(Slot() for _ in range(4)),
        participants=tuple(Participant(p) for p in "abcd"),
        tables=(Table(1),),
        requests=tuple(Request(n, pair) for n, pair in enumerate(pairs)),
        goal=Goal.BREAKS,
        breaks_over_forbidden=True,
    )


@pytest.mark.parametrize(("fixed", "bound"), [({}, 0), ({0: 1, 1: 4}, 1), ({0: 1, 1: 4, 2: 3, 3: 2}, 3)])
def test_fixed_meetings_far_apart_show_in_the_bound(four_meetings_at_one_table, fixed, bound):
    requests = tuple(replace(r, fixed_slot=fixed.get(r.id)) for r in four_meetings_at_one_table.requests)
    problem = replace(four_meetings_at_one_table, requests=requests)
    proof = Proof(build_patterns(problem, openings(problem)), RELAXED, seed=1, seconds=60)
    proof.run()
    assert proof.bound == bound
    assert best(problem)[1] >= bound
