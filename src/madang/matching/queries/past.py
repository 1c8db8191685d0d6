"""What a buyer was for and against: requests, meetings, deals and her own words, at this edition and those before it.

Nobody's past but her own counts on a buyer's pages, and no other buyer's ever: what others asked for would show in her list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from madang.catalogue.models import Title
from madang.deals.models import Deal, DealStage
from madang.kernels.matching.pairs import Offered, Sign
from madang.markets.models import Edition
from madang.matching.models import Because, Feedback, Verdict
from madang.matching.queries.market import FACTS, Catalogue, offer_of
from madang.meetings.models import Attendee, Interest, MeetingRequest, RequestStatus, Wish
from madang.people.models import Participant


class Did(StrEnum):
    """What she did about a title; of several the last of these counts, besides what she said."""

    DECLINED = "declined"
    ASKED = "asked"
    ACCEPTED = "accepted"
    MET = "met"
    COLD = "cold"
    NEGOTIATED = "negotiated"
    LICENSED = "licensed"
    INTERESTED = "interested"
    NOT_FOR_ME = "not_for_me"


MUCH: dict[Did, float] = {
    Did.DECLINED: -0.5, Did.ASKED: 1.0, Did.ACCEPTED: 1.0, Did.MET: 1.25, Did.COLD: -1.0, Did.NEGOTIATED: 1.5, Did.LICENSED: 2.0,
    Did.INTERESTED: 2.0, Did.NOT_FOR_ME: -2.0,
}  # fmt: skip
"""How much each says, in titles that she asked about with a middling wish."""
WISHED: dict[int | None, float] = {Wish.IF_ROOM: 0.5, Wish.MUST: 1.5}
"""What a wish makes of a request."""
WENT_ON: dict[str, float] = {Interest.FOLLOW_UP: 1.5, Interest.OFFER: 2.0}
"""What a meeting says that she wants to follow up."""
RESPECTS: dict[str, str] = {
    Because.GENRE: "genre", Because.TONE: "tone", Because.FORMAT: "format", Because.LONG: "longer", Because.SHORT: "shorter",
    Because.AUDIENCE: "audience", Because.PRICE: "dearer",
}  # fmt: skip
"""Causes that speak of other titles too; the rest are about the one title."""


class Past(NamedTuple):
    """A title that a buyer was for or against, how much, and what she did; `respect` as in the kernel."""

    buyer: int
    title: int
    much: float
    did: Did
    respect: str = ""


def past_of_market(edition: Edition) -> list[Past]:
    """What buyers asked for, accepted and declined, as the organiser may know it: no deals, feedback or words about meetings.
    One query."""
    requests = MeetingRequest.objects.filter(edition=edition, title__isnull=False)
    return list(_last(_asked(requests)).values())


def past_of(buyer: Participant) -> list[Past]:
    """What one buyer asked for, accepted, declined, met about, bought, and said of titles, at this edition and earlier ones of
    its market: for her own pages alone. Four queries."""
    own = _own(buyer)
    found = _last([*_met(buyer, own), *_bought(buyer, own)])
    return [*found.values(), *_said(buyer, own)]


def signs_of(past: Iterable[Past], catalogue: Catalogue) -> dict[int, list[tuple[Past, Sign]]]:
    """By buyer. Titles that are not on offer here are looked up, with one query where there are any."""
    rows = list(past)
    gone = sorted({one.title for one in rows} - set(catalogue.places))
    beside = _beside(catalogue, tuple(_facts(gone))) if gone else None
    found: dict[int, list[tuple[Past, Sign]]] = defaultdict(list)
    for one in rows:
        if one.title in catalogue.places:
            found[one.buyer].append((one, Sign(catalogue.places[one.title], one.much, one.respect)))
        elif beside and one.title in beside.places:
            found[one.buyer].append((one, Sign(beside.places[one.title], one.much, one.respect, beside.offered)))
    return found


class _Beside(NamedTuple):
    """Titles that are not on offer, made ready."""

    places: dict[int, int]
    offered: Offered


def _facts(titles: list[int]) -> Iterable[tuple[Any, ...]]:
    return Title.objects.filter(pk__in=titles).order_by("pk").values_list(*FACTS)


@lru_cache(maxsize=200)
def _beside(catalogue: Catalogue, rows: tuple[tuple[Any, ...], ...]) -> _Beside:
    return _Beside({row[0]: n for n, row in enumerate(rows)}, catalogue.offered.beside([offer_of(*row) for row in rows]))


def _last(rows: Iterable[Past]) -> dict[tuple[int, int], Past]:
    """Of all that a buyer did about a title what came last in the chain."""
    order = list(Did)
    found: dict[tuple[int, int], Past] = {}
    for one in rows:
        before = found.get((one.buyer, one.title))
        if before is None or (order.index(one.did), one.much) > (order.index(before.did), before.much):
            found[one.buyer, one.title] = one
    return found


# --- Requests and meetings ---------------------------------------------------------------------------------------------

SENT = [RequestStatus.SENT, RequestStatus.ACCEPTED, RequestStatus.EXPIRED]
ANSWERED = [RequestStatus.ACCEPTED, RequestStatus.DECLINED]
FIELDS = (
    "sender_id", "receiver_id", "sender__is_buyer", "title_id", "title__company_id", "sender__company_id", "status",
    "sender_wish", "receiver_wish",
)  # fmt: skip


def _asked(requests: QuerySet[MeetingRequest]) -> list[Past]:
    rows = requests.filter(_counts()).order_by("pk").values_list(*FIELDS)
    return [one for row in rows if (one := _request(*row))]


def _counts() -> Q:
    return Q(sender__is_buyer=True, status__in=SENT) | Q(receiver__is_buyer=True, status__in=ANSWERED)


def _request(
    sender: int,
    receiver: int,
    is_buyer: bool,
    title: int,
    seller: int | None,
    company: int | None,
    status: str,
    *wishes: int | None,
) -> Past | None:
    """What a request tells of its buyer; None where it was about something else."""
    if is_buyer and company != seller and status != RequestStatus.DECLINED:
        return Past(sender, title, WISHED.get(wishes[0], MUCH[Did.ASKED]), Did.ASKED)
    if company != seller or status not in ANSWERED:
        return None
    if status == RequestStatus.DECLINED:
        return Past(receiver, title, MUCH[Did.DECLINED], Did.DECLINED)
    return Past(receiver, title, WISHED.get(wishes[1], MUCH[Did.ACCEPTED]), Did.ACCEPTED)


def _met(buyer: Participant, own: list[int]) -> list[Past]:
    """Her own requests, with what she said of their meetings; all she did counts as this buyer's, at whichever edition."""
    hers = Q(sender__in=own) | Q(receiver__in=own)
    requests = MeetingRequest.objects.filter(hers, _counts(), title__isnull=False).order_by("pk")
    seat = Attendee.objects.filter(participant__in=own, request=OuterRef("pk"), is_principal=True)
    seats = {name: Subquery(seat.values(name)[:1]) for name in ("participant", "interest", "checked_in_at")}
    rows = requests.annotate(**{f"my_{name}": query for name, query in seats.items()})
    found = []
    for *facts, me, interest, here in rows.values_list(*FIELDS, *(f"my_{name}" for name in seats)):
        one = _request(*facts)
        if one and one.buyer == me:
            found.append(_came(one, interest or "", here is not None)._replace(buyer=buyer.pk))
    return found


