"""A meeting is held online, at an address that only its people read, or in person."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.live import change_meeting
from madang.meetings.actions.people_tellings import tell_of_place
from madang.meetings.actions.refusals import Clash, InThePast, NotInTimetable, NotPossible, Taken
from madang.meetings.models import Cause, Form, Meeting, MeetingRequest
from madang.meetings.queries.live import standing_meeting
from madang.meetings.queries.places import booth_of
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import may_set_place


@transaction.atomic
def set_place(actor: User, request: MeetingRequest, form: str, link: str = "") -> MeetingRequest:
    """Meet online at `link` (may be empty: to follow), or in person. Everybody else who comes is told. Twice is once.

    A placed meeting that goes online frees its table; one that is online and placed goes back only where it needs no table,
    at a booth. Raises NotPossible with a sentence, and then nothing has changed.
    """
    edition, form = lock_edition(request.edition), Form(form)
    people = MeetingRequest.objects.select_related("sender__company__booth", "receiver__company__booth")
    request = people.get(pk=request.pk)
    request.edition = edition
    if not may_set_place(actor, request):
        raise PermissionDenied
    link = link.strip() if form == Form.ONLINE else ""
    if (request.form, request.link) == (form, link):
        return request
    has_moved = request.form != form
    request.form, request.link = form, link
    request.save(update_fields=["form", "link"])
    meeting, is_told = _follow(actor, request, has_moved=has_moved)
    record(edition, actor, "set_place", request.code, form=form.value)
    if not is_told:
        tell_of_place(actor, request, meeting)
    return request


def _follow(actor: User, request: MeetingRequest, *, has_moved: bool) -> tuple[Meeting | None, bool]:
    """The published meeting, its table freed, one sequence higher so that calendars read the new place; whether that was told."""
    published = published_of(request.edition)
    meeting = standing_meeting(published, request) if published else None
    if published is None or meeting is None:
        return None, False
    if meeting.slot.starts_at <= request.edition.now() and has_moved:
        raise NotPossible(_("What has begun cannot be changed any more."))
    if request.form == Form.IN_PERSON and booth_of(request) is None:
        raise NotPossible(_("It would need a table: cancel it first, then find a new time for it."))
    before = meeting.sequence
    if has_moved:
        try:
            change_meeting(published, request, slot=meeting.slot, table=None, cause=Cause.COLLEAGUE, by=actor)
        except (Clash, Taken, NotInTimetable, InThePast):
            raise NotPossible(_("Somebody sleeps at that time, or is not free: choose another time first.")) from None
        meeting.refresh_from_db()
    is_told = meeting.sequence > before  # the table was freed, and the others were told so
    if not is_told:
        meeting.sequence, meeting.changed_at = before + 1, request.edition.now()
        meeting.save(update_fields=["sequence", "changed_at"])
    return meeting, is_told
