"""Measures of deals: offers, memos and licences, and what was stated of their worth, stage by stage and by currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.deals.models import Deal, Document, DocumentKind, DocumentState, Partner, Signature, Value, ValueStage
from madang.deals.queries.values import Certainty, Stated, current, stated
from madang.markets.models import Edition
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.sums import EVERY, SAID, Later, facts, figure_of, once
from madang.outcomes.models import Level

OF_DOCUMENTS = _("Documents of deals made here: when they were sent, accepted and signed; not what stands in them")
OF_VALUES = _("What parties state of their deals, what the others say of it, and the evidence attached")
COLUMN = {
    Certainty.CONFIRMED: Column.CONFIRMED,
    Certainty.ONE_SIDED: Column.ONE_SIDED,
    Certainty.ESTIMATE: Column.ESTIMATE,
}
"""How sure a value is -> its column. A disputed value is in none, and is told beside the figure."""
FILTERS = ("country", "other_country")


OF_DOCUMENT = [
    "code", "kind", "state", "deal__code", "number", "sent_at", "answered_at", "signed_at", "digest",
    *(f"deal__{side}__{fact}" for side in ("licensor", "licensee") for fact in ("code", "country")),
]  # fmt: skip
"""What the rows of documents tell."""


@once
def edition_documents(edition: Edition) -> list[Document]:
    """Offers, memos and licences that were sent or signed, the oldest first, without their texts. Two queries."""
    kinds = [DocumentKind.OFFER, DocumentKind.MEMO, DocumentKind.LICENCE]
    papers = Document.objects.filter(edition=edition, deal__isnull=False, kind__in=kinds).exclude(state=DocumentState.DRAFT)
    papers = papers.select_related("deal__licensor", "deal__licensee").only(*OF_DOCUMENT).order_by("deal", "number", "pk")
    signatures = Signature.objects.select_related("company").only("document", "signed_at", "company__code")
    return list(papers.prefetch_related(Prefetch("signatures", signatures)))


@once
def told_deals(edition: Edition) -> set[int]:
    """Deals of which a party stated a value: their parties are known to the organiser. One query."""
    stated = Value.objects.filter(edition=edition, company__isnull=False, deal__isnull=False)
    return {pk for pk in stated.order_by().values_list("deal", flat=True) if pk is not None}


def offer_column(document: Document) -> Column | None:
    """Accepted: both sides said so. Sent, declined, countered or expired: it was made, by one side. Withdrawn: it was not."""
    if document.state == DocumentState.WITHDRAWN:
        return None
    return Column.CONFIRMED if document.state == DocumentState.ACCEPTED else Column.ONE_SIDED


def memo_column(document: Document) -> Column | None:
    """Accepted by the other side, or still open; what was declined, countered, withdrawn or has expired is no memo."""
    open_or_agreed = {DocumentState.ACCEPTED: Column.CONFIRMED, DocumentState.SENT: Column.ONE_SIDED}
    return open_or_agreed.get(DocumentState(document.state))


def licence_column(document: Document) -> Column | None:
    """Signed by every party; or open for signature and signed by one."""
    if document.state == DocumentState.SIGNED:
        return Column.CONFIRMED
    has_one = document.state == DocumentState.SENT and bool(document.signatures.all())
    return Column.ONE_SIDED if has_one else None


ColumnOf = Callable[[Document], Column | None]


def deals_with(edition: Edition, kind: str, column_of: ColumnOf) -> list[Row]:
    """A row a deal: the surest document of the kind, of two alike the last; counter-offers of one deal count once."""
    best: dict[int, tuple[Column, Document]] = {}
    for document in edition_documents(edition):
        column = column_of(document) if document.kind == kind else None
        if column is None or document.deal_id is None:
            continue
        if document.deal_id not in best or EVERY.index(column) <= EVERY.index(best[document.deal_id][0]):
            best[document.deal_id] = column, document
    told = told_deals(edition)
    return [_document_row(column, document, pk in told) for pk, (column, document) in best.items()]


def _document_row(column: Column, document: Document, is_told: bool) -> Row:
    return Row("document", document.code, column, facts=Later(partial(_told, document, is_told)))


def _told(document: Document, is_told: bool) -> Mapping[str, str]:
    deal = document.deal
    signed = "; ".join(f"{one.company.code} {_moment(one)}" for one in document.signatures.all())
    names = facts(**_parties(deal)) if is_told and deal else {}
    told = facts(
        deal=deal and deal.code, number=document.number, document=document.kind, state=document.state,
        sent_at=document.sent_at, answered_at=document.answered_at, signed_at=document.signed_at, sha256=document.digest,
        signed_by=signed if is_told else "", **_countries(deal),
    )  # fmt: skip
    return {**told, **names}


def _moment(signature: Signature) -> str:
    return facts(at=signature.signed_at)["at"]


def _parties(deal: Deal) -> dict[str, str]:
    return {"licensor": deal.licensor.code, "licensee": deal.licensee.code if deal.licensee else ""}


def _countries(deal: Deal | None) -> dict[str, str]:
    """`country` is the buyer's; a co-production has none but that of the company that leads it."""
    if deal is None:
        return {}
    if deal.licensee is None:
        return {"country": deal.licensor.country}
    return {"country": deal.licensee.country, "other_country": deal.licensor.country}


