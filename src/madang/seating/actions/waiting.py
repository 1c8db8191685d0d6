"""The waiting list: places that come free are offered in its order, to the first whom they suffice."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.markets.actions import record
from madang.markets.rules import Visitor
from madang.seating.actions.claiming import Lost, Reader, ensure_bookable, find_places, new_code, take
from madang.seating.actions.limits import ensure_moderate
from madang.seating.actions.refusals import Full, Known, NotOpen, patiently
from madang.seating.letters import OFFERED, WAITING, put_into_words
from madang.seating.models import Allotment, Booking, BookingState
from madang.seating.queries.places import OPEN, free_places, waiting_in
from madang.seating.queries.times import closes_at, offer_until
from madang.seating.together import Party

TRIES = 4
"""So often other places are tried for somebody who waits, when a booking that was under way before took them."""


@patiently
def join_waiting_list(actor: Visitor, allotment: Allotment, party: Party, reader: Reader) -> Booking:
    """Wait for so many places together. What is free for her at this moment is offered at once.

    Raises NotOpen, TooMany, TooManyHolds or Known.
    """
    ensure_bookable(actor, allotment, party)
    seating = allotment.seating
    if not seating.has_waiting_list:
        raise NotOpen(_("There is no waiting list here."))
    now = seating.event.edition.now()
    ensure_moderate(reader, now)
    row = {"seating": seating, "allotment": allotment, "state": BookingState.WAITING, "created_at": now, "waiting_since": now}
    try:
        with transaction.atomic():
            lock_allotment(allotment)
            booking = Booking.objects.create(code=new_code(), **row, **vars(party), **reader.fields)
            put_into_words(booking, WAITING).write()
            record(seating.event.edition, None, "wait_for_places", booking.code, event=seating.event.code, places=party.count)
            offer_places(allotment, now)
    except IntegrityError:
        known = Booking.objects.filter(seating=seating, state__in=OPEN, group_name="", **reader.rows).first()
        if known is None:
            raise
        raise Known(known) from None
    booking.refresh_from_db()
    return booking


def lock_allotment(allotment: Allotment) -> None:
    """Two who give places to the waiting do so one after the other; without this the second could serve the second first."""
    list(Allotment.objects.select_for_update().filter(pk=allotment.pk).values_list("pk"))


def offer_places(allotment: Allotment, now: dt.datetime) -> int:
    """Offer what is free to who waits: the first in the list whose number is there, then the next. How many offers.

    Call it inside the transaction in which places come free, so that nobody else can take them before.
    """
    seating = allotment.seating
    if seating.event.is_cancelled or now >= closes_at(seating) or not waiting_in(allotment).exists():
        return 0
    lock_allotment(allotment)
    free, offers = free_places(allotment, now).count(), 0
    for booking in waiting_in(allotment).filter(count__lte=free):
        if booking.count <= free and _offer(booking, allotment, now):
            free, offers = free - booking.count, offers + 1
        if not free:
            break
    return offers


def _offer(booking: Booking, allotment: Allotment, now: dt.datetime) -> bool:
    booking.seating, booking.allotment = allotment.seating, allotment
    booking.held_until = offer_until(allotment.seating, now)
    party = Party(booking.count, booking.wheelchairs, booking.companions)
    for attempt in range(TRIES):
        with suppress(Lost), transaction.atomic():
            try:
                places = find_places(allotment, party, now, attempt=attempt)
            except Full:
                return False
            take(booking, places, now)
            booking.state = BookingState.OFFERED
            booking.save(update_fields=["state", "held_until"])
            put_into_words(booking, OFFERED).write()
            event = booking.seating.event
            record(event.edition, None, "offer_places", booking.code, event=event.code, places=booking.count)
            return True
    return False
