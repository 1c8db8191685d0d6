"""What a door needs of an event's seats, for a copy that works without a network."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet

from madang.programme.models import Event
from madang.seating.models import Place, Ticket, TicketState
from madang.seating.queries.places import is_free


class TicketAtDoor(NamedTuple):
    """One ticket: `key` stands in its QR; `seat` is empty where people sit as they like; `state` as in `TicketState`."""

    pk: int
    key: str
    state: str
    seat: str
    allotment: str
    name: str
    country: str
    booking: str


class AllotmentAtDoor(NamedTuple):
    """Places of an allotment by its kind: all of them, and those that nobody has."""

    kind: str
    places: int
    free: int


class Copy(NamedTuple):
    """Every ticket of an event that was ever valid, and how many places each allotment has."""

    tickets: list[TicketAtDoor]
    allotments: list[AllotmentAtDoor]


def tickets_of(event: Event) -> QuerySet[Ticket]:
    """All tickets of the event, returned and released ones too, so that a door can say why one is void."""
    rows = Ticket.objects.filter(booking__seating__event=event).order_by("pk")
    return rows.select_related("booking__allotment", "booking__participant", "place__seat")


def copy_of(event: Event) -> Copy:
    """Three queries, however many tickets."""
    now = event.edition.now()
    places: dict[str, set[int]] = {}
    for kind, pk in Place.objects.filter(seating__event=event).order_by().values_list("allotment__kind", "pk"):
        places.setdefault(kind, set()).add(pk)
    rows = Place.objects.filter(is_free(now), seating__event=event).order_by()
    free = set(rows.values_list("pk", flat=True))
    tickets = [
        TicketAtDoor(
            ticket.pk,
            ticket.key,
            ticket.state,
            str(ticket.place.seat or ""),
            ticket.booking.allotment.kind,
            ticket.booking.name,
            ticket.booking.country,
            ticket.booking.code,
        )
        for ticket in tickets_of(event)
    ]
    return Copy(tickets, [AllotmentAtDoor(kind, len(pks), len(pks & free)) for kind, pks in sorted(places.items())])


def valid_tickets(event: Event) -> QuerySet[Ticket]:
    return tickets_of(event).filter(state=TicketState.VALID)
