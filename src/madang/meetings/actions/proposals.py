"""Times that people propose to each other after publication: booked, moved, swapped; agreed, refused, withdrawn, lapsed."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition, Slot
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.live import Step, change_meetings
from madang.meetings.actions.proposal_rows import close_proposal, make_proposal, seats_of, tell_of_proposal
from madang.meetings.actions.refusals import InThePast, NotPossible, NotPublished, Refused
from madang.meetings.actions.standby import offer_next
from madang.meetings.models import (
    Cause,
    Consent,
    Meeting,
    MeetingRequest,
    Proposal,
    ProposalKind,
    ProposalState,
    RequestStatus,
    Timetable,
)
from madang.meetings.queries.attendees import abandoned
from madang.meetings.queries.live import (
    free_times,
    open_proposal,
    standing_meeting,
    swappable_meetings,
    too_late_to_cancel,
    why_not_book,
)
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import acts_as_organiser, comes_to, may_arrange, may_cancel
from madang.people.models import Participant
from madang.people.rules import participant_of

ANSWER_WITHIN = dt.timedelta(hours=24)
"""How long a proposal of a person waits at most; never beyond the begin of what it is about."""
CAUSES = {
    ProposalKind.BOOK: Cause.BOOKED,
    ProposalKind.MOVE: Cause.SWAPPED,
    ProposalKind.SWAP: Cause.SWAPPED,
    ProposalKind.STANDBY: Cause.STANDBY,
}


def propose_time(actor: User, request: MeetingRequest, slot: Slot) -> Proposal:
    """Propose a time for an agreed meeting without a place, or another time for one that has a place.

    Who proposes agrees; the last yes of the others places it. Where the other side has proposed the very same time, this is
    that yes. Raises Refused with a sentence, and then no row is written.
    """
    try:
        with transaction.atomic():
            me, request, published = _begin(actor, request)
            already = open_proposal(request)
            if already is not None and already.slot_id == slot.pk and already.swap_with_id is None:
                return answer_proposal(actor, already, agrees=True)
            _ensure_none_open(already)
            meeting = standing_meeting(published, request)
            _ensure_to_come(request.edition, slot, meeting)
            if slot not in free_times(request, published).slots:
                raise NotPossible(
                    _("That time is not free for everybody who comes, or no table is left then. Choose another one.")
                )
            kind = ProposalKind.MOVE if meeting else ProposalKind.BOOK
            first = min(slot.starts_at, meeting.slot.starts_at) if meeting else slot.starts_at
            proposal = make_proposal(kind, request, slot, _expiry(request.edition, first), by=me)
            record(request.edition, actor, "propose_time", request.code, slot=slot.code)
            return _conclude(proposal, actor)
    except IntegrityError:
        raise NotPossible(ONE_OPEN) from None


def propose_swap(actor: User, request: MeetingRequest, other: MeetingRequest) -> Proposal:
    """Propose that two meetings of one's own exchange places; all who come to either have to agree. Raises Refused."""
    try:
        with transaction.atomic():
            me, request, published = _begin(actor, request)
            if not comes_to(actor, other):
                raise PermissionDenied
            already = open_proposal(request)
            if already is not None and already.request_id == request.pk and already.swap_with_id == other.pk:
                return answer_proposal(actor, already, agrees=True)
            _ensure_none_open(already or open_proposal(other))
            meeting, exchanged = standing_meeting(published, request), standing_meeting(published, other)
            if meeting is None or exchanged is None:
                raise NotPossible(_("Both meetings must stand in the timetable to be swapped."))
            _ensure_to_come(request.edition, exchanged.slot, meeting)
            meeting.request = request
            if exchanged not in swappable_meetings(actor, meeting):
                raise NotPossible(_("These two meetings cannot exchange places: somebody is not free then. Choose another one."))
            expiry = _expiry(request.edition, min(meeting.slot.starts_at, exchanged.slot.starts_at))
            proposal = make_proposal(
                ProposalKind.SWAP, request, exchanged.slot, expiry, table=exchanged.table, swap_with=other, by=me
            )
            record(request.edition, actor, "propose_time", request.code, slot=exchanged.slot.code, swap_with=other.code)
            return _conclude(proposal, actor)
    except IntegrityError:
        raise NotPossible(ONE_OPEN) from None


