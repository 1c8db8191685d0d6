"""What the pages of companies, people and mandates begin with."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse

from madang.accounts.models import User
from madang.markets.pages import EditionRequest, View, edition_page
from madang.markets.rules import may_organise
from madang.people.models import Participant
from madang.people.rules import is_professional, participant_of


class BusinessRequest(EditionRequest):
    """A request of a page for those who do business; `participant` is None for an organiser who takes no part."""

    user: User
    participant: Participant | None
    organises: bool


def business_page(view: View) -> View:
    """As `edition_page`, for people who do business and for organisers: 404 for others, a visitor is asked to sign in."""

    @edition_page
    @wraps(view)
    def wrapped(request: BusinessRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.participant = participant_of(request.user, request.edition)
        request.organises = may_organise(request.user, request.edition)
        if not (request.organises or is_professional(request.participant)):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
