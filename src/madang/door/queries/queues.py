"""How long people stand in line: as measured, for the doors, the desk and the meetings that begin afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from madang.door.models import Admission, Queue
from madang.markets.models import Edition
from madang.programme.models import Event

BEFORE, AFTER = dt.timedelta(minutes=90), dt.timedelta(minutes=30)
"""Who was let in between so long before the start of a meeting, and so long after it, may be late because of the door."""


class HeldUp(NamedTuple):
    """A queue that somebody stood in before a meeting: the event, and its minutes as measured nearest to her coming in."""

    participant: int
    event: Event
    minutes: int
    came_in: dt.datetime


def measured_minutes(edition: Edition) -> dict[int, int]:
    """By event the longest queue that was measured. One query."""
    longest: dict[int, int] = {}
    rows = Queue.objects.filter(event__edition=edition, minutes__isnull=False).order_by()
    for event, minutes in rows.values_list("event", "minutes"):
        longest[event] = max(longest.get(event, 0), minutes or 0)
    return longest


def expected_minutes(edition: Edition) -> dict[int, int]:
    """By event the longest queue that was measured in its hall on its day, as long as one was measured. Two queries at most."""
    zone, longest = edition.zone, dict[tuple[int, dt.date], int]()
    rows = Queue.objects.filter(event__edition=edition, minutes__isnull=False).order_by()
    for hall, start, minutes in rows.values_list("event__hall", "event__starts_at", "minutes"):
        place = hall, start.astimezone(zone).date()
        longest[place] = max(longest.get(place, 0), minutes or 0)
    if not longest:
        return {}
    events = Event.objects.filter(edition=edition, hall__in={hall for hall, _day in longest}).order_by()
    found = {
        pk: longest.get((hall, start.astimezone(zone).date()), 0)
        for pk, hall, start in events.values_list("pk", "hall", "starts_at")
    }
    return {pk: minutes for pk, minutes in found.items() if minutes}


def measurements(event: Event) -> Sequence[Queue]:
    """Those of an event, in the order of time."""
    return list(Queue.objects.filter(event=event, minutes__isnull=False).select_related("device").order_by("at", "id"))


def held_up(people: Collection[int], before: dt.datetime) -> list[HeldUp]:
    """Who of them came in to an event shortly before that moment, and how long its queue was. Two queries."""
    rows = Admission.objects.filter(participant__in=people, at__gt=before - BEFORE, at__lte=before + AFTER)
    rows = rows.select_related("event__title", "event__hall").order_by("participant", "-at")
    inside = {row.participant_id: row for row in rows if row.participant_id}
    queues = Queue.objects.filter(event__in=[row.event_id for row in inside.values()], minutes__isnull=False)
    near: dict[int, list[Queue]] = {}
    for queue in queues:
        near.setdefault(queue.event_id, []).append(queue)
    found = []
    for person, row in inside.items():
        if measured := nearest(near.get(row.event_id, []), row.at):
            found.append(HeldUp(person, row.event, measured.minutes or 0, row.at))
    return found


def nearest(queues: Sequence[Queue], moment: dt.datetime) -> Queue | None:
    return min(queues, key=lambda queue: abs(queue.at - moment), default=None)
