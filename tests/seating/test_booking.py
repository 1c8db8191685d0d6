"""Places are held, booked, given back, waited for; each of them belongs to one booking."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from factories import ParticipantFactory, UserFactory
from seating_rows import (
    NOBODY,
    START,
    audit,
    book,
    event_at,
    free_seating,
    hold,
    organiser_of,
    public_of,
    reader,
    reserved_seating,
    seats_of,
)

from madang.markets.models import LogEntry
from madang.people.models import Letter, Notice
from madang.programme.models import Visit
from madang.seating.actions.claiming import Reader
from madang.seating.actions.flowing import expire_holds, flow_allotments, serve_waiting
from madang.seating.actions.groups import book_group, move_booking
from madang.seating.actions.layout import Share, lay_out, share_places
from madang.seating.actions.moved import tell_moves
from madang.seating.actions.refusals import Full, HoldOver, Known, NotOpen, SeatsRefused, Taken, TooMany
from madang.seating.actions.returning import cancel_booking, rename_booking, return_places
from madang.seating.actions.taking import confirm_booking, hold_places
from madang.seating.actions.waiting import join_waiting_list
from madang.seating.models import Booking, Place, Ticket
from madang.seating.queries.places import Counts, counts_of, rank_of
from madang.seating.together import Party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sound():
    yield
    assert audit() == []


def pass_by(seating, minutes):
    """Let the edition's clock go on."""
    edition = seating.event.edition
    edition.clock_shift += dt.timedelta(minutes=minutes)
    edition.save()


def wait(seating, number, count=1, kind="public"):
    return join_waiting_list(NOBODY, public_of(seating, kind), Party(count), reader(number))


def states():
    return dict(Booking.objects.order_by("pk").values_list("email", "state"))


def state_of(number):
    return Booking.objects.filter(email=f"guest{number}@example.org").latest("pk").state


def letters(number):
    rows = Letter.objects.filter(address=f"guest{number}@example.org").order_by("pk")
    return [letter.subject.partition(":")[0] for letter in rows]


def test_a_visitor_books_with_an_address_alone():
    seating = free_seating(5)
    booking = hold(seating, 1, 2)
    assert (booking.state, booking.count, Place.objects.filter(booking=booking).count()) == ("held", 2, 2)
    confirm_booking(NOBODY, booking, booking.key)
    confirm_booking(NOBODY, booking, booking.key)  # pressed twice
    letter = Letter.objects.get()
    assert (booking.state, Ticket.objects.filter(state="valid").count(), letter.address) == ("booked", 2, "guest1@example.org")
    assert letter.subject == "Your places: Evening"
    assert f"{{site}}/e/{seating.event.edition.slug}/seats/{booking.key}/" in letter.body
    assert "BEGIN:VEVENT" in letter.calendar
    assert LogEntry.objects.filter(verb="book_places").count() == 1


def test_there_are_no_more_places_than_there_are():
    seating = free_seating(3)
    book(seating, 1, 2)
    with pytest.raises(Full):
        hold(seating, 2, 2)
    book(seating, 2, 1)
    with pytest.raises(Full):
        hold(seating, 3, 1)


def test_an_address_has_one_booking_an_event_in_whatever_letters():
    seating = free_seating(9)
    first = book(seating, 1)
    with pytest.raises(Known) as refused:
        hold_places(NOBODY, public_of(seating), Party(1), Reader(email=" Guest1@Example.org "))
    assert refused.value.booking == first
    assert Booking.objects.count() == 1


def test_a_hold_that_has_run_out_is_free_at_once_and_cannot_be_booked():
    seating = free_seating(1)
    late = hold(seating, 1)
    with pytest.raises(Full):
        hold(seating, 2)
    pass_by(seating, 11)
    quick = hold(seating, 2)
    late.refresh_from_db()
    late.seating.event.edition.refresh_from_db()
    with pytest.raises(HoldOver):
        confirm_booking(NOBODY, late, late.key)
    confirm_booking(NOBODY, quick, quick.key)
    expire_holds(seating.event.edition, seating.event.edition.now())
    assert states() == {"guest1@example.org": "expired", "guest2@example.org": "booked"}


