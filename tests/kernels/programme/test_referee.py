"""Each rule of the referee, at its edge."""

from dataclasses import replace

import pytest

from madang.kernels.programme import (
    Conflict,
    Guest,
    Hall,
    Item,
    Level,
    Overlap,
    Place,
    Plan,
    Problem,
    Rule,
    Status,
    Way,
    Window,
    check,
    check_move,
    faults,
)

BIG = Hall("big", (Window(600, 1200), Window(2040, 2640)), 300, 15, frozenset({"dcp"}))
SMALL = Hall("small", (Window(600, 1200),), 50)
KIM, LEE = Guest("kim", (Window(600, 900),)), Guest("lee")
FILM, TALK = Item("film", 100), Item("talk", 60)


def festival(film=FILM, talk=TALK, **more):
    return Problem((film, talk), (BIG, SMALL), (KIM, LEE), (Way(("big", "small"), 10),), **more)


def found(problem, *places):
    return check(problem, Plan(tuple(Place(*place) for place in places)))


def alone(rule, guests=(), start=700, amount=0, level=Level.BLOCK):
    return Conflict(rule, level, ("film",), ("big",), guests, start, start + 100, amount)


@pytest.mark.parametrize(
    ("film", "start", "conflicts"),
    [
        (FILM, 600, []),
        (FILM, 1100, []),
        (FILM, 1101, [alone(Rule.CLOSED, start=1101)]),
        (replace(FILM, halls=frozenset({"small"})), 700, [alone(Rule.HALL)]),
        (replace(FILM, features=frozenset({"dcp"})), 700, []),
        (replace(FILM, features=frozenset({"dcp", "stage"})), 700, [alone(Rule.FEATURES, amount=1)]),
        (replace(FILM, audience=300), 700, []),
        (replace(FILM, audience=310), 700, [alone(Rule.SEATS, amount=10, level=Level.WARN)]),
        (replace(FILM, allowed=(Window(700, 800),)), 700, []),
        (replace(FILM, allowed=(Window(700, 799),)), 700, [alone(Rule.WINDOW)]),
        (replace(FILM, forbidden=(Window(800, 900),)), 700, []),
        (replace(FILM, forbidden=(Window(799, 900),)), 700, [alone(Rule.WINDOW)]),
        (replace(FILM, fixed_hall="big", fixed_start=700), 700, []),
        (replace(FILM, fixed_hall="small"), 700, [alone(Rule.FIXED)]),
        (replace(FILM, fixed_start=705), 700, [alone(Rule.FIXED)]),
        (replace(FILM, ready_from=700), 700, []),
        (replace(FILM, ready_from=730), 700, [alone(Rule.NOT_READY, amount=30)]),
        (replace(FILM, guests=("kim", "lee")), 800, []),
        (replace(FILM, guests=("kim", "lee")), 801, [alone(Rule.GUEST_AWAY, ("kim",), 801)]),
    ],
)
def test_what_an_item_breaks_alone(film, start, conflicts):
    assert found(festival(film), ("film", "big", start)) == conflicts


def pair(rule, start, end, amount=0, *, halls=("big",), guests=(), level=Level.BLOCK):
    return Conflict(rule, level, ("film", "talk"), halls, guests, start, end, amount)


BOTH = ("big", "small")
WITH_LEE = {"film": replace(FILM, guests=("lee",)), "talk": replace(TALK, guests=("lee",))}


