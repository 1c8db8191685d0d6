"""What the pages of deals begin with."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from madang.deals.rules import dealer_of
from madang.markets.pages import View
from madang.people.models import Company
from madang.people.pages import ParticipantRequest, SignedInRequest, signed_in_page


class DealerRequest(ParticipantRequest):
    """A request of somebody who does business for `company` here."""

    company: Company


def dealer_page(view: View) -> View:
    """As `signed_in_page`, for those who do business for a company: 404 for the rest."""

    @signed_in_page
    @wraps(view)
    def wrapped(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        me = dealer_of(request.user, request.edition)
        if me is None:
            raise Http404
        request.participant, request.company = me, me.company  # type: ignore[attr-defined]  # it becomes a DealerRequest here
        return view(request, *args, **kwargs)

    return wrapped
