"""Values: stated by one party, confirmed or disputed by the others, replaced or withdrawn by whoever stated them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import (
    Confirmation,
    Deal,
    Document,
    DocumentKind,
    DocumentState,
    Evidence,
    TermKind,
    Value,
    ValueStage,
)
from madang.deals.queries.people import people_of
from madang.deals.queries.values import current, parties_of
from madang.deals.rules import dealer_of, may_confirm, may_state_value
from madang.kit.money import money
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.markets.rules import may_organise
from madang.meetings.models import MeetingRequest
from madang.people.actions import notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts

STAGE_OF = {
    DocumentKind.OFFER: ValueStage.OFFER,
    DocumentKind.MEMO: ValueStage.MEMO,
    DocumentKind.LICENCE: ValueStage.CONTRACT,
    DocumentKind.AMENDMENT: ValueStage.CONTRACT,
}
"""What stands in an accepted or signed document of each kind is a value of this stage."""
COUNTED = [TermKind.FLAT, TermKind.GUARANTEE, TermKind.OTHER]
"""Terms that are an amount; a price a view and per cents are none until somebody has been paid."""


class AlreadyStated(DealRefused):
    """The deal has a value of that stage and currency: `value` is confirmed, disputed or replaced, never stated beside."""

    def __init__(self, value: Value) -> None:
        super().__init__(_("This value is stated already: confirm it, dispute it, or have it stated anew."))
        self.value = value


class NotCurrent(DealRefused):
    """The value was replaced or withdrawn since the page was shown."""

    def __init__(self) -> None:
        super().__init__(_("This value was replaced or withdrawn in the meantime. Please look again."))


@transaction.atomic
def state_value(
    actor: User, deal: Deal, *, stage: str, amount: Decimal, currency: str, note: str = "", document: Document | None = None
) -> Value:
    """A party states a value; the others are asked to confirm it. What was paid may stand several times. Raises AlreadyStated."""
    me = _dealer(actor, deal)
    _lock(deal)
    same = current(Value.objects.filter(deal=deal, stage=stage, currency=currency, company__isnull=False)).first()
    if same and stage != ValueStage.PAID:
        raise AlreadyStated(same)
    value = _stated(actor, deal, me, stage=stage, amount=amount, currency=currency, note=note, document=document)
    record(deal.edition, actor, "state_value", deal.code, value=value.pk, stage=stage, amount=str(amount), currency=currency)
    _tell(value, me, "value_stated")
    return value


@transaction.atomic
def restate_value(actor: User, value: Value, *, amount: Decimal, currency: str, note: str = "") -> Value:
    """The company that stated it says it anew: the old row stays readable, and everybody is asked again."""
    found, me = _own(actor, value)
    rivals = current(Value.objects.filter(deal=found.deal, stage=found.stage, currency=currency, company__isnull=False))
    rival = rivals.exclude(pk=found.pk).first()
    if rival and found.stage != ValueStage.PAID:
        raise AlreadyStated(rival)
    deal = _deal(found)
    facts = {"stage": found.stage, "amount": amount, "currency": currency, "note": note, "document": None}
    fresh = _stated(actor, deal, me, replaces=found, **facts)
    before, after = f"{found.amount} {found.currency}", f"{amount} {currency}"
    record(deal.edition, actor, "restate_value", deal.code, value=fresh.pk, stage=found.stage, before=before, after=after)
    _tell(fresh, me, "value_stated")
    return fresh


@transaction.atomic
def confirm_value(actor: User, value: Value) -> Value:
    """A party says that the value is right; once more changes nothing."""
    found, me = _open(actor, value)
    last = found.confirmations.filter(company=me.company_id).last()
    if last and not last.disputes:
        return found
    _say(found, me)
    record(found.edition, actor, "confirm_value", _deal(found).code, value=found.pk, stage=found.stage)
    _tell(found, me, "value_confirmed")
    return found


@transaction.atomic
def dispute_value(actor: User, value: Value, *, reason: str) -> Value:
    """A party says that the value is not right, and why. Whoever stated it states it anew instead."""
    found, me = _open(actor, value)
    if found.company_id == me.company_id:
        raise DealRefused(_("Your company stated this value: state it anew or withdraw it."))
    _say(found, me, disputes=True, note=reason)
    record(found.edition, actor, "dispute_value", _deal(found).code, value=found.pk, stage=found.stage)
    _tell(found, me, "value_disputed", answer=reason)
    return found


@transaction.atomic
def withdraw_value(actor: User, value: Value) -> Value:
    """The company that stated it takes it back; it counts no more and stays readable."""
    found, me = _own(actor, value)
    found.withdrawn_at = found.edition.now()
    found.save(update_fields=["withdrawn_at"])
    record(found.edition, actor, "withdraw_value", _deal(found).code, value=found.pk, stage=found.stage)
    _tell(found, me, "value_withdrawn")
    return found


@transaction.atomic
def estimate_value(
    actor: User, thing: Deal | MeetingRequest, *, stage: str, amount: Decimal, currency: str, note: str = ""
) -> Value:
    """The organiser's own estimate of a deal or a meeting, in place of an earlier one; never added to what parties say."""
    edition = thing.edition
    if not may_organise(actor, edition):
        raise PermissionDenied
    of = {"deal": thing} if isinstance(thing, Deal) else {"request": thing}
    Edition.objects.select_for_update().get(pk=edition.pk)
    old = current(Value.objects.filter(**of, edition=edition, stage=stage, currency=currency, company=None)).first()
    facts = {"stage": stage, "amount": amount, "currency": currency, "note": note}
    value = Value.objects.create(edition=edition, **of, stated_by=actor, stated_at=edition.now(), replaces=old, **facts)
    record(edition, actor, "estimate_value", thing.code, value=value.pk, stage=stage, amount=str(amount), currency=currency)
    return value


