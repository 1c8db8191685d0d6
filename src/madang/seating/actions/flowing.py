"""What time does to places: holds and offers run out, allotments flow on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from madang.markets.actions import record
from madang.markets.models import Edition
from madang.seating.actions.limits import forget_origins
from madang.seating.actions.refusals import patiently
from madang.seating.actions.waiting import lock_allotment, offer_places
from madang.seating.letters import LAPSED, put_into_words
from madang.seating.models import Allotment, Booking, BookingState, Place
from madang.seating.queries.places import is_free
from madang.seating.queries.times import landing

WITH = ("seating__event__edition", "seating__event__hall", "seating__event__title", "flows_to")


def free_up(places: Iterable[int], allotment: Allotment, now: dt.datetime) -> None:
    """Places that came back go to where their allotment flows, and on to who waits there. Call it inside the transaction."""
    target = landing(allotment)
    Place.objects.filter(pk__in=list(places)).update(booking=None, held_until=None, allotment=target)
    target.seating = allotment.seating
    offer_places(target, now)


def expire_holds(edition: Edition, now: dt.datetime) -> int:
    """Tidy up holds and offers that have run out, and offer their places to who waits. How many. (They were free already.)"""
    forget_origins(now)
    rows = Booking.objects.filter(
        seating__event__edition=edition, state__in=[BookingState.HELD, BookingState.OFFERED], held_until__lte=now
    )
    over = rows.select_related("participant__user", *(f"allotment__{name}" for name in WITH)).order_by("allotment_id", "pk")
    ended = 0
    for _key, group in groupby(over, key=lambda booking: booking.allotment_id):
        bookings = list(group)
        ended += _expire(bookings[0].allotment, bookings, now)
    return ended


@patiently
@transaction.atomic
def _expire(allotment: Allotment, bookings: list[Booking], now: dt.datetime) -> int:
    lock_allotment(allotment)
    ended = []
    for booking in bookings:
        booking.seating = allotment.seating
        rows = Booking.objects.filter(pk=booking.pk, state=booking.state, held_until__lte=now)
        if rows.update(state=BookingState.EXPIRED, ended_at=now, held_until=None):
            ended.append(booking.pk)
            if booking.state == BookingState.OFFERED:
                put_into_words(booking, LAPSED).write()
                event = allotment.seating.event
                record(event.edition, None, "lapse_offer", booking.code, event=event.code)
    stale = Place.objects.select_for_update().filter(booking__in=ended, held_until__lte=now).order_by("pk")
    free_up(list(stale.values_list("pk", flat=True)), allotment, now)
    return len(ended)


def flow_allotments(edition: Edition, now: dt.datetime) -> int:
    """Let what is left of each allotment go on when it is time; how many did."""
    left = Exists(Place.objects.filter(is_free(now), allotment=OuterRef("pk")))
    due = Allotment.objects.filter(seating__event__edition=edition, flows_to__isnull=False, flows_at__lte=now)
    due = due.filter(Q(flowed_at=None) | left).select_related(*WITH).order_by("flows_at", "pk")
    return sum(flow_allotment(allotment, now) for allotment in due)


@patiently
@transaction.atomic
def flow_allotment(allotment: Allotment, now: dt.datetime) -> bool:
    """Move what is free of one allotment, and who waits for it, to the next. Whether this was the first time."""
    if allotment.flows_to is None:
        return False
    is_first = bool(Allotment.objects.filter(pk=allotment.pk, flowed_at=None).update(flowed_at=now))
    target = allotment.flows_to
    target.seating = allotment.seating
    free = Place.objects.filter(is_free(now), allotment=allotment)
    moved = free.update(allotment=target, booking=None, held_until=None)
    Booking.objects.filter(allotment=allotment, state=BookingState.WAITING).update(allotment=target)
    if is_first:
        event = allotment.seating.event
        facts = {"event": event.code, "places": moved, "source": allotment.kind, "target": target.kind}
        record(event.edition, None, "flow_allotment", event.code, **facts)
    offer_places(target, now)
    return is_first


def serve_waiting(edition: Edition, now: dt.datetime) -> int:
    """Offer what is free and what somebody waits for, should both have come at the very same moment. How many offers.

    Nobody waits any more once the event has begun.
    """
    over = Booking.objects.filter(state=BookingState.WAITING, seating__event__edition=edition, seating__event__starts_at__lte=now)
    over.update(state=BookingState.EXPIRED, ended_at=now)
    waits = Exists(Booking.objects.filter(allotment=OuterRef("pk"), state=BookingState.WAITING))
    has_free = Exists(Place.objects.filter(is_free(now), allotment=OuterRef("pk")))
    rows = Allotment.objects.filter(waits, has_free, seating__event__edition=edition).select_related(*WITH).order_by("pk")
    return sum(_serve(allotment, now) for allotment in rows)


@patiently
@transaction.atomic
def _serve(allotment: Allotment, now: dt.datetime) -> int:
    return offer_places(allotment, now)
