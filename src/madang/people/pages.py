"""What the pages of those who are signed in, take part, or do business begin with."""

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


class SignedInRequest(EditionRequest):
    """A request of a page that needs an account; `participant` is what the user is at the edition, if anything."""

    user: User
    participant: Participant | None


class ParticipantRequest(SignedInRequest):
    """A request of a page that only participants have."""

    participant: Participant


class BusinessRequest(SignedInRequest):
    """A request of a page for those who do business; `participant` is None for an organiser who takes no part."""

    organises: bool


def signed_in_page(view: View) -> View:
    """As `edition_page`; a visitor is asked to sign in; the view has `request.participant`, which may be None."""

    @edition_page
    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.participant = participant_of(request.user, request.edition)
        return view(request, *args, **kwargs)

    return wrapped


def participant_page(view: View) -> View:
    """As `signed_in_page`, for participants of the edition: 404 for the rest."""

    @signed_in_page
    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.participant is None:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def business_page(view: View) -> View:
    """As `signed_in_page`, for people who do business and for organisers: 404 for others."""

    @signed_in_page
    @wraps(view)
    def wrapped(request: BusinessRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.organises = may_organise(request.user, request.edition)
        if not (request.organises or is_professional(request.participant)):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
