"""What is going on at the doors now: who is in, what is left, which scans contradict each other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from madang.door.models import Admission, Queue, Scan
from madang.door.queries.places import free_by_allotment
from madang.door.rules import MISMATCHED
from madang.programme.models import Event
from madang.seating.models import AllotmentKind, Place


@dataclass(frozen=True, slots=True)
class Live:
    """Of one event: people inside, places and empty places by allotment; `room`: places in all, None where nobody knows.

    `extra`: people whom a door let in although no place was theirs (conflicts); they are not among `inside`.
    """

    inside: Counter[str]
    places: Counter[str]
    free: Counter[str]
    room: int | None
    extra: int = 0
    queue: int | None = None
    kinds: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.inside.values())

    @property
    def left(self) -> int | None:
        """Empty places that nobody has; without a seating what the hall still holds."""
        if self.places:
            return max(0, sum(self.free.values()))
        return None if self.room is None else max(0, self.room - self.total)

    def as_json(self) -> dict[str, Any]:
        """As phones show it."""
        by_kind = {kind: [self.inside[kind], self.places[kind], max(0, self.free[kind])] for kind in self.kinds}
        return {"by": by_kind, "inside": self.total, "left": self.left, "extra": self.extra, "queue": self.queue}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """As pages show it: a row an allotment."""
        return [
            {
                "kind": AllotmentKind(kind).label,
                "inside": self.inside[kind],
                "places": self.places[kind],
                "free": max(0, self.free[kind]),
            }
            for kind in self.kinds
        ]


def live_counts(events: Sequence[Event], now: dt.datetime) -> dict[int, Live]:
    """By event. Six queries, however many events."""
    keys = [event.pk for event in events]
    inside = by_kind(Admission.objects.filter(event__in=keys), "event", "allotment")
    places = by_kind(Place.objects.filter(seating__event__in=keys), "seating__event", "allotment__kind")
    free = free_by_allotment(keys, now)
    extra = counted(conflicts().filter(event__in=keys, told="admitted"))
    queue = latest_queue(keys)
    found = {}
    for event in events:
        mine, here = places.get(event.pk, Counter()), inside.get(event.pk, Counter())
        kinds = [kind for kind in AllotmentKind.values if mine[kind] or here[kind]]
        room = sum(mine.values()) or event.hall.capacity
        left = free.get(event.pk, Counter())
        found[event.pk] = Live(here, mine, left, room, extra[event.pk], queue.get(event.pk), kinds)
    return found


def by_kind(rows: QuerySet[Any], event: str, kind: str) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for pk, name, count in rows.order_by().values_list(event, kind).annotate(count=Count("pk")):
        found.setdefault(pk, Counter())[name] = count
    return found


def counted(scans: QuerySet[Scan]) -> Counter[int]:
    return Counter(dict(scans.order_by().values_list("event").annotate(count=Count("pk"))))


def conflicts() -> QuerySet[Scan]:
    """Scans of which a door was told one thing while another holds, with the scan that was first and whose seat it is."""
    near = ["device", "event", "first__device", "first__admission__participant", "first__admission__ticket__booking"]
    rows = Scan.objects.filter(MISMATCHED).select_related(*near, "first__admission__ticket__place__seat")
    return rows.order_by("-at", "-id")


def latest_queue(events: Sequence[int]) -> dict[int, int]:
    """Minutes in the queue, as measured last."""
    rows = Queue.objects.filter(event__in=events, minutes__isnull=False).order_by("at", "id")
    return {event: minutes for event, minutes in rows.values_list("event", "minutes") if minutes is not None}
