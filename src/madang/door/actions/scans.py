"""Scans: each is taken once, however often it is sent. Two doors offline let one seat in once, or it is told which did not.

Scans of one event are decided one after another (its row is locked). Of two that say "let in" for one seat, that of the earlier
moment holds, then that which arrived first; the other becomes a conflict with its door, its moment and the first one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple

from django.db import transaction

from madang.door.actions.walk_in import take_free_place
from madang.door.models import Admission, Device, Outcome, Scan
from madang.door.queries.looking import Finding, look, look_elsewhere
from madang.door.rules import lets_in
from madang.markets.actions import record
from madang.programme.models import Event


class Entry(NamedTuple):
    """What a phone sends: `at` in the edition's time; `told`: what it told by itself, "" where it asks first."""

    token: uuid.UUID
    code: str
    at: dt.datetime
    told: str = ""


class Taken(NamedTuple):
    """What came of it; `finding` is None where the scan was known already."""

    scan: Scan
    finding: Finding | None


@transaction.atomic
def take_scan(device: Device, event: Event, entry: Entry) -> Taken:
    """Decide a scan, or recall it by its token."""
    lock(event)
    known = Scan.objects.filter(token=entry.token).select_related("first__device", "device", "event").first()
    if known is not None:
        return Taken(hear_again(known, entry.told), None)
    found = look(event, entry.code, entry.at) if lets_in(device, event) else look_elsewhere(device, entry.code)
    scan = Scan(
        device=device, event=event, token=entry.token, code=found.key[:100], at=entry.at, received_at=event.edition.now(),
        was_offline=bool(entry.told), told=entry.told or found.outcome, outcome=found.outcome,
    )  # fmt: skip
    settle(scan, found, is_let_in=entry.told in ("", Outcome.ADMITTED))
    return Taken(scan, found)


def lock(event: Event) -> None:
    """What is decided about an event is decided one after another; rows that point to it may be written meanwhile."""
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def settle(scan: Scan, found: Finding, *, is_let_in: bool) -> None:
    """Write the scan and what follows from it."""
    if not is_let_in:  # the door person sent her away: nobody came in, whatever the server knows
        scan.outcome = scan.told if found.outcome == Outcome.ADMITTED else found.outcome
        scan.first = found.earlier.scan if found.earlier else None
        scan.save()
    elif found.earlier is not None:
        meet(scan, found.earlier, found)
    else:
        scan.save()
        if found.outcome == Outcome.ADMITTED:
            admit(scan, found)
        elif found.outcome == Outcome.OTHER_HALL and scan.told == Outcome.ADMITTED:
            tell_other_hall(scan)


def admit(scan: Scan, found: Finding) -> None:
    """Somebody is in: on her ticket, or on a free place, which is hers from now on."""
    event, place = scan.event, found.ticket
    if place is None and found.participant is not None:
        free = take_free_place(event, found.participant, found.allotment, scan.at)
        if free.is_full:
            scan.outcome = Outcome.NO_PLACE
            scan.told = scan.told if scan.was_offline else Outcome.NO_PLACE
            scan.save(update_fields=["outcome", "told"])
            return
        place = free.ticket
    Admission.objects.create(
        event=event, scan=scan, ticket=place, badge=found.badge, participant=found.participant, allotment=found.allotment,
        country=found.country, at=scan.at, is_late=scan.at > event.starts_at,
    )  # fmt: skip


def meet(scan: Scan, admission: Admission, found: Finding | None = None) -> None:
    """Somebody sits there already. Where this door let her in nevertheless, one of the two scans is a conflict."""
    first = admission.scan
    if not scan.was_offline:
        scan.outcome = scan.told = Outcome.TWICE
        scan.first = first
        scan.save()
    elif first is None or scan.at >= admission.at:
        scan.outcome, scan.first = Outcome.CONFLICT, first
        scan.save()
        tell_conflict(scan, first)
    else:
        scan.outcome = Outcome.ADMITTED
        scan.save()
        give_way(first, scan, admission, found)


def give_way(first: Scan, scan: Scan, admission: Admission, found: Finding | None) -> None:
    """The other door had been earlier, and we hear of it now: its scan holds, and what had held is the conflict.

    Where the place had been given away meanwhile, it is another person's ticket that holds.
    """
    Scan.objects.filter(first=first).update(first=scan)
    admission.scan, admission.at, admission.is_late = scan, scan.at, scan.at > scan.event.starts_at
    if found is not None and found.ticket is not None and found.ticket.pk != admission.ticket_id:
        admission.ticket, admission.badge, admission.participant = found.ticket, found.badge, found.participant
        admission.allotment, admission.country = found.allotment, found.country
    admission.save()
    first.outcome, first.first = Outcome.CONFLICT, scan
    first.save(update_fields=["outcome", "first"])
    tell_conflict(first, scan)


def tell_conflict(scan: Scan, first: Scan | None) -> None:
    details = {"door": scan.device.name, "first": first.device.name if first else ""}
    record(scan.event.edition, None, "find_door_conflict", scan.event.code, **details)


def tell_other_hall(scan: Scan) -> None:
    """A door let somebody in where it is no door: nobody counts as inside, and the desk is told."""
    details = {"door": scan.device.name, "hall": str(scan.event.hall)}
    record(scan.event.edition, None, "find_other_hall", scan.event.code, **details)


def hear_again(known: Scan, told: str) -> Scan:
    """The same scan once more. Where the answer had got lost, the door decided by itself: what it told is what happened."""
    if not told or told == known.told:
        return known
    was_in = known.told == Outcome.ADMITTED
    known.told, known.was_offline = told, True
    admission = Admission.objects.filter(scan=known).first()
    if admission is not None and was_in:  # it was let in by the server, and sent away by the door
        admission.delete()
        known.outcome = told
    elif told == Outcome.ADMITTED and known.first is not None and (seat := Admission.objects.filter(scan=known.first).first()):
        meet(known, seat)
        return known
    known.save(update_fields=["told", "was_offline", "outcome"])
    return known


@transaction.atomic
def count_by_hand(device: Device, event: Event, entry: Entry, allotment: str) -> Scan:
    """One more person is in, without a code."""
    lock(event)
    is_ours = lets_in(device, event)
    facts = {
        "device": device, "event": event, "code": f"hand:{allotment}", "at": entry.at, "received_at": event.edition.now(),
        "was_offline": True, "told": Outcome.ADMITTED, "outcome": Outcome.ADMITTED if is_ours else Outcome.OTHER_HALL,
    }  # fmt: skip
    scan, is_new = Scan.objects.get_or_create(token=entry.token, defaults=facts)
    if is_new and not is_ours:
        tell_other_hall(scan)
    elif is_new:
        Admission.objects.create(event=event, scan=scan, allotment=allotment, at=entry.at, is_late=entry.at > event.starts_at)
    return scan


@transaction.atomic
def take_back(device: Device, event: Event, token: uuid.UUID) -> Scan | None:
    """Nobody came in after all: the same phone takes back what it counted by hand."""
    lock(event)
    scan = Scan.objects.filter(token=token, device=device, event=event, code__startswith="hand:").first()
    if scan is not None:
        Admission.objects.filter(scan=scan).delete()
        scan.told = scan.outcome = Outcome.VOID
        scan.save(update_fields=["told", "outcome"])
    return scan
