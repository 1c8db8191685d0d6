"""The programme in its versions: frozen rows, and what differs between two of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from madang.markets.models import Edition
from madang.programme.models import Event
from madang.programming.models import Item, Version

Row = dict[str, Any]
"""What a version keeps of an item: code, kind, name, title (code), hall (code), starts_at (ISO, UTC), minutes, is_public ..."""

PLACE = ("hall", "starts_at", "minutes")


@dataclass(frozen=True)
class Difference:
    """Rows by what happened to them; `moved` and `changed` as (before, after); `kept` counts the rest."""

    new: list[Row] = field(default_factory=list)
    moved: list[tuple[Row, Row]] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    cancelled: list[Row] = field(default_factory=list)
    kept: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.moved or self.changed or self.cancelled)


def row_of(thing: Item | Event, minutes: int) -> Row:
    """A placed item, or an event, as a version keeps it."""
    if thing.hall is None or thing.starts_at is None:
        raise ValueError(f"{thing.code} has no place")
    return {
        "code": thing.code,
        "kind": str(thing.kind),
        "name": thing.name or (str(thing.title.name) if thing.title else ""),
        "title": thing.title.code if thing.title else "",
        "hall": thing.hall.code,
        "starts_at": thing.starts_at.astimezone(dt.UTC).isoformat(timespec="minutes"),
        "minutes": minutes,
        "is_public": thing.is_public,
        "premiere": str(thing.premiere),
        "languages": thing.languages,
    }


def rows_of(items: Iterable[Item]) -> list[Row]:
    """The placed ones, by time and hall."""
    rows = [row_of(item, item.minutes) for item in items if item.hall_id is not None and item.starts_at is not None]
    return sorted(rows, key=lambda row: (row["starts_at"], row["hall"], row["code"]))


def latest_version(edition: Edition) -> Version | None:
    return Version.objects.filter(edition=edition).order_by("-number").first()


def version_before(version: Version) -> Version | None:
    return Version.objects.filter(edition=version.edition_id, number__lt=version.number).order_by("-number").first()


def published_rows(edition: Edition) -> list[Row]:
    """What holds now: the latest version; where nothing was published here, the events that were there before."""
    if (latest := latest_version(edition)) is not None:
        return list(latest.items)
    events = Event.objects.filter(edition=edition, is_cancelled=False).select_related("hall", "title")
    return [row_of(event, event.minutes) for event in events]


def difference(before: Iterable[Row], after: Iterable[Row]) -> Difference:
    """What happened on the way from one to the other, in the order of the rows."""
    old, found = {row["code"]: row for row in before}, Difference()
    kept = 0
    for row in after:
        was = old.pop(row["code"], None)
        if was is None:
            found.new.append(row)
        elif any(was[name] != row[name] for name in PLACE):
            found.moved.append((was, row))
        elif was != row:
            found.changed.append((was, row))
        else:
            kept += 1
    return Difference(found.new, found.moved, found.changed, list(old.values()), kept)