def test_the_same_reader_holds_anew_once_her_time_is_over_or_instead():
    seating = reserved_seating()
    first = hold(seating, 1, 2)
    again = hold(seating, 1, 3, instead=first)
    pass_by(seating, 11)
    third = hold(seating, 1, 1)
    assert [row.state for row in Booking.objects.order_by("pk")] == ["expired", "expired", "held"]
    assert (again.count, Place.objects.exclude(booking=None).count(), third.count) == (3, 1, 1)


def test_those_who_come_together_sit_together_and_nobody_is_left_alone():
    seating = reserved_seating("A oooo\nB oooo\nC oooo")
    assert seats_of(hold(seating, 1, 2)) == ["B 1", "B 2"]  # not B 2 and B 3, which would leave two alone
    assert seats_of(hold(seating, 2, 4)) in (["A 1", "A 2", "A 3", "A 4"], ["C 1", "C 2", "C 3", "C 4"])


def test_wheelchair_places_are_kept_for_wheelchairs_and_companions_sit_beside():
    seating = reserved_seating("A oo\nB wc", most=4)
    assert seats_of(hold(seating, 1, 2)) == ["A 1", "A 2"]
    with pytest.raises(Full):
        hold(seating, 2, 1)
    assert seats_of(hold(seating, 3, 2, wheelchairs=1, companions=1)) == ["B 1", "B 2"]


def test_seats_are_chosen_one_by_one_and_the_second_to_choose_is_told():
    seating = reserved_seating()
    numbers = list(Place.objects.filter(seat__row="A", seat__number__in=["1", "2"]).values_list("number", flat=True))
    assert seats_of(hold(seating, 1, 2, numbers=numbers)) == ["A 1", "A 2"]
    with pytest.raises(Taken):
        hold(seating, 2, 2, numbers=numbers)
    wheel = Place.objects.get(seat__kind="wheelchair").number
    with pytest.raises(TooMany):
        hold(seating, 2, 1, numbers=[wheel])
    assert seats_of(hold(seating, 2, 1, numbers=[wheel], wheelchairs=1)) == ["C 1"]


HOURS = [
    ({"opens_at": START - dt.timedelta(hours=1)}, "Booking has not begun yet."),
    ({"closes_at": START - dt.timedelta(hours=9)}, "Booking is closed."),
]


@pytest.mark.parametrize(("settings", "words"), HOURS)
def test_booking_has_its_hours(settings, words):
    with pytest.raises(NotOpen, match=words):
        hold(free_seating(5, **settings))


@pytest.mark.parametrize("party", [Party(0), Party(5), Party(1, 1, 1), Party(2, -1), Party(2, 3)])
def test_a_booking_has_as_many_places_as_it_may(party):
    with pytest.raises(TooMany):
        hold_places(NOBODY, public_of(free_seating(9)), party, reader())


def test_nobody_books_what_has_begun_or_is_cancelled():
    seating = free_seating(5)
    seating.event.is_cancelled = True
    seating.event.save()
    with pytest.raises(NotOpen, match="cancelled"):
        hold(seating)
    seating.event.is_cancelled = False
    seating.event.save()
    pass_by(seating, 8 * 60)
    with pytest.raises(NotOpen, match="closed"):
        hold(seating)


def test_some_are_given_back_and_whoever_waits_gets_them_in_order():
    seating = free_seating(3)
    booking = book(seating, 1, 3)
    assert [wait(seating, 2, 2).state, wait(seating, 3).state, wait(seating, 4).state] == ["waiting"] * 3
    assert [rank_of(row) for row in Booking.objects.filter(state="waiting").order_by("pk")] == [1, 2, 3]
    return_places(NOBODY, booking, [booking.tickets.first().pk], booking.key)
    assert (booking.count, booking.state) == (2, "booked")
    assert [state_of(n) for n in (2, 3, 4)] == ["waiting", "offered", "waiting"]  # the first wants two: one does not help her
    cancel_booking(NOBODY, booking, booking.key)
    assert [state_of(n) for n in (1, 2, 3, 4)] == ["cancelled", "offered", "offered", "waiting"]
    assert letters(2) == ["You are on the waiting list", "Places came free for you"]
    offered = Booking.objects.get(email="guest2@example.org")
    assert confirm_booking(NOBODY, offered, offered.key).state == "booked"