def documents_measure(code: str, kind: str, column_of: ColumnOf) -> Callable[[Edition], list[Figure]]:
    """The computation of a count of deals that came as far as a kind of document."""
    return lambda edition: [figure_of(code, 1, Unit.COUNT, deals_with(edition, kind, column_of), SAID)]


OF_VALUE = [
    "stage", "amount", "currency", "stated_at", "company__code", "document__code", "request__code", "deal__code", "deal__kind",
    "deal__request__code",
    *(f"deal__{side}__{fact}" for side in ("licensor", "licensee") for fact in ("code", "name", "name_ko", "country")),
]  # fmt: skip
"""What the rows of values tell."""


@once
def read_values(edition: Edition) -> list[Stated]:
    """Every value that stands, as `edition_values` gives them, with no more of each than figures tell. Four queries."""
    rows = current(Value.objects.filter(edition=edition)).only(*OF_VALUE)
    rows = rows.select_related("company", "document", "request", "deal__licensor", "deal__licensee", "deal__request")
    return [stated(row) for row in rows.prefetch_related("confirmations", "evidence", OF_PARTNERS)]


OF_PARTNERS = Prefetch("deal__partners", Partner.objects.select_related("company"))


def value_figures(edition: Edition, code: str, stage: str) -> list[Figure]:
    """A figure a currency, in their order; disputed values are counted beside it."""
    by_currency: dict[str, list[Stated]] = defaultdict(list)
    for one in read_values(edition):
        if one.row.stage == stage:
            by_currency[one.row.currency].append(one)
    return [_value_figure(code, currency, found) for currency, found in sorted(by_currency.items())]


def _value_figure(code: str, currency: str, found: list[Stated]) -> Figure:
    rows = [value_row(one, COLUMN[one.certainty]) for one in found if one.certainty in COLUMN]
    disputed = sum(one.certainty == Certainty.DISPUTED for one in found)
    texts = facts(values=len(rows), disputed=disputed)
    return figure_of(code, 1, Unit.MONEY, sorted(rows, key=lambda row: int(row.key)), currency=currency, facts=texts)


def value_row(one: Stated, column: Column) -> Row:
    """A value as a row: who stated it, who confirmed it and when, with which evidence."""
    return Row("value", str(one.row.pk), column, one.row.amount, facts=Later(partial(_told_of_value, one)))


def _told_of_value(one: Stated) -> Mapping[str, str]:
    row, deal = one.row, one.row.deal
    request = row.request or (deal.request if deal else None)
    said = [(party.company, party.said) for party in one.parties if party.company and party.said]
    proofs = [item.reference or f"{item.file_name} SHA-256 {item.digest}" for item in one.evidence]
    return facts(
        stage=row.stage, currency=row.currency, deal=deal and deal.code, meeting=request and request.code,
        stated_by=row.company.code if row.company else "organiser", stated_at=row.stated_at,
        confirmed_by="; ".join(f"{company.code} {facts(at=what.at)['at']}" for company, what in said),
        waits_for="; ".join(party.company.code if party.company else party.name for party in one.waits_for),
        evidence="; ".join(proofs), document=row.document and row.document.code, **_countries(deal),
    )  # fmt: skip


