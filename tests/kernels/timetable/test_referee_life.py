"""The referee and the rules of real life: a clean plan is spoilt in one way at a time, and the other claims are tried."""

from dataclasses import replace

import pytest

from madang.kernels.timetable import (
    Meeting,
    Participant,
    Pause,
    Plan,
    Problem,
    ProblemError,
    Request,
    Slot,
    Status,
    Table,
    Way,
    breaks,
    check,
    faults,
    plan_from_json,
    plan_to_json,
    read_json,
    write_json,
)

# day 1: slots 1 to 8, sessions 1 (1 to 4) and 2 (5 to 8); day 2: slots 9 and 10; lunch in 4 and 5
PROBLEM = Problem(
    slots=(*(Slot(1, 1 if s <= 4 else 2) for s in range(1, 9)), Slot(2, 1), Slot(2, 1)),
    participants=(
        Participant("ann", forbidden=frozenset({7})),
        Participant("bo", max_in_row=2),
        Participant("cy", asleep=frozenset({9})),
        Participant("di"),
        Participant("ed", forbidden=frozenset({5})),
    ),
    tables=(Table("east", hall="E"), Table("west", hall="W"), Table("booth", shared=False, hall="W", closed=frozenset({8}))),
    requests=(
        Request("long", ("ann", "bo"), 5, length=2),
        Request("team", ("ann",), 4, teams=(("cy", "di"), ("di", "ed"))),
        Request("online", ("bo", "cy"), 3, online=True),
        Request("booth", ("bo", "di"), 2, tables=("booth",), length=2, prefers=("booth",)),
        Request("late", ("ann", "ed"), 2, after=("long",)),
        Request("short", ("bo", "ed"), 1),
    ),
    pauses=(Pause(frozenset({4, 5}), 1),),
    ways=(Way(("E", "W"), 1),),
    floor=2,
)
CLEAN = Plan(
    Status.FEASIBLE,
    17,
    None,
    0.1,
    (
        Meeting("long", 1, "east"),
        Meeting("team", 6, "west", ("cy", "ed")),
        Meeting("online", 10),
        Meeting("booth", 6, "booth"),
        Meeting("late", 4, "east"),
        Meeting("short", 8, "west"),
    ),
    short=0,
)


def moved(request, slot, table=None, delegates=()):
    return tuple(Meeting(request, slot, table, delegates) if m.id == request else m for m in CLEAN.meetings)


def rules(meetings):
    return {v.rule for v in check(PROBLEM, replace(CLEAN, meetings=meetings))}


def test_the_clean_plan_is_clean():
    assert check(PROBLEM, CLEAN) == []


