"""Why a meeting stands where it stands and why a person has a gap: compared with trying every place by the referee."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from kernels.timetable.lives import lives
from kernels.timetable.problems import tiny_problems

from madang.kernels.timetable import (
    Choice,
    Filler,
    Goal,
    Meeting,
    Participant,
    Plan,
    Problem,
    Request,
    Side,
    Slot,
    Status,
    Table,
    breaks,
    check,
    clashes,
    free_places,
    sides,
    solve,
    why,
    why_gap,
)

thorough = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))


def without(plan, request):
    return replace(plan, meetings=tuple(m for m in plan.meetings if m.id != request))


def alone(problem, row, slot):
    """Whether the request could start there with the venue to itself."""
    empty = Plan(Status.FEASIBLE, None, None, 0)
    return slot in {s for s, _ in free_places(replace(problem, ways=(), pauses=()), empty, row.id)}


@thorough
@given(tiny_problems(Goal.WEIGHT))
def test_a_place_is_explained_as_trying_every_other_shows(problem):
    problem = replace(problem, homogeneity=None)
    plan = solve(problem, limit=300)
    for meeting in plan.meetings:
        row = next(r for r in problem.requests if r.id == meeting.id)
        found = why(problem, plan, meeting.id)
        rest = without(plan, meeting.id)
        free = {s for s, _ in free_places(problem, plan, meeting.id)}
        here = sum(breaks(problem, plan).values())
        moved = {
            s: sum(breaks(problem, replace(rest, meetings=(*rest.meetings, Meeting(row.id, s)))).values()) - here for s in free
        }
        uncapped = replace(problem, participants=tuple(replace(p, max_per_day=None) for p in problem.participants))
        open_slots = [s for s in range(1, len(problem.slots) + 1) if alone(uncapped, row, s)]
        assert [c.slot for c in found.others] == [s for s in open_slots if s != meeting.slot]
        assert {c.slot: c.breaks for c in found.others if not c.obstacles} == {s: moved[s] for s in free - {meeting.slot}}
        assert found.code == expected(row, found.others, [moved[s] for s in free - {meeting.slot}])


def expected(row, others, moved):
    if row.fixed_slot is not None:
        return "fixed"
    if not others:
        return "only_common_slot"
    if not moved:
        return "only_free_slot"
    return "fewest_breaks" if min(moved) > 0 else "one_of_several"


@thorough
@given(lives(Goal.WEIGHT))
def test_free_places_of_real_life_are_free_for_reasons_too(problem):
    problem = replace(problem, homogeneity=None)
    plan = solve(problem, limit=300)
    if check(problem, replace(plan, status=Status.FEASIBLE, objective=None, bound=None, breaks=None, short=None)):
        return
    for meeting in plan.meetings:
        free = {s for s, _ in free_places(problem, plan, meeting.id)}
        found = why(problem, plan, meeting.id)
        assert {c.slot for c in found.others if not c.obstacles} == free - {meeting.slot}


@thorough
@given(tiny_problems(Goal.WEIGHT))
def test_a_gap_is_explained_as_trying_every_request_shows(problem):
    problem = replace(problem, homogeneity=None)
    plan = solve(problem, limit=300)
    placed = {m.id: m.slot for m in plan.meetings}
    for person in problem.participants:
        for slot in range(1, len(problem.slots) + 1):
            gap = why_gap(problem, plan, person.id, slot)
            hers = [r for r in problem.requests if person.id in r.participants]
            if any(placed.get(r.id) == slot for r in hers):
                assert gap.code == "in_meeting"
            elif slot in person.forbidden:
                assert gap.code == "away"
            else:
                could = [r.id for r in hers if slot in {s for s, _ in free_places(problem, plan, r.id)}]
                assert [f.request for f in gap.fillers if not f.obstacles] == could
                assert [(f.request, f.slot) for f in gap.fillers] == [(r.id, placed.get(r.id)) for r in hers]
                codes = {(): "nobody_asked"} if not hers else {(): "nobody_can"}
                assert gap.code == codes.get(tuple(could), "could_be_filled")


SLOTS = (Slot(), Slot(), Slot(), Slot(day=2))
PEOPLE = (
    Participant("ann", frozenset({4})),
    Participant("bo", frozenset({1})),
    Participant("cy", max_per_day=1),
    Participant("di"),
)


def example():
    """ann meets bo in slot 2 and di in slot 3; cy meets di in slot 1 and takes one meeting a day; one table."""
    requests = (
        Request("ab", ("ann", "bo"), 5),
        Request("ad", ("ann", "di"), 2),
        Request("cd", ("cy", "di"), 3),
        Request("ac", ("ann", "cy"), 3),
    )
    problem = Problem(SLOTS, PEOPLE, (Table("t"),), requests)
    return problem, Plan(Status.FEASIBLE, None, None, 0, (Meeting("ab", 2, "t"), Meeting("ad", 3, "t"), Meeting("cd", 1, "t")))


def test_a_place_by_example():
    problem, plan = example()
    assert check(problem, plan) == []
    found = why(problem, plan, "ab")
    assert (found.slot, found.table, found.code) == (2, "t", "only_free_slot")
    assert found.others == (Choice(3, (("busy", ("ad",)), ("table_full", ()))),)


def test_two_sides_by_example():
    problem, plan = example()
    assert sides(problem, plan, "ac") == (
        Side("ann", (4,), ((2, "ab", "stronger"), (3, "ad", "weaker")), (), (1,)),
        Side("cy", (), ((1, "cd", "equal"),), (1,), (4,)),
    )


def test_a_gap_by_example():
    problem, plan = example()
    gap = why_gap(problem, plan, "ann", 1)
    assert gap.code == "nobody_can"
    assert gap.fillers == (
        Filler("ab", 2, (("away", ("bo",)), ("table_full", ()))),
        Filler("ad", 3, (("busy", ("cd",)), ("table_full", ()))),
        Filler("ac", None, (("busy", ("cd",)), ("day_cap", ("cy",)), ("table_full", ()))),
    )
    assert why_gap(problem, plan, "bo", 3).fillers == (Filler("ab", 2, (("busy", ("ad",)), ("table_full", ()))),)


def test_strangers_are_refused():
    problem, plan = example()
    with pytest.raises(KeyError):
        why(problem, plan, "nobody")
    with pytest.raises(ValueError, match="not placed"):
        why(problem, plan, "ac")
    with pytest.raises(KeyError):
        why_gap(problem, plan, "nobody", 1)
    assert clashes(problem, plan, "ac", 9) != []
