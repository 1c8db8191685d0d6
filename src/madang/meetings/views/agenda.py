"""Pages of a person's agenda, and her calendar feed."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madang.markets.rules import may_organise
from madang.meetings.calendar_forms import BlockForm
from madang.meetings.models import Meeting
from madang.meetings.queries.agenda import agenda_for
from madang.meetings.queries.attendees import open_invitations
from madang.meetings.queries.feed import feed_bytes, feed_of, feed_owner
from madang.meetings.queries.live import waiting_proposals
from madang.meetings.rules import may_keep_calendar
from madang.people.actions import renew_feed_key
from madang.people.mail import language_of
from madang.people.models import Participant
from madang.people.pages import ParticipantRequest, SignedInRequest, participant_page, signed_in_page


@require_safe
@participant_page
def agenda(request: ParticipantRequest) -> HttpResponse:
    """One's own agenda."""
    return agenda_page(request, request.participant)


@require_safe
@signed_in_page
def agenda_of(request: SignedInRequest, code: str) -> HttpResponse:
    """Anyone's agenda for the organiser; a person has only her own."""
    return agenda_page(request, person_of(request, code))


def person_of(request: SignedInRequest, code: str) -> Participant:
    """Whose agenda the reader may open; 404 for the rest."""
    people = Participant.objects.filter(edition=request.edition).select_related("company", "edition")
    if not may_organise(request.user, request.edition):
        people = people.filter(user=request.user)
    return get_object_or_404(people, code=code)


@require_POST
@participant_page
def reset_feed(request: ParticipantRequest) -> HttpResponse:
    """Give one's own calendar feed a new secret address."""
    renew_feed_key(request.user, request.participant)
    messages.success(request, _("Your calendar has a new address. Subscribe to it again; the old one has stopped working."))
    return redirect("meetings:agenda", request.edition.slug)


@require_safe
def calendar_feed(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """A person's meetings for her calendar programme; whoever knows the secret address reads it, without an account."""
    owner = feed_owner(edition, key)
    if owner is None:
        raise Http404
    language = language_of(owner)
    with translation.override(language):
        content = feed_bytes(feed_of(owner), lambda meeting: _meeting_url(request, edition, meeting))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'  # a date would not tell of what was taken out
    fresh = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response = get_conditional_response(request, etag, response=fresh) or fresh
    _keep_private(response, language)
    response["ETag"] = etag
    return response


def _keep_private(response: HttpResponse, language: str) -> None:
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    response["Content-Language"] = language


def _meeting_url(request: HttpRequest, edition: str, meeting: Meeting) -> str:
    return request.build_absolute_uri(reverse("meetings:meeting", args=[edition, meeting.request.code]))


def agenda_page(request: SignedInRequest, person: Participant, form: BlockForm | None = None) -> HttpResponse:
    """The page itself; a form with faults is shown again."""
    own_zone = request.user.time_zone or (request.participant.time_zone if request.participant else "")
    is_mine = request.participant is not None and person.pk == request.participant.pk
    context = {"person": person, "is_mine": is_mine, "agenda": agenda_for(request.user, person, own_zone)}
    if may_keep_calendar(request.user, person):
        context["form"] = form or BlockForm(edition=request.edition)
    if is_mine:  # the secret address is nobody else's, not even the organiser's
        feed = reverse("meetings:calendar_feed", args=[request.edition.slug, person.feed_key])
        context["invitations"] = open_invitations(person)
        context["waiting_proposals"] = waiting_proposals(request.user, request.edition)
        context["feed_url"] = request.build_absolute_uri(feed)
        context["webcal_url"] = "webcal://" + request.get_host() + feed
    return render(request, "meetings/agenda.html", context, status=422 if form is not None else 200)
