"""What can be done with a meeting of the published timetable: the times it could have, what it could swap with, its panel."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from madang.kernels import timetable as kernel
from madang.kernels.timetable.problem import Meeting as Placed
from madang.kernels.timetable.problem import Plan
from madang.markets.models import Edition, Slot, Table
from madang.markets.rules import Visitor, may_organise
from madang.meetings.models import (
    Attendance,
    Attendee,
    Booking,
    Meeting,
    MeetingRequest,
    Part,
    Proposal,
    ProposalState,
    RequestStatus,
    Timetable,
    TimetableState,
    policy_of,
)
from madang.meetings.queries.attendees import without_a_side
from madang.meetings.queries.timetable import plan_around, problem_around, published_of
from madang.meetings.rules import acts_as_organiser, may_arrange, may_cancel, visible_meetings, visible_proposals


@dataclass(frozen=True)
class Times:
    """When a request could meet, the rest of the timetable as it is: future slots, each with its free places."""

    slots: list[Slot]
    tables: dict[int, list[Table | None]]

    def table(self, slot: Slot, wanted: Table | None = None) -> Table | None:
        """The wanted table where it is free in that slot, else the first one."""
        free = self.tables[slot.pk]
        return wanted if wanted in free else free[0]

    def by_day(self, edition: Edition) -> list[tuple[dt.date, list[Slot]]]:
        days: defaultdict[dt.date, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            days[slot.starts_at.astimezone(edition.zone).date()].append(slot)
        return list(days.items())


NO_TIMES = Times([], {})


def free_times(request: MeetingRequest, published: Timetable) -> Times:
    """The times the request's meeting could have instead of its own, if it has one. A constant number of queries."""
    problem, maps = problem_around(request, published)
    if request.pk not in maps.asked:
        return NO_TIMES
    plan = plan_around(published, maps)
    now, standing = request.edition.now(), next((one.slot for one in plan.meetings if one.id == request.pk), 0)
    tables: defaultdict[int, list[Table | None]] = defaultdict(list)
    for number, table in kernel.free_places(problem, plan, request.pk):
        if number != standing and maps.slot(number).starts_at > now:
            tables[maps.slot(number).pk].append(maps.tables[int(table)] if table is not None else None)
    return Times([slot for slot in maps.slots if slot.pk in tables], dict(tables))


def standing_meeting(published: Timetable, request: MeetingRequest) -> Meeting | None:
    """The request's meeting in the published timetable, if it takes place."""
    rows = Meeting.objects.filter(timetable=published, request=request, is_cancelled=False)
    return rows.select_related("slot", "table", "timetable").first()


def swappable_meetings(user: Visitor, meeting: Meeting) -> list[Meeting]:
    """Other meetings of the user's that could exchange places with this one. A constant number of queries."""
    request, edition = meeting.request, meeting.request.edition
    mine = visible_meetings(user, edition).filter(is_cancelled=False, slot__starts_at__gt=edition.now()).exclude(pk=meeting.pk)
    if may_organise(user, edition):
        mine = mine.filter(request__attendees__participant__in=_coming_ids([request.pk])).distinct()
    others = list(mine.exclude(slot=meeting.slot_id).select_related("slot", "table", "request__edition"))
    others = _free_for_each_other(meeting, others) if others else []
    if not others:
        return []
    problem, maps = problem_around(request, meeting.timetable, also=[other.request for other in others])
    plan = plan_around(meeting.timetable, maps)
    return [other for other in others if _could_swap(problem, plan, maps.number, meeting, other)]


def _free_for_each_other(meeting: Meeting, others: list[Meeting]) -> list[Meeting]:
    """Those whose people have nothing else when `meeting` is, and whose own time its people have free. Two queries.

    It spares the kernel those that are out of the question.
    """
    rows = Attendance.objects.filter(timetable=meeting.timetable_id, participant__left_at=None).order_by()
    here: defaultdict[int, set[int]] = defaultdict(set)
    for one, person in rows.filter(meeting__in=[meeting, *others]).values_list("meeting_id", "participant_id"):
        here[one].add(person)
    at: defaultdict[int, dict[int, int]] = defaultdict(dict)
    there = rows.filter(participant__in=set().union(*here.values()), slot__in={one.slot_id for one in (meeting, *others)})
    for slot, person, one in there.values_list("slot_id", "participant_id", "meeting_id"):
        at[slot][person] = one
    return [
        other
        for other in others
        if all(at[other.slot_id].get(person, other.pk) == other.pk for person in here[meeting.pk])
        and all(at[meeting.slot_id].get(person, meeting.pk) == meeting.pk for person in here[other.pk])
    ]


