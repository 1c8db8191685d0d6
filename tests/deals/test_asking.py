"""Asking for terms: who may, about what, once for each pair and title; whom it tells."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from factories import EditionFactory, MandateFactory, MeetingRequestFactory, ParticipantFactory, TitleFactory
from visits import get, post

from madang.deals.actions.asking import AlreadyAsked, ask_terms
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Deal, DealStage
from madang.deals.rules import answered_titles, may_ask_terms, visible_deals, visible_sellers
from madang.markets.models import LogEntry, Stage
from madang.people.models import Block, Notice
from madang.people.notices import notice_text, notice_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    edition = EditionFactory()
    seller = ParticipantFactory(edition=edition, is_seller=True)
    buyer = ParticipantFactory(edition=edition, is_buyer=True, company__name="Canal Trois", given_name="Camille", family_name="L")
    titles = [TitleFactory(edition=edition, company=seller.company, name=f"Yard {n}") for n in range(2)]
    return edition, seller, buyer, titles


def test_a_question_opens_a_deal_and_tells_the_seller(market):
    edition, seller, buyer, titles = market
    mandate = MandateFactory(edition=edition, buyer=buyer)
    meeting = MeetingRequestFactory(edition=edition, sender=buyer, receiver=seller)
    deal = ask_terms(buyer.user, edition, titles, ask=" SVOD in France? ", mandate=mandate, request=meeting)
    assert (deal.stage, deal.licensor, deal.licensee) == (DealStage.ASKED, seller.company, buyer.company)
    assert (deal.ask, deal.mandate, deal.request, deal.opened_by) == ("SVOD in France?", mandate, meeting, buyer)
    assert list(deal.titles.order_by("pk")) == titles
    told = Notice.objects.get(kind="deal_asked")
    assert told.recipient == seller
    assert notice_text(told) == "Camille L, Canal Trois asks you for terms: Yard 0 +1."
    assert notice_url(told, edition.slug) == deal.get_absolute_url()
    line = LogEntry.objects.get(verb="ask_terms")
    assert (line.subject, line.details, line.actor) == (deal.code, {"titles": [t.code for t in titles]}, buyer.user)
    assert [visible_deals(one.user, edition).count() for one in (seller, buyer)] == [1, 1]


def test_once_for_each_pair_and_title(market):
    edition, _seller, buyer, titles = market
    first = ask_terms(buyer.user, edition, titles[:1], ask="Terms?")
    colleague = ParticipantFactory(edition=edition, is_buyer=True, company=buyer.company)
    for actor in (buyer, colleague):
        with pytest.raises(AlreadyAsked) as refused:
            ask_terms(actor.user, edition, titles, ask="Terms?")
        assert refused.value.deal == first
    other = ParticipantFactory(edition=edition, is_buyer=True)
    assert ask_terms(other.user, edition, titles[:1], ask="Terms?").code != first.code
    assert ask_terms(buyer.user, edition, titles[1:], ask="Terms?").code != first.code
    for stage, may in ((DealStage.MEMO, False), (DealStage.LICENCE, True), (DealStage.ENDED, True)):
        Deal.objects.filter(pk=first.pk).update(stage=stage)
        page = get(buyer.user, "deals:ask", edition, titles[0].code)
        assert (page.status_code == 200, page.headers.get("Location", "")) == (may, "" if may else first.get_absolute_url())


def test_titles_of_several_sellers_and_no_words_are_refused(market):
    edition, _seller, buyer, titles = market
    foreign = TitleFactory(edition=edition)
    with pytest.raises(DealRefused, match="several sellers"):
        ask_terms(buyer.user, edition, [*titles, foreign], ask="Terms?")
    with pytest.raises(DealRefused, match="Say what you would like"):
        ask_terms(buyer.user, edition, titles, ask="  ")
    assert Deal.objects.count() == 0


def test_what_is_not_ones_own_is_refused(market):
    edition, seller, buyer, titles = market
    foreign = MeetingRequestFactory(edition=edition, receiver=seller)
    for wrong in ({"mandate": MandateFactory(edition=edition)}, {"request": foreign}):
        with pytest.raises(PermissionDenied):
            ask_terms(buyer.user, edition, titles, ask="Terms?", **wrong)
    assert Deal.objects.count() == 0


def test_who_may_ask(market):
    edition, seller, buyer, titles = market
    blocked = ParticipantFactory(edition=edition, is_buyer=True)
    Block.objects.create(participant=blocked, company=seller.company)
    unwanted = ParticipantFactory(edition=edition, is_buyer=True)
    Block.objects.create(participant=seller, company=unwanted.company)
    people = {
        "buyer": buyer,
        "buyer who blocked the seller": blocked,
        "buyer whom the seller blocked": unwanted,
        "colleague who buys": ParticipantFactory(edition=edition, is_buyer=True, company=seller.company),
        "seller": ParticipantFactory(edition=edition, is_seller=True),
        "guest": ParticipantFactory(edition=edition, is_guest=True),
        "buyer without a company": ParticipantFactory(edition=edition, is_buyer=True, company=None),
    }
    ruled = {role: may_ask_terms(person.user, titles[0]) for role, person in people.items()}
    assert ruled == dict.fromkeys(people, False) | {"buyer": True}
    told = {role: answered_titles(person.user, edition).filter(pk=titles[0].pk).exists() for role, person in people.items()}
    assert told == dict.fromkeys(people, False) | {"buyer": True, "colleague who buys": True}
    sheets = {role: visible_sellers(one.user, edition).filter(pk=seller.company_id).exists() for role, one in people.items()}
    outside = {"guest", "buyer who blocked the seller", "buyer whom the seller blocked"}
    assert sheets == {role: role not in outside for role in people}
    opened = {role: get(one.user, "deals:ask", edition, titles[0].code).status_code == 200 for role, one in people.items()}
    assert opened == ruled
    for role, person in people.items():
        if not ruled[role]:
            with pytest.raises(PermissionDenied):
                ask_terms(person.user, edition, titles[:1], ask="Terms?")
    edition.stage = Stage.PREPARATION
    edition.save()
    assert not may_ask_terms(buyer.user, titles[0])


def test_the_page_brings_the_question_and_sends_it(market):
    edition, seller, buyer, titles = market
    MandateFactory(edition=edition, buyer=buyer, code="M1")
    meeting = MeetingRequestFactory(edition=edition, sender=seller, receiver=buyer, title=titles[0])
    query = {"territories": "FR", "media": "SVOD", "start": "2026-01-01", "end": "2026-12-31", "exclusive": "on", "mandate": "M1"}
    form = get(buyer.user, "deals:ask", edition, titles[0].code, **query).context["form"]
    assert form.initial == {
        "ask": "What are your terms for these rights? France · SVOD · 1 Jan 2026 to 31 Dec 2026 · exclusively",
        "mandate": "M1",
        "request": meeting.code,
    }
    empty = post(buyer.user, "deals:ask", edition, titles[0].code, ask="", mandate="M1")
    assert (empty.status_code, empty.context["form"].errors) == (422, {"ask": ["This field is required."]})
    said = {"ask": "Terms?", "mandate": "M1", "request": meeting.code, "titles": [titles[1].code]}
    sent = post(buyer.user, "deals:ask", edition, titles[0].code, **said)
    deal = Deal.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (302, deal.get_absolute_url())
    assert (deal.ask, deal.mandate.code, deal.request, deal.titles.count()) == ("Terms?", "M1", meeting, 2)
