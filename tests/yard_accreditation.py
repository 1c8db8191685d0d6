"""The yard's accreditation: a badge type with questions, an application with its proof and an inquiry, an invitation."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from madang.accreditation.actions.applying import Proof, answer_inquiry, save_draft, submit_application
from madang.accreditation.actions.deciding import Decision, ask_applicant, decide
from madang.accreditation.actions.inviting import Invitee, invite
from madang.accreditation.actions.types import copy_standard_types

PARTS = {
    ("accreditation", "kind"): "badge_kind",
    ("accreditation", "code"): "application",
    ("accreditation", "key"): "invitation",
    ("accreditation", "question"): "badge_question",
    ("accreditation", "number"): "proof",
}
SPECIAL = {("accreditation:inquiry_file", "number"): "inquiry"}


def add_accreditation(yard: Any) -> None:
    """Needs the yard's accounts. The audience applied for a press badge, the seller is accepted, the buyer has a draft."""
    organiser, pdf = yard.accounts["organiser"], ContentFile(b"%PDF-1.7", name="proof.pdf")
    press, seller = copy_standard_types(organiser, yard.edition, ["press", "seller"])
    card, medium = press.questions.get(code="card"), press.questions.get(code="medium")
    answers = {
        medium.pk: "radio",
        card.pk: Proof(pdf, "card.pdf"),
        press.questions.get(code="article").pk: "https://example.org/a",
    }
    person = {"family_name": "Park", "given_name": "Bom", "native_name": "박봄", "company_name": "가" * 60, "country": "KR"}
    row = submit_application(
        yard.accounts["audience"], save_draft(yard.accounts["audience"], press, person, answers, language="ko")
    )
    inquiry = ask_applicant(organiser, row, "Which programme do you work for? " + "나" * 60)
    answer_inquiry(yard.accounts["audience"], inquiry, "The evening yard.", Proof(pdf, "letter.pdf"))
    ask_applicant(organiser, row, "And on which days do you come?")
    titles = {seller.questions.get(code="titles").pk: 3, seller.questions.get(code="formats").pk: ["series"]}
    sold = save_draft(yard.accounts["seller"], seller, {"family_name": "Seo", "country": "KR"}, titles, language="ko")
    decide(organiser, yard.edition, [submit_application(yard.accounts["seller"], sold).pk], Decision.ACCEPT)
    save_draft(yard.accounts["buyer"], press, {"family_name": "Lefèvre"}, {}, language="fr")
    facts = {"payer": "company", "at_once": False}
    invitation = invite(organiser, seller, [Invitee("boss@example.org", "Hanbada Pictures", 3)], **facts)[0]
    yard.codes |= {
        "badge_kind": "press", "application": row.code, "invitation": invitation.key, "badge_question": "card",
        "proof": row.answers.get(question=card).pk, "inquiry": inquiry.pk,
    }  # fmt: skip
