"""What needs no solver of its own: online meetings, people who leave at noon, groups, preferred tables."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernels.timetable.oracle import best
from kernels.timetable.problems import market

from madang.kernels.timetable import Goal, Participant, Problem, Request, Slot, Status, Table, check, solve


@pytest.mark.parametrize(
    ("asleep", "slots"), [(((1, 2), (4,)), [3]), (((1,), (2, 3)), [4]), (((1, 2), (3, 4)), []), (((), ()), [1, 2, 3, 4])]
)
def test_an_online_meeting_waits_until_both_are_awake(asleep, slots):
    people = tuple(Participant(n, asleep=frozenset(s)) for n, s in enumerate(asleep))
    problem = Problem((Slot(),) * 4, people, (), (Request("r", (0, 1), online=True),))
    plan = solve(problem)
    assert check(problem, plan) == []
    assert (plan.status, plan.objective, len(plan.meetings)) == (Status.OPTIMAL, min(1, len(slots)), min(1, len(slots)))
    assert {m.slot for m in plan.meetings} <= set(slots)


def test_a_preferred_table_is_given_where_it_is_free():
    people = tuple(Participant(n) for n in range(6))
    tables = tuple(Table(f"t{n}") for n in range(3))
    requests = tuple(Request(n, (2 * n, 2 * n + 1), prefers=(("t2",), ("t2", "t0"), ())[n]) for n in range(3))
    plan = solve(Problem((Slot(),), people, tables, requests))
    assert [m.table for m in plan.meetings] == ["t2", "t0", "t1"]


def test_who_leaves_at_noon_meets_in_the_morning():
    slots = tuple(Slot(day, session) for day in (1, 2) for session in (1, 1, 2, 2))
    leaves = Participant("early", forbidden=frozenset({3, 4, 7, 8}))
    people = (leaves, *(Participant(n) for n in range(6)))
    problem = Problem(slots, people, (Table("t"),), tuple(Request(n, ("early", n)) for n in range(6)))
    plan = solve(problem)
    assert check(problem, plan) == []
    assert (plan.status, plan.objective, sorted(m.slot for m in plan.meetings)) == (Status.OPTIMAL, 4, [1, 2, 5, 6])


@st.composite
def groups(draw, goal):
    """Two to six people a meeting."""
    people, total = draw(st.integers(4, 7)), draw(st.integers(2, 4))
    slots = st.frozensets(st.integers(1, total), max_size=1)
    requests = tuple(
        Request(n, tuple(draw(st.permutations(range(people)))[: draw(st.integers(2, min(6, people)))]), draw(st.integers(1, 5)))
        for n in range(draw(st.integers(1, 4)))
    )
    participants = tuple(Participant(p, draw(slots), draw(st.sampled_from([None, 2]))) for p in range(people))
    tables = tuple(Table(n) for n in range(draw(st.integers(1, 3))))
    return Problem(
        tuple(Slot() for _ in range(total)), participants, tables, requests, goal, breaks_over_forbidden=draw(st.booleans())
    )


@pytest.mark.parametrize("goal", Goal)
def test_groups_meet_as_the_oracle_finds(goal):
    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(groups(goal))
    def tried(problem):
        plan, wanted = solve(problem, limit=300), best(problem)
        assert check(problem, plan) == []
        assert plan.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
        if wanted is not None:
            assert plan.objective == wanted[0 if goal is Goal.WEIGHT else 1]

    tried()


def test_a_market_with_groups_and_online_meetings_runs_on_the_fast_path():
    plain = market(120, 600)
    night = frozenset(s for s in range(1, 46) if s % 15 in (0, 1, 2))
    people = tuple(replace(p, asleep=night) if p.id % 5 == 0 else p for p in plain.participants)
    requests = tuple(
        replace(r, online=n % 4 == 0, tables=None if n % 4 == 0 else r.tables)
        if n % 7
        else replace(r, participants=(*r.participants, *(p for p in (n % 60, 60 + n % 50) if p not in r.participants)))
        for n, r in enumerate(plain.requests)
    )
    problem = replace(plain, participants=people, requests=requests)
    plan = solve(problem, limit=600)
    assert check(problem, plan) == []
    assert plan.objective >= 0.97 * plan.bound
    assert {m.table for m in plan.meetings if problem.requests[int(str(m.id)[1:])].online} == {None}
