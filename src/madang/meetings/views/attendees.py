"""Who comes to a meeting: colleagues, guests, invitations, and where it is held."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from madang.meetings.actions.attendees import answer_invitation, invite_guest, leave_meeting, name_colleague
from madang.meetings.actions.online import set_place
from madang.meetings.actions.refusals import NotPossible
from madang.meetings.models import Form, MeetingRequest, Part, Side, policy_of
from madang.meetings.queries.attendees import sides_of
from madang.meetings.queries.colleagues import (
    candidates,
    colleagues_of,
    found_guests,
    invitable_guests,
    new_colleagues,
    people_in,
)
from madang.meetings.rules import may_invite, may_name_people, may_set_place
from madang.meetings.tasks import mail_notices
from madang.meetings.views.meeting import found_request, meeting_page
from madang.people.models import Participant
from madang.people.pages import SignedInRequest, signed_in_page


class PlaceForm(forms.Form):
    """Online or in person."""

    form = forms.ChoiceField(label=gettext_lazy("Where you meet"), choices=Form.choices, widget=forms.RadioSelect)
    link = forms.URLField(
        label=gettext_lazy("Address of the online meeting"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Only the people of this meeting read it. You can add it later."),
    )


@require_safe
@signed_in_page
def people(request: SignedInRequest, code: str) -> HttpResponse:
    """Colleagues who could come too or instead, and guests to invite."""
    return _people_page(request, found_request(request, code))


def _people_page(request: SignedInRequest, found: MeetingRequest, refusal: str = "") -> HttpResponse:
    side = _side(request, found)
    words, user = request.GET.get("q", "")[:100], request.user
    mine = next(one for one in sides_of(user, found) if one.side == side)
    guests = found_guests(user, found, words) if may_invite(user, found, side) else []
    context = {
        "found": found,
        "side": side,
        "sides": [one for one in Side if may_name_people(user, found, one)],
        "replaceable": [person for person in mine.coming if _is_colleague(person.participant, found, side)],
        "colleagues": candidates(user, found, new_colleagues(user, found, side)),
        "may_invite": may_invite(user, found, side),
        "guests": candidates(user, found, guests),
        "words": words,
        "number": people_in(found),
        "most": policy_of(request.edition).most_people,
        "refusal": refusal,
    }
    return render(request, "meetings/people_of_meeting.html", context, status=422 if refusal else 200)


def _is_colleague(participant: Participant, found: MeetingRequest, side: str) -> bool:
    company = (found.sender if side == Side.SENDER else found.receiver).company_id
    return participant.company_id == company


def _side(request: SignedInRequest, found: MeetingRequest) -> Side:
    """The side that was chosen, as far as the user says who comes for it; 404 where there is none."""
    sides = [side for side in Side if may_name_people(request.user, found, side)]
    chosen = request.POST.get("side") or request.GET.get("side")
    wanted = [side for side in sides if side.value == chosen] or sides
    if not wanted:
        raise Http404
    return wanted[0]


@require_POST
@signed_in_page
def name(request: SignedInRequest, code: str) -> HttpResponse:
    """A colleague comes too, or in somebody's place."""
    found = found_request(request, code)
    side = _side(request, found)
    person = get_object_or_404(colleagues_of(request.user, found, side), code=request.POST.get("person", ""))
    instead = request.POST.get("instead_of", "")
    leaving = get_object_or_404(Participant, edition=request.edition, attending__request=found, code=instead) if instead else None
    anyway = request.POST.get("anyway") == "yes"

    def act() -> str:
        name_colleague(request.user, found, person, side, instead_of=leaving, anyway=anyway)
        return _("%(name)s comes; everybody concerned is told.") % {"name": person.name}

    return _done(request, found, act)


@require_POST
@signed_in_page
def invite(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask a guest to join."""
    found = found_request(request, code)
    side = _side(request, found)
    guest = get_object_or_404(invitable_guests(request.user, found), code=request.POST.get("person", ""))

    def act() -> str:
        invite_guest(request.user, found, guest, side)
        return _("%(name)s is invited, and comes when she says yes.") % {"name": guest.name}

    return _done(request, found, act)


@require_POST
@signed_in_page
def answer_guest(request: SignedInRequest, code: str) -> HttpResponse:
    """A guest says whether she comes."""
    found = found_request(request, code)
    accept = request.POST.get("decision") == "accept"
    try:
        answer_invitation(request.user, found, accept=accept, anyway=request.POST.get("anyway") == "yes")
    except NotPossible as refused:
        return meeting_page(request, found, status=422, refusal=str(refused))
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, _("You come to this meeting.") if accept else _("You declined; the others are told."))
    if accept:
        return redirect("meetings:meeting", request.edition.slug, found.code)
    return redirect("meetings:agenda", request.edition.slug)


@require_POST
@signed_in_page
def leave(request: SignedInRequest, code: str) -> HttpResponse:
    """Somebody who joined does not come after all."""
    found = found_request(request, code)
    seats = found.attendees.filter(part__in=[Part.COMING, Part.INVITED]).select_related("participant")
    seat = get_object_or_404(seats, participant__code=request.POST.get("person", ""))
    is_me = seat.participant.user_id == request.user.pk
    try:
        leave_meeting(request.user, found, seat.participant)
    except NotPossible as refused:
        return meeting_page(request, found, status=422, refusal=str(refused))
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, _("You no longer come to this meeting.") if is_me else _("Done; everybody concerned is told."))
    if is_me:
        return redirect("meetings:agenda", request.edition.slug)
    return redirect("meetings:meeting", request.edition.slug, found.code)


@signed_in_page
def place(request: SignedInRequest, code: str) -> HttpResponse:
    """Online, with its address, or in person."""
    found = found_request(request, code)
    if not may_set_place(request.user, found):
        raise Http404
    form = PlaceForm(request.POST if request.method == "POST" else None, initial={"form": found.form, "link": found.link})
    if form.is_bound and form.is_valid():
        try:
            set_place(request.user, found, form.cleaned_data["form"], form.cleaned_data["link"])
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            mail_notices.enqueue(request.build_absolute_uri("/"))
            messages.success(request, _("Noted; the others are told."))
            return redirect("meetings:meeting", request.edition.slug, found.code)
    return render(request, "meetings/place_of_meeting.html", {"found": found, "form": form}, status=422 if form.is_bound else 200)


def _done(request: SignedInRequest, found: MeetingRequest, act: Callable[[], str]) -> HttpResponse:
    try:
        said = act()
    except NotPossible as refused:
        return _people_page(request, found, str(refused))
    mail_notices.enqueue(request.build_absolute_uri("/"))
    messages.success(request, said)
    return redirect("meetings:meeting", request.edition.slug, found.code)
