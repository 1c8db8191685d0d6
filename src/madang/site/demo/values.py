"""What the demo's deals are worth: stated by documents and by hand, confirmed, disputed, paid, estimated."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from madang.accounts.models import User
from madang.deals.actions.values import COUNTED, STAGE_OF
from madang.deals.models import Confirmation, Deal, DealStage, Document, DocumentKind, DocumentState, Evidence, Value, ValueStage
from madang.kit.money import rounded
from madang.markets.models import Edition, Stage
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Company, Participant
from madang.site.demo.people import weighted

CURRENCIES = {"EUR": 5, "USD": 4, "KRW": 3}
NOT_RIGHT = ["The invoice says less: bank charges were taken off.", "We agreed on the lower price at the table.", "Not paid yet."]
PAID = {"confirmed": 50, "one_sided": 28, "disputed": 10, "no_evidence": 12}
"""How payments stand, of a hundred."""
ESTIMATES = 36
UNIT = {"EUR": 1000, "USD": 1000, "KRW": 1_000_000}


def make_values(rng: random.Random, edition: Edition, organiser: User) -> None:
    """Values of every deal there is, and the organiser's estimates of some meetings once there were any."""
    deals = (
        Deal.objects.filter(edition=edition, kind="licence").select_related("licensor", "licensee", "opened_by").order_by("pk")
    )
    people = first_people(edition)
    for deal in deals:
        voices = [(company, people[company.pk]) for company in (deal.licensor, deal.licensee) if company]
        for document in settled(deal):
            state_document(document, voices, organiser)
        if deal.stage == DealStage.LICENCE:
            pay(rng, deal, voices, organiser)
        elif deal.stage in (DealStage.ASKED, DealStage.OFFER):
            consult(rng, deal, voices, organiser)
    if edition.stage in (Stage.LIVE, Stage.AFTER):
        estimate(rng, edition, organiser)


def first_people(edition: Edition) -> dict[int, Participant]:
    """Somebody of every company, those with an account first."""
    people = Participant.objects.filter(edition=edition, company__isnull=False, left_at=None).order_by("-user", "-pk")
    return {person.company_id or 0: person for person in people.select_related("user")}


def settled(deal: Deal) -> Iterator[Document]:
    """Accepted and signed documents, the oldest first."""
    done = deal.documents.filter(state__in=[DocumentState.ACCEPTED, DocumentState.SIGNED]).order_by("number")
    yield from done.prefetch_related("terms").select_related("company")


def state_document(document: Document, voices: list[tuple[Company, Participant]], organiser: User) -> None:
    """As `actions.values.state_from_document` does, with the times of the document."""
    stage, at = STAGE_OF[DocumentKind(document.kind)], document.signed_at or document.answered_at or document.created_at
    for term in document.terms.all():
        if term.kind not in COUNTED or term.amount is None:
            continue
        same = Value.objects.filter(deal=document.deal_id, stage=stage, currency=term.currency, replaced_by=None)
        value = Value.objects.create(
            edition_id=document.edition_id, deal=document.deal, stage=stage, amount=term.amount, currency=term.currency,
            document=document, company=document.company, stated_by=user_of(voices[0][1], organiser), stated_at=at,
            replaces=same.first(),
        )  # fmt: skip
        reference = f"{document.code} · SHA-256 {document.digest}" if document.digest else document.code
        Evidence.objects.create(value=value, reference=reference, added_by=value.stated_by, added_at=at)
        say(value, voices, at)


def pay(rng: random.Random, deal: Deal, voices: list[tuple[Company, Participant]], organiser: User) -> None:
    """The first instalment of most signed licences; now and then the second one too."""
    contract = Value.objects.filter(deal=deal, stage=ValueStage.CONTRACT, replaced_by=None).first()
    if contract is None or rng.random() < 0.2:
        return
    for number in range(1, 3 if rng.random() < 0.3 else 2):
        amount = contract.amount * (3 if number == 1 else 7) / 10
        if number == 2 and rng.random() < 0.2:
            amount = contract.amount  # the whole price after the first part: the page warns
        payer = voices[-1]
        facts = {"stage": ValueStage.PAID, "amount": rounded(amount, contract.currency), "currency": contract.currency}
        value = by_hand(deal, payer, contract.stated_at + dt.timedelta(hours=6 * number), organiser, f"{number}/2", **facts)
        stand(rng, value, payer, voices[0], weighted(rng, PAID.items()))


def stand(
    rng: random.Random, value: Value, by: tuple[Company, Participant], other: tuple[Company, Participant], how: str
) -> None:
    """Confirmed, one-sided, disputed, or confirmed without evidence."""
    at = value.stated_at + dt.timedelta(hours=2)
    say(value, [by], value.stated_at)
    if how != "no_evidence":
        reference = f"SWIFT {rng.randint(10**9, 10**10)}"
        Evidence.objects.create(value=value, reference=reference, added_by=value.stated_by, added_at=value.stated_at)
    if how in ("confirmed", "no_evidence"):
        say(value, [other], at)
    if how == "disputed":
        company, person = other
        facts = {"company": company, "participant": person, "disputes": True, "note": rng.choice(NOT_RIGHT)}
        Confirmation.objects.create(value=value, at=at, **facts)


def consult(rng: random.Random, deal: Deal, voices: list[tuple[Company, Participant]], organiser: User) -> None:
    """What was talked of at the table, as the seller says; the buyer confirms some of it."""
    if rng.random() < 0.25:
        return
    currency = weighted(rng, CURRENCIES.items())
    facts = {"stage": ValueStage.CONSULTATION, "amount": Decimal(rng.randint(8, 120) * UNIT[currency]), "currency": currency}
    value = by_hand(deal, voices[0], deal.created_at + dt.timedelta(hours=3), organiser, "", **facts)
    stand(rng, value, voices[0], voices[-1], weighted(rng, {"one_sided": 70, "confirmed": 20, "disputed": 10}.items()))


def by_hand(deal: Deal, by: tuple[Company, Participant], at: dt.datetime, organiser: User, note: str, **facts: object) -> Value:
    """A value that somebody of a party states."""
    company, person = by
    stated = {"company": company, "stated_by": user_of(person, organiser), "stated_at": min(at, deal.edition.now())}
    return Value.objects.create(edition=deal.edition, deal=deal, note=note, **stated, **facts)


def say(value: Value, voices: list[tuple[Company, Participant]], at: dt.datetime) -> None:
    rows = [Confirmation(value=value, company=company, participant=person, at=at) for company, person in voices]
    Confirmation.objects.bulk_create(rows)


def user_of(person: Participant, organiser: User) -> User:
    """Her account; most people of the demo have none, and the organiser's stands for it."""
    return person.user or organiser


def estimate(rng: random.Random, edition: Edition, organiser: User) -> None:
    """The organiser's own guess of what some meetings were about."""
    agreed = MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED, title__isnull=False).order_by("pk")
    rows = []
    for request in rng.sample(list(agreed), min(len(agreed), ESTIMATES)):
        currency = weighted(rng, CURRENCIES.items())
        facts = {"amount": Decimal(rng.randint(5, 80) * UNIT[currency]), "currency": currency, "stage": ValueStage.CONSULTATION}
        rows.append(Value(edition=edition, request=request, stated_by=organiser, stated_at=edition.now(), **facts))
    Value.objects.bulk_create(rows)