def test_a_newcomer_does_not_pass_who_waits():
    seating = free_seating(1)
    late = hold(seating, 1)
    wait(seating, 2)
    pass_by(seating, 11)  # the hold has run out, and no clock has come by
    with pytest.raises(Full):
        hold(seating, 3)
    assert (state_of(2), Place.objects.get().booking.email) == ("offered", "guest2@example.org")
    assert Booking.objects.get(pk=late.pk).state == "held"  # tidied up by the clock


def test_an_offer_runs_out_and_goes_to_the_next_and_each_is_told_once():
    seating = free_seating(1)
    booking = book(seating, 1)
    wait(seating, 2), wait(seating, 3)
    cancel_booking(NOBODY, booking, booking.key)
    until = Booking.objects.get(email="guest2@example.org").held_until - seating.event.edition.now()
    assert dt.timedelta(minutes=109) < until < dt.timedelta(minutes=111)  # a quarter of 7 h 20
    pass_by(seating, 120)
    for _twice in range(2):
        expire_holds(seating.event.edition, seating.event.edition.now())
    assert [state_of(n) for n in (2, 3)] == ["expired", "offered"]
    assert letters(2) == ["You are on the waiting list", "Places came free for you", "Your offer has run out"]
    assert letters(3) == ["You are on the waiting list", "Places came free for you"]


def test_what_is_left_flows_on_by_the_clock_and_before_it():
    event, later = event_at(), START - dt.timedelta(hours=2)
    shares = [Share("industry", 2, flows_to="public", flows_at=later), Share("public", 1)]
    seating = free_seating(event=event, shares=shares)
    book(seating, 1)
    with pytest.raises(PermissionDenied):
        hold(seating, 2, kind="industry")
    wait(seating, 2)
    pass_by(seating, 6 * 60)
    hold(seating, 3)  # nobody ticked: the places came all the same, and to who waited first
    assert [state_of(2), state_of(3)] == ["offered", "held"]
    assert flow_allotments(event.edition, seating.event.edition.now()) == 0
    industry = public_of(seating, "industry")
    assert (industry.flowed_at is not None, industry.places.count()) == (True, 0)
    assert serve_waiting(event.edition, seating.event.edition.now()) == 0


def test_a_place_given_back_after_the_flow_goes_on_too():
    event, later = event_at(), START - dt.timedelta(hours=2)
    shares = [Share("industry", 1, flows_to="public", flows_at=later), Share("public", 1)]
    seating = free_seating(event=event, shares=shares)
    buyer = ParticipantFactory(edition=event.edition, is_buyer=True)
    booking = hold_places(buyer.user, public_of(seating, "industry"), Party(1), Reader(participant=buyer))
    confirm_booking(buyer.user, booking)
    book(seating, 1), wait(seating, 2)
    pass_by(seating, 6 * 60)
    flow_allotments(event.edition, seating.event.edition.now())
    with pytest.raises(NotOpen, match="gone to others: Public"):
        hold_places(buyer.user, public_of(seating, "industry"), Party(1), Reader(participant=buyer))
    cancel_booking(buyer.user, Booking.objects.get(pk=booking.pk))
    assert state_of(2) == "offered"


def test_a_participant_books_and_it_stands_in_her_agenda():
    event = event_at(is_public=False)
    seating = free_seating(event=event, shares=[Share("industry", 2), Share("public", 1)])
    buyer = ParticipantFactory(edition=event.edition, is_buyer=True)
    booking = hold_places(buyer.user, public_of(seating, "industry"), Party(1), Reader(participant=buyer))
    confirm_booking(buyer.user, booking)
    assert list(Visit.objects.values_list("event", "participant", "part")) == [(event.pk, buyer.pk, "audience")]
    assert list(Notice.objects.values_list("kind", flat=True)) == ["seats_booked"]
    assert Letter.objects.count() == 0
    cancel_booking(buyer.user, booking)
    assert Visit.objects.count() == 0


