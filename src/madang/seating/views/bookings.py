"""The organiser's pages of bookings: search, export, groups, other seats."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madang.kit.tables import table_file
from madang.markets.pages import organiser_page
from madang.people.pages import SignedInRequest
from madang.seating.actions.claiming import Reader
from madang.seating.actions.groups import book_group, move_booking
from madang.seating.actions.refusals import SeatsRefused
from madang.seating.forms import GroupForm
from madang.seating.models import Allotment, Booking, BookingState, Seating
from madang.seating.queries.bookable import tickets_of
from madang.seating.queries.desk import LONGEST_SEARCH, export_head, export_rows, found_bookings, seat_words
from madang.seating.queries.maps import seat_map
from madang.seating.rules import visible_bookings, visible_seatings
from madang.seating.views.public import chosen_numbers

PAGE = 50


@require_safe
@organiser_page
def listing(request: SignedInRequest, code: str) -> HttpResponse:
    """Bookings of an event."""
    seating = _seating(request, code)
    words, state = request.GET.get("q", "")[:LONGEST_SEARCH], request.GET.get("state", "")
    page = Paginator(found_bookings(seating, words, state), PAGE).get_page(request.GET.get("page"))
    context = {
        "event": seating.event,
        "page": page,
        "rows": [(booking, seat_words(booking)) for booking in page],
        "words": words,
        "state": state,
        "states": BookingState.choices,
    }
    return render(request, "seating/bookings.html", context)


@require_safe
@organiser_page
def export(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """All bookings of an event as CSV or Excel."""
    seating = _seating(request, code)
    head, rows = export_head(), export_rows(seating)
    return table_file("bookings", kind, head, rows, code)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def group(request: SignedInRequest, code: str) -> HttpResponse:
    """Book for a group."""
    seating = _seating(request, code)
    allotments = list(Allotment.objects.filter(seating=seating).select_related("flows_to"))
    form = GroupForm(request.POST or None, allotments=allotments)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        allotment = next(one for one in allotments if one.kind == found["allotment"])
        allotment.seating = seating
        reader = Reader(found["email"], found["name"], (get_language() or "en")[:2], found["country"])
        try:
            made = book_group(request.user, allotment, form.party(), reader, found["group_name"])
        except SeatsRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Booked. A letter is on its way."))
            return redirect("seating:booking", request.edition.slug, made.key)
    context = {"event": seating.event, "form": form}
    return render(request, "seating/group.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_page
def move(request: SignedInRequest, key: str) -> HttpResponse:
    """Give a booking other seats."""
    booking = get_object_or_404(visible_bookings(request.user, request.edition), key=key, state=BookingState.BOOKED)
    numbers = chosen_numbers(request, booking.seating)
    refused = ""
    if request.method == "POST":
        try:
            move_booking(request.user, booking, numbers)
        except SeatsRefused as fault:
            refused = str(fault)
        else:
            messages.success(request, _("Moved. The reader has been told."))
            return redirect("seating:booking", request.edition.slug, key)
    context = _move_context(request, booking) | {"refused": refused}
    if numbers:
        context["chosen"] = set(numbers)
    return render(request, "seating/move.html", context, status=422 if refused else 200)


def _move_context(request: SignedInRequest, booking: Booking) -> dict[str, object]:
    tickets = tickets_of(booking)
    found = seat_map(booking.seating, request.edition.now(), mine=booking.pk)
    if not found.rows:
        raise Http404
    chosen = {ticket.place.number for ticket in tickets}
    return {"booking": booking, "event": booking.seating.event, "map": found, "count": len(tickets), "chosen": chosen}


def _seating(request: SignedInRequest, code: str) -> Seating:
    return get_object_or_404(visible_seatings(request.user, request.edition), event__code=code)
