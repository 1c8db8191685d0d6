"""What the halls are like, how far they are apart, and how bad each conflict is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition, Hall
from madang.programming.models import LevelChoice, Opening, Travel
from madang.programming.rules import guard

Hours = Mapping[dt.date, tuple[dt.time, dt.time] | None]
"""Day -> from and until at the venue; an end that is not after its start is on the next day. None: closed."""


@transaction.atomic
def choose_levels(actor: User, edition: Edition, levels: Mapping[str, str]) -> None:
    """Set the level of conflicts; those that are not named stay as they are."""
    guard(actor, edition)
    for rule, level in levels.items():
        LevelChoice.objects.update_or_create(edition=edition, rule=rule, defaults={"level": level})
    record(edition, actor, "choose_levels", ", ".join(sorted(levels)))


@transaction.atomic
def save_hall(actor: User, hall: Hall, facts: dict[str, Any], hours: Hours | None = None) -> Hall:
    """Change what a hall is like; with `hours`, its openings become these. None at all: it is open all day."""
    guard(actor, hall.edition)
    for name, value in facts.items():
        setattr(hall, name, value)
    hall.save(update_fields=list(facts))
    if hours is not None:
        Opening.objects.filter(hall=hall).delete()
        Opening.objects.bulk_create([_opening(hall, day, times) for day, times in hours.items() if times is not None])
    record(hall.edition, actor, "change_hall", hall.code)
    return hall


def _opening(hall: Hall, day: dt.date, times: tuple[dt.time, dt.time]) -> Opening:
    zone = hall.edition.zone
    until = day if times[1] > times[0] else day + dt.timedelta(days=1)
    return Opening(
        hall=hall, starts_at=dt.datetime.combine(day, times[0], zone), ends_at=dt.datetime.combine(until, times[1], zone)
    )


@transaction.atomic
def save_travel(actor: User, edition: Edition, minutes: Mapping[tuple[int, int], int]) -> None:
    """Minutes between halls, by their ids, the smaller first; 0 takes the way away."""
    guard(actor, edition)
    Travel.objects.filter(one__edition=edition).delete()
    rows = [Travel(one_id=one, other_id=other, minutes=count) for (one, other), count in sorted(minutes.items()) if count]
    Travel.objects.bulk_create(rows)
    record(edition, actor, "change_travel", len(rows))
