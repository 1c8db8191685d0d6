"""Problems of real life against an oracle that tries every timetable: each field by itself, and all together."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernels.timetable.lives import FIELDS, allowed, best, busy_market, lives, meeting, single

from madang.kernels.timetable import (
    Aims,
    Goal,
    Meeting,
    Participant,
    Plan,
    Problem,
    Request,
    Slot,
    Status,
    breaks,
    check,
    solve,
)
from madang.kernels.timetable.life import run
from madang.kernels.timetable.life.arrays import LACK, OVER
from madang.kernels.timetable.life.rows import rows_of
from madang.kernels.timetable.life.search import Search
from madang.kernels.timetable.life.tables import seat
from madang.kernels.timetable.life.tally import breaks_by_line, lack


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("fields", [*((f,) for f in FIELDS), FIELDS], ids=lambda fields: fields[0] if len(fields) == 1 else "all")
def test_the_timetable_is_as_good_as_the_oracle_finds(goal, fields):
    @settings(deadline=None, max_examples=30 if len(fields) == 1 else 120, suppress_health_check=list(HealthCheck))
    @given(lives(goal, fields))
    def tried(problem):
        plan, wanted = solve(problem, limit=300), best(problem)
        assert check(problem, plan) == []
        assert plan.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
        if wanted is not None and goal is Goal.BREAKS:
            assert (plan.objective, plan.bound, plan.breaks) == (wanted[2],) * 3
        if wanted is not None and goal is Goal.WEIGHT:
            assert (plan.short or 0, plan.objective, plan.breaks) == wanted
            assert plan.bound == wanted[1]

    tried()


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(lives(Goal.WEIGHT), st.sampled_from([0.5, 2.0, 9.0]))
def test_a_break_costs_what_the_organiser_says(problem, price):
    plan, wanted = solve(problem, limit=300, aims=Aims(break_price=price)), best(problem, price)
    assert check(problem, plan) == []
    assert (plan.status is Status.INFEASIBLE) == (wanted is None)
    if wanted is not None:
        assert (plan.short or 0, plan.objective - price * plan.breaks) == (wanted[0], wanted[1] - price * wanted[2])
        assert plan.bound == best(problem)[1]


@pytest.mark.parametrize("goal", Goal)
def test_the_search_never_claims_more_than_the_oracle(goal):
    @settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
    @given(lives(goal))
    def tried(problem):
        problem = replace(problem, homogeneity=None)
        plan, wanted = solve(problem, limit=300), best(problem)
        assert check(problem, plan) == []
        if wanted is None:
            assert plan.status is Status.INFEASIBLE
        elif goal is Goal.WEIGHT:
            assert (plan.short or 0, -plan.objective) >= (wanted[0], -wanted[1])
            assert plan.bound >= wanted[1]
            assert plan.status is not Status.OPTIMAL or plan.objective == wanted[1]
        elif plan.meetings:
            assert plan.bound <= wanted[2] <= plan.objective

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "SMALL", -1)
        patch.setattr(run, "MIDDLE", -1)
        patch.setattr(run, "CHUNK", 2_000)
        tried()


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(lives(Goal.WEIGHT), st.data())
def test_the_referee_agrees_with_the_oracle_on_any_plan(problem, data):
    """A plan of random meetings, each possible by itself: the referee finds nothing exactly where the oracle lets them stand."""
    chosen = [data.draw(st.sampled_from([None, *single(problem, r)[:60]])) for r in problem.requests]
    plan = Plan(Status.FEASIBLE, None, None, 0.0, tuple(meeting(problem, c) for c in chosen if c))
    found = {v.rule for v in check(problem, plan)} - {"not_placed", "homogeneity"}
    assert (not found) == allowed(problem, [c for c in chosen if c])


def test_a_market_of_real_life_gets_a_good_plan_again_and_again():
    problem = busy_market(80, 400)
    plan = solve(problem, seed=3, limit=600)
    assert check(problem, plan) == []
    assert plan.objective >= 0.985 * plan.bound
    assert plan.short == 0
    assert {m.id for m in plan.meetings if m.delegates} == {
        r.id for r in problem.requests if r.teams and r.id in {m.id for m in plan.meetings}
    }
    assert solve(problem, seed=3, limit=600).meetings == plan.meetings


def test_the_dials_are_heard_where_meetings_are_of_real_life():
    """Fewer breaks over the most a person should have, and shares more alike, than without the dial, with few tables."""
    crowded = busy_market(60, 300)
    problem = replace(crowded, tables=crowded.tables[:2], requests=tuple(r for r in crowded.requests if r.tables is None))
    rows, plans = rows_of(problem), []
    for aims in (Aims(), Aims(most_breaks=0), Aims(spread_price=400.0)):
        search = Search(problem, rows, 3, aims)
        search.fill()
        search.anneal(30_000, 5.0, 0.2, big=40.0, floor=20.0, price=0.05, chains=0.5)
        plans.append(Plan(Status.FEASIBLE, None, None, 0.0, seat(problem, rows, search.held())))
    plain, calm, fair = plans
    assert [check(problem, plan) for plan in plans] == [[], [], []]
    assert too_many(problem, calm, 0) < too_many(problem, plain, 0)
    assert lacking(problem, fair) < lacking(problem, plain)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(lives(Goal.WEIGHT))
def test_a_timetable_by_the_dials_is_never_worse_by_them(problem):
    problem = replace(problem, homogeneity=None, floor=0, breaks_over_forbidden=False)
    plain, dialled = solve(problem, limit=300), solve(problem, limit=300, aims=Aims(most_breaks=0, spread_price=2.0))
    assert check(problem, dialled) == []
    if plain.meetings:
        assert judged(problem, dialled) >= judged(problem, plain) - 1e-6


def judged(problem: Problem, plan: Plan) -> float:
    dear = max(r.weight for r in problem.requests)
    return plan.objective - dear * too_many(problem, plan, 0) - 2.0 * lacking(problem, plan)


def too_many(problem: Problem, plan: Plan, most: int) -> int:
    """Breaks beyond the most of each person on each day, counted by the referee's rules day by day."""
    days = {slot.day for slot in problem.slots}
    held = {day: [m for m in plan.meetings if problem.slots[m.slot - 1].day == day] for day in days}
    counts = [n for day in days for n in breaks(problem, replace(plan, meetings=tuple(held[day]))).values()]
    return sum(max(0, n - most) for n in counts)


