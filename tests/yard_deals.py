"""The yard's rights and deals: what is held and sold, a licence to sign, figures, evidence, a co-production, an avails file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from negotiation import offer_content
from rights_rows import hold, restrict, sold

from madang.catalogue.models import Title
from madang.deals.actions.coproduction import PartnerFacts, open_coproduction
from madang.deals.actions.evidence import add_evidence
from madang.deals.actions.offers import accept_document, send_document, start_deal
from madang.deals.actions.values import estimate_value, state_value
from madang.deals.models import AvailsImport, Deal, LineReason, Milestone, Signatory
from madang.markets.models import RunState
from madang.meetings.models import MeetingRequest

PARTS = {
    ("deals", "code"): "deal",
    ("deals", "number"): "document",
    ("deals", "title"): "title",
    ("deals", "statement"): "statement",
    ("deals", "line"): "rights_line",
    ("deals", "milestone"): "milestone",
    ("deals", "person"): "participant",
    ("deals", "target"): "avails_target",
    ("deals", "key"): "avails_import",
}
SPECIAL = {
    ("deals:free_title", "code"): "title",
    ("deals:ask", "code"): "title",
    ("deals:free_table", "kind"): "table_kind",
    ("deals:sheet", "code"): "company",
    ("deals:sheet_pdf", "code"): "company",
    ("deals:value", "number"): "value",
    ("deals:confirm_value", "number"): "value",
    ("deals:dispute_value", "number"): "value",
    ("deals:withdraw_value", "number"): "value",
    ("deals:restate_value", "number"): "value",
    ("deals:add_evidence", "number"): "value",
    ("deals:evidence", "number"): "evidence",
    ("deals:remove_evidence", "number"): "evidence",
    ("deals:drop_estimate", "number"): "estimate",
    ("deals:estimate_meeting", "code"): "request",
    ("deals:coproduction", "code"): "coproduction",
    ("deals:plan_partners", "code"): "coproduction",
    ("deals:plan_financing", "code"): "coproduction",
    ("deals:plan_recoupment", "code"): "coproduction",
    ("deals:agree_to_plan", "code"): "coproduction",
    ("deals:plan_pdf", "code"): "coproduction",
    ("deals:end_coproduction", "code"): "coproduction",
}


def add_rights(yard: Any) -> None:
    """What the seller holds of a title, what she sold of it, and what its dates hang on."""
    company, title = yard.people["seller"].company, Title.objects.get(edition=yard.edition, code="W-0")
    release = Milestone.objects.create(edition=yard.edition, title=title, code="E-1", name="Theatrical release in Germany")
    hold(company, title, "World excl. US, CA", ended_early_by=[release], end=dt.date(2025, 7, 31))
    line = sold(company, title, "Benelux, US", "SVOD", exclusive=True, clause="4.1")
    restrict(company, title, LineReason.HOLDBACK, "Nordics", "FREE", start=release, start_lag=30)
    Signatory.objects.create(participant=yard.people["seller"], named_by=yard.accounts["organiser"])
    yard.codes |= {"statement": line.document.code, "rights_line": line.pk, "milestone": release.code}


def add_deal(yard: Any) -> None:
    """A deal of the seller and the buyer, whose licence is open for signature."""
    seller, buyer = yard.accounts["seller"], yard.accounts["buyer"]
    title = Title.objects.get(edition=yard.edition, code="W-1")
    licensor, licensee = yard.people["seller"].company, yard.people["buyer"].company
    hold(licensor, title)
    Signatory.objects.create(participant=yard.people["buyer"], named_by=yard.accounts["organiser"])
    content = offer_content(title)
    deal = start_deal(seller, yard.edition, licensor=licensor, licensee=licensee, titles=[title])
    for _kind in ("offer", "memo"):
        accept_document(buyer, send_document(seller, deal, content))
    yard.codes |= {"deal": deal.code, "document": send_document(seller, deal, content).number}


def add_values(yard: Any) -> None:
    """A payment that waits for the seller's word, the organiser's estimate of a meeting, and a co-production to agree to."""
    seller, buyer = yard.people["seller"], yard.people["buyer"]
    deal = Deal.objects.get(edition=yard.edition, code=yard.codes["deal"])
    paid = state_value(buyer.user, deal, stage="paid", amount=Decimal(4000), currency="EUR", note="1/2")
    proof = add_evidence(buyer.user, paid, reference="Bank 1")
    asked = MeetingRequest.objects.get(edition=yard.edition, code="R-0")
    facts = {"stage": "consultation", "amount": Decimal(50_000), "currency": "USD"}
    guess = estimate_value(yard.accounts["organiser"], asked, **facts)
    partners = [PartnerFacts(Decimal(70), seller.company, territories="KR"), PartnerFacts(Decimal(30), buyer.company)]
    titles = Title.objects.filter(edition=yard.edition, company=seller.company)[:1]
    plan = {"partners": partners, "titles": titles, "budget": Decimal(1_000_000), "currency": "EUR", "request": asked}
    shared = open_coproduction(seller.user, yard.edition, **plan)
    loaded = AvailsImport.objects.create(
        edition=yard.edition, asked_by=seller.user, company=seller.company, imported_by=seller, state=RunState.DONE,
        file_name="avails.xlsx", stored="none", digest="0" * 64, is_confirmed=True, finished_at=yard.edition.now(),
    )  # fmt: skip
    yard.codes |= {"avails_target": "xml", "avails_import": loaded.key}
    yard.codes |= {"value": paid.pk, "evidence": proof.pk, "estimate": guess.pk, "coproduction": shared.code}
