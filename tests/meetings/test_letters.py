"""Letters about meetings carry calendar entries that agree with the feed."""

import email
import email.policy

import icalendar
import pytest
from django.core import mail
from django.urls import reverse
from hall import hall
from visits import client_of

from madang.meetings.actions.proposals import cancel_meeting
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.models import Meeting
from madang.meetings.tasks import mail_notices, tick
from madang.people.actions import notify
from madang.people.models import Letter, Mails

pytestmark = pytest.mark.django_db
SITE = "https://market.example/"


@pytest.fixture
def yard():
    yard = hall()
    yard.ask(0, 0)
    yard.ask(0, 1)
    publish_timetable(yard.organiser, yard.edition, yard.draft((0, 0, 0), (1, 1, 1)).revision)
    return yard


def entries(data):
    """What another library reads: UID, SEQUENCE, STATUS, begin and address of each event."""
    calendar = icalendar.Calendar.from_ical(data)
    events = [
        (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"]), event["DTSTART"].dt, str(event["URL"]))
        for event in calendar.walk("VEVENT")
    ]
    return calendar.get("METHOD"), sorted(events)


def letter_to(person):
    return next(sent for sent in mail.outbox if sent.to == [person.email])


def calendars(sent):
    """The calendars of a mail as it stands on the wire."""
    message = email.message_from_bytes(sent.message().as_bytes(), policy=email.policy.default)
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return [(part["Content-Type"].params["method"], part.get_content()) for part in parts]


def test_a_letter_carries_what_the_feed_says(yard):
    buyer = yard.buyers[0]
    assert mail_notices.call(SITE) == 3
    ((method, data),) = calendars(letter_to(buyer))
    said, events = entries(data)
    feed = client_of().get(
        reverse("meetings:calendar_feed", args=[yard.edition.slug, buyer.feed_key]), headers={"host": "localhost"}
    )
    _none, in_feed = entries(feed.content)
    assert (method, str(said), len(events)) == ("PUBLISH", "PUBLISH", 2)
    assert [event[:4] for event in events] == [event[:4] for event in in_feed]
    assert {event[4] for event in events} == {
        f"https://market.example/e/{yard.edition.slug}/meetings/{request.code}/" for request in yard.requests
    }


def test_a_cancelled_meeting_comes_as_cancelled_with_a_higher_number(yard):
    mail_notices.call(SITE)
    mail.outbox.clear()
    cancel_meeting(yard.organiser, Meeting.objects.get(request=yard.requests[0]), "The hall is closed")
    assert mail_notices.call(SITE) == 2
    ((_method, data),) = calendars(letter_to(yard.buyers[0]))
    assert [event[1:3] for event in entries(data)[1]] == [(1, "CANCELLED")]


def test_no_calendar_where_none_is_wanted_or_no_meeting_changed(yard):
    yard.buyers[0].mails_calendar = False
    yard.buyers[0].save()
    notify(yard.buyers[2], "request_received", "R1", {"who": "Somebody", "request": yard.requests[0].code})
    mail_notices.call(SITE)
    assert calendars(letter_to(yard.buyers[0])) == []
    assert calendars(letter_to(yard.buyers[2])) == []


def test_the_clock_mails_what_nobody_mailed(yard):
    yard.buyers[0].mails = Mails.NEVER
    yard.buyers[0].save()
    assert tick() == 0  # a server killed right after publishing: the letters are not lost
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(person.email for person in yard.sellers[:2])
    assert tick() == 0
    assert Letter.objects.count() == len(mail.outbox) == 2
