"""Markets: dials against brute force, seeds, limits, cancelling, and the names of what there is too little of."""

import threading
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernels.timetable.oracle import best, every
from kernels.timetable.problems import market, tiny_problems

from madang.kernels.timetable import (
    Aims,
    Goal,
    Participant,
    Problem,
    Request,
    Slot,
    Status,
    Table,
    breaks,
    check,
    fairness,
    most_weight,
    price_list,
    solve,
    tight,
    usual_settings,
)

relaxed = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def short_search():
    """A twentieth of the steps: enough for markets of a hundred people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(most_weight, "AGAIN", 0)
        patch.setattr(most_weight, "CLOSING_EFFORT", 1.0)
        for phase in ("FOR_WEIGHT", "FOR_BREAKS"):
            patch.setattr(most_weight, phase, getattr(most_weight, phase)._replace(steps=120_000, steps_each=0))
        yield


@relaxed
@given(tiny_problems(Goal.WEIGHT), st.sampled_from([0.5, 1.0, 2.5]))
def test_weight_less_the_price_of_breaks_is_what_the_oracle_finds(problem, price):
    plan, wanted = solve(problem, limit=300, aims=Aims(break_price=price)), list(every(problem))
    assert check(problem, plan) == []
    if not wanted:
        assert plan.status is Status.INFEASIBLE
    else:
        assert plan.objective - price * plan.breaks == max(weight - price * count for weight, count in wanted)
        assert plan.bound == best(problem)[0]
        assert (plan.status is Status.OPTIMAL) == (plan.objective == plan.bound)


def test_a_plan_has_the_same_meetings_for_the_same_seed_with_two_threads_at_work():
    problem = market(120, 600)
    plans = [solve(problem, seed=seed, limit=600) for seed in (7, 7, 8)]
    assert plans[0].meetings == plans[1].meetings
    assert plans[0].meetings != plans[2].meetings
    assert [check(problem, p) for p in plans] == [[], [], []]


def test_a_cancelled_run_leaves_no_thread_behind():
    problem, before = market(120, 1_200), set(threading.enumerate())
    plan = solve(problem, limit=600, progress=lambda p: p.bound is not None)
    assert check(problem, plan) == []
    assert set(threading.enumerate()) == before


def test_an_exception_in_progress_ends_the_run_and_its_threads():
    before = set(threading.enumerate())

    def fail(seen):
        if seen.bound is not None:
            raise RuntimeError("the page is gone")

    with pytest.raises(RuntimeError, match="the page is gone"):
        solve(market(120, 1_200), limit=600, progress=fail)
    assert set(threading.enumerate()) == before


def test_a_first_timetable_and_then_its_bound_are_shown_before_the_search_ends():
    seen = []
    plan = solve(market(200, 3_000), limit=600, progress=lambda p: seen.append(p) or (len(seen) > 40))
    shown = [p for p in seen if p.objective is not None]
    assert shown[0].objective <= shown[-1].objective <= plan.objective
    assert plan.bound == shown[-1].bound


def test_a_short_limit_is_kept():
    started = time.monotonic()
    plan = solve(market(120, 900), limit=2)
    assert plan.status is Status.FEASIBLE
    assert time.monotonic() - started < 120


def test_a_price_on_breaks_and_a_limit_of_them_leave_fewer():
    problem = market(120, 900)
    plain = solve(problem, limit=600)
    priced = solve(problem, limit=600, aims=Aims(break_price=20.0))
    assert check(problem, priced) == []
    assert priced.breaks < plain.breaks
    assert priced.objective - 20 * priced.breaks > plain.objective - 20 * plain.breaks
    calm = solve(problem, limit=600, aims=Aims(most_breaks=0))
    assert check(problem, calm) == []
    assert sum(breaks(problem, calm).values()) < plain.breaks


def test_a_price_on_spread_makes_shares_more_alike():
    problem = market(120, 900)
    plain, fair = solve(problem, limit=600), solve(problem, limit=600, aims=Aims(spread_price=300.0))
    assert check(problem, fair) == []
    assert fairness(problem, fair) > fairness(problem, plain)


def test_the_price_list_has_a_line_for_each_setting_and_says_what_its_plan_is():
    problem = market(60, 200)
    rows = price_list(problem, limit=8)
    assert [r.name for r in rows] == list(usual_settings(problem))
    weights = {r.id: r.weight for r in problem.requests}
    for row in rows:
        assert check(problem, row.plan) == []
        assert row.weight == sum(weights[m.id] for m in row.plan.meetings)
        assert (row.placed, row.breaks) == (len(row.plan.meetings), row.plan.breaks)
        assert 0 < row.fairness <= 1


def hub(slots: int = 2, cap: int | None = None, tables: int = 9) -> Problem:
    """One person whom four others want, with weights 4, 3, 2, 1."""
    people = (Participant("hub", max_per_day=cap), *(Participant(n) for n in range(4)))
    rows = tuple(Request(f"r{n}", ("hub", n), 4 - n) for n in range(4))
    return Problem(tuple(Slot() for _ in range(slots)), people, tuple(Table(n) for n in range(tables)), rows)


@pytest.mark.parametrize(
    ("problem", "kind", "who"),
    [(hub(), "person", "hub"), (hub(slots=4, cap=2), "day_cap", "hub")],
)
def test_the_person_who_has_no_time_is_named_with_what_one_slot_more_would_add(problem, kind, who):
    found = tight(problem, solve(problem))
    assert [(t.kind, t.id, t.unplaced) for t in found] == [(kind, who, ("r2", "r3"))]
    assert 2 <= found[0].worth <= 3


def test_tables_are_named_where_there_are_too_few():
    people = tuple(Participant(n) for n in range(6))
    rows = tuple(Request(f"r{n}", (n, n + 3), n + 1) for n in range(3))
    problem = Problem((Slot(),), people, (Table("t"),), rows)
    found = tight(problem, solve(problem))
    assert [(t.kind, t.id, t.unplaced) for t in found] == [("tables", None, ("r0", "r1")), ("slot", 1, ("r0", "r1"))]
    assert 2 <= found[0].worth <= 3


def test_nothing_is_tight_where_everything_is_placed():
    problem = hub(slots=4)
    assert tight(problem, solve(problem)) == ()
    assert solve(replace(problem, slots=())).meetings == ()
