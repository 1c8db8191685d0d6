"""Measures of money: rows are postings, what has no invoice is one-sided, nothing is divided by nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse
from factories import EditionFactory
from money_rows import activity, line, organiser_of, post, rate
from outcome_rows import ALONE, SURE, columns, figures, market, seen
from visits import get

from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.queries.evidence import evidence_of
from madang.outcomes.queries.figures import shown

pytestmark = pytest.mark.django_db
D = Decimal


def held_market():
    """Two meetings held, one that only one side speaks of."""
    yard = market((0, 0, 0), (1, 0, 1), (2, 1, 0), asks=((0, 0), (1, 1), (2, 2)))
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender", "receiver")
    seen(yard, 2, "sender")
    return yard.edition


def spend(edition):
    """900 with an invoice, 100 without, an order of 700 of which 200 are paid; EUR 1 is worth 1500."""
    user, act = organiser_of(edition), activity(edition, "MEET")
    rate(edition, "EUR", "1500")
    halls, fees = line(act, 4000, code="HALL"), line(act, 500, direction="income")
    post(halls, "spent", 900, user, reference="I-1")
    post(halls, "spent", 100, user)
    order = post(halls, "committed", 700, user)
    post(halls, "spent", 200, user, reference="I-2", settles=order)
    post(halls, "spent", 1, user, currency="EUR", reference="I-3")
    post(fees, "spent", 300, user, reference="F-1")
    return user


def test_what_was_spent_by_currency_with_its_invoices():
    edition = EditionFactory()
    spend(edition)
    found = figures(edition, "spent")
    assert [(one.currency, dict(one.columns)) for one in found] == [
        ("EUR", {SURE: D(1), ALONE: D(0)}),
        ("KRW", {SURE: D(1100), ALONE: D(100)}),
    ]
    row = found[1].rows[0]
    assert (row.kind, row.amount, row.facts["activity"], row.facts["invoice"]) == ("posting", D(900), "MEET", "I-1")
    assert [(one.currency, dict(one.columns)) for one in figures(edition, "income")] == [("KRW", {SURE: D(300), ALONE: D(0)})]


def test_a_row_opens_its_evidence():
    edition = EditionFactory()
    user = spend(edition)
    row = figures(edition, "spent")[1].rows[0]
    found = evidence_of(user, edition, row.kind, row.key)
    assert (found.name, [proof.text for proof in found.proofs]) == ("Line HALL: KRW 900", ["I-1"])
    assert get(user, "outcomes:posting", edition, int(row.key)).status_code == 200
    assert [evidence_of(user, edition, "posting", key) for key in ("0", "x", "9" * 25)] == [None] * 3
    stranger = organiser_of(EditionFactory())
    assert evidence_of(stranger, edition, row.kind, row.key) is None
    planned = next(row for row in figures(edition, "burn_share")[0].rows if row.part == "denominator")
    found = evidence_of(user, edition, planned.kind, planned.key)
    assert (found.name, found.words, found.link) == (
        "Line HALL", "Activity MEET · KRW 4,000", reverse("outcomes:line", args=[edition.slug, "HALL"]),
    )  # fmt: skip
    assert evidence_of(stranger, edition, planned.kind, planned.key) is None


def test_the_share_of_the_plan():
    edition = EditionFactory()
    spend(edition)
    assert columns(edition, "burn_share") == {SURE: D(2600) / 4000, ALONE: D(100) / 4000}


def test_a_held_meeting_cost_a_stated_range():
    edition = held_market()
    spend(edition)
    (found,) = figures(edition, "cost_a_held_meeting")
    assert dict(found.columns) == {SURE: D(1300), ALONE: D(50)}
    assert (found.low, found.high, found.level) == (D("866.67"), D(1600), D(0))
    assert (found.currency, found.facts) == ("KRW", {"held": "2", "over": "3"})
    assert shown(found).interval == "between KRW 866.67 and KRW 1,600, as stated; no probability is meant"


def test_without_a_held_meeting_a_plan_or_a_rate_there_is_no_number():
    edition = EditionFactory()
    user, act = organiser_of(edition), activity(edition)
    halls = line(act, 0)
    post(halls, "spent", 10, user, reference="I-1")
    none = {SURE: None, ALONE: None}
    assert (columns(edition, "burn_share"), columns(edition, "cost_a_held_meeting")) == (none, none)
    post(halls, "spent", 10, user, currency="EUR", reference="I-2")
    halls.planned = D(100)
    halls.save()
    assert columns(edition, "burn_share") == none


def test_what_is_missing_is_said():
    edition = EditionFactory()
    codes = ("spent", "income", "burn_share", "cost_a_held_meeting")
    assert {str(CATALOGUE[code].is_missing(edition)) for code in codes} == {"No payment is posted in the budget yet."}
    assert figures(edition, "spent") == []
    spend(edition)
    assert [str(CATALOGUE[code].is_missing(edition)) for code in codes] == ["", "", "", "No timetable is published yet."]
