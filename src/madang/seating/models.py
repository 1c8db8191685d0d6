"""Seats of halls, and who may sit where at an event: allotments, places, bookings, tickets, waiting."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.kit.languages import LANGUAGES
from madang.markets.models import Hall
from madang.people.models import Participant
from madang.programme.models import Event


class SeatKind(models.TextChoices):
    SEAT = "seat", _("Seat")
    WHEELCHAIR = "wheelchair", _("Wheelchair place")
    COMPANION = "companion", _("Companion’s seat")


class Seat(models.Model):
    """A seat of a hall; `x` and `y` are its place on the drawn map, in seats from the left and rows from the stage."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="seats")
    block = models.CharField(_("block"), max_length=20, blank=True)
    row = models.CharField(_("row"), max_length=10)
    number = models.CharField(_("seat"), max_length=10)
    kind = models.CharField(_("kind"), max_length=12, choices=SeatKind, default=SeatKind.SEAT)
    companion_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="companions")
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    is_closed = models.BooleanField(_("not in use"), default=False)

    class Meta:
        ordering: ClassVar = ["y", "x"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "block", "row", "number"], name="seat_once"),
            models.UniqueConstraint(fields=["hall", "x", "y"], name="one_seat_a_spot"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.block, self.row, self.number) if part)


class SeatingMode(models.TextChoices):
    RESERVED = "reserved", _("Reserved seats")
    FREE = "free", _("Free seating")


VOTE_HOURS = 24
"""So long after its end the audience of an event votes, where its seating says nothing else."""


class Seating(models.Model):
    """How an event is seated and booked. A hold is given up after `hold_minutes`, no-shows `release_minutes` before the start.

    `most`: places in one booking of the public. Everybody who books and comes later than the release stands in line.
    """

    event = models.OneToOneField(Event, models.CASCADE, related_name="seating")
    mode = models.CharField(_("seating"), max_length=10, choices=SeatingMode)
    opens_at = models.DateTimeField(_("booking from"), null=True, blank=True)
    closes_at = models.DateTimeField(_("booking until"), null=True, blank=True)
    hold_minutes = models.PositiveSmallIntegerField(_("minutes a place is held while it is booked"), default=10)
    most = models.PositiveSmallIntegerField(_("places in one booking"), default=4)
    release_minutes = models.PositiveSmallIntegerField(_("minutes before the start when empty places are given away"), default=10)
    late_minutes = models.PositiveSmallIntegerField(_("minutes after the start when nobody is let in any more"), default=15)
    vote_hours = models.PositiveSmallIntegerField(_("hours after the end in which the audience votes"), default=VOTE_HOURS)
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(most__gte=1), name="seating_books_something")]

    def __str__(self) -> str:
        return f"seats of {self.event_id}"


class AllotmentKind(models.TextChoices):
    INDUSTRY = "industry", pgettext_lazy("allotment", "Industry")
    PRESS = "press", pgettext_lazy("allotment", "Press")
    GUESTS = "guests", pgettext_lazy("allotment", "Guests")
    PUBLIC = "public", pgettext_lazy("allotment", "Public")


class Allotment(models.Model):
    """A share of an event's places. What is left of it goes to `flows_to` at `flows_at`, once (`flowed_at`)."""

    seating = models.ForeignKey(Seating, models.CASCADE, related_name="allotments")
    kind = models.CharField(_("for"), max_length=10, choices=AllotmentKind)
    opens_at = models.DateTimeField(_("booking from"), null=True, blank=True)
    flows_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="fed_by", verbose_name=_("left over to")
    )
    flows_at = models.DateTimeField(_("left over at"), null=True, blank=True)
    flowed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["seating", "kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["seating", "kind"], name="allotment_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


def new_booking_key() -> str:
    return secrets.token_urlsafe(16)


class BookingState(models.TextChoices):
    HELD = "held", pgettext_lazy("booking", "Held")
    BOOKED = "booked", pgettext_lazy("booking", "Booked")
    WAITING = "waiting", pgettext_lazy("booking", "Waiting")
    OFFERED = "offered", _("Place offered")
    EXPIRED = "expired", pgettext_lazy("booking", "Expired")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")


OPEN = Q(state__in=["held", "booked", "waiting", "offered"])


class Booking(models.Model):
    """Somebody books `count` places of an allotment, with an e-mail address alone or as a participant. `key` stands in her link.

    Somebody has one open booking an event, but an organiser books for as many groups as she likes (`group_name`).
    Held and offered ones are given up at `held_until`; waiting ones stand in the order of `waiting_since`, then of their ids.
    `origin` tells for an hour that two bookings came from one network, not from which.
    """

    seating = models.ForeignKey(Seating, models.CASCADE, related_name="bookings")
    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="bookings")
    code = models.CharField(_("code"), max_length=12)
    key = models.CharField(max_length=40, unique=True, default=new_booking_key)
    state = models.CharField(_("state"), max_length=10, choices=BookingState)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="bookings")
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    group_name = models.CharField(_("group"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    count = models.PositiveSmallIntegerField(_("places"), default=1)
    wheelchairs = models.PositiveSmallIntegerField(_("of them wheelchair places"), default=0)
    companions = models.PositiveSmallIntegerField(_("of them companions’ seats"), default=0)
    held_until = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    booked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=16, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seating", "code"], name="booking_code"),
            models.CheckConstraint(condition=Q(count__gte=F("wheelchairs") + F("companions")), name="booking_counts"),
            models.CheckConstraint(condition=Q(participant__isnull=False) | ~Q(email=""), name="booking_has_a_reader"),
            models.UniqueConstraint(
                fields=["seating", "email"], condition=OPEN & Q(group_name="", participant=None), name="one_booking_an_address"
            ),
            models.UniqueConstraint(
                fields=["seating", "participant"], condition=OPEN & Q(group_name=""), name="one_booking_a_participant"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["seating", "state", "waiting_since"]),
            models.Index(fields=["state", "held_until"]),
            models.Index(fields=["origin"], condition=~Q(origin=""), name="booking_origin"),
        ]

    def __str__(self) -> str:
        return self.code


class Place(models.Model):
    """One place of an event, which one booking may have: no oversell, because there are no more rows than places.

    Free where `booking` is empty, or its hold has run out (`held_until`); a booked place has no `held_until`.
    With reserved seats it is the place of one `seat`.
    """

    seating = models.ForeignKey(Seating, models.CASCADE, related_name="places")
    number = models.PositiveIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="places")
    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="places")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, blank=True, related_name="places")
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["seating", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seating", "number"], name="place_number"),
            models.UniqueConstraint(fields=["seating", "seat"], name="one_place_a_seat"),
        ]
        indexes: ClassVar = [models.Index(fields=["allotment", "booking", "held_until"])]

    def __str__(self) -> str:
        return f"{self.seating_id}/{self.number}"


class TicketState(models.TextChoices):
    VALID = "valid", pgettext_lazy("ticket", "Valid")
    RETURNED = "returned", pgettext_lazy("ticket", "Returned")
    RELEASED = "released", _("Given away after no-show")


class Ticket(models.Model):
    """Lets one person in; `key` stands in its QR. Of a place, one ticket is valid."""

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="tickets")
    place = models.ForeignKey(Place, models.PROTECT, related_name="tickets")
    key = models.CharField(max_length=40, unique=True, default=new_booking_key)
    state = models.CharField(_("state"), max_length=10, choices=TicketState, default=TicketState.VALID)
    issued_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["booking", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place"], condition=Q(state="valid"), name="one_valid_ticket_a_place")
        ]

    def __str__(self) -> str:
        return self.key
