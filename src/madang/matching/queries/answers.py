"""What answers taught: requests that were accepted or declined, and what came of meetings that were held."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Case, Count, F, Q, QuerySet, When

from madang.kernels.matching.odds import Odds, learned, prior
from madang.kernels.matching.pairs import PARTS, Wish
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.matching.queries.kept import keep, kept, key_of
from madang.matching.queries.market import Catalogue, catalogue_of, wish_of
from madang.meetings.models import Attendee, Interest, MeetingRequest, RequestStatus

LESSON = 10
"""So many new answers are learned from at once: between them nothing is computed anew."""
MOST_ANSWERS = 600
"""Of more the newest teach."""


FEWEST = 50
"""Fewer titles are read as fast as a file."""
GREETINGS = ("A story about the sea", "바다에 관한 이야기", "Une histoire de la mer")
"""A wish in each language, so that the index of each and what lies between them are made."""


class Answered(NamedTuple):
    """A title, a buyer, the mandate that it was about, and what came of it."""

    title: int
    buyer: int
    mandate: int
    yes: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What chances stand on. `titles`, `buyers`: how many answers each has had."""

    odds: Odds
    titles: Counter[int]
    buyers: Counter[int]


def known_of(edition: Edition, catalogue: Catalogue) -> Known:
    """Learned anew after every `LESSON` answers; four queries."""
    answered = _answered(edition)
    rows = _lessons(edition)
    titles = Counter(dict(answered.order_by().values_list("title").annotate(Count("pk"))))
    buyers = Counter(dict(answered.order_by().values_list("buyer").annotate(Count("pk"))))
    return Known(_learned(catalogue, rows) if rows else prior(), titles, buyers)


def _lessons(edition: Edition) -> tuple[tuple[Wish, int, bool], ...]:
    about = _answered(edition).filter(mandate__isnull=False).exclude(mandate__visibility=Visibility.HIDDEN)
    number = about.count()
    taught = answers_of(edition, number - number % LESSON)
    wishes = _wishes(taught)
    return tuple((wishes[one.mandate], one.title, one.yes) for one in taught)


def prepare(edition: Edition) -> bool:
    """Keep titles and odds, ready for every language, for processes that have not read them yet; whether something was new."""
    catalogue, rows = catalogue_of(edition), _lessons(edition)
    if len(catalogue.ids) < FEWEST:
        return False
    odds = _learned(catalogue, rows) if rows else None
    catalogue.offered.evidence([Wish(text) for text in GREETINGS], [0])
    is_new = keep(catalogue.key, catalogue)
    return (odds is not None and keep(_key(catalogue, rows), odds)) or is_new


def answers_of(edition: Edition, first: int) -> list[Answered]:
    """The newest `MOST_ANSWERS` of the `first` ones about a title and a mandate. Hidden mandates teach nothing, so that nothing
    tells of them. Two queries."""
    about = _answered(edition).filter(mandate__isnull=False).exclude(mandate__visibility=Visibility.HIDDEN)
    rows = list(about.values_list("pk", "title_id", "buyer", "mandate_id", "status")[max(0, first - MOST_ANSWERS) : first])
    came = _interests([row[0] for row in rows])
    return [
        Answered(title, person, mandate, came.get(pk, status == RequestStatus.ACCEPTED))
        for pk, title, person, mandate, status in rows
    ]


def _answered(edition: Edition) -> QuerySet[Any]:
    """Requests about a title that were accepted or declined, in that order, each with its `buyer`."""
    buyer = Case(When(sender__is_buyer=True, then=F("sender")), default=F("receiver"))
    sides = Q(sender__is_buyer=True) | Q(receiver__is_buyer=True)
    answered = [RequestStatus.ACCEPTED, RequestStatus.DECLINED]
    requests = MeetingRequest.objects.filter(sides, edition=edition, title__isnull=False, status__in=answered)
    return requests.order_by("answered_at", "pk").annotate(buyer=buyer)


def _interests(requests: list[int]) -> dict[int, bool]:
    """Request to whether somebody wants to go on, where somebody said."""
    said = Attendee.objects.filter(request__in=requests, is_principal=True).exclude(interest="")
    found: dict[int, bool] = {}
    for request, interest in said.order_by().values_list("request_id", "interest"):
        found[request] = found.get(request, False) or interest != Interest.NONE
    return found


def _wishes(taught: list[Answered]) -> dict[int, Wish]:
    mandates = Mandate.objects.filter(pk__in={one.mandate for one in taught})
    return {mandate.pk: wish_of(mandate) for mandate in mandates}


@lru_cache(maxsize=4)
def _learned(catalogue: Catalogue, rows: tuple[tuple[Wish, int, bool], ...]) -> Odds:
    return kept(_key(catalogue, rows), lambda: _learn(catalogue, rows))


def _key(catalogue: Catalogue, rows: tuple[tuple[Wish, int, bool], ...]) -> str:
    told = [(wish.text, wish.genre, sorted(wish.tones), sorted(wish.audiences), wish.first_time, *rest) for wish, *rest in rows]
    return key_of("odds", catalogue.key, told)


def _learn(catalogue: Catalogue, rows: tuple[tuple[Wish, int, bool], ...]) -> Odds:
    """All of them had been picked by who asked. Taste teaches nothing: it is made of the same answers, and keeps its prior."""
    known = [row for row in rows if row[1] in catalogue.places]
    if not known:
        return prior()
    wishes = list(dict.fromkeys(wish for wish, _, _ in known))
    place = {wish: n for n, wish in enumerate(wishes)}
    parts = catalogue.offered.evidence(wishes)
    found = np.array([parts[:, place[wish], catalogue.places[title]] for wish, title, _ in known], np.float32)
    answers = np.array([yes for _, _, yes in known], np.float32)
    return learned(found.reshape(len(known), len(PARTS)), answers, np.ones_like(answers))
