"""A phone at a door: paired once, then it scans with network and without."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.door.actions.devices import pair_device
from madang.door.forms import Sent, read_sent
from madang.door.pages import DoorRequest, device_answer, device_page, give_cookie
from madang.door.queries.copy import signed_copy, stamp
from madang.door.queries.live import live_counts
from madang.door.rules import device_to_pair, events_at
from madang.door.signing import public_key
from madang.door.views.sending import answer_to
from madang.markets.models import Edition
from madang.seating.models import AllotmentKind

SCRIPTS = ["madang/door-store.js", "madang/door-copy.js", "madang/door-camera.js", "madang/door.js"]
DECODER = "vendor/jsqr/jsQR.js"
"""Loaded only where the browser reads no QR by itself."""
SHELL = ["madang/madang.css", "madang/door.css", "madang/icon.svg", *SCRIPTS, DECODER]
MOST = 500
"""Things that a phone sends at once."""


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def pair(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """Where a pairing link leads: one press, and this phone is that door; a link that was used says so."""
    found = get_object_or_404(Edition, slug=edition)
    door = reverse("door:door", args=[edition])
    if request.method == "POST" and (made := pair_device(found, key)):
        return give_cookie(redirect(door), made.key, door, secure=request.is_secure())
    device = device_to_pair(found, key)
    context = {"device": device, "found": found}
    return render(request, "door/pair.html", context, status=200 if device else 404)


@require_safe
@ensure_csrf_cookie
@device_page
def door(request: DoorRequest) -> HttpResponse:
    """The page that scans. It says nothing of tickets: those are in the copy."""
    context = {
        "device": request.device,
        "found": request.device.edition,
        "public_key": public_key(request.device.edition),
        "scripts": SCRIPTS,
        "decoder": DECODER,
        "allotments": AllotmentKind.choices,
    }
    return not_kept(render(request, "door/door.html", context))


@require_safe
def worker(request: HttpRequest, edition: str) -> HttpResponse:
    """The service worker: our script, told which files this door stands on."""
    get_object_or_404(Edition, slug=edition)
    page = reverse("door:door", args=[edition])
    shell = [static(name) for name in SHELL]
    text = read_static("madang/door-worker.js")
    name = hashlib.sha256(json.dumps([shell, text]).encode()).hexdigest()[:12]
    facts = {"page": page, "shell": shell, "cache": f"door {edition} {name}", "family": f"door {edition} "}
    return not_kept(HttpResponse(f"const DOOR = {json.dumps(facts)};\n{text}", content_type="text/javascript; charset=utf-8"))


def read_static(name: str) -> str:
    """A script of ours, from where it lies in the source."""
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")


@require_safe
def manifest(request: HttpRequest, edition: str) -> HttpResponse:
    """So that a phone can keep the page like an app."""
    found = get_object_or_404(Edition, slug=edition)
    page = reverse("door:door", args=[edition])
    facts = {
        "name": _("Door") + f" · {found}", "short_name": _("Door"), "start_url": page, "scope": page, "id": page,
        "display": "standalone", "background_color": "#000000", "theme_color": "#000000",
        "icons": [{"src": static("madang/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")


@require_safe
@ensure_csrf_cookie
@device_answer
def copy(request: DoorRequest) -> HttpResponse:
    """The signed copy; 204 where the phone has it (`have`). With `live`, a sign of life."""
    made = signed_copy(request.device)
    if request.GET.get("have") == made["version"]:
        return HttpResponse(status=204)
    return not_kept(JsonResponse(made | {"now": stamp(request.device.edition.now())}))


@require_POST
@device_answer
def sync(request: DoorRequest) -> HttpResponse:
    """Scans, counts and queues that a phone tells; each is answered by its token, with how things stand now."""
    try:
        sent = json.loads(request.body)["sent"]
        rows = sent[:MOST] if isinstance(sent, list) else []
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"fault": "unreadable"}, status=400)
    read = [read_sent(raw) for raw in rows]
    faults = [fault_of(raw) for raw, entry in zip(rows, read, strict=True) if entry is None]
    answers = [answer_to(request.device, entry) for entry in oldest_first(entry for entry in read if entry)]
    return not_kept(JsonResponse({"answers": faults + answers, "counts": counts(request)}))


def oldest_first(entries: Iterable[Sent]) -> list[Sent]:
    return sorted(entries, key=lambda entry: -entry.age)


def fault_of(raw: object) -> dict[str, str]:
    """What makes no sense is answered too, so that a phone does not send it for ever."""
    token = raw.get("token", "") if isinstance(raw, dict) else ""
    return {"token": str(token)[:40], "fault": "unreadable"}


def counts(request: DoorRequest) -> dict[str, object]:
    now = request.device.edition.now()
    events = list(events_at(request.device, now))
    live = live_counts(events, now)
    return {event.code: live[event.pk].as_json() for event in events}


def not_kept(response: HttpResponse) -> HttpResponse:
    """No cache between us and the phone keeps it."""
    patch_cache_control(response, private=True, no_store=True)
    return response
