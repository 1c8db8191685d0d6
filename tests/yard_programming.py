"""The yard's programme in the making: its events as items, one without a place, a clash, a version, a suggestion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from madang.markets.models import Hall, RunState
from madang.programming.actions.items import items_from_events
from madang.programming.models import Item, Opening, SuggestRun, Version
from madang.programming.queries.versions import rows_of

PARTS = {("programming", "code"): "item", ("programming", "key"): "suggestion", ("programming", "number"): "programme_version"}
SPECIAL = {("programming:hall", "code"): "programme_hall", ("programme:hall_calendar", "hall"): "programme_hall"}


def add_programming(yard: Any) -> None:
    """After the events."""
    edition, organiser = yard.edition, yard.accounts["organiser"]
    hall = Hall.objects.get(edition=edition, code="H2")
    items_from_events(organiser, edition)
    items = list(Item.objects.filter(edition=edition).select_related("hall", "title"))
    Version.objects.create(edition=edition, number=1, published_by=organiser, note="The first", items=rows_of(items))
    start = edition.now() + dt.timedelta(hours=3)
    Opening.objects.create(hall=hall, starts_at=start - dt.timedelta(days=3), ends_at=start + dt.timedelta(days=3))
    facts = {"edition": edition, "kind": "talk", "minutes": 45, "name": "A talk that has no place yet " + "가" * 40}
    Item.objects.create(code="I-LATER", **facts)
    for code in ("I-ONE", "I-TWO"):
        Item.objects.create(code=code, hall=hall, starts_at=start, **facts)
    report = {
        "now": {}, "places": {str(items[0].pk): [hall.pk, start.isoformat()]}, "why": {}, "overlap_now": 5, "overlap_then": 2,
        "status": "feasible", "points": 2, "bound": 0, "seconds": 1.0, "left_out": [], "changed": 1,
    }  # fmt: skip
    done = {"state": RunState.DONE, "finished_at": edition.now(), "settings": {"limit": 10}, "report": report}
    run = SuggestRun.objects.create(edition=edition, asked_by=organiser, **done)
    yard.codes |= {"item": "I-LATER", "suggestion": run.key, "programme_version": 1, "programme_hall": hall.code}
