"""The doors of the yard: a phone that is awaited, two at work whose scans contradict each other, somebody inside, a queue."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from factories import ParticipantFactory

from madang.door.actions.devices import make_device, pair_device
from madang.door.actions.queues import note_queue
from madang.door.actions.scans import Entry, take_scan
from madang.programme.models import Event
from madang.seating.models import Allotment, Booking, BookingState, Place, Seating, Ticket

DOOR_PARTS = {
    ("door", "code"): "event",
    ("door", "number"): "device",
    ("door", "ending"): "table_kind",
    ("door", "key"): "ticket",
}


def add_door(yard: Any) -> None:
    """At the yard's evening: one place, one ticket, scanned at two doors that were offline."""
    edition, organiser = yard.edition, yard.accounts["organiser"]
    event = Event.objects.get(edition=edition, code="E-1")
    seating = Seating.objects.filter(event=event).first() or Seating.objects.create(event=event, mode="free")
    allotment, _new = Allotment.objects.get_or_create(seating=seating, kind="press")
    place = Place.objects.create(seating=seating, number=9_001, allotment=allotment)
    facts = {"code": "DOOR1", "email": "press@yard.example", "state": BookingState.BOOKED, "country": "FR"}
    booking = Booking.objects.create(seating=seating, allotment=allotment, **facts)
    Place.objects.filter(pk=place.pk).update(booking=booking)
    ticket = Ticket.objects.create(booking=booking, place=place)
    made = [make_device(organiser, edition, name=name, hall=None) for name in ("Left", "Right", "Balcony")]
    left, right = (pair_device(edition, one.key).device for one in made[:2])
    for device, minutes in ((left, 5), (right, 4)):
        at = event.starts_at - dt.timedelta(minutes=minutes)
        take_scan(device, event, Entry(uuid.uuid4(), ticket.key, at, "admitted"))
    guest = ParticipantFactory(edition=edition, code="P-press", user=None, is_press=True)
    take_scan(left, event, Entry(uuid.uuid4(), guest.badge_key, event.starts_at))
    for minutes in (10, 25):
        note_queue(organiser, event, minutes=minutes, people=80)
    yard.codes |= {"device": made[2].device.pk, "ticket": ticket.key}
