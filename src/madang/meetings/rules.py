"""Who sees requests and meetings, and who may ask, answer, compute and publish."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise
from madang.meetings.models import (
    OPEN_STATUSES,
    Attendee,
    Consent,
    FollowUp,
    Meeting,
    MeetingRequest,
    Part,
    Proposal,
    RequestStatus,
    Side,
    Timetable,
    TimetableState,
)
from madang.people.models import Block, Participant
from madang.people.rules import PROFESSIONAL, is_professional, participant_of, visible_participants

ASKING_STAGES = [Stage.REGISTRATION, Stage.MEETINGS, Stage.LIVE]


def last_moment(edition: Edition) -> dt.datetime:
    """When the edition's last slot ends; where it has no slots, the midnight after its last day. After it nobody meets."""
    last: dt.datetime | None = edition.slots.aggregate(last=Max("ends_at"))["last"]
    return last or dt.datetime.combine(edition.ends_on + dt.timedelta(days=1), dt.time(), edition.zone).astimezone(dt.UTC)


def is_running(now: dt.datetime) -> Q:
    """For a query of requests: their time is not over, whether or not the clock has closed those whose time is."""
    return ~Q(status=RequestStatus.SENT, expires_at__isnull=False, expires_at__lte=now)


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
    if me is None or me.left_at or not is_professional(me) or edition.stage not in ASKING_STAGES:
        return Participant.objects.none()
    if edition.now() >= last_moment(edition):
        return Participant.objects.none()
    others = visible_participants(user, edition).filter(PROFESSIONAL, left_at=None).exclude(pk=me.pk)
    others = others.exclude(company__in=Block.objects.filter(participant=me).values("company"))
    return others.exclude(company=me.company_id) if me.company_id else others


def may_request_meeting(user: Visitor, edition: Edition, receiver: Participant) -> bool:
    return askable_participants(user, edition).filter(pk=receiver.pk).exists()


def is_placed() -> Exists:
    """For a query of requests: the published timetable holds the request's meeting."""
    published = Meeting.objects.filter(timetable__state=TimetableState.PUBLISHED, is_cancelled=False)
    return Exists(published.filter(request=OuterRef("pk")))


def answerable_requests(user: Visitor, edition: Edition) -> QuerySet[MeetingRequest]:
    """Requests the user received and has not answered, whose time is not over."""
    if not user.is_authenticated or edition.stage not in ASKING_STAGES:
        return MeetingRequest.objects.none()
    mine = MeetingRequest.objects.filter(edition=edition, receiver__user=user, status=RequestStatus.SENT)
    return mine.filter(is_running(edition.now()))


def editable_requests(user: Visitor, edition: Edition) -> QuerySet[MeetingRequest]:
    """The user's drafts, and what she sent that waits for its answer."""
    if not user.is_authenticated or edition.stage not in ASKING_STAGES:
        return MeetingRequest.objects.none()
    mine = MeetingRequest.objects.filter(edition=edition, sender__user=user, status__in=[RequestStatus.DRAFT, RequestStatus.SENT])
    return mine.filter(is_running(edition.now()))


def unplaced_accepted_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """Agreed, and not in the published timetable: either side may still change her mind."""
    accepted = MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED)
    return accepted.exclude(is_placed()) if edition.stage in ASKING_STAGES else accepted.none()


def withdrawable_requests(user: Visitor, edition: Edition) -> QuerySet[MeetingRequest]:
    """Open requests the user sent, as long as no published timetable holds their meeting."""
    if not user.is_authenticated or edition.stage not in ASKING_STAGES:
        return MeetingRequest.objects.none()
    mine = MeetingRequest.objects.filter(edition=edition, sender__user=user, status__in=OPEN_STATUSES)
    return mine.filter(is_running(edition.now())).exclude(is_placed())


def may_answer_request(user: Visitor, request: MeetingRequest) -> bool:
    """Also who has said yes may answer anew, until the meeting is placed."""
    if answerable_requests(user, request.edition).filter(pk=request.pk).exists():
        return True
    return request.receiver.user_id == user.pk and unplaced_accepted_requests(request.edition).filter(pk=request.pk).exists()


def may_edit_request(user: Visitor, request: MeetingRequest) -> bool:
    return editable_requests(user, request.edition).filter(pk=request.pk).exists()


def may_change_wish(user: Visitor, request: MeetingRequest) -> bool:
    """The sender, of what was agreed and is not placed; before the answer she edits the whole request."""
    return request.sender.user_id == user.pk and unplaced_accepted_requests(request.edition).filter(pk=request.pk).exists()


def may_withdraw_request(user: Visitor, request: MeetingRequest) -> bool:
    return withdrawable_requests(user, request.edition).filter(pk=request.pk).exists()


