"""Placing items of the draft by hand. Conflicts are told, not refused: what blocks refuses publishing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Hall
from madang.programming.actions.refusals import Refused, Stale
from madang.programming.models import Item
from madang.programming.queries.clock import line_of
from madang.programming.rules import guard

Spot = tuple[int | None, dt.datetime | None]


@transaction.atomic
def place_item(
    actor: User | None, item: Item, hall: Hall | None, starts_at: dt.datetime | None, *, was: Spot | None = None
) -> Item:
    """Put an item into a hall from a moment on, or take it off (both None).

    `was`: hall (id) and moment at which the actor saw it; Stale where it stands elsewhere by now. Refused for a locked item
    and for a time that is none of the edition's. Placing it where it stands changes nothing.
    """
    guard(actor, item.edition)
    row = Item.objects.select_for_update(of=("self",)).select_related("edition", "hall").get(pk=item.pk)
    before: Spot = (row.hall_id, row.starts_at)
    after: Spot = (hall.pk if hall else None, starts_at)
    if before == after:
        return row
    if was is not None and was != before:
        raise Stale(
            _("Somebody else has moved “%(item)s” in the meantime. This is how it stands now; please look again.") % {"item": row}
        )
    if row.is_locked:
        raise Refused(_("“%(item)s” is locked: unlock it first.") % {"item": row})
    if hall is not None and starts_at is not None:
        _ensure_ours(row, hall, starts_at)
    words = _words(row)
    row.hall, row.starts_at, row.reason = hall, starts_at, {}
    row.save(update_fields=["hall", "starts_at", "reason"])
    record(row.edition, actor, "place_item", row.code, before=words, after=_words(row))
    return row


@transaction.atomic
def lock_item(actor: User, item: Item, *, is_locked: bool) -> Item:
    """A locked item stays where it is, by hand and in suggestions. Only a placed one can be locked."""
    guard(actor, item.edition)
    row = Item.objects.select_for_update().select_related("edition").get(pk=item.pk)
    if is_locked and row.hall_id is None:
        raise Refused(_("“%(item)s” has no place yet: there is nothing to lock.") % {"item": row})
    if row.is_locked != is_locked:
        row.is_locked = is_locked
        row.save(update_fields=["is_locked"])
        record(row.edition, actor, "lock_item" if is_locked else "unlock_item", row.code)
    return row


def _ensure_ours(item: Item, hall: Hall, starts_at: dt.datetime) -> None:
    if hall.edition_id != item.edition_id:
        raise Refused(_("That hall is not one of this edition."))
    line = line_of(item.edition)
    minute = line.minute(starts_at)
    if not line.days[1] <= minute < line.end - 18 * 60:  # the last night runs until six in the morning
        raise Refused(_("Choose a time on the days of the edition."))


def _words(item: Item) -> str:
    if item.hall is None or item.starts_at is None:
        return "–"
    return f"{item.hall.code} {item.starts_at.astimezone(item.edition.zone):%Y-%m-%d %H:%M}"