def value_measure(code: str, stage: str) -> Callable[[Edition], list[Figure]]:
    """The computation of what was stated at a stage."""
    return lambda edition: value_figures(edition, code, stage)


def without_documents(edition: Edition) -> str | Promise:
    made = Document.objects.filter(edition=edition, deal__isnull=False).exclude(state=DocumentState.DRAFT)
    return "" if made.exists() else _("No offer was made here yet.")


def without_values(stage: str) -> Callable[[Edition], str | Promise]:
    """The sentence where nothing of that stage stands."""

    def is_missing(edition: Edition) -> str | Promise:
        stands = current(Value.objects.filter(edition=edition, stage=stage))
        return "" if stands.exists() else _("Nobody has stated a value of this stage yet.")

    return is_missing


def _documents(code: str, name: Any, definition: Any, kind: str, column_of: ColumnOf) -> Measure:
    compute = documents_measure(code, kind, column_of)
    return Measure(
        code, 1, name, definition, Unit.COUNT, OF_DOCUMENTS, compute, Level.APPLICATION, FILTERS, is_missing=without_documents
    )


def _values(stage: str, name: Any, definition: Any, level: Level) -> Measure:
    code = f"{stage}_value"
    compute = value_measure(code, stage)
    return Measure(code, 1, name, definition, Unit.MONEY, OF_VALUES, compute, level, FILTERS, is_missing=without_values(stage))


def stage_measures(described: Iterable[tuple[str, Any, Any, Level]]) -> tuple[Measure, ...]:
    """One measure a stage of money: stages are never added."""
    return tuple(_values(*words) for words in described)


MEASURES = (
    _documents(
        "offers", _("Deals with an offer"),
        _("Deals made here in which an offer was sent; counter-offers of one deal count once. Confirmed: the other side accepted"
          " one. One-sided: it was made, and is open, declined, countered or expired. Withdrawn offers do not count."),
        DocumentKind.OFFER, offer_column,
    ),
    _documents(
        "memos", _("Deals with a memo"),
        _("Deals with a deal memo. Confirmed: the other side accepted it. One-sided: it waits for an answer. A memo that was"
          " declined, countered, withdrawn or has expired does not count."),
        DocumentKind.MEMO, memo_column,
    ),
    _documents(
        "licences", _("Licences signed"),
        _("Deals with a licence. Confirmed: all parties signed the same text. One-sided: one of them signed and the other has"
          " not. Amendments of a signed licence do not count again, contracts made elsewhere do not count."),
        DocumentKind.LICENCE, licence_column,
    ),
    *stage_measures((
        (ValueStage.CONTRACT, _("Contract value"),
         _("What signed contracts are worth, by currency. Confirmed: every party of the deal states the same amount and evidence"
           " is attached. One-sided: somebody has not confirmed it, or evidence lacks. Disputed values are in no column."),
         Level.IMPACT),
        (ValueStage.CONSULTATION, _("Consultation value"),
         _("What deals that were talked about might be worth, by currency. It is no contract, and is never added to any."),
         Level.INTANGIBLE),
        (ValueStage.OFFER, _("Value offered"),
         _("What offers amount to, by currency. Confirmed, one-sided and estimated as for the contract value."),
         Level.APPLICATION),
        (ValueStage.MEMO, _("Value agreed in memos"),
         _("What deal memos amount to, by currency. Confirmed, one-sided and estimated as for the contract value."),
         Level.APPLICATION),
        (ValueStage.PAID, _("Value paid"),
         _("What was paid for deals made here, by currency; payments of one deal stand side by side and are added."),
         Level.IMPACT),
    )),
)  # fmt: skip