def _begin(actor: User, request: MeetingRequest) -> tuple[Participant, MeetingRequest, Timetable]:
    """Our turn, and what everything is done with; refused where people do not book themselves."""
    edition = lock_edition(request.edition)
    request = MeetingRequest.objects.select_related("edition__market").get(pk=request.pk)
    me = participant_of(actor, edition)
    if me is None or not comes_to(actor, request):
        raise PermissionDenied
    if request.status != RequestStatus.ACCEPTED:
        raise NotPossible(_("Only what both sides have agreed to can be given a time."))
    if not may_arrange(actor, request):
        raise NotPossible(_("Meetings cannot be changed at this stage of the edition."))
    if why_not := why_not_book(edition):
        raise NotPossible(why_not)
    published = published_of(edition)
    if published is None:
        raise NotPossible(_("The timetable is not published yet: it may still find a time by itself."))
    return me, request, published


def _ensure_none_open(already: Proposal | None) -> None:
    if already is not None:
        raise NotPossible(ONE_OPEN)


def _ensure_to_come(edition: Edition, slot: Slot, meeting: Meeting | None) -> None:
    if slot.starts_at <= edition.now() or (meeting is not None and meeting.slot.starts_at <= edition.now()):
        raise InThePast


def _expiry(edition: Edition, first: dt.datetime) -> dt.datetime:
    return min(edition.now() + ANSWER_WITHIN, first)


@transaction.atomic
def answer_proposal(actor: User, proposal: Proposal, *, agrees: bool) -> Proposal:
    """Say yes or no. The last yes makes the change, if the place is still free; a no ends it. The same answer twice is one.

    The proposal is given back as it then stands: open, taken, refused, or lapsed (too late, or the place has gone meanwhile).
    """
    lock_edition(proposal.edition)
    proposal = Proposal.objects.select_related("edition", "request__edition", "swap_with", "slot", "table").get(pk=proposal.pk)
    consent = Consent.objects.select_for_update(of=("self",)).filter(proposal=proposal, participant__user=actor).first()
    if consent is None:
        raise PermissionDenied
    if proposal.state != ProposalState.OPEN:
        return proposal
    if proposal.expires_at <= proposal.edition.now():
        return _lapse(proposal)
    if consent.agrees != agrees:  # a yes may become a no while it is open
        consent.agrees, consent.at = agrees, proposal.edition.now()
        consent.save(update_fields=["agrees", "at"])
        record(proposal.edition, actor, "answer_proposal", proposal.request.code, agrees=agrees)
    if not agrees:
        close_proposal(proposal, ProposalState.REFUSED)
        tell_of_proposal(proposal, "proposal_refused", but=actor)
        offer_next(proposal)
        return proposal
    return _conclude(proposal, actor)


def _conclude(proposal: Proposal, actor: User) -> Proposal:
    """Make the change when everybody who comes now has agreed."""
    agreed = set(proposal.consents.filter(agrees=True).values_list("participant_id", flat=True))
    coming = {seat.participant_id for seats in seats_of(proposal).values() for seat in seats}
    if proposal.consents.exclude(agrees=True).filter(participant__in=coming).exists():
        return proposal
    if not coming <= agreed:  # other people come than were asked
        return _lapse(proposal)
    try:
        _make(proposal, actor)
    except Refused:
        return _lapse(proposal)
    close_proposal(proposal, ProposalState.TAKEN)
    return proposal


def _make(proposal: Proposal, actor: User) -> None:
    """The change itself, in a transaction of its own; Refused where the place has gone."""
    with transaction.atomic():
        published = published_of(proposal.edition)
        if published is None:
            raise NotPublished
        request, other, slot = proposal.request, proposal.swap_with, proposal.slot
        if other is None:
            times = free_times(request, published)
            if slot not in times.slots:
                raise NotPossible(_("That time has just been taken."))
            steps = [Step(request, slot, times.table(slot, proposal.table))]
        else:
            one, exchanged = standing_meeting(published, request), standing_meeting(published, other)
            if one is None or exchanged is None or (exchanged.slot_id, exchanged.table_id) != (slot.pk, proposal.table_id):
                raise NotPossible(_("One of the two meetings has changed in the meantime."))
            steps = [Step(request, exchanged.slot, exchanged.table), Step(other, one.slot, one.table)]
        change_meetings(published, steps, cause=CAUSES[ProposalKind(proposal.kind)], by=actor)


