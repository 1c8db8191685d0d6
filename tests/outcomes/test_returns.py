"""Rates from asking to signing, forecasts, and what came back: as the kernel says, of rows that are counted right."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from factories import CompanyFactory, EditionFactory, MeetingRequestFactory, UserFactory
from negotiation import table
from round_rows import After, at
from visits import client_of, queries_of

from madang.kernels.impact import funnel, rate
from madang.meetings.models import RequestStatus
from madang.outcomes.models import Accounts, Activity, Benefit, BudgetLine, Posting, Rate
from madang.outcomes.queries.chain import STAGES, stage_counts
from madang.outcomes.queries.returns import edition_before, forecasts, funnel_of, return_of

pytestmark = pytest.mark.django_db


def test_each_request_counts_as_far_as_it_came_by_its_buyer():
    at_table = table()
    after = After.of(at_table)
    licence = at_table.signed()
    held = after.met(at_table.buyer, at_table.seller)
    licence.deal.request = held
    licence.deal.save()
    other = after.person("Other", is_buyer=True)
    after.met(at_table.seller, other, held=False)  # the seller asked: the buyer still is the other one
    for status in (RequestStatus.DECLINED, RequestStatus.DRAFT):
        MeetingRequestFactory(
            edition=at_table.edition, sender=other, receiver=after.person("Seller", is_seller=True), status=status
        )
    assert stage_counts(at_table.edition) == [[1, 2], [1, 1], [1, 1], *[[1, 0]] * 4]
    found = funnel_of(at_table.edition)
    assert [number for _words, number in found.totals] == [3, 2, 2, 1, 1, 1, 1]
    assert [row.step for row in found.steps] == list(funnel(list(STAGES), stage_counts(at_table.edition)))
    assert found.steps[0].step.rate == rate([1, 1], [1, 2])
    assert (found.earlier, found.steps[0].gain) == (None, None)


def test_an_edition_without_requests_has_no_funnel_and_no_return():
    edition = EditionFactory()
    assert (funnel_of(edition), forecasts(edition), edition_before(edition)) == (None, [], None)
    assert str(return_of(edition).why).startswith("No benefit is stated yet")


def test_the_edition_before_is_beside_it_and_the_next_is_forecast():
    after = After(buyers=3)
    earlier = EditionFactory(market=after.edition.market, starts_on=dt.date(2024, 5, 28), ends_on=dt.date(2024, 5, 30))
    MeetingRequestFactory(edition=earlier, status=RequestStatus.DECLINED)
    found = funnel_of(after.edition)
    assert (found.earlier, found.steps[0].gain.estimate) == (earlier, 1.0)
    rows = forecasts(after.edition)
    assert [row.past[-1][1] for row in rows] == [3, 3, 3, 0]
    assert [row.past[0][1] for row in rows] == [1, 0, 0, 0]
    larger = forecasts(after.edition, 300)
    assert larger[2].next.mean > 20 * rows[2].next.mean


def costs(edition, spent="100", planned="100", currency="KRW") -> None:
    Accounts.objects.create(edition=edition, currency="KRW")
    activity = Activity.objects.create(edition=edition, code="A", name="Meetings")
    line = BudgetLine.objects.create(
        edition=edition, activity=activity, code="L", name="Hall", planned=planned, currency=currency
    )
    if Decimal(spent):
        Posting.objects.create(line=line, kind="spent", amount=spent, currency=currency, on=edition.starts_on, by=UserFactory())


def benefit(edition, central="200", currency="KRW", **facts) -> Benefit:
    usual = {
        "name": "Licences", "kind": "licences", "low": "100", "high": "400", "share_low": "0.1", "share_central": "0.5",
        "share_high": "1", "source": "Values of deals",
    }  # fmt: skip
    return Benefit.objects.create(edition=edition, central=central, currency=currency, **usual | facts)


def test_a_return_is_low_to_high_with_what_is_not_attributable():
    edition = EditionFactory()
    costs(edition)
    benefit(edition)
    came = return_of(edition)
    assert (came.found.roi.low, came.found.roi.central, came.found.roi.high) == (-0.9, 0.0, 3.0)
    assert (came.found.rest_share, came.found.not_attributable.central, came.why) == (0.5, 100.0, "")


@pytest.mark.parametrize(
    ("spent", "why"), [("0", "Nothing is spent yet"), ("100", "")]
)  # fmt: skip
def test_nothing_spent_is_no_return(spent, why):
    edition = EditionFactory()
    costs(edition, spent=spent)
    benefit(edition)
    assert str(return_of(edition).why).startswith(why)
    assert (return_of(edition).found.roi is None) == bool(why)


def test_a_currency_without_a_rate_is_left_out_and_named():
    edition = EditionFactory()
    costs(edition)
    euro = benefit(edition, currency="EUR")
    came = return_of(edition)
    assert (came.left_out, came.found.gross.high) == ([euro], 0.0)
    Rate.objects.create(edition=edition, currency="EUR", rate=Decimal(1500), on=edition.starts_on, source="Bank of Korea")
    assert return_of(edition).found.gross.high == 600_000.0


def test_a_benefit_is_stated_in_order_and_logged():
    after = After(plan=False)
    client, path = client_of(after.organiser), f"/e/{after.edition.slug}/desk/outcomes/returns/new/"
    sent = {
        "name": "x" * 200, "kind": "other", "currency": "KRW", "low": "5", "central": "4", "high": "6", "share_low": "10",
        "share_central": "20", "share_high": "101", "source": "Somebody",
    }  # fmt: skip
    bad = client.post(path, sent)
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"central", "share_high"})
    assert client.post(path, sent | {"low": "9" * 25}).status_code == 422
    assert client.post(path, sent | {"low": "1", "share_high": "33.3"}).status_code == 302
    row = Benefit.objects.get(edition=after.edition)
    assert (row.low, row.share_high) == (Decimal(1), Decimal("0.333"))
    assert client.get(f"/e/{after.edition.slug}/desk/outcomes/returns/{row.pk}/").context["form"]["share_high"].value() == "33.3"
    assert client.post(f"/e/{after.edition.slug}/desk/outcomes/returns/{row.pk}/remove/").status_code == 302
    assert list(after.edition.log.order_by("pk").values_list("verb", flat=True)) == ["state_benefit", "remove_benefit"]
    assert client.get(f"/e/{after.edition.slug}/desk/outcomes/returns/{'9' * 25}/").status_code == 404


def test_pages_take_as_many_queries_for_one_as_for_three():
    counts = []
    for number in (1, 3):
        after = After(buyers=number)
        for each in range(number):
            benefit(after.edition, name=f"Benefit {each}")
            CompanyFactory(edition=after.edition)
        at(after.edition, "2025-08-30")
        counts.append([queries_of(after.organiser, f"outcomes:{name}", after.edition) for name in ("funnel", "returns")])
    assert counts[0] == counts[1]
