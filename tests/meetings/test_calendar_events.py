"""Events of the programme in a person's calendar feed: a moved one replaces itself in place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from factories import EditionFactory, HallFactory, ParticipantFactory
from icalendar import Calendar

from madang.meetings.actions.calendar import go_to_event
from madang.programme.models import Event
from madang.workbook.actions.rows import update_rows

pytestmark = pytest.mark.django_db
NINE = dt.datetime(2025, 5, 30, 0, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def talk():
    edition = EditionFactory()
    facts = {"edition": edition, "code": "E1", "kind": "talk", "name": "Formats", "hall": HallFactory(edition=edition)}
    return Event.objects.create(starts_at=NINE, ends_at=NINE + HOUR, **facts)


def entry_of(visitor):
    raw = Client().get(reverse("meetings:calendar_feed", args=[visitor.edition.slug, visitor.feed_key])).content
    (entry,) = Calendar.from_ical(raw).walk("VEVENT")
    return entry


def test_moved_by_hand_or_by_the_workbook_it_rises_and_else_it_stays(talk):
    visitor = ParticipantFactory(edition=talk.edition, is_buyer=True)
    go_to_event(visitor.user, visitor, talk)
    first = entry_of(visitor)
    told = [(first["SEQUENCE"], first.decoded("DTSTART"))]
    talk.name = "Formats that travel"
    talk.save()
    told.append((entry_of(visitor)["SEQUENCE"], NINE))
    talk.edition.clock_shift += HOUR
    talk.edition.save()
    talk.starts_at, talk.ends_at = NINE + HOUR, NINE + 2 * HOUR
    talk.save(update_fields=["starts_at", "ends_at"])
    told.append((entry_of(visitor)["SEQUENCE"], entry_of(visitor).decoded("DTSTART")))
    again = Event.objects.get()
    again.hall = HallFactory(edition=talk.edition)
    update_rows(Event, [(again, {"hall_id": again.hall_id})])
    update_rows(Event, [(again, {"hall_id": again.hall_id})])
    last = entry_of(visitor)
    told.append((last["SEQUENCE"], last.decoded("DTSTART")))
    assert told == [(0, NINE), (0, NINE), (1, NINE + HOUR), (2, NINE + HOUR)]
    assert first["UID"] == last["UID"]
    assert first.decoded("DTSTAMP") < last.decoded("DTSTAMP") == Event.objects.get().moved_at.replace(microsecond=0)
