"""What every view of an edition begins with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from madang.markets.models import Edition
from madang.markets.rules import asked_once, may_organise, visible_editions

View = Callable[..., HttpResponse]


class EditionRequest(HttpRequest):
    """A request of an edition's page: `edition` has been fetched as the user sees it; `htmx` is what django-htmx says of it."""

    edition: Edition
    htmx: HtmxDetails


def edition_page(view: View) -> View:
    """Give the view `request.edition`, fetched as the user sees it (404 for the rest); drop `edition` from its arguments.

    A page that is read changes nothing, so who the user is there is asked once.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, edition: str, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = visible_editions(request.user).select_related("market")
        cast(EditionRequest, request).edition = get_object_or_404(seen, slug=edition)
        with asked_once() if request.method in ("GET", "HEAD") else nullcontext():
            return view(request, *args, **kwargs)

    return wrapped


def organiser_page(view: View) -> View:
    """As `edition_page`, for organisers only: others get 404, a visitor is asked to sign in."""

    @edition_page
    @wraps(view)
    def wrapped(request: EditionRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may_organise(request.user, request.edition):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
