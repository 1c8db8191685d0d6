"""Who sees a deal and its documents, and who may answer and sign: as a table."""

from __future__ import annotations

import pytest
from factories import ParticipantFactory, UserFactory
from negotiation import table, third_party

from madang.deals.actions.offers import save_draft
from madang.deals.actions.signing import sign_document
from madang.deals.models import Document, Signatory
from madang.deals.rules import may_answer, may_negotiate, may_sign, visible_deals, visible_documents
from madang.people.models import Participant

pytestmark = pytest.mark.django_db

#            sees, negotiates, answers the memo, signs the licence
TABLE = {
    "seller": (True, True, False, True),
    "buyer": (True, True, True, True),
    "colleague": (True, True, True, False),
    "colleague who left": (False, False, False, False),
    "juror of the company": (False, False, False, False),
    "another buyer": (False, False, False, False),
    "organiser": (False, False, False, False),
    "administrator": (False, False, False, False),
}


@pytest.fixture
def at():
    return table()


def people(at):
    organiser = UserFactory()
    at.edition.market.organisers.add(organiser)
    same = {"edition": at.edition, "company": at.licensee}
    gone = ParticipantFactory(is_buyer=True, left_at=at.edition.now(), **same)
    Signatory.objects.create(participant=gone)
    return {
        "seller": at.seller.user,
        "buyer": at.buyer.user,
        "colleague": ParticipantFactory(is_buyer=True, **same).user,
        "colleague who left": gone.user,
        "juror of the company": ParticipantFactory(is_juror=True, **same).user,
        "another buyer": third_party(at).buyer.user,
        "organiser": organiser,
        "administrator": UserFactory(is_superuser=True),
    }


def test_who_may_do_what(at):
    licence = at.to_sign()
    memo = Document.objects.get(deal=licence.deal, kind="memo")
    memo.state = "sent"  # as it stood before it was answered; not saved: one document of a deal is open
    found = {
        role: (
            visible_deals(user, at.edition).filter(pk=licence.deal_id).exists(),
            may_negotiate(user, licence.deal),
            may_answer(user, memo),
            may_sign(user, licence),
        )
        for role, user in people(at).items()
    }
    assert found == TABLE


def test_a_draft_is_its_own_sides(at):

    offer = at.offered()
    save_draft(at.buyer.user, offer.deal, at.content())
    seen = {
        role: list(visible_documents(user, at.edition).order_by("number").values_list("state", flat=True))
        for role, user in people(at).items()
    }
    both = ["sent", "draft"]
    assert {role: states for role, states in seen.items() if states} == {"seller": ["sent"], "buyer": both, "colleague": both}


def test_who_has_signed_does_not_sign_again(at):

    licence = at.to_sign()
    sign_document(at.buyer.user, licence, name="A")
    assert [may_sign(Participant.objects.get(pk=one.pk).user, licence) for one in (at.buyer, at.seller)] == [False, True]
