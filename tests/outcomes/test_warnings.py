"""Each warning as a row: what is there, what is told, and where it is mended."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import EditionFactory
from money_rows import TODAY, activity, goal, grant, hold, line, organiser_of, post, rate, shift, skill, worker
from visits import client_of, get

from madang.outcomes.models import Condition
from madang.outcomes.queries.warnings import warnings_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return EditionFactory()


def quiet(edition):
    """An activity with a goal: nothing to warn of."""
    act = activity(edition, "MEET")
    act.goals.add(goal(edition, "G-OK"))
    return act


def told(edition):
    return [(one.code, one.url.split("/desk/outcomes/")[1], one.is_grave) for one in warnings_of(edition)]


def over_limit(edition, act):
    post(line(act, 100, code="L"), "spent", 101, organiser_of(edition))


def over_committed(edition, act):
    user, halls = organiser_of(edition), line(act, 900, code="L")
    post(halls, "spent", 11, user, settles=post(halls, "committed", 10, user))


def overdue(edition, act):
    given = grant(edition, 10, code="F")
    line(act, 10, direction="income", grant=given)
    Condition.objects.create(grant=given, text="Report", due_on=TODAY - dt.timedelta(days=1))
    Condition.objects.create(grant=given, text="Met", due_on=TODAY, met_at=edition.now(), met_by=organiser_of(edition))
    Condition.objects.create(grant=given, text="Later", due_on=TODAY + dt.timedelta(days=15))


def due_soon(edition, act):
    given = grant(edition, 10, code="F")
    line(act, 10, direction="income", grant=given)
    Condition.objects.create(grant=given, text="Report", due_on=TODAY + dt.timedelta(days=14))


def grant_short(edition, act):
    given = grant(edition, 10, code="F")
    line(act, 9, direction="income", grant=given)
    line(act, 4, grant=given)


def no_rate(edition, act):
    line(act, 10, currency="EUR")


def goal_without(edition, act):
    line(act, 10)
    top = goal(edition, "TOP")
    goal(edition, "PART", parent=top)
    child = goal(edition, "PAID", parent=goal(edition, "ABOVE"))
    act.goals.add(child)


def money_without(edition, act):
    act.goals.clear()
    line(act, 10)


def shift_nobody(edition, act):
    shift(act, code="S", needed=2)
    shift(act, 28, code="OVER")


def shift_few(edition, act):
    hold(shift(act, code="S", needed=2), worker(edition))


def shift_rules(edition, act):
    french = skill(edition)
    person = worker(edition, hours_a_day=6, hours_in_all=8)
    hold(shift(act, 30, 9, 4, code="S-1"), person)
    hold(shift(act, 30, 12, 4, code="S-2", skill=french), person)
    hold(shift(act, 31, 1, 3, code="S-3"), person)


def gone(edition, act):
    hold(shift(act, code="S"), worker(edition, left_at=edition.now()))


CASES = [
    (over_limit, [("over_limit", "budget/lines/L/", True)]),
    (over_committed, [("over_committed", "budget/postings/", True)]),
    (overdue, [("condition_due", "budget/grants/F/", True)]),
    (due_soon, [("condition_due", "budget/grants/F/", False)]),
    (grant_short, [("grant_not_covered", "budget/grants/F/", False)] * 2),
    (no_rate, [("no_rate", "budget/rates/", False)]),
    (goal_without, [("goal_without_money", "budget/", False)]),
    (money_without, [("goal_without_money", "budget/", False), ("money_without_goal", "budget/activities/MEET/", False)]),
    (shift_nobody, [("shift_open", "staff/shifts/S/", True)]),
    (shift_few, [("shift_open", "staff/shifts/S/", False)]),
    (
        shift_rules,
        [
            ("shift_skill", "staff/shifts/S-2/", False), ("shift_overlap", "staff/shifts/S-2/", True),
            ("shift_day", "staff/shifts/S-2/", False), ("shift_rest", "staff/shifts/S-3/", False),
            ("shift_all", "staff/shifts/S-3/", False),
        ],
    ),
    (gone, [("shift_of_gone", "staff/shifts/S/", True)]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), CASES, ids=[make.__name__ for make, _expected in CASES])
def test_what_is_told_and_where_it_is_mended(edition, make, expected):
    act = quiet(edition)
    if make not in (goal_without, money_without):
        line(act, 1)
    make(edition, act)
    found = told(edition)
    assert [
        (code, url[: len(mend)], grave) for (code, url, grave), (_c, mend, _g) in zip(found, expected, strict=True)
    ] == expected


def test_the_goals_that_are_named_are_the_topmost_without_money(edition):
    act = quiet(edition)
    goal_without(edition, act)
    assert [one.text for one in warnings_of(edition)] == ["No money stands behind the goal “Goal TOP”."]


def test_a_grant_in_another_currency_is_compared_by_the_rate(edition):
    act = quiet(edition)
    rate(edition, "EUR", "1500")
    given = grant(edition, 10, code="F", currency="EUR")
    brought = line(act, 14_990, direction="income", grant=given)
    assert [one.text for one in warnings_of(edition)] == [
        "The grant of Funder F is not in the budget as income: EUR 0.01 are missing."
    ]
    brought.planned = Decimal(15_000)
    brought.save()
    assert warnings_of(edition) == []


def test_every_warning_leads_to_a_page(edition):
    act, user = quiet(edition), organiser_of(edition)
    for make in (over_limit, overdue, shift_rules, goal_without):
        make(edition, act)
    found = warnings_of(edition)
    assert {client_of(user).get(one.url).status_code for one in found} == {200}
    page = get(user, "outcomes:warnings", edition)
    assert [one.text for one in page.context["warned"]] == [one.text for one in found]


def test_the_same_queries_for_1_and_3_rows(edition):
    act = quiet(edition)

    def count():
        with CaptureQueriesContext(connection) as captured:
            warnings_of(edition)
        return len(captured)

    no_rate(edition, act)
    hold(shift(act, needed=2), worker(edition))
    one = count()
    for _time in range(2):
        no_rate(edition, quiet_more(edition))
        hold(shift(act, needed=2), worker(edition, skill(edition, f"K{_time}")))
    assert count() == one


def quiet_more(edition):
    act = activity(edition)
    act.goals.add(goal(edition))
    return act
