"""A person's follow-ups, and how many there are in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.meetings.models import Attendee, FollowUp, Interest, Meeting, Part, TimetableState
from madang.meetings.queries.attendees import PRINCIPALS_FIRST
from madang.meetings.rules import visible_follow_ups
from madang.people.models import Participant


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list: what to do, with whom; `card` is whose card she gave."""

    row: FollowUp
    met: list[Attendee]
    is_due: bool

    @property
    def card(self) -> Attendee | None:
        return next((one for one in self.met if one.shares_card), None)


def follow_up_list(user: Visitor, edition: Edition) -> list[Item]:
    """What one means to do, what is due first, what is done last. Two queries."""
    coming = Attendee.objects.filter(part=Part.COMING).order_by(*PRINCIPALS_FIRST).select_related("participant__company")
    rows = visible_follow_ups(user, edition).select_related("attendee__request__edition")
    rows = rows.prefetch_related(Prefetch("attendee__request__attendees", queryset=coming))
    today = edition.now().astimezone(edition.zone).date()
    far = dt.date.max
    ordered = sorted(rows, key=lambda row: (row.done_at is not None, row.due_on or far, row.pk))
    return [Item(row, _across(row), row.done_at is None and row.due_on is not None and row.due_on <= today) for row in ordered]


def _across(row: FollowUp) -> list[Attendee]:
    return [one for one in row.attendee.request.attendees.all() if one.side != row.attendee.side]


def my_meetings_so_far(me: Participant) -> list[Meeting]:
    """Meetings of hers that have begun, the last first: what she may say something of."""
    published = Meeting.objects.filter(timetable__edition=me.edition_id, timetable__state=TimetableState.PUBLISHED)
    begun = published.filter(is_cancelled=False, slot__starts_at__lte=me.edition.now())
    mine = begun.filter(request__attendees__participant=me, request__attendees__part=Part.COMING)
    coming = Attendee.objects.filter(part=Part.COMING).order_by(*PRINCIPALS_FIRST).select_related("participant__company")
    rows = mine.select_related("request", "slot").prefetch_related(Prefetch("request__attendees", queryset=coming))
    return list(rows.order_by("-slot__starts_at"))


def without_outcome(me: Participant, meetings: Iterable[Meeting]) -> list[tuple[Meeting, list[Attendee]]]:
    """Of `my_meetings_so_far` those that are over and of which she has said nothing yet, each with the other side. No query."""
    found = []
    for meeting in meetings:
        seats = list(meeting.request.attendees.all())
        mine = next((seat for seat in seats if seat.participant_id == me.pk), None)
        if mine is not None and not mine.interest and meeting.slot.ends_at <= me.edition.now():
            found.append((meeting, [seat for seat in seats if seat.side != mine.side]))
    return found


def follow_up_counts(edition: Edition) -> dict[str, int]:
    """For organisers: outcomes said, by Interest, and follow-ups open and done. Two queries; nothing of what they say."""
    seats = Attendee.objects.filter(request__edition=edition, part=Part.COMING)
    outcomes = seats.aggregate(**{interest: Count("pk", filter=Q(interest=interest)) for interest in Interest.values})
    rows = FollowUp.objects.filter(attendee__request__edition=edition)
    return outcomes | rows.aggregate(open=Count("pk", filter=Q(done_at=None)), done=Count("pk", filter=~Q(done_at=None)))
