"""Pages of deals: who sees them, what they say, and that a longer list costs no more."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import MeetingRequestFactory, ParticipantFactory
from negotiation import table, third_party
from rights_rows import hold

from madang.deals.actions import offers
from madang.deals.models import Deal, Document
from madang.deals.queries.contents import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return table()


def page(client, person, name, *parts, data=None, **query):
    client.force_login(person.user)
    url = reverse(f"deals:{name}", args=[person.edition.slug, *parts])
    return client.get(url, query) if data is None else client.post(url, data)


def typed(**more):
    """What a browser posts for an offer of one line with one payment in two parts."""
    rows = {
        "lines-count": "1", "terms-count": "1", "parts-count": "2", "materials-count": "1",
        "lines-0-title": "W-1", "lines-0-what": "exclusive", "lines-0-territories": "Benelux", "lines-0-media": "SVOD",
        "lines-0-languages": "fr, nl", "lines-0-start_from": "day", "lines-0-start": "2026-01-01",
        "lines-0-end_from": "day", "lines-0-end": "2027-12-31", "lines-0-clause": "1",
        "terms-0-kind": "flat", "terms-0-amount": "10,000", "terms-0-currency": "eur",
        "parts-0-of": "1", "parts-0-amount": "4000", "parts-0-due": "signature",
        "parts-1-of": "1", "parts-1-amount": "6000", "parts-1-due": "date", "parts-1-due_on": "2026-03-01",
        "materials-0-what": "ProRes master", "conditions": "Clips of two minutes.",
    }  # fmt: skip
    return rows | more


def test_an_offer_is_written_kept_and_sent(client, at):
    deal = at.deal()
    assert page(client, at.seller, "write", deal.code).status_code == 200
    assert page(client, at.seller, "write", deal.code, data=typed(act="draft")).status_code == 302
    again = page(client, at.seller, "write", deal.code)
    assert (again.status_code, b"Clips of two minutes." in again.content) == (200, True)
    assert page(client, at.seller, "write", deal.code, data=typed(act="send", answers="0")).status_code == 302
    offer = Document.objects.get(kind="offer")
    content = content_of(offer)
    assert (offer.state, content.lines[0].territories, content.terms[0].currency, len(content.terms[0].instalments)) == (
        "sent",
        "Benelux",
        "EUR",
        2,
    )


def test_the_later_of_two_colleagues_reads_what_differs_and_takes_one_of_both(client, at):
    deal, colleague = at.deal(), ParticipantFactory(edition=at.edition, company=at.licensor, is_seller=True)
    opened = page(client, at.seller, "write", deal.code).context["seen"]
    theirs = typed(act="draft", seen=opened, **{"lines-0-what": "plain", "terms-0-amount": "10000.00"})
    assert page(client, colleague, "write", deal.code, data=theirs).status_code == 302
    more = {
        "lines-count": "2",
        **{name.replace("lines-0", "lines-1"): value for name, value in typed().items() if "lines-0" in name},
    }
    mine = typed(seen=opened, note="Mine", **more | {"lines-1-media": "AVOD"})
    adding = page(client, at.seller, "write", deal.code, data=mine | {"act": "add-materials"})
    assert adding.context["seen"] == opened
    for act in ("send", "draft"):
        told = page(client, at.seller, "write", deal.code, data=mine | {"act": act})
        assert (told.status_code, told.context["overtaken"].who, told.context["seen"]) == (422, str(colleague), opened)
        rows = {(row.label, row.theirs, row.mine) for row in told.context["overtaken_rows"]}
        assert {row for row in rows if not row[0].startswith("Line 2")} == {
            ("Line 1 · What it does", "Licence, not exclusive", "Exclusive licence"), ("A word to the other side", "", "Mine"),
        }  # fmt: skip
        assert {("Line 2 · Media", "", "AVOD"), ("Line 2 · Begins", "", "On a day")} < rows
        assert told.context["form"].rest["note"].value() == "Mine"
        assert f'<input type="hidden" name="act" value="{act}">'.encode() in told.content
    taken = page(client, at.seller, "write", deal.code)
    assert [row["what"].value() for row in taken.context["form"].lines] == ["plain"]
    over = mine | {"act": "draft", "mine": told.context["overtaken"].mark}
    assert page(client, at.seller, "write", deal.code, data=over).status_code == 302
    assert Document.objects.get(state="draft").note == "Mine"
    late = page(client, colleague, "write", deal.code, data=theirs | {"mine": told.context["overtaken"].mark})
    assert (late.status_code, late.context["overtaken"].who) == (422, str(at.seller))


def test_what_was_typed_is_kept_where_a_colleague_sent_meanwhile(client, at):
    deal = at.offered().deal
    late = page(client, at.seller, "write", deal.code, data=typed(act="send", note="Mine"))
    assert late.status_code == 422
    assert late.context["form"].errors[0][2].startswith(f"{at.seller} has sent something")
    assert b"Clips of two minutes." in late.content
    assert page(client, at.seller, "write", deal.code).status_code == 302
    offers.end_deal(at.seller.user, deal, "No")
    late = page(client, at.buyer, "write", deal.code, data=typed(act="send"))
    assert (late.status_code, late.context["form"].errors[0][2]) == (422, str(offers.NOT_NOW))


def test_rows_are_added_and_removed_without_losing_a_word(client, at):
    deal = at.deal()
    longer = page(client, at.seller, "write", deal.code, data=typed(act="add-lines"))
    assert (longer.status_code, len(longer.context["form"].lines)) == (200, 2)
    assert longer.context["form"].lines[1]["territories"].value() == "Benelux"
    shorter = page(client, at.seller, "write", deal.code, data=typed(act="drop-parts-0"))
    assert [row["amount"].value() for row in shorter.context["form"].parts] == ["6000"]
    assert shorter.context["form"].errors == []


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(client, at):
    deal = at.deal()
    wrong = typed(act="send", **{"lines-0-territories": "Atlantis", "parts-1-amount": "5000"})
    answer = page(client, at.seller, "write", deal.code, data=wrong)
    assert (answer.status_code, [label for _id, label, _error in answer.context["form"].errors]) == (422, ["Territories"])
    answer = page(client, at.seller, "write", deal.code, data=typed(act="send", **{"parts-1-amount": "5000"}))
    assert [error for _id, _label, error in answer.context["form"].errors] == [
        "The instalments of payment 1 come to 9000, not to 10000."
    ]
    assert b"ProRes master" in answer.content
    assert deal.documents.count() == 0


def test_what_is_typed_is_checked_against_rights(client, at):
    mine = at.signed()
    other = third_party(at).deal()
    answer = page(client, at.seller, "check", other.code, data=typed())
    assert answer.status_code == 200
    codes = [one.finding.code for _number, _row, findings, _read in answer.context["checks"] for one in findings]
    assert codes == ["exclusivity", "licensed_already"]
    assert mine.code not in answer.content.decode() or at.seller.company == mine.deal.licensor
    assert other.documents.count() == 0


def test_an_offer_over_what_is_sold_is_sent_by_who_knows_it(client, at):
    at.signed()
    other = third_party(at).deal()
    unaware = page(client, at.seller, "write", other.code, data=typed(act="send"))
    assert (unaware.status_code, [error for _id, _label, error in unaware.context["form"].errors]) == (
        422,
        ["Rights stand in the way. Change the lines, or say that you send it all the same."],
    )
    assert other.documents.count() == 0
    assert page(client, at.seller, "write", other.code, data=typed(act="send", aware="on")).status_code == 302


def test_no_contract_ends_in_the_year_9999(client, at):
    answer = page(client, at.seller, "write", at.deal().code, data=typed(act="send", **{"lines-0-end": "9999-12-31"}))
    assert [label for _id, label, _error in answer.context["form"].errors] == ["Last day"]


def test_a_buyer_reads_what_is_taken_and_never_by_whom(client, at):
    mine = at.signed()
    other = third_party(at)
    offer = other.offered()
    answer = page(client, other.buyer, "deal", offer.deal.code).content.decode()
    assert "Somebody else has this exclusively" in answer
    for word in (mine.code, mine.deal.code, at.licensee.name):
        assert word not in answer


def test_a_strangers_deal_is_not_there(client, at):
    offer, stranger = at.offered(), third_party(at).buyer
    for name, parts in [
        ("deal", ()),
        ("write", ()),
        ("document", (1,)),
        ("document_pdf", (1,)),
        ("changes", (1,)),
        ("sign", (1,)),
    ]:
        assert page(client, stranger, name, offer.deal.code, *parts).status_code == 404, name
    for name in ("accept", "withdraw_document", "decline", "sign"):
        assert page(client, stranger, name, offer.deal.code, 1, data={"reason": "x", "name": "x"}).status_code == 404, name


def test_answering_and_signing_by_hand(client, at):
    licence = at.to_sign()
    code, number = licence.deal.code, licence.number
    for person in (at.buyer, at.seller):
        read = page(client, person, "sign", code, number)
        assert (read.status_code, b"Your signature" in read.content) == (200, True)
        unread = page(client, person, "sign", code, number, data={"name": "N. N."})
        assert unread.status_code == 422
        assert page(client, person, "sign", code, number, data={"name": "N. N.", "read": "on"}).status_code == 302
    assert Document.objects.get(pk=licence.pk).state == "signed"
    assert Deal.objects.get().stage == "licence"


def test_who_lost_reads_why(client, at):
    other = third_party(at)
    mine, theirs = at.to_sign(), other.to_sign()
    for person, licence in ((at.buyer, mine), (at.seller, mine), (other.buyer, theirs)):
        answer = page(client, person, "sign", licence.deal.code, licence.number, data={"name": "N.", "read": "on"})
    assert answer.status_code == 409
    assert "This cannot be signed: rights stand in the way." in answer.content.decode()
    assert "Somebody else has this exclusively" in answer.content.decode()


def test_the_document_in_each_language_as_page_pdf_and_file(client, at):
    licence = at.signed()
    code, number = licence.deal.code, licence.number
    for language, word in (("en", "What is paid"), ("ko", ""), ("fr", "")):
        answer = page(client, at.buyer, "document", code, number, language=language)
        assert (answer.status_code, answer.context["language"], word in answer.content.decode()) == (200, language, True)
        pdf = page(client, at.buyer, "document_pdf", code, number, language=language)
        assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    file = page(client, at.buyer, "document_text", code, number)
    assert hashlib.sha256(file.content).hexdigest() == licence.digest


def test_what_a_party_wrote_never_looks_like_a_heading(client, at):
    licence = at.signed()
    blocks = page(client, at.buyer, "document", licence.deal.code, licence.number, language="en").context["blocks"]
    own = [cells for block in blocks if block.kind == "own" for cells in block.lines]
    assert own == [("# Not a heading",), ("The licensee may show clips of two minutes.",)]


def test_a_longer_list_costs_no_more_queries(client, at):
    at.offered()
    counts = []
    for _round in range(2):
        client.force_login(at.buyer.user)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("deals:deals", args=[at.edition.slug])).status_code == 200
        counts.append(len(queries))
        at.offered()
        at.offered()
    assert counts[0] == counts[1]


def test_the_strip_keeps_currencies_and_stages_apart(client, at):
    at.offered()
    at.signed()
    figures = page(client, at.buyer, "deals").context["figures"]
    assert [(str(stage), number, [(int(a), c) for a, c in amounts]) for stage, number, amounts in figures] == [
        ("offer", 1, [(10000, "EUR")]),
        ("licence", 1, [(10000, "EUR")]),
    ]


def test_a_new_deal_with_a_company(client, at):
    begun = page(client, at.seller, "new_deal", data={"side": "sell", "company": "C-BUY", "title": "W-1"})
    deal = Deal.objects.get()
    assert begun["Location"] == reverse("deals:write", args=[at.edition.slug, deal.code])
    assert (deal.licensor, deal.licensee, list(deal.titles.all())) == (at.licensor, at.licensee, [at.title])
    assert page(client, at.buyer, "new_deal", title="W-1").context["form"].initial["company"] == "C-SEL"


def test_with_whom_else_the_seller_only_talks_is_hers_alone(client, at):
    at.offered()
    other = third_party(at)
    offer = other.offered()
    codes = {
        person: [one.finding.code for one in page(client, person, "deal", offer.deal.code).context["findings"]]
        for person in (other.buyer, at.seller)
    }
    assert codes == {other.buyer: [], at.seller: ["exclusivity", "licensed_already"]}


def test_a_deal_begins_from_the_meeting_it_came_from(client, at):
    met = MeetingRequestFactory(edition=at.edition, sender=at.buyer, receiver=at.seller, title=at.title)
    form = page(client, at.buyer, "new_deal", request=met.code).context["form"]
    assert (form.initial["company"], form.initial["side"], form.initial["title"]) == ("C-SEL", "buy", "W-1")
    said = {"side": "buy", "company": "C-SEL", "title": "W-1", "request": met.code}
    assert page(client, at.buyer, "new_deal", data=said).status_code == 302
    assert (Deal.objects.get().request, list(Deal.objects.get().titles.all())) == (met, [at.title])


def test_an_answer_that_comes_after_the_end_is_refused_in_words(client, at):
    deal = at.deal()
    line = hold(at.licensor, at.title)
    Deal.objects.filter(pk=deal.pk).update(stage="ended")
    answer = page(client, at.seller, "clear", deal.code, line.pk, data={"answer": "They pass."})
    assert (answer.status_code, answer.url, deal.clearances.count()) == (302, deal.get_absolute_url(), 0)
    assert b"This deal has ended." in client.get(answer.url).content
