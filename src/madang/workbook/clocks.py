"""Times on a venue's clocks -> UTC. What the clocks never show, or show twice, is a fault and never a guess."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from madang.kit.sheets.values import ValueFault

NOON = dt.time(12)


def to_utc(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment in UTC; one with its own offset is taken as it is."""
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(dt.UTC)
    if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueFault("nonexistent_time", zone=zone.key)
    raise ValueFault("ambiguous_time", zone=zone.key, example=f"{first:%Y-%m-%d %H:%M%z}")


def is_doubtful(moment: dt.datetime, zone: ZoneInfo) -> bool:
    """True where the zone's clocks show this (aware) moment's time twice."""
    there = moment.astimezone(zone)
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def start_of(value: dt.datetime | dt.date) -> dt.datetime:
    """A date alone begins at its midnight."""
    return value if isinstance(value, dt.datetime) else midnight(value)


def end_of(value: dt.datetime | dt.date) -> dt.datetime:
    """A date alone ends at the next midnight."""
    return value if isinstance(value, dt.datetime) else midnight(value + dt.timedelta(days=1))


def session_of(start: dt.datetime, zone: ZoneInfo) -> str:
    """Before noon at the venue is morning."""
    return "morning" if start.astimezone(zone).time() < NOON else "afternoon"
