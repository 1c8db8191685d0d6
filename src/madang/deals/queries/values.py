"""How values stand: who said what of them, what still lacks, and which figures that makes; stages and currencies never add."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import pgettext_lazy

from madang.deals.models import Confirmation, Deal, DealKind, Evidence, Partner, Value, ValueStage
from madang.deals.rules import dealer_of, visible_values
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.held import OUTCOME_WORDS, said_meetings
from madang.people.models import Company


class Certainty(models.TextChoices):
    """How sure a value is."""

    CONFIRMED = "confirmed", pgettext_lazy("value", "Confirmed by all parties")
    ONE_SIDED = "one_sided", pgettext_lazy("value", "One-sided")
    DISPUTED = "disputed", pgettext_lazy("value", "Disputed")
    ESTIMATE = "estimate", pgettext_lazy("value", "Organiser's estimate")

    @property
    def tone(self) -> str:
        """In which it is drawn."""
        return {"confirmed": "ok", "one_sided": "warn", "disputed": "bad", "estimate": "info"}[self.value]


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a deal and the last thing it said of a value. `company` is None for one outside, who cannot say any."""

    name: str
    company: Company | None
    said: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with what every party said of it."""

    row: Value
    parties: tuple[Party, ...]
    evidence: tuple[Evidence, ...]

    @property
    def is_current(self) -> bool:
        return self.row.withdrawn_at is None and not hasattr(self.row, "replaced_by")

    @property
    def certainty(self) -> Certainty:
        """Confirmed is what two parties or more, and all of them, say of this very row, with evidence at it."""
        if self.row.company_id is None:
            return Certainty.ESTIMATE
        if any(party.said and party.said.disputes for party in self.parties):
            return Certainty.DISPUTED
        is_whole = len(self.parties) > 1 and not self.waits_for and bool(self.evidence)
        return Certainty.CONFIRMED if is_whole else Certainty.ONE_SIDED

    @property
    def waits_for(self) -> list[Party]:
        return [party for party in self.parties if party.said is None]

    @property
    def lacks_evidence(self) -> bool:
        return self.row.company_id is not None and not self.evidence

    @property
    def disputes(self) -> list[Party]:
        return [party for party in self.parties if party.said and party.said.disputes]


def current(values: QuerySet[Value]) -> QuerySet[Value]:
    """Those that stand: neither withdrawn nor replaced."""
    return values.filter(withdrawn_at=None, replaced_by=None)


def stated_values(values: QuerySet[Value]) -> list[Stated]:
    """The values with what was said of them, in their order. Four queries, however many there are."""
    rows = values.select_related(
        "company",
        "stated_by",
        "document",
        "request",
        "replaced_by",
        "edition",
        "deal__edition",
        "deal__licensor",
        "deal__licensee",
        "deal__request",
    ).prefetch_related(
        Prefetch("confirmations", Confirmation.objects.select_related("company", "participant")),
        Prefetch("evidence", Evidence.objects.select_related("added_by")),
        Prefetch("deal__partners", Partner.objects.select_related("company")),
    )
    return [stated(row) for row in rows]


def stated(row: Value) -> Stated:
    """One value; its confirmations, evidence and deal should have been fetched with it."""
    last = {one.company_id: one for one in row.confirmations.all()}  # in the order of time
    parties = parties_of(row.deal) if row.deal else []
    said = tuple(Party(name, company, last.get(company.pk) if company else None) for name, company in parties)
    return Stated(row, said, tuple(row.evidence.all()))


def parties_of(deal: Deal) -> list[tuple[str, Company | None]]:
    """(name, company) of everybody who must confirm; a co-producer outside Madang has no company."""
    if deal.kind == DealKind.COPRODUCTION:
        partners = [(str(partner), partner.company) for partner in deal.partners.all()]
        is_led = any(company and company.pk == deal.licensor_id for _name, company in partners)
        return partners if is_led else [(str(deal.licensor), deal.licensor), *partners]
    return [(str(company), company) for company in (deal.licensor, deal.licensee) if company]


def waiting_values(user: Visitor, edition: Edition) -> QuerySet[Value]:
    """Current values of the user's deals of which her company has said nothing yet."""
    me = dealer_of(user, edition)
    if me is None:
        return Value.objects.none()
    said = Confirmation.objects.filter(value=OuterRef("pk"), company=me.company_id)
    return current(visible_values(user, edition)).filter(~Exists(said), company__isnull=False, deal__isnull=False)


