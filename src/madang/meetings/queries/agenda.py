"""A person's agenda: her meetings, what she means to see, her own blocks, lunch and the times between them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language, gettext

from madang.kit import calendar
from madang.markets.models import Edition, Slot, Stage
from madang.markets.rules import Visitor
from madang.meetings.models import (
    Attendee,
    Form,
    Meeting,
    MeetingRequest,
    Part,
    RequestStatus,
    Side,
    Timetable,
    TimetableState,
    Unavailability,
)
from madang.meetings.queries.attendees import coming
from madang.meetings.queries.busy import lunch_stretches, time_of_visit, venue_of
from madang.meetings.queries.held import Seat, seat_of
from madang.meetings.queries.places import booth_of, place_words
from madang.meetings.rules import visible_meetings
from madang.people.models import Participant
from madang.programme.models import Event, Visit
from madang.programme.rules import visible_events

BREATH = dt.timedelta(minutes=15)
"""Slots with no more than this between them read as one free stretch."""


@dataclass(slots=True)
class Item:
    """One line of the agenda. `kind`: meeting, event, lunch, away or free. `own_time`: the start on the reader's clocks.

    `own_time` is empty where they show the same; `end_text` is the end on the venue's clocks, with its date where that is
    another day. `is_next`: the first of today that is not over, to jump to. Of a meeting, `others` come for the other side and
    `colleagues` for hers. `slots`: of which free time is made.
    `beside`: what else of hers stands at the same time.
    """

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    own_time: str = ""
    end_text: str = ""
    is_now: bool = False
    is_past: bool = False
    is_next: bool = False
    reason: str = ""
    place: str = ""
    meeting: Meeting | None = None
    seat: Seat | None = None
    others: list[Participant] = field(default_factory=list)
    colleagues: list[Participant] = field(default_factory=list)
    visit: Visit | None = None
    block: Unavailability | None = None
    slots: list[Slot] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    @property
    def is_standing(self) -> bool:
        """A meeting that takes place."""
        return self.meeting is not None and not self.meeting.is_cancelled


@dataclass(slots=True)
class Day:
    """`events`: those of the programme to which she does not go (yet)."""

    date: dt.date
    items: list[Item] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    meetings: int = 0
    is_today: bool = False


@dataclass(slots=True)
class Agenda:
    """`timetable` is None before the first publication; `accepted` counts the requests that then wait for a time.

    `has_now`: something of it is going on, or comes later today.
    """

    days: list[Day]
    timetable: Timetable | None
    meetings: int
    accepted: int
    has_now: bool = False


def agenda_for(reader: Visitor, participant: Participant, own_zone: str = "") -> Agenda:
    """The participant's days as `reader` may see them, in a constant number of queries."""
    edition = participant.edition
    timetable = Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED).first()
    meetings = shown_meetings(reader, participant) if timetable else []
    items = meeting_items(meetings, participant)
    number = sum(item.is_standing for item in items)
    venue = venue_of(edition)
    busy = [(item.starts_at, item.ends_at) for item in items if item.is_standing]
    visits = list(visits_of(participant))
    items += [_visit_item(visit) for visit in visits]
    blocks = list(Unavailability.objects.filter(participant=participant))
    items += [Item("away", row.starts_at, row.ends_at, reason=row.reason, block=row) for row in blocks]
    busy += [(row.starts_at, row.ends_at) for row in blocks] + [time_of_visit(venue, visit) for visit in visits]
    _mark_clashes([item for item in items if item.is_standing or (item.visit and not item.visit.event.is_cancelled)])
    if timetable:
        items += free_items(venue.slots, busy)
    dates = {item.starts_at.astimezone(edition.zone).date() for item in items}
    lunch = lunch_stretches(edition, venue.policy)
    items += [Item("lunch", start, end) for start, end in lunch if start.astimezone(edition.zone).date() in dates]
    agenda = Agenda(_days(edition, items, own_zone), timetable, number, _accepted(participant))
    _add_events(agenda, reader, edition, {visit.event_id for visit in visits})
    agenda.has_now = _mark_now(agenda, edition)
    return agenda


