"""Reasons are true: each code is compared with a plain reading of the plan, on tiny problems and by example."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.problems import market, tiny_problems

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
    check,
    clashes,
    explain,
    free_places,
    solve,
    summary,
)

RULE_OF = {"busy": "double_booked", "day_cap": "max_per_day", "order": "after"}
BY_ITSELF = {
    "forbidden",
    "session",
    "fixed_slot",
    "fixed_table",
    "table_closed",
    "table_not_allowed",
    "table_missing",
    "slot_range",
}


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(tiny_problems(Goal.WEIGHT))
def test_each_reason_is_what_trying_every_place_shows(problem):
    problem = replace(problem, homogeneity=None)
    plan = solve(problem, limit=300)
    plan = replace(plan, meetings=plan.meetings[::2], objective=None, breaks=None)
    reasons = {r.request: r for r in explain(problem, plan)}
    assert set(reasons) == {r.id for r in problem.requests} - {m.id for m in plan.meetings}
    for request_id, reason in reasons.items():
        tried = {
            (slot, table): {v.rule for v in clashes(problem, plan, request_id, slot, table)}
            for slot in range(1, len(problem.slots) + 1)
            for table in (None, *(t.id for t in problem.tables))
        }
        hopeful = {slot for (slot, _), rules in tried.items() if not rules & BY_ITSELF}
        assert (reason.code == "could_be_placed") == bool(free_places(problem, plan, request_id))
        assert (reason.code in ("no_common_slot", "no_open_table")) == (not hopeful)
        assert {slot for slot, _, _ in reason.blockers} <= hopeful
        for slot, code, _ in reason.blockers:
            here = [rules for (s, _), rules in tried.items() if s == slot and not rules & BY_ITSELF]
            assert all(RULE_OF.get(code, "table_twice") in rules for rules in here)


def example(*, cap=None, tables=1, weights=(3, 3), away=()):
    """Two people ask for the hub, who has one slot (or two where `away` leaves them)."""
    slots = (Slot(), Slot())
    people = (Participant("hub", frozenset(away), cap), Participant("a"), Participant("b"), Participant("c"), Participant("d"))
    requests = (
        Request("placed", ("hub", "a"), weights[0]),
        Request("asked", ("hub", "b"), weights[1]),
        Request("far", ("c", "d"), 1),
    )
    return Problem(slots, people, tuple(Table(n) for n in range(tables)), requests)


def code_of(problem, *meetings):
    plan = Plan(Status.FEASIBLE, None, None, 0, meetings)
    return next(r.code for r in explain(problem, plan) if r.request == "asked")


@pytest.mark.parametrize(
    ("problem", "meetings", "code"),
    [
        (example(away=(1, 2)), (), "no_common_slot"),
        (example(tables=0), (), "no_open_table"),
        (example(), (), "could_be_placed"),
        (example(), (Meeting("placed", 1, 0), Meeting("far", 2, 0)), "table_full"),
        (example(cap=1), (Meeting("placed", 1, 0),), "day_cap"),
        (example(away=(2,)), (Meeting("placed", 1, 0),), "stronger_wishes"),
        (example(away=(2,), weights=(2, 3), tables=2), (Meeting("placed", 1, 0),), "person_full"),
    ],
)
def test_codes_by_example(problem, meetings, code):
    assert code_of(problem, *meetings) == code


def test_two_people_who_are_busy_in_turn():
    people = tuple(Participant(p) for p in "abcd")
    requests = (Request("ac", ("a", "c")), Request("bd", ("b", "d")), Request("asked", ("a", "b")))
    problem = Problem((Slot(), Slot()), people, (Table(1), Table(2)), requests)
    assert code_of(problem, Meeting("ac", 1, 1), Meeting("bd", 2, 1)) == "both_busy"


def test_order_keeps_a_request_out():
    people = tuple(Participant(p) for p in "abcd")
    requests = (Request("first", ("a", "c")), Request("asked", ("b", "d"), after=("first",)))
    problem = Problem((Slot(), Slot()), people, (Table(1), Table(2)), requests)
    assert code_of(problem, Meeting("first", 2, 1)) == "order"


def test_a_timetable_in_figures():
    problem = example()
    figures = summary(problem, Plan(Status.FEASIBLE, 4, 7.0, 0, (Meeting("placed", 1, 0), Meeting("far", 2, 0)), 0))
    assert (figures.asked, figures.possible, figures.placed) == (3, 3, 2)
    assert (figures.weight, figures.weight_asked, figures.share_of_bound) == (4, 7, 4 / 7)
    assert figures.tables_used == (1, 1)
    assert figures.got_nothing == ("b",)
    assert {p: (n, of) for p, n, of in figures.fulfilled}["hub"] == (1, 2)
    assert figures.fulfilled_tenths == (1, 0, 0, 0, 0, 1, 0, 0, 0, 3)
    assert figures.breaks_spread == ((0, 5),)


def test_a_drag_on_the_grid_is_answered_at_once():
    problem = market(2_200, 10_000)
    meetings, taken = [], set()
    for request in problem.requests:
        for slot in range(1, 46):
            keys = {(p, slot) for p in request.participants}
            if not keys & taken and not any(slot in problem.participants[p].forbidden for p in request.participants):
                taken |= keys
                meetings.append(Meeting(request.id, slot, None if request.tables == () else "table-0"))
                break
    plan = Plan(Status.FEASIBLE, None, None, 0, tuple(meetings))
    started = time.thread_time()
    for request in problem.requests[:5]:
        clashes(problem, plan, request.id, 7, "table-1")
    assert (time.thread_time() - started) / 5 < 0.25  # of the processor; measured at 15 ms
    assert check(problem, plan)
