"""By whom a participant is found, and what stands between her and a company."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from madang.markets.rules import Visitor
from madang.meetings.models import OPEN_STATUSES, Attendee, Meeting, MeetingRequest, Part, TimetableState
from madang.meetings.rules import is_placed
from madang.people.models import Company, Introduction, Participant
from madang.people.rules import visible_participants


def known_to(user: Visitor, me: Participant) -> list[tuple[Participant, list[str]]]:
    """Who finds a hidden participant although she hides, with the causes in words; only those whom she sees herself."""
    causes: dict[int, list[str]] = {}
    for row in Introduction.objects.filter(hidden=me).order_by("cause"):
        causes.setdefault(row.to_id, []).append(str(row.get_cause_display()))
    people = visible_participants(user, me.edition).filter(pk__in=causes).order_by("company__search_text", "search_text")
    return [(person, causes[person.pk]) for person in people]


def open_requests_of(me: Participant, company: Company | None = None) -> QuerySet[MeetingRequest]:
    """What waits or was agreed and has no place yet; with the people of one company, or of all."""
    mine = MeetingRequest.objects.filter(status__in=OPEN_STATUSES).exclude(is_placed())
    if company is None:
        return mine.filter(Q(sender=me) | Q(receiver=me))
    return mine.filter(Q(sender=me, receiver__company=company) | Q(receiver=me, sender__company=company))


def placed_meetings_of(me: Participant, company: Company | None = None) -> list[tuple[Meeting, list[Participant]]]:
    """Her published meetings that are still to come, each with who comes for the other side; those with a company, or all."""
    published = Meeting.objects.filter(timetable__edition=me.edition, timetable__state=TimetableState.PUBLISHED)
    coming = Attendee.objects.filter(part=Part.COMING)
    rows = published.filter(is_cancelled=False, request__in=coming.filter(participant=me).values("request"))
    if company:
        rows = rows.filter(request__in=coming.filter(participant__company=company).values("request"))
    people = Prefetch("request__attendees", coming.select_related("participant__company"), to_attr="coming")
    rows = rows.filter(slot__starts_at__gt=me.edition.now()).select_related("slot", "request").prefetch_related(people)
    return [(row, _others(row, me)) for row in rows.order_by("slot__starts_at", "pk")]


def _others(meeting: Meeting, me: Participant) -> list[Participant]:
    seats: list[Attendee] = meeting.request.coming  # type: ignore[attr-defined]  # the prefetch above
    own = {seat.side for seat in seats if seat.participant_id == me.pk}
    return [seat.participant for seat in seats if seat.side not in own]
