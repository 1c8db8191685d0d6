"""Negotiating: write, send, counter, accept, decline, withdraw, let expire, end. What was sent is never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.catalogue.models import Title
from madang.deals.actions.codes import next_deal_code, next_document_code
from madang.deals.actions.deal_tellings import tell
from madang.deals.actions.drafts import check_words, write_content
from madang.deals.actions.refusals import DealRefused
from madang.deals.actions.values import state_from_document
from madang.deals.models import Clearance, Deal, DealKind, DealStage, Document, DocumentKind, DocumentState, Line
from madang.deals.queries.checks import check_document
from madang.deals.queries.contents import Content, content_of
from madang.deals.queries.deals import NEGOTIABLE, SIGNED_KINDS, draft_mark, draft_of, next_kind, open_document, settled_document
from madang.deals.queries.texts import digest_of, texts_of
from madang.deals.rules import DEALING_STAGES, dealer_of, may_answer, may_negotiate
from madang.kernels.rights import Severity
from madang.kit.editing import Overtaken
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.models import MeetingRequest
from madang.people.models import Block, Company, Participant

UNSENT = 1_000_000_000
"""A draft's number is this and its company's: one draft a side, and no gap in the numbers of what was sent."""
NOT_NOW = _("Nothing can be written in this deal just now: something is open, or all is done.")
TOLD = {
    DocumentKind.OFFER: "deal_offer",
    DocumentKind.MEMO: "deal_memo",
    DocumentKind.LICENCE: "deal_to_sign",
    DocumentKind.AMENDMENT: "deal_to_sign",
}
"""The notice that a document of each kind has come."""


@transaction.atomic
def start_deal(
    actor: User,
    edition: Edition,
    *,
    licensor: Company,
    licensee: Company,
    titles: Iterable[Title] = (),
    request: MeetingRequest | None = None,
) -> Deal:
    """Open a deal between the actor's company and another one; the other side sees it when something is sent."""
    me = dealer_of(actor, edition)
    if me is None or me.company_id not in (licensor.pk, licensee.pk) or licensor == licensee:
        raise PermissionDenied
    if edition.stage not in DEALING_STAGES:
        raise DealRefused(_("Deals are not open at this stage of the edition."))
    other = licensee if me.company_id == licensor.pk else licensor
    if Block.objects.filter(participant__company=other, company=me.company_id).exists():
        raise DealRefused(_("This company does not do business with yours here."))
    if request is not None and {request.sender.company_id, request.receiver.company_id} != {licensor.pk, licensee.pk}:
        raise PermissionDenied
    edition = lock_edition(edition)
    deal = Deal.objects.create(
        edition=edition, code=next_deal_code(edition), licensor=licensor, licensee=licensee,
        opened_by=me, request=request, created_at=edition.now(),
    )  # fmt: skip
    deal.titles.set(titles)
    record(edition, actor, "start_deal", deal.code)
    return deal


@transaction.atomic
def save_draft(actor: User, deal: Deal, content: Content, *, seen: str | None = None) -> Document:
    """Keep what one has written so far: one draft a side. Nobody else sees it, so no log tells of it.

    `seen`: the `draft_mark` of the draft that the form began from; where another one was saved since then Overtaken is raised.
    """
    me, deal = _negotiator(actor, deal)
    kind = next_kind(deal, me.company_id or 0)
    if kind is None:
        raise DealRefused(NOT_NOW)
    check_words(deal, content, kind=kind, is_complete=False, by=me)
    return _written(deal, me, kind, content, seen)


@transaction.atomic
def send_document(actor: User, deal: Deal, content: Content, *, answers: int | None = None, seen: str | None = None) -> Document:
    """Send an offer, a counter-offer, a memo; open a licence or an amendment for signature.

    `answers`: the id of the document that was on the table when the form was shown; another one by now is refused. `seen`: as
    for a draft.
    What is to be signed is checked against rights here too. Raises DealRefused; then nothing is written.
    """
    me, deal = _negotiator(actor, deal)
    waiting = open_document(deal)
    if answers is not None and answers != (waiting.pk if waiting else 0):
        raise DealRefused(_("The other side has done something meanwhile. Look at the deal, then go on."))
    kind = next_kind(deal, me.company_id or 0)
    if kind is None:
        raise DealRefused(NOT_NOW)
    check_words(deal, content, kind=kind, is_complete=True, by=me)
    document = _written(deal, me, kind, content, seen)
    if waiting is not None:
        waiting.state, waiting.answered_at = DocumentState.COUNTERED, deal.edition.now()
        waiting.save(update_fields=["state", "answered_at"])
    return _sent(actor, me, document, waiting)


