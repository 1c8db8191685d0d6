"""Remedies against trying every one and two changes of tiny problems."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.lives import lives
from kernels.timetable.problems import tiny_problems
from kernels.timetable.test_explain_why import example

from madang.kernels.timetable import (
    Goal,
    Meeting,
    Plan,
    Problem,
    ProblemError,
    Request,
    Status,
    Table,
    check,
    free_places,
    remedies,
    solve,
)

thorough = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def actions(problem: Problem, plan: Plan):
    """Every single change, as a function of (problem, plan); moves say which request they are of."""
    slots = range(1, len(problem.slots) + 1)
    rows = {r.id: r for r in problem.requests}
    for person in problem.participants:
        for slot in person.forbidden:
            yield ("person", person.id, slot), lambda p, q, i=person.id, s=slot: (_person(p, i, s), q)
        if person.max_per_day is not None:
            yield ("cap", person.id), lambda p, q, i=person.id: (_cap(p, i), q)
    for table in problem.tables:
        for slot in table.closed:
            yield ("table", table.id, slot), lambda p, q, i=table.id, s=slot: (_open(p, i, s), q)
    for slot in slots:
        extra = Table(f"more-{slot}", closed=frozenset(slots) - {slot})
        yield ("extra", slot), lambda p, q, t=extra: (replace(p, tables=(*p.tables, t)), q)
        twin = replace(extra, id=f"more still-{slot}")
        yield ("extra again", slot), lambda p, q, t=twin: (replace(p, tables=(*p.tables, t)), q)
    for meeting in plan.meetings:
        if not rows[meeting.id].required and rows[meeting.id].fixed_slot is None:
            yield ("meeting", meeting.id), lambda p, q, i=meeting.id: (p, _without(q, i))
        names = (None, *(t.id for t in problem.tables), *(f"more-{s}" for s in slots))
        for slot in slots:
            for table in names:
                moved = Meeting(meeting.id, slot, table)
                yield ("meeting", meeting.id), lambda p, q, m=moved: (p, _with(q, m))


def _person(problem, person, slot):
    return replace(
        problem,
        participants=tuple(replace(p, forbidden=p.forbidden - {slot}) if p.id == person else p for p in problem.participants),
    )


def _cap(problem, person):
    more = (replace(p, max_per_day=p.max_per_day + 1) if p.id == person else p for p in problem.participants)
    return replace(problem, participants=tuple(more))


def _open(problem, table, slot):
    return replace(problem, tables=tuple(replace(t, closed=t.closed - {slot}) if t.id == table else t for t in problem.tables))


def _without(plan, request):
    return replace(plan, meetings=tuple(m for m in plan.meetings if m.id != request))


def _with(plan, meeting):
    return replace(plan, meetings=(*_without(plan, meeting.id).meetings, meeting))


def smallest(problem: Problem, plan: Plan, request) -> int | None:
    """The least number of changes after which there is a free place, up to 2; None where more are needed."""
    every = list(actions(problem, plan))
    for size in range(3):
        for chosen in combinations(every, size):
            if size == 2 and chosen[0][0] == chosen[1][0] and chosen[0][0][0] == "meeting":
                continue
            state, now = problem, plan
            for _, change in chosen:
                state, now = change(state, now)
            others = replace(state, requests=tuple(replace(r, required=r.required and r.id != request) for r in state.requests))
            if free_places(state, now, request) and not check(others, now):
                return size
    return None


def bare(meetings) -> Plan:
    return Plan(Status.FEASIBLE, None, None, 0.0, tuple(meetings))


@thorough
@given(tiny_problems(Goal.WEIGHT))
def test_there_is_no_smaller_remedy(problem):
    problem = replace(problem, homogeneity=None, requests=tuple(replace(r, required=False) for r in problem.requests))
    plan = bare(solve(problem, limit=300).meetings)
    placed = {m.id for m in plan.meetings}
    for row in problem.requests if check(problem, plan) == [] else ():
        if row.id not in placed:
            found = remedies(problem, plan, row.id, limit=300, most=5)
            assert {r.size for r in found} == {smallest(problem, plan, row.id)} - {None}
            for remedy in found:
                assert_true(problem, plan, row, remedy)


def assert_true(problem: Problem, plan: Plan, row: Request, remedy):
    """The referee finds the plan clean in the changed state, and nothing changed but what the steps say."""
    assert check(remedy.problem, remedy.plan) == []
    was, now = {m.id: m for m in plan.meetings}, {m.id: m for m in remedy.plan.meetings}
    assert now[row.id] == remedy.meeting
    changes = {s.change.request: (s.change.before, s.change.after) for s in remedy.steps if s.change}
    differing = {i: (was.get(i), now.get(i)) for i in was.keys() | now.keys() if was.get(i) != now.get(i) and i != row.id}
    assert differing == changes
    assert len(remedy.steps) == remedy.size
    if all(s.change for s in remedy.steps):
        assert remedy.problem == problem


@thorough
@given(lives(Goal.WEIGHT))
def test_remedies_of_real_life_break_nothing(problem):
    problem = replace(problem, homogeneity=None)
    plan = bare(solve(problem, limit=300).meetings[::2])
    if check(problem, plan) == []:
        placed = {m.id for m in plan.meetings}
        for row in problem.requests:
            if row.id not in placed:
                found = remedies(problem, plan, row.id, limit=300)
                assert (0 in {r.size for r in found}) == bool(free_places(problem, plan, row.id))
                for remedy in found:
                    assert_true(problem, plan, row, remedy)


def test_remedies_by_example():
    problem, plan = example()
    found = remedies(problem, plan, "ac", most=9)
    assert [(r.size, sorted((s.kind, s.ids) for s in r.steps)) for r in found] == [
        (1, [("move_meeting", ("cd",))]),
        (1, [("be_available", ("ann", 4))]),
        (1, [("drop_meeting", ("cd",))]),
    ]
    assert [r.meeting for r in found] == [Meeting("ac", 1, "t"), Meeting("ac", 4, "t"), Meeting("ac", 1, "t")]
    assert (found[0].steps[0].change.before, found[0].steps[0].change.after) == (Meeting("cd", 1, "t"), Meeting("cd", 4, "t"))
    late = remedies(problem, plan, "ac", since=4, most=9)
    assert [[(s.kind, s.ids) for s in r.steps] for r in late] == [[("be_available", ("ann", 4))]]


def test_who_asks_wrongly_is_told():
    problem, plan = example()
    with pytest.raises(KeyError):
        remedies(problem, plan, "nobody")
    with pytest.raises(ValueError, match="is placed"):
        remedies(problem, plan, "ab")
    with pytest.raises(ProblemError, match="homogeneity"):
        remedies(replace(problem, homogeneity=1), plan, "ac")
