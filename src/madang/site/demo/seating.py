"""The auditorium's seats, the places of screenings and talks, and who has booked them. All people are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from madang.accounts.models import User
from madang.markets.models import Edition, Hall
from madang.people.models import Participant
from madang.programme.models import Event, EventKind, EventPart, Visit
from madang.seating.actions.claiming import new_code
from madang.seating.actions.layout import Share, draw_hall, lay_out
from madang.seating.drawing import read_drawing
from madang.seating.models import Allotment, Booking, BookingState, Place, Seating, SeatKind, Ticket
from madang.site.demo.people import language_of, person_name
from madang.site.demo.sizes import ZONE

ROWS = "ABCDEFGHJKLMNPQRS"
LINES = [f"{row}  oooooo oooooooooo oooooo" for row in ROWS]
AUDITORIUM = "\n".join([*LINES[:8], "", *LINES[8:], "", "W  wc.wc. .wc..wc.wc. .wc.wc"])
"""17 rows of 22 seats, an aisle across, and seven wheelchair places with their companions at the back: 388 seats."""
INDUSTRY, PRESS, GUESTS = ("G", "H", "J"), ("F",), ("D", "E")
OPENS = {
    "industry": dt.datetime(2025, 5, 6, 10, 0, tzinfo=ZONE),
    "public": dt.datetime(2025, 5, 19, 10, 0, tzinfo=ZONE),
}
FLOWS = dt.timedelta(hours=1)
FULL = "SC8-S"
"""The screening of which everything is booked, with people who wait."""
WAITING = 14
TALK_PLACES, CARPET_PLACES = 90, 300
HOMES = ["KR"] * 15 + ["FR", "JP", "US", "GB", "DE"]
SIZES = [1, 2, 2, 2, 3, 4]


def make_seats(rng: random.Random, edition: Edition, organiser: User, now: dt.datetime) -> None:
    """Halls are drawn and places laid out at every moment of the demo; bookings come once booking has begun."""
    halls = {hall.code: hall for hall in Hall.objects.filter(edition=edition)}
    draw_hall(organiser, halls["AUD"], read_drawing(AUDITORIUM))
    Hall.objects.filter(pk=halls["AUD"].pk).update(capacity=400)
    Hall.objects.filter(pk=halls["TALK"].pk).update(capacity=TALK_PLACES)
    events = list(Event.objects.filter(edition=edition).select_related("edition", "hall").order_by("starts_at", "code"))
    seated = [event for event in events if event.kind in (EventKind.SCREENING, EventKind.TALK, EventKind.PITCH, EventKind.CARPET)]
    visits = visitors(seated)
    for event in seated:
        seating = lay_out(organiser, event, settings_of(event), shares_of(event))
        fill(rng, seating, visits[event.pk], now)


def settings_of(event: Event) -> dict[str, Any]:
    is_reserved = event.kind == EventKind.SCREENING and event.hall.code == "AUD"
    return {"mode": "reserved" if is_reserved else "free", "opens_at": OPENS["public"], "most": 4}


def shares_of(event: Event) -> list[Share]:
    """Screenings have all four allotments, talks two, the carpet one; what is left goes to the public an hour before."""
    onward: dict[str, Any] = {"flows_to": "public", "flows_at": event.starts_at - FLOWS, "opens_at": OPENS["industry"]}
    if event.kind == EventKind.SCREENING and event.hall.code != "AUD":
        places = event.hall.capacity or TALK_PLACES
        return [Share("industry", places // 4, **onward), Share("press", places // 10, **onward), Share("public", places // 2)]
    if event.kind == EventKind.SCREENING:
        rows = [("industry", INDUSTRY), ("press", PRESS), ("guests", GUESTS)]
        return [*(Share(kind, rows=names, **onward) for kind, names in rows), Share("public")]
    if event.kind == EventKind.CARPET:
        return [Share("public", CARPET_PLACES)]
    onward |= {"flows_to": "", "flows_at": None}
    return [Share("press", 20, **onward), Share("industry", TALK_PLACES - 20, **onward)]


def visitors(events: Sequence[Event]) -> dict[int, list[Participant]]:
    """Who has the event in her agenda: she has booked it."""
    rows = Visit.objects.filter(event__in=events, part=EventPart.AUDIENCE).select_related("participant").order_by("pk")
    found: dict[int, list[Participant]] = defaultdict(list)
    for visit in rows:
        found[visit.event_id].append(visit.participant)
    return found


def fill(rng: random.Random, seating: Seating, people: Sequence[Participant], now: dt.datetime) -> None:
    """Participants who mean to come, and the public in twos and threes; of one screening everything, with a waiting list."""
    allotments = {one.kind: one for one in Allotment.objects.filter(seating=seating)}
    places = by_allotment(seating)
    rows: list[tuple[Booking, list[Place]]] = []
    if now >= OPENS["industry"] and "industry" in allotments:
        rows += [(booked(seating, allotments["industry"], 1, OPENS["industry"], person=who), [place])
                 for who, place in zip(people, places["industry"], strict=False)]  # fmt: skip
    if now >= OPENS["public"] and "public" in allotments:
        share = 1.0 if seating.event.code == FULL else rng.uniform(0.35, 0.8)
        rows += public_bookings(rng, seating, allotments["public"], places["public"], share)
    save(rows, min(now, seating.event.starts_at))
    if seating.event.code == FULL and now >= OPENS["public"]:
        Booking.objects.bulk_create(waiting(rng, seating, allotments["public"]))


def by_allotment(seating: Seating) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in Place.objects.filter(seating=seating).select_related("allotment", "seat").order_by("number"):
        found[place.allotment.kind].append(place)
    return found


def public_bookings(
    rng: random.Random, seating: Seating, allotment: Allotment, places: Sequence[Place], share: float
) -> Iterator[tuple[Booking, list[Place]]]:
    """Neighbours of one row book together; `share` of all places are taken, of a full event each single one."""
    plain = [place for place in places if share == 1 or place.seat is None or place.seat.kind == SeatKind.SEAT]
    for _row, group in groupby(plain, key=lambda place: place.seat.row if place.seat else place.number // 20):
        row = list(group)
        while row:
            together, row = row[: (size := rng.choice(SIZES))], row[size:]
            if share == 1 or rng.random() < share:
                opened = OPENS["public"] + dt.timedelta(minutes=rng.expovariate(1 / 600))
                yield booked(seating, allotment, len(together), opened, rng=rng), together


def booked(
    seating: Seating, allotment: Allotment, count: int, at: dt.datetime, *, person: Participant | None = None,
    rng: random.Random | None = None,
) -> Booking:  # fmt: skip
    """A booking of a participant, or of somebody of the public with an address that nobody has."""
    made = Booking(
        seating=seating, allotment=allotment, code=new_code(), state=BookingState.BOOKED, count=count, created_at=at, booked_at=at
    )
    if person is not None:
        made.participant, made.name, made.country, made.language = person, person.name, person.country, person.language
    elif rng is not None:
        made.country = rng.choice(HOMES)
        made.language = language_of(made.country)
        made.name = person_name(rng, made.country).latin
        made.email = f"{made.code.lower()}@audience.example"
    return made


def waiting(rng: random.Random, seating: Seating, allotment: Allotment) -> list[Booking]:
    """One after the other, since it was full."""
    rows = []
    for number in range(WAITING):
        since = OPENS["public"] + dt.timedelta(days=4, minutes=37 * number)
        row = booked(seating, allotment, rng.choice([1, 1, 2, 2, 3]), since, rng=rng)
        row.state, row.booked_at, row.waiting_since = BookingState.WAITING, None, since
        rows.append(row)
    return rows


def save(rows: Sequence[tuple[Booking, list[Place]]], latest: dt.datetime) -> None:
    """Bookings, their places and tickets; nobody has booked after `latest`."""
    for booking, together in rows:
        booking.created_at = booking.booked_at = min(booking.created_at, latest)
        kinds = [place.seat.kind for place in together if place.seat]
        booking.wheelchairs = kinds.count(SeatKind.WHEELCHAIR)
        booking.companions = kinds.count(SeatKind.COMPANION)
    Booking.objects.bulk_create([booking for booking, _together in rows], batch_size=500)
    tickets, places = [], []
    for booking, together in rows:
        for place in together:
            place.booking = booking
            places.append(place)
            tickets.append(Ticket(booking=booking, place=place, issued_at=booking.created_at))
    Place.objects.bulk_update(places, ["booking"], batch_size=300)
    Ticket.objects.bulk_create(tickets, batch_size=500)
