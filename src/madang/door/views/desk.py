"""The doors at the organiser's desk: devices, what is going on, conflicts, queues, the release, who came."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.accounts.models import User
from madang.door.actions.devices import Made, make_device, renew_device, revoke_device
from madang.door.actions.queues import note_queue
from madang.door.actions.release import release_places, silent_doors
from madang.door.forms import DeviceForm, QueueForm
from madang.door.queries.live import conflicts, live_counts
from madang.door.queries.places import last_admission, release_at, seating_of
from madang.door.queries.queues import measurements
from madang.door.rules import EARLIEST, LATEST, visible_devices
from madang.kit.qr import qr_svg
from madang.markets.models import Edition
from madang.markets.pages import EditionRequest, organiser_page
from madang.programme.models import Event

PAGE = 100
SLIPS = 24


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def doors(request: EditionRequest) -> HttpResponse:
    """Events around now with their counts, conflicts, and the devices; a new device by its form."""
    form = DeviceForm(request.edition, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = make_device(
            cast(User, request.user), request.edition, name=form.cleaned_data["name"], hall=form.cleaned_data["hall"]
        )
        return show_link(request, made)
    now = request.edition.now()
    events = list(around(request.edition, now))
    live = live_counts(events, now)
    mine = conflicts().filter(event__edition=request.edition)
    context = {
        "rows": [(event, live[event.pk]) for event in events],
        "devices": visible_devices(request.user, request.edition).order_by("revoked_at", "name"),
        "form": form, "now": now, "conflict_count": mine.count(), "silent_before": now - dt.timedelta(minutes=3),
    }  # fmt: skip
    return render(request, "door/desk.html", context, status=422 if form.errors else 200)


def around(edition: Edition, now: dt.datetime) -> Any:
    """Events that phones carry now."""
    events = edition.events.filter(starts_at__lte=now + EARLIEST, ends_at__gte=now - LATEST, is_cancelled=False)
    return events.select_related("hall", "title", "edition").order_by("starts_at", "code")


def show_link(request: EditionRequest, made: Made) -> HttpResponse:
    """Keep the key for the one look at it: the database does not have it."""
    request.session["door_link"] = [made.device.pk, made.key]
    return redirect("door:device", request.edition.slug, made.device.pk)


@require_safe
@organiser_page
def device(request: EditionRequest, number: int) -> HttpResponse:
    """A device; its pairing link and QR once, right after they were made."""
    found = get_object_or_404(visible_devices(request.user, request.edition), pk=number)
    pk, key = request.session.pop("door_link", (0, ""))
    link = request.build_absolute_uri(reverse("door:pair", args=[request.edition.slug, key])) if pk == found.pk else ""
    context = {"device": found, "link": link, "qr": qr_svg(link) if link else "", "scans": found.scans.count()}
    return render(request, "door/device.html", context)


@require_POST
@organiser_page
def renew(request: EditionRequest, number: int) -> HttpResponse:
    found = get_object_or_404(visible_devices(request.user, request.edition), pk=number)
    return show_link(request, renew_device(cast(User, request.user), found))


@require_POST
@organiser_page
def revoke(request: EditionRequest, number: int) -> HttpResponse:
    found = get_object_or_404(visible_devices(request.user, request.edition), pk=number)
    revoke_device(cast(User, request.user), found)
    messages.success(request, _("The phone is refused from now on."))
    return redirect("door:device", request.edition.slug, found.pk)


def event_of(request: EditionRequest, code: str) -> Event:
    events = Event.objects.filter(edition=request.edition).select_related("hall", "title", "edition")
    return get_object_or_404(events, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def event(request: EditionRequest, code: str) -> HttpResponse:
    """One event at its door, live; the queue as somebody sees it by the form."""
    found = event_of(request, code)
    form = QueueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note_queue(cast(User, request.user), found, minutes=form.cleaned_data["minutes"], people=form.cleaned_data["people"])
        messages.success(request, _("The queue is noted."))
        return redirect("door:event", request.edition.slug, code)
    seating, now = seating_of(found), request.edition.now()
    queue = measurements(found)
    context = {
        "event": found, "live": live_counts([found], now)[found.pk], "form": form, "seating": seating, "now": now,
        "release_at": release_at(found, seating), "last": last_admission(found, seating), "silent": silent_doors(found),
        "conflicts": conflicts().filter(event=found)[:PAGE], "queue": queue, "curve": curve_of(queue, found),
    }  # fmt: skip
    return render(request, "door/event.html", context, status=422 if form.errors else 200)


def curve_of(queue: Any, event: Event) -> dict[str, Any] | None:
    """The queue over time as an SVG polyline in a box of 600 by 160; None where there are fewer than two measurements."""
    if len(queue) < 2:
        return None
    first, last = queue[0].at, queue[-1].at
    span = max((last - first).total_seconds(), 1.0)
    top = max(max(row.minutes for row in queue), 10)
    points = [((row.at - first).total_seconds() / span * 600, 160 - row.minutes / top * 150) for row in queue]
    start = (event.starts_at - first).total_seconds() / span * 600
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return {"line": line, "points": [(f"{x:.1f}", f"{y:.1f}") for x, y in points], "top": top, "first": first, "last": last,
            "start": f"{start:.1f}" if 0 <= start <= 600 else ""}  # fmt: skip


@require_POST
@organiser_page
def release(request: EditionRequest, code: str) -> HttpResponse:
    """Give away the places of those who have not come, now."""
    count = release_places(cast(User, request.user), event_of(request, code))
    said = ngettext("%(count)s place was given away.", "%(count)s places were given away.", count)
    messages.success(request, said % {"count": count})
    return redirect("door:event", request.edition.slug, code)


@require_safe
@organiser_page
def disagreements(request: EditionRequest) -> HttpResponse:
    """Scans of which a door was told one thing while another holds, with both doors and both moments."""
    page = Paginator(conflicts().filter(event__edition=request.edition), PAGE).get_page(request.GET.get("page"))
    return render(request, "door/conflicts.html", {"page": page})


@require_safe
@organiser_page
def slips(request: EditionRequest) -> HttpResponse:
    """Numbered slips for the last in line, to print and cut."""
    cards = [(number, qr_svg(f"Q{number}")) for number in range(1, SLIPS + 1)]
    if not cards:
        raise Http404
    return render(request, "door/slips.html", {"cards": cards})
