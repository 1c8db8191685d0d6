"""Deals at every stage: between the seller and the buyer one can sign in as, and between companies that met."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from madang.catalogue.models import Level, Title
from madang.deals.actions.codes import LETTERS
from madang.deals.actions.drafts import write_content
from madang.deals.models import Deal, DealStage, Document, DocumentKind, DocumentState, Signatory, Signature
from madang.deals.queries.checks import check_content
from madang.deals.queries.contents import Content, DeliverableWords, InstalmentWords, LineWords, TermWords
from madang.deals.queries.texts import digest_of, texts_of
from madang.kernels.rights import may_sign
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Company, Participant
from madang.site.demo.people import weighted

REGIONS = ["Benelux", "GSA", "FR", "Nordics", "Iberia", "IT", "UK&I", "SEA", "JP", "TW, HK", "LatAm", "CEE", "MENA", "CA", "ANZ"]
MEDIA = {"SVOD": 30, "AVOD, FAST": 16, "FREE, CATCHUP": 18, "PAYTV": 10, "TV, SVOD": 8, "AIR": 4, "EST, DTR": 4}
PRICES = {"EUR": (8, 90), "USD": (8, 110), "KRW": (12_000, 140_000)}
"""Thousands of the currency, from and to."""
ASKS = [
    "What would two years cost for our territories? We need dubbing rights too.",
    "We would like to carry this from the autumn on. Is it still free, and on which terms?",
    "Please send an offer for all seasons together.",
]
NOTES = ["As we said at the market: the price holds until the end of the month.", "Dubbed version included.", "", ""]
WHY_NOT = ["The slot went to another series.", "Too short a window for the price.", "We need exclusivity, or a lower fee."]
CONDITIONS = (
    "The licensee may use clips of up to three minutes to promote the programme.\nMaterials are returned or erased at the end."
)
PLANS = {
    "asked": 16, "offer": 22, "counter": 12, "declined": 6, "expired": 4, "accepted": 6, "memo": 8, "agreed": 8,
    "to_sign": 6, "half_signed": 6, "signed": 18, "amended": 3, "left": 5,
}  # fmt: skip
"""How far the demo's deals have come."""
STORY = ["asked", "offer", "counter", "memo", "to_sign", "signed", "amended"]
"""Those between the two logins, so that each has something to do."""
STAGES = {"asked": DealStage.ASKED, "signed": DealStage.LICENCE, "amended": DealStage.LICENCE, "left": DealStage.ENDED}
OFFER, MEMO, LICENCE, AMENDMENT = DocumentKind.OFFER, DocumentKind.MEMO, DocumentKind.LICENCE, DocumentKind.AMENDMENT
SENT, DONE, BACK = DocumentState.SENT, DocumentState.ACCEPTED, DocumentState.COUNTERED
Step = tuple[DocumentKind, DocumentState]
PAPERS: dict[str, list[Step]] = {
    "asked": [],
    "offer": [(OFFER, SENT)],
    "counter": [(OFFER, BACK), (OFFER, SENT)],
    "declined": [(OFFER, DocumentState.DECLINED)],
    "expired": [(OFFER, DocumentState.EXPIRED)],
    "accepted": [(OFFER, BACK), (OFFER, DONE)],
    "memo": [(OFFER, DONE), (MEMO, SENT)],
    "agreed": [(OFFER, BACK), (OFFER, BACK), (OFFER, DONE), (MEMO, DONE)],
    "to_sign": [(OFFER, DONE), (MEMO, DONE), (LICENCE, SENT)],
    "half_signed": [(OFFER, DONE), (MEMO, DONE), (LICENCE, SENT)],
    "signed": [(OFFER, BACK), (OFFER, DONE), (MEMO, DONE), (LICENCE, DocumentState.SIGNED)],
    "amended": [(OFFER, DONE), (MEMO, DONE), (LICENCE, DocumentState.SIGNED), (AMENDMENT, DocumentState.SIGNED)],
    "left": [(OFFER, BACK), (OFFER, DocumentState.WITHDRAWN)],
}


@dataclass
class Desk:
    """Writes deals: the moment, the counters of codes."""

    rng: random.Random
    edition: Edition
    counts: dict[str, int]

    def code(self, letter: str) -> str:
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{letter}{self.counts[letter]:04}"


