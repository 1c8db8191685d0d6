"""Whoever booked with an address alone is told once of each move of the event, and that it is cancelled.

(Participants are told by who moves it: it stands in their agenda.)
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat

from madang.markets.models import Edition
from madang.people.models import Letter
from madang.seating.letters import CANCELLED, MOVED, put_into_words
from madang.seating.models import Booking, BookingState
from madang.seating.rules import WITH

AT_ONCE = 500


def tell_moves(edition: Edition, now: dt.datetime) -> int:
    """Write to those who have not been told of how the event stands now; how many."""
    sequence = Cast(OuterRef("seating__event__sequence"), CharField())
    kinds = [
        Concat(Value("seats/"), Cast(OuterRef("pk"), CharField()), Value(f"/{kind}/s"), sequence) for kind in (MOVED, CANCELLED)
    ]
    told = Exists(Letter.objects.filter(edition=edition, once__in=kinds))
    rows = Booking.objects.filter(~told, state=BookingState.BOOKED, participant=None, booked_at__lt=F("seating__event__moved_at"))
    rows = rows.filter(seating__event__edition=edition, seating__event__ends_at__gt=now).select_related(*WITH).order_by("pk")
    bookings = list(rows[:AT_ONCE])
    with transaction.atomic():
        for booking in bookings:
            event = booking.seating.event
            put_into_words(booking, CANCELLED if event.is_cancelled else MOVED, f"s{event.sequence}").write()
    return len(bookings)
