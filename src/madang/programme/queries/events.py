"""Reads of the programme."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.people.models import Participant
from madang.people.rules import visible_participants
from madang.programme.models import Event, EventPart, Visit
from madang.programme.rules import visible_events

MOST = 500
"""Events of one edition on one page."""


def days_of(user: Visitor, edition: Edition) -> list[tuple[dt.date, list[Event]]]:
    """The events that the user sees, by day at the venue. One query."""
    events = visible_events(user, edition).order_by("starts_at", "code")[:MOST]
    zone = edition.zone
    return [(day, list(group)) for day, group in groupby(events, key=lambda event: event.starts_at.astimezone(zone).date())]


def visits_of(participant: Participant | None) -> dict[int, str]:
    """What she means to be at: the event's id -> as what."""
    if participant is None:
        return {}
    return dict(Visit.objects.filter(participant=participant).values_list("event_id", "part"))


def on_stage(user: Visitor, event: Event) -> list[Participant]:
    """Who is on stage, as far as the user sees these people."""
    speakers = Visit.objects.filter(event=event, part=EventPart.SPEAKER).values("participant")
    return list(visible_participants(user, event.edition).filter(pk__in=speakers))