def _lapse(proposal: Proposal) -> Proposal:
    close_proposal(proposal, ProposalState.LAPSED)
    tell_of_proposal(proposal, "proposal_lapsed")
    offer_next(proposal)
    return proposal


@transaction.atomic
def withdraw_proposal(actor: User, proposal: Proposal) -> Proposal:
    """Take back what one has proposed. Twice is once; what is no longer open stays as it is."""
    lock_edition(proposal.edition)
    proposal = Proposal.objects.select_related("edition", "request", "proposed_by").get(pk=proposal.pk)
    if proposal.proposed_by is None or proposal.proposed_by.user_id != actor.pk:
        raise PermissionDenied
    if proposal.state == ProposalState.OPEN:
        close_proposal(proposal, ProposalState.WITHDRAWN)
        record(proposal.edition, actor, "withdraw_proposal", proposal.request.code)
        tell_of_proposal(proposal, "proposal_withdrawn", but=actor)
    return proposal


def lapse_proposals(edition: Edition, now: dt.datetime | None = None) -> int:
    """Close what nobody answered in time, and ask the next of the standby list; how many there were."""
    late = Proposal.objects.filter(edition=edition, state=ProposalState.OPEN, expires_at__lte=now or edition.now())
    if not late.exists():  # every minute, without waiting for anybody
        return 0
    with transaction.atomic():
        lock_edition(edition)
        found = list(
            late.select_related("edition", "request__edition", "swap_with", "slot", "table").order_by("expires_at", "pk")
        )
        for proposal in found:
            _lapse(proposal)
    return len(found)


@transaction.atomic
def cancel_meeting(actor: User, meeting: Meeting, words: str = "", *, again: bool = False) -> Meeting:
    """Cancel a meeting of the published timetable. `again`: the two still want to meet, at another time; else the request
    ends, and also where a side has dropped out.

    A participant may until some minutes before it begins (the edition's settings), an organiser until it begins.
    The other side reads `words`. Twice is once.
    """
    edition = lock_edition(meeting.timetable.edition)
    request = MeetingRequest.objects.select_related("edition").get(pk=meeting.request_id)
    organises = acts_as_organiser(actor, request)
    meeting = Meeting.objects.select_related("slot", "timetable__edition").get(pk=meeting.pk)
    if meeting.is_cancelled:
        return meeting
    if not may_cancel(actor, request):
        raise PermissionDenied
    if not organises and (late := too_late_to_cancel(edition, meeting)):
        raise NotPossible(late)
    cause = Cause.ORGANISER if organises else Cause.CANCELLED
    if not again or abandoned(MeetingRequest.objects.filter(pk=request.pk)).exists():
        request.status = RequestStatus.WITHDRAWN
        request.save(update_fields=["status"])
    change_meetings(meeting.timetable, [Step(request, None)], cause=cause, by=actor, words=words.strip())
    meeting.refresh_from_db()
    return meeting


@transaction.atomic
def place_meeting(actor: User, request: MeetingRequest, slot: Slot) -> Meeting | None:
    """An organiser gives a meeting its time at once, without asking; its people are told. Raises Refused."""
    lock_edition(request.edition)
    if not may_arrange(actor, request) or comes_to(actor, request):
        raise PermissionDenied
    published = published_of(request.edition)
    if published is None:
        raise NotPublished
    meeting = standing_meeting(published, request)
    _ensure_to_come(request.edition, slot, meeting)
    if meeting is not None and meeting.slot_id == slot.pk:
        return meeting
    times = free_times(request, published)
    if slot not in times.slots:
        raise NotPossible(NOT_FREE)
    change_meetings(published, [Step(request, slot, times.table(slot))], cause=Cause.ORGANISER, by=actor)
    return standing_meeting(published, request)


ONE_OPEN = gettext_lazy("Something is proposed for this meeting already: answer or withdraw that first.")
NOT_FREE = gettext_lazy("That time is not free for everybody who comes, or no table is left then. Choose another one.")
