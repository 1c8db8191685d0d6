"""Whole showcases: what a person who waits for a programme gets."""

import time
from dataclasses import replace

import pytest
from kernels.programme.showcases import DAY, showcase

from madang.kernels.programme import (
    Change,
    Choice,
    Conflict,
    Fact,
    Guest,
    Hall,
    Item,
    Level,
    Overlap,
    Place,
    Plan,
    Problem,
    ProblemError,
    Rule,
    Status,
    Way,
    Why,
    Window,
    changes,
    check,
    check_move,
    explain,
    points,
    solve,
)

SHOW = showcase(30, 3, 2)


@pytest.fixture(scope="module")
def plan():
    return solve(SHOW, seed=1, limit=600)


def test_everything_has_a_place_and_nothing_blocks(plan):
    assert (plan.left_out, len(plan.places)) == (0, 30)
    assert [c for c in check(SHOW, plan) if c.level is Level.BLOCK] == []
    assert plan.points == points(SHOW, plan.places)
    assert plan.bound is not None


def test_a_seed_repeats_itself(plan):
    assert replace(solve(SHOW, seed=1, limit=600), seconds=0) == replace(plan, seconds=0)


def test_a_large_showcase_has_a_programme_within_seconds():
    problem = showcase(150, 8, 5)
    seen, started = [], time.process_time()
    found = solve(problem, seed=1, limit=6000, progress=lambda told: seen.append(told) or told.placed == 150)
    assert time.process_time() - started < 30  # of the processor; measured at 2
    assert (found.left_out, len(found.places)) == (0, 150)
    assert [c for c in check(problem, found) if c.level is Level.BLOCK] == []
    assert seen[-1].objective == found.points


def test_a_move_in_three_hundred_items_is_judged_at_once():
    problem = showcase(300, 16, 5)
    places = tuple(Place(i.id, f"h{n % 16}", 540 + n % 5 * DAY + n % 7 * 120) for n, i in enumerate(problem.items))
    started = time.process_time()
    for item in problem.items[:20]:
        check_move(problem, Plan(places), item.id, "h3", 700)
    assert (time.process_time() - started) / 20 < 0.05


def test_who_waits_may_stop():
    found = solve(showcase(80, 5, 3), limit=6000, progress=lambda told: told.placed > 0)
    assert found.status is Status.FEASIBLE
    assert found.seconds < 300


def test_a_senseless_problem_is_refused():
    with pytest.raises(ProblemError, match="lasts less than a minute"):
        solve(Problem((Item(1, 0),), ()))


def test_nothing_to_place_is_a_programme():
    assert replace(solve(Problem((), ())), seconds=0) == Plan((), Status.OPTIMAL, 0, 0, 0)
    assert replace(solve(Problem((Item(1, 5),), ())), seconds=0) == Plan((), Status.OPTIMAL, 1, 0, 0)


def test_a_published_programme_is_repaired_with_the_fewest_moves(plan):
    """A hall closes in the evening of the second day: only what stood there has to go, and little else does."""
    shut = tuple(Window(w.start, DAY + 16 * 60 if w.start // DAY == 1 else w.end) for w in SHOW.halls[0].opening)
    problem = replace(SHOW, halls=(replace(SHOW.halls[0], opening=shut), *SHOW.halls[1:]))
    hit = {c.items[0] for c in check(problem, Plan(plan.places)) if c.rule is Rule.CLOSED}
    after = solve(problem, seed=2, limit=600, published=plan.places)
    gone = {change.item for change in changes(plan.places, after.places)}
    assert hit
    assert hit <= gone
    assert len(gone) <= len(hit) + 2
    assert after.left_out == 0
    assert [c for c in check(problem, after) if c.level is Level.BLOCK] == []


# --- A small festival, where everything can be worked out by hand -------------------------------------------------------

HALLS = (Hall("a", (Window(0, 120),), 100), Hall("b", (Window(0, 120),), 20))
ONE, TWO = Item(1, 60, audience=50), Item(2, 60, audience=40)


def test_the_wanted_do_not_run_at_the_same_time():
    small = Problem((ONE, TWO), HALLS, overlaps=(Overlap(1, 2, 5),), levels={Rule.SEATS: Level.BLOCK}, step=60)
    plan = solve(small)
    assert {p.hall for p in plan.places} == {"a"}
    assert {p.start for p in plan.places} == {0, 60}
    assert (plan.status, plan.points) == (Status.OPTIMAL, 0)


def test_a_choice_says_what_it_costs():
    small = Problem((ONE, TWO), HALLS, overlaps=(Overlap(1, 2, 5),), step=60)
    plan = Plan((Place(1, "a", 0), Place(2, "a", 60)))
    seats = Conflict(Rule.SEATS, Level.WARN, (2,), ("b",), (), 60, 120, 20)
    assert explain(small, plan, 2) == Why(2, plan.places[1], 0, (), (Choice(Place(2, "b", 60), 50, (seats,)),))


def test_an_item_that_could_be_placed_is_told_where():
    small = Problem((ONE, TWO), HALLS, levels={Rule.SEATS: Level.BLOCK}, step=60)
    plan = Plan((Place(1, "a", 0),))
    assert explain(small, plan, 2) == Why(2, None, 0, (), (Choice(Place(2, "a", 60), 0, ()),))


def test_the_fewest_facts_say_why_there_is_no_place():
    guests = (Guest("kim", (Window(60, 120),)), Guest("lee"))
    gala = Item(3, 60, guests=("kim",))
    talk = Item(4, 60, guests=("kim", "lee"))
    small = Problem((talk, gala), HALLS, guests, (Way(("a", "b"), 5),), step=30)
    plan = solve(small)
    assert (plan.status, plan.left_out, len(plan.places)) == (Status.OPTIMAL, 1, 1)
    stood = Plan((Place(4, "b", 60),))
    facts = (
        Fact((Rule.GUEST_AWAY,), guests=("kim",)),
        Fact((Rule.GUEST_DOUBLE, Rule.HALL_DOUBLE), ("b",), ("kim",), (4,)),
    )
    assert explain(small, stood, 3) == Why(3, None, 0, (), (), facts)


def test_a_greeting_without_its_screening_says_so():
    small = Problem((Item(1, 10, leads=2), Item(2, 500)), HALLS)
    assert explain(small, solve(small), 1).facts == (Fact((Rule.LEAD,), items=(2,)),)


def test_a_greeting_goes_with_its_screening():
    small = Problem((Item(1, 10, leads=2), Item(2, 60, ready_from=30)), HALLS, step=10, lead_gap=0)
    plan = solve(small)
    greeting, screening = plan.places
    assert greeting == Place(1, screening.hall, screening.start - 10)
    other = "b" if screening.hall == "a" else "a"
    assert Choice(Place(1, other, greeting.start), 0, ()) in explain(small, plan, 1).choices


def test_changes_name_what_came_went_and_moved():
    before = (Place(1, "a", 0), Place(2, "a", 60), Place(3, "b", 0))
    after = (Place(2, "a", 60), Place(3, "b", 5), Place(4, "b", 60))
    assert changes(before, after) == (
        Change(1, Place(1, "a", 0), None),
        Change(3, Place(3, "b", 0), Place(3, "b", 5)),
        Change(4, None, Place(4, "b", 60)),
    )


def test_an_unknown_item_is_told():
    with pytest.raises(KeyError):
        explain(Problem((ONE,), HALLS), Plan(), "gala")