def may_leave(user: Visitor, person: Participant) -> bool:
    """Drop out, take out, come back: oneself until the edition is over, and the organiser."""
    if may_organise(user, person.edition):
        return True
    return user.is_authenticated and person.user_id == user.pk and person.edition.stage != Stage.AFTER


def may_edit_timetable(user: Visitor, edition: Edition) -> bool:
    """Compute, move by hand and publish: the organisers."""
    return may_organise(user, edition)


def visible_follow_ups(user: Visitor, edition: Edition) -> QuerySet[FollowUp]:
    """One's own alone; organisers know only how many there are."""
    if not user.is_authenticated:
        return FollowUp.objects.none()
    return FollowUp.objects.filter(attendee__request__edition=edition, attendee__participant__user=user)


def visible_proposals(user: Visitor, edition: Edition) -> QuerySet[Proposal]:
    """Those one has to agree to; all for organisers."""
    proposals = Proposal.objects.filter(edition=edition)
    if not user.is_authenticated:
        return proposals.none()
    if may_organise(user, edition):
        return proposals
    return proposals.filter(Exists(Consent.objects.filter(proposal=OuterRef("pk"), participant__user=user)))


def comes_to(user: Visitor, request: MeetingRequest) -> bool:
    """Whether the user is one of those who come to the meeting."""
    if not user.is_authenticated:
        return False
    return _coming(user, request).exists()


def _coming(user: Visitor, request: MeetingRequest) -> QuerySet[Attendee]:
    return Attendee.objects.filter(request=request, participant__user=user.pk, participant__left_at=None, part=Part.COMING)


def acts_as_organiser(user: Visitor, request: MeetingRequest) -> bool:
    """An organiser who does not come to the meeting herself: notice and consent are not asked of her."""
    return may_organise(user, request.edition) and not comes_to(user, request)


def of_company(request: MeetingRequest) -> Q:
    """For a query of its attendees: who asked, who was asked, and their colleagues; not a guest from another company."""
    own = Q(is_principal=True)
    for side, person in ((Side.SENDER, request.sender), (Side.RECEIVER, request.receiver)):
        if person.company_id:
            own |= Q(side=side, participant__company=person.company_id)
    return own


def may_arrange(user: Visitor, request: MeetingRequest) -> bool:
    """Book, move, swap and cancel an agreed meeting: who comes to it, and the organisers, from the registration on."""
    edition = request.edition
    if request.status != RequestStatus.ACCEPTED or edition.stage not in ASKING_STAGES:
        return False
    return may_organise(user, edition) or comes_to(user, request)


def may_cancel(user: Visitor, request: MeetingRequest) -> bool:
    """The organisers, and who comes for one of the two companies, even if she has dropped out: a guest can only leave."""
    if request.status != RequestStatus.ACCEPTED or request.edition.stage not in ASKING_STAGES or not user.is_authenticated:
        return False
    hers = Attendee.objects.filter(of_company(request), request=request, participant__user=user.pk, part=Part.COMING)
    return may_organise(user, request.edition) or hers.exists()


def may_keep_calendar(user: Visitor, participant: Participant) -> bool:
    """Say when a participant cannot meet and where she goes: she herself, and the organisers, until the edition is over."""
    if not user.is_authenticated or participant.edition.stage == Stage.AFTER:
        return False
    return participant.user_id == user.pk or may_organise(user, participant.edition)


def may_name_people(user: Visitor, request: MeetingRequest, side: str) -> bool:
    """Say who comes for a side: who asked or was asked on it, her colleagues who come, and the organisers."""
    edition = request.edition
    if not user.is_authenticated or edition.stage not in ASKING_STAGES or request.status not in OPEN_STATUSES:
        return False
    hers = Attendee.objects.filter(request=request, side=side, participant__user=user, participant__left_at=None)
    named = Q(part=Part.COMING) & of_company(request) | Q(is_principal=True)
    return may_organise(user, edition) or hers.filter(named).exists()


def may_invite(user: Visitor, request: MeetingRequest, side: str) -> bool:
    """Bring guests to an agreed meeting: who comes for that side and is no guest herself, and the organisers."""
    if not user.is_authenticated or not takes_guests(request):
        return False
    hers = Attendee.objects.filter(request=request, side=side, participant__user=user, participant__left_at=None)
    return may_organise(user, request.edition) or hers.filter(of_company(request), part=Part.COMING).exists()


def takes_guests(request: MeetingRequest) -> bool:
    """Whether guests may be invited to it and say yes: it is agreed, and the market is not over."""
    return request.status == RequestStatus.ACCEPTED and request.edition.stage in ASKING_STAGES


def may_set_place(user: Visitor, request: MeetingRequest) -> bool:
    """Say whether a meeting is online, and at which address: who comes for the two companies, and the organisers."""
    if request.status not in OPEN_STATUSES or request.edition.stage not in ASKING_STAGES:
        return False
    return may_organise(user, request.edition) or _coming(user, request).filter(of_company(request)).exists()
