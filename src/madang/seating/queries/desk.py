"""What the organiser sees of halls, events and bookings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from madang.kit.tables import Cell
from madang.markets.models import Edition, Hall
from madang.programme.models import Event
from madang.seating.actions.layout import Share
from madang.seating.models import Allotment, Booking, BookingState, Place, Seating
from madang.seating.queries.places import Counts, counts_of

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class EventLine:
    """An event with its seating, if it has one, and how full it is."""

    event: Event
    seating: Seating | None
    counts: Counts


def event_lines(edition: Edition) -> list[EventLine]:
    """The events of the edition by time. Three queries."""
    events = list(Event.objects.filter(edition=edition).select_related("seating", "hall", "title").order_by("starts_at", "code"))
    seatings = [event.seating for event in events if hasattr(event, "seating")]
    counts = counts_of(seatings, edition.now())
    return [EventLine(event, getattr(event, "seating", None), total(counts, event)) for event in events]


def total(counts: dict[int, dict[int, Counts]], event: Event) -> Counts:
    found = Counts()
    if hasattr(event, "seating"):
        for one in counts[event.seating.pk].values():
            found.add(one)
    return found


def hall_lines(edition: Edition) -> QuerySet[Hall]:
    """Halls with their number of seats in use."""
    return Hall.objects.filter(edition=edition).annotate(seats_in_use=Count("seats", filter=Q(seats__is_closed=False)))


def shares_of(seating: Seating) -> dict[str, Share]:
    """How the places of an event are shared out, as the form shows it. Two queries."""
    rows = Place.objects.filter(seating=seating).order_by("number").values_list("allotment__kind", "seat__row")
    sizes: dict[str, int] = {}
    named: dict[str, dict[str, None]] = {}
    for kind, row in rows:
        sizes[kind] = sizes.get(kind, 0) + 1
        named.setdefault(kind, {})[row or ""] = None
    found = {}
    for one in Allotment.objects.filter(seating=seating).select_related("flows_to"):
        onward = one.flows_to.kind if one.flows_to else ""
        names = tuple(name for name in named.get(one.kind, {}) if name)
        found[one.kind] = Share(one.kind, sizes.get(one.kind, 0), names, one.opens_at, onward, one.flows_at)
    return found


def found_bookings(seating: Seating, words: str, state: str) -> QuerySet[Booking]:
    """Bookings by name, group, address, code or seat; held and waiting ones too."""
    rows = Booking.objects.filter(seating=seating).select_related("allotment", "participant").prefetch_related("places__seat")
    if state in BookingState.values:
        rows = rows.filter(state=state)
    for word in words[:LONGEST_SEARCH].split():
        named = Q(name__icontains=word) | Q(group_name__icontains=word) | Q(email__icontains=word) | Q(code__iexact=word)
        rows = rows.filter(named)
    return rows.order_by("-created_at", "-pk")


def seat_words(booking: Booking) -> str:
    """The seats of a booking with commas; empty with free seating."""
    return ", ".join(str(place.seat) for place in booking.places.all() if place.seat)


def export_head() -> list[str]:
    names = [
        _("Code"),
        _("State"),
        _("For"),
        pgettext("seats", "Places"),
        _("Wheelchair places"),
        _("Companions"),
        _("Name"),
        _("Group"),
    ]
    return [*names, _("E-mail address"), _("Country"), _("Seats"), _("Booked at")]


def export_rows(seating: Seating) -> Iterator[list[Cell]]:
    """A line a booking; times on the venue's clocks."""
    zone = seating.event.edition.zone
    for one in found_bookings(seating, "", "").order_by("pk").iterator(chunk_size=500):
        at = one.booked_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if one.booked_at else None
        facts: list[Cell] = [
            one.code,
            str(one.get_state_display()),
            str(one.allotment),
            one.count,
            one.wheelchairs,
            one.companions,
        ]
        yield [*facts, one.name, one.group_name, one.email, one.country, seat_words(one), at]