def _could_swap(problem: kernel.Problem, plan: Plan, number: dict[int, int], one: Meeting, other: Meeting) -> bool:
    """Both, lifted off, go where the other stood without breaking anything."""
    known = {request.id for request in problem.requests}
    if one.request_id not in known or other.request_id not in known:
        return False
    rest = tuple(row for row in plan.meetings if row.id not in (one.request_id, other.request_id))
    lifted = replace(plan, meetings=rest)
    first = Placed(one.request_id, number[other.slot_id], other.table_id)
    if kernel.clashes(problem, lifted, first.id, first.slot, first.table):
        return False
    placed = replace(plan, meetings=(*rest, first))
    return not kernel.clashes(problem, placed, other.request_id, number[one.slot_id], one.table_id)


def _coming_ids(requests: Iterable[int]) -> QuerySet[Any]:
    return Attendee.objects.filter(request__in=list(requests), part=Part.COMING).values("participant")


def open_proposal(request: MeetingRequest) -> Proposal | None:
    """What is proposed for the request now, or for its place in exchange."""
    concerned = Q(request=request) | Q(swap_with=request)
    rows = Proposal.objects.filter(concerned, edition=request.edition_id, state=ProposalState.OPEN)
    return rows.select_related("slot", "proposed_by", "request", "swap_with").first()


@dataclass
class LivePanel:
    """What the page of a meeting offers: `proposal` that is open, what may be done, and why not, in a sentence."""

    request: MeetingRequest
    meeting: Meeting | None
    proposal: Proposal | None = None
    may_time: bool = False
    may_cancel: bool = False
    is_organiser: bool = False
    has_why: bool = False
    notes: list[str] = field(default_factory=list)


def live_panel(user: Visitor, request: MeetingRequest, meeting: Meeting | None) -> dict[str, LivePanel | None]:
    """The panel `live`, None for whom it is nothing."""
    published = published_of(request.edition)
    if published is None or not (may_arrange(user, request) or may_cancel(user, request)):
        return {"live": None}
    meeting = meeting if meeting is not None and not meeting.is_cancelled else None
    may_time = may_arrange(user, request)
    panel = LivePanel(request, meeting, is_organiser=acts_as_organiser(user, request), may_time=may_time, has_why=may_time)
    proposal = open_proposal(request)
    if proposal is not None and visible_proposals(user, request.edition).filter(pk=proposal.pk).exists():
        panel.proposal = proposal
    _allow(panel, user)
    return {"live": panel}


def _allow(panel: LivePanel, user: Visitor) -> None:
    edition, meeting = panel.request.edition, panel.meeting
    if meeting is not None and meeting.slot.starts_at <= edition.now():
        panel.may_time = False
        return
    why_not = "" if panel.is_organiser or not panel.may_time else why_not_book(edition)
    why_not = why_not or why_nobody_meets(panel.request)
    panel.may_time = panel.may_time and not why_not
    if why_not:
        panel.notes.append(why_not)
    if meeting is not None and may_cancel(user, panel.request):
        late = "" if panel.is_organiser else too_late_to_cancel(edition, meeting)
        panel.may_cancel = not late
        if late:
            panel.notes.append(late)


def why_not_book(edition: Edition) -> str:
    """Why people do not book, move and swap themselves at this edition; empty where they do."""
    if policy_of(edition).booking == Booking.NONE:
        return _("The organiser places the meetings of this edition: ask there for another time.")
    return ""


def why_nobody_meets(request: MeetingRequest) -> str:
    """Said where nobody comes for a side: then no time fits; empty otherwise."""
    if without_a_side(MeetingRequest.objects.filter(pk=request.pk)).exists():
        return _("Nobody comes for one of the two sides any more: it needs a person there before it can have a time.")
    return ""


def too_late_to_cancel(edition: Edition, meeting: Meeting) -> str:
    """Why a participant cannot cancel the meeting any more; empty where she can."""
    minutes = policy_of(edition).cancel_minutes
    if meeting.slot.starts_at - edition.now() >= dt.timedelta(minutes=minutes):
        return ""
    words = _("Up to %(minutes)s minutes before it begins a meeting can be cancelled here; after that only the organiser can.")
    return words % {"minutes": minutes}


def waiting_proposals(user: Visitor, edition: Edition) -> QuerySet[Proposal]:
    """Open proposals that wait for the user's own answer, the next to expire first."""
    if not user.is_authenticated:
        return Proposal.objects.none()
    rows = Proposal.objects.filter(edition=edition, state=ProposalState.OPEN, expires_at__gt=edition.now())
    rows = rows.filter(consents__participant__user=user, consents__agrees=None)
    return rows.select_related("slot", "request", "swap_with", "proposed_by").order_by("expires_at", "pk")


def placeable_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """Accepted requests that the published timetable has no meeting for."""
    accepted = MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED)
    standing = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    return accepted.exclude(pk__in=standing.values("request"))
