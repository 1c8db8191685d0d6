"""Which places of an event are still empty."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection

from django.db.models import Count, QuerySet

from madang.door.models import Admission
from madang.programme.models import Event
from madang.seating.models import Place, Seating
from madang.seating.queries.places import is_free

RELEASE_MINUTES, LATE_MINUTES = 10, 15
"""Where nobody has said how an event is seated."""


def seating_of(event: Event) -> Seating | None:
    return Seating.objects.filter(event=event).first()


def last_admission(event: Event, seating: Seating | None) -> dt.datetime:
    """After this moment nobody is let in any more."""
    return event.starts_at + dt.timedelta(minutes=seating.late_minutes if seating else LATE_MINUTES)


def release_at(event: Event, seating: Seating | None) -> dt.datetime:
    """From this moment on empty places belong to whoever stands at the door, whatever allotment they were of."""
    return event.starts_at - dt.timedelta(minutes=seating.release_minutes if seating else RELEASE_MINUTES)


def empty_places(seating: Seating, now: dt.datetime) -> QuerySet[Place]:
    """Places that nobody has, or whose hold has run out."""
    return Place.objects.filter(is_free(now), seating=seating)


def free_by_allotment(events: Collection[int], now: dt.datetime) -> dict[int, Counter[str]]:
    """For each event with a seating, its empty places by allotment, less those of people counted by hand. Two queries."""
    rows = Place.objects.filter(seating__event__in=events).order_by().values_list("seating__event", "allotment__kind")
    free: dict[int, Counter[str]] = {}
    for event, kind, count in rows.annotate(count=Count("pk", filter=is_free(now))):
        free.setdefault(event, Counter())[kind] = count
    by_hand = Admission.objects.filter(event__in=events, ticket=None).order_by().values_list("event", "allotment")
    for event, kind, count in by_hand.annotate(count=Count("pk")):
        if event in free:
            free[event][kind] -= count
    return free


def left_for(kind: str, free: Counter[str], *, is_released: bool) -> int:
    """Places for somebody of that allotment: its own before the release, all of them from then on."""
    return max(0, sum(free.values()) if is_released else free[kind])


def left_in_hall(event: Event, inside: int) -> int | None:
    """Without a seating the hall's own number holds; None: nobody has said how many people fit in."""
    return None if event.hall.capacity is None else max(0, event.hall.capacity - inside)
