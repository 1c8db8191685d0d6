"""How long the queue is: a numbered slip goes to the last in line, and is scanned at the door; or somebody says it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from madang.accounts.models import User
from madang.door.actions.scans import lock
from madang.door.models import Device, Queue
from madang.door.rules import may_run_doors
from madang.markets.actions import record
from madang.programme.models import Event

LONGEST = dt.timedelta(hours=3)
"""A slip that comes later than that was lost, and begins anew."""
MOST_MINUTES, MOST_PEOPLE = 180, 9_999


@transaction.atomic
def take_slip(device: Device, event: Event, token: uuid.UUID, *, slip: int, at: dt.datetime) -> Queue:
    """Handed out the first time, come to the door the second, in whatever order two phones send it."""
    lock(event)
    if known := Queue.objects.filter(Q(token=token) | Q(closing=token)).first():
        return known
    on_its_way = Queue.objects.filter(
        event=event, slip=slip, minutes=None, handed_at__gte=at - LONGEST, handed_at__lte=at + LONGEST
    ).first()
    if on_its_way is None:
        return Queue.objects.create(event=event, device=device, token=token, slip=slip, handed_at=at, at=at)
    ends = sorted([at, on_its_way.handed_at or at])
    on_its_way.handed_at, on_its_way.at = ends
    on_its_way.minutes = round((ends[1] - ends[0]).total_seconds() / 60)
    on_its_way.closing = token
    on_its_way.save(update_fields=["handed_at", "at", "minutes", "closing"])
    return on_its_way


def state_queue(
    device: Device | None, event: Event, token: uuid.UUID, *, minutes: int, people: int | None, at: dt.datetime
) -> Queue:
    """Somebody at the door says how long it takes."""
    facts = {
        "event": event, "device": device, "at": at, "minutes": min(max(minutes, 0), MOST_MINUTES),
        "people": None if people is None else min(max(people, 0), MOST_PEOPLE),
    }  # fmt: skip
    return Queue.objects.get_or_create(token=token, defaults=facts)[0]


@transaction.atomic
def note_queue(actor: User, event: Event, *, minutes: int, people: int | None) -> Queue:
    """An organiser writes it down at the desk."""
    if not may_run_doors(actor, event.edition):
        raise PermissionDenied
    row = state_queue(None, event, uuid.uuid4(), minutes=minutes, people=people, at=event.edition.now())
    record(event.edition, actor, "note_queue", event.code, minutes=row.minutes)
    return row
