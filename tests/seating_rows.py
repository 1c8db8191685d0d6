"""Halls with seats and events with places, in one call each."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from factories import EditionFactory, HallFactory, UserFactory

from madang.programme.models import Event, EventKind
from madang.seating.actions.claiming import Reader
from madang.seating.actions.layout import Share, draw_hall, lay_out
from madang.seating.actions.taking import confirm_booking, hold_places
from madang.seating.drawing import read_drawing
from madang.seating.models import Allotment, Booking, Place, Seating, Ticket, TicketState
from madang.seating.together import Party

NOBODY = AnonymousUser()
START = dt.datetime(2025, 5, 29, 9, 0, tzinfo=dt.UTC)
"""18:00 in Busan, on the second day: seven hours and twenty minutes after the tests' moment."""
SMALL = "A ooo ooo\nB ooo ooo\nC wc. ooo"


def organiser_of(edition):
    """An organiser of the edition's market."""
    user = edition.market.organisers.first()
    if user is None:
        user = UserFactory()
        edition.market.organisers.add(user)
    return user


def event_at(edition=None, *, hall=None, code="E-1", start=START, **facts) -> Event:
    """A public screening of an hour."""
    edition = edition or EditionFactory()
    hall = hall or HallFactory(edition=edition)
    facts = {"kind": EventKind.SCREENING, "name": "Evening"} | facts
    return Event.objects.create(
        edition=edition, code=code, hall=hall, starts_at=start, ends_at=start + dt.timedelta(hours=1), **facts
    )


def free_seating(count=5, *, event=None, shares=None, **settings) -> Seating:
    """An event with so many places for the public, where people sit as they like."""
    event = event or event_at()
    shares = shares or [Share("public", count)]
    return lay_out(organiser_of(event.edition), event, {"mode": "free"} | settings, shares)


def reserved_seating(drawing=SMALL, *, event=None, shares=None, **settings) -> Seating:
    """An event in a hall with these seats, all of them for the public."""
    event = event or event_at()
    draw_hall(organiser_of(event.edition), event.hall, read_drawing(drawing))
    return lay_out(organiser_of(event.edition), event, {"mode": "reserved"} | settings, shares or [Share("public")])


def public_of(seating, kind="public") -> Allotment:
    """The allotment as a page fetches it."""
    rows = Allotment.objects.select_related(
        "seating__event__edition", "seating__event__hall", "seating__event__title", "flows_to"
    )
    return rows.get(seating=seating, kind=kind)


def reader(number=1, **facts) -> Reader:
    return Reader(email=f"guest{number}@example.org", name=f"Guest {number}", language="en", **facts)


def hold(seating, number=1, count=1, *, kind="public", **more) -> Booking:
    """A visitor holds places."""
    party = Party(count, more.pop("wheelchairs", 0), more.pop("companions", 0))
    return hold_places(NOBODY, public_of(seating, kind), party, reader(number), **more)


def book(seating, number=1, count=1, **more) -> Booking:
    """A visitor books places."""
    held = hold(seating, number, count, **more)
    return confirm_booking(NOBODY, held, held.key)


def seats_of(booking) -> list[str]:
    """The seats of a booking as its tickets show them, or while it is held."""
    return [str(place.seat) for place in Place.objects.filter(booking=booking).select_related("seat").order_by("number")]


def audit() -> list[str]:
    """What must never be, whatever happened: two valid tickets a place, places and counts that differ."""
    faults = []
    for booking in Booking.objects.filter(state="booked", group_name=""):
        tickets = Ticket.objects.filter(booking=booking, state=TicketState.VALID)
        mine = set(Place.objects.filter(booking=booking, held_until=None).values_list("pk", flat=True))
        if mine != set(tickets.values_list("place", flat=True)) or len(mine) != booking.count:
            faults.append(f"{booking.code}: {len(mine)} places, {tickets.count()} tickets, counts {booking.count}")
    over = Place.objects.filter(booking__state__in=["expired", "cancelled", "waiting"]).count()
    stray = Ticket.objects.filter(state=TicketState.VALID).exclude(booking__state="booked").count()
    return faults + [f"{n} {what}" for n, what in ((over, "places of nobody"), (stray, "tickets of no booking")) if n]