@pytest.mark.parametrize(
    ("problem", "hall", "start", "conflicts"),
    [
        (festival(), "big", 815, []),
        (festival(), "big", 814, [pair(Rule.CHANGEOVER, 800, 814, 1)]),
        (festival(replace(FILM, clear=10), replace(TALK, setup=8)), "big", 815, [pair(Rule.CHANGEOVER, 800, 815, 3)]),
        (festival(), "big", 790, [pair(Rule.HALL_DOUBLE, 790, 800, 10)]),
        (festival(**WITH_LEE), "small", 810, []),
        (festival(**WITH_LEE), "small", 809, [pair(Rule.TRAVEL, 800, 809, 1, halls=BOTH, guests=("lee",))]),
        (festival(**WITH_LEE), "small", 750, [pair(Rule.GUEST_DOUBLE, 750, 800, 50, halls=BOTH, guests=("lee",))]),
        (festival(talk=replace(TALK, follows=("film",))), "small", 800, []),
        (festival(talk=replace(TALK, follows=("film",))), "small", 799, [pair(Rule.ORDER, 799, 800, halls=BOTH)]),
        (festival(replace(FILM, follows=("talk",))), "small", 800, [pair(Rule.ORDER, 800, 800, halls=BOTH)]),
        (festival(replace(FILM, leads="talk")), "big", 810, []),
        (festival(replace(FILM, leads="talk")), "big", 811, [pair(Rule.LEAD, 800, 811, 11)]),
        (festival(replace(FILM, leads="talk")), "small", 800, [pair(Rule.LEAD, 800, 800, halls=BOTH)]),
        (festival(replace(FILM, same_day=("talk",))), "big", 1140, []),
        (festival(replace(FILM, same_day=("talk",))), "big", 2040, [pair(Rule.SAME_DAY, 800, 2040)]),
        (festival(talk=replace(TALK, other_day=("film",))), "big", 2040, []),
        (festival(talk=replace(TALK, other_day=("film",))), "big", 1140, [pair(Rule.OTHER_DAY, 800, 1140)]),
        (festival(overlaps=(Overlap("film", "talk", 7),)), "small", 800, []),
        (
            festival(overlaps=(Overlap("film", "talk", 7), Overlap("talk", "film", 2))),
            "small",
            760,
            [pair(Rule.OVERLAP, 760, 800, 9, halls=BOTH, level=Level.WARN)],
        ),
    ],
)
def test_what_two_items_break_together(problem, hall, start, conflicts):
    assert found(problem, ("film", "big", 700), ("talk", hall, start)) == conflicts
    film = Plan((Place("film", "big", 700),))
    assert check_move(problem, film, "talk", hall, start) == conflicts


def test_a_greeting_whose_screening_has_no_place_leads_nothing():
    lead = Conflict(Rule.LEAD, Level.BLOCK, ("film", "talk"), ("big",), (), 700, 800)
    assert found(festival(replace(FILM, leads="talk")), ("film", "big", 700)) == [lead]


def test_days_turn_where_the_organiser_says():
    late = replace(festival(replace(FILM, same_day=("talk",))), days=(0, 2100))
    assert [c.rule for c in found(late, ("film", "big", 700), ("talk", "big", 2040))] == []


def test_a_rule_counts_what_the_organiser_says():
    problem = festival(levels={Rule.HALL_DOUBLE: Level.WARN, Rule.CLOSED: Level.IGNORE})
    assert found(problem, ("film", "big", 1150), ("talk", "big", 1200)) == [
        pair(Rule.HALL_DOUBLE, 1200, 1250, 50, level=Level.WARN)
    ]


def test_what_makes_no_plan_always_blocks():
    problem = festival(levels=dict.fromkeys(Rule, Level.IGNORE))
    plan = Plan((Place("film", "big", 0), Place("film", "big", 5), Place("gala", "big", 7)), Status.OPTIMAL, 0, 5, 3)
    assert check(problem, plan) == [
        Conflict(Rule.CLAIM, Level.BLOCK, amount=1),
        Conflict(Rule.CLAIM, Level.BLOCK, amount=3),
        Conflict(Rule.DOUBLED, Level.BLOCK, ("film",), amount=2),
        Conflict(Rule.UNKNOWN, Level.BLOCK, ("gala",), ("big",), start=7),
    ]


def test_a_move_of_nobody_or_to_nowhere_is_told():
    with pytest.raises(KeyError, match="gala"):
        check_move(festival(), Plan(), "gala", "big", 0)
    with pytest.raises(KeyError, match="attic"):
        check_move(festival(), Plan(), "film", "attic", 0)


@pytest.mark.parametrize(
    ("problem", "faulty"),
    [
        (festival(), []),
        (festival(talk=FILM), ["item 'film' is there 2 times"]),
        (festival(step=0), ["the step is below a minute"]),
        (festival(days=(5, 5)), ["the days do not rise"]),
        (festival(prime=(Window(5, 5),)), ["prime time has a window that ends before it begins"]),
        (festival(replace(FILM, length=0)), ["item 'film': lasts less than a minute"]),
        (festival(replace(FILM, hold=0)), ["item 'film': has a number that is too small"]),
        (festival(replace(FILM, guests=("mo",))), ["item 'film': guest 'mo' is not known"]),
        (festival(replace(FILM, fixed_hall="attic")), ["item 'film': hall 'attic' is not known"]),
        (
            festival(replace(FILM, follows=("film", "gala"))),
            ["item 'film': names itself", "item 'film': item 'gala' is not known"],
        ),
        (festival(overlaps=(Overlap("film", "film", 1),)), ["the overlap of 'film' and 'film' makes no sense"]),
        (
            festival(replace(FILM, leads="talk"), replace(TALK, leads="film")),
            ["item 'film' leads itself, by way of others", "item 'talk' leads itself, by way of others"],
        ),
    ],
)
def test_what_makes_a_problem_senseless(problem, faulty):
    assert faults(problem) == faulty
