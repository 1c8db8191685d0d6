"""Co-productions of the demo: one that the seller leads and the buyer is asked to agree to, and some of others."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from madang.catalogue.models import Level, Title
from madang.deals.actions.codes import next_deal_code
from madang.deals.actions.coproduction import PartnerFacts, write_partners
from madang.deals.models import Agreement, Deal, DealKind, DealStage, Funding, FundingKind, FundingState, Plan, Recoupment
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Participant
from madang.site.demo.deals import company_of

OTHERS = 4
OUTSIDE = ["Studio Ailleurs", "Nordlys Film", "Atelier des Vagues", "Casa Marea"]
BUDGETS = {"EUR": 1_000_000, "USD": 1_000_000, "KRW": 1_400_000_000}
RATES = {
    ("KRW", "EUR"): "0.00064",
    ("KRW", "USD"): "0.00072",
    ("EUR", "KRW"): "1560",
    ("EUR", "USD"): "1.12",
    ("USD", "EUR"): "0.89",
}
SPLITS = [("60", "40"), ("55", "30", "15"), ("33.334", "33.333", "33.333")]
KEPT = ["KR", "FR, Benelux", "Nordics"]
FUNDS = ["Regional film fund", "National production fund", "Broadcast fund"]


def make_coproductions(rng: random.Random, edition: Edition, parts: dict[str, Participant]) -> None:
    """The seller's own, with a sale of hers as a source, then a few between others."""
    seller, buyer = parts["seller"], parts["buyer"]
    sale = Deal.objects.filter(edition=edition, licensor=seller.company, stage=DealStage.LICENCE).first()
    make_one(rng, edition, seller, [buyer], "EUR", sale=sale)
    met = MeetingRequest.objects.filter(sender=seller, receiver=buyer, status=RequestStatus.ACCEPTED).first()
    Deal.objects.filter(edition=edition, kind=DealKind.COPRODUCTION).update(request=met)
    leads = Participant.objects.filter(edition=edition, is_seller=True, left_at=None, company__titles__level=Level.WORK)
    leads = leads.exclude(company__in=[seller.company_id, buyer.company_id]).select_related("company").order_by("pk").distinct()
    known = list(leads[:60])
    for _number in range(min(OTHERS, len(known) // 3)):
        chosen = {person.company_id: person for person in rng.sample(known, 3)}
        lead, *others = chosen.values()
        make_one(rng, edition, lead, others, rng.choice(list(BUDGETS)))


def make_one(
    rng: random.Random, edition: Edition, lead: Participant, others: list[Participant], currency: str, sale: Deal | None = None
) -> None:
    """One with a plan of its own; its partners have agreed to it, or the others are asked."""
    is_agreed = sale is None and rng.random() < 0.5
    begun = edition.now() - dt.timedelta(days=rng.randint(3, 20))
    deal = Deal.objects.create(
        edition=edition, code=next_deal_code(edition), kind=DealKind.COPRODUCTION, opened_by=lead, created_at=begun,
        stage=DealStage.MEMO if is_agreed else DealStage.OFFER, licensor=company_of(lead),
    )  # fmt: skip
    deal.titles.set(Title.objects.filter(company=lead.company_id, level=Level.WORK).order_by("pk")[:1])
    budget = Decimal(BUDGETS[currency]) * rng.randint(12, 60) / 10
    plan = Plan.objects.create(deal=deal, budget=budget, currency=currency, revision=2, changed_at=begun + dt.timedelta(days=1))
    people = [lead, *others]
    write_partners(deal, partners_of(rng, people))
    Funding.objects.bulk_create([Funding(plan=plan, number=n, **facts) for n, facts in enumerate(money_of(rng, plan, sale), 1)])
    Recoupment.objects.bulk_create([Recoupment(plan=plan, **facts) for facts in order_of(plan)])
    for person in people if is_agreed else [lead]:
        partner = deal.partners.get(company=person.company_id)
        Agreement.objects.create(plan=plan, partner=partner, revision=2, agreed_by=person, agreed_at=plan.changed_at)


def partners_of(rng: random.Random, people: list[Participant]) -> list[PartnerFacts]:
    """The people's companies, and now and then one outside, with shares that sum to 100."""
    is_wide = len(people) == 2
    shares = SPLITS[1] if is_wide else SPLITS[min(len(people), 3) - 1]
    found = [
        PartnerFacts(Decimal(share), person.company, territories=kept)
        for share, person, kept in zip(shares, people, KEPT, strict=False)
    ]
    if is_wide:
        found.append(PartnerFacts(Decimal(shares[2]), name=rng.choice(OUTSIDE), territories=KEPT[2]))
    return found


def money_of(rng: random.Random, plan: Plan, sale: Deal | None) -> list[dict[str, Any]]:
    """Sources in every state, with a gap of about a sixth."""
    partners = list(plan.deal.partners.select_related("company"))
    other = "EUR" if plan.currency == "KRW" else "KRW"
    rate = Decimal(RATES[other, plan.currency])
    parts = [
        (FundingKind.EQUITY, str(partners[0]), "0.22", FundingState.PAID, partners[0], None),
        (FundingKind.EQUITY, str(partners[1]), "0.15", FundingState.SIGNED, partners[1], None),
        (FundingKind.PRESALE, "Pre-sale", "0.08", FundingState.SIGNED, None, sale),
        (FundingKind.FUND, rng.choice(FUNDS), "0.18", FundingState.PROMISED, None, None),
        (FundingKind.TAX, "Tax incentive", "0.12", FundingState.APPLIED, None, None),
        (FundingKind.DEFERRAL, "Producers' fees", "0.08", FundingState.PLANNED, None, None),
    ]
    found = []
    for kind, source, share, state, partner, deal in parts:
        is_foreign = kind == FundingKind.FUND
        amount = plan.budget * Decimal(share) / (rate if is_foreign else 1)
        found.append(
            {"kind": kind, "source": source, "state": state, "partner": partner, "sale": deal,
             "amount": amount.quantize(Decimal(1000)) if amount > 10_000 else amount.quantize(Decimal(1)),
             "currency": other if is_foreign else plan.currency, "rate": rate if is_foreign else Decimal(1)}
        )  # fmt: skip
    return found


def order_of(plan: Plan) -> list[dict[str, Any]]:
    """The sales agent first, then the partners until each has its money back."""
    first, second = list(plan.deal.partners.select_related("company"))[:2]
    return [
        {"position": 1, "recipient": "Sales agent", "percent": Decimal(20)},
        {"position": 2, "recipient": str(first), "partner": first, "percent": Decimal(60), "cap": plan.budget * 22 / 100},
        {"position": 2, "recipient": str(second), "partner": second, "percent": Decimal(40), "cap": plan.budget * 15 / 100},
    ]
