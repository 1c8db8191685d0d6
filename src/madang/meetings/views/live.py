"""What people do with a meeting after publication: another time, a swap, cancelling; an organiser places at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.markets.models import Slot
from madang.meetings.actions import proposals as actions
from madang.meetings.actions.live import refusal_words
from madang.meetings.actions.refusals import Refused
from madang.meetings.live_forms import CancelForm
from madang.meetings.models import Meeting, MeetingRequest, Proposal, ProposalState
from madang.meetings.queries.live import (
    NO_TIMES,
    free_times,
    open_proposal,
    standing_meeting,
    swappable_meetings,
    too_late_to_cancel,
    why_nobody_meets,
    why_not_book,
)
from madang.meetings.queries.reasons import moment_words
from madang.meetings.queries.requests import with_people
from madang.meetings.queries.timetable import published_of
from madang.meetings.rules import acts_as_organiser, comes_to, may_arrange, may_cancel, visible_requests
from madang.meetings.tasks import mail_notices
from madang.people.pages import SignedInRequest, signed_in_page


def arranged_request(request: SignedInRequest, code: str) -> MeetingRequest:
    """The request with this code, if the user may arrange its meeting; 404 otherwise."""
    found = get_object_or_404(with_people(visible_requests(request.user, request.edition)), code=code)
    if not may_arrange(request.user, found):
        raise Http404
    return found


@require_safe
@signed_in_page
def times(request: SignedInRequest, code: str) -> HttpResponse:
    """The free times of a meeting, and what it could swap with."""
    return _times_page(request, arranged_request(request, code), status=200)


def _times_page(request: SignedInRequest, found: MeetingRequest, status: int, refusal: str = "") -> HttpResponse:
    published, organises = published_of(request.edition), not comes_to(request.user, found)
    meeting = standing_meeting(published, found) if published else None
    why_not = ("" if organises else why_not_book(request.edition)) or why_nobody_meets(found)
    has_begun = meeting is not None and meeting.slot.starts_at <= request.edition.now()
    may = published is not None and not why_not and not has_begun
    free = free_times(found, published) if published is not None and may else NO_TIMES
    context: dict[str, Any] = {
        "found": found,
        "meeting": meeting,
        "published": published,
        "organises": organises,
        "why_not": why_not,
        "has_begun": has_begun,
        "days": free.by_day(request.edition),
        "swaps": _swaps(request, meeting) if may and not organises and meeting else [],
        "proposal": open_proposal(found),
        "refusal": refusal,
    }
    return render(request, "meetings/times.html", context, status=status)


def _swaps(request: SignedInRequest, meeting: Meeting) -> list[tuple[MeetingRequest, Meeting]]:
    """What the meeting could swap with, with its people."""
    swaps = swappable_meetings(request.user, meeting)
    rows = with_people(MeetingRequest.objects.filter(pk__in=[one.request_id for one in swaps])).in_bulk()
    return [(rows[one.request_id], one) for one in swaps]


@require_POST
@signed_in_page
def propose(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose one of the free times; an organiser places the meeting there."""
    found = arranged_request(request, code)
    slot = _slot(request)
    if slot is None:
        return _times_page(request, found, 422, _("That time is not there any more. Choose another one."))
    try:
        if not comes_to(request.user, found):
            actions.place_meeting(request.user, found, slot)
            said = _("The meeting now stands at %(when)s; its people are told.") % {"when": moment_words(slot, request.edition)}
        else:
            said = _said(actions.propose_time(request.user, found, slot), request)
    except Refused as refused:
        return _times_page(request, found, 422, refusal_words(refused))
    return _done(request, found, said)


def _slot(request: SignedInRequest) -> Slot | None:
    number = request.POST.get("slot", "")
    return (
        Slot.objects.filter(edition=request.edition, pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    )


@require_POST
@signed_in_page
def swap(request: SignedInRequest, code: str) -> HttpResponse:
    """Propose that this meeting and another one of mine exchange places."""
    found = arranged_request(request, code)
    other = arranged_request(request, request.POST.get("other", "")[:40])
    if not (comes_to(request.user, found) and comes_to(request.user, other)):
        raise Http404
    try:
        proposal = actions.propose_swap(request.user, found, other)
    except Refused as refused:
        return _times_page(request, found, 422, refusal_words(refused))
    return _done(request, found, _said(proposal, request))


def _said(proposal: Proposal, request: SignedInRequest) -> str:
    if proposal.state == ProposalState.TAKEN:
        return _("Agreed: the meeting is at %(when)s.") % {"when": moment_words(proposal.slot, request.edition)}
    if proposal.state == ProposalState.OPEN:
        return _("Proposed. It is settled once everybody has agreed; until then nothing changes.")
    return _("That time has just been taken. Choose another one.")


@signed_in_page
def cancel(request: SignedInRequest, code: str) -> HttpResponse:
    """Cancel the meeting: for good, or to find another time."""
    found = get_object_or_404(with_people(visible_requests(request.user, request.edition)), code=code)
    published = published_of(request.edition)
    meeting = standing_meeting(published, found) if published else None
    if meeting is None:  # a double click, or the other side was quicker
        if found.meetings.filter(timetable=published, is_cancelled=True).exists():
            messages.info(request, _("This meeting is cancelled."))
        return redirect("meetings:meeting", request.edition.slug, found.code)
    if not may_cancel(request.user, found):
        raise Http404
    may_again = may_arrange(request.user, found)
    form = CancelForm(request.POST if request.method == "POST" else None, may_again=may_again)
    refusal = "" if acts_as_organiser(request.user, found) else too_late_to_cancel(request.edition, meeting)
    if request.method == "POST" and form.is_valid() and not refusal:
        again = form.cleaned_data.get("again") == "again"
        try:
            actions.cancel_meeting(request.user, meeting, form.cleaned_data["words"], again=again)
        except Refused as refused:
            refusal = refusal_words(refused)
        else:
            said = _("The meeting is cancelled and its people are told.")
            return _done(request, found, said, to="times" if again else "meeting")
    context = {"found": found, "meeting": meeting, "form": form, "refusal": refusal}
    return render(request, "meetings/cancel.html", context, status=422 if request.method == "POST" else 200)


def _done(request: SignedInRequest, found: MeetingRequest, said: str, to: str = "meeting") -> HttpResponse:
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, said)
    return redirect(f"meetings:{to}", request.edition.slug, found.code)
