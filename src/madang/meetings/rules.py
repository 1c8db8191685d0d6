"""Who sees requests and meetings, and who may ask, answer, compute and publish."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise
from madang.meetings.models import (
    OPEN_STATUSES,
    Attendee,
    FollowUp,
    Meeting,
    MeetingRequest,
    Part,
    RequestStatus,
    Timetable,
    TimetableState,
)
from madang.people.models import Participant
from madang.people.rules import is_professional, participant_of, visible_participants

ASKING_STAGES = [Stage.REGISTRATION, Stage.MEETINGS, Stage.LIVE]


def visible_requests(user: Visitor, edition: Edition) -> QuerySet[MeetingRequest]:
    """Those one sent, received, or is a person of; all for organisers. A draft is its sender's alone."""
    requests = MeetingRequest.objects.filter(edition=edition)
    if not user.is_authenticated:
        return requests.none()
    sent = requests.exclude(status=RequestStatus.DRAFT)
    if may_organise(user, edition):
        return sent | requests.filter(sender__user=user)
    comes = Exists(Attendee.objects.filter(request=OuterRef("pk"), participant__user=user, part__in=[Part.INVITED, Part.COMING]))
    return requests.filter(Q(sender__user=user) | ~Q(status=RequestStatus.DRAFT) & (Q(receiver__user=user) | comes))


def visible_timetables(user: Visitor, edition: Edition) -> QuerySet[Timetable]:
    """Organisers see drafts and every version; others the published one."""
    timetables = Timetable.objects.filter(edition=edition)
    if may_organise(user, edition):
        return timetables
    if participant_of(user, edition) is None:
        return timetables.none()
    return timetables.filter(state=TimetableState.PUBLISHED)


def visible_meetings(user: Visitor, edition: Edition) -> QuerySet[Meeting]:
    """Meetings of the published timetable: those to which one comes; all for organisers."""
    meetings = Meeting.objects.filter(timetable__edition=edition, timetable__state=TimetableState.PUBLISHED)
    if may_organise(user, edition):
        return meetings
    if not user.is_authenticated:
        return meetings.none()
    hers = Attendee.objects.filter(request=OuterRef("request"), participant__user=user, part=Part.COMING)
    return meetings.filter(Exists(hers))


def askable_participants(user: Visitor, edition: Edition) -> QuerySet[Participant]:
    """Those whom the user may ask for a meeting: visible, doing business, of another company, not herself."""
    me = participant_of(user, edition)
    if me is None or not is_professional(me) or edition.stage not in ASKING_STAGES:
        return Participant.objects.none()
    others = visible_participants(user, edition).filter(Q(is_buyer=True) | Q(is_seller=True) | Q(is_creator=True))
    others = others.exclude(pk=me.pk)
    return others.exclude(company=me.company_id) if me.company_id else others


def may_request_meeting(user: Visitor, edition: Edition, receiver: Participant) -> bool:
    return askable_participants(user, edition).filter(pk=receiver.pk).exists()


def is_placed() -> Exists:
    """For a query of requests: the published timetable holds the request's meeting."""
    published = Meeting.objects.filter(timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    return Exists(published.filter(request=OuterRef("pk")))


def answerable_requests(user: Visitor, edition: Edition) -> QuerySet[MeetingRequest]:
    """Requests the user received and has not answered."""
    if not user.is_authenticated or edition.stage not in ASKING_STAGES:
        return MeetingRequest.objects.none()
    return MeetingRequest.objects.filter(edition=edition, receiver__user=user, status=RequestStatus.SENT)


def withdrawable_requests(user: Visitor, edition: Edition) -> QuerySet[MeetingRequest]:
    """Open requests the user sent, as long as no published timetable holds their meeting."""
    if not user.is_authenticated or edition.stage not in ASKING_STAGES:
        return MeetingRequest.objects.none()
    mine = MeetingRequest.objects.filter(edition=edition, sender__user=user, status__in=OPEN_STATUSES)
    return mine.exclude(is_placed())


def may_answer_request(user: Visitor, request: MeetingRequest) -> bool:
    return answerable_requests(user, request.edition).filter(pk=request.pk).exists()


def may_withdraw_request(user: Visitor, request: MeetingRequest) -> bool:
    return withdrawable_requests(user, request.edition).filter(pk=request.pk).exists()


def may_edit_timetable(user: Visitor, edition: Edition) -> bool:
    """Compute, move by hand and publish: the organisers."""
    return may_organise(user, edition)


def visible_follow_ups(user: Visitor, edition: Edition) -> QuerySet[FollowUp]:
    """One's own alone; organisers know only how many there are."""
    if not user.is_authenticated:
        return FollowUp.objects.none()
    return FollowUp.objects.filter(attendee__request__edition=edition, attendee__participant__user=user)
