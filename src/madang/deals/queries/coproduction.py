"""A co-production for its partners: shares, territories kept and shared, financing with its gap, who has agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext

from madang.deals.models import Agreement, Deal, DealStage, Funding, FundingState, Partner, Plan, Recoupment
from madang.deals.queries.waterfall import Step, Waterfall, waterfall
from madang.deals.rules import dealer_of, may_change_plan, visible_deals
from madang.deals.sets import mask_of
from madang.deals.words import territories_text
from madang.kernels.rights import territory_table
from madang.kit.money import rounded, smallest
from madang.markets.rules import Visitor

FIRM = (FundingState.PAID, FundingState.SIGNED)
COVERING = (*FIRM, FundingState.PROMISED)
"""States of money that a gap is measured against; what is planned or applied for covers nothing yet."""
DRAWN = {
    FundingState.PAID: "ok",
    FundingState.SIGNED: "ok soft",
    FundingState.PROMISED: "warn",
    FundingState.APPLIED: "info",
    FundingState.PLANNED: "info soft",
}
"""States from the surest on, and the tone in which each is drawn."""


@dataclass(frozen=True, slots=True)
class Source:
    """A funding in the plan's currency; `sale` is its deal, if the reader may see it."""

    row: Funding
    amount: Decimal
    sale: Deal | None = None

    @property
    def rate_text(self) -> str:
        """The rate as people write it."""
        return str(number_format(f"{self.row.rate.normalize():f}"))

    @property
    def is_ahead_of_sale(self) -> bool:
        """It is said to be signed or paid, and the sale it comes from is not signed."""
        return self.sale is not None and self.row.state in FIRM and self.sale.stage != DealStage.LICENCE


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the bar, drawn in its `tone`: `amount` in one state or missing, from `x` on, in per cent of the bar's width."""

    words: str
    tone: str
    amount: Decimal
    x: Decimal
    width: Decimal


@dataclass(frozen=True, slots=True)
class Financing:
    """How a budget is met, in the plan's currency at the rates that the plan says."""

    budget: Decimal
    currency: str
    sources: Sequence[Source]

    def of(self, *states: str) -> Decimal:
        """What comes from sources in these states."""
        return sum((source.amount for source in self.sources if source.row.state in states), Decimal())

    @property
    def firm(self) -> Decimal:
        return self.of(*FIRM)

    @property
    def promised(self) -> Decimal:
        return self.of(FundingState.PROMISED)

    @property
    def hoped(self) -> Decimal:
        return self.of(FundingState.APPLIED, FundingState.PLANNED)

    @property
    def gap(self) -> Decimal:
        """What neither money signed nor promised in writing covers."""
        return max(self.budget - self.of(*COVERING), Decimal())

    @property
    def gap_after_hopes(self) -> Decimal:
        """What would still be missing if all that is planned and applied for came."""
        return max(self.gap - self.hoped, Decimal())

    @property
    def surplus(self) -> Decimal:
        return max(self.of(*DRAWN) - self.budget, Decimal())

    @property
    def parts(self) -> list[Part]:
        """The bar from the left: surest money first, then what is missing. As wide as the budget, or as all the money."""
        amounts = [(str(state.label), tone, self.of(state)) for state, tone in DRAWN.items()]
        amounts.append((gettext("Missing"), "", self.gap_after_hopes))
        whole, x, found = max(self.budget, self.of(*DRAWN)) or Decimal(1), Decimal(), []
        for words, tone, amount in amounts:
            if amount:
                found.append(Part(words, tone, amount, 100 * x / whole, 100 * amount / whole))
                x += amount
        return found


@dataclass(frozen=True, slots=True)
class Share:
    """A partner as the page shows her; `agreed` to the plan as it stands."""

    row: Partner
    territories: str
    agreed: Agreement | None

    @property
    def is_outside(self) -> bool:
        """She has no company here, and agrees on paper."""
        return self.row.company_id is None


@dataclass(frozen=True, slots=True)
class Coproduction:
    """Everything that a partner reads."""

    deal: Deal
    plan: Plan
    shares: Sequence[Share]
    shared_territories: str
    financing: Financing
    steps: Sequence[Recoupment]
    mine: Share | None
    may_change: bool

    @property
    def waits_for(self) -> list[Share]:
        return [share for share in self.shares if not share.is_outside and share.agreed is None]

    @property
    def may_agree(self) -> bool:
        return self.mine is not None and self.mine.agreed is None and self.deal.stage != DealStage.ENDED

    def divide(self, receipts: Decimal) -> Waterfall:
        """Who would get what of such receipts."""
        steps = [Step(s.position, str(s.partner or s.recipient), s.percent, s.cap) for s in self.steps]
        shares = [(str(share.row), share.row.share) for share in self.shares]
        return waterfall(receipts, steps, shares, smallest(self.plan.currency))


def coproduction_of(user: Visitor, deal: Deal) -> Coproduction:
    """Of a co-production that the user sees. A constant number of queries."""
    plan, me = deal.plan, dealer_of(user, deal.edition)
    agreed = {one.partner_id: one for one in plan.agreements.filter(revision=plan.revision).select_related("agreed_by")}
    partners = list(deal.partners.select_related("company", "territories"))
    shares = [Share(row, _kept(row), agreed.get(row.pk)) for row in partners]
    mine = next((share for share in shares if me and share.row.company_id == me.company_id), None)
    left = territory_table().all
    for row in partners:
        left &= ~(mask_of(row.territories) if row.territories else 0)
    return Coproduction(
        deal,
        plan,
        shares,
        territories_text(left) if left else "",
        financing_of(plan, visible_deals(user, deal.edition).values_list("pk", flat=True)),
        list(plan.recoupments.select_related("partner__company")),
        mine,
        may_change_plan(user, deal),
    )


def financing_of(plan: Plan, seen: Iterable[int] = ()) -> Financing:
    """The plan's money; `seen`: ids of the deals that the reader may see, whose sales are shown to her."""
    known = set(seen)
    rows = plan.fundings.select_related("sale__licensee", "partner__company")
    sources = [
        Source(row, rounded(row.amount * row.rate, plan.currency), row.sale if row.sale_id in known else None) for row in rows
    ]
    return Financing(plan.budget, plan.currency, sources)


def _kept(row: Partner) -> str:
    return territories_text(mask_of(row.territories)) if row.territories else ""
