"""The organiser's pages: halls as drawings, events with their allotments, how full they are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.markets.models import Hall
from madang.markets.pages import organiser_page
from madang.people.pages import SignedInRequest
from madang.programme.rules import visible_events
from madang.seating.actions.layout import draw_hall, lay_out, share_places
from madang.seating.actions.refusals import SeatsRefused
from madang.seating.drawing import EXAMPLE, draw
from madang.seating.forms import DrawingForm, LayoutForm
from madang.seating.models import Allotment, Place, Seat, Seating, SeatingMode
from madang.seating.queries.desk import event_lines, hall_lines, shares_of
from madang.seating.queries.maps import hall_map, seat_map
from madang.seating.queries.places import Counts, counts_of
from madang.seating.rules import visible_seatings


@require_safe
@organiser_page
def overview(request: SignedInRequest) -> HttpResponse:
    """Events with how full they are, and halls with their seats."""
    context = {"lines": event_lines(request.edition), "halls": hall_lines(request.edition)}
    return render(request, "seating/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def hall(request: SignedInRequest, hall: str) -> HttpResponse:
    """Draw the seats of a hall."""
    found = get_object_or_404(Hall.objects.select_related("edition"), edition=request.edition, code=hall)
    form = DrawingForm(request.POST or None, initial={"drawing": draw(Seat.objects.filter(hall=found))})
    if request.method == "POST" and form.is_valid():
        try:
            number = draw_hall(request.user, found, form.seats)
        except SeatsRefused as refused:
            form.add_error("drawing", str(refused))
        else:
            said = ngettext("The hall has %(number)s seat.", "The hall has %(number)s seats.", number)
            messages.success(request, said % {"number": number})
            return redirect("seating:hall", request.edition.slug, found.code)
    context = {"hall": found, "form": form, "map": hall_map(found), "example": EXAMPLE}
    return render(request, "seating/hall.html", context, status=422 if form.errors else 200)


@require_safe
@organiser_page
def event(request: SignedInRequest, code: str) -> HttpResponse:
    """How full an event is, by allotment; where its seats are."""
    seating = get_object_or_404(visible_seatings(request.user, request.edition), event__code=code)
    now = request.edition.now()
    counts = counts_of([seating], now)[seating.pk]
    lines = [(one, counts[one.pk]) for one in Allotment.objects.filter(seating=seating).select_related("flows_to")]
    whole = Counts()
    for _one, numbers in lines:
        whole.add(numbers)
    is_reserved = seating.mode == SeatingMode.RESERVED
    context = {"event": seating.event, "seating": seating, "lines": lines, "whole": whole, "now": now}
    context["map"] = seat_map(seating, now) if is_reserved else None
    return render(request, "seating/event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def layout(request: SignedInRequest, code: str) -> HttpResponse:
    """How an event is seated, when it is booked, and what each allotment gets. Times are on the venue's clocks."""
    event = get_object_or_404(visible_events(request.user, request.edition), code=code)
    seating = Seating.objects.filter(event=event).select_related("event__edition").first()
    shares = shares_of(seating) if seating else {}
    with timezone.override(request.edition.zone):
        form = LayoutForm(request.POST if request.method == "POST" else None, seating, shares, event.hall.capacity)
        if request.method == "POST" and form.is_valid():
            try:
                lay_out(request.user, event, form.values, form.chosen)
            except SeatsRefused as refused:
                form.settings.add_error(None, str(refused))
            else:
                messages.success(request, _("The places are laid out."))
                return redirect("seating:event", request.edition.slug, code)
        is_wrong = bool(form.settings.errors) or any(share.errors for share in form.shares)
        context = {"event": event, "form": form, "has_seats": Seat.objects.filter(hall=event.hall_id).exists()}
        return render(request, "seating/layout.html", context, status=422 if is_wrong else 200)


@require_POST
@organiser_page
def share(request: SignedInRequest, code: str) -> HttpResponse:
    """Give some free places of one allotment to another, the last ones first."""
    seating = get_object_or_404(visible_seatings(request.user, request.edition), event__code=code)
    kinds = {one.kind: one for one in Allotment.objects.filter(seating=seating).select_related("flows_to")}
    source, target = kinds.get(request.POST.get("source", "")), kinds.get(request.POST.get("target", ""))
    text = request.POST.get("count", "")
    if source is None or target is None or source == target or not text.isdecimal() or not 0 < int(text[:6]) <= 20_000:
        messages.warning(request, _("Choose from whom, to whom, and how many places."))
        return redirect("seating:event", request.edition.slug, code)
    rows = Place.objects.filter(allotment=source, booking=None).order_by("-number").values_list("number", flat=True)
    moved = share_places(request.user, seating, list(rows[: int(text[:6])]), target)
    said = ngettext("%(number)s place has gone to %(target)s.", "%(number)s places have gone to %(target)s.", moved)
    messages.success(request, said % {"number": moved, "target": target})
    return redirect("seating:event", request.edition.slug, code)
