"""Rows of the doors: events, tickets, badges, paired phones, scans."""

from __future__ import annotations

import datetime as dt
import uuid

from factories import ParticipantFactory

from madang.accreditation.models import Badge, BadgeState, BadgeType
from madang.door.actions.devices import make_device, pair_device
from madang.door.actions.scans import Entry, take_scan
from madang.programme.models import Event
from madang.seating.models import Booking, BookingState, Place, Ticket

MINUTE = dt.timedelta(minutes=1)


def event_in(hall, minutes, **facts):
    start = hall.edition.now() + minutes * MINUTE
    facts = {"code": f"E{minutes}", "kind": "screening", "name": "First night"} | facts
    return Event.objects.create(edition=hall.edition, hall=hall, starts_at=start, ends_at=start + 60 * MINUTE, **facts)


def paired(organiser, edition, name, hall=None):
    return pair_device(edition, make_device(organiser, edition, name=name, hall=hall).key).device


def ticket_for(event, kind="public", *, participant=None, count=1, **facts):
    """A booking of so many places; its first ticket."""
    seating = event.seating
    places = list(Place.objects.filter(seating=seating, allotment__kind=kind, booking=None).order_by("number")[:count])
    booking = Booking.objects.create(
        seating=seating, allotment=places[0].allotment, code=f"B{uuid.uuid4().hex[:6].upper()}", participant=participant,
        email="" if participant else f"{uuid.uuid4().hex[:8]}@example.org", state=BookingState.BOOKED, count=count, **facts,
    )  # fmt: skip
    Place.objects.filter(pk__in=[place.pk for place in places]).update(booking=booking)
    tickets = [Ticket.objects.create(booking=booking, place=place) for place in places]
    return tickets[0]


def badge_for(person, **facts):
    kind, _new = BadgeType.objects.get_or_create(edition=person.edition, code="B", role="buyer", name="Buyer")
    number = Badge.objects.count() + 1
    facts = {"key": person.badge_key, "state": BadgeState.VALID} | facts
    return Badge.objects.create(edition=person.edition, participant=person, badge_type=kind, number=number, **facts)


def buyer(edition, **facts):
    return ParticipantFactory(edition=edition, is_buyer=True, **facts)


def scan(door, event, code, *, told="", ago=0, token=None, at=None):
    """A scan `ago` seconds before now; `told`: by the phone itself, without network."""
    at = at or event.edition.now() - dt.timedelta(seconds=ago)
    return take_scan(door, event, Entry(token or uuid.uuid4(), code, at, told)).scan
