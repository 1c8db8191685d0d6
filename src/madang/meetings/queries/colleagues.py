"""Who could come to a meeting besides those who do: colleagues of a side, guests, and whether they are free then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from madang.kit.search import matching
from madang.markets.models import Edition, Slot
from madang.markets.rules import Visitor
from madang.meetings.models import Attendee, MeetingRequest, Part, Side, Timetable
from madang.meetings.queries.attendees import coming
from madang.meetings.queries.busy import Busy, busy_slots, venue_of
from madang.meetings.queries.live import standing_meeting
from madang.meetings.queries.results import joined
from madang.meetings.queries.timetable import published_of
from madang.people.models import Block, Participant
from madang.people.queries import PERSON_COLUMNS
from madang.people.rules import PROFESSIONAL, visible_participants
from madang.programme.models import Visit
from madang.programme.rules import visible_events

MOST_FOUND = 20
"""Guests shown at once when somebody is looked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could come. `why_not`: what keeps her then, in words; `is_firm`: it does not give way."""

    participant: Participant
    why_not: str = ""
    is_firm: bool = False


def side_person(request: MeetingRequest, side: str) -> Participant:
    """Who asked, or who was asked."""
    return request.sender if side == Side.SENDER else request.receiver


def colleagues_of(user: Visitor, request: MeetingRequest, side: str) -> QuerySet[Participant]:
    """People of the company of that side whom the user finds, and who do business here."""
    company = side_person(request, side).company_id
    people = visible_participants(user, request.edition).filter(PROFESSIONAL, left_at=None)
    return people.filter(company=company) if company else people.none()


def new_colleagues(user: Visitor, request: MeetingRequest, side: str) -> QuerySet[Participant]:
    """Those of them who do not come to the meeting yet."""
    comes = Attendee.objects.filter(request=request, part__in=[Part.COMING, Part.INVITED])
    return colleagues_of(user, request, side).exclude(pk__in=comes.values("participant"))


def invitable_guests(user: Visitor, request: MeetingRequest) -> QuerySet[Participant]:
    """Whom one may invite: visible, doing business, with an account to answer with, and never asked to this meeting before."""
    known = Attendee.objects.filter(request=request).values("participant")
    people = visible_participants(user, request.edition).filter(PROFESSIONAL, left_at=None, user__isnull=False)
    return people.exclude(pk__in=known)


def found_guests(user: Visitor, request: MeetingRequest, words: str) -> list[Participant]:
    """Those of them whose name or company contains the words. One query more than the rules take."""
    if not words.strip():
        return []
    return list(matching(invitable_guests(user, request), words, PERSON_COLUMNS).order_by("family_name", "pk")[:MOST_FOUND])


def is_open_to(request: MeetingRequest, guest: Participant, by: Visitor) -> bool:
    """Whether the guest finds everybody who comes (but for who asks her), and no block is between her and any of them.

    So a hidden person is met by nobody who does not know her, unless she herself asks.
    """
    if guest.user is None:
        return False
    people = Attendee.objects.filter(request=request, part=Part.COMING)
    others = people.exclude(participant__user=by.pk) if by.is_authenticated else people
    seen = visible_participants(guest.user, request.edition).filter(pk__in=others.values("participant"), left_at=None)
    blocks = Block.objects.filter(
        Q(participant=guest, company__in=people.values("participant__company"))
        | Q(participant__in=people.values("participant"), company=guest.company_id)
    )
    return seen.count() == others.count() and not blocks.exists()


def candidates(user: Visitor, request: MeetingRequest, people: Iterable[Participant]) -> list[Candidate]:
    """The people with what keeps each of them from the meeting at its time, if it has one. A constant number of queries."""
    found, published = list(people), published_of(request.edition)
    meeting = standing_meeting(published, request) if published else None
    if published is None or meeting is None:
        return [Candidate(person) for person in found]
    busy = busy_at(request.edition, published, meeting.slot, [person.pk for person in found], but=request)
    words = _Words(user, request.edition, busy)
    return [
        Candidate(person, words.of(person, busy[person.pk]), busy[person.pk].is_firm) if person.pk in busy else Candidate(person)
        for person in found
    ]


def busy_at(edition: Edition, published: Timetable, slot: Slot, people: Sequence[int], but: MeetingRequest) -> dict[int, Busy]:
    """Who of the people (ids) is not free in the slot, and why; the meeting of `but` itself is no reason."""
    venue = venue_of(edition)
    number = next(number for number, one in enumerate(venue.slots, 1) if one.pk == slot.pk)
    busy = busy_slots(edition, people, venue=venue, timetable=published)
    found = {person: slots[number] for person, slots in busy.items() if number in slots}
    return {person: why for person, why in found.items() if (why.kind, why.pk) != ("meeting", but.pk)}


class _Words:
    """Why people are not free, as far as the reader may know. Three queries and those of the rules."""

    def __init__(self, user: Visitor, edition: Edition, busy: dict[int, Busy]) -> None:
        meetings = [why.pk for why in busy.values() if why.kind == "meeting"]
        visits = [why.pk for why in busy.values() if why.kind == "event"]
        self.people = coming(meetings)
        ids = {one.participant_id for rows in self.people.values() for one in rows}
        self.known = set(visible_participants(user, edition).filter(pk__in=ids).values_list("pk", flat=True))
        seen = visible_events(user, edition).order_by().values("pk")
        rows = Visit.objects.filter(pk__in=visits, event__in=seen).select_related("event__title")
        self.events = {visit.pk: visit.event for visit in rows}

    def of(self, person: Participant, why: Busy) -> str:
        if why.kind == "meeting":
            return self._meeting(person, self.people.get(why.pk, []))
        if why.kind == "event":
            event = self.events.get(why.pk)
            return _("then at “%(event)s”") % {"event": event} if event else _("then at an event")
        return _("cannot meet then")

    def _meeting(self, person: Participant, seats: Sequence[Attendee]) -> str:
        side = next((one.side for one in seats if one.participant_id == person.pk), "")
        others = [one.participant for one in seats if one.side != side]
        names = [one.name for one in others if one.pk in self.known]
        if not names or len(names) < len(others):
            return _("in another meeting then")
        return _("in a meeting with %(names)s then") % {"names": joined(names)}


def people_in(request: MeetingRequest) -> int:
    """How many people come to the meeting or are asked to."""
    return Attendee.objects.filter(request=request, part__in=[Part.COMING, Part.INVITED], participant__left_at=None).count()


def comes_for(request: MeetingRequest, side: str) -> QuerySet[Attendee]:
    """Who comes for that side."""
    return Attendee.objects.filter(request=request, side=side, part=Part.COMING, participant__left_at=None)
