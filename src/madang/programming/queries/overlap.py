"""How many of the same people want two titles: numbers alone, never who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations

from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition
from madang.meetings.models import OPEN_STATUSES, MeetingRequest
from madang.programme.models import EventPart, Visit

Wants = dict[int, int]
"""Title -> its people, one bit each."""


def wants_of(edition: Edition, titles: Collection[int]) -> Wants:
    """Who wants each title: buyers who asked for a meeting about it or were asked and have not refused, people who mean to see
    it, and buyers whose mandate names its format and its genre. Five queries, however many people there are.
    """
    people: dict[int, int] = {}
    wants: defaultdict[int, int] = defaultdict(int)
    for title, person in [*_asked(edition, titles), *_visiting(edition, titles), *_looking(edition, titles)]:
        wants[title] |= 1 << people.setdefault(person, len(people))
    return dict(wants)


def overlaps_of(wants: Wants) -> dict[tuple[int, int], int]:
    """(title, title), the smaller id first -> how many people want both; pairs that nobody shares are left out."""
    pairs = {(one, other): (wants[one] & wants[other]).bit_count() for one, other in combinations(sorted(wants), 2)}
    return {pair: count for pair, count in pairs.items() if count}


def _asked(edition: Edition, titles: Collection[int]) -> Iterable[tuple[int, int]]:
    """The buyers of open requests, by the first title and by the others."""
    asked = MeetingRequest.objects.filter(edition=edition, status__in=OPEN_STATUSES).order_by()
    for path in ("title", "also_about"):
        rows = asked.filter(**{f"{path}__in": titles})
        names = (path, "sender", "sender__is_buyer", "receiver", "receiver__is_buyer")
        for title, sender, sends, receiver, receives in rows.values_list(*names):
            yield from [(title, sender)] if sends else []
            yield from [(title, receiver)] if receives else []


def _visiting(edition: Edition, titles: Collection[int]) -> Iterable[tuple[int, int]]:
    visits = Visit.objects.filter(event__edition=edition, event__title__in=titles, part=EventPart.AUDIENCE).order_by()
    return visits.values_list("event__title", "participant")


def _looking(edition: Edition, titles: Collection[int]) -> Iterable[tuple[int, int]]:
    """Mandates that name both the format and the genre of a title; vaguer ones would fit everything."""
    buyers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    mandates = Mandate.objects.filter(edition=edition).exclude(format="").exclude(genre="").order_by()
    for kind, genre, buyer in mandates.values_list("format", "genre", "buyer"):
        buyers[kind, genre].append(buyer)
    for title, kind, genre in Title.objects.filter(pk__in=titles).order_by().values_list("pk", "format", "genre"):
        yield from ((title, buyer) for buyer in buyers[kind, genre])
