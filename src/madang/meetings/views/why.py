"""Why a meeting stands where it stands, or has no place: a page of its own, or a part of the meeting's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madang.meetings.queries.live import open_proposal, standing_meeting, why_not_book
from madang.meetings.queries.timetable import published_of
from madang.meetings.queries.why import why_of
from madang.meetings.rules import comes_to
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
