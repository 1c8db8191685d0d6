"""The items themselves: from events that are there, written by hand, taken away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition, Hall
from madang.people.models import Participant
from madang.programme.models import Event, EventPart, Visit
from madang.programming.actions.refusals import Refused
from madang.programming.models import Item, ItemGuest
from madang.programming.rules import guard

SHARED = ("kind", "title", "name", "name_ko", "name_fr", "about", "about_ko", "about_fr", "languages", "is_public", "premiere")
"""Fields that an item and its event have in common."""


@transaction.atomic
def items_from_events(actor: User | None, edition: Edition) -> int:
    """Make an item of each event that has none, where it stands, with those who are on stage; the number of new ones.

    A greeting that ends when another event about the same title begins in the same hall stands right before it.
    """
    guard(actor, edition)
    events = list(Event.objects.filter(edition=edition, item=None, is_cancelled=False).select_related("title"))
    taken = set(Item.objects.filter(edition=edition).values_list("code", flat=True))
    rows = Item.objects.bulk_create([_item_of(event) for event in events if event.code not in taken])
    by_event = {item.event_id: item for item in rows}
    on_stage = Visit.objects.filter(event__in=by_event, part=EventPart.SPEAKER).order_by("pk").values_list("event", "participant")
    ItemGuest.objects.bulk_create([ItemGuest(item=by_event[event], participant_id=person) for event, person in on_stage])
    _greet(rows)
    if rows:
        record(edition, actor, "items_from_events", len(rows))
    return len(rows)


def _item_of(event: Event) -> Item:
    facts = {name: getattr(event, name) for name in SHARED}
    places = {"hall_id": event.hall_id, "starts_at": event.starts_at, "minutes": max(1, event.minutes)}
    return Item(edition_id=event.edition_id, code=event.code, event=event, has_arrived=True, **facts, **places)


def _greet(items: list[Item]) -> None:
    """Greetings stand right before what begins when they end, in the same hall, about the same title."""
    begins = {(item.hall_id, item.starts_at, item.title_id): item for item in items if item.kind != "greeting"}
    ends = {event.pk: event.ends_at for event in Event.objects.filter(pk__in=[item.event_id for item in items])}
    greetings = []
    for item in items:
        led = begins.get((item.hall_id, ends.get(item.event_id or 0), item.title_id))
        if item.kind == "greeting" and item.title_id and led:
            item.right_before = led
            greetings.append(item)
    Item.objects.bulk_update(greetings, ["right_before"])


@transaction.atomic
def save_item(
    actor: User | None,
    edition: Edition,
    facts: dict[str, Any],
    *,
    guests: Iterable[Participant],
    halls: Iterable[Hall],
    item: Item | None = None,
) -> Item:
    """Write a new item, or change `item`. `facts` are fields of the model but its place. Refused for a code that is taken."""
    guard(actor, edition)
    row = Item.objects.select_for_update().get(pk=item.pk) if item else Item(edition=edition)
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    for name, value in facts.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("Another item has this code.")) from None
    wanted = {person.pk for person in guests}
    ItemGuest.objects.filter(item=row).exclude(participant__in=wanted).delete()
    ItemGuest.objects.bulk_create([ItemGuest(item=row, participant_id=pk) for pk in sorted(wanted)], ignore_conflicts=True)
    row.halls.set(halls)
    record(edition, actor, "change_item" if item else "add_item", row.code, fields=", ".join(changed))
    return row


@transaction.atomic
def delete_item(actor: User, item: Item) -> None:
    """Delete an item that was never published. What was published is taken off and cancelled by publishing: it stays known."""
    guard(actor, item.edition)
    row = Item.objects.select_for_update(of=("self",)).select_related("edition", "event").get(pk=item.pk)
    if row.event is not None and not row.event.is_cancelled:
        raise Refused(_("“%(item)s” is published. Take it off the grid and publish: then it is cancelled.") % {"item": row})
    record(row.edition, actor, "delete_item", row.code)
    row.delete()
