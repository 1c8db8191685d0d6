"""Repair against trying everything on tiny problems, by example, and at the size of a market."""

from hypothesis import HealthCheck, given, settings
from kernels.timetable.lives import lives
from kernels.timetable.problems import tiny_problems
from kernels.timetable.repairs import changed_states, least

from madang.kernels.timetable import (
    Goal,
    Status,
    check_since,
    repair,
)

thorough = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@thorough
@given(changed_states())
def test_no_repair_costs_less(case):
    problem, plan, since, locked = case
    found = repair(problem, plan, since=since, locked=locked, limit=300)
    assert (found.cost, found.bound, found.plan.status) == (
        least(problem, plan, since, locked),
        found.cost,
        Status.OPTIMAL,
    )
    wrong = check_since(problem, found.plan, since)
    assert [v.ids[0] for v in wrong if v.rule == "not_placed"] == list(found.missed)
    assert [v for v in wrong if v.rule != "not_placed"] == []
    assert_listed(problem, plan, since, found)


def assert_listed(problem, plan, since, found):
    """The changes are exactly the differences, and the past stands."""
    was, now = {m.id: m for m in plan.meetings}, {m.id: m for m in found.plan.meetings}
    assert {c.request: (c.before, c.after) for c in found.changes} == {
        i: (was.get(i), now.get(i)) for i in was.keys() | now.keys() if was.get(i) != now.get(i)
    }
    assert [m for m in found.plan.meetings if m.slot < since] == [m for m in plan.meetings if m.slot < since]
    people = {r.id: set(r.participants) for r in problem.requests}
    assert [set(c.people) for c in found.changes] == [people.get(c.request, set()) for c in found.changes]
    assert set(found.touched) == {p for c in found.changes for p in c.people}


@thorough
@given(changed_states(tiny_problems(Goal.BREAKS)))
def test_where_all_must_be_placed_no_repair_costs_less(case):
    problem, plan, since, locked = case
    found = repair(problem, plan, since=since, locked=locked, limit=300)
    assert (found.cost, found.bound) == (least(problem, plan, since, locked), found.cost)
    assert_listed(problem, plan, since, found)


@thorough
@given(changed_states(lives(Goal.WEIGHT)))
def test_in_real_life_every_rule_holds_and_the_bound_is_true(case):
    problem, plan, since, locked = case
    found = repair(problem, plan, since=since, locked=locked, limit=300)
    cheapest = least(problem, plan, since, locked)
    assert found.cost >= cheapest
    assert found.bound <= cheapest
    assert (found.plan.status is Status.OPTIMAL) == (found.cost == found.bound)
    wrong = check_since(problem, found.plan, since)
    assert [v.ids[0] for v in wrong if v.rule == "not_placed"] == list(found.missed)
    assert [v for v in wrong if v.rule != "not_placed"] == []
