"""Money over time, and what if: each amount once, half a unit up, nothing stored."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import EditionFactory, ParticipantFactory
from money_rows import TODAY, activity, line, organiser_of, post, rate

from madang.outcomes.models import BudgetLine, Posting
from madang.outcomes.queries.budget import budget_of
from madang.outcomes.queries.cash import burn_picture, cash_of, cash_picture
from madang.outcomes.queries.scenario import counts_today, scenario_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def edition():
    return EditionFactory()


def fill(edition):
    """A grant of 900, half of it there; halls for 600, of which 200 are paid; 100 that were to be paid in April still are."""
    user, act = organiser_of(edition), activity(edition)
    given, halls = line(act, 900, direction="income"), line(act, 700)
    promise = post(given, "committed", 900, user, on=dt.date(2025, 7, 15))
    post(given, "spent", 450, user, on=dt.date(2025, 4, 10), settles=promise)
    order = post(halls, "committed", 600, user, on=dt.date(2025, 6, 20))
    post(halls, "spent", 200, user, on=dt.date(2025, 3, 3), settles=order)
    post(halls, "forecast", 100, user, on=dt.date(2025, 4, 1))


def test_months_with_what_came_went_and_is_expected(edition):
    fill(edition)
    found = cash_of(budget_of(edition))
    rows = [
        (p.start.month, p.committed, p.spent, p.forecast, p.came, p.went, p.will_come, p.will_go, p.balance)
        for p in found.periods
    ]
    assert rows == [
        (3, 0, 200, 0, 0, 200, 0, 0, -200),
        (4, 0, 0, 100, 450, 0, 0, 0, 250),
        (5, 600, 0, 0, 0, 0, 0, 100, 150),
        (6, 0, 0, 0, 0, 0, 0, 400, -250),
        (7, 0, 0, 0, 0, 0, 450, 0, 200),
    ]
    assert found.lowest == (dt.date(2025, 6, 20), D(-250), True)
    assert (found.planned, found.left_out, found.today) == (D(700), [], TODAY)
    assert [p.is_expected for p in found.periods] == [False, False, True, True, True]


def test_weeks_begin_on_monday_and_add_up_to_the_same(edition):
    fill(edition)
    budget = budget_of(edition)
    weeks, months = cash_of(budget, "week"), cash_of(budget)
    assert {period.start.weekday() for period in weeks.periods} == {0}
    assert (weeks.periods[-1].balance, weeks.lowest) == (months.periods[-1].balance, months.lowest)
    assert sum(period.committed for period in weeks.periods) == 600


def test_what_has_no_rate_is_left_out_and_named(edition):
    user, travel = organiser_of(edition), line(activity(edition), 10, currency="EUR")
    post(travel, "spent", 3, user, on=dt.date(2025, 3, 1))
    rate(edition, "EUR", "1500", dt.date(2025, 4, 1))
    post(travel, "spent", 2, user, on=dt.date(2025, 4, 2))
    found = cash_of(budget_of(edition))
    assert ([period.went for period in found.periods], found.left_out) == ([D(3000)], ["EUR"])


def test_the_pictures_are_in_their_box(edition):
    fill(edition)
    found = cash_of(budget_of(edition))
    flow, burn = cash_picture(found), burn_picture(found)
    assert (flow.top, flow.bottom, flow.mark) == (D(450), D(-400), ("70.00", "82.35"))
    assert flow.lines["balance"] == "0,52.94 20.00,76.47 40.00,23.53 60.00,35.29 80.00,82.35 100.00,29.41"
    assert flow.bars[0] == ("went", "4.00", "52.94", "12.00", "23.53")
    assert burn.lines["planned"] == "0,0.00 100,0.00"
    assert burn.lines["spent"] == "0,100.00 20.00,71.43 40.00,71.43 60.00,71.43 80.00,71.43 100.00,71.43"


def test_nothing_posted_is_no_picture(edition):
    line(activity(edition), 10)
    found = cash_of(budget_of(edition))
    assert (found.periods, found.lowest, cash_picture(found), burn_picture(found)) == ([], None, None, None)


def test_a_fifth_fewer_exhibitors(edition):
    user, act = organiser_of(edition), activity(edition)
    booths = line(act, 1001, grows="exhibitors")
    line(act, 300)
    line(act, 500, direction="income", grows="exhibitors")
    post(booths, "committed", 900, user)
    found = scenario_of(budget_of(edition), {"exhibitors": -20})
    assert [(one.then, one.stuck, one.change) for one in found.lines] == [(801, 99, -200), (300, 0, 0), (400, 0, -100)]
    totals = [found.costs.total, found.costs_then.total, found.costs_stuck.total, found.income.total, found.income_then.total]
    assert totals == [1301, 1101, 1200, 500, 400]
    assert (found.gap, found.gap_then, found.gap_stuck) == (-801, -701, -800)
    assert (BudgetLine.objects.count(), Posting.objects.count()) == (3, 1)


def test_a_scenario_rounds_half_up_and_says_where_a_rate_lacks(edition):
    act = activity(edition)
    line(act, 25, grows="guests")
    found = scenario_of(budget_of(edition), {"guests": 10})
    assert (found.lines[0].then, found.gap_then) == (28, -28)
    line(act, 1, currency="USD")
    assert scenario_of(budget_of(edition), {}).gap is None


def test_how_many_there_are_today(edition):
    ParticipantFactory(edition=edition, is_buyer=True)
    ParticipantFactory(edition=edition, is_seller=True)
    ParticipantFactory(edition=edition, is_guest=True, company=None)
    assert {str(key): number for key, number in counts_today(edition).items()} == {
        "exhibitors": 1, "buyers": 1, "meetings": 0, "guests": 1,
    }  # fmt: skip
