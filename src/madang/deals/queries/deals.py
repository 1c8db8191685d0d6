"""One's deals: how far each has come, whose turn it is, what may be written next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.models import Deal, DealKind, DealStage, Document, DocumentKind, DocumentState, Milestone
from madang.deals.queries.contents import Content
from madang.deals.rules import deal_titles, visible_deals
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.people.models import Company, Participant

NEGOTIABLE = [DocumentKind.OFFER, DocumentKind.MEMO]
"""Kinds that are accepted or countered; the others are signed."""
SIGNED_KINDS = [DocumentKind.LICENCE, DocumentKind.AMENDMENT]
SETTLED = [DocumentState.ACCEPTED, DocumentState.SIGNED]
SUBJECTS_LISTED = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands for one of its companies. `turn`: whose it is; `waits`: what for, in words."""

    deal: Deal
    other: Company | None
    open: Document | None
    latest: Document | None
    is_mine: bool
    waits: str | Promise
    titles: list[Title]
    amounts: list[tuple[Decimal, str]]

    @property
    def expires_at(self) -> dt.datetime | None:
        """When what is open expires."""
        return self.open.expires_at if self.open else None


def deal_standings(user: Visitor, edition: Edition, me: Participant) -> list[Standing]:
    """All licence deals of one's company, those that wait for her first, then the newest; a constant number of queries."""
    documents = Document.objects.exclude(state=DocumentState.DRAFT).order_by("-number")
    documents = documents.prefetch_related("terms", "signatures")
    deals = visible_deals(user, edition).filter(kind=DealKind.LICENCE)
    rows = deals.prefetch_related(Prefetch("documents", documents, to_attr="sent"), "titles")
    found = [standing_of_deal(deal, me.company_id or 0) for deal in rows]
    return sorted(found, key=lambda one: not one.is_mine)


def standing_of_deal(deal: Deal, company: int) -> Standing:
    """Where the deal stands for this company; `deal.sent` holds its documents, the newest first, if they were fetched."""
    sent: list[Document] = getattr(deal, "sent", None) or list(sent_documents(deal))
    waiting = next((one for one in sent if one.state == DocumentState.SENT), None)
    is_mine, waits = _turn(deal, waiting, sent[0] if sent else None, company)
    other = deal.licensee if deal.licensor_id == company else deal.licensor
    latest = sent[0] if sent else None
    return Standing(deal, other, waiting, latest, is_mine, waits, list(deal.titles.all()), amounts_of(latest))


def sent_documents(deal: Deal) -> QuerySet[Document]:
    """What both sides read, the newest first."""
    sent = deal.documents.exclude(state=DocumentState.DRAFT).order_by("-number")
    return sent.select_related("company", "author__company", "edition").prefetch_related("signatures__participant", "terms")


def _turn(deal: Deal, waiting: Document | None, latest: Document | None, company: int) -> tuple[bool, str | Promise]:
    """Whether it is this company's turn, and what is waited for."""
    if deal.stage == DealStage.ENDED:
        return False, _("Ended")
    if waiting is None:
        return _next_step(deal, latest, company)
    if waiting.kind in NEGOTIABLE:
        return waiting.company_id != company, _("An answer") if waiting.company_id == company else _("Your answer")
    signed = {signature.company_id for signature in waiting.signatures.all()}
    return company not in signed, _("The other side's signature") if company in signed else _("Your signature")


def _next_step(deal: Deal, latest: Document | None, company: int) -> tuple[bool, str | Promise]:
    if deal.stage == DealStage.LICENCE:
        return False, _("Nothing: it is signed")
    if latest is None:
        return company == deal.licensor_id, _("An offer")
    if latest.state == DocumentState.ACCEPTED:
        words = _("The deal memo") if latest.kind == DocumentKind.OFFER else _("The licence")
        return company == deal.licensor_id, words
    return latest.company_id == company, _("Another offer")


