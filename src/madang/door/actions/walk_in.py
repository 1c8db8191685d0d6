"""Who comes with a badge and no ticket gets an empty place, and a ticket for it, so that nobody else books it."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import NamedTuple

from django.db import transaction

from madang.door.queries.places import empty_places, free_by_allotment, left_for, release_at, seating_of
from madang.people.models import Participant
from madang.programme.models import Event
from madang.seating.models import Allotment, Booking, BookingState, Place, Seating, Ticket

TRIES = 5


class Free(NamedTuple):
    """What was found; neither a ticket nor `is_full` where the event has no places to give."""

    ticket: Ticket | None
    is_full: bool = False


@transaction.atomic
def take_free_place(event: Event, person: Participant, kind: str, at: dt.datetime) -> Free:
    """A place of her allotment; from the release on any. The event's row is locked by the caller."""
    seating = seating_of(event)
    if seating is None:
        return Free(None)
    now = event.edition.now()
    is_released = at >= release_at(event, seating)
    if not left_for(kind, free_by_allotment([event.pk], now)[event.pk], is_released=is_released):
        return Free(None, is_full=True)
    for _try in range(TRIES):
        place = empty_place(seating, kind, now, is_released=is_released)
        if place is None:
            break
        if ticket := claim(seating, place, person, now):
            return Free(ticket)
    return Free(None, is_full=True)


def empty_place(seating: Seating, kind: str, now: dt.datetime, *, is_released: bool) -> Place | None:
    """The first of her own allotment, from the release on of any; one that is just being booked is passed over."""
    empty = empty_places(seating, now).order_by("number").select_for_update(skip_locked=True, of=("self",))
    own = empty.filter(allotment__kind=kind).first()
    return own or (empty.first() if is_released else None)


def claim(seating: Seating, place: Place, person: Participant, now: dt.datetime) -> Ticket | None:
    """Make the place hers, unless somebody was faster."""
    booking = Booking.objects.create(
        seating=seating, allotment=Allotment(pk=place.allotment_id), code=f"D{secrets.token_hex(4).upper()}",
        participant=person, group_name="door", state=BookingState.BOOKED, country=person.country, language=person.language,
        created_at=now, booked_at=now,
    )  # fmt: skip
    if not empty_places(seating, now).filter(pk=place.pk).update(booking=booking, held_until=None):
        booking.delete()
        return None
    return Ticket.objects.create(booking=booking, place=place, issued_at=now)
