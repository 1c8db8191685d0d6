"""Rows of versions as a page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from madang.kit.languages import localised
from madang.markets.models import Edition
from madang.programme.models import EventKind
from madang.programming.models import Item
from madang.programming.queries.versions import Difference, Row

KINDS = dict(EventKind.choices)


@dataclass(frozen=True)
class Where:
    """A place of a version: hall in words, moment, minutes."""

    hall: str
    starts_at: dt.datetime
    minutes: int


@dataclass(frozen=True)
class Changed:
    """One line: what happened (`new`, `moved`, `changed`, `cancelled`), the item in words, before and after."""

    what: str
    code: str
    kind: str
    name: str
    before: Where | None
    after: Where | None


def change_rows(edition: Edition, changes: Difference) -> list[Changed]:
    """The lines of a difference: moved, new, cancelled, otherwise changed. Two queries."""
    halls: dict[str, str] = {hall.code: localised(hall, "name") or hall.code for hall in edition.halls.all()}
    names: dict[str, str] = {item.code: str(item) for item in Item.objects.filter(edition=edition).select_related("title")}
    found = []
    for what, row, before, after in _all(changes):
        name = str(names.get(row["code"]) or row["name"] or row["code"])
        kind = str(KINDS.get(row["kind"], row["kind"]))
        found.append(Changed(what, row["code"], kind, name, _where(halls, before), _where(halls, after)))
    return found


def _all(changes: Difference) -> Iterator[tuple[str, Row, Row | None, Row | None]]:
    yield from (("moved", after, before, after) for before, after in changes.moved)
    yield from (("new", row, None, row) for row in changes.new)
    yield from (("cancelled", row, row, None) for row in changes.cancelled)
    yield from (("changed", after, None, after) for _before, after in changes.changed)


def _where(halls: dict[str, str], row: Row | None) -> Where | None:
    if row is None:
        return None
    return Where(str(halls.get(row["hall"]) or row["hall"]), dt.datetime.fromisoformat(row["starts_at"]), row["minutes"])
