"""By whom a participant is found, whom she blocks, and dropping out of an edition."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.introductions import introduce
from madang.meetings.actions.live import Step, change_meetings
from madang.meetings.actions.people_tellings import tell_people
from madang.meetings.actions.refusals import Refused
from madang.meetings.actions.requests.closing import close_requests
from madang.meetings.models import Attendee, Cause, Meeting, MeetingRequest, Part
from madang.meetings.queries.attendees import abandoned
from madang.meetings.queries.finding import open_requests_of
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import may_leave
from madang.people.models import Block, Company, Participant, SeenBy
from madang.people.rules import is_professional, participant_of


class NotHers(PermissionDenied):
    """The actor has no part in this edition's business, or it is not her own."""


@transaction.atomic
def choose_seen_by(actor: User, edition: Edition, seen_by: str) -> Participant:
    """By whom one is found from now on; matches are for buyers. Requests and meetings stay as they are."""
    edition = lock_edition(edition)
    me = _me(actor, edition)
    if seen_by == SeenBy.MATCHES and not me.is_buyer:
        raise NotHers
    if me.seen_by != seen_by:
        me.seen_by = SeenBy(seen_by)
        me.save(update_fields=["seen_by"])
        record(edition, actor, "choose_seen_by", me.code, seen_by=str(me.seen_by))
        introduce(edition, [me])
    return me


@transaction.atomic
def block_company(actor: User, edition: Edition, company: Company) -> int:
    """One wants nothing to do with a company. What is open between is closed without words; what is placed is left to her.

    Gives the number of requests that were closed. Twice is once.
    """
    edition = lock_edition(edition)
    me = _me(actor, edition)
    if company.edition_id != edition.pk or company.pk == me.company_id:
        raise NotHers
    _block, is_new = Block.objects.get_or_create(participant=me, company=company, defaults={"created_at": edition.now()})
    if not is_new:
        return 0
    record(edition, actor, "block_company", me.code)
    closed = close_requests(actor, me, open_requests_of(me, company))
    introduce(edition, _concerned(edition, me, company))
    return closed


@transaction.atomic
def unblock_company(actor: User, edition: Edition, company: Company) -> bool:
    """Take a block back; requests that were closed stay closed. Twice is once."""
    edition = lock_edition(edition)
    me = _me(actor, edition)
    gone, _by_model = Block.objects.filter(participant=me, company=company).delete()
    if gone:
        record(edition, actor, "unblock_company", me.code)
        introduce(edition, _concerned(edition, me, company))
    return bool(gone)


@transaction.atomic
def leave_edition(actor: User, participant: Participant) -> Participant:
    """Drop out, or be taken out by the organiser: in no list any more, what is open is closed. Twice is once.

    Placed meetings to which a colleague comes too go on without her; the others stand until somebody cancels or repairs them.
    """
    edition = lock_edition(participant.edition)
    person = _hers(actor, edition, participant)
    if person.left_at is None:
        person.left_at = edition.now()
        person.save(update_fields=["left_at"])
        record(edition, actor, "leave_edition", person.code)
        close_requests(actor, person, open_requests_of(person))
        _follow(actor, edition, person)
        introduce(edition)
    return person


@transaction.atomic
def return_to_edition(actor: User, participant: Participant) -> Participant:
    """Be there again; requests that were closed stay closed. Twice is once."""
    edition = lock_edition(participant.edition)
    person = _hers(actor, edition, participant)
    if person.left_at is not None:
        person.left_at = None
        person.save(update_fields=["left_at"])
        record(edition, actor, "return_to_edition", person.code)
        _follow(actor, edition, person)
        introduce(edition)
    return person


def _follow(actor: User, edition: Edition, person: Participant) -> None:
    """Meetings to come to which colleagues come too go on without her, or with her again; their people are told."""
    published = published_of(edition)
    hers = Attendee.objects.filter(participant=person, part=Part.COMING).values("request")
    rows = Meeting.objects.filter(timetable=published, is_cancelled=False, request__in=hers, slot__starts_at__gt=edition.now())
    for meeting in rows.exclude(request__in=abandoned(MeetingRequest.objects.filter(pk__in=hers)).values("pk")):
        request, change = meeting.request, {"new": person} if person.left_at is None else {"gone": person}
        request.edition = edition
        with suppress(Refused):  # what does not fit any more is the repair's to see
            step = Step(request, meeting.slot, meeting.table)
            if change_meetings(meeting.timetable, [step], cause=Cause.COLLEAGUE, by=actor):
                tell_people(actor, request, meeting, **change)


def _me(actor: User, edition: Edition) -> Participant:
    me = participant_of(actor, edition)
    if me is None or not is_professional(me):
        raise NotHers
    return me


def _hers(actor: User, edition: Edition, participant: Participant) -> Participant:
    person = Participant.objects.select_related("edition", "company").get(pk=participant.pk)
    if not may_leave(actor, person):
        raise NotHers
    return person


def _concerned(edition: Edition, me: Participant, company: Company) -> QuerySet[Participant]:
    """Whoever hides and may be known, or not be known any more, across the block."""
    return Participant.objects.filter(Q(pk=me.pk) | Q(company=company), edition=edition)