def shown_meetings(reader: Visitor, participant: Participant) -> list[Meeting]:
    """Her meetings of the published timetable; cancelled ones stay in sight until the edition is over."""
    rows = meetings_of(visible_meetings(reader, participant.edition), participant)
    return list(rows.filter(is_cancelled=False) if is_over(participant.edition) else rows)


def meetings_of(meetings: QuerySet[Meeting], participant: Participant) -> QuerySet[Meeting]:
    """Those of them to which she comes, for `her_side`, with all that a page or a calendar tells of them, by time."""
    hers = Attendee.objects.filter(request=OuterRef("request"), participant=participant, part=Part.COMING)
    rows = meetings.annotate(her_side=Subquery(hers.values("side")[:1])).filter(her_side__isnull=False)
    return with_place(rows).order_by("slot__starts_at", "pk")


def with_place(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With what is needed to say where they are and what they are about."""
    related = [f"request__{side}__company__booth__hall" for side in ("sender", "receiver")]
    return meetings.select_related(*related, "slot", "table__hall", "request__title", "request__mandate", "request__edition")


def visits_of(participant: Participant) -> QuerySet[Visit]:
    """What she means to see of the programme, by time."""
    visits = Visit.objects.filter(participant=participant).select_related("event__title", "event__hall")
    return visits.order_by("event__starts_at", "pk")


def placed_meeting(reader: Visitor, request: MeetingRequest) -> Meeting | None:
    """The request's meeting in the published timetable, as far as the reader comes to it, or is asked to."""
    found = with_place(visible_meetings(reader, request.edition).filter(request=request)).first()
    if found is not None or not reader.is_authenticated:
        return found
    invited = Attendee.objects.filter(request=OuterRef("request"), participant__user=reader.pk, part=Part.INVITED)
    published = Meeting.objects.filter(timetable__state=TimetableState.PUBLISHED, request=request, is_cancelled=False)
    return with_place(published.filter(Exists(invited))).first()


def is_over(edition: Edition) -> bool:
    return edition.stage == Stage.AFTER or edition.now().astimezone(edition.zone).date() > edition.ends_on


def other_side(meeting: Meeting, participant: Participant) -> Participant:
    """The first who comes for the other side; who asked or was asked, where nobody does. One query."""
    others, _colleagues = sides_at(meeting, coming([meeting.request_id]).get(meeting.request_id, []), participant)
    return others[0] if others else _across(meeting, _her_side(meeting, participant))


def _across(meeting: Meeting, side: str) -> Participant:
    """Who asked or was asked, on the other side."""
    return meeting.request.receiver if side == Side.SENDER else meeting.request.sender


def _her_side(meeting: Meeting, participant: Participant) -> str:
    """As `meetings_of` has found it; one query for a meeting that comes from elsewhere."""
    known: str | None = getattr(meeting, "her_side", None)
    hers = Attendee.objects.filter(request=meeting.request_id, participant=participant)
    return known or hers.values_list("side", flat=True).first() or ""


def place_text(meeting: Meeting) -> str:
    """Hall and table; without a table it is the booth of one of the two companies, or online. In the active language."""
    if meeting.request.form == Form.ONLINE:
        return gettext("Online")
    table = meeting.table or booth_of(meeting.request)
    if table is None:
        return gettext("Place to be announced")
    words = place_words(table)
    return f"{words} · {table.hall}" if table.hall else words


def sides_at(
    meeting: Meeting, people: Sequence[Attendee], participant: Participant
) -> tuple[list[Participant], list[Participant]]:
    """Who comes for the other side, and who comes besides her for hers.

    Of a cancelled meeting to which nobody of the other side comes any more: whom she was to meet.
    """
    side = _her_side(meeting, participant)
    others = [one.participant for one in people if one.side != side]
    if not others and meeting.is_cancelled:
        others = [_across(meeting, side)]
    return others, [one.participant for one in people if one.side == side and one.participant_id != participant.pk]


def free_items(slots: Iterable[Slot], busy: Iterable[tuple[dt.datetime, dt.datetime]]) -> list[Item]:
    """The slots that nothing of `busy` touches, neighbours joined."""
    taken, free = list(busy), list[Item]()
    for slot in slots:
        if any(start < slot.ends_at and slot.starts_at < end for start, end in taken):
            continue
        last = free[-1] if free else None
        if last and slot.starts_at - last.ends_at <= BREATH and not _between(taken, last.ends_at, slot.starts_at):
            last.ends_at = slot.ends_at
            last.slots.append(slot)
        else:
            free.append(Item("free", slot.starts_at, slot.ends_at, slots=[slot]))
    return free


def _between(taken: list[tuple[dt.datetime, dt.datetime]], start: dt.datetime, end: dt.datetime) -> bool:
    return any(one < end and start < other for one, other in taken)


def meeting_items(meetings: Sequence[Meeting], participant: Participant) -> list[Item]:
    """A line for each meeting, with who comes. One query."""
    people = coming([meeting.request_id for meeting in meetings])
    items = []
    for meeting in meetings:
        slot, reason = meeting.slot, meeting.request.reason
        item = Item("meeting", slot.starts_at, slot.ends_at, reason=reason, place=place_text(meeting), meeting=meeting)
        item.others, item.colleagues = sides_at(meeting, people.get(meeting.request_id, []), participant)
        item.seat = seat_of(participant.edition, meeting, people.get(meeting.request_id, []), participant)
        items.append(item)
    return items


def _visit_item(visit: Visit) -> Item:
    event = visit.event
    return Item("event", event.starts_at, event.ends_at, place=str(event.hall), visit=visit)


def _days(edition: Edition, items: list[Item], own_zone: str) -> list[Day]:
    days: defaultdict[dt.date, Day] = defaultdict(lambda: Day(edition.starts_on))
    language = (get_language() or "en")[:2]
    for item in sorted(items, key=lambda item: (item.starts_at, item.kind)):
        here = item.starts_at.astimezone(edition.zone)
        item.own_time = calendar.own_time_text(here, own_zone, language)
        end = item.ends_at.astimezone(edition.zone)
        item.end_text = calendar.clock_text(end) if end.date() == here.date() else calendar.moment_text(end, language)
        day = days[here.date()]
        day.date = here.date()
        day.items.append(item)
        day.meetings += item.is_standing
    return [days[date] for date in sorted(days)]


def _mark_clashes(items: list[Item]) -> None:
    """Nobody sits in two places: what stands at the same time says so of each other."""
    for one, other in combinations(items, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            for item, found in ((one, other), (other, one)):
                item.beside.append(str(found.visit.event) if found.visit else ", ".join(person.name for person in found.others))


def _add_events(agenda: Agenda, reader: Visitor, edition: Edition, visited: set[int]) -> None:
    """The rest of each day's programme, as the reader sees it, without what is over."""
    days = {day.date: day for day in agenda.days}
    for event in visible_events(reader, edition).exclude(pk__in=visited).filter(ends_at__gt=edition.now(), is_cancelled=False):
        day = days.get(event.starts_at.astimezone(edition.zone).date())
        if day is not None:
            day.events.append(event)


def _mark_now(agenda: Agenda, edition: Edition) -> bool:
    """Mark today, what is going on, and what of today is not over; whether there is any of it."""
    now = edition.now()
    today, coming_up = now.astimezone(edition.zone).date(), list[Item]()
    for day in agenda.days:
        day.is_today = day.date == today
        for item in day.items:
            item.is_now, item.is_past = item.starts_at <= now < item.ends_at, item.ends_at <= now
            if day.is_today and not item.is_past:
                coming_up.append(item)
    if coming_up:
        coming_up[0].is_next = True
    return bool(coming_up)


def _accepted(participant: Participant) -> int:
    hers = Attendee.objects.filter(participant=participant, part=Part.COMING, request__status=RequestStatus.ACCEPTED)
    return hers.count()