@transaction.atomic
def drop_estimate(actor: User, value: Value) -> None:
    """The organiser takes an estimate back; it stays readable."""
    if not may_organise(actor, value.edition):
        raise PermissionDenied
    found = current(Value.objects.select_for_update(of=("self",)).filter(pk=value.pk, company=None)).first()
    if found is None:
        raise NotCurrent
    found.withdrawn_at = value.edition.now()
    found.save(update_fields=["withdrawn_at"])
    record(value.edition, actor, "drop_estimate", found.pk, stage=found.stage)


@transaction.atomic
def state_from_document(actor: User, document: Document) -> list[Value]:
    """What an accepted or signed document is worth, by currency, confirmed by its two parties with the document as evidence.

    It takes the place of what stood for the deal at this stage; a currency that is no more in the document is withdrawn. Call it
    in the transaction of the acceptance by `actor`, or of the last signature. Once more changes nothing.
    """
    deal, stage = document.deal, STAGE_OF.get(DocumentKind(document.kind))
    if deal is None or stage is None or document.state not in (DocumentState.ACCEPTED, DocumentState.SIGNED):
        raise ValueError(f"{document.code} is neither accepted nor signed")
    if Value.objects.filter(document=document, company__isnull=False).exists():
        return list(Value.objects.filter(document=document, company__isnull=False))
    _lock(deal)
    standing = current(Value.objects.filter(deal=deal, stage=stage, company__isnull=False))
    old = {value.currency: value for value in standing}
    sums = amounts_of(document)
    gone = [value.pk for currency, value in old.items() if currency not in sums]
    Value.objects.filter(pk__in=gone).update(withdrawn_at=deal.edition.now())
    agreed = _agreed_by(actor, document)
    found = []
    for currency, amount in sums.items():
        facts = {"stage": stage, "amount": amount, "currency": currency, "document": document, "company": document.company}
        found.append(
            Value.objects.create(
                edition=deal.edition,
                deal=deal,
                replaces=old.get(currency),
                stated_by=actor,
                stated_at=deal.edition.now(),
                **facts,
            )
        )
    _prove(actor, document, found, agreed)
    return found


