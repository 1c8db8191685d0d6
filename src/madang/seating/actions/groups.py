"""The organiser books for groups and guests, and moves people to other places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.seating.actions.claiming import Lost, Reader, find_places, new_code, take
from madang.seating.actions.flowing import free_up
from madang.seating.actions.refusals import Busy, Taken, TooMany, patiently
from madang.seating.actions.taking import issue_tickets, record_booking
from madang.seating.letters import BOOKED, MOVED, put_into_words
from madang.seating.models import Allotment, Booking, BookingState, Place, Ticket, TicketState
from madang.seating.queries.places import is_free
from madang.seating.rules import may_seat
from madang.seating.together import Party

TRIES = 8
MOST = 500


@patiently
def book_group(
    actor: User, allotment: Allotment, party: Party, reader: Reader, group_name: str, numbers: Sequence[int] = ()
) -> Booking:
    """Book at once for a group, out of any allotment, before and after the public's hours, as many places as are there.

    Raises Full, Taken, TooMany or Busy.
    """
    seating = allotment.seating
    edition = seating.event.edition
    if not may_seat(actor, edition):
        raise PermissionDenied
    if not 1 <= party.count <= MOST or not party.is_possible:
        raise TooMany(_("A group has from 1 to %(most)s places.") % {"most": MOST})
    now = edition.now()
    row: dict[str, Any] = {"seating": seating, "allotment": allotment, "state": BookingState.BOOKED, "booked_by": actor}
    row |= {"group_name": group_name, "created_at": now, "booked_at": now} | vars(party) | reader.fields
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                booking = Booking.objects.create(code=new_code(), **row)
                take(booking, find_places(allotment, party, now, numbers, attempt), now)
                issue_tickets(booking, now)
                put_into_words(booking, BOOKED).write()
                record_booking(actor, booking)
                return booking
        except Lost:
            if numbers:
                raise Taken(_("One of these seats is taken.")) from None
    raise Busy


@patiently
def move_booking(actor: User, booking: Booking, numbers: Sequence[int]) -> Booking:
    """Give a booking other places of its event; the tickets stay valid and show the new seats, and the reader is told.

    Raises TooMany where there are not as many places as tickets, Taken where one of them is somebody else's.
    """
    event = booking.seating.event
    edition, now = event.edition, event.edition.now()
    if not may_seat(actor, edition):
        raise PermissionDenied
    with transaction.atomic():
        tickets = Ticket.objects.select_for_update().filter(booking=booking, state=TicketState.VALID)
        held = list(tickets.select_related("place").order_by("place__number"))
        if booking.state != BookingState.BOOKED or len(held) != len(set(numbers)):
            raise TooMany(_("Choose as many places as the booking has tickets: %(number)s.") % {"number": len(held)})
        _exchange(booking, held, sorted(set(numbers)), now)
        entry = record(edition, actor, "move_booking", booking.code, event=event.code, places=len(held))
        put_into_words(booking, MOVED, str(entry.pk)).write()
    return booking


def _exchange(booking: Booking, tickets: Sequence[Ticket], numbers: Sequence[int], now: dt.datetime) -> None:
    """Take the new places, then let the old ones go; allotments are as large afterwards as before."""
    rows = Place.objects.filter(seating=booking.seating_id, number__in=numbers).order_by("number")
    new = {place.number: place for place in rows.select_related("allotment__flows_to")}
    old = {ticket.place.number for ticket in tickets}
    entered = [place for number, place in new.items() if number not in old]
    free = Place.objects.filter(is_free(now), pk__in=[place.pk for place in entered])
    if len(new) != len(numbers) or free.update(booking=booking, held_until=None, allotment=booking.allotment) != len(entered):
        raise Taken(_("One of these seats is taken."))
    left = [ticket for ticket in tickets if ticket.place.number not in new]
    for ticket, place in zip(left, entered, strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(place=place)
        place.allotment.seating = booking.seating
        free_up([ticket.place_id], place.allotment, now)
