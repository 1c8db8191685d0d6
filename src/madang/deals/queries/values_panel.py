"""What pages show of values: of one deal, of one's own company, and the deals that came from a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from madang.catalogue.models import Title
from madang.deals.models import Deal, Document, DocumentState, Instalment, Value, ValueStage
from madang.deals.queries.values import Overpaid, Stated, current, history_of, overpaid, stated_values
from madang.deals.rules import (
    askable_titles,
    dealer_of,
    may_open_coproduction,
    may_state_value,
    visible_deals,
    visible_values,
)
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.meetings.models import MeetingRequest
from madang.people.models import Company


@dataclass(frozen=True, slots=True)
class Row:
    """A value as one reader sees it: what she may do, and what it replaced."""

    one: Stated
    mine: int | None
    before: Sequence[Stated] = ()

    @property
    def is_own(self) -> bool:
        """Her company stated it, and no document did."""
        return self.one.is_current and self.one.row.company_id == self.mine is not None and self.one.row.document_id is None

    @property
    def may_confirm(self) -> bool:
        """Her company is a party and has not said yes."""
        mine = next((p for p in self.one.parties if p.company and p.company.pk == self.mine), None)
        return self.one.is_current and mine is not None and (mine.said is None or mine.said.disputes)

    @property
    def may_dispute(self) -> bool:
        mine = next((p for p in self.one.parties if p.company and p.company.pk == self.mine), None)
        is_mine = self.one.row.company_id == self.mine
        return self.one.is_current and mine is not None and not is_mine and not (mine.said and mine.said.disputes)


@dataclass(frozen=True, slots=True)
class Panel:
    """The values of one deal, current ones first by stage; `past` are those withdrawn."""

    deal: Deal
    rows: Sequence[Row]
    past: Sequence[Row]
    warnings: Sequence[Overpaid]
    instalments: Sequence[Instalment]
    may_state: bool


def values_panel(user: Visitor, deal: Deal) -> Panel:
    """A constant number of queries, however many values there are."""
    me = dealer_of(user, deal.edition)
    mine = me.company_id if me else None
    found = stated_values(visible_values(user, deal.edition).filter(deal=deal).order_by("stage", "currency", "pk"))
    rows = sorted(
        (Row(one, mine, history_of(one.row, found)) for one in found if one.is_current), key=lambda row: _rank(row.one.row)
    )
    past = [Row(one, mine, history_of(one.row, found)) for one in found if one.row.withdrawn_at]
    return Panel(deal, rows, past, overpaid(found), instalments_of(deal) if mine else [], may_state_value(user, deal))


def _rank(value: Value) -> int:
    return list(ValueStage.values).index(value.stage)


def instalments_of(deal: Deal) -> list[Instalment]:
    """What the last signed document of the deal says is paid, and when."""
    last = Document.objects.filter(deal=deal, state=DocumentState.SIGNED).order_by("-number").values("pk")[:1]
    rows = Instalment.objects.filter(term__document__in=list(last.values_list("pk", flat=True)))
    return list(rows.select_related("term").order_by("term__number", "number"))


def value_row(user: Visitor, value: Value) -> Row:
    """One value with its history and everything said of it."""
    me = dealer_of(user, value.edition)
    kin = visible_values(user, value.edition).filter(deal=value.deal_id, request=value.request_id, stage=value.stage)
    found = stated_values(kin)
    one = next(one for one in found if one.row.pk == value.pk)
    return Row(one, me.company_id if me else None, history_of(value, found))


def my_values(user: Visitor, edition: Edition) -> QuerySet[Value]:
    """Values of the user's deals that stand, the newest first; an organiser's estimates are not hers to read."""
    return current(visible_values(user, edition)).filter(company__isnull=False).order_by("-stated_at", "-pk")


def rows_of(user: Visitor, edition: Edition, values: QuerySet[Value]) -> list[Row]:
    """These values as the user sees them."""
    me = dealer_of(user, edition)
    return [Row(one, me.company_id if me else None) for one in stated_values(values)]


def chosen(values: Sequence[Stated], stage: str, currency: str, certainty: str) -> list[Stated]:
    """Those of a stage, currency and certainty; an empty word leaves it open."""
    return [
        one
        for one in values
        if stage in ("", one.row.stage) and currency in ("", one.row.currency) and certainty in ("", one.certainty)
    ]


@dataclass(frozen=True, slots=True)
class MeetingDeals:
    """The reader's deals that came from a meeting; with whom she may open one, and about which titles she may ask."""

    deals: Sequence[Deal]
    other: Company | None
    may_produce: bool = False
    askable: Sequence[Title] = ()


def deals_of_meeting(user: Visitor, found: MeetingRequest) -> MeetingDeals:
    """For a dealer of one of the two companies; for all others there is nothing. A constant number of queries."""
    me = dealer_of(user, found.edition)
    sides = {found.sender.company_id: found.sender.company, found.receiver.company_id: found.receiver.company}
    other = next((company for pk, company in sides.items() if me and pk != me.company_id), None)
    if me is None or me.company_id not in sides or other is None:
        return MeetingDeals([], None)
    deals = list(visible_deals(user, found.edition).filter(request=found).order_by("pk"))
    about = Q(pk=found.title_id) | Q(pk__in=found.also_about.values("pk"))
    askable = askable_titles(user, found.edition).filter(about, company=other).order_by("search_text", "code")
    return MeetingDeals(deals, other, may_open_coproduction(user, found.edition), list(askable))
