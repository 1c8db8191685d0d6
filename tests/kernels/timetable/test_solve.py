"""The solver against the oracle on tiny problems, and its manners: seeds, limits, progress, stopping."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.oracle import best
from kernels.timetable.problems import market, tiny_problems

from madang.kernels.timetable import (
    Goal,
    Participant,
    Problem,
    ProblemError,
    Request,
    Slot,
    Status,
    Table,
    breaks,
    check,
    most_weight,
    solve,
)

relaxed = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
brief = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@relaxed
@given(tiny_problems(Goal.BREAKS))
def test_breaks_are_as_few_as_the_oracle_finds(problem):
    plan, wanted = solve(problem, limit=300), best(problem)
    assert check(problem, plan) == []
    assert plan.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
    if wanted is not None:
        assert (plan.objective, plan.bound, plan.breaks) == (wanted[1], wanted[1], wanted[1])


@relaxed
@given(tiny_problems(Goal.WEIGHT))
def test_weight_is_as_much_and_breaks_as_few_as_the_oracle_finds(problem):
    plan, wanted = solve(problem, limit=300), best(problem)
    assert check(problem, plan) == []
    assert plan.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
    if wanted is not None:
        assert (plan.objective, plan.breaks) == wanted
        assert plan.bound == wanted[0]


@brief
@given(tiny_problems(Goal.WEIGHT))
def test_the_compiled_search_never_claims_more_than_the_oracle(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(most_weight, "SMALL", -1)
        for phase in ("FOR_WEIGHT", "FOR_BREAKS"):
            patch.setattr(most_weight, phase, getattr(most_weight, phase)._replace(steps=4_000, steps_each=0))
        plan, wanted = solve(replace(problem, homogeneity=None), limit=300), best(replace(problem, homogeneity=None))
    assert check(replace(problem, homogeneity=None), plan) == []
    if wanted is None:
        assert plan.status is Status.INFEASIBLE
    else:
        assert plan.objective == wanted[0]
        assert plan.bound >= wanted[0]


def test_a_market_gets_a_good_plan_with_a_bound_again_and_again():
    problem = market(120, 600)
    plan = solve(problem, seed=3, limit=600)
    assert check(problem, plan) == []
    assert plan.objective >= 0.985 * plan.bound
    assert plan.breaks == sum(breaks(problem, plan).values())
    again = solve(problem, seed=3, limit=600)
    assert again.meetings == plan.meetings
    assert (again.objective, again.bound, again.status) == (plan.objective, plan.bound, plan.status)


def test_a_wish_to_stop_is_heard_and_the_best_is_kept():
    problem = market(200, 3_000)
    calls = []

    def stop_when_there_is_something(progress):
        calls.append(progress)
        return "stop" if progress.placed else None

    started = time.monotonic()
    plan = solve(problem, limit=600, progress=stop_when_there_is_something)
    assert time.monotonic() - started < 300
    assert plan.status is Status.FEASIBLE
    assert len(plan.meetings) > 500
    assert check(problem, plan) == []
    assert calls[0].seconds < 60
    assert calls[-1].possible == 3_000


def test_progress_beats_while_code_is_compiled_and_while_it_searches():
    beats = []
    solve(market(120, 600), limit=600, progress=lambda p: beats.append(p.seconds))
    assert max(b - a for a, b in pairwise(beats)) < 60


def test_musts_that_share_a_person_in_too_few_slots_are_infeasible():
    rows = tuple(Request(n, ("hub", n), required=True) for n in range(4))
    people = (Participant("hub"), *(Participant(n) for n in range(4)))
    problem = Problem(tuple(Slot() for _ in range(3)), people, tuple(Table(n) for n in range(9)), rows)
    plan = solve(problem)
    assert (plan.status, plan.meetings) == (Status.INFEASIBLE, ())
    assert solve(replace(problem, slots=(*problem.slots, Slot()))).status is Status.OPTIMAL


def test_an_event_without_requests_has_an_empty_timetable():
    for goal in Goal:
        plan = solve(Problem((Slot(),), (Participant(1),), (), (), goal))
        assert (plan.status, plan.objective, plan.meetings) == (Status.OPTIMAL, 0, ())


def test_a_senseless_problem_is_refused_with_a_sentence():
    problem = Problem((Slot(),), (Participant(1),), (), (Request("r", (1, 2)),))
    with pytest.raises(ProblemError, match="participant 2 is not known"):
        solve(problem)
