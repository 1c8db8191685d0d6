"""What the pages of a paired phone begin with: no account, the key in its cookie."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from madang.door.actions.devices import see_device
from madang.door.models import Device
from madang.door.rules import device_with
from madang.markets.models import Edition
from madang.markets.pages import View

COOKIE = "door"
"""Out of reach of scripts, and sent to the edition's door alone. A server's cookie outlives the storage that scripts fill."""
KEPT = 60 * 60 * 24 * 30


class DoorRequest(HttpRequest):
    """A request of a paired phone."""

    device: Device


def device_page(view: View) -> View:
    """Give the view `request.device`; a phone that is not paired, or was revoked, is told so (404)."""

    @wraps(view)
    def wrapped(request: HttpRequest, edition: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = get_object_or_404(Edition, slug=edition)
        device = device_with(found, request.COOKIES.get(COOKIE, ""))
        if device is None:
            return render(request, "door/unpaired.html", status=404)
        cast(DoorRequest, request).device = device
        return view(request, *args, **kwargs)

    return wrapped


def device_answer(view: View) -> View:
    """As `device_page`, for scripts: they read `{"fault": "unpaired"}` (410) and forget what they carry. A sign of life."""

    @wraps(view)
    def wrapped(request: HttpRequest, edition: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = get_object_or_404(Edition, slug=edition)
        device = device_with(found, request.COOKIES.get(COOKIE, ""))
        if device is None:
            return JsonResponse({"fault": "unpaired"}, status=410)
        cast(DoorRequest, request).device = device
        if request.method == "POST" or request.GET.get("live"):
            see_device(device)
        return view(request, *args, **kwargs)

    return wrapped


def give_cookie(response: HttpResponse, key: str, path: str, *, secure: bool) -> HttpResponse:
    """Write the phone's key."""
    response.set_cookie(COOKIE, key, max_age=KEPT, path=path, secure=secure, httponly=True, samesite="Lax")
    return response
