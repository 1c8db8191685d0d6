"""What answers taught: requests that were accepted or declined, and what came of meetings that were held."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from django.db.models import Case, F, Q, When

from madang.kernels.matching.odds import Odds, learned, prior
from madang.kernels.matching.pairs import PARTS, Wish
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.matching.queries.market import Catalogue, wish_of
from madang.meetings.models import Attendee, Interest, MeetingRequest, RequestStatus

LESSON = 10
"""So many new answers are learned from at once: between them nothing is computed anew."""
MOST_ANSWERS = 600
"""Of more the newest teach."""


class Answered(NamedTuple):
    """A title and a buyer, the mandate it was about if any, and what came of it."""

    title: int
    buyer: int
    mandate: int | None
    yes: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What chances stand on. `titles`, `buyers`: how many answers each has had."""

    odds: Odds
    titles: Counter[int]
    buyers: Counter[int]


def known_of(edition: Edition, catalogue: Catalogue) -> Known:
    """Learned anew after every `LESSON` answers; three queries."""
    answers = answers_of(edition)
    taught = answers[: len(answers) - len(answers) % LESSON][-MOST_ANSWERS:]
    wishes = _wishes(edition, taught) if taught else {}
    rows = tuple((wishes[pk], one.title, one.yes) for one in taught if (pk := one.mandate) in wishes)
    odds = _learned(catalogue, rows) if rows else prior()
    return Known(odds, Counter(one.title for one in answers), Counter(one.buyer for one in answers))


def answers_of(edition: Edition) -> list[Answered]:
    """In the order in which they were given; two queries."""
    answered = [RequestStatus.ACCEPTED, RequestStatus.DECLINED]
    requests = MeetingRequest.objects.filter(edition=edition, title__isnull=False, status__in=answered)
    buyer = Case(When(sender__is_buyer=True, then=F("sender")), default=F("receiver"))
    sides = Q(sender__is_buyer=True) | Q(receiver__is_buyer=True)
    rows = requests.filter(sides).order_by("answered_at", "pk").annotate(buyer=buyer)
    came = _interests(edition)
    return [
        Answered(title, person, mandate, came.get(pk, status == RequestStatus.ACCEPTED))
        for pk, title, person, mandate, status in rows.values_list("pk", "title_id", "buyer", "mandate_id", "status")
    ]


def _interests(edition: Edition) -> dict[int, bool]:
    """Request to whether somebody wants to go on, where somebody said."""
    said = Attendee.objects.filter(request__edition=edition, is_principal=True).exclude(interest="")
    found: dict[int, bool] = {}
    for request, interest in said.order_by().values_list("request_id", "interest"):
        found[request] = found.get(request, False) or interest != Interest.NONE
    return found


def _wishes(edition: Edition, taught: list[Answered]) -> dict[int, Wish]:
    """The mandates of the answers by id. Hidden ones teach nothing, so that nothing tells of them."""
    ids = {one.mandate for one in taught if one.mandate}
    mandates = Mandate.objects.filter(edition=edition, pk__in=ids).exclude(visibility=Visibility.HIDDEN)
    return {mandate.pk: wish_of(mandate) for mandate in mandates}


@lru_cache(maxsize=4)
def _learned(catalogue: Catalogue, rows: tuple[tuple[Wish, int, bool], ...]) -> Odds:
    """Taste teaches nothing: it is made of the same answers, and keeps its prior."""
    kept = [row for row in rows if row[1] in catalogue.places]
    if not kept:
        return prior()
    wishes = list(dict.fromkeys(wish for wish, _, _ in kept))
    place = {wish: n for n, wish in enumerate(wishes)}
    parts = catalogue.offered.evidence(wishes)
    found = np.array([parts[:, place[wish], catalogue.places[title]] for wish, title, _ in kept], np.float32)
    return learned(found.reshape(len(kept), len(PARTS)), np.array([yes for _, _, yes in kept], np.float32))