def next_kind(deal: Deal, company: int) -> DocumentKind | None:
    """What this company may write next; None while something of hers is open, a licence waits for signatures, or all is over."""
    if deal.stage == DealStage.ENDED or deal.kind != DealKind.LICENCE:
        return None
    waiting = open_document(deal)
    if waiting is not None:
        return DocumentKind(waiting.kind) if waiting.kind in NEGOTIABLE and waiting.company_id != company else None
    settled = settled_document(deal)
    if settled is None:
        return DocumentKind.OFFER
    if settled.state == DocumentState.SIGNED:
        return DocumentKind.AMENDMENT
    return DocumentKind.MEMO if settled.kind == DocumentKind.OFFER else DocumentKind.LICENCE


def open_document(deal: Deal) -> Document | None:
    """What was sent and waits: one at most."""
    return deal.documents.filter(state=DocumentState.SENT).select_related("company", "author", "edition").first()


def settled_document(deal: Deal) -> Document | None:
    """The newest that both sides agreed to."""
    return deal.documents.filter(state__in=SETTLED).order_by("-number").first()


def draft_of(deal: Deal, company: int) -> Document | None:
    """What this company has begun to write: one at most."""
    return deal.documents.filter(state=DocumentState.DRAFT, company=company).first()


def draft_mark(draft: Document | None) -> str:
    """Tells one saving of a draft from the next; empty where there is none."""
    return draft.created_at.isoformat() if draft else ""


def base_of(deal: Deal, company: int) -> Document | None:
    """What a new document of this company begins from: what it answers, else what was agreed, else what was last on the table."""
    waiting, settled = open_document(deal), settled_document(deal)
    if waiting is not None and waiting.company_id != company:
        return waiting
    return settled or deal.documents.exclude(state=DocumentState.DRAFT).order_by("-number").first()


def amounts_of(document: Document | None) -> list[tuple[Decimal, str]]:
    """What a document's terms amount to, a row for each currency; shares and prices a view are not amounts."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for term in document.terms.all() if document else ():
        if term.amount is not None and term.kind in ("flat", "guarantee", "other"):
            total[term.currency] += term.amount
    return [(amount, currency) for currency, amount in sorted(total.items())]


def stage_figures(standings: Iterable[Standing]) -> list[tuple[DealStage, int, list[tuple[Decimal, str]]]]:
    """For each stage: how many deals, and what stands in their newest documents, by currency. Stages are never added."""
    by_stage: dict[str, list[Standing]] = defaultdict(list)
    for one in standings:
        by_stage[one.deal.stage].append(one)
    figures = []
    for stage in DealStage:
        total: dict[str, Decimal] = defaultdict(Decimal)
        for amount, currency in (pair for one in by_stage[stage] for pair in one.amounts):
            total[currency] += amount
        figures.append((stage, len(by_stage[stage]), [(amount, currency) for currency, amount in sorted(total.items())]))
    return figures


def filters_of(one: Standing) -> set[str]:
    """The filters of the list under which a deal is found."""
    if one.deal.stage in (DealStage.LICENCE, DealStage.ENDED):
        return {"signed" if one.deal.stage == DealStage.LICENCE else "ended", *(["mine"] if one.is_mine else [])}
    return {"open", *(["mine"] if one.is_mine else [])}


def story_of(deal: Deal, company: int) -> list[Document]:
    """The deal's documents, the newest first, with the reader's own draft on top."""
    sent: list[Document] = getattr(deal, "sent", None) or list(sent_documents(deal))
    draft = draft_of(deal, company)
    return [*([draft] if draft else []), *sent]


WRITTEN: dict[DocumentKind, str | Promise] = {
    DocumentKind.OFFER: _("Write an offer"),
    DocumentKind.MEMO: _("Write the deal memo"),
    DocumentKind.LICENCE: _("Write the licence"),
    DocumentKind.AMENDMENT: _("Write an amendment"),
}
"""What one does next, by the kind of document."""


def taken_over(content: Content) -> Content:
    """What the next document begins with: the same words, without what belonged to the other document alone."""
    return replace(content, note="", expires_at=None, holds_until=None)


def milestones_for(me: Participant, deal: Deal) -> list[Milestone]:
    """What dates of the deal's titles can hang on, and of what they are part of."""
    titles = deal_titles(me, deal).filter(Q(deals=deal) | Q(part_of__deals=deal) | Q(parts__deals=deal))
    return list(
        Milestone.objects.filter(title__in=titles.order_by().values("pk")).select_related("title").order_by("title", "code")
    )
