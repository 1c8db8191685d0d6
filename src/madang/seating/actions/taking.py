"""Places are held, then booked. There is no lock on an event: whoever changes the row of a place first, has it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.rules import Visitor
from madang.programme.models import Visit
from madang.seating.actions.claiming import Lost, Reader, ensure_bookable, find_places, new_code, take
from madang.seating.actions.flowing import flow_allotment
from madang.seating.actions.limits import ensure_moderate
from madang.seating.actions.refusals import Busy, Full, HoldOver, Known, Taken, patiently
from madang.seating.actions.waiting import offer_places
from madang.seating.letters import BOOKED, Told, put_into_words
from madang.seating.models import Allotment, Booking, BookingState, Place, Ticket
from madang.seating.queries.places import OPEN, waiting_in
from madang.seating.queries.times import hold_until
from madang.seating.rules import may_keep_booking
from madang.seating.together import Party

ATTEMPTS = 12
"""So often other places are tried when somebody was quicker."""
Actor = User | None


@patiently
def hold_places(
    actor: Visitor,
    allotment: Allotment,
    party: Party,
    reader: Reader,
    *,
    numbers: Sequence[int] = (),
    instead: Booking | None = None,
) -> Booking:
    """Hold places for a few minutes: those with these `numbers`, else the best together. `instead`: her earlier hold, given up.

    Raises NotOpen, TooMany, TooManyHolds, Known, Full, Taken or Busy. The log has no line of a hold: it is gone in minutes.
    """
    ensure_bookable(actor, allotment, party)
    event = allotment.seating.event
    now = event.edition.now()
    ensure_moderate(reader, now, instead)
    row: dict[str, Any] = {"seating": allotment.seating, "allotment": allotment, "state": BookingState.HELD, "created_at": now}
    row |= vars(party) | reader.fields | {"held_until": hold_until(allotment.seating, now)}
    dice = random.Random()  # noqa: S311  # which of several good seats, no secret
    for attempt in range(ATTEMPTS):
        try:
            _serve_waiting(allotment, now)
            with transaction.atomic():
                if instead is not None:
                    give_up(instead, now)
                booking = Booking.objects.create(code=new_code(), **row)
                take(booking, find_places(allotment, party, now, numbers, attempt, dice), now)
                return booking
        except Lost:
            if numbers:
                raise Taken(_("Somebody else was quicker: one of these seats is taken. Choose others.")) from None
        except Full:
            if not _flow_into(allotment, now):
                raise
        except IntegrityError:
            _end_earlier(allotment, reader, now)
    raise Busy


def _serve_waiting(allotment: Allotment, now: dt.datetime) -> None:
    """Whoever waits comes before whoever comes now. Places that come free after `now` are not free for the newcomer."""
    if waiting_in(allotment).exists():
        with transaction.atomic():
            offer_places(allotment, now)


def _flow_into(allotment: Allotment, now: dt.datetime) -> bool:
    """Let what is due flow into this allotment, should the clock not have come by yet; whether anything did."""
    due = Allotment.objects.filter(flows_to=allotment, flows_at__lte=now, flowed_at=None)
    return sum(flow_allotment(one, now) for one in due.select_related("flows_to", "seating__event__edition")) > 0


def _end_earlier(allotment: Allotment, reader: Reader, now: dt.datetime) -> None:
    """Whoever has an open booking here has one; a hold that has run out, or a participant's own, makes room for the new one."""
    rows = Booking.objects.filter(seating=allotment.seating, state__in=OPEN, group_name="", **reader.rows)
    earlier = rows.select_related("seating__event__edition", "allotment__flows_to").first()
    if earlier is None:
        return  # a code twice, or a booking that has just ended
    is_over = earlier.held_until is not None and earlier.held_until <= now
    if not is_over and not (reader.participant and earlier.state == BookingState.HELD):
        raise Known(earlier)
    with transaction.atomic():
        give_up(earlier, now)


def give_up(booking: Booking, now: dt.datetime) -> bool:
    """End a hold or an offer; its places are free, as far as nobody has taken them since. No offer to who waits."""
    rows = Booking.objects.filter(pk=booking.pk, state__in=[BookingState.HELD, BookingState.OFFERED])
    ended = rows.update(state=BookingState.EXPIRED, ended_at=now, held_until=None)
    if ended:
        Place.objects.filter(booking=booking).update(booking=None, held_until=None)
    return bool(ended)


@patiently
def confirm_booking(actor: Visitor, booking: Booking, key: str = "") -> Booking:
    """Book what is held or offered: tickets, a letter or a notice, and the event in a participant's agenda. Twice is once.

    Raises HoldOver where the time is over.
    """
    if not may_keep_booking(actor, booking, key):
        raise PermissionDenied
    now = booking.seating.event.edition.now()
    if booking.state == BookingState.BOOKED:
        return booking
    told = _booked(booking, now)
    with transaction.atomic():
        if _settle(booking, now):
            told.write()
            record_booking(actor if isinstance(actor, User) else None, booking)
    booking.refresh_from_db(fields=["state", "held_until", "booked_at", "booked_by"])
    return booking


def _booked(booking: Booking, now: dt.datetime) -> Told:
    """The letter, in words before the transaction begins: others need not wait for it."""
    state, booking.state, booking.booked_at = booking.state, BookingState.BOOKED, now
    told = put_into_words(booking, BOOKED)
    booking.state, booking.booked_at = state, None
    return told


def _settle(booking: Booking, now: dt.datetime) -> bool:
    """False where it was booked meanwhile."""
    rows = Booking.objects.filter(pk=booking.pk, state__in=[BookingState.HELD, BookingState.OFFERED], held_until__gt=now)
    if not rows.update(state=BookingState.BOOKED, booked_at=now, held_until=None):
        if Booking.objects.filter(pk=booking.pk, state=BookingState.BOOKED).exists():
            return False
        raise hold_over()
    if Place.objects.filter(booking=booking).update(held_until=None) != booking.count:
        raise hold_over()
    issue_tickets(booking, now)
    return True


def hold_over() -> HoldOver:
    return HoldOver(_("The time in which these places were held is over. Please choose again."))


def issue_tickets(booking: Booking, now: dt.datetime) -> None:
    """One for each of its places; a participant's agenda has the event from now on."""
    places = Place.objects.filter(booking=booking).order_by("number").values_list("pk", flat=True)
    Ticket.objects.bulk_create([Ticket(booking=booking, place_id=pk, issued_at=now) for pk in places])
    if booking.participant_id is not None:
        event = booking.seating.event_id
        Visit.objects.bulk_create(
            [Visit(event_id=event, participant_id=booking.participant_id, created_at=now)], ignore_conflicts=True
        )


def record_booking(actor: Actor, booking: Booking) -> None:
    event = booking.seating.event
    record(event.edition, actor, "book_places", booking.code, event=event.code, places=booking.count)
