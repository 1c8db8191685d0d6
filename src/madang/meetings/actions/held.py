"""At the meeting: checking in, running late, who did not come, what came of it, whose card is given."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from madang.accounts.models import User
from madang.kit.languages import LANGUAGES
from madang.markets.actions import record
from madang.markets.rules import may_organise
from madang.meetings.actions.followups import follow_outcome
from madang.meetings.models import AbsentCause, Attendee, Interest, Meeting, Part
from madang.meetings.queries.held import LATE_MINUTES, coming_attendees, may_be_late_now, may_say_now
from madang.meetings.queries.places import where_facts
from madang.people.actions import Telling, notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts

NOTE_LENGTH = 2000


class NotNow(Exception):
    """Nothing was written; the text is a sentence for the actor."""


@transaction.atomic
def check_in(actor: User, meeting: Meeting) -> Attendee:
    """Say that one is, or was, at the meeting; twice is once. Whoever reported one absent is told."""
    me, others = _seats(actor, meeting)
    _guard_window(meeting)
    if me.checked_in_at is None:
        _seat(me, me.participant)
        record(_edition(meeting), actor, "check_in", meeting.request.code)
        if me.absent_cause:
            _tell(meeting, me, [one for one in others if one.side != me.side], "absence_contested")
    return me


@transaction.atomic
def check_in_both(actor: User, meeting: Meeting, met: Participant) -> Attendee:
    """The actor scanned the badge of one whom she meets now: both are there, whatever was said before. Gives `met`'s seat."""
    me, others = _seats(actor, meeting)
    _guard_window(meeting)
    other = next((one for one in others if one.participant_id == met.pk and one.side != me.side), None)
    if other is None:
        raise PermissionDenied
    for one in (me, other):
        if one.checked_in_at is None or one.absent_cause:
            one.absent_cause, one.absent_at, one.absent_by = "", None, None
            _seat(one, me.participant)
            record(_edition(meeting), actor, "check_in", meeting.request.code, scanned=one.participant.code)
    return other


@transaction.atomic
def run_late(actor: User, meeting: Meeting, minutes: int) -> Attendee:
    """Tell the other side that one will be so many minutes late (one of LATE_MINUTES; 0: on time after all)."""
    me, others = _seats(actor, meeting)
    if minutes not in (0, *LATE_MINUTES) or not may_be_late_now(_edition(meeting), meeting):
        raise NotNow(_("Being late can be said from an hour before the meeting until its end."))
    if (me.late_minutes or 0) == minutes:
        return me
    me.late_minutes, me.late_at = minutes or None, _edition(meeting).now()
    me.save(update_fields=["late_minutes", "late_at"])
    record(_edition(meeting), actor, "run_late", meeting.request.code, minutes=minutes)
    kind = "running_late" if minutes else "on_time"
    other_side = [one for one in others if one.side != me.side]
    _tell(meeting, me, other_side, kind, f"/{me.participant.code}/{minutes}", minutes=minutes)
    return me


@transaction.atomic
def report_absence(actor: User, meeting: Meeting, absent: Attendee, cause: str) -> Attendee:
    """Say that somebody of the other side did not come, and why (a value of AbsentCause); empty takes the report back.

    The other side and the organiser may; the absent one is told and may say otherwise by checking in.
    """
    me, absent = _reporter(actor, meeting, absent)
    _guard_window(meeting)
    if cause not in ("", *AbsentCause.values):
        raise NotNow(_("Choose why the meeting did not take place."))
    if cause and _edition(meeting).now() < meeting.slot.starts_at:
        raise NotNow(_("The meeting has not begun yet; whoever is on the way can say so."))
    if absent.absent_cause == cause:
        return absent
    absent.absent_cause, absent.absent_by = cause, me.participant if me and cause else None
    absent.absent_at = _edition(meeting).now() if cause else None
    absent.save(update_fields=["absent_cause", "absent_at", "absent_by"])
    record(_edition(meeting), actor, "report_absence", meeting.request.code, person=absent.participant.code, cause=cause)
    if cause:
        _tell(meeting, me, [absent], "absence_reported", f"/{cause}", **_cause_facts(cause))
    return absent


