"""Reads of the programme for its pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import QuerySet
from django.http import QueryDict

from madang.kit.calendar import zone_name
from madang.markets.models import Edition, Hall
from madang.markets.rules import Visitor
from madang.people.models import Participant
from madang.people.rules import visible_participants
from madang.programme.models import Event, EventKind, EventPart, Visit
from madang.programme.rules import visible_events

MOST = 500
"""Events of one edition on one page."""
ZONES = (
    "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Kolkata", "Asia/Dubai", "Europe/Istanbul", "Europe/Paris",
    "Europe/London", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "Australia/Sydney",
)  # fmt: skip
"""Zones that a reader may have times shown in beside the venue's."""


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see of the programme; what is not one of the choices is as if it were not asked for."""

    day: dt.date | None = None
    hall: str = ""
    kind: str = ""
    zone: str = ""
    halls: list[tuple[Hall, int]] = field(default_factory=list)
    kinds: list[tuple[str, str, int]] = field(default_factory=list)
    days: list[tuple[dt.date, int]] = field(default_factory=list)


def events_of(user: Visitor, edition: Edition) -> QuerySet[Event]:
    """What the user sees, by time."""
    return visible_events(user, edition).order_by("starts_at", "code")[:MOST]


def filtered(events: list[Event], asked: QueryDict, edition: Edition) -> tuple[list[Event], Filters]:
    """The events that are asked for, and what can be asked for, counted over all of them."""
    zone = edition.zone
    dates = {event.pk: event.starts_at.astimezone(zone).date() for event in events}
    days, kinds = Counter(dates.values()), Counter(event.kind for event in events)
    halls, by_code = Counter(event.hall.code for event in events), {event.hall.code: event.hall for event in events}
    day = next((date for date in days if date.isoformat() == asked.get("day")), None)
    hall = asked.get("hall", "") if asked.get("hall") in halls else ""
    kind = asked.get("kind", "") if asked.get("kind") in kinds else ""
    shown = [e for e in events if day in (None, dates[e.pk]) and hall in ("", e.hall.code) and kind in ("", e.kind)]
    labels = dict(EventKind.choices)
    choices = Filters(
        day,
        hall,
        kind,
        asked.get("zone", "") if asked.get("zone") in ZONES else "",
        [(by_code[code], halls[code]) for code in sorted(halls)],
        [(value, str(labels[value]), kinds[value]) for value in EventKind.values if value in kinds],
        sorted(days.items()),
    )
    return shown, choices


def by_day(events: list[Event], edition: Edition) -> list[tuple[dt.date, list[Event]]]:
    """The events by day at the venue."""
    zone = edition.zone
    return [(day, list(group)) for day, group in groupby(events, key=lambda event: event.starts_at.astimezone(zone).date())]


def zone_names(language: str) -> list[tuple[str, str]]:
    """The zones that can be chosen, in words."""
    return sorted(((zone, zone_name(zone, language)) for zone in ZONES), key=lambda pair: pair[1])


def visits_of(participant: Participant | None) -> dict[int, str]:
    """What she means to be at: the event's id -> as what."""
    if participant is None:
        return {}
    return dict(Visit.objects.filter(participant=participant).values_list("event_id", "part"))


def on_stage(user: Visitor, event: Event) -> list[Participant]:
    """Who is on stage, as far as the user sees these people."""
    speakers = Visit.objects.filter(event=event, part=EventPart.SPEAKER).values("participant")
    return list(visible_participants(user, event.edition).filter(pk__in=speakers))