def test_only_who_keeps_a_booking_changes_it():
    seating = free_seating(3)
    booking = book(seating, 1)
    for act in (confirm_booking, cancel_booking):
        with pytest.raises(PermissionDenied):
            act(UserFactory(), booking, "no key")
    with pytest.raises(PermissionDenied):
        rename_booking(NOBODY, booking, "Thief", "")
    rename_booking(NOBODY, booking, "Another Guest", booking.key)
    assert Booking.objects.get().name == "Another Guest"


def test_nothing_is_given_back_once_it_has_begun():
    seating = free_seating(3)
    booking = book(seating, 1)
    pass_by(seating, 8 * 60)
    booking.refresh_from_db()
    booking.seating.event.edition.refresh_from_db()
    with pytest.raises(NotOpen):
        cancel_booking(NOBODY, booking, booking.key)


def test_a_group_is_booked_at_once_and_moved():
    seating = reserved_seating("A oooooo\nB oooooo")
    boss = organiser_of(seating.event.edition)
    group = book_group(boss, public_of(seating), Party(6), reader(1), "School class")
    other = book_group(boss, public_of(seating), Party(2), reader(1), "Its teachers")
    assert (group.state, len({place[0] for place in seats_of(group)}), len(seats_of(other))) == ("booked", 1, 2)
    free = list(Place.objects.filter(booking=None).values_list("number", flat=True))
    with pytest.raises(TooMany):
        move_booking(boss, other, free[:1])
    with pytest.raises(Taken):
        move_booking(boss, other, [free[0], Place.objects.filter(booking=group).first().number])
    keys = set(other.tickets.values_list("key", flat=True))
    move_booking(boss, other, free[-2:])
    assert list(Place.objects.filter(booking=other).values_list("number", flat=True)) == free[-2:]
    assert set(other.tickets.filter(state="valid").values_list("key", flat=True)) == keys
    assert letters(1) == ["Your places", "Your places", "Your places have changed"]
    with pytest.raises(PermissionDenied):
        move_booking(UserFactory(), other, free[:2])


def test_who_booked_is_told_once_of_each_move_and_of_the_end():
    seating = free_seating(3)
    book(seating, 1)
    event, edition = seating.event, seating.event.edition
    assert tell_moves(edition, edition.now()) == 0
    pass_by(seating, 1)
    event.starts_at, event.ends_at = event.starts_at + dt.timedelta(hours=1), event.ends_at + dt.timedelta(hours=1)
    event.save()
    assert [tell_moves(edition, edition.now()) for _twice in range(2)] == [1, 0]
    event.is_cancelled = True
    event.save()
    assert [tell_moves(edition, edition.now()) for _twice in range(2)] == [1, 0]
    assert letters(1) == ["Your places", "Your places have changed", "Cancelled"]
    calendars = [
        (letter.calendar.count("SEQUENCE:1"), "STATUS:CANCELLED" in letter.calendar) for letter in Letter.objects.order_by("pk")
    ]
    assert calendars == [(0, False), (1, False), (0, True)]


def test_the_layout_follows_what_is_booked():
    event = event_at()
    seating = free_seating(4, event=event)
    book(seating, 1, 3)
    boss = organiser_of(event.edition)
    with pytest.raises(SeatsRefused):
        lay_out(boss, event, {"mode": "free"}, [Share("public", 2)])
    lay_out(boss, event, {"mode": "free"}, [Share("press", 2), Share("public", 3)])
    found = counts_of([seating], event.edition.now())[seating.pk]
    assert found[public_of(seating).pk] == Counts(all=3, booked=3)
    assert found[public_of(seating, "press").pk] == Counts(all=2, free=2)
    numbers = list(Place.objects.filter(allotment__kind="press").values_list("number", flat=True))
    assert share_places(boss, seating, numbers, public_of(seating)) == 2
    with pytest.raises(SeatsRefused, match="circle"):
        lay_out(boss, event, {"mode": "free"}, [Share("press", 2, flows_to="public"), Share("public", 5, flows_to="press")])