@transaction.atomic
def say_outcome(actor: User, meeting: Meeting, interest: str) -> Attendee:
    """What came of the meeting, for oneself alone (a value of Interest; empty: nothing said); keeps the follow-ups in step."""
    me, _others = _seats(actor, meeting)
    _guard_window(meeting)
    if interest not in ("", *Interest.values):
        raise NotNow(_("Choose what came of the meeting."))
    if me.interest != interest:
        me.interest = interest
        me.save(update_fields=["interest"])
        follow_outcome(me, _others)
    return me


@transaction.atomic
def write_note(actor: User, meeting: Meeting, note: str) -> Attendee:
    """A note that nobody else ever reads; no line of the log tells of it."""
    me, _others = _seats(actor, meeting)
    note = note.replace("\r\n", "\n").strip()
    if len(note) > NOTE_LENGTH:
        raise NotNow(_("This is too long: %(limit)s letters at most.") % {"limit": NOTE_LENGTH})
    me.note = note
    me.save(update_fields=["note"])
    return me


@transaction.atomic
def share_card(actor: User, meeting: Meeting, *, gives: bool) -> Attendee:
    """Give the people of this meeting one's contact card, or take it back; they are told once that it is there."""
    me, others = _seats(actor, meeting)
    if me.shares_card != gives:
        me.shares_card = gives
        me.save(update_fields=["shares_card"])
        record(_edition(meeting), actor, "share_card", meeting.request.code, gives=gives)
        if gives:
            _tell(meeting, me, [one for one in others if one.side != me.side], "card_given", f"/{me.participant.code}")
    return me


def _edition(meeting: Meeting) -> Any:
    return meeting.request.edition


def _seats(actor: User, meeting: Meeting) -> tuple[Attendee, list[Attendee]]:
    """The actor's own seat in the meeting and the others', locked; PermissionDenied for whoever does not come."""
    people = list(coming_attendees(meeting).select_for_update(of=("self",)))
    me = next((one for one in people if one.participant.user_id == actor.pk), None)
    if me is None:
        raise PermissionDenied
    return me, [one for one in people if one is not me]


def _reporter(actor: User, meeting: Meeting, absent: Attendee) -> tuple[Attendee | None, Attendee]:
    """The actor's own seat (None: an organiser) and the absent one's, locked."""
    people = {one.pk: one for one in coming_attendees(meeting).select_for_update(of=("self",))}
    me = next((one for one in people.values() if one.participant.user_id == actor.pk), None)
    found = people.get(absent.pk)
    if found is None or found.part != Part.COMING:
        raise PermissionDenied
    if (me is None or me.side == found.side) and not may_organise(actor, _edition(meeting)):
        raise PermissionDenied
    return me, found


def _guard_window(meeting: Meeting) -> None:
    if not may_say_now(_edition(meeting), meeting):
        text = _("This can be said from a quarter of an hour before the meeting until a week after the last day.")
        raise NotNow(text if not meeting.is_cancelled else _("This meeting was cancelled."))


def _seat(one: Attendee, by: Participant) -> None:
    one.checked_in_at, one.checked_in_by = one.participant.edition.now(), by
    one.save(update_fields=["checked_in_at", "checked_in_by", "absent_cause", "absent_at", "absent_by"])


def _tell(meeting: Meeting, about: Attendee | None, to: list[Attendee], kind: str, key: str = "", **more: Any) -> None:
    """Tell these people of what `about` said (None: the organiser), each thing once while the meeting keeps its time."""
    facts: dict[str, Any] = {"request": meeting.request.code, "starts_at": meeting.slot.starts_at.isoformat()}
    facts |= {"zone": _edition(meeting).time_zone, **where_facts(meeting.request, meeting.table), **more}
    facts |= person_facts(about.participant) if about else {}
    notify_many([Telling(one.participant, kind, f"{meeting.request.code}/{meeting.sequence}{key}", facts) for one in to])


def _cause_facts(cause: str) -> dict[str, str]:
    """The cause in every language, for a notice that is read later."""
    facts = {}
    for language, _name in LANGUAGES:
        with override(language):
            facts["cause" if language == "en" else f"cause_{language}"] = str(AbsentCause(cause).label)
    return facts
