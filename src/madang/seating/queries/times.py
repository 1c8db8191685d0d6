"""When somebody may book, until when a place is hers, and where places go that come back."""

from __future__ import annotations

import datetime as dt

from madang.seating.models import Allotment, Seating

LONGEST_OFFER = dt.timedelta(hours=12)
SHARE_OF_OFFER = 4
"""An offered place waits for an answer for a quarter of the time that is left, so that several can be asked before the start."""


def opens_at(allotment: Allotment) -> dt.datetime | None:
    """The allotment's own moment, else the event's."""
    return allotment.opens_at or allotment.seating.opens_at


def closes_at(seating: Seating) -> dt.datetime:
    """Nobody books once it has begun."""
    start = seating.event.starts_at
    return min(seating.closes_at, start) if seating.closes_at else start


def has_flowed(allotment: Allotment, now: dt.datetime) -> bool:
    """Whether what was left of it belongs to another one by now."""
    return allotment.flows_to_id is not None and allotment.flows_at is not None and allotment.flows_at <= now


def hold_until(seating: Seating, now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(minutes=seating.hold_minutes)


def offer_until(seating: Seating, now: dt.datetime) -> dt.datetime:
    """A quarter of what is left until booking closes, at most twelve hours, at least as long as a hold."""
    left = (closes_at(seating) - now) / SHARE_OF_OFFER
    return now + max(dt.timedelta(minutes=seating.hold_minutes), min(left, LONGEST_OFFER))


def landing(allotment: Allotment) -> Allotment:
    """Where a place of this allotment goes that comes back: to itself, or on to where what was left has flowed."""
    seen = set()
    while allotment.flowed_at and allotment.flows_to and allotment.pk not in seen:
        seen.add(allotment.pk)
        allotment = allotment.flows_to
    return allotment
