"""Who runs doors, what a paired phone sees, who may vote."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import Q, QuerySet

from madang.door.models import Admission, Device, Outcome, Scan
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.people.models import Participant
from madang.programme.models import Event
from madang.seating.models import VOTE_HOURS

EARLIEST, LATEST = dt.timedelta(hours=18), dt.timedelta(hours=6)
"""A phone carries the events that begin within EARLIEST from now, or ended less than LATEST ago."""


def kept(key: str) -> str:
    """What is stored of a device's key: 160 bits of its SHA-256, so that nobody who reads the table is a door."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def may_run_doors(user: Visitor, edition: Edition) -> bool:
    """Organisers make devices, release places and read what came of scans."""
    return may_organise(user, edition)


def visible_devices(user: Visitor, edition: Edition) -> QuerySet[Device]:
    if not may_run_doors(user, edition):
        return Device.objects.none()
    return Device.objects.filter(edition=edition).select_related("hall", "edition")


def visible_scans(user: Visitor, edition: Edition) -> QuerySet[Scan]:
    if not may_run_doors(user, edition):
        return Scan.objects.none()
    return Scan.objects.filter(event__edition=edition)


def device_with(edition: Edition, key: str) -> Device | None:
    """The device that this key was paired for, unless it was revoked."""
    devices = Device.objects.filter(edition=edition, key=kept(key), revoked_at=None, paired_at__isnull=False)
    return devices.select_related("edition", "hall").first() if key else None


def device_to_pair(edition: Edition, key: str) -> Device | None:
    """The device that waits for a phone with this key. The key of the link dies with the pairing."""
    return Device.objects.filter(edition=edition, key=kept(key), revoked_at=None, paired_at=None).first()


def lets_in(device: Device, event: Event) -> bool:
    """A device made for a hall lets people in there alone, whatever it sends."""
    return device.edition_id == event.edition_id and device.hall_id in (None, event.hall_id)


def events_at(device: Device, now: dt.datetime) -> QuerySet[Event]:
    """What a device lets people in to: events of its hall (of all halls, where it has none) around now."""
    events = Event.objects.filter(edition=device.edition, is_cancelled=False, starts_at__lte=now + EARLIEST)
    events = events.filter(ends_at__gte=now - LATEST).select_related("hall", "title", "edition")
    return events.filter(hall=device.hall_id) if device.hall_id else events


MISMATCHED = Q(told=Outcome.ADMITTED) ^ Q(outcome=Outcome.ADMITTED)
"""Scans of which the door person was told one thing, and another holds."""


def my_admission(user: Visitor, event: Event) -> Admission | None:
    """The place in which the user sat, as a participant."""
    if not user.is_authenticated:
        return None
    return (
        Admission.objects.filter(event=event, participant__user=user)
        .select_related("event__edition", "event__seating", "participant")
        .first()
    )


def admission_of_key(edition: Edition, key: str) -> QuerySet[Admission]:
    """The places that a link opens: a ticket's key one, a booking's key those of the booking that were used."""
    admissions = Admission.objects.filter(event__edition=edition).select_related(
        "event__edition", "event__seating", "ticket__place__seat"
    )
    return admissions.filter(Q(ticket__key=key) | Q(ticket__booking__key=key))


def may_vote(admission: Admission, now: dt.datetime) -> bool:
    """From the start on, until so many hours after the end as the event's seating says."""
    return admission.event.starts_at <= now < voting_closes(admission.event) and not admission.event.is_cancelled


def voting_closes(event: Event) -> dt.datetime:
    """One query where `event.seating` is not at hand."""
    seating = getattr(event, "seating", None)
    return event.ends_at + dt.timedelta(hours=seating.vote_hours if seating else VOTE_HOURS)


def allotment_of(participant: Participant) -> str:
    """Whose places a badge opens."""
    if participant.is_buyer or participant.is_seller or participant.is_creator or participant.is_juror:
        return "industry"
    if participant.is_press:
        return "press"
    return "guests" if participant.is_guest else "public"
