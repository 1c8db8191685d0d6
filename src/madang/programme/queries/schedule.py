"""The programme in the format of frab, which apps for conferences read: one description, written as XML and as JSON.

The format as documented at https://github.com/voc/schedule: a schedule has a version, a conference and its days; a day has rooms;
a room has events with a numeric id, a GUID that stays, a start, a duration, and persons. A day runs until six in the morning.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.db.models import Max

from madang.kit.languages import localised
from madang.markets.models import Edition
from madang.people.models import Participant
from madang.programme.models import Event, EventPart, Visit

NAMESPACE = uuid.UUID("6b9c3b1e-2f0a-5d9e-9a54-0d6d61646e67")
"""Of the GUIDs: an event's is made from its edition and code, and so is the same in every export."""
GENERATOR = {"name": "Madang", "version": "1"}
MORNING = dt.timedelta(hours=6)
"""Until then the night belongs to the day before."""
SLOT = "00:05"
ZONE = re.compile("[A-Z][a-z]+/[A-Z][a-z]|UTC$")
"""Names of zones that the JSON may have; offsets are in every moment anyway."""
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot carry, or discourages."""

Link = Callable[[Event], str]


@dataclass(frozen=True)
class Schedule:
    """What both formats are written from. `people`: who is on stage at each event, as far as the reader sees them."""

    edition: Edition
    events: Sequence[Event]
    people: dict[int, list[Participant]]
    link: Link
    base_url: str
    version: str

    @property
    def days(self) -> list[tuple[dt.date, dict[str, list[Event]]]]:
        """Each day with its halls in the order of their codes, and their events in the order of time."""
        found: defaultdict[dt.date, defaultdict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
        for event in sorted(self.events, key=lambda event: (event.hall.code, event.starts_at, event.code)):
            found[self.day_of(event)][str(event.hall)].append(event)
        count = (self.edition.ends_on - self.edition.starts_on).days + 1
        all_days = {self.edition.starts_on + dt.timedelta(days=number) for number in range(count)} | set(found)
        return [(day, dict(found[day])) for day in sorted(all_days)]

    def day_of(self, event: Event) -> dt.date:
        return (event.starts_at.astimezone(self.edition.zone) - MORNING).date()

    def begins(self, day: dt.date) -> dt.datetime:
        """When the day begins at the venue."""
        return dt.datetime.combine(day, dt.time(6), self.edition.zone)


def schedule_of(edition: Edition, events: Iterable[Event], seen: Iterable[Participant], link: Link, base_url: str) -> Schedule:
    """The schedule of what takes place; cancelled events are left out, as the format has no word for them. Two queries."""
    rows = [event for event in events if not event.is_cancelled]
    visible = {person.pk: person for person in seen}
    people: defaultdict[int, list[Participant]] = defaultdict(list)
    stage = Visit.objects.filter(event__in=rows, part=EventPart.SPEAKER).order_by("pk").values_list("event", "participant")
    for event, person in stage:
        if person in visible:
            people[event].append(visible[person])
    newest = Event.objects.filter(edition=edition).aggregate(newest=Max("moved_at"))
    moved = newest["newest"].astimezone(edition.zone).strftime("%Y-%m-%d %H:%M") if newest["newest"] else "1"
    return Schedule(edition, rows, dict(people), link, base_url, moved)


def facts_of(schedule: Schedule, event: Event) -> dict[str, Any]:
    """An event in the words of the format."""
    start = event.starts_at.astimezone(schedule.edition.zone)
    people = schedule.people.get(event.pk, [])
    return {
        "id": event.pk,
        "guid": str(guid_of(event, schedule.edition)),
        "date": start.isoformat(timespec="seconds"),
        "start": start.strftime("%H:%M"),
        "duration": duration_of(event.minutes),
        "room": str(event.hall),
        "slug": slug_of(event, schedule.edition),
        "url": schedule.link(event),
        "title": _plain(str(event)),
        "subtitle": _plain(str(event.title)) if event.title and localised(event, "name") else "",
        "track": str(event.get_kind_display()),
        "type": str(event.kind),
        "language": language_of(event),
        "abstract": _plain(localised(event, "about")),
        "description": _plain(event.languages),
        "persons": [{"id": person.pk, "name": _plain(person.name)} for person in people],
    }


def guid_of(event: Event, edition: Edition) -> uuid.UUID:
    """The same for the same event in every export."""
    return uuid.uuid5(NAMESPACE, f"{edition.slug}/{event.code}")


def slug_of(event: Event, edition: Edition) -> str:
    """Small letters, digits and hyphens, and the id, which makes it one of its kind."""
    words = re.sub(r"[^a-z0-9]+", "-", f"{edition.slug}-{event.code}".lower()).strip("-")
    return f"{words}-{event.pk}"


def acronym_of(edition: Edition) -> str:
    """The edition's code as the format spells one: at least four small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", edition.slug.lower()).ljust(4, "_")


