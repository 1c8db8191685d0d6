"""The release, queues, votes, and who came."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from door_rows import MINUTE, buyer, event_in, scan, ticket_for
from factories import TitleFactory, UserFactory

from madang.door.actions.devices import make_device
from madang.door.actions.queues import state_queue, take_slip
from madang.door.actions.release import release_due, release_places, silent_doors
from madang.door.actions.votes import cast_vote
from madang.door.models import Admission, Device, Queue, Vote
from madang.door.queries.attendance import (
    Came,
    attendance_of,
    kinds_seen,
    opinion,
    opinions_of,
    public_attendance,
    shown_again,
)
from madang.door.queries.queues import held_up, measured_minutes
from madang.door.rules import may_vote
from madang.markets.models import LogEntry, Stage
from madang.programme.models import Event
from madang.seating.models import Allotment, Place, Seating, Ticket

pytestmark = pytest.mark.django_db


def move(event, minutes, length=60):
    """Let it begin in so many minutes."""
    start = event.edition.now() + minutes * MINUTE
    Event.objects.filter(pk=event.pk).update(starts_at=start, ends_at=start + length * MINUTE)
    event.refresh_from_db()


def seen(device, minutes):
    Device.objects.filter(pk=device.pk).update(seen_at=device.edition.now() - minutes * MINUTE)


# --- The release ---


def test_places_of_those_who_have_not_come_are_given_away_once(door, organiser, seated, edition):
    inside, missing = ticket_for(seated), ticket_for(seated)
    scan(door, seated, inside.key)
    assert [release_places(organiser, seated) for _ in range(2)] == [1, 0]
    assert list(Ticket.objects.order_by("pk").values_list("state", flat=True)) == ["valid", "released"]
    assert Place.objects.filter(seating__event=seated, booking=None).count() == 4
    assert Seating.objects.get(event=seated).closes_at <= edition.now()
    assert [scan(door, seated, ticket.key).outcome for ticket in (inside, missing)] == ["twice", "void"]
    assert LogEntry.objects.get(verb="release_places").details == {"count": 1}


def test_nobody_else_releases(seated):
    with pytest.raises(PermissionDenied):
        release_places(UserFactory(), seated)


@pytest.mark.parametrize(
    ("begins", "heard", "released"),
    [(15, 0, 0), (9, 0, 1), (9, 5, 0), (-1, 5, 1), (9, None, 0), (-70, 0, 0)],
    ids=["too early", "due", "a silent door", "silent, but it has begun", "no door at work", "over"],
)
def test_the_clock_releases_where_doors_are_at_work(door, seated, edition, begins, heard, released):
    ticket_for(seated)
    move(seated, begins)
    Device.objects.update(seen_at=None if heard is None else edition.now() - heard * MINUTE)
    assert release_due(edition, edition.now()) == released


def test_a_silent_door_is_named(door, other_door, seated):
    seen(door, 0)
    seen(other_door, 5)
    assert silent_doors(seated) == [other_door]


# --- Queues ---


@pytest.mark.parametrize("ends_first", [False, True])
def test_a_slip_measures_the_queue_whoever_is_heard_first(door, other_door, event, edition, ends_first):
    now = edition.now()
    sent = [(door, uuid.uuid4(), now - 25 * MINUTE), (other_door, uuid.uuid4(), now)]
    for device, token, at in [*(reversed(sent) if ends_first else sent), sent[0], sent[1]]:
        take_slip(device, event, token, slip=7, at=at)
    row = Queue.objects.get()
    assert (row.minutes, row.slip, row.at, row.handed_at) == (25, 7, now, now - 25 * MINUTE)
    assert measured_minutes(edition) == {event.pk: 25}


def test_a_lost_slip_begins_anew(door, event, edition):
    for hours in (5, 0):
        take_slip(door, event, uuid.uuid4(), slip=7, at=edition.now() - hours * 60 * MINUTE)
    assert list(Queue.objects.values_list("minutes", flat=True)) == [None, None]


def test_who_was_held_up_before_a_meeting(door, event, edition):
    person, other = buyer(edition), buyer(edition)
    scan(door, event, person.badge_key, ago=600)
    for minutes, ago in ((25, 9), (5, 60)):
        state_queue(door, event, uuid.uuid4(), minutes=minutes, people=None, at=edition.now() - ago * MINUTE)
    found = held_up([person.pk, other.pk], edition.now() + 30 * MINUTE)
    assert [(row.participant, row.event, row.minutes) for row in found] == [(person.pk, event, 25)]
    assert held_up([person.pk], edition.now() + 8 * 60 * MINUTE) == []


# --- Votes ---


WHEN = [
    (10, None, False), (-10, None, True), (-60 * 24, None, True), (-60 * 26, None, False),
    (-10, 1, True), (-60 * 2, 2, True), (-60 * 4, 2, False), (-60 * 26, 48, True),
]  # fmt: skip
"""Begins in so many minutes, lasts an hour; the audience votes so many hours after the end (None: no seating says it)."""


@pytest.mark.parametrize(("begins", "hours", "may"), WHEN)
def test_when_one_votes(door, event, edition, begins, hours, may):
    person = buyer(edition)
    scan(door, event, person.badge_key)
    move(event, begins)
    if hours:
        Seating.objects.create(event=event, mode="free", vote_hours=hours)
    seat = Admission.objects.select_related("event__edition").get()
    assert may_vote(seat, edition.now()) == may
    if may:
        assert [cast_vote(seat, value=value).value for value in (3, 5)] == [3, 5]
        assert Vote.objects.get().value == 5
    else:
        with pytest.raises(PermissionDenied):
            cast_vote(seat, value=3)


@pytest.mark.parametrize("value", [0, 6])
def test_votes_are_from_one_to_five(door, event, edition, value):
    scan(door, event, buyer(edition).badge_key)
    move(event, -10)
    with pytest.raises(PermissionDenied):
        cast_vote(Admission.objects.select_related("event__edition").get(), value=value)


def test_the_mean_and_its_interval():
    assert opinion((0, 0, 1, 2, 4), 20).mean is None  # seven votes
    said = opinion((0, 1, 2, 4, 5), 40)  # by hand: mean 49/12, s 0.9962, t(11) 1.7959, sqrt(0.7/12)
    assert (said.votes, round(said.mean, 4)) == (12, 4.0833)
    assert (round(said.low, 3), round(said.high, 3)) == (3.651, 4.515)
    everybody = opinion((0, 1, 2, 4, 5), 12)
    assert (everybody.low, everybody.high) == (everybody.mean, everybody.mean)


def test_voting_by_the_link_of_a_booking(door, seated, edition):
    ticket = ticket_for(seated, count=2)
    for one in Ticket.objects.filter(booking=ticket.booking):
        scan(door, seated, one.key)
    move(seated, -10)
    visitor, seats = Client(), list(Admission.objects.order_by("pk"))
    address = f"/e/{edition.slug}/vote/{ticket.booking.key}/"
    assert visitor.get(address).status_code == 200
    for seat, value in zip(seats, (2, 5), strict=True):
        assert visitor.post(address, {"seat": seat.pk, "value": value}).status_code == 302
    assert list(Vote.objects.order_by("admission").values_list("value", flat=True)) == [2, 5]
    assert visitor.post(address, {"seat": seats[0].pk, "value": 9}).status_code == 422
    assert visitor.post(address, {"seat": 0, "value": 3}).status_code == 404
    assert visitor.get(f"/e/{edition.slug}/vote/no-such-key/").status_code == 404


def test_a_participant_votes_where_her_badge_let_her_in(door, event, edition):
    person, other = buyer(edition), buyer(edition)
    scan(door, event, person.badge_key)
    move(event, -10)
    address = f"/e/{edition.slug}/programme/{event.code}/vote/"
    for who, status in ((person, 302), (other, 200)):
        client = Client()
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.post(address, {"value": 4}).status_code == status
    assert Vote.objects.get().admission.participant == person


# --- Who came ---


def test_who_came_and_who_did_not(door, seated, edition):
    scan(door, seated, ticket_for(seated, country="FR").key)
    ticket_for(seated)
    scan(door, seated, buyer(edition).badge_key)
    later = Seating.objects.create(event=event_in(seated.hall, 300), mode="free")
    Place.objects.create(seating=later, number=1, allotment=Allotment.objects.create(seating=later, kind="public"))
    ticket_for(later.event)  # who has not come yet may still come

    def told():
        rows = attendance_of(edition)
        return [(row.event, dict(row.by_allotment), dict(row.by_country), row.no_shows, row.room) for row in rows]

    assert told() == [(seated, {"public": 1, "industry": 1}, {"FR": 1, "KR": 1}, 0, 5)]
    move(seated, -90)
    assert told() == [(seated, {"public": 1, "industry": 1}, {"FR": 1, "KR": 1}, 1, 5)]


@pytest.mark.parametrize("many", [1, 3])
def test_attendance_asks_a_constant_number_of_queries(door, edition, hall, many, django_assert_num_queries):
    for number in range(many):
        scan(door, event_in(hall, 30 + number), buyer(edition).badge_key)
    with django_assert_num_queries(6):
        opinions_of([row.event for row in attendance_of(edition)])


def came(event, *numbers):
    kinds = ["industry", "press", "guests", "public"]
    return Came(event, Counter(dict(zip(kinds, numbers, strict=True))), Counter(), 0, None)


def test_the_public_computes_no_small_number(event):
    rows = [came(event, 40, 3, 12, 200), came(event, 25, 8, 9, 120), came(event, 30, 11, 14, 90)]
    shown = public_attendance(rows)
    assert shown[0].by_allotment[1] is None
    hidden = [(n, k) for n, row in enumerate(shown) for k, cell in enumerate(row.by_allotment) if cell is None]
    assert len(hidden) >= 4  # with totals shown, one hidden cell alone would be the rest of its row
    assert public_attendance([came(event, 1, 0, 0, 2)]) == []


def test_titles_shown_more_than_once_are_counted_together(event):
    title, other = TitleFactory(edition=event.edition), TitleFactory(edition=event.edition)
    kinds = [("screening", title), ("screening", title), ("greeting", title), ("screening", other), ("talk", None)]
    rows = [came(Event(kind=kind, title=named), 3, 0, 2, 0) for kind, named in kinds]
    assert shown_again(rows) == [(title, 2, 10)]
    assert kinds_seen(rows) == ["industry", "guests"]
    assert (shown_again([]), kinds_seen([])) == ([], [])


def test_the_table_to_take_away_is_safe_to_open(door, organiser, seated, edition):
    Event.objects.filter(pk=seated.pk).update(name="=cmd|' /C calc'!A0")
    scan(door, seated, ticket_for(seated, country="FR").key)
    client = Client()
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/e/{edition.slug}/desk/attendance.csv")
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["Event"] == "'=cmd|' /C calc'!A0"
    assert row[5:12] == ["1", "0", "0", "0", "1", "0", "5"]
    assert client.get(f"/e/{edition.slug}/desk/attendance.xlsx").content[:2] == b"PK"
    assert client.get(f"/e/{edition.slug}/desk/attendance.pdf").status_code == 404


def test_the_public_page_opens_with_the_edition(edition):
    address = f"/e/{edition.slug}/audience/"
    assert Client().get(address).status_code == 404
    edition.stage = Stage.AFTER
    edition.save()
    assert Client().get(address).status_code == 200


# --- The desk ---


def test_the_desk_is_the_organisers(organiser, seated, edition, door):
    pages = [
        "doors/",
        "doors/conflicts/",
        "doors/slips/",
        f"doors/devices/{door.pk}/",
        f"doors/events/{seated.code}/",
        "attendance/",
    ]
    for user, status in ((organiser, 200), (buyer(edition).user, 404)):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert [client.get(f"/e/{edition.slug}/desk/{page}").status_code for page in pages] == [status] * len(pages)


def test_a_link_is_shown_once(organiser, edition):
    client = Client()
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    made = client.post(f"/e/{edition.slug}/desk/doors/", {"name": "Left 🚪" + "x" * 60, "hall": ""})
    assert ["/door/pair/" in client.get(made.url).content.decode() for _ in range(2)] == [True, False]
    assert client.post(f"/e/{edition.slug}/desk/doors/", {"name": "x" * 400}).status_code == 422
    device = Device.objects.get()
    client.post(f"/e/{edition.slug}/desk/doors/devices/{device.pk}/revoke/")
    device.refresh_from_db()
    assert abs(device.revoked_at - edition.now()) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("page", ["doors/", "doors/conflicts/", "attendance/"])
def test_the_desk_asks_as_much_for_three_as_for_one(organiser, edition, hall, door, page):
    client, asked = Client(), []
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    for number in range(3):
        event, person = event_in(hall, 30 + number), buyer(edition)
        for ago in (5, 0):
            scan(door, event, person.badge_key, told="admitted", ago=ago)
        make_device(organiser, edition, name=f"Door {number}", hall=hall)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/e/{edition.slug}/desk/{page}").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[2]
