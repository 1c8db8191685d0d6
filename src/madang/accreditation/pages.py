"""What the pages of applicants begin with."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect

from madang.accounts.opening import door_url
from madang.accreditation.models import Invitation
from madang.accreditation.rules import takes_applications, valid_invitations
from madang.markets.pages import EditionRequest, View, edition_page


def invitation_of(request: EditionRequest, key: str) -> Invitation | None:
    """The invitation of that link, if it works."""
    return valid_invitations(request.edition).filter(key=key).first() if key else None


def applicant_page(view: View) -> View:
    """As `edition_page`; a visitor is asked to sign in, where the edition takes applications by an address alone."""

    @edition_page
    @wraps(view)
    def wrapped(request: EditionRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            path, key = request.get_full_path(), request.GET.get("invitation", "") or str(kwargs.get("key", ""))
            if invitation_of(request, key) or takes_applications(request.edition):
                return redirect(door_url(path))
            return redirect_to_login(path)
        return view(request, *args, **kwargs)

    return wrapped