@transaction.atomic
def delete_draft(actor: User, deal: Deal) -> None:
    """Throw one's draft away; a deal in which nothing was ever said goes with it."""
    me, deal = _negotiator(actor, deal)
    draft = draft_of(deal, me.company_id or 0)
    if draft is not None:
        draft.delete()
    if not deal.ask and deal.opened_by.company_id == me.company_id and not deal.documents.exists() and not deal.values.exists():
        record(deal.edition, actor, "drop_deal", deal.code)
        deal.delete()


@transaction.atomic
def accept_document(actor: User, document: Document) -> Document:
    """Say yes to an offer or a memo. Twice is once."""
    me, document = _answerer(actor, document, DocumentState.ACCEPTED)
    if document.state == DocumentState.ACCEPTED:
        return document
    deal = _deal(document)
    _answer(document, DocumentState.ACCEPTED, "")
    if document.kind == DocumentKind.MEMO:
        _at_stage(deal, DealStage.MEMO)
    record(deal.edition, actor, "accept_document", document.code, deal=deal.code)
    state_from_document(actor, document)
    tell(deal, document.company_id, "deal_accepted", document, me)
    return document


@transaction.atomic
def decline_document(actor: User, document: Document, reason: str) -> Document:
    """Say no, and why; the deal stays open for another document. Twice is once."""
    me, document = _answerer(actor, document, DocumentState.DECLINED)
    if document.state == DocumentState.DECLINED:
        return document
    deal = _deal(document)
    _answer(document, DocumentState.DECLINED, reason.strip()[:1000])
    record(deal.edition, actor, "decline_document", document.code, deal=deal.code)
    tell(deal, document.company_id, "deal_declined", document, me, document.answer)
    return document


@transaction.atomic
def withdraw_document(actor: User, document: Document) -> Document:
    """Take back what one's company sent and nobody has answered; a licence until both have signed."""
    me, deal = _negotiator(actor, _deal(document))
    document = _locked(document)
    if document.company_id != me.company_id:
        raise PermissionDenied
    if document.state == DocumentState.WITHDRAWN:
        return document
    _refuse_unless_open(document)
    _answer(document, DocumentState.WITHDRAWN, "")
    record(deal.edition, actor, "withdraw_document", document.code, deal=deal.code)
    tell(deal, _other(deal, me), "deal_withdrawn", document, me)
    return document


@transaction.atomic
def end_deal(actor: User, deal: Deal, reason: str) -> Deal:
    """Leave the negotiation, and say why. What is signed stays signed: such a deal is amended, not ended."""
    me, deal = _negotiator(actor, deal)
    if deal.stage == DealStage.LICENCE:
        raise DealRefused(_("This deal is signed. A change is an amendment."))
    latest = deal.documents.exclude(state=DocumentState.DRAFT).order_by("-number").first()
    waiting = open_document(deal)
    if waiting is not None:
        own = waiting.company_id == me.company_id
        _answer(waiting, DocumentState.WITHDRAWN if own else DocumentState.DECLINED, "" if own else reason[:1000])
    deal.documents.filter(state=DocumentState.DRAFT).delete()
    deal.stage, deal.ended_at, deal.end_reason = DealStage.ENDED, deal.edition.now(), reason.strip()[:300]
    deal.save(update_fields=["stage", "ended_at", "end_reason"])
    record(deal.edition, actor, "end_deal", deal.code)
    if latest is not None:
        tell(deal, _other(deal, me), "deal_ended", latest, me, deal.end_reason)
    return deal


@transaction.atomic
def clear_right(actor: User, deal: Deal, line: Line, answer: str) -> Clearance:
    """Note what whoever had to be asked first has answered; the licensor alone knows."""
    me, deal = _negotiator(actor, deal)
    if me.company_id != deal.licensor_id or line.document.company_id != me.company_id:
        raise PermissionDenied
    facts = {"answer": answer.strip()[:300], "cleared_by": me, "cleared_at": deal.edition.now()}
    clearance, is_new = Clearance.objects.get_or_create(deal=deal, line=line, defaults=facts)
    if is_new:
        record(deal.edition, actor, "clear_right", deal.code)
    return clearance


@transaction.atomic
def expire_documents(edition: Edition, now: dt.datetime) -> int:
    """Close what nobody answered in time (`now` by the edition's clock), and tell both sides; give back how many."""
    due = Document.objects.filter(edition=edition, state=DocumentState.SENT, expires_at__lte=now)
    rows = list(due.select_for_update(of=("self",)).select_related("deal__edition", "edition").order_by("pk"))
    for document in rows:
        _answer(document, DocumentState.EXPIRED, "")
        deal = _deal(document)
        record(edition, None, "expire_document", document.code, deal=deal.code)
        for company in filter(None, (deal.licensor_id, deal.licensee_id)):
            tell(deal, company, "deal_expired", document)
    return len(rows)