def _came(one: Past, interest: str, is_held: bool) -> Past:
    """A request with what came of it, where she met and said so."""
    if interest == Interest.NONE:
        return one._replace(much=MUCH[Did.COLD], did=Did.COLD)
    if interest or is_held:
        return one._replace(much=max(one.much, WENT_ON.get(interest, MUCH[Did.MET])), did=Did.MET)
    return one


def _own(buyer: Participant) -> list[int]:
    """Who she is: at this edition, and with the same account at earlier ones of the market. Ids, so that the database looks up
    what is hers, and does not read everybody's."""
    if buyer.user_id is None:
        return [buyer.pk]
    here = buyer.edition
    before = Participant.objects.filter(
        user=buyer.user_id, edition__market=here.market_id, edition__starts_on__lte=here.starts_on
    )
    return sorted({buyer.pk, *before.values_list("pk", flat=True)})


# --- Deals and words ---------------------------------------------------------------------------------------------------


def _bought(buyer: Participant, own: list[int]) -> list[Past]:
    """What her company negotiates or signed, here or where she took part for it before."""
    deals = Deal.objects.filter(
        Q(licensee=buyer.company_id) | Q(licensee__people__in=own), licensee__isnull=False, titles__isnull=False
    )
    rows = deals.exclude(stage=DealStage.ENDED).order_by("pk").values_list("titles", "stage").distinct()
    kinds = [(title, Did.LICENSED if stage == DealStage.LICENCE else Did.NEGOTIATED) for title, stage in rows]
    return [Past(buyer.pk, title, MUCH[did], did) for title, did in kinds]


def _said(buyer: Participant, own: list[int]) -> list[Past]:
    """Her words about titles, at every edition of the market that has begun."""
    found = []
    for one in Feedback.objects.filter(by__in=own, mandate=None).order_by("pk"):
        did = Did.INTERESTED if one.verdict == Verdict.INTERESTED else Did.NOT_FOR_ME
        if did == Did.INTERESTED or one.because in RESPECTS:
            found.append(Past(buyer.pk, one.title_id, MUCH[did], did, RESPECTS.get(one.because, "")))
    return found
