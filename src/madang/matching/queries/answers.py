"""What answers taught: requests that were accepted or declined, and what came of meetings that were held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Case, Count, F, Q, QuerySet, When, Window

from madang.kernels.matching.odds import Odds, learned, prior
from madang.kernels.matching.pairs import PARTS, Wish
from madang.mandates.models import Visibility
from madang.markets.models import Edition
from madang.matching.queries.kept import keep, kept, key_of
from madang.matching.queries.market import WISHED, Catalogue, catalogue_of, wish_from
from madang.meetings.models import Attendee, Interest, MeetingRequest, RequestStatus

LESSON = 10
"""So many new answers are learned from at once: between them nothing is computed anew."""
MOST_ANSWERS = 600
"""Of more the newest teach."""


Lessons = tuple[tuple[Wish, int, bool], ...]
"""A wish, a title, and whether something came of them."""
FEWEST = 50
"""Fewer titles are read as fast as a file."""
GREETINGS = ("A story about the sea", "바다에 관한 이야기", "Une histoire de la mer")
"""A wish in each language, so that the index of each and what lies between them are made."""


class Had(NamedTuple):
    """How many answers each title and each buyer has had, by their ids."""

    titles: Counter[int]
    buyers: Counter[int]


def odds_of(edition: Edition, catalogue: Catalogue) -> Odds:
    """Learned anew after every `LESSON` answers; two queries."""
    rows = _lessons(edition)
    return _learned(catalogue, rows) if rows else prior()


def had_of(edition: Edition, titles: Collection[int] | None = None, buyers: Collection[int] | None = None) -> Had:
    """Of these titles and buyers, or of all; two queries."""
    answered = _answered(edition).order_by()
    of_titles = answered if titles is None else answered.filter(title__in=set(titles))
    of_buyers = answered if buyers is None else answered.filter(Q(sender__in=set(buyers)) | Q(receiver__in=set(buyers)))
    counts = [dict(rows.values_list(side).annotate(Count("pk"))) for rows, side in ((of_titles, "title"), (of_buyers, "buyer"))]
    return Had(Counter(counts[0]), Counter(counts[1]))


def _lessons(edition: Edition) -> Lessons:
    """Answers about a title and a mandate in tens, the newest `MOST_ANSWERS` of them, in their order. Hidden mandates teach
    nothing, so that nothing tells of them."""
    about = _answered(edition).filter(mandate__isnull=False).exclude(mandate__visibility=Visibility.HIDDEN)
    counted = about.order_by("-answered_at", "-pk").annotate(of=Window(Count("pk")))
    rows = list(
        counted.values_list("of", "pk", "title_id", "status", *(f"mandate__{name}" for name in WISHED))[: MOST_ANSWERS + LESSON]
    )
    taught = rows[rows[0][0] % LESSON :][:MOST_ANSWERS][::-1] if rows else []
    came = _interests([row[1] for row in taught])
    wishes = {said: wish_from(*said) for said in {row[4:] for row in taught}}
    return tuple((wishes[row[4:]], row[2], came.get(row[1], row[3] == RequestStatus.ACCEPTED)) for row in taught)


def prepare(edition: Edition) -> bool:
    """Keep titles and odds, ready for every language, for processes that have not read them yet; whether something was new."""
    catalogue, rows = catalogue_of(edition), _lessons(edition)
    if len(catalogue.ids) < FEWEST:
        return False
    odds = _learned(catalogue, rows) if rows else None
    catalogue.offered.evidence([Wish(text) for text in GREETINGS], [0])
    is_new = keep(catalogue.key, catalogue)
    return (odds is not None and keep(_key(catalogue, rows), odds)) or is_new


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


@lru_cache(maxsize=4)
def _learned(catalogue: Catalogue, rows: Lessons) -> Odds:
    return kept(_key(catalogue, rows), lambda: _learn(catalogue, rows))


def _key(catalogue: Catalogue, rows: Lessons) -> str:
    told = [(wish.text, wish.genre, sorted(wish.tones), sorted(wish.audiences), wish.first_time, *rest) for wish, *rest in rows]
    return key_of("odds", catalogue.key, told)


def _learn(catalogue: Catalogue, rows: Lessons) -> Odds:
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
