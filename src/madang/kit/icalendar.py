"""Calendars in the iCalendar format (RFC 5545, with the name and refresh interval of RFC 7986)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

REFRESH = dt.timedelta(hours=1)
"""How often a calendar programme is asked to look again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `uid` stays and `sequence` rises when it moves; a cancelled one stays in the calendar and says so."""

    uid: str
    sequence: int
    changed_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    is_cancelled: bool = False


def calendar_bytes(name: str, zone: str, entries: Sequence[Entry], days: tuple[dt.date, dt.date], method: str = "") -> bytes:
    """The calendar as a file; the same input gives the same bytes. `days` are what the zone's rules must cover at least.

    `method`: PUBLISH for a file that goes by mail (RFC 5546), nothing for a feed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Madang//Agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    calendar.add("name", _plain(name))
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    moments = [moment.date() for entry in entries for moment in (entry.starts_at, entry.ends_at)]
    calendar.add_component(zone_rules(ZoneInfo(zone), min([days[0], *moments]), max([days[1], *moments])))
    for entry in entries:
        calendar.add_component(_event(entry, ZoneInfo(zone)))
    return bytes(calendar.to_ical(sorted=False))


def zone_rules(zone: ZoneInfo, first: dt.date, last: dt.date) -> Timezone:
    """The zone's offsets from before `first` to after `last`, each from its local start on the clocks before the change."""
    rules = Timezone()
    rules.add("tzid", zone.key)
    start = dt.datetime(first.year, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(last.year + 1, 1, 1, tzinfo=dt.UTC)
    rules.add_component(_observance(start.astimezone(zone), start.astimezone(zone)))
    for change in offset_changes(zone, start, end):
        before = (change - dt.timedelta(seconds=1)).astimezone(zone)
        rules.add_component(_observance(before, change.astimezone(zone)))
    return rules


def offset_changes(zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """The moments (UTC) between `start` and `end` at which the zone's offset changes, by halving the days on which it does."""
    low = start
    while low < end:
        high = low + dt.timedelta(days=1)
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            yield _change_between(zone, low, high)
        low = high


def _change_between(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    old = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high


def _observance(before: dt.datetime, after: dt.datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from the change on. Its start is a local time on the clocks before the change (RFC 5545, 3.6.5)."""
    part = TimezoneDaylight() if after.dst() else TimezoneStandard()
    old, new = before.utcoffset() or dt.timedelta(), after.utcoffset() or dt.timedelta()
    part.add("dtstart", (after - new + old).replace(tzinfo=None) if old != new else after.replace(tzinfo=None))
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", new)
    part.add("tzname", after.tzname() or "")
    return part


def _event(entry: Entry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    event.add("dtstart", _local(entry.starts_at, zone))
    event.add("dtend", _local(entry.ends_at, zone))
    for name, text in (("summary", entry.summary), ("location", entry.location), ("description", entry.description)):
        if text:
            event.add(name, _plain(text))
    if entry.url:
        event.add("url", entry.url)
    return event


def _local(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """On the zone's clocks; in UTC for the second pass of an hour that the clocks show twice, which a local time cannot name."""
    here = moment.astimezone(zone)
    return moment.astimezone(dt.UTC) if here.fold else here


def _plain(text: str) -> str:
    """Without control characters other than line ends, which the format cannot carry."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or letter.isprintable() or letter == "\u200d")
