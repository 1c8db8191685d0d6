"""Many at once, in threads with connections of their own: no place has two owners, nobody is passed over."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections
from seating_rows import NOBODY, audit, book, free_seating, hold, public_of, reader, reserved_seating

from madang.people.models import Letter
from madang.seating.actions.flowing import expire_holds
from madang.seating.actions.refusals import Full, HoldOver, SeatsRefused
from madang.seating.actions.returning import cancel_booking, return_places
from madang.seating.actions.taking import confirm_booking
from madang.seating.actions.waiting import join_waiting_list
from madang.seating.models import Booking, Place, Ticket
from madang.seating.rules import bookings_by_key
from madang.seating.together import Party

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Each act in a thread of its own, all begun together; what came of them, by the name of the refusal."""
    start, told, lock = threading.Barrier(len(acts)), Counter(), threading.Lock()

    def run(act):
        start.wait()
        try:
            act()
            word = "done"
        except SeatsRefused as refused:
            word = type(refused).__name__
        finally:
            connections.close_all()
        with lock:
            told[word] += 1

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    return told


def fetched(booking):
    return bookings_by_key(booking.seating.event.edition, booking.key).get()


@pytest.mark.parametrize("lay_out", [lambda: free_seating(6), lambda: reserved_seating("A ooo\nB ooo")], ids=["free", "reserved"])
def test_as_many_book_as_there_are_places(lay_out):
    seating = lay_out()
    told = at_once([lambda n=n: book(seating, n, 1) for n in range(THREADS)])
    assert told == {"done": 6, "Full": 2}
    assert (Ticket.objects.count(), Place.objects.exclude(booking=None).count(), audit()) == (6, 6, [])
    assert sorted(Letter.objects.values_list("address", flat=True)) == sorted(
        Booking.objects.filter(state="booked").values_list("email", flat=True)
    )


def test_one_of_eight_gets_the_seat_that_all_of_them_choose():
    seating = reserved_seating()
    number = Place.objects.get(seat__row="A", seat__number="1").number
    told = at_once([lambda n=n: hold(seating, n, numbers=[number]) for n in range(THREADS)])
    assert told == {"done": 1, "Taken": 7}
    assert Booking.objects.count() == 1


def test_an_address_that_presses_eight_times_has_one_booking():
    seating = free_seating(9)
    told = at_once([lambda: hold(seating, 1, 2) for _n in range(THREADS)])
    assert told == {"done": 1, "Known": 7}
    assert Place.objects.exclude(booking=None).count() == 2


def test_a_booking_is_confirmed_or_cancelled_and_never_both():
    seating = free_seating(1)
    held = hold(seating, 1)
    acts = [lambda: confirm_booking(NOBODY, fetched(held), held.key), lambda: cancel_booking(NOBODY, fetched(held), held.key)] * 4
    at_once(acts)
    assert (Booking.objects.get().state, Ticket.objects.filter(state="valid").count(), audit()) in (
        ("cancelled", 0, []),
        ("booked", 1, []),
    )
    assert Letter.objects.count() <= 1


def test_a_booking_whose_tickets_come_back_all_at_once_is_cancelled():
    seating = free_seating(4)
    booked = book(seating, 1, 4)
    tickets = list(booked.tickets.values_list("pk", flat=True))
    at_once([lambda pk=pk: return_places(NOBODY, fetched(booked), [pk], booked.key) for pk in tickets])
    assert (Booking.objects.get().state, Place.objects.filter(booking=None).count(), audit()) == ("cancelled", 4, [])


def test_what_is_tidied_up_is_not_taken_from_who_has_it_by_now():
    seating = free_seating(4)
    edition = seating.event.edition
    over = [hold(seating, n) for n in range(4)]
    Booking.objects.update(held_until=edition.now())
    Place.objects.update(held_until=edition.now())
    acts = [lambda n=n: book(seating, 10 + n) for n in range(4)]
    acts += [lambda: expire_holds(edition, edition.now())] * 2
    acts += [lambda one=one: cancel_booking(NOBODY, fetched(one), one.key) for one in over[:2]]
    told = at_once(acts)
    assert set(told) <= {"done", "Busy"}  # who is told that it is busy has nothing, and nobody loses what she has
    places = Place.objects.filter(booking__state="booked", held_until=None).count()
    assert (places, audit()) == (Booking.objects.filter(state="booked").count(), [])


def test_what_comes_free_at_once_goes_to_the_first_who_wait():
    seating = free_seating(4)
    booked = [book(seating, n) for n in range(4)]
    waiting = [join_waiting_list(NOBODY, public_of(seating), Party(1), reader(10 + n)) for n in range(6)]
    acts = [lambda one=one: cancel_booking(NOBODY, fetched(one), one.key) for one in booked]
    newcomers = [lambda n=n: hold(seating, 20 + n) for n in range(4)]
    told = at_once([*acts, *newcomers])
    assert told == {"done": 4, "Full": 4}
    states = [Booking.objects.get(pk=one.pk).state for one in waiting]
    assert (states, audit()) == (["offered"] * 4 + ["waiting"] * 2, [])


def test_a_hold_that_runs_out_is_the_next_ones_or_the_first_ones():
    seating = free_seating(1)
    held = hold(seating, 1)
    if not connection.features.has_select_for_update:
        assert held.held_until  # on SQLite writers come one after the other: what follows holds the same way
    Booking.objects.filter(pk=held.pk).update(held_until=seating.event.edition.now())
    Place.objects.update(held_until=seating.event.edition.now())
    acts = [lambda: confirm_booking(NOBODY, fetched(held), held.key)] + [lambda n=n: hold(seating, n) for n in range(2, 5)]
    told = at_once(acts)
    assert told == {HoldOver.__name__: 1, "done": 1, Full.__name__: 2}
