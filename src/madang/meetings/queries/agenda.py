"""A person's agenda: her meetings, the times between them, and where she has to be."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext

from madang.kit import calendar
from madang.markets.models import Edition, Slot, Stage
from madang.markets.rules import Visitor
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableState, Unavailability
from madang.meetings.queries.places import booth_of, place_words
from madang.meetings.rules import visible_meetings
from madang.people.models import Participant
from madang.programme.models import Event
from madang.programme.rules import visible_events

BREATH = dt.timedelta(minutes=15)
"""Slots with no more than this between them read as one free stretch."""


@dataclass(slots=True)
class Item:
    """One line of the agenda. `kind`: meeting, free or away. `own_time`: the start on the reader's clocks where they differ.

    `end_text`: the end on the venue's clocks, with its date where that is another day.
    """

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    own_time: str = ""
    end_text: str = ""
    is_now: bool = False
    reason: str = ""
    meeting: Meeting | None = None
    other: Participant | None = None
    place: str = ""


@dataclass(slots=True)
class Day:
    date: dt.date
    items: list[Item] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    meetings: int = 0


@dataclass(slots=True)
class Agenda:
    """`timetable` is None before the first publication; `accepted` counts the requests that then wait for a time."""

    days: list[Day]
    timetable: Timetable | None
    meetings: int
    accepted: int


def agenda_for(reader: Visitor, participant: Participant, own_zone: str = "") -> Agenda:
    """The participant's days as `reader` may see them, in a constant number of queries."""
    edition = participant.edition
    timetable = Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED).first()
    away = list(Unavailability.objects.filter(participant=participant))
    meetings = shown_meetings(reader, participant) if timetable else []
    held = [meeting for meeting in meetings if not meeting.is_cancelled]
    items = [_meeting_item(meeting, participant) for meeting in meetings]
    items += [Item("away", row.starts_at, row.ends_at, reason=row.reason) for row in away]
    if timetable:
        busy = [(m.slot.starts_at, m.slot.ends_at) for m in held] + [(row.starts_at, row.ends_at) for row in away]
        items += free_items(edition, busy)
    return Agenda(_days(reader, edition, items, own_zone), timetable, len(held), _accepted(participant))


def shown_meetings(reader: Visitor, participant: Participant) -> list[Meeting]:
    """Her meetings of the published timetable; cancelled ones stay in sight until the edition is over."""
    rows = meetings_of(visible_meetings(reader, participant.edition), participant)
    return list(rows.filter(is_cancelled=False) if is_over(participant.edition) else rows)


def meetings_of(meetings: QuerySet[Meeting], participant: Participant) -> QuerySet[Meeting]:
    """Those of them in which she takes part, with all that a page or a calendar tells of them, by time."""
    mine = meetings.filter(Q(request__sender=participant) | Q(request__receiver=participant))
    related = [f"request__{side}__company__booth__hall" for side in ("sender", "receiver")]
    related += ["slot", "table__hall", "request__title", "request__mandate", "request__edition"]
    return mine.select_related(*related).order_by("slot__starts_at", "pk")


def placed_meeting(reader: Visitor, request: MeetingRequest) -> Meeting | None:
    """The request's meeting in the published timetable."""
    related = [f"request__{side}__company__booth__hall" for side in ("sender", "receiver")]
    found = visible_meetings(reader, request.edition).filter(request=request)
    return found.select_related("slot", "table__hall", *related).first()


def is_over(edition: Edition) -> bool:
    return edition.stage == Stage.AFTER or edition.now().astimezone(edition.zone).date() > edition.ends_on


def other_side(meeting: Meeting, participant: Participant) -> Participant:
    request = meeting.request
    return request.receiver if request.sender_id == participant.pk else request.sender


def place_text(meeting: Meeting) -> str:
    """Hall and table; without a table it is the booth of one of the two companies. In the active language."""
    table = meeting.table or booth_of(meeting.request)
    if table is None:
        return gettext("Place to be announced")
    words = place_words(table)
    return f"{words} · {table.hall}" if table.hall else words


def free_items(edition: Edition, busy: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[Item]:
    """The edition's slots that nothing of `busy` touches, neighbours joined."""
    taken, free = list(busy), list[Item]()
    for slot in Slot.objects.filter(edition=edition).order_by("starts_at"):
        if any(start < slot.ends_at and slot.starts_at < end for start, end in taken):
            continue
        last = free[-1] if free else None
        if last and slot.starts_at - last.ends_at <= BREATH and not _between(taken, last.ends_at, slot.starts_at):
            last.ends_at = slot.ends_at
        else:
            free.append(Item("free", slot.starts_at, slot.ends_at))
    return free


def _between(taken: list[tuple[dt.datetime, dt.datetime]], start: dt.datetime, end: dt.datetime) -> bool:
    return any(one < end and start < other for one, other in taken)


def _meeting_item(meeting: Meeting, participant: Participant) -> Item:
    slot = meeting.slot
    item = Item("meeting", slot.starts_at, slot.ends_at, reason=meeting.request.reason, meeting=meeting)
    item.other, item.place = other_side(meeting, participant), place_text(meeting)
    return item


def _days(reader: Visitor, edition: Edition, items: list[Item], own_zone: str) -> list[Day]:
    days: defaultdict[dt.date, Day] = defaultdict(lambda: Day(edition.starts_on))
    now, language = edition.now(), (get_language() or "en")[:2]
    for item in sorted(items, key=lambda item: (item.starts_at, item.kind)):
        here = item.starts_at.astimezone(edition.zone)
        item.own_time = calendar.own_time_text(here, own_zone, language)
        end = item.ends_at.astimezone(edition.zone)
        item.end_text = calendar.clock_text(end) if end.date() == here.date() else calendar.moment_text(end, language)
        item.is_now = item.starts_at <= now < item.ends_at
        day = days[here.date()]
        day.items.append(item)
        day.meetings += item.meeting is not None and not item.meeting.is_cancelled
    for event in visible_events(reader, edition).filter(is_public=True):
        date = event.starts_at.astimezone(edition.zone).date()
        if date in days:
            days[date].events.append(event)
    for date, day in days.items():
        day.date = date
    return [days[date] for date in sorted(days)]


def _accepted(participant: Participant) -> int:
    hers = MeetingRequest.objects.filter(Q(sender=participant) | Q(receiver=participant))
    return hers.filter(status=RequestStatus.ACCEPTED).count()
