"""Why a meeting stands where it stands, or has no place (a page, or a part of the meeting's page); why somebody has a gap."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madang.markets.models import Slot
from madang.meetings.queries.gaps import gap_of
from madang.meetings.queries.live import open_proposal, standing_meeting, why_not_book
from madang.meetings.queries.timetable import published_of
from madang.meetings.queries.why import why_of
from madang.meetings.rules import comes_to
from madang.meetings.views.agenda import person_of
from madang.meetings.views.live import arranged_request
from madang.people.pages import SignedInRequest, signed_in_page


@require_safe
@signed_in_page
def why(request: SignedInRequest, code: str) -> HttpResponse:
    """For those who come to the meeting, and for organisers."""
    found = arranged_request(request, code)
    published = published_of(request.edition)
    organises = not comes_to(request.user, found)
    context = {
        "found": found,
        "published": published,
        "why": why_of(request.user, found, published) if published else None,
        "meeting": standing_meeting(published, found) if published else None,
        "organises": organises,
        "may_book": (organises or not why_not_book(request.edition)) and open_proposal(found) is None,
    }
    name = "meetings/why.html#part" if request.headers.get("HX-Request") else "meetings/why.html"
    return render(request, name, context)


@require_safe
@signed_in_page
def gap(request: SignedInRequest, code: str, slot: str) -> HttpResponse:
    """Why a person has no meeting in a slot: for herself, and for organisers."""
    person = person_of(request, code)
    found, published = get_object_or_404(Slot, edition=request.edition, code=slot), published_of(request.edition)
    is_mine = request.participant is not None and person.pk == request.participant.pk
    context = {
        "person": person,
        "is_mine": is_mine,
        "slot": found,
        "gap": gap_of(request.user, person, found, published) if published else None,
        "may_book": not (is_mine and why_not_book(request.edition)),
    }
    return render(request, "meetings/gap.html", context)
