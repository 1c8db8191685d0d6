"""Doors with network at the same moment, and bookings beside them: one seat, one person."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from door_rows import buyer, scan, ticket_for

from madang.door.models import Admission, Scan
from madang.seating.models import Place


def at_once(acts):
    """Run them in threads, each with its own connection."""

    def alone(act):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


@pytest.mark.django_db(transaction=True)
def test_eight_scans_of_one_ticket_let_one_in(door, other_door, seated):
    ticket = ticket_for(seated)
    doors = [door, other_door] * 4
    said = at_once([lambda device=device: scan(device, seated, ticket.key).outcome for device in doors])
    assert sorted(said) == ["admitted"] + ["twice"] * 7
    assert Admission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_badges_share_three_free_places(door, other_door, seated, edition):
    people = [buyer(edition) for _ in range(8)]
    acts = [
        lambda person=person, n=n: scan((door, other_door)[n % 2], seated, person.badge_key).outcome
        for n, person in enumerate(people)
    ]
    assert sorted(at_once(acts)) == ["admitted"] * 3 + ["no_place"] * 5
    assert Place.objects.filter(seating__event=seated, booking__isnull=False).count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_token_sent_twice_at_once_is_one_scan(door, seated):
    ticket, token = ticket_for(seated), uuid.uuid4()
    at_once([lambda: scan(door, seated, ticket.key, told="admitted", token=token) for _ in range(4)])
    assert (Scan.objects.count(), Admission.objects.count(), connection.vendor in ("sqlite", "postgresql")) == (1, 1, True)
