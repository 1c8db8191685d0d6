"""A person's own calendar: when she cannot meet, and what of the programme she means to be at."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.markets.rules import may_organise
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.refusals import Refused
from madang.meetings.models import Meeting, TimetableState, Unavailability
from madang.meetings.queries.agenda import with_place
from madang.meetings.queries.busy import time_of_visit, venue_of
from madang.meetings.rules import may_keep_calendar
from madang.people.actions import notify
from madang.people.models import Participant
from madang.programme.models import Event, EventPart, Visit
from madang.programme.rules import visible_events

REASON_LENGTH = 200


class CalendarRefused(Refused):
    """Nothing was written. The text is a sentence for the reader; `meetings` are those that stand in the way."""

    def __init__(self, sentence: str, meetings: list[Meeting] | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.meetings = sentence, meetings or []


@transaction.atomic
def block_time(
    actor: User, participant: Participant, starts_at: dt.datetime, ends_at: dt.datetime, reason: str = ""
) -> Unavailability:
    """The participant cannot meet from `starts_at` until `ends_at` (aware). A second block with that start replaces the first.

    Raises CalendarRefused where a meeting of the published timetable stands in the way, or the time is none of the edition's.
    """
    edition = _guard(actor, participant)
    _ensure_sensible(edition, starts_at, ends_at)
    _ensure_no_meeting(participant, starts_at, ends_at)
    known = Unavailability.objects.filter(participant=participant, starts_at=starts_at).first()
    block = known or Unavailability(participant=participant, starts_at=starts_at)
    if known and (known.ends_at, known.reason) == (ends_at, reason.strip()):
        return known
    block.ends_at, block.reason = ends_at, reason.strip()[:REASON_LENGTH]
    block.save()
    record(edition, actor, "block_time", participant.code, start=_iso(starts_at), end=_iso(ends_at))
    return block


@transaction.atomic
def unblock_time(actor: User, participant: Participant, pk: int) -> None:
    """She can meet then after all. Twice is once."""
    edition = _guard(actor, participant)
    block = Unavailability.objects.filter(participant=participant, pk=pk).first()
    if block is not None:
        block.delete()
        record(edition, actor, "unblock_time", participant.code, start=_iso(block.starts_at), end=_iso(block.ends_at))


@transaction.atomic
def go_to_event(actor: User, participant: Participant, event: Event, part: str = EventPart.AUDIENCE) -> Visit:
    """The participant means to be at the event: no meeting is put over it. Only organisers put somebody on stage.

    Raises CalendarRefused where a meeting stands in the way (the door and the way there counted), or the event is over.
    """
    edition, part = _guard(actor, participant), EventPart(part)
    organises = may_organise(actor, edition)
    if part == EventPart.SPEAKER and not organises:
        raise PermissionDenied
    if not visible_events(actor, edition).filter(pk=event.pk).exists():
        raise PermissionDenied
    visit = Visit.objects.filter(event=event, participant=participant).first()
    if visit is not None and (visit.part == part or not organises):
        return visit
    if event.ends_at <= edition.now():
        raise CalendarRefused(_("“%(event)s” is over.") % {"event": event})
    visit = visit or Visit(event=event, participant=participant, created_at=edition.now())
    _ensure_no_meeting(participant, *time_of_visit(venue_of(edition), visit), event=event)
    visit.part = part
    visit.save()
    record(edition, actor, "go_to_event", event.code, person=participant.code, part=part.value)
    if participant.user_id != actor.pk:
        facts = {"what": event.name or str(event), "what_ko": event.name_ko, "what_fr": event.name_fr, "event": event.code}
        when = {"starts_at": event.starts_at.isoformat(), "zone": edition.time_zone, "place": str(event.hall)}
        notify(participant, "on_stage" if part == EventPart.SPEAKER else "event_added", f"{event.code}/{part}", facts | when)
    return visit


@transaction.atomic
def leave_event(actor: User, participant: Participant, event: Event) -> None:
    """She does not go after all; who is on stage asks the organiser. Twice is once."""
    edition = _guard(actor, participant)
    visit = Visit.objects.filter(event=event, participant=participant).first()
    if visit is None:
        return
    if visit.part == EventPart.SPEAKER and not may_organise(actor, edition):
        raise CalendarRefused(_("You are on stage at “%(event)s”: ask the organiser.") % {"event": event})
    visit.delete()
    record(edition, actor, "leave_event", event.code, person=participant.code)


def _guard(actor: User, participant: Participant) -> Edition:
    """The edition, locked: nobody is given a meeting while she says that she is away."""
    if not may_keep_calendar(actor, participant):
        raise PermissionDenied
    participant.edition = lock_edition(participant.edition)
    return participant.edition


def _ensure_sensible(edition: Edition, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise CalendarRefused(_("The end must come after the start."))
    if ends_at <= edition.now():
        raise CalendarRefused(_("That time is over."))
    first = dt.datetime.combine(edition.starts_on, dt.time(), edition.zone)
    last = dt.datetime.combine(edition.ends_on + dt.timedelta(days=1), dt.time(), edition.zone)
    if starts_at < first or ends_at > last:
        raise CalendarRefused(_("Choose a time on the days of the edition."))


def meetings_in(participant: Participant, starts_at: dt.datetime, ends_at: dt.datetime) -> list[Meeting]:
    """The participant's meetings of the published timetable that touch the time."""
    found = Meeting.objects.filter(
        timetable__edition=participant.edition, timetable__state=TimetableState.PUBLISHED, is_cancelled=False,
        attendances__participant=participant, slot__starts_at__lt=ends_at, slot__ends_at__gt=starts_at,
    )  # fmt: skip
    return list(with_place(found).order_by("slot__starts_at", "pk"))


def _ensure_no_meeting(
    participant: Participant, starts_at: dt.datetime, ends_at: dt.datetime, event: Event | None = None
) -> None:
    meetings = meetings_in(participant, starts_at, ends_at)
    if not meetings:
        return
    if event is None:
        raise CalendarRefused(_("A meeting stands then. Move it or cancel it first, or choose another time."), meetings)
    told = _("A meeting stands in the way of “%(event)s”, the door and the way there counted. Move it or cancel it first.")
    raise CalendarRefused(told % {"event": event}, meetings)


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="minutes")
