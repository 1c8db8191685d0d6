"""Rows of an edition -> what the kernel compares: titles, wishes, what buyers were for and against, answers that teach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Q

from madang.deals.models import Deal, DealStage
from madang.kernels.matching.arrays import Ints
from madang.kernels.matching.pairs import Offer, Offered, Sign, Wish, offered
from madang.kit.codes import codes
from madang.mandates.models import FirstTime, Mandate
from madang.markets.models import Edition
from madang.matching.models import Because, Feedback, Verdict
from madang.matching.rules import titles_on_offer
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.people.models import Participant

LANGUAGES = ("", "_ko", "_fr")
TEXTS = tuple(f"{name}{ending}" for name in ("synopsis", "identity__for_whom") for ending in LANGUAGES)
FACTS = (
    "pk", "company_id", "genre", "format", "profile__tones", "profile__themes", "profile__audiences", "profile__is_first_work",
    *TEXTS,
)  # fmt: skip
KEPT = 4
"""Catalogues, and what was learned of them, that a process remembers; found again by all that they say."""
SAID, BOUGHT, ASKED, DECLINED = 2.0, 1.5, 1.0, -0.5
"""How much a sign says: a word about a title, a deal about it, a request or an accepted one, a declined one."""
RESPECTS: dict[str, str] = {Because.GENRE: "genre", Because.TONE: "tone", Because.FORMAT: "format", Because.AUDIENCE: "audience"}
"""Causes that speak of other titles too; the rest are about the one title."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The titles on offer, ready for the kernel. `ids` by place, `places` by id; `names`: what each is about, with its genre."""

    ids: Ints
    places: Mapping[int, int]
    offered: Offered
    names: Sequence[frozenset[str]]

    def named(self, title: int) -> frozenset[str]:
        """The concepts of a title, by its id."""
        return self.names[self.places[title]]


def catalogue_of(edition: Edition) -> Catalogue:
    """One query; made ready anew only where a title changed."""
    return _catalogue(tuple(titles_on_offer(edition).order_by("pk").values_list(*FACTS)))


@lru_cache(maxsize=KEPT)
def _catalogue(rows: tuple[tuple[Any, ...], ...]) -> Catalogue:
    ids = [row[0] for row in rows]
    ready = offered([_offer(*row) for row in rows])
    names = [ready.named(n) | {offer.genre} for n, offer in enumerate(ready.offers)]
    return Catalogue(np.array(ids, np.int64), {pk: n for n, pk in enumerate(ids)}, ready, names)


def _offer(pk: int, company: int, genre: str, form: str, *rest: Any) -> Offer:
    tones, themes, audiences, first, *texts = rest
    told = [frozenset(codes(text or "")) for text in (tones, themes, audiences)]
    return Offer(str(company), tuple(text for text in texts if text), genre, form, told[0], told[1], told[2], bool(first))


def wish_of(mandate: Mandate, signs: Sequence[Sign] = ()) -> Wish:
    """A mandate as the kernel reads it."""
    tones, audiences = (frozenset(codes(text)) for text in (mandate.tones, mandate.audiences))
    return Wish(mandate.text, mandate.genre, tones, audiences, mandate.first_time == FirstTime.SOUGHT, tuple(signs))


# --- What buyers were for and against ----------------------------------------------------------------------------------


class Past(NamedTuple):
    """A title that a buyer was for or against, and how much; `respect` as in the kernel."""

    buyer: int
    title: int
    much: float
    respect: str = ""


def signs_of(past: Iterable[Past], catalogue: Catalogue) -> dict[int, list[Sign]]:
    """By buyer; what is not on offer any more tells nothing."""
    found: dict[int, list[Sign]] = defaultdict(list)
    for one in past:
        if one.title in catalogue.places:
            found[one.buyer].append(Sign(catalogue.places[one.title], one.much, one.respect))
    return found


def past_of_market(edition: Edition) -> list[Past]:
    """What buyers asked for, accepted and declined, as the organiser may know it: no deals and no feedback. One query."""
    return list(dict.fromkeys(_asked(edition, None)))


def past_of(buyer: Participant) -> list[Past]:
    """What one buyer asked for, accepted, declined, bought, and said of titles: for her own pages alone. Three queries."""
    return list(dict.fromkeys([*_asked(buyer.edition, buyer), *_bought(buyer), *_said(buyer)]))


def _said(buyer: Participant) -> list[Past]:
    said = Feedback.objects.filter(by=buyer, mandate=None).order_by("pk")
    return [
        Past(buyer.pk, one.title_id, SAID if one.verdict == Verdict.INTERESTED else -SAID, RESPECTS.get(one.because, ""))
        for one in said
        if one.verdict == Verdict.INTERESTED or one.because in RESPECTS
    ]


def _asked(edition: Edition, buyer: Participant | None) -> list[Past]:
    requests = MeetingRequest.objects.filter(edition=edition, title__isnull=False).order_by("pk")
    sent = Q(sender__is_buyer=True, status__in=[RequestStatus.SENT, RequestStatus.ACCEPTED, RequestStatus.EXPIRED])
    got = Q(receiver__is_buyer=True, status__in=[RequestStatus.ACCEPTED, RequestStatus.DECLINED])
    if buyer:
        sent, got = sent & Q(sender=buyer), got & Q(receiver=buyer)
    rows = requests.filter(sent | got).values_list(
        "sender_id", "receiver_id", "sender__is_buyer", "title_id", "title__company_id", "sender__company_id", "status"
    )
    found = []
    for sender, receiver, is_buyer, title, seller, company, status in rows:
        if is_buyer and company != seller:
            found.append(Past(sender, title, ASKED))
        elif company == seller:
            found.append(Past(receiver, title, DECLINED if status == RequestStatus.DECLINED else ASKED))
    return found


def _bought(buyer: Participant) -> list[Past]:
    """What her company negotiates or signed."""
    deals = Deal.objects.filter(edition=buyer.edition, licensee=buyer.company_id, titles__isnull=False)
    titles = deals.exclude(stage=DealStage.ENDED).order_by("pk").values_list("titles", flat=True)
    return [Past(buyer.pk, title, BOUGHT) for title in titles]
