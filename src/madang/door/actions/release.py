"""Shortly before the start, places of people who did not come go to those who stand at the door."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from madang.accounts.models import User
from madang.door.actions.scans import lock
from madang.door.models import Device
from madang.door.queries.places import release_at, seating_of
from madang.door.rules import may_run_doors
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.programme.models import Event
from madang.seating.models import Place, Seating, Ticket, TicketState

SILENT, AT_WORK = dt.timedelta(minutes=3), dt.timedelta(hours=3)


@transaction.atomic
def release_places(actor: User | None, event: Event) -> int:
    """End the tickets that nobody used, and the booking with them; the places are free. How many."""
    if actor is not None and not may_run_doors(actor, event.edition):
        raise PermissionDenied
    lock(event)
    now = event.edition.now()
    unused = Ticket.objects.filter(place__seating__event=event, state=TicketState.VALID, admissions=None)
    rows = list(unused.values_list("pk", "place_id"))
    Ticket.objects.filter(pk__in=[ticket for ticket, _place in rows]).update(state=TicketState.RELEASED, ended_at=now)
    Place.objects.filter(pk__in=[place for _ticket, place in rows]).update(booking=None, held_until=None)
    open_still = Q(closes_at=None) | Q(closes_at__gt=now)
    Seating.objects.filter(open_still, event=event).update(closes_at=now)
    if rows:
        record(event.edition, actor, "release_places", event.code, count=len(rows))
    return len(rows)


def doors_of(event: Event) -> list[Device]:
    """The devices that let people in to it and have been heard of today."""
    since = event.edition.now() - AT_WORK
    devices = Device.objects.filter(edition=event.edition, revoked_at=None, seen_at__gte=since)
    return list(devices.filter(Q(hall=None) | Q(hall=event.hall_id)))


def silent_doors(event: Event) -> list[Device]:
    """Those of them that have not been heard of for SILENT: they may know of people inside whom nobody else knows of."""
    now = event.edition.now()
    return [door for door in doors_of(event) if door.seen_at is None or now - door.seen_at > SILENT]


def release_due(edition: Edition, now: dt.datetime) -> int:
    """By the clock: where doors are at work; while one of them is silent only from the start on."""
    released = 0
    soon = Event.objects.filter(edition=edition, starts_at__lte=now + AT_WORK, ends_at__gt=now, is_cancelled=False)
    for event in soon.exclude(seating=None).select_related("edition", "hall"):
        is_due = now >= release_at(event, seating_of(event)) and bool(doors_of(event))
        if is_due and (now >= event.starts_at or not silent_doors(event)):
            released += release_places(None, event)
    return released
