"""A person's agenda: what stands in it, for whom, in which zone; its page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from factories import (
    CompanyFactory,
    EditionFactory,
    HallFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    TitleFactory,
    UserFactory,
)

from madang.markets.models import LogEntry, Stage
from madang.meetings.models import Meeting, Timetable, TimetableState, Unavailability
from madang.meetings.queries.agenda import agenda_for
from madang.programme.models import Event, EventKind

pytestmark = pytest.mark.django_db
NINE = dt.datetime(2025, 5, 28, 0, 0, tzinfo=dt.UTC)  # 09:00 in Busan


def minutes(number: int) -> dt.timedelta:
    return dt.timedelta(minutes=number)


class Market:
    """An edition with a published timetable and a buyer; meetings are put into it by hand."""

    def __init__(self, **facts) -> None:
        self.edition = EditionFactory(**{"stage": Stage.LIVE} | facts)
        self.hall = HallFactory(edition=self.edition, name="Hall A", name_ko="가홀")
        self.buyer = ParticipantFactory(edition=self.edition, is_buyer=True)
        self.timetable = None

    def publish(self) -> Timetable:
        if self.timetable is None:
            self.timetable = Timetable.objects.create(
                edition=self.edition, state=TimetableState.PUBLISHED, version=1, published_at=self.edition.now()
            )
        return self.timetable

    def slot(self, start: dt.datetime, length: int = 30):
        return SlotFactory(edition=self.edition, starts_at=start, ends_at=start + minutes(length))

    def meet(self, slot, **facts) -> Meeting:
        request = facts.pop("request", None) or MeetingRequestFactory(
            edition=self.edition,
            sender=self.buyer,
            title=TitleFactory(edition=self.edition),
            reason="Your slate fits ours.",
        )
        table = facts.pop("table", None) or TableFactory(edition=self.edition, hall=self.hall)
        return Meeting.objects.create(timetable=self.publish(), request=request, slot=slot, table=table, **facts)

    def agenda(self, own_zone: str = ""):
        return agenda_for(self.buyer.user, self.buyer, own_zone)


@pytest.fixture
def market() -> Market:
    return Market()


def signed_in(participant_or_user) -> Client:
    client = Client()
    user = getattr(participant_or_user, "user", participant_or_user)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page_of(participant_or_user, edition, *parts) -> str:
    name = "meetings:agenda_of" if parts else "meetings:agenda"
    response = signed_in(participant_or_user).get(reverse(name, args=[edition.slug, *parts]))
    assert response.status_code == 200
    return response.content.decode()


def lines(agenda) -> list[tuple[str, str, str]]:
    """(kind, start, end) of each item, in Busan."""
    zone = dt.timezone(dt.timedelta(hours=9))
    return [
        (item.kind, f"{item.starts_at.astimezone(zone):%d %H:%M}", f"{item.ends_at.astimezone(zone):%H:%M}")
        for day in agenda.days
        for item in day.items
    ]


def test_meetings_free_time_and_absence_stand_in_the_order_of_time(market):
    slots = [market.slot(NINE + minutes(40 * number)) for number in range(6)]  # a slot every 40 minutes, 10 of them for the way
    market.meet(slots[2])
    Unavailability.objects.create(
        participant=market.buyer, starts_at=slots[4].starts_at, ends_at=slots[4].ends_at, reason="Press"
    )
    market.slot(NINE + dt.timedelta(days=1))
    assert lines(market.agenda()) == [
        ("free", "28 09:00", "10:10"),
        ("meeting", "28 10:20", "10:50"),
        ("free", "28 11:00", "11:30"),
        ("away", "28 11:40", "12:10"),
        ("free", "28 12:20", "12:50"),
        ("free", "29 09:00", "09:30"),
    ]


def test_free_time_does_not_reach_over_lunch_or_over_a_short_absence(market):
    for start in (0, 30, 150):
        market.slot(NINE + minutes(start))
    market.publish()
    assert lines(market.agenda()) == [("free", "28 09:00", "10:00"), ("free", "28 11:30", "12:00")]
    Unavailability.objects.create(participant=market.buyer, starts_at=NINE + minutes(30), ends_at=NINE + minutes(31))
    assert [line for line in lines(market.agenda()) if line[0] == "free"] == [
        ("free", "28 09:00", "09:30"),
        ("free", "28 11:30", "12:00"),
    ]


def test_a_meeting_says_who_where_and_about_what(market):
    request = MeetingRequestFactory(
        edition=market.edition,
        sender=market.buyer,
        receiver__company__name="Hanbada Pictures",
        receiver__native_name="서하늘",
        title=TitleFactory(edition=market.edition, name="The Yard"),
        reason="A pre-sale for the French-speaking territories.",
    )
    table = TableFactory(edition=market.edition, hall=market.hall, code="T12")
    market.meet(market.slot(NINE), request=request, table=table)
    page = page_of(market.buyer, market.edition)
    for words in (request.receiver.name, "Hanbada Pictures", "South Korea", "The Yard", request.reason, "Table T12", "Hall A"):
        assert words in page, words
    assert '<time datetime="2025-05-28T09:00+09:00">09:00 <span class="zone">KST</span></time>' in page


def test_a_meeting_without_a_table_is_at_the_booth(market):
    booth = TableFactory(edition=market.edition, hall=market.hall, code="B4", is_booth=True)
    company = CompanyFactory(edition=market.edition, booth=booth)
    request = MeetingRequestFactory(edition=market.edition, sender=market.buyer, receiver__company=company)
    Meeting.objects.create(timetable=market.publish(), request=request, slot=market.slot(NINE), table=None)
    (item,) = market.agenda().days[0].items
    assert item.place == "Booth B4 · Hall A"
    company.booth = None
    company.save()
    (item,) = market.agenda().days[0].items
    assert item.place == "Place to be announced"


def test_the_readers_own_time_stands_beside_where_her_clocks_differ(market):
    market.meet(market.slot(NINE))
    assert market.agenda().days[0].items[0].own_time == ""
    assert market.agenda("Asia/Tokyo").days[0].items[0].own_time == ""
    assert market.agenda("Europe/Paris").days[0].items[0].own_time == "02:00 CEST"
    assert market.agenda("America/Los_Angeles").days[0].items[0].own_time == "Tue 27 May, 17:00 PDT"
    market.buyer.user.time_zone = "Europe/Paris"
    market.buyer.user.save()
    assert "02:00 CEST" in page_of(market.buyer, market.edition)


def test_days_are_the_venues_days_and_a_meeting_may_cross_midnight(market):
    market.meet(market.slot(dt.datetime(2025, 5, 28, 14, 45, tzinfo=dt.UTC)))  # 23:45 on the 28th in Busan
    market.meet(market.slot(dt.datetime(2025, 5, 28, 15, 30, tzinfo=dt.UTC)))  # 00:30 on the 29th
    days = market.agenda().days
    assert [(day.date.day, len(day.items), day.meetings) for day in days] == [(28, 1, 1), (29, 1, 1)]
    assert days[0].items[0].end_text == "Thu 29 May, 00:15"


def test_on_the_day_of_a_clock_change_times_are_those_on_the_wall():
    market = Market(time_zone="Europe/Paris", starts_on=dt.date(2025, 3, 29), ends_on=dt.date(2025, 3, 30))
    for hour in (0, 1):  # 01:00 CET, then 03:00 CEST: the hour between does not exist
        market.meet(market.slot(dt.datetime(2025, 3, 30, hour, 0, tzinfo=dt.UTC)))
    page = page_of(market.buyer, market.edition)
    assert '<time datetime="2025-03-30T01:00+01:00">01:00 <span class="zone">CET</span></time>' in page
    assert '<time datetime="2025-03-30T03:00+02:00">03:00 <span class="zone">CEST</span></time>' in page


def test_a_cancelled_meeting_is_struck_through_until_the_edition_is_over(market):
    market.meet(market.slot(NINE), is_cancelled=True, sequence=1)
    agenda = market.agenda()
    assert (agenda.meetings, [item.kind for item in agenda.days[0].items]) == (0, ["free", "meeting"])
    page = page_of(market.buyer, market.edition)
    assert ('class="meeting off"' in page, "Cancelled" in page) == (True, True)
    market.edition.stage = Stage.AFTER
    market.edition.save()
    assert 'class="meeting off"' not in page_of(market.buyer, market.edition)


def test_a_meeting_cancelled_because_the_other_dropped_out_still_says_who(market):
    seller = market.meet(market.slot(NINE), is_cancelled=True, sequence=1).request.receiver
    seller.left_at = market.edition.now()
    seller.save()
    assert [item.others for item in market.agenda().days[0].items if item.kind == "meeting"] == [[seller]]
    assert seller.name in page_of(market.buyer, market.edition)


def test_now_and_changed_are_marked(market):
    now = market.slot(market.edition.now().replace(second=0, microsecond=0) - minutes(5))
    market.meet(now, sequence=2)
    market.meet(market.slot(NINE + dt.timedelta(days=2)), sequence=1)
    page = page_of(market.buyer, market.edition)
    assert (page.count('class="meeting now"'), page.count('class="meeting moved"')) == (1, 1)


def test_the_rest_of_the_days_programme_stands_below_it(market):
    market.edition.clock_shift = NINE - minutes(60) - timezone.now()
    market.edition.save()
    for name, is_public in (("Opening of the yard", True), ("Closed round", False)):
        Event.objects.create(
            edition=market.edition,
            code=name,
            name=name,
            kind=EventKind.TALK,
            hall=market.hall,
            starts_at=NINE,
            ends_at=NINE + minutes(60),
            is_public=is_public,
        )
    market.meet(market.slot(NINE))
    page = page_of(market.buyer, market.edition)
    assert ("Opening of the yard" in page, "Closed round" in page) == (True, True)
    assert [event.name for event in market.agenda().days[0].events] == ["Closed round", "Opening of the yard"]
    market.edition.clock_shift += minutes(121)
    market.edition.save()
    assert market.agenda().days[0].events == []  # it is over


def test_before_publication_the_page_says_what_comes_when(market):
    request = MeetingRequestFactory(edition=market.edition, sender=market.buyer)
    draft = Timetable.objects.create(edition=market.edition)
    Meeting.objects.create(timetable=draft, request=request, slot=market.slot(NINE), table=TableFactory(edition=market.edition))
    page = page_of(market.buyer, market.edition)
    assert "The timetable has not been published yet." in page
    assert "One meeting is agreed on both sides." in page
    assert request.receiver.name not in page


def test_meetings_of_old_versions_are_not_shown(market):
    old = Timetable.objects.create(edition=market.edition, state=TimetableState.SUPERSEDED, version=7)
    meeting = market.meet(market.slot(NINE))
    Meeting.objects.create(timetable=old, request=meeting.request, slot=market.slot(NINE + minutes(90)), table=meeting.table)
    assert market.agenda().meetings == 1


def test_who_opens_whose_agenda(market):
    other = ParticipantFactory(edition=market.edition, is_seller=True)
    organiser, outsider = UserFactory(), UserFactory()
    market.edition.market.organisers.add(organiser)
    address = reverse("meetings:agenda_of", args=[market.edition.slug, market.buyer.code])
    answers = {
        who: signed_in(user).get(address).status_code
        for who, user in locals().items()
        if who in ("other", "organiser", "outsider")
    }
    assert answers == {"other": 404, "organiser": 200, "outsider": 404}
    assert signed_in(market.buyer).get(address).status_code == 200
    assert Client().get(address).status_code == 302
    assert signed_in(organiser).get(reverse("meetings:agenda", args=[market.edition.slug])).status_code == 404


def test_the_organiser_does_not_see_the_secret_of_a_feed(market):
    organiser = UserFactory()
    market.edition.market.organisers.add(organiser)
    assert market.buyer.feed_key in page_of(market.buyer, market.edition)
    assert market.buyer.feed_key not in page_of(organiser, market.edition, market.buyer.code)


def test_a_feed_gets_a_new_secret_by_its_owner(market):
    old, client = market.buyer.feed_key, signed_in(market.buyer)
    address = reverse("meetings:reset_feed", args=[market.edition.slug])
    assert client.get(address).status_code == 405
    response = client.post(address, follow=True)
    market.buyer.refresh_from_db()
    assert (market.buyer.feed_key != old, old in response.content.decode()) == (True, False)
    assert Client().get(reverse("meetings:calendar_feed", args=[market.edition.slug, old])).status_code == 404
    assert LogEntry.objects.get().verb == "renew_feed_key"


def test_one_and_three_meetings_need_the_same_queries(market):
    client, address = signed_in(market.buyer), reverse("meetings:agenda", args=[market.edition.slug])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    market.meet(market.slot(NINE))
    one = queries()
    for number in (1, 2):
        market.meet(market.slot(NINE + minutes(30 * number)))
    assert queries() == one