def duration_of(minutes: int) -> str:
    """Hours and minutes, as 01:35."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def language_of(event: Event) -> str:
    """The first code of a language that the event names, else nothing."""
    found = re.search(r"\b([a-z]{2})\b", event.languages.lower())
    return found[1] if found else ""


def as_xml(schedule: Schedule) -> bytes:
    """`schedule.xml`."""
    days = schedule.days
    root = Element("schedule")
    SubElement(root, "generator", GENERATOR)
    _text(root, "version", schedule.version)
    conference = SubElement(root, "conference")
    for name, value in _conference(schedule, len(days)).items():
        _text(conference, name, value)
    for index, (day, rooms) in enumerate(days, 1):
        begin, end = schedule.begins(day), schedule.begins(day + dt.timedelta(days=1))
        box = SubElement(root, "day", index=str(index), date=day.isoformat(), start=begin.isoformat(), end=end.isoformat())
        for name, events in rooms.items():
            room = SubElement(box, "room", name=_plain(name))
            for event in events:
                _event(room, facts_of(schedule, event))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _conference(schedule: Schedule, days: int) -> dict[str, str]:
    edition = schedule.edition
    return {
        "title": _plain(str(edition)),
        "acronym": acronym_of(edition),
        "start": edition.starts_on.isoformat(),
        "end": edition.ends_on.isoformat(),
        "days": str(days),
        "timeslot_duration": SLOT,
        "base_url": schedule.base_url,
        "time_zone_name": edition.time_zone,
    }


def _event(room: Element, facts: dict[str, Any]) -> None:
    box = SubElement(room, "event", id=str(facts["id"]), guid=facts["guid"])
    for name, value in facts.items():
        if name not in ("id", "guid", "persons"):
            _text(box, name, str(value))
    recording = SubElement(box, "recording")
    _text(recording, "license", "")
    _text(recording, "optout", "true")  # what is shown here is other people's work
    persons = SubElement(box, "persons")
    for person in facts["persons"]:
        SubElement(persons, "person", id=str(person["id"])).text = person["name"]
    links = SubElement(box, "links")
    SubElement(links, "link", href=facts["url"]).text = facts["title"]
    SubElement(box, "attachments")


def _text(parent: Element, name: str, value: str) -> None:
    SubElement(parent, name).text = _plain(value)


def _plain(text: str) -> str:
    return CONTROLS.sub("", text)


def as_json(schedule: Schedule) -> dict[str, Any]:
    """`schedule.json`."""
    days = [
        {
            "index": index,
            "date": day.isoformat(),
            "day_start": schedule.begins(day).isoformat(),
            "day_end": schedule.begins(day + dt.timedelta(days=1)).isoformat(),
            "rooms": {name: [_json_event(schedule, event) for event in events] for name, events in rooms.items()},
        }
        for index, (day, rooms) in enumerate(schedule.days, 1)
    ]
    conference = _conference(schedule, len(days))
    base_url = conference.pop("base_url")
    if not ZONE.match(conference["time_zone_name"]):
        del conference["time_zone_name"]
    facts = conference | {"daysCount": int(conference.pop("days")), "url": base_url, "days": days}
    rooms = sorted(
        {(event.hall.code, str(event.hall), event.hall.capacity) for event in schedule.events}, key=lambda room: room[0]
    )
    facts["rooms"] = [
        {"name": name, "guid": str(uuid.uuid5(NAMESPACE, f"{schedule.edition.slug}/hall/{code}")), "capacity": capacity}
        for code, name, capacity in rooms
    ]
    return {
        "generator": GENERATOR,
        "schedule": {"version": schedule.version, "base_url": base_url, "conference": facts},
    }


def _json_event(schedule: Schedule, event: Event) -> dict[str, Any]:
    facts = facts_of(schedule, event)
    return facts | {
        "links": [{"url": facts["url"], "title": facts["title"]}],
        "attachments": [],
        "recording_license": "",
        "do_not_record": True,
    }


def programme_json(edition: Edition, events: Iterable[Event], link: Link) -> dict[str, Any]:
    """`programme.json`: our own words, cancelled events marked, every language, times in UTC."""
    return {
        "edition": {"code": edition.slug, "name": edition.name, "time_zone": edition.time_zone},
        "events": [_own_words(edition, event, link(event)) for event in events],
    }


def _own_words(edition: Edition, event: Event, url: str) -> dict[str, Any]:
    return {
        "code": event.code,
        "guid": str(guid_of(event, edition)),
        "kind": str(event.kind),
        "name": {"en": event.name, "ko": event.name_ko, "fr": event.name_fr},
        "title": event.title.code if event.title else None,
        "hall": {"code": event.hall.code, "name": event.hall.name, "capacity": event.hall.capacity},
        "starts_at": _utc(event.starts_at),
        "ends_at": _utc(event.ends_at),
        "is_public": event.is_public,
        "is_cancelled": event.is_cancelled,
        "premiere": str(event.premiere),
        "languages": event.languages,
        "sequence": event.sequence,
        "url": url,
    }


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
