"""The doors of the demo: devices, who was let in to what has begun, queues, what audiences thought. All of it is made up."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence

from madang.accounts.models import User
from madang.door.actions.devices import make_device
from madang.door.models import Admission, Device, Outcome, Queue, Scan, Vote
from madang.markets.models import Edition, Hall
from madang.programme.models import Event, EventKind
from madang.seating.models import Ticket, TicketState

MINUTE = dt.timedelta(minutes=1)
OPENS = 35 * MINUTE
"""So long before the start people are let in."""
COME, LATE, TWICE, VOTES = 0.88, 0.05, 0.01, 0.35
TASTES = [(2, 5, 14, 38, 41), (3, 9, 24, 40, 24), (6, 14, 30, 33, 17)]
"""How many of a hundred give 1, 2, 3, 4, 5."""


def make_doors(rng: random.Random, edition: Edition, organiser: User, now: dt.datetime) -> None:
    """Devices at every moment; the rest for events whose doors have opened by `now`."""
    events = Event.objects.filter(edition=edition, is_cancelled=False, starts_at__lte=now + OPENS).exclude(seating=None)
    opened = list(events.select_related("edition", "hall").order_by("starts_at", "code"))
    doors = make_devices(edition, organiser, opened[0].starts_at if opened else None, now)
    for number, event in enumerate(opened):
        here = [door for door in doors if door.hall_id in (None, event.hall_id)]
        let_in(rng, event, here, now)
        if event.kind == EventKind.SCREENING:
            measure(rng, event, here[0], now)
            vote(rng, event, TASTES[number % len(TASTES)], now)
    contradict(doors, opened)


def make_devices(edition: Edition, organiser: User, since: dt.datetime | None, now: dt.datetime) -> list[Device]:
    """Two doors of the auditorium and one for all halls, paired before the first event; a fourth waits for its phone."""
    hall = Hall.objects.filter(edition=edition, code="AUD").first()
    made = [make_device(organiser, edition, name=name, hall=hall).device for name in ("Auditorium left", "Auditorium right")]
    made += [make_device(organiser, edition, name=name, hall=None).device for name in ("All halls", "In reserve")]
    if since is not None:
        Device.objects.filter(pk__in=[door.pk for door in made[:3]]).update(paired_at=since - 60 * MINUTE, seen_at=now)
    return made[:3]


def let_in(rng: random.Random, event: Event, doors: Sequence[Device], now: dt.datetime) -> None:
    """Most who have a ticket come, some late; a few show it twice; the places of the others were given away at the release."""
    tickets = Ticket.objects.filter(place__seating__event=event, state=TicketState.VALID).order_by("pk")
    scans, admissions, missed = [], [], []
    for ticket in tickets.select_related("booking__participant__company", "place__allotment", "place__seating"):
        at = event.starts_at - rng.triangular(-6, 34, 9) * MINUTE if rng.random() > LATE else event.starts_at + 9 * MINUTE
        release = event.starts_at - ticket.place.seating.release_minutes * MINUTE
        if rng.random() > COME:
            missed += [ticket] if release < now else []
        elif at < now:
            scan = scan_of(event, rng.choice(doors), ticket.key, at, Outcome.ADMITTED)
            scans.append(scan)
            admissions.append(admission_of(event, ticket, scan))
            if rng.random() < TWICE:
                scans.append(scan_of(event, rng.choice(doors), ticket.key, at + 4 * MINUTE, Outcome.TWICE, scan))
    first = [scan for scan in scans if scan.first is None]
    Scan.objects.bulk_create(first, batch_size=500)
    Scan.objects.bulk_create([scan for scan in scans if scan.first is not None], batch_size=500)
    Admission.objects.bulk_create(admissions, batch_size=500)
    end = event.starts_at - 10 * MINUTE
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in missed]).update(state=TicketState.RELEASED, ended_at=end)


def scan_of(event: Event, door: Device, key: str, at: dt.datetime, outcome: Outcome, first: Scan | None = None) -> Scan:
    return Scan(
        device=door, event=event, token=uuid.uuid4(), code=key, at=at, received_at=at, told=outcome, outcome=outcome, first=first
    )


def admission_of(event: Event, ticket: Ticket, scan: Scan) -> Admission:
    booking = ticket.booking
    person = booking.participant
    country = (person.company.country if person and person.company else "") or booking.country
    return Admission(
        event=event, scan=scan, ticket=ticket, allotment=ticket.place.allotment.kind, country=country, at=scan.at,
        participant=person if booking.count == 1 else None, is_late=scan.at > event.starts_at,
    )  # fmt: skip


def measure(rng: random.Random, event: Event, door: Device, now: dt.datetime) -> None:
    """A slip every six minutes: the queue grows until shortly before the start."""
    peak = rng.randint(8, 26)
    rows = []
    for number, before in enumerate((32, 26, 20, 14, 8, 2), 1):
        minutes = max(1, round(peak * (1 - abs(before - 9) / 32) + rng.uniform(-2, 2)))
        at = event.starts_at - before * MINUTE
        facts = {"slip": number, "handed_at": at - minutes * MINUTE, "at": at, "minutes": minutes, "closing": uuid.uuid4()}
        rows += [Queue(event=event, device=door, token=uuid.uuid4(), **facts)] if at < now else []
    Queue.objects.bulk_create(rows)


def vote(rng: random.Random, event: Event, taste: Sequence[int], now: dt.datetime) -> None:
    """Some of the audience, once it is over."""
    if event.ends_at > now:
        return
    seats = [seat for seat in Admission.objects.filter(event=event).order_by("pk") if rng.random() < VOTES]
    at = min(now, event.ends_at + 20 * MINUTE)
    Vote.objects.bulk_create(Vote(admission=seat, value=rng.choices(range(1, 6), taste)[0], at=at) for seat in seats)


def contradict(doors: Sequence[Device], opened: Sequence[Event]) -> None:
    """At the auditorium's last screening two doors were without network for a moment, and both let in one seat."""
    screenings = [event for event in opened if event.kind == EventKind.SCREENING and event.hall_id == doors[0].hall_id]
    seat = Admission.objects.filter(event__in=screenings[-1:], scan__isnull=False).select_related("scan__device").first()
    if seat is None or seat.scan is None:
        return
    other = next(door for door in doors if door.pk != seat.scan.device_id)
    facts = {"told": Outcome.ADMITTED, "outcome": Outcome.CONFLICT, "was_offline": True, "first": seat.scan}
    at = seat.scan.at + MINUTE
    Scan.objects.create(
        device=other, event=seat.event, token=uuid.uuid4(), code=seat.scan.code, at=at, received_at=at + 3 * MINUTE, **facts
    )
