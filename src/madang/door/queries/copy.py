"""What a phone carries, so that it knows tickets and badges without network: digests, signed, for some hours."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from madang.accreditation.models import Badge, BadgeState
from madang.door.codes import digest, short_digest
from madang.door.models import Admission, Device, Scan
from madang.door.queries.live import Live, conflicts, live_counts
from madang.door.queries.places import last_admission, release_at
from madang.door.rules import allotment_of, events_at
from madang.door.signing import sign
from madang.kit.calendar import clock_text
from madang.people.models import Participant
from madang.programme.models import Event
from madang.seating.models import AllotmentKind, Ticket

LASTS = dt.timedelta(hours=18)
"""A phone that has not been heard of for so long decides nothing any more."""
CONFLICTS = 20
VERSION = 1
"""Of the copy's own form."""


def signed_copy(device: Device) -> dict[str, str]:
    """{"payload": JSON text, "signature": of exactly this text, "version": equal where nothing has changed}."""
    now = device.edition.now()
    content = copy_of(device, now)
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    version = hashlib.sha256(f"{now:%Y-%m-%d %H} {plain}".encode()).hexdigest()[:16]
    stamps = {"version": version, "made": stamp(now), "expires": stamp(now + LASTS)}
    payload = json.dumps(content | stamps, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return {"payload": payload, "signature": sign(device.edition, payload), "version": version}


def copy_of(device: Device, now: dt.datetime) -> dict[str, Any]:
    """Events of the device's hall with their tickets and free places, and all badges. A constant number of queries."""
    events = list(events_at(device, now).select_related("seating"))
    rows, admitted = rows_of(events), admitted_of(events)
    tickets, codes = tickets_of(events, rows), codes_of(rows)
    live = live_counts(events, now)
    return {
        "form": VERSION,
        "edition": device.edition.slug,
        "device": device.pk,
        "allotments": {kind.value: str(kind.label) for kind in AllotmentKind},
        "events": [
            event_facts(event, live[event.pk], tickets[event.pk], admitted[event.pk])
            | {"codes": {short_digest(device.edition.slug, event.code, code): own for code, own in codes[event.pk].items()}}
            for event in events
        ],
        "badges": badges_of(device),
        "conflicts": conflicts_of(device, events),
    }


def conflicts_of(device: Device, events: Sequence[Event]) -> list[dict[str, Any]]:
    """What the device told otherwise than it is, also where another door was heard of later: the last CONFLICTS of them."""
    rows = list(conflicts().filter(device=device, event__in=events)[:CONFLICTS])
    return [
        {"token": str(row.token), "at": stamp(row.at), "told": row.told, "outcome": row.outcome, "first": first_facts(row.first)}
        for row in reversed(rows)
    ]


def first_facts(first: Scan | None) -> dict[str, Any] | None:
    """The scan that holds: at which door, when."""
    return {"door": first.device.name, "at": stamp(first.at)} if first else None


def event_facts(event: Event, live: Live, tickets: list[Any], admitted: list[Any]) -> dict[str, Any]:
    seating = getattr(event, "seating", None)
    zone = event.edition.zone
    return {
        "code": event.code,
        "name": str(event),
        "hall": str(event.hall),
        "clock": clock_text(event.starts_at.astimezone(zone)),
        "starts": stamp(event.starts_at),
        "ends": stamp(event.ends_at),
        "release": stamp(release_at(event, seating)),
        "last": stamp(last_admission(event, seating)),
        "room": live.room,
        "counts": live.as_json(),
        "tickets": tickets,
        "badges_in": admitted,
    }


def rows_of(events: Sequence[Event]) -> list[Ticket]:
    rows = Ticket.objects.filter(place__seating__event__in=events).order_by("pk")
    return list(rows.select_related("place__seat", "place__allotment", "place__seating", "booking__participant"))


def codes_of(rows: Sequence[Ticket]) -> dict[int, dict[str, list[str]]]:
    """By event and booking's code the digests of its tickets."""
    found: defaultdict[int, dict[str, list[str]]] = defaultdict(dict)
    for row in rows:
        found[row.place.seating.event_id].setdefault(row.booking.code, []).append(digest(row.key))
    return found


def tickets_of(events: Sequence[Event], rows: Sequence[Ticket]) -> dict[int, list[Any]]:
    """By event: [digest, allotment, seat, state, moment of admission or 0, digest of the holder's badge or ""]."""
    inside = dict(Admission.objects.filter(event__in=events, ticket__isnull=False).values_list("ticket", "at"))
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        holder = row.booking.participant
        at, badge = inside.get(row.pk), digest(holder.badge_key) if holder else ""
        place = row.place
        found[place.seating.event_id].append(
            [digest(row.key), place.allotment.kind, str(place.seat or ""), row.state, stamp(at) if at else 0, badge]
        )
    return found


def admitted_of(events: Sequence[Event]) -> dict[int, list[str]]:
    """By event the digests of the badges whose holders are in."""
    rows = Admission.objects.filter(event__in=events, participant__isnull=False).order_by("pk")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for event, key in rows.values_list("event", "participant__badge_key"):
        found[event].append(digest(key))
    return found


def badges_of(device: Device) -> list[Any]:
    """[digest, allotment, why it is void or ""]: the key that counts of each participant, and each one that counts no more."""
    people = Participant.objects.filter(edition=device.edition).order_by("pk")
    void = (
        Badge.objects.filter(edition=device.edition).exclude(state=BadgeState.VALID).select_related("participant").order_by("pk")
    )
    ended = [[digest(b.key), allotment_of(b.participant), b.void_reason or str(b.get_state_display())] for b in void]
    known = {row[0] for row in ended}
    rows = [[digest(one.badge_key), allotment_of(one), "left" if one.left_at else ""] for one in people]
    return ended + [row for row in rows if row[0] not in known]


def stamp(moment: dt.datetime) -> int:
    """Milliseconds since 1970, as scripts count."""
    return round(moment.timestamp() * 1000)
