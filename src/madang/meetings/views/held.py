"""At the meeting: check-in, running late, absence, outcome, note and card; the badge and who scans it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accreditation.queries_badges import valid_badge, void_badge
from madang.kit.qr import qr_svg
from madang.kit.vcard import card_bytes
from madang.markets.rules import may_organise
from madang.meetings.actions import held as actions
from madang.meetings.models import Meeting
from madang.meetings.queries.cards import card_of, shown_cards
from madang.meetings.queries.held import coming_attendees, held_of, meeting_with
from madang.meetings.rules import visible_meetings
from madang.meetings.tasks import mail_notices
from madang.people.models import Participant
from madang.people.pages import ParticipantRequest, SignedInRequest, participant_page, signed_in_page

Act = Callable[[Meeting], object]


@require_safe
@signed_in_page
def held_status(request: SignedInRequest, code: str) -> HttpResponse:
    """Who is there, as the meeting's page asks every few seconds; without htmx, the page itself."""
    meeting = _found(request, code)
    if not request.htmx:
        return redirect("meetings:meeting", request.edition.slug, code)
    return render(request, "meetings/held.html#status", {"held": held_of(request.user, meeting)})


@require_POST
@signed_in_page
def check_in(request: SignedInRequest, code: str) -> HttpResponse:
    """Say that one is there."""
    return _act(request, code, lambda meeting: actions.check_in(request.user, meeting), _("You are checked in."))


@require_POST
@signed_in_page
def run_late(request: SignedInRequest, code: str) -> HttpResponse:
    """Tell the other side that one will be late."""
    minutes = request.POST.get("minutes", "")
    number = int(minutes) if minutes.isdecimal() and len(minutes) < 4 else -1
    said = _("The other side is told that you are on time.") if number == 0 else _("The other side is told.")
    return _act(request, code, lambda meeting: actions.run_late(request.user, meeting, number), said)


@require_POST
@signed_in_page
def report_absence(request: SignedInRequest, code: str) -> HttpResponse:
    """Say that somebody did not come, or take it back."""
    cause, person = request.POST.get("cause", ""), request.POST.get("person", "")

    def act(meeting: Meeting) -> object:
        absent = get_object_or_404(coming_attendees(meeting), participant__code=person)
        return actions.report_absence(request.user, meeting, absent, cause)

    return _act(request, code, act, _("Noted: did not come.") if cause else _("The report is taken back."))


@require_POST
@signed_in_page
def outcome(request: SignedInRequest, code: str) -> HttpResponse:
    """What came of the meeting."""
    interest = request.POST.get("interest", "")
    return _act(request, code, lambda meeting: actions.say_outcome(request.user, meeting, interest), _("Noted, for you alone."))


@require_POST
@signed_in_page
def note(request: SignedInRequest, code: str) -> HttpResponse:
    """One's private note."""
    words = request.POST.get("note", "")
    return _act(request, code, lambda meeting: actions.write_note(request.user, meeting, words), _("Your note is kept."))


@require_POST
@signed_in_page
def share_card(request: SignedInRequest, code: str) -> HttpResponse:
    """Give one's card, or take it back."""
    gives = request.POST.get("gives") == "1"
    said = _("The other side can keep your card now.") if gives else _("Your card is taken back.")
    return _act(request, code, lambda meeting: actions.share_card(request.user, meeting, gives=gives), said)


@require_safe
@signed_in_page
def card(request: SignedInRequest, code: str, person: str) -> HttpResponse:
    """The contact card of somebody of the meeting who gives it; 404 for every other."""
    meeting = _found(request, code)
    owner = get_object_or_404(shown_cards(request.user, meeting), participant__code=person).participant
    return _card(request, owner)


@require_safe
@participant_page
def badge(request: ParticipantRequest) -> HttpResponse:
    """One's own badge with the QR that others scan."""
    me = request.participant
    address = request.build_absolute_uri(reverse("meetings:scan", args=[request.edition.slug, me.badge_key]))
    context = {"me": me, "qr": qr_svg(address), "badge": valid_badge(me), "was_void": void_badge(request.edition, me.badge_key)}
    return render(request, "meetings/badge.html", context)


@require_safe
@participant_page
def own_card(request: ParticipantRequest) -> HttpResponse:
    """One's own card, to hand on."""
    return _card(request, request.participant)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_page
def scan(request: SignedInRequest, key: str) -> HttpResponse:
    """Where a badge's QR leads: whoever meets its owner now checks both in; an organiser sees her agenda; 404 for the rest."""
    if void := void_badge(request.edition, key):
        return render(request, "accreditation/void_badge.html", {"badge": void}, status=410)
    owners = Participant.objects.filter(edition=request.edition).select_related("company", "edition")
    owner = get_object_or_404(owners, badge_key=key)
    if request.participant is not None and owner.pk == request.participant.pk:
        return redirect("meetings:badge", request.edition.slug)
    meeting = meeting_with(request.participant, owner) if request.participant else None
    if meeting is None:
        if may_organise(request.user, request.edition):
            return redirect("meetings:agenda_of", request.edition.slug, owner.code)
        raise Http404
    if request.method == "POST":
        code = meeting.request.code
        return _act(request, code, lambda found: actions.check_in_both(request.user, found, owner), _("You are both checked in."))
    return render(request, "meetings/scan.html", {"owner": owner, "meeting": meeting})


def _found(request: SignedInRequest, code: str) -> Meeting:
    meetings = visible_meetings(request.user, request.edition)
    people = ("request__edition", "request__sender__company__booth", "request__receiver__company__booth")
    return get_object_or_404(meetings.select_related("slot", "table__hall", *people), request__code=code)


def _act(request: SignedInRequest, code: str, act: Act, said: str) -> HttpResponse:
    """Do it, say so, and go back to where it was pressed."""
    meeting = _found(request, code)
    try:
        act(meeting)
    except actions.NotNow as refused:
        messages.warning(request, str(refused))
    else:
        mail_notices.enqueue(request.build_absolute_uri("/"))
        messages.success(request, said)
    if request.POST.get("back") == "agenda":
        return redirect("meetings:agenda", request.edition.slug)
    return redirect("meetings:meeting", request.edition.slug, code)


def _card(request: SignedInRequest, owner: Participant) -> HttpResponse:
    response = HttpResponse(card_bytes(card_of(owner)), content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{owner.code}.vcf"'
    response["Cache-Control"] = "private, no-store"
    return response