def history_of(value: Value, others: Iterable[Stated]) -> list[Stated]:
    """What this value replaces, the newest first. `others`: the values among which they are. No query."""
    by_pk = {one.row.pk: one for one in others}
    found, at = [], value.replaces_id
    while at in by_pk:
        found.append(by_pk[at])
        at = by_pk[at].row.replaces_id
    return found


@dataclass(frozen=True, slots=True)
class Overpaid:
    """More was stated as paid than the contract says (`contract` is None where no contract value stands in that currency)."""

    currency: str
    paid: Decimal
    contract: Decimal | None


def overpaid(values: Iterable[Stated]) -> list[Overpaid]:
    """Warnings of one deal, by currency; estimates do not count."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    contract: dict[str, Decimal] = {}
    for one in values:
        if not one.is_current or one.row.company_id is None:
            continue
        if one.row.stage == ValueStage.PAID:
            paid[one.row.currency] += one.row.amount
        elif one.row.stage == ValueStage.CONTRACT:
            contract[one.row.currency] = one.row.amount
    found = [Overpaid(currency, amount, contract.get(currency)) for currency, amount in sorted(paid.items())]
    return [one for one in found if one.contract is None or one.paid > one.contract]


@dataclass(frozen=True, slots=True)
class Cell:
    """Values of one stage, currency and certainty: their sum, and of how many deals or meetings."""

    certainty: Certainty
    amount: Decimal
    deals: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One stage in one currency; `cells` has every certainty in the order of Certainty."""

    stage: ValueStage
    currency: str
    cells: tuple[Cell, ...]

    @property
    def most(self) -> Decimal:
        return max(cell.amount for cell in self.cells)


def edition_values(edition: Edition) -> list[Stated]:
    """Every value that stands, for figures; who asks must be an organiser."""
    return stated_values(current(Value.objects.filter(edition=edition)))


def figures_of(values: Iterable[Stated]) -> list[Figure]:
    """By stage, then currency. An amount is only ever added to others of its stage, currency and certainty. No query."""
    groups: dict[tuple[str, str], dict[Certainty, list[Stated]]] = defaultdict(lambda: defaultdict(list))
    for one in values:
        groups[one.row.stage, one.row.currency][one.certainty].append(one)
    order = list(ValueStage.values)
    keys = sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
    return [Figure(ValueStage(key[0]), key[1], tuple(_cell(s, groups[key][s]) for s in Certainty)) for key in keys]


def _cell(certainty: Certainty, rows: list[Stated]) -> Cell:
    things = {("deal", one.row.deal_id) if one.row.deal_id else ("request", one.row.request_id) for one in rows}
    return Cell(certainty, sum((one.row.amount for one in rows), Decimal()), len(things))


def meeting_outcomes(edition: Edition, values: Iterable[Stated]) -> dict[int, str]:
    """Of the requests that the values came from: how their meeting stands, as in `meetings.queries.held`. One query."""
    requests = {came_from(one) for one in values} - {None}
    rows = said_meetings(edition).filter(request__in=requests, slot__ends_at__lte=edition.now())
    return dict(rows.values_list("request", "outcome"))


def came_from(one: Stated) -> int | None:
    """The id of the request whose meeting the value came from: its own, or its deal's."""
    return one.row.request_id or (one.row.deal.request_id if one.row.deal else None)


def meeting_of(edition: Edition, one: Stated, outcomes: dict[int, str] | None = None) -> tuple[MeetingRequest | None, str]:
    """The request whose meeting the value came from, and in words how the meeting stands ("" before it is over)."""
    found = one.row.request or (one.row.deal.request if one.row.deal else None)
    if found is None:
        return None, ""
    known = meeting_outcomes(edition, [one]) if outcomes is None else outcomes
    return found, str(OUTCOME_WORDS[known[found.pk]]) if found.pk in known else ""
