"""Whoever books places, with an address alone or as a participant; a booking's page is found by its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.kit.qr import qr_svg
from madang.markets.pages import EditionRequest, edition_page
from madang.people.pages import ParticipantRequest, participant_page
from madang.people.rules import participant_of
from madang.seating.actions.claiming import Reader
from madang.seating.actions.limits import origin_of
from madang.seating.actions.refusals import Full, SeatsRefused
from madang.seating.actions.returning import cancel_booking, rename_booking, return_places
from madang.seating.actions.taking import confirm_booking, hold_places
from madang.seating.actions.waiting import join_waiting_list
from madang.seating.forms import NameForm, PartyForm, ReaderForm
from madang.seating.letters import booking_calendar
from madang.seating.models import Allotment, Booking, BookingState, Place, Seating, SeatingMode, SeatKind
from madang.seating.queries.bookable import Offer, bookings_of, offer_to, tickets_of
from madang.seating.queries.maps import names_of, seat_map
from madang.seating.queries.places import counts_of, rank_of
from madang.seating.rules import bookings_by_key, may_seat, visible_seatings
from madang.seating.together import Party

LONGEST_NUMBER = 9


@require_http_methods(["GET", "HEAD", "POST"])
@edition_page
def book(request: EditionRequest, code: str) -> HttpResponse:
    """Choose how many places, or which, and hold them; wait where there are none."""
    seating = get_object_or_404(visible_seatings(request.user, request.edition), event__code=code)
    offer = offer_to(request.user, seating)
    is_posted = request.method == "POST" and bool(offer.allotments)
    party = PartyForm(request.POST if is_posted else None, allotments=offer.allotments, most=seating.most)
    who = None if participant_of(request.user, request.edition) else ReaderForm(request.POST if is_posted else None)
    refused: SeatsRefused | None = None
    if is_posted and are_valid(party, who):
        try:
            made = _booked(request, seating, offer, party, who)
        except SeatsRefused as fault:
            refused = fault
        else:
            return redirect("seating:booking", request.edition.slug, made.key)
    context = _book_context(request, seating, offer) | {"form": party, "who": who, "refused": refused}
    is_full = not any(counts.free for _allotment, counts in context["left"])
    context |= {"is_full": is_full, "may_wait": seating.has_waiting_list and (is_full or isinstance(refused, Full))}
    return render(request, "seating/book.html", context, status=422 if refused or party.errors or (who and who.errors) else 200)


def are_valid(party: PartyForm, who: ReaderForm | None) -> bool:
    """Both are looked at, so that all faults are shown at once."""
    is_sound = party.is_valid()
    return (who is None or who.is_valid()) and is_sound


def _booked(request: EditionRequest, seating: Seating, offer: Offer, party: PartyForm, who: ReaderForm | None) -> Booking:
    allotment = next(one for one in offer.allotments if one.kind == party.cleaned_data["allotment"])
    reader = _reader(request, who)
    if request.POST.get("act") == "wait":
        return join_waiting_list(request.user, allotment, party.party(), reader)
    numbers = chosen_numbers(request, seating)
    wanted = party_of(seating, numbers) if numbers else party.party()
    return hold_places(request.user, allotment, wanted, reader, numbers=numbers, instead=_instead(request, allotment))


def _reader(request: EditionRequest, who: ReaderForm | None) -> Reader:
    language = (get_language() or "en")[:2]
    if who is None:
        return Reader(participant=participant_of(request.user, request.edition), language=language)
    return Reader(**who.cleaned_data, language=language, origin=origin_of(get_client_ip(request)))


def _instead(request: EditionRequest, allotment: Allotment) -> Booking | None:
    """The hold that she gives up for another one, by its key."""
    key = request.POST.get("instead", "")[:40]
    rows = bookings_by_key(request.edition, key).filter(seating=allotment.seating_id, state=BookingState.HELD)
    return rows.first() if key else None


def chosen_numbers(request: EditionRequest, seating: Seating) -> list[int]:
    """Numbers of places that were ticked, if seats are chosen here at all."""
    if seating.mode != SeatingMode.RESERVED:
        return []
    texts = [text for text in request.POST.getlist("seat") if text.isdecimal() and len(text) <= LONGEST_NUMBER]
    return sorted({int(text) for text in texts})


def party_of(seating: Seating, numbers: list[int]) -> Party:
    """Whoever ticks a wheelchair place needs it."""
    kinds = list(Place.objects.filter(seating=seating, number__in=numbers).values_list("seat__kind", flat=True))
    wheels = kinds.count(SeatKind.WHEELCHAIR)
    return Party(len(numbers), wheels, kinds.count(SeatKind.COMPANION) if wheels else 0)


def _book_context(request: EditionRequest, seating: Seating, offer: Offer) -> dict[str, Any]:
    now = request.edition.now()
    counts = counts_of([seating], now)[seating.pk]
    is_reserved = seating.mode == SeatingMode.RESERVED
    kind = offer.allotments[0].kind if offer.allotments else ""
    return {
        "event": seating.event,
        "seating": seating,
        "offer": offer,
        "left": [(allotment, counts[allotment.pk]) for allotment in offer.allotments],
        "map": seat_map(seating, now, kind=kind) if is_reserved and offer.allotments else None,
        "chosen": set(chosen_numbers(request, seating)),
        "instead": (request.POST.get("instead") or request.GET.get("instead", ""))[:40],
    }


@require_safe
@edition_page
def booking(request: EditionRequest, key: str) -> HttpResponse:
    """What is held, offered, waited for or booked, and what may be done with it."""
    found = _found(request, key)
    seating, now = found.seating, request.edition.now()
    tickets = tickets_of(found) if found.state == BookingState.BOOKED else []
    places = list(Place.objects.filter(booking=found).values_list("number", flat=True))
    is_over = found.held_until is not None and found.held_until <= now
    is_reserved = seating.mode == SeatingMode.RESERVED
    is_drawn = is_reserved and places and not is_over
    context = {
        "booking": found,
        "event": seating.event,
        "seating": seating,
        "is_over": is_over,
        "has_begun": now >= seating.event.starts_at,
        "seats": names_of(seating, places) if is_reserved else [],
        "map": seat_map(seating, now, kind=found.allotment.kind, mine=found.pk) if is_drawn else None,
        "tickets": [(ticket, qr_svg(ticket.key)) for ticket in tickets],
        "rank": rank_of(found) if found.state == BookingState.WAITING else None,
        "name_form": NameForm(initial={"name": found.name}),
        "may_seat": may_seat(request.user, request.edition),
    }
    return render(request, "seating/booking.html", context)


@require_POST
@edition_page
def confirm(request: EditionRequest, key: str) -> HttpResponse:
    """Book what is held or offered."""
    return _act(request, key, lambda found: confirm_booking(request.user, found, key), _("Booked. We have written to you."))


@require_POST
@edition_page
def give_back(request: EditionRequest, key: str) -> HttpResponse:
    """Give the places of some tickets back."""
    pks = [int(pk) for pk in request.POST.getlist("ticket") if pk.isdecimal() and len(pk) <= 18]
    if not pks:
        messages.warning(request, _("Tick the tickets that you give back."))
        return redirect("seating:booking", request.edition.slug, key)
    return _act(request, key, lambda found: return_places(request.user, found, pks, key), _("Given back. Thank you."))


@require_POST
@edition_page
def cancel(request: EditionRequest, key: str) -> HttpResponse:
    """Give everything back, or leave the waiting list."""
    return _act(request, key, lambda found: cancel_booking(request.user, found, key), _("It is cancelled."))


@require_POST
@edition_page
def rename(request: EditionRequest, key: str) -> HttpResponse:
    """Another name on the tickets."""
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("seating:booking", request.edition.slug, key)
    name = form.cleaned_data["name"]
    return _act(request, key, lambda found: rename_booking(request.user, found, name, key), _("The name is changed."))


def _act(request: EditionRequest, key: str, act: Callable[[Booking], object], said: str) -> HttpResponse:
    try:
        act(_found(request, key))
    except SeatsRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("seating:booking", request.edition.slug, key)


@require_safe
@edition_page
def calendar(request: EditionRequest, key: str) -> HttpResponse:
    """The event as a calendar entry."""
    found = _found(request, key)
    if found.booked_at is None:
        raise Http404
    address = request.build_absolute_uri(reverse("seating:booking", args=[request.edition.slug, key]))
    response = HttpResponse(booking_calendar(found, address), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="seats.ics"'
    return response


@require_safe
@participant_page
def mine(request: ParticipantRequest) -> HttpResponse:
    """What a participant has booked or waits for."""
    return render(request, "seating/mine.html", {"bookings": bookings_of(request.participant)})


def _found(request: EditionRequest, key: str) -> Booking:
    return get_object_or_404(bookings_by_key(request.edition, key))