@dataclass(frozen=True)
class Pair:
    """Who negotiates about what, and where they met."""

    seller: Participant
    buyer: Participant
    titles: tuple[Title, ...]
    request: MeetingRequest | None = None


def make_deals(
    rng: random.Random, edition: Edition, titles: Sequence[Title], told: Iterable[MeetingRequest], parts: dict[str, Participant]
) -> None:
    """Seven deals of the two logins, and about one for every eighty accepted requests that name a title."""
    desk = Desk(rng, edition, {})
    for person in (parts["seller"], parts["buyer"]):
        Signatory.objects.get_or_create(participant=person, defaults={"named_at": edition.now()})
    mine = [title for title in titles if title.company_id == parts["seller"].company_id and title.level != Level.EPISODE]
    for number, plan in enumerate(STORY if mine else []):
        about = (mine[number % len(mine)],) if number % 3 else tuple(mine[number % len(mine) :][:2])
        make_deal(desk, Pair(parts["seller"], parts["buyer"], about), plan)
    met = [pair for pair in map(pair_of, told) if pair is not None]
    for pair in rng.sample(met, min(len(met), len(titles) // 12)):
        make_deal(desk, pair, weighted(rng, PLANS.items()))


def pair_of(request: MeetingRequest) -> Pair | None:
    """The two sides of an accepted request about a title that one of them sells to the other."""
    title = request.title
    if request.status != RequestStatus.ACCEPTED or title is None or title.company is None:
        return None
    people = [request.sender, request.receiver]
    seller = next((person for person in people if person.company_id == title.company_id), None)
    buyer = next((person for person in people if person.company_id != title.company_id and person.company_id), None)
    return Pair(seller, buyer, (title,), request) if seller and buyer and buyer.is_buyer else None


def make_deal(desk: Desk, pair: Pair, plan: str) -> Deal:
    """One deal with its documents, as far as `plan` says; what cannot be licensed any more stays an offer."""
    licensor, licensee = company_of(pair.seller), company_of(pair.buyer)
    content = free_content(desk, pair, licensor, licensee)
    if content is None and plan not in ("asked", "offer", "counter", "declined", "expired"):
        plan = "offer"
    content = content or some_content(desk, pair)
    begun = desk.edition.now() - dt.timedelta(days=desk.rng.randint(2, 9), minutes=desk.rng.randint(0, 600))
    deal = Deal.objects.create(
        edition=desk.edition, code=desk.code("D"), licensor=licensor, licensee=licensee, request=pair.request,
        opened_by=pair.buyer, ask=desk.rng.choice(ASKS), created_at=begun, stage=stage_of(plan),
        ended_at=desk.edition.now() if plan == "left" else None, end_reason=desk.rng.choice(WHY_NOT) if plan == "left" else "",
    )  # fmt: skip
    deal.titles.set(pair.titles)
    write_papers(desk, pair, deal, plan, content)
    return deal


def stage_of(plan: str) -> DealStage:
    """The deal's stage when its documents have come so far."""
    agreed = any(kind == MEMO and state == DONE for kind, state in PAPERS[plan])
    return STAGES.get(plan, DealStage.MEMO if agreed else DealStage.OFFER)


def write_papers(desk: Desk, pair: Pair, deal: Deal, plan: str, content: Content) -> None:
    """The documents one after the other: the sides take turns while they bargain, the seller writes the rest."""
    last, moment = None, deal.created_at
    steps = PAPERS[plan]
    for number, (kind, state) in enumerate(steps, 1):
        moment += (desk.edition.now() - moment) / (len(steps) - number + 2)
        author = pair.buyer if kind == OFFER and number % 2 == 0 else pair.seller
        words = dearer(content, len(steps) - number) if kind == OFFER else content
        if kind == AMENDMENT:
            words = replace(content, conditions=f"{CONDITIONS}\nThe licensee may sublicense to its own group.")
        last = write_paper(desk, deal, author, (number, kind, state), words, moment, last)
        if state == DocumentState.SIGNED or (plan == "half_signed" and number == len(steps)):
            freeze(last, [pair.buyer, pair.seller] if state == DocumentState.SIGNED else [pair.buyer], moment)
        elif kind in (LICENCE, AMENDMENT):
            freeze(last, [], moment)


def write_paper(
    desk: Desk, deal: Deal, author: Participant, step: tuple[int, DocumentKind, DocumentState], content: Content,
    moment: dt.datetime, before: Document | None,
) -> Document:  # fmt: skip
    """One document in its state, but SIGNED, which `freeze` gives."""
    number, kind, state = step
    is_open = state == SENT
    expires = desk.edition.now() + dt.timedelta(days=desk.rng.randint(2, 20)) if is_open and kind == OFFER else None
    held = expires if expires and author.company_id == deal.licensor_id and desk.rng.random() < 0.3 else None
    document = Document(
        edition=desk.edition, code=desk.code(LETTERS[kind]), deal=deal, kind=kind, number=number, company=company_of(author),
        author=author, state=SENT if state == DocumentState.SIGNED else state, created_at=moment, sent_at=moment,
        answered_at=None if is_open else moment + dt.timedelta(hours=5),
        answers=before if before and before.state == BACK else None, amends=before if kind == AMENDMENT else None,
        answer=desk.rng.choice(WHY_NOT) if state == DocumentState.DECLINED else "",
    )  # fmt: skip
    note = desk.rng.choice(NOTES) if kind == OFFER else ""
    write_content(document, replace(content, note=note, expires_at=expires, holds_until=held))
    return document


def freeze(document: Document, signers: list[Participant], moment: dt.datetime) -> None:
    """The text as it is signed, and signatures under it; with two it is a contract."""
    document.texts = texts_of(document)
    document.digest = digest_of(document.texts)
    if len(signers) == 2:
        document.state, document.signed_at = DocumentState.SIGNED, moment + dt.timedelta(hours=2)
    document.save()
    for hours, person in enumerate(signers, 1):
        at = moment + dt.timedelta(hours=hours)
        facts = {"company": company_of(person), "participant": person, "name": person.latin_name}
        Signature.objects.create(document=document, signed_at=at, digest=document.digest, **facts)


def free_content(desk: Desk, pair: Pair, licensor: Company, licensee: Company) -> Content | None:
    """Terms in which nothing stands in the way; None where three tries found none."""
    for _try in range(3):
        content = some_content(desk, pair)
        if may_sign(check_content(licensor, licensee, content)):
            return content
    return None


def some_content(desk: Desk, pair: Pair) -> Content:
    """One region and media for all titles, a price in two instalments, often a share beside it."""
    rng = desk.rng
    region, media = rng.choice(REGIONS), weighted(rng, MEDIA.items())
    start = dt.date(2025, rng.choice([7, 9, 10]), 1)
    end = start.replace(year=start.year + rng.choice([1, 2, 3])) - dt.timedelta(days=1)
    window: dict[str, Any] = {"start": start, "end": end, "exclusive": rng.random() < 0.6}
    lines = tuple(LineWords(title, region, media, clause=f"{n}", **window) for n, title in enumerate(pair.titles, 1))
    currency = weighted(rng, {"EUR": 5, "USD": 4, "KRW": 3}.items())
    amount = Decimal(rng.randint(*PRICES[currency]) * 1000)
    parts = (InstalmentWords(amount * 3 / 10, "signature"), InstalmentWords(amount * 7 / 10, "delivery"))
    terms = [TermWords(rng.choice(["flat", "flat", "guarantee"]), amount, currency, instalments=parts)]
    if rng.random() < 0.35:
        terms.append(TermWords("share", percent=Decimal(rng.choice([25, 40, 50])), base="net receipts"))
    master = DeliverableWords("HD master with M&E", start - dt.timedelta(days=30))
    return Content(lines, tuple(terms), (master, DeliverableWords("Subtitles and dialogue list")), CONDITIONS)


def dearer(content: Content, steps: int) -> Content:
    """The same as it stood some steps earlier: a higher price, a shorter window."""
    if not steps:
        return content
    factor = 1 + Decimal(steps) / 10
    terms = tuple(
        replace(
            term,
            amount=term.amount * factor if term.amount is not None else None,
            instalments=tuple(replace(part, amount=part.amount * factor) for part in term.instalments),
        )
        for term in content.terms
    )
    lines = tuple(replace(line, languages="ko:original, any:sub") for line in content.lines) if steps > 1 else content.lines
    return replace(content, terms=terms, lines=lines)


def company_of(person: Participant) -> Company:
    """Everybody here does business for a company."""
    if person.company is None:
        raise ValueError(person.code)
    return person.company
