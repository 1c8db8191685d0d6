"""The referee finds each kind of broken rule and each untrue claim: a clean plan is spoilt in one way at a time."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.problems import tiny_problems

from madang.kernels.timetable import (
    Goal,
    Meeting,
    Participant,
    Plan,
    Problem,
    Request,
    Slot,
    Status,
    Table,
    breaks,
    check,
    clashes,
    free_places,
    solve,
)

PROBLEM = Problem(
    slots=(Slot(1, 1), Slot(1, 1), Slot(1, 2), Slot(2, 1), Slot(2, 2)),
    participants=(
        Participant("ann", forbidden=frozenset({5})),
        Participant("bo", max_per_day=2),
        Participant("cy"),
        Participant("di"),
    ),
    tables=(Table("one"), Table("two", closed=frozenset({2})), Table("booth", shared=False)),
    requests=(
        Request("ab", ("ann", "bo"), 5),
        Request("bc", ("bo", "cy"), 3, session=2),
        Request("cd", ("cy", "di"), 2, fixed_slot=4),
        Request("ad", ("ann", "di"), 2, tables=("booth",), required=True),
        Request("ac", ("ann", "cy"), 1, tables=(), after=("ab",)),
        Request("bd", ("bo", "di"), 4, fixed_table="one"),
    ),
)
CLEAN = Plan(
    Status.FEASIBLE,
    17,
    17.0,
    0.1,
    (
        Meeting("ab", 1, "one"),
        Meeting("bc", 3, "two"),
        Meeting("cd", 4, "one"),
        Meeting("ad", 3, "booth"),
        Meeting("ac", 2, None),
        Meeting("bd", 5, "one"),
    ),
    1,
)


def moved(request, slot, table):
    return tuple(Meeting(request, slot, table) if m.id == request else m for m in CLEAN.meetings)


def without(*requests):
    return tuple(m for m in CLEAN.meetings if m.id not in requests)


def test_the_clean_plan_is_clean():
    assert check(PROBLEM, CLEAN) == []
    assert breaks(PROBLEM, CLEAN) == {"ann": 0, "bo": 1, "cy": 0, "di": 0}


SPOILT = {
    "unknown_request": (*CLEAN.meetings, Meeting("zz", 1, "one")),
    "doubled_request": (*CLEAN.meetings, Meeting("cd", 4, "two")),
    "slot_range": moved("ab", 6, "one"),
    "forbidden": moved("ab", 5, "two"),
    "session": moved("bc", 1, "two"),
    "fixed_slot": moved("cd", 5, "two"),
    "fixed_table": moved("bd", 5, "two"),
    "after": moved("ab", 3, "one"),
    "double_booked": moved("ab", 3, "one"),
    "table_twice": moved("bc", 5, "one"),
    "table_closed": moved("ab", 2, "two"),
    "table_not_allowed": moved("ab", 1, "booth"),
    "table_unknown": moved("ab", 1, "nine"),
    "table_missing": moved("ab", 1, None),
    "max_per_day": (*without("bd"), Meeting("bd", 2, "one")),
    "not_placed": without("cd"),
}


@pytest.mark.parametrize("rule", SPOILT)
def test_a_spoilt_plan_is_found_out(rule):
    assert rule in {v.rule for v in check(PROBLEM, replace(CLEAN, meetings=SPOILT[rule]))}


CLAIMS = {
    "claimed_objective": {"objective": 18},
    "claimed_breaks": {"breaks": 0},
    "claimed_bound": {"bound": 16.0},
    "claimed_optimal": {"status": Status.OPTIMAL, "bound": 19.0},
    "claimed_status": {"status": Status.UNKNOWN},
}


@pytest.mark.parametrize("rule", CLAIMS)
def test_an_untrue_claim_is_found_out(rule):
    assert [v.rule for v in check(PROBLEM, replace(CLEAN, **CLAIMS[rule]))] == [rule]


def test_homogeneity_is_refereed():
    assert "homogeneity" in {v.rule for v in check(replace(PROBLEM, homogeneity=0), CLEAN)}


def test_all_requests_must_be_placed_where_breaks_count():
    spoilt = replace(CLEAN, meetings=without("ab", "ac"), objective=None, breaks=None, bound=None)
    assert [v.ids for v in check(replace(PROBLEM, goal=Goal.BREAKS), spoilt) if v.rule == "not_placed"] == [("ab",), ("ac",)]


@pytest.mark.parametrize(
    ("away", "over_forbidden", "wanted"),
    [((), True, 2), ((), False, 1), ((2,), False, 2), ((2,), True, 2), ((2, 3), True, 2), ((1, 2, 3), False, 0)],
)
def test_breaks_are_runs_of_idle_slots(away, over_forbidden, wanted):
    slots = (Slot(1), Slot(1), Slot(1), Slot(1), Slot(1), Slot(2), Slot(2), Slot(2))
    requests = tuple(Request(n, ("hub", n), tables=()) for n in range(3))
    people = (Participant("hub", forbidden=frozenset(a + 1 for a in away)), *(Participant(n) for n in range(3)))
    problem = Problem(slots, people, (), requests, breaks_over_forbidden=over_forbidden)
    plan = Plan(Status.FEASIBLE, None, None, 0, (Meeting(0, 1), Meeting(1, 5), Meeting(2, 7)))
    assert breaks(problem, plan)["hub"] == wanted


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(tiny_problems(Goal.WEIGHT))
def test_a_move_clashes_exactly_where_the_referee_says_so(problem):
    problem = replace(problem, homogeneity=None)
    plan = solve(problem, limit=300)
    silent = replace(plan, objective=None, breaks=None, bound=None, status=Status.FEASIBLE)
    for request in problem.requests if plan.meetings else ():
        others = tuple(m for m in plan.meetings if m.id != request.id)
        free = set(free_places(problem, plan, request.id))
        for slot in range(1, len(problem.slots) + 1):
            for table in (None, *(t.id for t in problem.tables)):
                judged = check(problem, replace(silent, meetings=(*others, Meeting(request.id, slot, table))))
                found = clashes(problem, plan, request.id, slot, table)
                assert {v.rule for v in found} == {v.rule for v in judged if v.rule != "not_placed"}
                assert ((slot, table) in free) == (not found)
