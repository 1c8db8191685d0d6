"""Seats and meetings at the same time: whoever books is told, and the agenda says it of both."""

import datetime as dt

import pytest
from django.urls import reverse
from factories import HallFactory, MeetingRequestFactory, ParticipantFactory, SlotFactory, TableFactory
from seating_rows import START, event_at, free_seating, public_of

from madang.markets.models import Stage
from madang.meetings.models import Attendance, Meeting, Timetable, TimetableState
from madang.meetings.queries.agenda import agenda_for
from madang.programme.models import Visit
from madang.seating.actions.claiming import Reader
from madang.seating.actions.taking import confirm_booking, hold_places
from madang.seating.together import Party

pytestmark = pytest.mark.django_db
SAID = "You have meetings then"


@pytest.fixture
def evening():
    """A screening at 18:00, a buyer, and her meeting that begins so many minutes after it does."""
    event = event_at()
    edition, seating = event.edition, free_seating(event=event)
    edition.stage = Stage.LIVE
    edition.save()
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    timetable = Timetable.objects.create(edition=edition, state=TimetableState.PUBLISHED, version=1, published_at=edition.now())

    def meet(minutes):
        start = START + dt.timedelta(minutes=minutes)
        slot = SlotFactory(edition=edition, starts_at=start, ends_at=start + dt.timedelta(minutes=30))
        request = MeetingRequestFactory(edition=edition, sender=buyer)
        table = TableFactory(edition=edition, hall=HallFactory(edition=edition))
        meeting = Meeting.objects.create(timetable=timetable, request=request, slot=slot, table=table)
        Attendance.objects.get_or_create(meeting=meeting, participant=buyer, defaults={"timetable": timetable, "slot": slot})
        return meeting

    return seating, buyer, meet


@pytest.mark.parametrize(("minutes", "told"), [(20, True), (-35, True), (-300, False), (300, False)])
def test_whoever_books_is_told_of_her_own_meetings(client, evening, minutes, told):
    seating, buyer, meet = evening
    meet(minutes)
    edition = seating.event.edition
    client.force_login(buyer.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("seating:book", args=[edition.slug, seating.event.code])
    assert (SAID in client.get(address).content.decode()) is told
    held = hold_places(buyer.user, public_of(seating), Party(1), Reader(participant=buyer))
    booked = reverse("seating:booking", args=[edition.slug, held.key])
    assert (SAID in client.get(booked).content.decode()) is told
    confirm_booking(buyer.user, held)
    assert (SAID in client.get(booked).content.decode()) is told
    client.logout()
    assert SAID not in client.get(booked).content.decode() + client.get(address).content.decode()


def test_the_agenda_says_it_of_both(client, evening):
    seating, buyer, meet = evening
    meeting, later = meet(20), meet(200)
    Visit.objects.create(event=seating.event, participant=buyer)
    items = {
        (item.meeting or item.visit): item.beside
        for day in agenda_for(buyer.user, buyer).days
        for item in day.items
        if item.kind in ("meeting", "event")
    }
    visit = Visit.objects.get()
    assert items[meeting] == [str(seating.event)]
    assert len(items[visit]) == 1
    assert items[later] == []
    client.force_login(buyer.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("meetings:agenda", args=[seating.event.edition.slug])).content.decode()
    assert page.count("At the same time") == 2
