"""What somebody may book at an event, and what she has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from madang.markets.rules import Visitor
from madang.people.models import Participant
from madang.people.rules import participant_of
from madang.seating.models import Allotment, Booking, Seating, Ticket, TicketState
from madang.seating.queries.places import OPEN
from madang.seating.queries.times import closes_at, has_flowed, opens_at
from madang.seating.rules import kinds_of


@dataclass(frozen=True)
class Offer:
    """The allotments out of which somebody may book now, and when booking begins where it has not."""

    allotments: list[Allotment]
    begins_at: dt.datetime | None
    is_closed: bool
    mine: Booking | None


def offer_to(user: Visitor, seating: Seating) -> Offer:
    """Three queries."""
    event = seating.event
    now, participant = event.edition.now(), participant_of(user, event.edition)
    rows = list(Allotment.objects.filter(seating=seating, kind__in=kinds_of(participant)).select_related("flows_to"))
    for allotment in rows:
        allotment.seating = seating
    rows = [allotment for allotment in rows if not has_flowed(allotment, now)]
    rows.sort(key=lambda allotment: kinds_of(participant).index(allotment.kind))
    later = [begins for allotment in rows if (begins := opens_at(allotment)) is not None and begins > now]
    is_open = [allotment for allotment in rows if (opens_at(allotment) or now) <= now]
    begins = min(later) if later and not is_open else None
    return Offer(is_open, begins, now >= closes_at(seating) or event.is_cancelled, booking_of(participant, seating))


def booking_of(participant: Participant | None, seating: Seating) -> Booking | None:
    """A participant's open booking of the event."""
    if participant is None:
        return None
    return Booking.objects.filter(seating=seating, participant=participant, state__in=OPEN, group_name="").first()


def tickets_of(booking: Booking) -> list[Ticket]:
    """Valid tickets with their seats, those given back left out."""
    rows = booking.tickets.exclude(state=TicketState.RETURNED).select_related("place__seat")
    return list(rows.order_by("place__number"))


def bookings_of(participant: Participant) -> list[Booking]:
    """All that she has or waits for, by the time of the event."""
    rows = Booking.objects.filter(participant=participant, state__in=OPEN)
    return list(
        rows.select_related("seating__event__hall", "seating__event__title", "allotment").order_by("seating__event__starts_at")
    )