def amounts_of(document: Document) -> dict[str, Decimal]:
    """The amounts of a document's terms, added within each currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for term in document.terms.filter(kind__in=COUNTED, amount__isnull=False):
        sums[term.currency] += term.amount or 0
    return dict(sums)


def _prove(actor: User, document: Document, values: list[Value], agreed: list[Participant]) -> None:
    """The document as evidence of its values, and the word of both parties."""
    now = document.edition.now()
    reference = f"{document.code} · SHA-256 {document.digest}" if document.digest else document.code
    Evidence.objects.bulk_create([Evidence(value=v, reference=reference, added_by=actor, added_at=now) for v in values])
    Confirmation.objects.bulk_create(
        [Confirmation(value=v, company_id=p.company_id or 0, participant=p, at=now) for v in values for p in agreed]
    )
    for value in values:
        facts = {"stage": value.stage, "amount": str(value.amount), "currency": value.currency}
        record(document.edition, actor, "state_value", _deal(value).code, value=value.pk, document=document.code, **facts)


def _agreed_by(actor: User, document: Document) -> list[Participant]:
    """One person of each party: who signed; else who wrote the document and who accepted it."""
    signed = {s.company_id: s.participant for s in document.signatures.select_related("participant").order_by("signed_at")}
    if signed:
        return list(signed.values())
    me = dealer_of(actor, document.edition)
    people = {person.company_id: person for person in (document.author, me) if person}
    return list(people.values())


def _stated(actor: User, deal: Deal, me: Participant, *, replaces: Value | None = None, **facts: object) -> Value:
    """The row, with the word of the company that states it."""
    edition = deal.edition
    value = Value.objects.create(
        edition=edition, deal=deal, company=me.company, stated_by=actor, stated_at=edition.now(), replaces=replaces, **facts
    )
    _say(value, me)
    return value


def _say(value: Value, me: Participant, *, disputes: bool = False, note: str = "") -> None:
    value.confirmations.create(
        company_id=me.company_id or 0, participant=me, disputes=disputes, note=note, at=value.edition.now()
    )


def _dealer(actor: User, deal: Deal) -> Participant:
    me = dealer_of(actor, deal.edition)
    if me is None or not may_state_value(actor, deal):
        raise PermissionDenied
    return me


def _lock(deal: Deal) -> None:
    """Two who state a value of one deal at once come one after the other."""
    Deal.objects.select_for_update(of=("self",)).get(pk=deal.pk)


def _open(actor: User, value: Value) -> tuple[Value, Participant]:
    """The value under a lock, if it stands and the actor's company is a party."""
    rows = Value.objects.select_for_update(of=("self",)).select_related("edition", "deal__edition", "company")
    found = rows.get(pk=value.pk)
    me = _dealer(actor, _deal(found))
    if not may_confirm(actor, found):
        raise NotCurrent
    return found, me


def _own(actor: User, value: Value) -> tuple[Value, Participant]:
    found, me = _open(actor, value)
    if found.company_id != me.company_id:
        raise PermissionDenied
    if found.document_id:
        raise DealRefused(_("This value stands in a document that both parties agreed to. It changes with the next document."))
    return found, me


def _deal(value: Value) -> Deal:
    if value.deal is None:  # an estimate of a meeting has no parties
        raise PermissionDenied
    return value.deal


def _tell(value: Value, me: Participant, kind: str, **facts: str) -> None:
    """Everybody of the other parties who has to do with the deal; each change once."""
    deal = _deal(value)
    others = {company.pk for _name, company in parties_of(deal) if company} - {me.company_id}
    data = person_facts(me) | {"value": value.pk, "what": f"{money(value.amount, value.currency)} ({deal.code})"} | facts
    key = f"{value.pk}/{value.confirmations.count()}"
    notify_many((person, kind, key, data) for person in _told(deal, value, others))


def _told(deal: Deal, value: Value, others: Iterable[int]) -> list[Participant]:
    """Those of the deal, and whoever stated this value herself."""
    people = people_of(deal, others)
    stater = Q(user=value.stated_by_id, edition=deal.edition_id, company__in=list(others), left_at=None)
    known = {person.pk for person in people}
    return people + list(Participant.objects.filter(stater).exclude(pk__in=known).select_related("company", "edition"))
