"""Who comes to a meeting: colleagues named or put in somebody's place, guests, and people who leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.markets.rules import may_organise
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.introductions import introduce
from madang.meetings.actions.live import change_meeting
from madang.meetings.actions.people_tellings import tell_people
from madang.meetings.actions.proposal_rows import withdraw_proposals_of
from madang.meetings.actions.refusals import Clash, InThePast, NotInTimetable, NotPossible, Taken
from madang.meetings.models import (
    Attendee,
    Cause,
    Meeting,
    MeetingRequest,
    Part,
    RequestStatus,
    Unavailability,
    policy_of,
)
from madang.meetings.queries.busy import time_of_visit, venue_of
from madang.meetings.queries.colleagues import candidates, colleagues_of, comes_for, invitable_guests, is_open_to, people_in
from madang.meetings.queries.live import standing_meeting
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import may_invite, may_name_people, takes_guests
from madang.people.models import Participant
from madang.people.rules import participant_of
from madang.programme.models import EventPart, Visit


def name_colleague(
    actor: User,
    request: MeetingRequest,
    person: Participant,
    side: str,
    *,
    instead_of: Participant | None = None,
    anyway: bool = False,
) -> Attendee:
    """A colleague comes for that side too, or in the place of somebody of it. Twice is once.

    Where the meeting has a time, another meeting or being on stage then keeps her from it; her own block, or an event she
    means to see, gives way with `anyway`. Raises NotPossible with a sentence, and then no row has changed.
    """
    with _changing(request) as request:
        if not may_name_people(actor, request, side):
            raise PermissionDenied
        seats = {seat.participant_id: seat for seat in request.attendees.select_related("participant")}
        seat, leaving = seats.get(person.pk), seats.get(instead_of.pk) if instead_of else None
        if seat and seat.part == Part.COMING and seat.side == side and (not leaving or leaving.part == Part.REPLACED):
            return seat
        _ensure_colleague(actor, request, person, side)
        _ensure_place(request, seat, leaving, side)
        _make_room(actor, request, person, anyway=anyway)
        seat = seat or Attendee(request=request, participant=person)
        seat.side, seat.part = side, Part.COMING
        seat.save()
        if leaving is not None:
            leaving.part = Part.REPLACED
            leaving.save(update_fields=["part"])
        place = _settle(actor, request)
        who = {"person": person.code, "instead_of": instead_of.code if instead_of else ""}
        record(request.edition, actor, "name_colleague", request.code, **who)
        tell_people(actor, request, place, new=person, gone=instead_of)
    return seat


def invite_guest(actor: User, request: MeetingRequest, guest: Participant, side: str) -> Attendee:
    """Ask somebody to join an agreed meeting; she comes only when she has said yes. Raises NotPossible. Twice is once."""
    with _changing(request) as request:
        if not may_invite(actor, request, side):
            raise PermissionDenied
        already = Attendee.objects.filter(request=request, participant=guest, part=Part.INVITED).first()
        if already is not None:
            return already
        if not invitable_guests(actor, request).filter(pk=guest.pk).exists() or not is_open_to(request, guest, actor):
            raise NotPossible(_("%(name)s cannot be invited to this meeting.") % {"name": guest.name})
        _ensure_few(request)
        _ensure_to_come(request)
        seat = Attendee.objects.create(request=request, participant=guest, side=side, part=Part.INVITED)
        record(request.edition, actor, "invite_guest", request.code, person=guest.code)
        tell_people(actor, request, _meeting(request), invited=guest)
    return seat


def answer_invitation(actor: User, request: MeetingRequest, *, accept: bool, anyway: bool = False) -> Attendee:
    """The guest says whether she comes. Another meeting then keeps her from it; her own block gives way with `anyway`."""
    with _changing(request) as request:
        me = participant_of(actor, request.edition)
        seat = Attendee.objects.filter(request=request, participant=me, is_principal=False).first() if me else None
        if seat is None or me is None:
            raise PermissionDenied
        wanted = Part.COMING if accept else Part.DECLINED
        if seat.part != Part.INVITED:
            if seat.part == wanted:
                return seat
            raise NotPossible(_("This invitation is no longer open."))
        if accept:
            if not takes_guests(request) or not is_open_to(request, me, actor):
                raise NotPossible(_("This invitation is no longer open."))
            _make_room(actor, request, me, anyway=anyway)
        seat.part = wanted
        seat.save(update_fields=["part"])
        place = _settle(actor, request) if accept else _meeting(request)
        record(request.edition, actor, "answer_invitation", request.code, status=wanted.value)
        tell_people(actor, request, place, new=me if accept else None, declined=None if accept else me)
    return seat


def leave_meeting(actor: User, request: MeetingRequest, person: Participant) -> None:
    """Somebody who joined does not come after all, or her invitation is taken back. Who asked or was asked names a colleague."""
    with _changing(request) as request:
        seat = Attendee.objects.filter(request=request, participant=person).first()
        if seat is None or seat.part in (Part.DECLINED, Part.REPLACED):
            return
        if seat.participant.user_id != actor.pk and not may_name_people(actor, request, seat.side):
            raise PermissionDenied
        if seat.part == Part.INVITED:
            seat.delete()
            record(request.edition, actor, "take_back_invitation", request.code, person=person.code)
            return
        if seat.is_principal or not comes_for(request, seat.side).exclude(pk=seat.pk).exists():
            raise NotPossible(_("Somebody has to come for this side: name a colleague in this place, or cancel the meeting."))
        seat.part = Part.DECLINED
        seat.save(update_fields=["part"])
        place = _settle(actor, request)
        record(request.edition, actor, "leave_meeting", request.code, person=person.code)
        tell_people(actor, request, place, gone=person)


@contextmanager
def _changing(request: MeetingRequest) -> Iterator[MeetingRequest]:
    """The request as it is now, with nobody else changing anything of the edition; all of it or nothing."""
    with transaction.atomic():
        edition = lock_edition(request.edition)
        people = MeetingRequest.objects.select_related("sender__company__booth", "receiver__company__booth", "title")
        fresh = people.get(pk=request.pk)
        fresh.edition = edition
        yield fresh


def _ensure_colleague(actor: User, request: MeetingRequest, person: Participant, side: str) -> None:
    if not colleagues_of(actor, request, side).filter(pk=person.pk).exists():
        raise NotPossible(_("%(name)s is not a colleague of this side.") % {"name": person.name})


def _ensure_place(request: MeetingRequest, seat: Attendee | None, leaving: Attendee | None, side: str) -> None:
    """Nobody sits on both sides; who is replaced comes now; and a meeting has only so many people."""
    if seat is not None and seat.side != side:
        raise NotPossible(_("%(name)s belongs to the other side of this meeting.") % {"name": seat.participant.name})
    if leaving is not None and (leaving.side != side or leaving.part != Part.COMING):
        raise NotPossible(_("%(name)s does not come to this meeting any more.") % {"name": leaving.participant.name})
    if leaving is None and (seat is None or seat.part not in (Part.COMING, Part.INVITED)):
        _ensure_few(request)


def _ensure_few(request: MeetingRequest) -> None:
    most = policy_of(request.edition).most_people
    if people_in(request) >= most:
        raise NotPossible(_("A meeting has %(most)s people at most.") % {"most": most})


def _ensure_to_come(request: MeetingRequest) -> None:
    meeting = _meeting(request)
    if meeting is not None and meeting.slot.starts_at <= request.edition.now():
        raise NotPossible(_("What has begun cannot be changed any more."))


def _meeting(request: MeetingRequest) -> Meeting | None:
    published = published_of(request.edition)
    return standing_meeting(published, request) if published else None


def _make_room(actor: User, request: MeetingRequest, person: Participant, *, anyway: bool) -> None:
    """She is free at the meeting's time, or what she had then gives way."""
    _ensure_to_come(request)
    (candidate,) = candidates(actor, request, [person])
    if not candidate.why_not:
        return
    words = {"name": person.name, "why": candidate.why_not}
    if candidate.is_firm:
        raise NotPossible(_("%(name)s is not free: %(why)s.") % words)
    if not anyway:
        raise NotPossible(_("%(name)s is not free: %(why)s. If the meeting matters more, say so.") % words)
    meeting = _meeting(request)
    if meeting is not None:
        _give_way(request.edition, person, meeting)


