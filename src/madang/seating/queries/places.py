"""Which places are free, by the clock: a hold that has run out is none, whether or not anybody has tidied up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from madang.seating.models import Allotment, Booking, BookingState, Place, Seating
from madang.seating.together import Spot

OPEN = [BookingState.HELD, BookingState.BOOKED, BookingState.WAITING, BookingState.OFFERED]
"""States in which somebody has, or may get, places: one such booking a reader."""


QUEUE = ("seating_id", "allotment_id", "n")


def is_free(now: dt.datetime) -> Q:
    return Q(booking=None) | Q(held_until__lte=now)


def free_places(allotment: Allotment, now: dt.datetime) -> QuerySet[Place]:
    return Place.objects.filter(is_free(now), allotment=allotment).order_by("number")


def free_spots(allotment: Allotment, now: dt.datetime) -> list[Spot]:
    """The free seats of an allotment on the hall's map. One query."""
    rows = free_places(allotment, now).filter(seat__is_closed=False).order_by()
    names = ("pk", "seat", "seat__x", "seat__y", "seat__kind", "seat__companion_of")
    return [Spot(*row) for row in rows.values_list(*names)]


def waiting_in(allotment: Allotment) -> QuerySet[Booking]:
    """Who waits, the first of them first."""
    return Booking.objects.filter(allotment=allotment, state=BookingState.WAITING).order_by("waiting_since", "pk")


def rank_of(booking: Booking) -> int:
    """1 for whoever is next; those who want more places than come free at a time may be overtaken by who fits."""
    before = Q(waiting_since__lt=booking.waiting_since) | Q(waiting_since=booking.waiting_since, pk__lt=booking.pk)
    return 1 + Booking.objects.filter(before, allotment=booking.allotment_id, state=BookingState.WAITING).count()


@dataclass
class Counts:
    """Places of an allotment or of a whole event."""

    all: int = 0
    booked: int = 0
    held: int = 0
    free: int = 0
    waiting: int = 0

    def add(self, other: Counts) -> None:
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)


def counts_of(seatings: list[Seating], now: dt.datetime) -> dict[int, dict[int, Counts]]:
    """Seating's id -> allotment's id -> its counts. Two queries, however many there are."""
    found: dict[int, dict[int, Counts]] = defaultdict(lambda: defaultdict(Counts))
    held = Q(booking__isnull=False, held_until__gt=now)
    rows = Place.objects.filter(seating__in=seatings).order_by().values("seating_id", "allotment_id")
    rows = rows.annotate(all=Count("pk"), held=Count("pk", filter=held), free=Count("pk", filter=is_free(now)))
    for row in rows:
        booked = row["all"] - row["held"] - row["free"]
        found[row["seating_id"]][row["allotment_id"]] = Counts(row["all"], booked, row["held"], row["free"])
    queue = Booking.objects.filter(seating__in=seatings, state=BookingState.WAITING).order_by()
    for seating, allotment, number in queue.values("seating_id", "allotment_id").annotate(n=Count("pk")).values_list(*QUEUE):
        found[seating][allotment].waiting = number
    return found