SPOILT = {
    "a meeting that leaves its session": ("length", moved("long", 4, "east")),
    "a meeting that leaves its day": ("length", moved("booth", 8, "booth")),
    "a meeting that leaves the event": ("length", moved("long", 10, "east")),
    "somebody away in a later slot": ("forbidden", moved("long", 6, "east")),
    "a table that closes too early": ("table_closed", moved("booth", 7, "booth")),
    "a person who is still in a long meeting": ("double_booked", moved("short", 7, "east")),
    "a table that is still taken": ("table_twice", moved("late", 2, "east")),
    "before the end of the long one": ("after", moved("late", 2, "west")),
    "nobody sent": ("delegates", moved("team", 6, "west")),
    "somebody of another team sent": ("delegates", moved("team", 6, "west", ("ed", "di"))),
    "somebody sent by two teams": ("delegates", moved("team", 6, "west", ("di", "di"))),
    "a stranger sent": ("delegates", moved("team", 6, "west", ("cy", "zoe"))),
    "a delegate who is elsewhere": ("double_booked", moved("team", 4, "west", ("cy", "ed"))),
    "a delegate who is away": ("forbidden", moved("team", 5, "west", ("cy", "ed"))),
    "an online meeting in the night": ("asleep", moved("online", 9)),
    "an online meeting at a table": ("table_not_allowed", moved("online", 10, "east")),
    "no time to go": ("travel", moved("late", 5, "east")),
    "no time to eat": ("pause", moved("team", 5, "west", ("cy", "ed"))),
    "no rest": ("rest", moved("online", 5)),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_plan_is_found_out(name):
    rule, meetings = SPOILT[name]
    assert rule in rules(meetings)


def test_a_night_is_time_enough_to_go_and_to_rest():
    slots = (Slot(1), Slot(1), Slot(2), Slot(2))
    people = (Participant("ann", max_in_row=2), *(Participant(n) for n in range(4)))
    tables = (Table("east", hall="E"), Table("west", hall="W"))
    requests = tuple(Request(n, ("ann", n)) for n in range(4))
    problem = Problem(slots, people, tables, requests, ways=(Way(("W", "E"), 2),))
    meetings = tuple(Meeting(n, n + 1, "east" if n < 2 else "west") for n in range(4))
    assert check(problem, Plan(Status.FEASIBLE, 4, None, 0, meetings)) == []
    one_day = replace(problem, slots=(Slot(),) * 4)
    found = [(v.rule, v.ids) for v in check(one_day, Plan(Status.FEASIBLE, 4, None, 0, meetings))]
    assert found == [
        ("rest", ("ann", 0, 1, 2)),
        ("travel", ("ann", 0, 2)),
        ("travel", ("ann", 1, 2)),
        ("travel", ("ann", 1, 3)),
    ]


@pytest.mark.parametrize(
    ("floor", "placed", "short"),
    [(0, (), 0), (1, (), 3), (2, (), 4), (9, (), 4), (1, ("xy",), 1), (2, ("xy",), 2), (2, ("xy", "xz"), 0)],
)
def test_the_shortfall_counts_nobody_for_more_than_she_asked(floor, placed, short):
    people = tuple(Participant(p) for p in "xyzq")
    requests = (Request("xy", ("x", "y")), Request("xz", ("x", "z")))
    problem = Problem((Slot(), Slot()), people, (Table("t"),), requests, floor=floor)
    meetings = tuple(Meeting(r, slot, "t") for slot, r in enumerate(placed, start=1))
    for claimed in range(6):
        found = [v.rule for v in check(problem, Plan(Status.FEASIBLE, None, None, 0, meetings, short=claimed))]
        assert found == ([] if claimed == short else ["claimed_short"])


@pytest.mark.parametrize(
    ("starts", "length", "pause", "over_forbidden", "wanted"),
    [
        ((1, 5), 2, (), False, 1),
        ((1, 3), 2, (), False, 0),
        ((1, 5), 2, (3, 4), False, 0),
        ((1, 5), 2, (3,), False, 1),
        ((1, 5), 2, (3, 4), True, 1),
        ((1, 6), 2, (4,), False, 2),
    ],
)
def test_a_break_lies_between_the_end_of_a_meeting_and_the_next(starts, length, pause, over_forbidden, wanted):
    people = (Participant("hub"), *(Participant(n) for n in range(2)))
    requests = tuple(Request(n, ("hub", n), tables=(), length=length) for n in range(2))
    problem = Problem(
        tuple(Slot() for _ in range(8)),
        people,
        (),
        requests,
        breaks_over_forbidden=over_forbidden,
        pauses=(Pause(frozenset(pause), 0),),
    )
    plan = Plan(Status.FEASIBLE, None, None, 0, tuple(Meeting(n, s) for n, s in enumerate(starts)))
    assert breaks(problem, plan) == {"hub": wanted, 0: 0, 1: 0}


def test_a_delegate_has_breaks_as_everybody():
    people = tuple(Participant(p) for p in "abc")
    requests = (Request(1, ("a",), tables=(), teams=(("b", "c"),)), Request(2, ("a", "b"), tables=()))
    problem = Problem((Slot(),) * 3, people, (), requests)
    plan = Plan(Status.FEASIBLE, None, None, 0, (Meeting(1, 1, None, ("b",)), Meeting(2, 3)))
    assert breaks(problem, plan) == {"a": 1, "b": 1, "c": 0}
    sent = replace(plan, meetings=(Meeting(1, 1, None, ("c",)), Meeting(2, 3)))
    assert breaks(problem, sent) == {"a": 1, "b": 0, "c": 0}


def with_one(**fields):
    return (*PROBLEM.participants, Participant("fa", **fields))


SENSELESS = {
    "request 'long': takes less than one slot": {"length": 0},
    "request 'long': is online and names a table": {"online": True, "tables": ("east",)},
    "request 'long': has a team without people": {"teams": ((),)},
    "request 'long': names a person of a team twice": {"teams": (("ed", "ed"),)},
    "request 'long': participant 'zoe' of a team is not known": {"teams": (("zoe",),)},
    "request 'long': prefers table 'nine', which is not known": {"prefers": ("nine",)},
    "request 'long': prefers table 'booth', which it may not use": {"prefers": ("booth",)},
}


@pytest.mark.parametrize("said", SENSELESS)
def test_a_senseless_request_is_a_sentence(said):
    assert faults(replace(PROBLEM, requests=(replace(PROBLEM.requests[0], **SENSELESS[said]),))) == [said]


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("pause 1: has a slot outside 1 to 10", {"pauses": (Pause(frozenset({11})),)}),
        ("pause 1: goes over more than one day", {"pauses": (Pause(frozenset({8, 9})),)}),
        ("pause 1: keeps 3 of 2 slots free", {"pauses": (Pause(frozenset({1, 2}), 3),)}),
        ("hall 'N' of a way is not known: no table stands there", {"ways": (Way(("E", "N")),)}),
        ("a way goes from hall 'E' to itself", {"ways": (Way(("E", "E")),)}),
        ("the way between 'E' and 'W' takes less than no slot", {"ways": (Way(("E", "W"), -1),)}),
        ("the way between 'E' and 'W' is there 2 times", {"ways": (Way(("E", "W")), Way(("W", "E")))}),
        ("the floor of meetings is below 0", {"floor": -1}),
        ("participant 'fa': is asleep in a slot outside 1 to 10", {"participants": with_one(asleep=frozenset({0}))}),
        ("participant 'fa': has a rest before her first meeting in a row", {"participants": with_one(max_in_row=0)}),
    ],
)
def test_a_senseless_problem_is_a_sentence(said, change):
    assert faults(replace(PROBLEM, **change)) == [said]
    assert faults(PROBLEM) == []


def test_problem_and_plan_come_back_from_their_json():
    assert read_json(write_json(PROBLEM)) == PROBLEM
    assert plan_from_json(plan_to_json(CLEAN)) == CLEAN


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (('"teams": [', '"teams": ["x", '), "requests, row 2: teams must be a list of lists"),
        (('"between": [\n    "E",', '"between": ['), "ways, row 1: between must name two halls, not 1"),
        (('"length": 2', '"length": "2"'), "requests, row 1: length must be a whole number, not '2'"),
        (('"online": true', '"online": 1'), "requests, row 3: online must be true or false, not 1"),
    ],
)
def test_bad_json_is_refused_with_a_sentence(spoil, said):
    text = write_json(PROBLEM)
    assert spoil[0] in text
    with pytest.raises(ProblemError) as caught:
        read_json(text.replace(*spoil, 1))
    assert str(caught.value) == said
