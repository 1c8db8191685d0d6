"""The budget's rules: stages side by side, rates, what is bound and left, postings that are never edited."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, ParticipantFactory, UserFactory
from money_rows import TODAY, activity, goal, grant, line, organiser_of, post, rate

from madang.markets.models import LogEntry
from madang.outcomes.actions import budget as actions
from madang.outcomes.actions import grants
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Accounts, Condition, Posting
from madang.outcomes.queries.budget import budget_of
from madang.outcomes.queries.rates import Amounts, rates_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    return organiser_of(edition)


def totals(side):
    return [amounts.total for amounts in side.columns]


def test_stages_stand_side_by_side_and_what_is_bound_counts_once(edition, organiser):
    meetings = activity(edition, "MEET")
    halls = line(meetings, 1000)
    order = post(halls, "committed", 600, organiser)
    post(halls, "spent", 250, organiser, settles=order)
    post(halls, "spent", 100, organiser)
    post(halls, "forecast", 80, organiser)
    found = budget_of(edition)
    one = found.lines[halls.pk]
    assert totals(found.costs) == [D(1000), D(600), D(350), D(80), D(300)]
    assert (one.bound, one.free, one.is_over, one.is_tight) == (D(700), D(300), False, False)
    assert [(open_.paid, open_.rest, open_.over) for open_ in one.commitments] == [(D(250), D(350), D(0))]
    assert totals(found.income) == [D(0)] * 5
    assert found.balance == D(-1000)


def test_what_was_paid_over_a_commitment_is_bound_and_the_limit_rules(edition, organiser):
    flights = line(activity(edition), 1000, limit=D(500))
    order = post(flights, "committed", 400, organiser)
    post(flights, "spent", 550, organiser, settles=order)
    one = budget_of(edition).lines[flights.pk]
    assert (one.bound, one.most, one.free, one.is_over, one.commitments[0].over) == (D(550), D(500), D(-50), True, D(150))


@pytest.mark.parametrize(("spent", "tight"), [(899, False), (900, True), (1000, True)])
def test_nine_tenths_are_nearly_all(edition, organiser, spent, tight):
    halls = line(activity(edition), 1000)
    post(halls, "spent", spent, organiser)
    one = budget_of(edition).lines[halls.pk]
    assert (one.is_tight, one.is_over) == (tight, False)


def test_of_an_income_what_came_in_is_taken_off(edition, organiser):
    fees = line(activity(edition), 500, direction="income")
    promise = post(fees, "committed", 500, organiser)
    post(fees, "spent", 200, organiser, settles=promise)
    assert totals(budget_of(edition).income) == [D(500), D(500), D(200), D(0), D(300)]


def test_the_rate_of_a_day_is_the_last_one_before_it(edition):
    rate(edition, "EUR", "1500", dt.date(2025, 1, 10))
    rate(edition, "EUR", "1600", dt.date(2025, 4, 1))
    rates = rates_of(edition)
    days = [dt.date(2025, 1, 9), dt.date(2025, 1, 10), dt.date(2025, 3, 31), dt.date(2025, 4, 1)]
    assert [rates.on("EUR", day) for day in days] == [None, D(1500), D(1500), D(1600)]
    assert (rates.first("EUR"), rates.latest("EUR"), rates.on("KRW", days[0]), rates.latest("USD")) == (
        D(1500),
        D(1600),
        D(1),
        None,
    )


def test_half_a_unit_goes_up_once_at_the_end():
    found = Amounts("KRW")
    for _time in range(3):
        found.add(D("0.10"), "EUR", D("1505"))  # 150.5 each: rounded one by one they would be 453
    assert (found.total, found.parts) == (D(452), [("EUR", D("0.30"))])
    found.add(D("5"), "USD", None)
    assert (found.total, found.parts) == (None, [("EUR", D("0.30")), ("USD", D("5.00"))])


def test_totals_are_converted_only_where_a_rate_is_known(edition, organiser):
    rate(edition, "EUR", "1500", dt.date(2025, 1, 10))
    rate(edition, "EUR", "1600", dt.date(2025, 5, 1))
    travel = line(activity(edition), 10, currency="EUR")
    post(travel, "spent", 2, organiser, on=dt.date(2025, 5, 2))
    post(travel, "spent", 1500, organiser, currency="KRW", on=dt.date(2025, 2, 1))
    found = budget_of(edition)
    assert totals(found.costs) == [D(15000), D(0), D(4700), D(0), D(11200)]
    assert found.lines[travel.pk].bound == D(3)
    post(travel, "spent", 1, organiser, currency="USD")
    found = budget_of(edition)
    assert found.costs.spent.total is None
    assert found.costs.spent.parts == [("EUR", D(2)), ("KRW", D(1500)), ("USD", D(1))]
    assert (found.lines[travel.pk].bound, found.costs.left.total, found.costs.left.lacking) == (None, None, {"USD"})


def test_a_replaced_commitment_hands_its_payments_on(edition, organiser):
    halls = line(activity(edition), 1000)
    facts = {"kind": "committed", "amount": D(300), "currency": "KRW", "on": TODAY}
    order = actions.add_posting(organiser, halls, facts)
    paid = actions.add_posting(organiser, halls, facts | {"kind": "spent", "amount": D(100)}, settles=order)
    second = actions.add_posting(organiser, halls, facts | {"amount": D(400)}, replaces=order)
    third = actions.add_posting(organiser, halls, facts | {"amount": D(500)}, replaces=second)
    one = budget_of(edition).lines[halls.pk]
    assert [(open_.posting, open_.paid) for open_ in one.commitments] == [(third, D(100))]
    assert (one.bound, one.committed.total) == (D(500), D(500))
    with pytest.raises(Refused, match="Payments stand"):
        actions.withdraw_posting(organiser, third, "wrong")
    actions.withdraw_posting(organiser, paid, "wrong")
    actions.withdraw_posting(organiser, third, "not needed")
    assert budget_of(edition).lines[halls.pk].bound == D(0)
    assert Posting.objects.filter(line=halls).count() == 4
    verbs = list(LogEntry.objects.filter(edition=edition).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["add_posting"] * 2 + ["replace_posting"] * 2 + ["withdraw_posting"] * 2


def test_what_postings_are_refused(edition, organiser):
    halls, other = line(activity(edition), 1000), line(activity(edition), 1000)
    order = post(halls, "committed", 300, organiser)
    facts = {"kind": "spent", "amount": D(100), "currency": "KRW", "on": TODAY}
    refused = [
        (other, facts, {"settles": order}, "no commitment of this line"),
        (halls, facts | {"currency": "EUR"}, {"settles": order}, "in KRW"),
        (halls, facts | {"kind": "forecast"}, {"settles": order}, "Only a payment"),
        (halls, facts, {"replaces": order}, "same line and kind"),
    ]
    for at, given, more, words in refused:
        with pytest.raises(Refused, match=words):
            actions.add_posting(organiser, at, given, **more)
    actions.withdraw_posting(organiser, order, "wrong")
    for act in (
        lambda: actions.withdraw_posting(organiser, order, "again"),
        lambda: actions.add_posting(organiser, halls, facts | {"kind": "committed"}, replaces=order),
    ):
        with pytest.raises(Refused, match="does not stand"):
            act()
    assert Posting.objects.count() == 1


def test_a_changed_plan_is_kept_in_the_log(edition, organiser):
    halls = line(activity(edition), 1000, code="HALL")
    actions.save_line(organiser, edition, {"planned": D(1200)}, halls)
    entry = LogEntry.objects.get(verb="change_planned")
    assert entry.details == {"before": "KRW 1000.00", "after": "KRW 1200"}


def test_what_hangs_together_is_not_deleted(edition, organiser):
    meetings = activity(edition)
    halls = line(meetings, 1000, grant=(given := grant(edition)))
    post(halls, "spent", 1, organiser)
    for act in (
        lambda: actions.delete_activity(organiser, meetings),
        lambda: actions.delete_line(organiser, halls),
        lambda: grants.delete_grant(organiser, given),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Refused, match="code"):
        actions.save_activity(organiser, edition, {"code": meetings.code, "name": "Twice"}, [])
    made = actions.save_activity(organiser, edition, {"code": "NEW-1", "name": "More"}, [goal(edition), goal(EditionFactory())])
    assert made.goals.count() == 1


def test_conditions_are_met_once_and_rates_hold_the_currency(edition, organiser):
    condition = grants.add_condition(organiser, grant(edition), "A report", TODAY)
    grants.meet_condition(organiser, condition, "Letter 7")
    for act in (lambda: grants.meet_condition(organiser, condition, "8"), lambda: grants.delete_condition(organiser, condition)):
        with pytest.raises(Refused):
            act()
    grants.reopen_condition(organiser, condition)
    assert (Condition.objects.get().met_at, Condition.objects.get().evidence) == (None, "")
    euro = grants.save_rate(organiser, edition, "EUR", TODAY, D(1500), "bank")
    assert grants.save_rate(organiser, edition, "EUR", TODAY, D(1510), "bank").pk == euro.pk
    for act in (
        lambda: grants.choose_totals(organiser, edition, "EUR"),
        lambda: grants.save_rate(organiser, edition, "KRW", TODAY, D(1), "me"),
    ):
        with pytest.raises(Refused):
            act()
    grants.delete_rate(organiser, euro)
    grants.choose_totals(organiser, edition, "EUR")
    assert Accounts.objects.get(edition=edition).currency == "EUR"


@pytest.mark.parametrize("who", ["stranger", "buyer", "other organiser"])
def test_only_organisers_write(edition, who):
    halls = line(activity(edition), 1000)
    user = UserFactory()
    if who == "buyer":
        ParticipantFactory(edition=edition, user=user, is_buyer=True)
    elif who == "other organiser":
        user = organiser_of(EditionFactory())
    posting = post(halls, "spent", 1, user)
    condition = Condition.objects.create(grant=grant(edition), text="x", due_on=TODAY)
    for act in (
        lambda: actions.save_activity(user, edition, {"code": "A-1", "name": "x"}, []),
        lambda: actions.save_line(user, edition, {"planned": D(1)}, halls),
        lambda: actions.add_posting(user, halls, {}),
        lambda: actions.withdraw_posting(user, posting, "x"),
        lambda: grants.save_grant(user, edition, {"code": "G-1"}),
        lambda: grants.meet_condition(user, condition, "x"),
        lambda: grants.save_rate(user, edition, "EUR", TODAY, D(1), "x"),
        lambda: grants.choose_totals(user, edition, "EUR"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_an_empty_edition_has_a_budget_of_nothing(edition):
    found = budget_of(edition)
    assert (found.activities, totals(found.costs), found.balance) == ([], [D(0)] * 5, D(0))
