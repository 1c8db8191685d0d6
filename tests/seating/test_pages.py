"""The pages of seats, by role; every list with the same queries for one row and for three."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import EditionFactory, HallFactory, ParticipantFactory, UserFactory
from openpyxl import load_workbook
from seating_rows import book, event_at, free_seating, hold, organiser_of, public_of, reserved_seating, seats_of

from madang.seating.actions.layout import Share
from madang.seating.models import Booking, Place, Seat, Seating, Ticket

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GUEST = {"allotment": "public", "count": "2", "email": "guest@example.org", "name": "Kim 김", "act": "hold"}


def at(name, seating, *more):
    return reverse(f"seating:{name}", args=[seating.event.edition.slug, *more])


def booking_page(seating, booking, name="booking"):
    return at(name, seating, booking.key)


@pytest.fixture
def desk(client):
    def sign_in(seating):
        client.force_login(organiser_of(seating.event.edition), backend=BACKEND)
        return client

    return sign_in


def test_a_visitor_holds_books_and_gives_one_back(client):
    seating = reserved_seating()
    assert client.get(at("book", seating, "E-1")).status_code == 200
    held = client.post(at("book", seating, "E-1"), GUEST)
    booking = Booking.objects.get()
    assert held.url == booking_page(seating, booking)
    assert b"2 places are kept for you." in client.get(held.url).content
    client.post(booking_page(seating, booking, "confirm"))
    page = client.get(held.url).content.decode()
    assert (page.count('class="qr"'), all(seat in page for seat in seats_of(booking))) == (2, True)
    client.post(booking_page(seating, booking, "give_back"), {"ticket": Ticket.objects.first().pk})
    client.post(booking_page(seating, booking, "rename"), {"name": "Lee " + "😀\u202e" * 20})
    booking.refresh_from_db()
    assert (booking.count, booking.name[:3], booking.state) == (1, "Lee", "booked")
    calendar = client.get(booking_page(seating, booking, "calendar"))
    assert (calendar["Content-Type"], calendar.content.count(b"BEGIN:VEVENT")) == ("text/calendar; charset=utf-8", 1)
    client.post(booking_page(seating, booking, "cancel"))
    assert Place.objects.exclude(booking=None).count() == 0


def test_seats_are_chosen_by_ticking_them(client):
    seating = reserved_seating()
    numbers = list(Place.objects.filter(seat__row="B").values_list("number", flat=True)[3:6])
    client.post(at("book", seating, "E-1"), GUEST | {"seat": numbers})
    assert seats_of(Booking.objects.get()) == ["B 4", "B 5", "B 6"]
    again = client.post(at("book", seating, "E-1"), GUEST | {"email": "b@example.org", "seat": numbers})
    assert (again.status_code, b"Somebody else was quicker" in again.content) == (422, True)


def test_where_it_is_full_one_waits(client):
    seating = free_seating(2)
    book(seating, 1, 2)
    for full, status in ((client.get(at("book", seating, "E-1")), 200), (client.post(at("book", seating, "E-1"), GUEST), 422)):
        assert (full.status_code, b"Join the waiting list" in full.content, b"Hold these places" in full.content) == (
            status, True, False,
        )  # fmt: skip
    client.post(at("book", seating, "E-1"), GUEST | {"act": "wait"})
    waiting = Booking.objects.get(email="guest@example.org")
    assert b"your place in the waiting list" in client.get(booking_page(seating, waiting)).content


BAD = [
    {"email": "nobody"},
    {"email": "a" * 400 + "@example.org"},
    {"count": "0"},
    {"count": "9" * 25},
    {"allotment": "industry"},
    {"name": "😀\u202e" * 400},
    {"wheelchairs": "3"},
    {"country": "XX"},
    {"count": "x\t"},
]


@pytest.mark.parametrize("fault", BAD)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_held(client, fault):
    seating = free_seating(5)
    answer = client.post(at("book", seating, "E-1"), GUEST | fault)
    assert (answer.status_code, Booking.objects.count()) == (422, 0)
    assert b"Please look at this again" in answer.content


@pytest.mark.parametrize("seats", [["9" * 25], ["-1"], ["=1+1"], ["1", "1", "x"]])
def test_seats_that_cannot_be_are_no_fault_of_the_site(client, seats):
    seating = reserved_seating()
    assert client.post(at("book", seating, "E-1"), GUEST | {"seat": seats}).status_code in (302, 422)


def test_a_participant_books_in_her_allotment_and_finds_it_again(client):
    event = event_at(is_public=False)
    seating = free_seating(event=event, shares=[Share("press", 2), Share("public", 1)])
    assert client.get(at("book", seating, "E-1")).status_code == 404
    critic = ParticipantFactory(edition=event.edition, is_press=True)
    client.force_login(critic.user, backend=BACKEND)
    client.post(at("book", seating, "E-1"), {"allotment": "press", "count": "1", "act": "hold"})
    client.post(booking_page(seating, Booking.objects.get(), "confirm"))
    assert b"Evening" in client.get(at("mine", seating)).content
    assert (Booking.objects.get().participant, b"See my booking" in client.get(at("book", seating, "E-1")).content) == (
        critic,
        True,
    )


def test_a_booking_is_found_by_its_key_alone_and_in_its_edition(client):
    seating, other = free_seating(2), free_seating(2)
    booking = book(seating, 1)
    assert client.get(booking_page(seating, booking)).status_code == 200
    assert client.get(at("booking", other, booking.key)).status_code == 404
    assert client.get(at("booking", seating, booking.code)).status_code == 404


DESK = ["event", "layout", "bookings", "group"]


@pytest.mark.parametrize("name", DESK)
def test_the_desk_is_the_organisers(client, desk, name):
    seating = reserved_seating()
    assert client.get(at(name, seating, "E-1")).status_code == 302
    client.force_login(UserFactory(), backend=BACKEND)
    assert client.get(at(name, seating, "E-1")).status_code == 404
    assert desk(seating).get(at(name, seating, "E-1")).status_code == 200


def test_a_hall_is_drawn_and_drawn_anew(desk):
    seating = reserved_seating("A oo")
    client, page = desk(seating), at("hall", seating, seating.event.hall.code)
    assert b"A oo" in client.get(page).content
    kept = list(Seat.objects.values_list("pk", flat=True))
    client.post(page, {"drawing": "A  o.o\n\nW  w.cx"})
    seats = Seat.objects.values_list("row", "number", "x", "y", "kind", "is_closed")
    assert list(seats) == [
        ("A", "1", 0, 0, "seat", False),
        ("A", "2", 2, 0, "seat", False),
        ("W", "1", 0, 2, "wheelchair", False),
        ("W", "2", 2, 2, "companion", False),
        ("W", "3", 3, 2, "seat", True),
    ]
    assert list(Seat.objects.filter(row="A").values_list("pk", flat=True)) == kept
    assert Seat.objects.get(kind="companion").companion_of.kind == "wheelchair"
    refused = client.post(page, {"drawing": "A o"})
    assert (refused.status_code, b"Events have places on seats" in refused.content) == (422, True)
    for drawing in ("", "A z", "A o\nA o", "A c", "A " + "o" * 200, "A o\n" * 200, "A " + "😀"):
        assert client.post(page, {"drawing": drawing}).status_code == 422


BAD_LAYOUTS = [
    {"public-is_used": ""},  # the press has nowhere to go on to
    {"press-flows_at": ""},
    {"press-flows_to": "guests"},
    {"most": "0"},
    {"public-count": "9" * 25},
    {"opens_at": "tomorrow"},
]


def test_an_event_is_laid_out_on_a_page(desk):
    edition = EditionFactory()
    event = event_at(edition, hall=HallFactory(edition=edition, capacity=120))
    client = desk(free_seating(1, event=event_at(edition, code="E-2", hall=event.hall)))
    page = reverse("seating:layout", args=[edition.slug, "E-1"])
    assert b'value="120"' in client.get(page).content
    settings = {"mode": "free", "most": "4", "hold_minutes": "10", "release_minutes": "10", "late_minutes": "15"}
    settings |= {"vote_hours": "24"}
    public = {"public-is_used": "on", "public-count": "80", "opens_at": "2025-05-01T10:00"}
    press = {"press-is_used": "on", "press-count": "20", "press-flows_to": "public", "press-flows_at": "2025-05-29T17:00"}
    done = client.post(page, settings | public | press)
    assert done.url == reverse("seating:event", args=[edition.slug, "E-1"])
    seating = public_of(event.seating).seating
    assert (Place.objects.filter(seating=seating).count(), f"{seating.opens_at:%F %H:%M}") == (100, "2025-05-01 01:00")  # KST
    assert f"{public_of(seating, 'press').flows_at:%F %H:%M}" == "2025-05-29 08:00"
    assert b'value="2025-05-29T17:00"' in client.get(page).content
    for fault in BAD_LAYOUTS:
        assert client.post(page, settings | public | press | fault).status_code == 422


LAYOUT = {"mode": "free", "most": "4", "hold_minutes": "10", "release_minutes": "10", "late_minutes": "15", "vote_hours": "24"}
LAYOUT |= {"public-is_used": "on", "public-count": "8", "press-is_used": "on", "press-count": "2"}
LAYOUT |= {"press-flows_to": "public", "press-flows_at": "2025-05-29T10:00"}
SENSELESS = [
    ({"opens_at": "0001-01-01T00:00"}, "Choose a year from 2000 to 2100."),
    ({"press-flows_at": "9999-12-31T23:59"}, "Choose a year from 2000 to 2100."),
    ({"opens_at": "2025-05-29T10:00", "closes_at": "2025-05-29T10:00"}, "Booking ends before it begins."),
    ({"public-flows_to": "press", "public-flows_at": "2025-05-29T11:00"}, "to each other in a circle"),
    ({"press-flows_to": "guests"}, "This allotment has no places."),
    ({"vote_hours": "0"}, "greater than or equal to 1"),
    ({"most": "9" * 25}, "less than or equal to 50"),
]


@pytest.mark.parametrize(("fault", "said"), SENSELESS)
def test_a_layout_that_cannot_be_is_refused_at_its_field(client, fault, said):
    event = event_at(code="E-9")
    client.force_login(organiser_of(event.edition), backend=BACKEND)
    page = reverse("seating:layout", args=[event.edition.slug, "E-9"])
    answer = client.post(page, LAYOUT | fault)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Seating.objects.filter(event__code="E-9").exists()
    assert client.post(page, LAYOUT).status_code == 302


def test_an_organiser_books_for_a_group_and_moves_it(desk):
    seating = reserved_seating()
    client = desk(seating)
    facts = {"group_name": "A school", "allotment": "public", "count": "6", "email": "school@example.org"}
    made = client.post(at("group", seating, "E-1"), facts)
    booking = Booking.objects.get()
    assert made.url == booking_page(seating, booking)
    free = list(Place.objects.filter(booking=None).exclude(seat__kind="wheelchair").values_list("number", flat=True))
    page = at("move", seating, booking.key)
    assert client.get(page).status_code == 200
    assert client.post(page, {"seat": free[:2]}).status_code == 422
    client.post(page, {"seat": free[:6]})
    assert list(Place.objects.filter(booking=booking).values_list("number", flat=True)) == free[:6]
    assert client.post(at("group", seating, "E-1"), facts | {"count": "400"}).status_code == 422


def test_bookings_are_searched_and_taken_away_safely(desk):
    seating = free_seating(9)
    booking = book(seating, 1)
    Booking.objects.update(name="=HYPERLINK(1)")
    book(seating, 2)
    client = desk(seating)
    page = client.get(at("bookings", seating, "E-1"), {"q": "guest2"}).content
    assert (b"guest2@example.org" in page, b"guest1@example.org" in page) == (True, False)
    csv = client.get(at("export", seating, "E-1", "csv")).content.decode("utf-8-sig")
    assert csv.splitlines()[1].split(",")[:7] == [booking.code, "Booked", "Public", "1", "0", "0", "'=HYPERLINK(1)"]
    sheet = load_workbook(io.BytesIO(client.get(at("export", seating, "E-1", "xlsx")).content)).active
    assert [cell.data_type for cell in sheet["G"]] == ["s", "s", "s"]
    assert client.get(at("export", seating, "E-1", "exe")).status_code == 404


LISTS = ["desk", "bookings", "event"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_the_same_for_one_row_and_for_three(desk, name):
    seating = reserved_seating()
    client = desk(seating)
    page = at(name, seating) if name == "desk" else at(name, seating, "E-1")
    book(seating, 1)
    client.get(page)
    asked = queries_of(client, page)
    for number in (2, 3):
        book(seating, number)
        free_seating(5, event=event_at(seating.event.edition, hall=seating.event.hall, code=f"E-{number}"))
    assert queries_of(client, page) == asked


def queries_of(client, page):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_booking_asks_few_queries(client):
    """What 500 people do at once has to be short."""
    seating = free_seating(9)
    hold(seating, 7)
    with CaptureQueriesContext(connection) as held:
        client.post(at("book", seating, "E-1"), GUEST)
    booking = Booking.objects.get(email="guest@example.org")
    with CaptureQueriesContext(connection) as booked:
        client.post(booking_page(seating, booking, "confirm"))
    assert (len(held), len(booked)) == (11, 11)  # beginning and end of the transaction among them