def _negotiator(actor: User, deal: Deal) -> tuple[Participant, Deal]:
    """Who acts, and the deal as it is now, for us alone."""
    edition = lock_edition(deal.edition)
    rows = Deal.objects.select_for_update(of=("self",), no_key=True)
    deal = rows.select_related("edition", "licensor", "licensee", "opened_by").get(pk=deal.pk)
    me = dealer_of(actor, edition)
    if me is None or deal.kind != DealKind.LICENCE or me.company_id not in (deal.licensor_id, deal.licensee_id):
        raise PermissionDenied
    if not may_negotiate(actor, deal):
        raise DealRefused(_("This deal has ended."))
    return me, deal


def _answerer(actor: User, document: Document, wanted: DocumentState) -> tuple[Participant, Document]:
    """Who answers, and the document as it is now; given back as it is where she has answered so already."""
    me, deal = _negotiator(actor, _deal(document))
    document = _locked(document)
    document.deal = deal
    if document.company_id == me.company_id:
        raise PermissionDenied
    if document.state == wanted:
        return me, document
    _refuse_unless_open(document)
    if not may_answer(actor, document) or (wanted == DocumentState.ACCEPTED and document.kind not in NEGOTIABLE):
        raise PermissionDenied
    return me, document


def _refuse_unless_open(document: Document) -> None:
    if document.state == DocumentState.SENT and document.expires_at and document.expires_at <= document.edition.now():
        raise DealRefused(_("This has expired: nobody answered it in time."))
    if document.state != DocumentState.SENT:
        state = document.get_state_display()
        raise DealRefused(_("This is not open any more: %(state)s.") % {"state": state})


def _locked(document: Document) -> Document:
    rows = Document.objects.select_for_update(of=("self",), no_key=True).select_related(
        "edition", "deal__edition", "company", "author"
    )
    return rows.get(pk=document.pk)


def _deal(document: Document) -> Deal:
    if document.deal is None:
        raise PermissionDenied
    return document.deal


def _other(deal: Deal, me: Participant) -> int:
    return (deal.licensee_id or 0) if me.company_id == deal.licensor_id else deal.licensor_id


def _written(deal: Deal, me: Participant, kind: DocumentKind, content: Content, seen: str | None) -> Document:
    """The side's draft with these words."""
    number, draft = UNSENT + (me.company_id or 0), draft_of(deal, me.company_id or 0)
    if draft is not None and seen is not None and seen != draft_mark(draft) and content_of(draft) != content:
        raise Overtaken(draft_mark(draft), str(draft.author), draft.created_at)
    draft = draft or Document(
        edition=deal.edition, deal=deal, company=me.company, number=number, code=f"draft-{deal.pk}-{me.company_id}"
    )
    draft.kind, draft.author, draft.created_at = kind, me, deal.edition.now()
    draft.answers = open_document(deal)
    draft.amends = settled_document(deal) if kind == DocumentKind.AMENDMENT else None
    write_content(draft, content)
    return draft


def _sent(actor: User, me: Participant, document: Document, answered: Document | None) -> Document:
    deal = _deal(document)
    latest = deal.documents.exclude(state=DocumentState.DRAFT).order_by("-number").first()
    document.number = latest.number + 1 if latest else 1
    document.code = next_document_code(deal.edition, document.kind)
    document.state, document.sent_at = DocumentState.SENT, deal.edition.now()
    document.save()
    if document.kind in SIGNED_KINDS:
        _freeze(document)
    if deal.stage == DealStage.ASKED:
        _at_stage(deal, DealStage.OFFER)
    deal.titles.add(*(line.title_id for line in document.lines.all()))
    record(deal.edition, actor, "send_document", document.code, deal=deal.code)
    kind = "deal_counter" if answered else TOLD[DocumentKind(document.kind)]
    tell(deal, _other(deal, me), kind, document, me)
    return document


def _freeze(document: Document) -> None:
    """Write down the text that both will sign; refused where rights stand in the way already."""
    errors = [finding for finding in check_document(document) if finding.severity is Severity.ERROR]
    if errors:
        raise DealRefused(_("This cannot be signed: rights stand in the way."), errors)
    document.texts = texts_of(document)
    document.digest = digest_of(document.texts)
    document.save(update_fields=["texts", "digest"])


def _answer(document: Document, state: DocumentState, answer: str) -> None:
    document.state, document.answer, document.answered_at = state, answer, document.edition.now()
    document.save(update_fields=["state", "answer", "answered_at"])


def _at_stage(deal: Deal, stage: DealStage) -> None:
    deal.stage = stage
    deal.save(update_fields=["stage"])