def _give_way(edition: Edition, person: Participant, meeting: Meeting) -> None:
    """Her own blocks leave the meeting's time open; events that she meant to see are dropped."""
    start, end = meeting.slot.starts_at, meeting.slot.ends_at
    for block in Unavailability.objects.filter(participant=person, starts_at__lt=end, ends_at__gt=start):
        block.delete()
        for begins, ends in ((block.starts_at, start), (end, block.ends_at)):
            if begins < ends:
                Unavailability.objects.create(participant=person, starts_at=begins, ends_at=ends, reason=block.reason)
    venue, visits = venue_of(edition), Visit.objects.filter(participant=person, part=EventPart.AUDIENCE)
    for visit in visits.select_related("event"):
        begins, ends = time_of_visit(venue, visit)
        if begins < end and start < ends:
            visit.delete()


def _settle(actor: User, request: MeetingRequest) -> Meeting | None:
    """The published meeting follows its people; what was proposed for it is over; who may know whom is written anew."""
    published, meeting = published_of(request.edition), _meeting(request)
    if published is not None and meeting is not None:
        cause = Cause.ORGANISER if _is_stranger(actor, request) else Cause.COLLEAGUE
        try:
            meeting = change_meeting(published, request, slot=meeting.slot, table=meeting.table, cause=cause, by=actor)
        except InThePast:
            raise NotPossible(_("What has begun cannot be changed any more.")) from None
        except (Clash, Taken, NotInTimetable):
            sentence = _("That does not fit: too many meetings that day, no time left to eat or rest, or another meeting then.")
            raise NotPossible(sentence) from None
    elif request.status == RequestStatus.ACCEPTED:
        withdraw_proposals_of([request])
    introduce(request.edition, [one.participant for one in request.attendees.select_related("participant")])
    return meeting


def _is_stranger(actor: User, request: MeetingRequest) -> bool:
    """An organiser who is none of the meeting's people."""
    return may_organise(actor, request.edition) and not request.attendees.filter(participant__user=actor).exists()
