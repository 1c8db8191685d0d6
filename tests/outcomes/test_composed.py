"""Measures composed of others: their rows are theirs, their versions stay, and what cannot be composed is refused."""

from decimal import Decimal

import pytest
from door_rows import badge_for
from factories import UserFactory
from negotiation import table
from outcome_rows import ALONE, SURE, market, registered, seen

from madang.deals.actions.values import state_value
from madang.outcomes.actions.goals import compose_measure, save_goal, save_target
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.measures.composed import as_measure, measures_of
from madang.outcomes.models import ComposedMeasure, Goal, Target
from madang.outcomes.queries.goals import goal_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    """Three meetings: held by a buyer of France and one of Korea, and one-sided."""
    yard = market((0, 0, 0), (1, 1, 0), (2, 2, 0), asks=((0, 0), (1, 1), (2, 2)))
    company = yard.buyers[0].company
    company.country = "FR"
    company.save()
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender", "receiver")
    seen(yard, 2, "sender")
    return yard


def composed(yard, operation, first, second="", filters=None):
    facts = {"name": "Own", "definition": "As it says.", "operation": operation, "first": first, "second": second}
    row = ComposedMeasure(edition=yard.edition, code="own", filters=filters or {}, **facts)
    return compose_measure(yard.organiser, row)


def numbers(yard, row):
    return [(figure.currency, dict(figure.columns)) for figure in as_measure(row).compute(yard.edition)]


def test_a_count_is_narrowed_by_the_facts_of_its_rows(yard):
    row = composed(yard, "count", "meetings_held", filters={"first": {"country": ["FR"]}})
    assert numbers(yard, row) == [("", {SURE: 1, ALONE: 0})]
    assert [one.key for one in as_measure(row).compute(yard.edition)[0].rows] == [yard.requests[0].code]


def test_a_share_is_taken_of_what_is_confirmed(yard):
    row = composed(yard, "share", "meetings_held", filters={"first": {"country": ["FR"]}})
    assert numbers(yard, row) == [("", {SURE: Decimal("0.5")})]


def test_a_ratio_divides_by_what_is_confirmed_and_not_by_nothing(yard):
    row = composed(yard, "ratio", "meetings_held", "companies")
    assert numbers(yard, row) == [("", {SURE: Decimal("0.4"), ALONE: Decimal("0.2")})]  # five companies were seen
    nobody = composed(yard, "ratio", "meetings_held", "attendance")
    assert numbers(yard, nobody) == [("", {SURE: None, ALONE: None})]


def test_a_sum_counts_what_is_in_both_once(yard):
    row = composed(yard, "sum", "meetings_held", "meetings_planned", filters={"second": {"country": ["KR"]}})
    assert numbers(yard, row) == [("", {SURE: 2, ALONE: 1})]


def test_money_by_a_number_stays_money_and_in_its_currency():
    yard = table()
    yard.organiser = organiser_of(yard.edition)
    deal = yard.deal()
    deal.stage, deal.ask = "offer", "x"
    deal.save()
    for currency, amount in (("EUR", 900), ("KRW", 60)):
        facts = {"stage": "contract", "amount": Decimal(amount), "currency": currency}
        state_value(yard.seller.user, deal, **facts)
    seen_buyer(yard)
    row = composed(yard, "ratio", "contract_value", "buyers")
    measure = as_measure(row)
    assert measure.unit == "money"
    assert numbers(yard, row) == [
        ("EUR", {SURE: 0, ALONE: 900, "estimate": 0}),
        ("KRW", {SURE: 0, ALONE: 60, "estimate": 0}),
    ]


def organiser_of(edition):
    user = UserFactory(name="Organiser")
    edition.market.organisers.add(user)
    return user


def seen_buyer(yard):
    badge_for(yard.buyer, handed_out_at=yard.edition.now())


@pytest.mark.parametrize(
    ("operation", "first", "second"),
    [
        ("sum", "contract_value", "offer_value"),  # stages of money are never added
        ("sum", "contract_value", "contract_value"),
        ("share", "contract_value", "consultation_value"),
        ("sum", "meetings_held", "meeting_minutes"),
        ("share", "licences", "meeting_minutes"),
        ("ratio", "licences", ""),
        ("count", "licences", "offers"),
        ("count", "no_such", ""),
    ],
)
def test_what_cannot_be_composed_is_refused(yard, operation, first, second):
    with pytest.raises(Refused):
        composed(yard, operation, first, second)
    assert not ComposedMeasure.objects.exists()


@pytest.mark.parametrize(
    ("operation", "first", "second", "filters", "is_public"),
    [
        ("ratio", "meetings_held", "buyers", {}, True),
        ("ratio", "meetings_held", "spent", {}, False),  # the organiser's own money
        ("ratio", "contract_value", "buyers", {}, True),
        ("ratio", "contract_value", "buyers", {"first": {"country": ["FR"]}}, False),
        ("share", "contract_value", "", {"first": {"country": ["FR"]}}, False),
        ("count", "contract_value", "", {"first": {"country": ["FR"]}}, True),
    ],
)
def test_what_is_published_of_a_composed_measure(operation, first, second, filters, is_public):
    row = ComposedMeasure(code="own", name="Own", operation=operation, first=first, second=second, filters=filters)
    assert as_measure(row).is_public == is_public


def test_a_change_is_a_new_version_and_targets_keep_theirs(yard):
    registered(yard.edition)
    composed(yard, "count", "meetings_held")
    goal = save_goal(yard.organiser, Goal(edition=yard.edition, name="Meet"), [])
    target = save_target(yard.organiser, Target(goal=goal, measure="own", amount=Decimal(2), due_on=yard.edition.ends_on))
    composed(yard, "count", "buyers")
    assert [(one.version, one.first) for one in ComposedMeasure.objects.order_by("version")] == [
        (1, "meetings_held"),
        (2, "buyers"),
    ]
    assert (measures_of(yard.edition)["own"].version, target.measure_version) == (2, 1)
    (standing,) = goal_tree(yard.edition).standings
    assert (standing.measure.version, standing.number) == (1, "2")
