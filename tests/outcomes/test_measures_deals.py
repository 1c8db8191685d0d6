"""Measures of deals and of the programme, and what stands behind their rows."""

from decimal import Decimal

import pytest
from door_rows import badge_for, event_in
from factories import HallFactory, ParticipantFactory, UserFactory
from negotiation import table, third_party
from outcome_rows import ALONE, GUESS, SURE, columns, figures, market, missed, seen

from madang.deals.actions.evidence import add_evidence
from madang.deals.actions.offers import accept_document, send_document, withdraw_document
from madang.deals.actions.signing import sign_document
from madang.deals.actions.values import confirm_value, dispute_value, estimate_value, restate_value, state_value, withdraw_value
from madang.deals.models import Document
from madang.door.models import Admission, Vote
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.queries.evidence import EVIDENCE, evidence_of
from madang.people.models import SeenBy

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard():
    yard = table()
    yard.more["organiser"] = UserFactory(name="Organiser")
    yard.edition.market.organisers.add(yard.more["organiser"])
    return yard


def counts(yard):
    return {code: columns(yard.edition, code) for code in ("offers", "memos", "licences")}


def test_a_deal_counts_once_at_each_stage_whatever_was_countered(yard):
    content = yard.content()
    first = send_document(yard.seller.user, yard.deal(), content)
    assert counts(yard) == {"offers": {SURE: 0, ALONE: 1}, "memos": {SURE: 0, ALONE: 0}, "licences": {SURE: 0, ALONE: 0}}
    counter = send_document(yard.buyer.user, first.deal, content)
    assert counts(yard)["offers"] == {SURE: 0, ALONE: 1}
    memo = send_document(yard.seller.user, accept_document(yard.seller.user, counter).deal, content)
    assert counts(yard) == {"offers": {SURE: 1, ALONE: 0}, "memos": {SURE: 0, ALONE: 1}, "licences": {SURE: 0, ALONE: 0}}
    licence = send_document(yard.seller.user, accept_document(yard.buyer.user, memo).deal, content)
    assert counts(yard)["licences"] == {SURE: 0, ALONE: 0}  # nobody has signed it
    sign_document(yard.buyer.user, licence, name="Camille Lefèvre")
    assert counts(yard)["licences"] == {SURE: 0, ALONE: 1}
    sign_document(yard.seller.user, licence, name="Kim Minjun")
    assert counts(yard) == {"offers": {SURE: 1, ALONE: 0}, "memos": {SURE: 1, ALONE: 0}, "licences": {SURE: 1, ALONE: 0}}


def test_a_withdrawn_offer_was_not_made(yard):
    withdraw_document(yard.seller.user, yard.offered())
    assert counts(yard)["offers"] == {SURE: 0, ALONE: 0}
    assert str(CATALOGUE["offers"].is_missing(yard.edition)) == ""


def test_the_parties_of_a_deal_are_named_once_they_stated_a_value(yard):
    """The organiser reads figures, not deals."""
    offer = yard.offered()
    (row,) = figures(yard.edition, "offers")[0].rows
    assert set(row.facts) == {"deal", "number", "document", "state", "sent_at", "country", "other_country"} - {""}
    assert evidence_of(yard.more["organiser"], yard.edition, "document", offer.code).link == ""
    accept_document(yard.buyer.user, offer)
    (row,) = figures(yard.edition, "offers")[0].rows
    assert (row.facts["licensor"], row.facts["licensee"]) == ("C-SEL", "C-BUY")


def test_a_signed_contract_is_confirmed_by_both_with_the_document_as_evidence(yard):
    licence = yard.signed()
    (figure,) = figures(yard.edition, "contract_value")
    assert (figure.currency, dict(figure.columns)) == ("EUR", {SURE: 10000, ALONE: 0, GUESS: 0})
    (row,) = figure.rows
    facts = row.facts
    assert (facts["deal"], facts["document"], facts["country"]) == (licence.deal.code, licence.code, "BE")
    assert [one.split(" ")[0] for one in facts["confirmed_by"].split("; ")] == ["C-SEL", "C-BUY"]
    evidence = evidence_of(yard.more["organiser"], yard.edition, "value", row.key)
    assert [(one.who, one.how) for one in evidence.said] == [
        ("Blue Hour Sales", "stated it"), ("Blue Hour Sales", "confirms it"), ("Kanal Nord", "confirms it"),
    ]  # fmt: skip
    assert evidence.words == "Confirmed by all parties"
    assert [one.text for one in evidence.proofs] == [f"{licence.code} · SHA-256 {facts['evidence'].split()[-1]}"]
    signed = evidence_of(yard.more["organiser"], yard.edition, "document", Document.objects.get(pk=licence.pk).code)
    assert [one.how for one in signed.said] == ["sent", "answered", "signed", "signed", "signed"]
    assert signed.proofs[0].digest == Document.objects.get(pk=licence.pk).digest


