"""Publishing: the draft becomes events and a frozen version, and those concerned are told. Whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.people.models import Participant
from madang.programme.models import Event, EventPart, Visit
from madang.programming.actions.items import SHARED
from madang.programming.actions.refusals import Blocked, Refused
from madang.programming.actions.tellings import tell_on_stage, tell_those_concerned
from madang.programming.models import Item, ItemGuest, Version
from madang.programming.queries.conflicts import troubles_of
from madang.programming.queries.problem import desk_of
from madang.programming.queries.versions import latest_version, rows_of
from madang.programming.rules import guard

WRITTEN = [*SHARED, "hall", "starts_at", "ends_at", "is_cancelled", "time_is_provisional"]


@dataclass(frozen=True)
class Outcome:
    """The version and the events that became new, moved (hall or time) or cancelled with it."""

    version: Version
    new: list[Event] = field(default_factory=list)
    moved: list[Event] = field(default_factory=list)
    cancelled: list[Event] = field(default_factory=list)


@transaction.atomic
def publish_programme(actor: User, edition: Edition, note: str = "") -> Outcome:
    """Make what is placed the programme that holds, as a new version. What was published and has no place now is cancelled.

    Blocked: conflicts that block, a sentence for each. Refused: something that has begun would change, or nothing is placed.
    Visitors, those on stage and those who booked are told what moved or was cancelled; calendars follow by `sequence`.
    """
    guard(actor, edition)
    edition = lock_edition(edition)
    desk = desk_of(edition)
    blocking = [trouble.sentence for trouble in troubles_of(desk, (get_language() or "en")[:2]) if trouble.blocks]
    if blocking:
        raise Blocked(*blocking)
    items = list(desk.items.values())
    placed = [item for item in items if item.hall_id is not None]
    gone = [item for item in items if item.hall_id is None and item.event is not None and not item.event.is_cancelled]
    if not placed and not gone:
        raise Refused(_("Nothing has a place yet, so there is nothing to publish."))
    number = version.number + 1 if (version := latest_version(edition)) else 1
    version = Version(
        edition=edition, number=number, published_by=actor, published_at=edition.now(), note=note, items=rows_of(items)
    )
    version.save()
    outcome = Outcome(version, *_write_events(edition, placed), _cancel(edition, gone))
    tell_those_concerned(outcome.version, outcome.moved, outcome.cancelled)
    _put_on_stage(edition, placed, number)
    counts = {"new": len(outcome.new), "moved": len(outcome.moved), "cancelled": len(outcome.cancelled)}
    record(edition, actor, "publish_programme", number, **counts)
    return outcome


def _write_events(edition: Edition, placed: list[Item]) -> tuple[list[Event], list[Event]]:
    """Each item's event, new or as it is now; those that are new, and those that moved."""
    taken = {event.code: event for event in Event.objects.filter(edition=edition, item=None)}
    new: list[Event] = []
    known: list[Event] = []
    moved: list[Event] = []
    for item in placed:
        event = item.event or taken.pop(item.code, None)
        is_known = event is not None
        event = event or Event(code=item.code)
        event.edition = edition
        before = (event.hall_id, event.starts_at, event.ends_at, event.is_cancelled)
        _fill(event, item)
        if is_known and before != (event.hall_id, event.starts_at, event.ends_at, False):
            _ensure_to_come(edition, event, event.starts_at if before[3] else before[1])
            event.time_is_provisional = False
            moved.append(event)
        (known if is_known else new).append(event)
        item.event = event
    Event.objects.bulk_create(new, batch_size=500)
    Event.objects.bulk_update(known, WRITTEN, batch_size=500)
    for item in placed:
        item.event_id = item.event.pk if item.event else None
    Item.objects.bulk_update(placed, ["event"], batch_size=500)
    return new, moved


def _fill(event: Event, item: Item) -> None:
    for name in SHARED:
        setattr(event, name, getattr(item, name))
    if item.hall is None or item.starts_at is None:
        raise ValueError(f"{item.code} has no place")
    event.hall, event.starts_at, event.is_cancelled = item.hall, item.starts_at, False
    event.ends_at = item.starts_at + item.lasts


def _ensure_to_come(edition: Edition, event: Event, was: dt.datetime) -> None:
    if min(was, event.starts_at) <= edition.now():
        raise Refused(_("“%(event)s” has begun, or would have: it can no longer be moved.") % {"event": event})


def _cancel(edition: Edition, items: Iterable[Item]) -> list[Event]:
    events = []
    for item in items:
        event = item.event
        if event is None:
            continue
        if event.starts_at <= edition.now():
            raise Refused(_("“%(event)s” has begun: it can no longer be cancelled.") % {"event": event})
        event.edition, event.is_cancelled = edition, True
        events.append(event)
    Event.objects.bulk_update(events, ["is_cancelled"], batch_size=500)
    return events


def _put_on_stage(edition: Edition, placed: list[Item], number: int) -> None:
    """Guests of an item are on stage at its event: it stands in their agendas, and who is new there is told."""
    event_of = {item.pk: item.event_id for item in placed if item.event_id}
    wanted = {
        (event_of[item], person)
        for item, person in ItemGuest.objects.filter(item__in=event_of).values_list("item", "participant")
    }
    visits = {(visit.event_id, visit.participant_id): visit for visit in Visit.objects.filter(event__in=event_of.values())}
    stale = [v.pk for key, v in visits.items() if v.part == EventPart.SPEAKER and key not in wanted]
    Visit.objects.filter(pk__in=stale).delete()
    seated = [visits[key].pk for key in wanted if key in visits and visits[key].part != EventPart.SPEAKER]
    Visit.objects.filter(pk__in=seated).update(part=EventPart.SPEAKER)
    fresh = sorted(key for key in wanted if key not in visits or visits[key].part != EventPart.SPEAKER)
    rows = [
        Visit(event_id=event, participant_id=person, part=EventPart.SPEAKER, created_at=edition.now()) for event, person in fresh
    ]
    Visit.objects.bulk_create([row for row in rows if (row.event_id, row.participant_id) not in visits])
    people = Participant.objects.in_bulk([person for _event, person in fresh])
    events = {item.event_id: item.event for item in placed}
    tell_on_stage(edition, [(people[person], event) for pk, person in fresh if (event := events[pk])], number)
