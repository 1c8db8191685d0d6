"""One thing that a phone tells, done and answered."""

from __future__ import annotations

from typing import Any

from madang.door.actions.queues import state_queue, take_slip
from madang.door.actions.scans import Entry, Taken, count_by_hand, take_back, take_scan
from madang.door.codes import slip_in
from madang.door.forms import Sent
from madang.door.models import Device
from madang.door.rules import lets_in
from madang.door.views.answers import answer_of
from madang.programme.models import Event


def answer_to(device: Device, sent: Sent) -> dict[str, Any]:
    """{"token", ...}: the phone forgets what was answered, whatever the answer is."""
    event = Event.objects.filter(edition=device.edition, code=sent.event).select_related("edition", "hall").first()
    if event is None:
        return {"token": str(sent.token), "fault": "no_event"}
    if sent.kind in ("slip", "queue") and not lets_in(device, event):
        return {"token": str(sent.token), "fault": "other_hall"}
    return ACTS[sent.kind](device, event, sent)


def scanned(device: Device, event: Event, sent: Sent) -> dict[str, Any]:
    taken = take_scan(device, event, entry_of(event, sent))
    return answer_of(taken)


def by_hand(device: Device, event: Event, sent: Sent) -> dict[str, Any]:
    return answer_of(Taken(count_by_hand(device, event, entry_of(event, sent), sent.allotment), None))


def taken_back(device: Device, event: Event, sent: Sent) -> dict[str, Any]:
    take_back(device, event, sent.token)
    return {"token": str(sent.token), "event": event.code, "outcome": "void", "told": "void"}


def slipped(device: Device, event: Event, sent: Sent) -> dict[str, Any]:
    slip = slip_in(sent.code)
    if slip is None:
        return {"token": str(sent.token), "fault": "unreadable"}
    row = take_slip(device, event, sent.token, slip=slip, at=event.edition.now() - sent.age)
    return {"token": str(sent.token), "event": event.code, "slip": slip, "minutes": row.minutes}


def queued(device: Device, event: Event, sent: Sent) -> dict[str, Any]:
    at = event.edition.now() - sent.age
    row = state_queue(device, event, sent.token, minutes=sent.minutes, people=sent.people, at=at)
    return {"token": str(sent.token), "event": event.code, "minutes": row.minutes}


def entry_of(event: Event, sent: Sent) -> Entry:
    return Entry(sent.token, sent.code, event.edition.now() - sent.age, sent.told)


ACTS = {"scan": scanned, "hand": by_hand, "back": taken_back, "slip": slipped, "queue": queued}
