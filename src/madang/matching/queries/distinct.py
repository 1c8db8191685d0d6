"""What sets a title apart and what is close to it, in words; and what is unlike what somebody saw.

Titles are compared by what their synopses say in the reader's language, among those that she sees. It describes; it promises
nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext

from madang.catalogue.concepts import concept_name
from madang.catalogue.models import Title
from madang.catalogue.rules import visible_works
from madang.kernels.matching import Said, likeness, picture_of, read, unlike
from madang.kit.languages import localised
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.models import Feedback
from madang.meetings.models import MeetingRequest
from madang.people.rules import participant_of
from madang.programme.models import Visit

COMPARED = 1500
"""Titles that one is compared with at most: of a larger catalogue those of its genre and format come first."""
NEAR = 5
LISTED = 24
REASONS = 4
ALIKE = 0.05
"""From so much likeness on two titles have something in common that can be said."""


@dataclass(frozen=True, slots=True)
class Close:
    """A title that is close to another one, and what both say."""

    title: Title
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distinct:
    """`apart`: (what a title says more than the others, how many of them say it too); `of`: how many it was compared with."""

    near: tuple[Close, ...]
    concepts: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, int], ...]
    of: int


@lru_cache(maxsize=20_000)
def said_in(text: str) -> Said:
    """What a text says; kept, for each text is compared again and again."""
    return read(text)


def distinct(user: Visitor, title: Title) -> Distinct | None:
    """The picture of a title among those that the user sees; None where it has no synopsis, or stands alone. One query."""
    whole = title.part_of.part_of_id if title.part_of else None
    works = visible_works(user, title.edition).exclude(pk__in=[pk for pk in (title.pk, title.part_of_id, whole) if pk])
    others = list(_nearest_first(works, title)[:COMPARED])
    if not _text(title) or not others:
        return None
    titles = [title, *others]
    said = [said_in(_text(one)) for one in titles]
    found = picture_of(said, 0, likeness(said)[0], NEAR)
    spread = Counter(member for one in said[1:] for member in {*one.concepts, *one.words})
    return Distinct(
        tuple(Close(titles[n], _why(titles, said, n, spread)) for n, much in found.near if much >= ALIKE),
        tuple((concept_name(one.what), spread[one.what]) for one in found.concepts),
        tuple((one.what, spread[one.what]) for one in found.apart if one.what not in _spelled(said[0].concepts)),
        len(others),
    )


def seen_titles(user: Visitor, edition: Edition, also: Iterable[str] = ()) -> list[Title]:
    """What the user is known to have seen: events she visits, titles of her requests, those she said a word about; and `also`."""
    me = participant_of(user, edition)
    known = Q(code__in=list(also))
    if me is not None:
        asked = MeetingRequest.objects.filter(sender=me)
        known |= Q(pk__in=Visit.objects.filter(participant=me, event__title__isnull=False).values("event__title"))
        known |= Q(pk__in=asked.filter(title__isnull=False).values("title"))
        known |= Q(pk__in=Feedback.objects.filter(by=me).values("title"))
    return list(visible_works(user, edition).filter(known).order_by("name", "code")[:LISTED])


def unlike_titles(user: Visitor, edition: Edition, seen: Sequence[Title]) -> list[tuple[Title, tuple[str, ...]]]:
    """Titles least like those of `seen`, each also unlike the others of the list, with what each is about. One query."""
    known = {title.pk for title in seen}
    rows = visible_works(user, edition).filter(is_withdrawn=False).exclude(pk__in=known).order_by("pk")[:COMPARED]
    titles = [*seen, *(title for title in rows if _text(title))]
    said = [said_in(_text(title)) for title in titles]
    if len(titles) == len(seen):
        return []
    chosen = unlike(range(len(seen)), likeness(said), LISTED)
    return [(titles[n], tuple(map(concept_name, said[n].concepts[:REASONS]))) for n in chosen]


def _nearest_first(works: QuerySet[Title], title: Title) -> QuerySet[Title]:
    """Those of the same genre and format first: what is kept of a catalogue that is larger than can be compared."""
    same = Case(
        When(genre=title.genre, format=title.format, then=Value(0)),
        When(genre=title.genre, then=Value(1)),
        When(format=title.format, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return works.annotate(far=same).order_by("far", "pk")


def _text(title: Title) -> str:
    return localised(title, "synopsis")


def _spelled(concepts: Iterable[str]) -> set[str]:
    """The words of concepts themselves: what is said as a theme need not be said as a word too."""
    return {part for concept in concepts for part in (concept, *concept_name(concept).lower().split())}


def _why(titles: Sequence[Title], said: Sequence[Said], other: int, spread: Counter[str]) -> tuple[str, ...]:
    """What the first title and another have in common, the rarest first; then genre and company."""
    both = sorted({*said[0].concepts} & {*said[other].concepts}, key=lambda one: (spread[one], one))
    words = sorted({*said[0].words} & {*said[other].words}, key=lambda one: (spread[one], one))
    reasons = [concept_name(one) for one in both[:REASONS]]
    plain = [one for one in words if one not in _spelled(both) and spread[one] < len(said) / 4]
    reasons += [f"“{one}”" for one in plain[: REASONS - len(reasons)]]
    if titles[0].creators and titles[0].creators == titles[other].creators:
        reasons.append(gettext("the same creators"))
    return tuple(reasons)
