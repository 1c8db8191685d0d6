"""Signing: by both, once, never what is sold already; what is signed is final."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from negotiation import table, third_party
from rights_rows import restrict, sold

from madang.deals.actions import offers
from madang.deals.actions.offers import accept_document, send_document
from madang.deals.actions.refusals import DealRefused
from madang.deals.actions.signing import sign_document
from madang.deals.models import Deal, Document, Signatory, SignedIsFinal
from madang.deals.queries.book import counting_lines, standing_of
from madang.deals.queries.texts import is_intact, signed_file
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return table()


def test_the_second_signature_makes_the_contract(at):
    licence = at.to_sign()
    first = sign_document(at.buyer.user, licence, name="  Camille   Lefèvre ")
    assert (first.state, first.deal.stage) == ("sent", "memo")
    assert sign_document(at.buyer.user, licence, name="Camille Lefèvre").signatures.count() == 1
    second = sign_document(at.seller.user, licence, name="Kim Minjun")
    assert (second.state, second.deal.stage, second.signed_at is not None) == ("signed", "licence", True)
    assert list(second.signatures.values_list("company__code", "name", "digest")) == [
        ("C-BUY", "Camille Lefèvre", licence.digest),
        ("C-SEL", "Kim Minjun", licence.digest),
    ]
    told = list(Notice.objects.filter(recipient=at.buyer).order_by("pk").values_list("kind", flat=True))
    assert told[-2:] == ["deal_to_sign", "deal_signed"]
    assert list(Deal.objects.get().values.filter(stage="contract").values_list("amount", "currency")) == [(10000, "EUR")]


def test_the_text_is_frozen_in_the_parties_languages_and_english(at):
    licence = at.signed()
    assert sorted(licence.texts) == ["en", "fr", "ko"]
    assert hashlib.sha256(signed_file(licence.texts)).hexdigest() == licence.digest
    at.title.name = "Another name"
    at.title.save()
    found = Document.objects.get(pk=licence.pk)
    assert (is_intact(found), "Harbour Lights" in found.texts["en"], "Another name" in found.texts["en"]) == (True, True, False)
    Document.objects.filter(pk=licence.pk).update(texts={**found.texts, "en": found.texts["en"].replace("10,000", "1,000")})
    assert is_intact(Document.objects.get(pk=licence.pk)) is False


def test_who_may_not_sign_does_not(at):
    licence = at.to_sign()
    stranger = table()
    Signatory.objects.filter(participant=at.seller).delete()
    for user in (at.seller.user, stranger.seller.user):
        with pytest.raises(PermissionDenied):
            sign_document(user, licence, name="X")
    with pytest.raises(DealRefused, match="Type your name to sign"):
        sign_document(at.buyer.user, licence, name=" ")
    assert licence.signatures.count() == 0


def test_of_two_who_sell_the_same_right_one_wins_and_the_other_reads_why(at):
    other = third_party(at)
    mine, theirs = at.to_sign(), other.to_sign()
    sign_document(at.buyer.user, mine, name="A")
    sign_document(other.buyer.user, theirs, name="B")
    sign_document(at.seller.user, mine, name="C")
    with pytest.raises(DealRefused) as refused:
        sign_document(at.seller.user, theirs, name="C")
    assert [(finding.code, str(finding.severity)) for finding in refused.value.findings] == [
        ("exclusivity", "error"),
        ("licensed_already", "error"),
    ]
    assert list(Document.objects.filter(kind="licence").order_by("pk").values_list("state", flat=True)) == ["signed", "sent"]


def test_what_is_sold_elsewhere_cannot_even_be_opened_for_signature(at):
    sold(at.licensor, at.title, "BE", "SVOD", exclusive=True)
    with pytest.raises(DealRefused, match="rights stand in the way") as refused:
        at.to_sign()
    assert {finding.code for finding in refused.value.findings} == {"exclusivity", "licensed_already"}


def test_a_first_refusal_is_cleared_before_anybody_signs(at):
    line = restrict(at.licensor, at.title, "first_refusal", "BE", "SVOD")
    licence = at.to_sign()
    with pytest.raises(DealRefused) as refused:
        sign_document(at.buyer.user, licence, name="A")
    assert [finding.code for finding in refused.value.findings] == ["clear_first"]
    with pytest.raises(PermissionDenied):
        offers.clear_right(at.buyer.user, licence.deal, line, "They do not mind.")
    offers.clear_right(at.seller.user, licence.deal, line, "They do not mind.")
    assert sign_document(at.buyer.user, licence, name="A").signatures.count() == 1


def test_a_signed_document_cannot_be_changed_or_deleted(at):
    licence = at.signed()
    for row in (licence, licence.lines.get(), licence.terms.first(), licence.terms.first().instalments.first()):
        with pytest.raises(SignedIsFinal):
            row.save()
        with pytest.raises(SignedIsFinal):
            row.delete()
    with pytest.raises(SignedIsFinal):
        licence.deliverables.get().save()
    with pytest.raises(DealRefused, match="This deal is signed"):
        offers.end_deal(at.seller.user, licence.deal, "")
    with pytest.raises(DealRefused, match="not open any more"):
        offers.withdraw_document(at.seller.user, licence)


def test_an_amendment_takes_the_place_of_its_licence(at):
    licence = at.signed()
    lines = (replace(at.content().lines[0], territories="BE"),)
    amendment = offers.send_document(at.seller.user, licence.deal, at.content(lines=lines))
    assert (amendment.kind, amendment.amends) == ("amendment", licence)
    assert counting_of(at.title) == [("licence", "Benelux"), ("amendment", "BE")]
    sign_document(at.buyer.user, amendment, name="A")
    sign_document(at.seller.user, amendment, name="B")
    assert counting_of(at.title) == [("amendment", "BE")]
    free_again = third_party(at).to_sign(lines=(replace(lines[0], territories="NL"),))
    assert free_again.state == "sent"


def counting_of(title):
    lines = counting_lines().filter(title=title).exclude(kind="grant").order_by("document__number")
    return [(line.document.kind, line.territories_said) for line in lines]


def test_offers_and_memos_that_led_to_a_licence_count_no_more(at):
    licence = at.signed()
    assert [line.document_id for line in counting_lines().filter(title=at.title, kind="licence")] == [licence.pk]


def test_a_package_is_signed_whole_or_not_at_all(at):
    from factories import TitleFactory

    other = TitleFactory(edition=at.edition, company=at.licensor)
    lines = (at.content().lines[0], replace(at.content().lines[0], title=other))
    with pytest.raises(DealRefused) as refused:
        at.to_sign(lines=lines)
    assert {(finding.new.title, finding.code) for finding in refused.value.findings} == {
        (other.pk, "not_owned"),
        (other.pk, "not_owned_exclusively"),
    }


def test_a_licence_that_the_buyer_wrote_keeps_nobody_out(at):
    content = at.content()
    offer = accept_document(at.buyer.user, send_document(at.seller.user, at.deal(), content))
    memo = accept_document(at.buyer.user, send_document(at.seller.user, offer.deal, content))
    theirs = send_document(at.buyer.user, memo.deal, content)
    assert str(standing_of(theirs)) == "draft"
    assert str(standing_of(Document.objects.get(pk=memo.pk))) == "pending"
