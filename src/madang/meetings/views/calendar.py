"""What people press in their calendars: when they cannot meet, and what of the programme they go to."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madang.meetings.actions.calendar import CalendarRefused, block_time, go_to_event, leave_event, unblock_time
from madang.meetings.calendar_forms import BlockForm
from madang.meetings.queries.agenda import meeting_items
from madang.meetings.rules import may_keep_calendar
from madang.meetings.tasks import mail_notices
from madang.meetings.views.agenda import agenda_page, person_of
from madang.people.models import Participant
from madang.people.pages import SignedInRequest, signed_in_page
from madang.programme.models import Event, EventPart
from madang.programme.rules import visible_events


@require_POST
@signed_in_page
def block(request: SignedInRequest, code: str) -> HttpResponse:
    """A time in which a person cannot meet: one slot that was pressed, or a stretch from a form."""
    person = _keeper_of(request, code)
    if "slot" in request.POST:
        pk = request.POST["slot"]
        slot = get_object_or_404(request.edition.slots, pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
        stretch, reason = (slot.starts_at, slot.ends_at), ""
    else:
        form = BlockForm(request.POST, edition=request.edition)
        if not form.is_valid():
            return agenda_page(request, person, form)
        stretch, reason = form.stretch(), form.cleaned_data["reason"]
    try:
        made = block_time(request.user, person, *stretch, reason)
    except CalendarRefused as refused:
        return _refused(request, person, refused)
    messages.success(request, _("Noted: no meeting is put there."))
    return redirect(_agenda(request, person) + _day(request, made.starts_at))


@require_POST
@signed_in_page
def unblock(request: SignedInRequest, code: str) -> HttpResponse:
    """She can meet then after all."""
    person = _keeper_of(request, code)
    pk = request.POST.get("block", "")
    if pk.isdecimal() and len(pk) < 18:
        unblock_time(request.user, person, int(pk))
    messages.success(request, _("That time is open for meetings again."))
    return redirect(_agenda(request, person) + "#away")


@require_POST
@signed_in_page
def visit(request: SignedInRequest, code: str) -> HttpResponse:
    """Go to an event of the programme, or not; the organiser also says who is on stage."""
    person = _keeper_of(request, code)
    event = get_object_or_404(visible_events(request.user, request.edition), code=request.POST.get("event", ""))
    part = request.POST.get("part", EventPart.AUDIENCE)
    try:
        if part == "none":
            leave_event(request.user, person, event)
        else:
            go_to_event(request.user, person, event, part if part in EventPart.values else EventPart.AUDIENCE)
    except CalendarRefused as refused:
        return _refused(request, person, refused)
    mail_notices.enqueue(request.build_absolute_uri("/"))
    said = _("“%(event)s” is no longer in the agenda.") if part == "none" else _("“%(event)s” stands in the agenda.")
    messages.success(request, said % {"event": event})
    return redirect(_back(request, person, event))


def _keeper_of(request: SignedInRequest, code: str) -> Participant:
    person = person_of(request, code)
    if not may_keep_calendar(request.user, person):
        raise Http404
    return person


def _refused(request: SignedInRequest, person: Participant, refused: CalendarRefused) -> HttpResponse:
    standing = meeting_items(refused.meetings, person)
    context = {"person": person, "refused": refused, "standing": standing, "back": _agenda(request, person)}
    return render(request, "meetings/calendar_refused.html", context, status=422)


def _agenda(request: SignedInRequest, person: Participant) -> str:
    if request.participant is not None and request.participant.pk == person.pk:
        return reverse("meetings:agenda", args=[request.edition.slug])
    return reverse("meetings:agenda_of", args=[request.edition.slug, person.code])


def _back(request: SignedInRequest, person: Participant, event: Event) -> str:
    """To where the button was pressed."""
    if request.POST.get("at") == "programme":
        return reverse("programme:event", args=[request.edition.slug, event.code])
    return _agenda(request, person) + _day(request, event.starts_at)


def _day(request: SignedInRequest, moment: dt.datetime) -> str:
    return f"#day-{moment.astimezone(request.edition.zone).date().isoformat()}"