def lacking(problem: Problem, plan: Plan) -> float:
    placed = {m.id for m in plan.meetings}
    shares = []
    for person in problem.participants:
        hers = [r for r in problem.requests if person.id in r.participants]
        asked = sum(r.weight for r in hers)
        shares += [1 - sum(r.weight for r in hers if r.id in placed) / asked] if asked else []
    return sum(share**2 for share in shares)


def test_what_the_search_counts_while_it_goes_is_what_is_there_at_the_end():
    problem = busy_market(40, 200)
    rows = rows_of(problem)
    search = Search(problem, rows, 1, Aims(most_breaks=1, spread_price=50.0))
    search.fill()
    search.anneal(20_000, 5.0, 0.5, big=40.0, floor=20.0, price=0.1, chains=0.5)
    search.restart()
    held, state = search.held(), search.state
    lines = breaks_by_line(rows, held)
    assert state.torn.tolist() == lines
    assert int(state.totals[OVER]) == sum(max(0, n - 1) for line in lines for n in line)
    assert float(state.fair[LACK]) == pytest.approx(lack(problem, rows, held))


def test_a_wish_to_stop_is_heard_and_the_best_is_kept():
    problem, calls = busy_market(200, 3_000), []

    def stop_when_there_is_something(progress):
        calls.append(progress)
        return "stop" if progress.placed else None

    plan = solve(problem, limit=600, progress=stop_when_there_is_something)
    assert plan.status is Status.FEASIBLE
    assert len(plan.meetings) >= calls[-1].placed > 500
    assert check(problem, plan) == []


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("slots", [(), (Slot(),)])
def test_an_event_without_requests_has_an_empty_timetable(goal, slots):
    plan = solve(Problem(slots, (Participant(1, max_in_row=1),), (), (), goal, floor=1))
    assert (plan.status, plan.objective, plan.meetings) == (Status.OPTIMAL, 0, ())


def test_what_is_too_long_for_every_session_cannot_be():
    people = (Participant(1), Participant(2))
    requests = (Request("r", (1, 2), tables=(), length=3, required=True),)
    problem = Problem((Slot(1, 1), Slot(1, 1), Slot(1, 2)), people, (), requests)
    assert solve(problem).status is Status.INFEASIBLE
    assert solve(replace(problem, slots=(Slot(1, 1),) * 3)).status is Status.OPTIMAL


def test_two_of_a_company_are_not_both_taken_by_its_meeting():
    """Ann or Bo must see the ministry; the one who does not is free for her own meeting at the same time."""
    people = tuple(Participant(p) for p in ("ann", "bo", "minister", "guest"))
    requests = (
        Request("ministry", ("minister",), 5, fixed_slot=1, tables=(), teams=(("ann", "bo"),)),
        Request("own", ("ann", "guest"), 3, fixed_slot=1, tables=()),
    )
    plan = solve(Problem((Slot(),), people, (), requests))
    assert (plan.status, plan.meetings) == (Status.OPTIMAL, (Meeting("ministry", 1, None, ("bo",)), Meeting("own", 1)))


@pytest.mark.parametrize("goal", Goal)
def test_what_the_search_found_is_polished_to_the_best(goal):
    @settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
    @given(lives(goal))
    def tried(problem):
        plan, wanted = solve(problem, limit=300), best(problem)
        assert check(problem, plan) == []
        assert plan.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
        if wanted is not None:
            assert plan.objective == (wanted[2] if goal is Goal.BREAKS else wanted[1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "SMALL", -1)
        patch.setattr(run, "CHUNK", 2_000)
        tried()
