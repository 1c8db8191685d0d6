"""Reads of the programme."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.programme.models import Event
from madang.programme.rules import visible_events

MOST = 500
"""Events of one edition on one page."""


def days_of(user: Visitor, edition: Edition) -> list[tuple[dt.date, list[Event]]]:
    """The events that the user sees, by day at the venue. One query."""
    events = visible_events(user, edition).order_by("starts_at", "code")[:MOST]
    zone = edition.zone
    return [(day, list(group)) for day, group in groupby(events, key=lambda event: event.starts_at.astimezone(zone).date())]
