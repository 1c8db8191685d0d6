"""Nobody keeps places from others by holds that are never booked."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from factories import EditionFactory, ParticipantFactory
from seating_rows import book, event_at, free_seating, hold, public_of, reader

from madang.seating.actions.claiming import Reader
from madang.seating.actions.flowing import expire_holds
from madang.seating.actions.limits import HOLDS_A_READER, origin_of
from madang.seating.actions.refusals import TooManyHolds
from madang.seating.actions.taking import confirm_booking, hold_places
from madang.seating.actions.waiting import join_waiting_list
from madang.seating.models import Booking
from madang.seating.together import Party

pytestmark = pytest.mark.django_db
NETWORK = origin_of("203.0.113.7")


@pytest.fixture(autouse=True)
def few(settings):
    settings.HOLDS_AN_ADDRESS = 3


def hold_from(seating, number, origin=NETWORK):
    someone = Reader(f"guest{number}@example.org", origin=origin)
    return hold_places(AnonymousUser(), public_of(seating), Party(1), someone)


def test_one_network_holds_so_many_places_and_no_more_until_they_are_booked():
    seating = free_seating(20)
    first, *_others = [hold_from(seating, number) for number in range(3)]
    with pytest.raises(TooManyHolds):
        hold_from(seating, 3)
    assert hold_from(seating, 4, origin_of("198.51.100.1")).state == "held"
    assert hold_from(seating, 5, "").state == "held"
    confirm_booking(AnonymousUser(), first, first.key)
    assert hold_from(seating, 3).state == "held"


def test_whoever_waits_counts_with_her_network():
    seating = free_seating(1)
    book(seating, 9)
    for number in range(3):
        join_waiting_list(AnonymousUser(), public_of(seating), Party(1), Reader(f"w{number}@example.org", origin=NETWORK))
    with pytest.raises(TooManyHolds):
        join_waiting_list(AnonymousUser(), public_of(seating), Party(1), Reader("w3@example.org", origin=NETWORK))
    assert Booking.objects.filter(state="waiting").count() == 3


def test_one_reader_holds_at_so_many_events_and_may_change_her_mind():
    edition = EditionFactory()
    events = [event_at(edition, code=f"E-{n}") for n in range(HOLDS_A_READER + 1)]
    seatings = [free_seating(5, event=event) for event in events]
    held = [hold(seating) for seating in seatings[:-1]]
    with pytest.raises(TooManyHolds):
        hold(seatings[-1])
    again = hold_places(AnonymousUser(), public_of(seatings[0]), Party(2), reader(), instead=held[0])
    assert (again.count, again.state) == (2, "held")
    person = ParticipantFactory(edition=edition)
    own = hold_places(person.user, public_of(seatings[-1]), Party(1), Reader(participant=person))
    assert own.state == "held"


def test_no_limit_where_none_is_set(settings):
    settings.HOLDS_AN_ADDRESS = 0
    seating = free_seating(20)
    assert [hold_from(seating, number).state for number in range(5)] == ["held"] * 5


def test_origins_tell_no_address_and_are_forgotten_within_the_hour():
    seating = free_seating(5)
    held, now = hold_from(seating, 1), seating.event.edition.now()
    assert (len(held.origin), "203" in held.origin) == (16, False)
    expire_holds(seating.event.edition, now + dt.timedelta(minutes=59))
    assert Booking.objects.get(pk=held.pk).origin == NETWORK
    expire_holds(seating.event.edition, now + dt.timedelta(minutes=60))
    assert Booking.objects.get(pk=held.pk).origin == ""


@pytest.mark.parametrize("address", [None, "", "127.0.0.1", "::1", "nonsense", "1" * 400])
def test_where_the_network_is_not_known_there_is_no_name(address):
    assert origin_of(address) == ""


@pytest.mark.parametrize("network", ["203.0.113.7", "2001:db8::1"])
def test_the_page_says_that_too_much_is_held(client, network):
    seating = free_seating(20)
    path = f"/e/{seating.event.edition.slug}/programme/{seating.event.code}/seats/"
    facts = {"allotment": "public", "count": "1", "act": "hold"}
    answers = [client.post(path, facts | {"email": f"g{n}@example.org"}, REMOTE_ADDR=network) for n in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    assert "from your network" in answers[3].content.decode()
    assert Booking.objects.count() == 3
