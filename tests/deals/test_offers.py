"""Offers, counter-offers, memos: who may do what, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from factories import MeetingRequestFactory, ParticipantFactory
from negotiation import FIRST, LAST, table

from madang.deals.actions import offers
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Deal, DealStage, Document, DocumentState, Line, OpenDate
from madang.deals.queries.contents import LineWords, TermWords, content_of
from madang.deals.queries.deals import draft_mark, draft_of, next_kind
from madang.deals.rules import visible_deals, visible_documents
from madang.deals.tasks import EVERY_MINUTE
from madang.kit.editing import Overtaken
from madang.markets.models import LogEntry
from madang.meetings.tasks import tick
from madang.people.models import Block, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return table()


def states(deal):
    return list(deal.documents.order_by("number").values_list("number", "kind", "state", "company__code"))


def kinds_told(person):
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def test_a_sent_offer_says_what_was_written_and_the_other_side_is_told(at):
    offer = at.offered()
    assert content_of(Document.objects.get(pk=offer.pk)) == at.content()
    assert (offer.code, offer.number, offer.state, offer.deal.stage) == ("O0001", 1, "sent", "offer")
    assert kinds_told(at.buyer) == ["deal_offer"]
    assert kinds_told(at.seller) == []
    assert list(LogEntry.objects.order_by("pk").values_list("verb", "subject")) == [
        ("start_deal", "D0001"),
        ("send_document", "O0001"),
    ]


def test_a_draft_is_seen_by_its_side_alone_and_so_is_a_deal_that_is_only_begun(at):
    deal = at.deal()
    offers.save_draft(at.seller.user, deal, at.content(lines=()))
    offers.save_draft(at.seller.user, deal, at.content())
    assert states(deal) == [(1_000_000_000 + at.licensor.pk, "offer", "draft", "C-SEL")]
    assert (list(visible_deals(at.seller.user, at.edition)), list(visible_deals(at.buyer.user, at.edition))) == ([deal], [])
    offers.send_document(at.seller.user, deal, at.content())
    offers.save_draft(at.buyer.user, deal, at.content(note="mine"))
    assert visible_documents(at.seller.user, at.edition).count() == 1
    assert visible_documents(at.buyer.user, at.edition).count() == 2


def test_a_colleagues_draft_is_not_overwritten_unseen(at):
    deal, colleague = at.deal(), ParticipantFactory(edition=at.edition, company=at.licensor, is_seller=True)
    begun = draft_mark(offers.save_draft(at.seller.user, deal, at.content(note="first")))
    offers.save_draft(colleague.user, deal, at.content(note="second"), seen=begun)
    stands = draft_of(deal, at.licensor.pk)
    for actor, act in itertools.product((at.seller, colleague), (offers.save_draft, offers.send_document)):
        for seen in (begun, ""):
            with pytest.raises(Overtaken) as told:
                act(actor.user, deal, at.content(note="third"), seen=seen)
            assert (told.value.mark, told.value.who, told.value.at) == (draft_mark(stands), str(colleague), stands.created_at)
    assert draft_of(deal, at.licensor.pk).note == "second"
    assert offers.save_draft(at.seller.user, deal, at.content(note="second"), seen=begun).note == "second"
    now_seen = draft_mark(draft_of(deal, at.licensor.pk))
    assert offers.save_draft(at.seller.user, deal, at.content(note="third"), seen=now_seen).note == "third"


def test_a_dropped_draft_takes_an_unsaid_deal_with_it(at):
    deal = at.deal()
    offers.save_draft(at.seller.user, deal, at.content())
    offers.delete_draft(at.seller.user, deal)
    assert (Deal.objects.count(), Line.objects.filter(kind="licence").count()) == (0, 0)


def test_a_counter_offer_answers_and_becomes_the_next_version(at):
    offer = at.offered()
    lines = (replace(at.content().lines[0], territories="Belgium"),)
    counter = offers.send_document(at.buyer.user, offer.deal, at.content(lines=lines), answers=offer.pk)
    assert counter.answers == offer
    assert states(offer.deal) == [(1, "offer", "countered", "C-SEL"), (2, "offer", "sent", "C-BUY")]
    assert kinds_told(at.seller) == ["deal_counter"]
    with pytest.raises(DealRefused, match="The other side has done something meanwhile"):
        offers.send_document(at.seller.user, offer.deal, at.content(), answers=offer.pk)


def test_an_accepted_offer_leads_to_a_memo_and_a_memo_to_a_licence(at):
    offer = at.offered()
    steps = [next_kind(offer.deal, at.licensor.pk)]
    for _step in range(2):
        offers.accept_document(at.buyer.user, offer)
        offers.accept_document(at.buyer.user, offer)  # twice is once
        steps.append(next_kind(offer.deal, at.licensor.pk))
        offer = offers.send_document(at.seller.user, offer.deal, at.content())
    assert (steps, offer.kind) == ([None, "memo", "licence"], "licence")
    assert Deal.objects.get().stage == DealStage.MEMO
    assert kinds_told(at.seller) == ["deal_accepted", "deal_accepted"]


def test_values_follow_what_was_accepted(at):
    offers.accept_document(at.buyer.user, at.offered())
    found = Deal.objects.get().values.values_list("stage", "amount", "currency")
    assert list(found) == [("offer", Decimal(10000), "EUR")]


def test_declining_says_why_and_leaves_the_deal_open(at):
    offer = at.offered()
    offers.decline_document(at.buyer.user, offer, "Too dear.")
    assert (Document.objects.get(pk=offer.pk).answer, next_kind(offer.deal, at.licensee.pk)) == ("Too dear.", "offer")
    assert [notice.data["answer"] for notice in Notice.objects.filter(recipient=at.seller)] == ["Too dear."]
    with pytest.raises(DealRefused, match="This is not open any more: Declined"):
        offers.accept_document(at.buyer.user, offer)


def test_withdrawing_is_for_who_wrote_it(at):
    offer = at.offered()
    with pytest.raises(PermissionDenied):
        offers.withdraw_document(at.buyer.user, offer)
    offers.withdraw_document(at.seller.user, offer)
    assert states(offer.deal) == [(1, "offer", "withdrawn", "C-SEL")]
    assert kinds_told(at.buyer) == ["deal_offer", "deal_withdrawn"]


def test_the_clock_closes_what_nobody_answered(at):
    moment = at.edition.now() + dt.timedelta(hours=2)
    offer = at.offered(expires_at=moment)
    assert offers.expire_documents(at.edition, at.edition.now()) == 0
    assert offers.expire_documents(at.edition, moment) == 1
    assert offers.expire_documents(at.edition, moment) == 0
    assert states(offer.deal) == [(1, "offer", "expired", "C-SEL")]
    assert (kinds_told(at.buyer), kinds_told(at.seller)) == (["deal_offer", "deal_expired"], ["deal_expired"])


def test_a_deal_is_ended_with_a_reason_and_then_nothing_can_be_written(at):
    offer = at.offered()
    offers.end_deal(at.buyer.user, offer.deal, "No slot for it.")
    deal = Deal.objects.get()
    assert (deal.stage, deal.end_reason, states(deal)) == (
        "ended",
        "No slot for it.",
        [(1, "offer", "declined", "C-SEL")],
    )
    with pytest.raises(DealRefused, match="This deal has ended"):
        offers.send_document(at.seller.user, deal, at.content())


def test_strangers_and_the_sender_do_not_answer(at):
    offer, stranger = at.offered(), table()
    for user in (at.seller.user, stranger.buyer.user, stranger.seller.user):
        with pytest.raises(PermissionDenied):
            offers.accept_document(user, offer)
    assert Document.objects.get(pk=offer.pk).state == DocumentState.SENT


WRONG = {
    "no line": ({"lines": ()}, "Write at least one line"),
    "unknown territory": ({"territories": "Atlantis"}, "'Atlantis' is no territory we know"),
    "no window": ({"start": None}, "Say from when until when"),
    "window upside down": ({"end": dt.date(2025, 1, 1)}, "The last day is before the first one"),
    "a statement": ({"kind": "restriction", "reason": "reserve"}, "Write at least one line|Such a line is stated"),
}


@pytest.mark.parametrize(("change", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_sent_says_why_and_writes_nothing(at, change, words):
    deal = at.deal()
    lines = change.get("lines", tuple(replace(line, **change) for line in at.content().lines if "lines" not in change))
    with pytest.raises(DealRefused, match=words):
        offers.send_document(at.seller.user, deal, at.content(lines=lines))
    assert deal.documents.count() == 0


def test_instalments_come_to_the_amount(at):
    flat = at.content().terms[0]
    terms = (replace(flat, amount=Decimal(9000)), TermWords("share", percent=Decimal(5)))
    with pytest.raises(DealRefused, match="The instalments come to 10000 EUR, not to 9000 EUR"):
        at.offered(terms=terms)


def test_titles_of_others_are_refused(at):
    other = table()
    with pytest.raises(DealRefused, match="is not among the titles of the licensor"):
        at.offered(lines=(LineWords(other.title, "KR", "SVOD", start=FIRST, end=LAST),))


def test_only_the_licensor_keeps_others_out(at):
    offer, until = at.offered(), at.edition.now() + dt.timedelta(days=3)
    with pytest.raises(DealRefused, match="Only the licensor can keep others out"):
        offers.send_document(at.buyer.user, offer.deal, at.content(holds_until=until))


def test_open_dates_are_for_offers_not_for_licences(at):
    lines = (replace(at.content().lines[0], end=None, end_open=OpenDate.TBA),)
    with pytest.raises(DealRefused, match="A licence is not signed while a date is still to be agreed"):
        at.to_sign(lines=lines)


def test_the_sites_clock_closes_offers(at):
    offer = at.offered(expires_at=at.edition.now() + dt.timedelta(hours=2))
    assert tick(timezone.now() + dt.timedelta(hours=1), more=EVERY_MINUTE) == 0
    assert states(offer.deal)[0][2] == "sent"
    assert tick(timezone.now() + dt.timedelta(hours=3), more=EVERY_MINUTE) == 0
    assert states(offer.deal)[0][2] == "expired"


def test_a_meeting_of_others_is_not_where_a_deal_came_from(at):
    met = MeetingRequestFactory(edition=at.edition, receiver=at.seller)
    with pytest.raises(PermissionDenied):
        at.deal(request=met)


def test_a_company_that_blocked_yours_is_not_sent_offers(at):
    Block.objects.create(participant=at.buyer, company=at.licensor)
    with pytest.raises(DealRefused, match="does not do business with yours"):
        at.deal()
