"""Values on pages: two presses on a phone, a private file, figures down to their rows, and back from a meeting."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from factories import MeetingRequestFactory, ParticipantFactory, UserFactory
from hall import hall
from negotiation import table
from openpyxl import load_workbook
from visits import client_of, get, post, queries_of

from madang.deals.actions.evidence import add_evidence
from madang.deals.actions.values import confirm_value, dispute_value, estimate_value, state_value, withdraw_value
from madang.deals.models import Deal, DealStage, Value, ValueStage
from madang.deals.queries.values import Certainty, meeting_outcomes, stated_values
from madang.markets.models import Stage
from madang.meetings.models import Attendee
from madang.people.models import Notice
from madang.people.notices import notice_text, notice_url

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 made up"


@pytest.fixture
def yard(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    yard = table()
    deal = yard.deal()
    Deal.objects.update(stage=DealStage.OFFER)
    deal.refresh_from_db()
    yard.more |= {"deal": deal, "organiser": UserFactory(name="Organiser")}
    yard.edition.market.organisers.add(yard.more["organiser"])
    return yard


def state(yard, amount="12000.50", currency="EUR", stage="contract"):
    return state_value(yard.seller.user, yard.more["deal"], stage=stage, amount=Decimal(amount), currency=currency)


def words(user, name, edition, *args, **query):
    return get(user, name, edition, *args, **query).content.decode()


def test_two_presses_confirm_a_value(yard):
    value = state(yard)
    told = Notice.objects.get(recipient=yard.buyer)
    address = reverse("deals:value", args=[yard.edition.slug, value.pk])
    assert notice_url(told, yard.edition.slug) == address
    assert "EUR 12,000.50 (D0001). Is it right?" in notice_text(told)
    assert reverse("deals:confirm_value", args=[yard.edition.slug, value.pk]) in words(
        yard.buyer.user, "deals:value", yard.edition, value.pk
    )
    assert "One value waits for your word." in words(yard.buyer.user, "deals:values", yard.edition)
    assert post(yard.buyer.user, "deals:confirm_value", yard.edition, value.pk, back="values").url == reverse(
        "deals:values", args=[yard.edition.slug]
    )
    assert [row.company for row in value.confirmations.all()] == [yard.licensor, yard.licensee]
    assert "waits for your word" not in words(yard.buyer.user, "deals:values", yard.edition)


def test_a_value_is_stated_on_a_form_with_its_evidence(yard):
    me, deal = yard.seller.user, yard.more["deal"]
    plain = {"stage": "contract", "amount": "12,000.50", "currency": "eur", "note": "Two years"}
    for wrong in ({"amount": "-1"}, {"amount": "x"}, {"currency": "EURO"}, {"currency": "ZZZ"}, {"stage": "gift"}):
        answer = post(me, "deals:state_value", yard.edition, deal.code, **(plain | wrong))
        assert (answer.status_code, "Two years" in answer.content.decode()) == (422, True)
    assert (
        post(me, "deals:state_value", yard.edition, deal.code, **plain, file=SimpleUploadedFile("a.pdf", b"<html>")).status_code
        == 422
    )
    assert Value.objects.count() == 0
    answer = post(
        me, "deals:state_value", yard.edition, deal.code, **plain, file=SimpleUploadedFile("a.pdf", PDF), reference="No. 5"
    )
    value = Value.objects.get()
    assert answer.url == reverse("deals:value", args=[yard.edition.slug, value.pk])
    assert (value.amount, value.currency, value.note) == (Decimal("12000.50"), "EUR", "Two years")
    assert (value.evidence.get().file_name, value.evidence.get().reference) == ("a.pdf", "No. 5")
    again = post(yard.buyer.user, "deals:state_value", yard.edition, deal.code, **plain)
    assert (again.status_code, "Blue Hour Sales has stated EUR 12,000.50" in again.content.decode()) == (422, True)


def test_french_amounts_are_read_as_they_are_written_there(yard):
    client = client_of(yard.buyer.user)
    client.cookies["django_language"] = "fr"
    address = reverse("deals:state_value", args=[yard.edition.slug, yard.more["deal"].code])
    assert client.post(address, {"stage": "memo", "amount": "1\u202f200,50", "currency": "EUR"}).status_code == 302
    assert Value.objects.get().amount == Decimal("1200.50")


def test_dispute_and_state_anew_on_pages(yard):
    value = state(yard)
    assert post(yard.buyer.user, "deals:dispute_value", yard.edition, value.pk, reason="").status_code == 422
    post(yard.buyer.user, "deals:dispute_value", yard.edition, value.pk, reason="We said 9,000")
    assert "Kanal Nord disputes it: “We said 9,000”" in words(yard.seller.user, "deals:value", yard.edition, value.pk)
    assert get(yard.buyer.user, "deals:restate_value", yard.edition, value.pk).status_code == 404
    answer = post(yard.seller.user, "deals:restate_value", yard.edition, value.pk, amount="9000", currency="EUR")
    page = client_of(yard.seller.user).get(answer.url).content.decode()
    assert ("EUR 9,000" in page, "EUR 12,000.50" in page) == (True, True)
    assert "This was replaced." in words(yard.seller.user, "deals:value", yard.edition, value.pk)
    post(yard.seller.user, "deals:withdraw_value", yard.edition, Value.objects.latest("pk").pk)
    assert "It was withdrawn" in words(yard.buyer.user, "deals:value", yard.edition, Value.objects.latest("pk").pk)


def test_a_file_is_given_to_parties_and_organisers_alone_and_never_shown_as_a_page(yard):
    proof = add_evidence(yard.seller.user, state(yard), file=SimpleUploadedFile("계약.pdf", PDF))
    for user in (yard.seller.user, yard.buyer.user, yard.more["organiser"]):
        answer = get(user, "deals:evidence", yard.edition, proof.pk)
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PDF, "application/pdf")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    stranger = ParticipantFactory(edition=yard.edition, is_buyer=True).user
    assert get(stranger, "deals:evidence", yard.edition, proof.pk).status_code == 404
    assert get(None, "deals:evidence", yard.edition, proof.pk).status_code == 302
    assert get(yard.seller.user, "deals:evidence", yard.edition, 2**63).status_code == 404


def test_strangers_find_nothing(yard):
    value = state(yard)
    stranger = ParticipantFactory(edition=yard.edition, is_seller=True).user
    for name in ("deals:value", "deals:restate_value"):
        assert get(stranger, name, yard.edition, value.pk).status_code == 404
    for name in ("deals:confirm_value", "deals:dispute_value", "deals:withdraw_value", "deals:add_evidence"):
        assert post(stranger, name, yard.edition, value.pk, reason="x").status_code == 404
    assert get(stranger, "deals:state_value", yard.edition, "D0001").status_code == 404
    for name in ("deals:figures", "deals:figure_rows", "deals:figures_csv", "deals:figures_xlsx"):
        for user in (stranger, yard.seller.user):
            assert get(user, name, yard.edition).status_code == 404
    guest = ParticipantFactory(edition=yard.edition, is_guest=True).user
    assert get(guest, "deals:values", yard.edition).status_code == 404


def test_a_paid_instalment_is_filled_in(yard):
    licence = yard.signed()
    part = licence.terms.first().instalments.first()
    page = words(yard.buyer.user, "deals:state_value", yard.edition, licence.deal.code, instalment=part.pk)
    assert 'value="4,000"' in page
    assert "Instalment 1: On signature" in page


def test_figures_open_into_rows_and_files(yard):
    first = state(yard)
    add_evidence(yard.seller.user, first, reference="=1+1")
    confirm_value(yard.buyer.user, first)
    dispute_value(yard.buyer.user, state(yard, "7", stage="offer"), reason="No")
    withdraw_value(yard.seller.user, state(yard, "3", stage="memo"))
    organiser = yard.more["organiser"]
    page = words(organiser, "deals:figures", yard.edition)
    assert ("EUR 12,000.50" in page, "EUR 7" in page, "EUR 3<" in page) == (True, True, False)
    assert "certainty=confirmed" in page
    rows = words(organiser, "deals:figure_rows", yard.edition, stage="contract", currency="EUR", certainty="confirmed")
    assert ("One value" in rows, "=1+1" in rows, "EUR 7" in rows) == (True, True, False)
    content = get(organiser, "deals:figures_csv", yard.edition).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    day = str(first.stated_at.astimezone(yard.edition.zone).date())
    parties = "Blue Hour Sales, Kanal Nord"
    both = f"Blue Hour Sales ({day}); Kanal Nord ({day})"
    assert sorted(lines[1:]) == [
        ["Contract value", "EUR", "12000.50", "Confirmed by all parties", "D0001", parties, "Blue Hour Sales", day, both,
         "", "", "'=1+1", "", "", ""],
        ["Offered", "EUR", "7.00", "Disputed", "D0001", parties, "Blue Hour Sales", day, f"Blue Hour Sales ({day})",
         f"Kanal Nord ({day})", "", "", "", "", ""],
    ]  # fmt: skip
    book = load_workbook(io.BytesIO(get(organiser, "deals:figures_xlsx", yard.edition, stage="offer").content))
    assert [cell.value for cell in book.active[2]][:5] == ["Offered", "EUR", 7, "Disputed", "D0001"]


def test_figures_take_as_many_queries_for_three_as_for_one(yard):
    add_evidence(yard.seller.user, state(yard, currency="KRW"), reference="x")
    confirm_value(yard.buyer.user, state(yard))
    organiser = yard.more["organiser"]
    names = [(organiser, "deals:figures"), (organiser, "deals:figure_rows"), (organiser, "deals:figures_csv")]
    names.append((yard.buyer.user, "deals:values"))
    one = [queries_of(user, name, yard.edition) for user, name in names]
    for stage in ("paid", "memo", "offer"):
        add_evidence(yard.seller.user, state(yard, stage=stage), reference="x")
    assert [queries_of(user, name, yard.edition) for user, name in names] == one


def test_the_deal_page_shows_its_values_and_warns(yard):
    state(yard, "100")
    state(yard, "150", stage="paid")
    page = words(yard.buyer.user, "deals:deal", yard.edition, yard.more["deal"].code)
    assert "EUR 150 is stated as paid, which is more than the contract value of EUR 100." in page


def test_an_estimate_belongs_to_a_meeting_or_a_deal(yard):
    organiser = yard.more["organiser"]
    asked = MeetingRequestFactory(edition=yard.edition)
    plain = {"stage": "consultation", "amount": "1000", "currency": "USD"}
    assert get(organiser, "deals:estimate_deal", yard.edition, "D0001").status_code == 404  # nothing was stated of it
    state(yard)
    for name, code in (("deals:estimate_meeting", asked.code), ("deals:estimate_deal", "D0001")):
        assert get(yard.seller.user, name, yard.edition, code).status_code == 404
        assert post(organiser, name, yard.edition, code, **(plain | {"amount": ""})).status_code == 422
        assert post(organiser, name, yard.edition, code, **plain).status_code == 302
    found = Value.objects.filter(company=None).order_by("pk")
    assert [(row.request, row.deal) for row in found] == [(asked, None), (None, yard.more["deal"])]
    assert "USD 1,000" not in words(yard.seller.user, "deals:values", yard.edition)
    post(organiser, "deals:drop_estimate", yard.edition, found[0].pk)
    assert Value.objects.filter(withdrawn_at__isnull=False).get() == found[0]


@pytest.fixture
def market():
    """A buyer and a seller met; the market is over."""
    market = hall(people=2, stage=Stage.LIVE)
    market.ask(0, 0)
    market.publish((0, 0, 0))
    market.at(3)
    return market


def test_a_figure_leads_back_to_a_meeting_that_was_held(market):
    value = estimate_value(market.organiser, market.requests[0], stage=ValueStage.CONSULTATION, amount=Decimal(5), currency="EUR")
    found = stated_values(Value.objects.all())
    assert (found[0].certainty, meeting_outcomes(market.edition, found)) == (
        Certainty.ESTIMATE,
        {market.requests[0].pk: "silent"},
    )
    Attendee.objects.filter(request=market.requests[0]).update(checked_in_at=market.edition.now())
    assert meeting_outcomes(market.edition, found) == {market.requests[0].pk: "held"}
    page = words(market.organiser, "deals:value", market.edition, value.pk)
    assert reverse("meetings:meeting", args=[market.edition.slug, market.requests[0].code]) in page
    assert "Held" in page


def test_a_meeting_shows_its_deals_to_their_companies_and_begins_them(market):
    asked = market.requests[0]
    seller, buyer = market.sellers[0], market.buyers[0]
    deal = Deal.objects.create(
        edition=market.edition, code="D0001", licensor=seller.company, licensee=buyer.company, request=asked,
        opened_by=seller, stage=DealStage.OFFER,
    )  # fmt: skip
    for person in (seller, buyer):
        page = words(person.user, "meetings:meeting", market.edition, asked.code)
        assert f'href="{deal.get_absolute_url()}"' in page
        assert f"{reverse('deals:new_deal', args=[market.edition.slug])}?request={asked.code}" in page
    page = words(market.organiser, "meetings:meeting", market.edition, asked.code)
    assert deal.get_absolute_url() not in page
    assert reverse("deals:estimate_meeting", args=[market.edition.slug, asked.code]) in page


def test_an_offer_that_is_coming_is_made_from_the_follow_ups(market):
    from madang.meetings.actions.held import say_outcome
    from madang.meetings.models import Meeting

    meeting = Meeting.objects.select_related("request__edition", "slot").get(request=market.requests[0])
    say_outcome(market.sellers[0].user, meeting, "offer")
    address = reverse("meetings:meeting", args=[market.edition.slug, market.requests[0].code])
    assert f"{address}#deals" in words(market.sellers[0].user, "meetings:follow_ups", market.edition)
