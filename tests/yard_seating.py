"""What the yard has of seats: a drawn hall, an event with reserved seats, a full one where somebody waits."""

from __future__ import annotations

from typing import Any

from factories import HallFactory
from seating_rows import book, event_at, free_seating, organiser_of, public_of, reader, reserved_seating

from madang.markets.models import Edition
from madang.people.models import Participant
from madang.seating.actions.claiming import Reader
from madang.seating.actions.groups import book_group
from madang.seating.actions.layout import Share
from madang.seating.actions.waiting import join_waiting_list
from madang.seating.together import Party

PARTS = {
    ("seating", "code"): "seated_event",
    ("seating", "key"): "booking",
    ("seating", "hall"): "seated_hall",
    ("seating", "kind"): "table_kind",
}


def add_seats(edition: Edition, people: dict[str, Participant], codes: dict[str, Any]) -> None:
    """Both events are in the evening of the second day."""
    hall = HallFactory(edition=edition, code="H3", name="Theatre", name_ko="극장")
    shares = [Share("industry", rows=("B",)), Share("public")]
    evening = event_at(edition, hall=hall, code="E-8", name="Evening in seats")
    booking = book(reserved_seating("A ooo ooo\nB ooo ooo\nC wc. oox", event=evening, shares=shares), 1, 2)
    full = free_seating(event=event_at(edition, hall=hall, code="E-9", name="Full evening"), shares=[Share("public", 2)])
    book_group(organiser_of(edition), public_of(full), Party(2), reader(3), "A school")
    buyer = people["buyer"]
    join_waiting_list(buyer.user, public_of(full), Party(1), Reader(participant=buyer))
    codes |= {"seated_event": evening.code, "seated_hall": hall.code, "booking": booking.key}
