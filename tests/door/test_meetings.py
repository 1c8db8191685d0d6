"""What meetings know of doors: the queue as measured, instead of a guess that is shorter."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace as Made

import pytest
from door_rows import MINUTE, buyer, event_in, scan
from factories import HallFactory

from madang.door.actions.queues import state_queue
from madang.meetings.queries.busy import time_of_visit, venue_of
from madang.meetings.views.meeting import queues_at
from madang.programme.models import Visit

pytestmark = pytest.mark.django_db


def measured(event, minutes):
    state_queue(None, event, uuid.uuid4(), minutes=minutes, people=None, at=event.edition.now())


@pytest.mark.parametrize(("minutes", "part", "before"), [(25, "audience", 25), (4, "audience", 10), (25, "speaker", 10)])
def test_a_longer_queue_counts_for_every_later_event_of_the_hall_that_day(edition, hall, event, minutes, part, before):
    later, elsewhere = event_in(hall, 180), event_in(HallFactory(edition=edition), 180, code="E-else")
    measured(event, minutes)
    venue = venue_of(edition)
    visits = [Visit(event=one, participant=buyer(edition), part=part) for one in (later, elsewhere)]
    starts = [round((visit.event.starts_at - time_of_visit(venue, visit)[0]) / MINUTE) for visit in visits]
    assert starts == [before, 10]


def test_the_next_day_begins_anew(edition, hall, event):
    tomorrow = event_in(hall, 24 * 60)
    measured(event, 25)
    assert venue_of(edition).queues == {event.pk: 25}
    assert tomorrow.pk not in venue_of(edition).queues


def test_a_meeting_tells_of_the_queue_in_which_its_people_stood(edition, event, door):
    person = buyer(edition)
    scan(door, event, person.badge_key)
    measured(event, 25)
    sides = [Made(coming=[Made(participant=person)])]
    for minutes, told in ((15, [(event, 25)]), (200, [])):
        placed = Made(slot=Made(starts_at=edition.now() + dt.timedelta(minutes=minutes)))
        assert [(row.event, row.minutes) for row in queues_at(placed, sides)] == told
    assert queues_at(None, sides) == []
