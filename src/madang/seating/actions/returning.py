"""Places come back: some of a booking, or all of it. (Those of people who did not come: `door.actions.release`.)"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.rules import Visitor
from madang.programme.models import EventPart, Visit
from madang.seating.actions.flowing import free_up
from madang.seating.actions.refusals import NotOpen, patiently
from madang.seating.actions.taking import Actor
from madang.seating.models import Booking, BookingState, Place, SeatKind, Ticket, TicketState
from madang.seating.rules import may_keep_booking


@patiently
def return_places(actor: Visitor, booking: Booking, tickets: Sequence[int], key: str = "") -> Booking:
    """Give the places of these tickets back, to who waits or to anybody; with the last of them the booking is cancelled.

    Raises NotOpen once the event has begun.
    """
    _guard(actor, booking, key)
    now = booking.seating.event.edition.now()
    with transaction.atomic():
        list(Booking.objects.select_for_update().filter(pk=booking.pk).values_list("pk"))  # two count one after the other
        rows = Ticket.objects.select_for_update().filter(booking=booking, pk__in=tickets, state=TicketState.VALID)
        back = dict(rows.values_list("pk", "place"))
        Ticket.objects.filter(pk__in=back, state=TicketState.VALID).update(state=TicketState.RETURNED, ended_at=now)
        if back:
            _shrink(booking, len(back), now)
            free_up(back.values(), booking.allotment, now)
            _record(actor, booking, "return_places", places=len(back))
    booking.refresh_from_db(fields=["state", "count", "wheelchairs", "companions", "ended_at"])
    return booking


def _shrink(booking: Booking, back: int, now: dt.datetime) -> None:
    """Count what is left; nothing left is a cancelled booking, whose numbers stay as they were."""
    left = Ticket.objects.filter(booking=booking, state=TicketState.VALID)
    kinds = list(left.values_list("place__seat__kind", flat=True))
    if not kinds:
        _end(booking, now)
        return
    if all(kinds):
        booking.wheelchairs = min(booking.wheelchairs, kinds.count(SeatKind.WHEELCHAIR))
    booking.count = len(kinds)
    booking.wheelchairs = min(booking.wheelchairs, booking.count)
    booking.companions = min(booking.companions, booking.count - booking.wheelchairs) if booking.wheelchairs else 0
    booking.save(update_fields=["count", "wheelchairs", "companions"])


def _end(booking: Booking, now: dt.datetime) -> None:
    """It is over; the event leaves the agenda of a participant who booked it."""
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.CANCELLED, ended_at=now, held_until=None)
    if booking.participant_id is not None:
        mine = Visit.objects.filter(event=booking.seating.event_id, participant=booking.participant_id)
        mine.filter(part=EventPart.AUDIENCE).delete()


@patiently
def cancel_booking(actor: Visitor, booking: Booking, key: str = "") -> Booking:
    """Give all of it back: booked places, a hold, an offer, or a place in the waiting list. Twice is once."""
    _guard(actor, booking, key)
    if booking.state == BookingState.BOOKED:
        return return_places(actor, booking, list(booking.tickets.values_list("pk", flat=True)), key)
    now = booking.seating.event.edition.now()
    with transaction.atomic():
        rows = Booking.objects.filter(pk=booking.pk, state__in=[BookingState.HELD, BookingState.OFFERED, BookingState.WAITING])
        if rows.update(state=BookingState.CANCELLED, ended_at=now, held_until=None):
            mine = Place.objects.select_for_update().filter(booking=booking).order_by("pk")  # another may take them now
            free_up(list(mine.values_list("pk", flat=True)), booking.allotment, now)
            _record(actor, booking, "cancel_booking")
    booking.refresh_from_db(fields=["state", "ended_at", "held_until"])
    return booking


def rename_booking(actor: Visitor, booking: Booking, name: str, key: str = "") -> Booking:
    """Another name on the tickets; the codes stay."""
    _guard(actor, booking, key)
    with transaction.atomic():
        booking.name = name
        booking.save(update_fields=["name"])
        _record(actor, booking, "rename_booking")
    return booking


def _guard(actor: Visitor, booking: Booking, key: str) -> None:
    if not may_keep_booking(actor, booking, key):
        raise PermissionDenied
    event = booking.seating.event
    if event.edition.now() >= event.starts_at:
        raise NotOpen(_("It has begun: nothing can be changed any more."))


def _record(actor: Visitor, booking: Booking, verb: str, **facts: object) -> None:
    event = booking.seating.event
    who: Actor = actor if isinstance(actor, User) else None
    record(event.edition, who, verb, booking.code, event=event.code, **facts)