def test_half_confirmed_disputed_and_estimated_values_are_never_added(yard):
    deal = yard.offered().deal
    facts = {"stage": "contract", "currency": "EUR"}
    value = state_value(yard.seller.user, deal, amount=Decimal(700), **facts)
    estimate_value(yard.more["organiser"], deal, amount=Decimal(50), **facts)
    state_value(yard.seller.user, deal, stage="contract", amount=Decimal(9), currency="KRW")
    state_value(yard.seller.user, deal, stage="consultation", amount=Decimal(5000), currency="EUR")

    def told():
        return [(figure.currency, dict(figure.columns)) for figure in figures(yard.edition, "contract_value")]

    krw = ("KRW", {SURE: 0, ALONE: 9, GUESS: 0})
    assert told() == [("EUR", {SURE: 0, ALONE: 700, GUESS: 50}), krw]
    confirm_value(yard.buyer.user, value)
    assert told() == [("EUR", {SURE: 0, ALONE: 700, GUESS: 50}), krw]  # no evidence yet
    add_evidence(yard.seller.user, value, reference="Bank 1")
    assert told() == [("EUR", {SURE: 700, ALONE: 0, GUESS: 50}), krw]
    dispute_value(yard.buyer.user, value, reason="It was less")
    assert told() == [("EUR", {SURE: 0, ALONE: 0, GUESS: 50}), krw]
    assert figures(yard.edition, "contract_value")[0].facts["disputed"] == "1"
    assert columns(yard.edition, "consultation_value") == {SURE: 0, ALONE: 5000, GUESS: 0}


def test_a_value_that_was_replaced_or_withdrawn_does_not_count(yard):
    deal = yard.offered().deal
    first = state_value(yard.seller.user, deal, stage="contract", amount=Decimal(700), currency="EUR")
    again = restate_value(yard.seller.user, first, amount=Decimal(650), currency="EUR")
    assert columns(yard.edition, "contract_value") == {SURE: 0, ALONE: 650, GUESS: 0}
    withdraw_value(yard.seller.user, again)
    assert figures(yard.edition, "contract_value") == []


def test_deals_of_two_buyers_are_two(yard):
    yard.offered()
    third_party(yard).offered()
    assert counts(yard)["offers"] == {SURE: 0, ALONE: 2}


def let_in(event, number, *, country="KR", badge=None, value=None):
    for _one in range(number):
        admission = Admission.objects.create(event=event, allotment="public", country=country, at=event.starts_at, badge=badge)
        if value:
            Vote.objects.create(admission=admission, value=value)


def test_people_let_in_are_counted_by_event_and_by_hand_in_another_column(yard):
    hall = HallFactory(edition=yard.edition, capacity=10)
    event = event_in(hall, -90)
    person = ParticipantFactory(edition=yard.edition)
    let_in(event, 1, badge=badge_for(person))
    let_in(event, 3, country="FR", value=4)
    (figure,) = figures(yard.edition, "attendance")
    assert dict(figure.columns) == {SURE: 1, ALONE: 3}
    assert [(row.key, row.amount) for row in figure.rows] == [("E-90|public|FR|hand", 3), ("E-90|public|KR", 1)]
    assert columns(yard.edition, "seats_filled") == {SURE: Decimal("0.4")}
    assert evidence_of(yard.more["organiser"], yard.edition, "event", "E-90|public|FR|hand").name == "First night"
    assert columns(yard.edition, "audience_vote") == {SURE: None}  # of three votes no mean is told
    let_in(event, 5, value=2)
    (vote,) = figures(yard.edition, "audience_vote")
    assert dict(vote.columns) == {SURE: Decimal("2.75")}
    assert vote.low < Decimal("2.75") < vote.high


def test_events_without_known_places_and_cancelled_ones_fill_no_seats(yard):
    let_in(event_in(HallFactory(edition=yard.edition, capacity=None), -90), 2)
    gone = event_in(HallFactory(edition=yard.edition, capacity=5), -80)
    let_in(gone, 2)
    gone.is_cancelled = True
    gone.save()
    assert columns(yard.edition, "seats_filled") == {SURE: None}


def test_each_row_opens_what_stands_behind_it():
    hall = market((0, 0, 0), (1, 1, 0), asks=((0, 0), (1, 1)))
    seen(hall, 0, "sender", "receiver")
    missed(hall, 1, "receiver")
    edition, organiser = hall.edition, hall.organiser
    meeting = evidence_of(organiser, edition, "meeting", hall.requests[0].code)
    assert (meeting.words, [one.how for one in meeting.said]) == ("Held", ["checked in", "checked in"])
    assert meeting.said[0].at == hall.slots[0].starts_at
    absent = evidence_of(organiser, edition, "meeting", hall.requests[1].code)
    assert [one.how for one in absent.said] == [f"reported absent by {hall.buyers[1]}: Not seen"]
    buyer = hall.buyers[0]
    person = evidence_of(organiser, edition, "participant", buyer.code)
    assert [one.how for one in person.said] == [f"checked in to meeting {hall.requests[0].code}"]
    pair = evidence_of(organiser, edition, "pair", f"{buyer.company.code}|{hall.sellers[0].company.code}")
    assert [text for text, _link in pair.others] == [f"{hall.requests[0].code} (Held)"]
    assert evidence_of(organiser, edition, "company", buyer.company.code).name == str(buyer.company)
    assert len(evidence_of(organiser, edition, "country", "KR").others) == 6
    assert {kind: evidence_of(organiser, edition, kind, "X-1|X-2") for kind in EVIDENCE} == dict.fromkeys(EVIDENCE)
    assert evidence_of(organiser, edition, "value", "9" * 25) is None
    assert evidence_of(organiser, edition, "no_such_kind", "x") is None


def test_evidence_is_shown_to_whoever_may_see_the_thing():
    hall = market((0, 0, 0), asks=((0, 0),), people=2)
    stranger = hall.buyers[1]
    assert evidence_of(stranger.user, hall.edition, "meeting", hall.requests[0].code) is None
    assert evidence_of(hall.buyers[0].user, hall.edition, "meeting", hall.requests[0].code) is not None
    hall.sellers[1].seen_by = SeenBy.NOBODY
    hall.sellers[1].save()
    assert evidence_of(stranger.user, hall.edition, "participant", hall.sellers[1].code) is None
