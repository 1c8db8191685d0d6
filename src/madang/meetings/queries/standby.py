"""The standby list: agreed meetings without a place, the most wanted first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from madang.markets.models import Slot
from madang.meetings.models import (
    Attendance,
    Attendee,
    Change,
    ChangeKind,
    MeetingRequest,
    Part,
    Proposal,
    ProposalKind,
    ProposalState,
    Timetable,
)
from madang.meetings.queries.attendees import COMES
from madang.meetings.queries.live import placeable_requests

ENDED = [ProposalState.REFUSED, ProposalState.LAPSED]


def standby_list(timetable: Timetable) -> QuerySet[MeetingRequest]:
    """Agreed requests that the published timetable has no place for, the most wanted first (`weight`), then the oldest.

    Those with a title that was withdrawn, or with nobody coming for a side, wait for something else.
    """
    waiting = placeable_requests(timetable.edition).exclude(title__is_withdrawn=True)
    for side in ("sender", "receiver"):
        waiting = waiting.filter(Exists(Attendee.objects.filter(COMES, request=OuterRef("pk"), side=side)))
    sender = Greatest(F("sender_wish"), Value(1))
    receiver = Greatest(Coalesce(F("receiver_wish"), Value(1)), Value(1))
    return waiting.annotate(weight=sender * receiver).order_by("-weight", "answered_at", "pk")


def standby_requests(timetable: Timetable, slot: Slot) -> QuerySet[MeetingRequest]:
    """Those of the list to whom this time can be offered: nothing is open for them, and they neither left it nor let it pass.

    Nobody of theirs has a meeting then or another offer for that time, or has just given that time up herself.
    """
    theirs = Proposal.objects.filter(request=OuterRef("pk"))
    passed = theirs.filter(kind=ProposalKind.STANDBY, slot=slot, state__in=ENDED)
    coming = Attendee.objects.filter(request=OuterRef("pk"), part=Part.COMING)
    in_meeting = Attendance.objects.filter(timetable=timetable, slot=slot).values("participant")
    offers = Proposal.objects.filter(edition=timetable.edition_id, slot=slot, kind=ProposalKind.STANDBY, state=ProposalState.OPEN)
    asked = offers.values("consents__participant")
    found = standby_list(timetable).exclude(Exists(theirs.filter(state=ProposalState.OPEN))).exclude(Exists(passed))
    left = Change.objects.filter(timetable=timetable, from_slot=slot, kind__in=[ChangeKind.CANCELLED, ChangeKind.MOVED])
    found = found.exclude(Exists(left.filter(request=OuterRef("pk"))))
    busy = Q(participant__in=in_meeting) | Q(participant__in=asked) | Q(participant__user__in=left.exclude(by=None).values("by"))
    return found.exclude(Exists(coming.filter(busy)))


def offers_of(requests: Iterable[MeetingRequest]) -> dict[int, Proposal]:
    """What is offered to each of these requests now, by id. One query."""
    rows = Proposal.objects.filter(request__in=list(requests), kind=ProposalKind.STANDBY, state=ProposalState.OPEN)
    return {row.request_id: row for row in rows.select_related("slot", "table")}
