"""Online meetings: no table, waking hours where people are, an address for the people of the meeting only."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from factories import SlotFactory
from icalendar import Calendar
from team import Team, guest_of, signed_in

from madang.kernels import timetable as kernel
from madang.meetings.actions.attendees import invite_guest
from madang.meetings.actions.live import change_meeting
from madang.meetings.actions.online import set_place
from madang.meetings.actions.refusals import NotPossible
from madang.meetings.models import Cause, Form, Meeting, Side
from madang.meetings.queries.agenda import place_text
from madang.meetings.queries.timetable import timetable_problem
from madang.people.models import Notice

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/yard"


@pytest.fixture
def team() -> Team:
    return Team()


def asleep(team) -> dict[str, set[int]]:
    problem, _ = timetable_problem(team.edition)
    names = {team.buyer.pk: "buyer", team.seller.pk: "seller"}
    return {names[person.id]: set(person.asleep) for person in problem.participants if person.id in names}


def live_in(person, zone: str) -> None:
    person.user.time_zone = zone
    person.user.save()


def test_the_kernel_asks_for_waking_hours_and_no_table(team):
    set_place(team.buyer.user, team.request, Form.ONLINE, LINK)
    live_in(team.buyer, "Europe/Paris")  # 03:00, 03:30 and 04:00 there
    (request,) = timetable_problem(team.edition)[0].requests
    assert (request.online, request.tables, request.fixed_table) == (True, (), None)
    assert asleep(team) == {"buyer": {1, 2, 3}, "seller": set()}
    problem, _ = timetable_problem(team.edition)
    assert kernel.solve(problem, seed=1, limit=300).meetings == ()


@pytest.mark.parametrize(
    ("zone", "hour", "slots"),
    [
        ("Asia/Seoul", 0, set()),  # from 09:00
        ("Asia/Kolkata", 2, {1}),  # 07:30 is too early, 08:00 is not
        ("America/New_York", 1, {3}),  # the evening before: until 21:30, until 22:00, until 22:30
        ("America/Sao_Paulo", 2, {1, 2, 3}),  # from 23:00
        ("", 0, set()),  # unknown: as at the venue
    ],
)
def test_waking_hours_are_from_eight_to_ten(team, zone, hour, slots):
    team.edition.slots.all().delete()
    first = dt.datetime(2025, 5, 30, hour, 0, tzinfo=dt.UTC)
    for number in range(3):
        SlotFactory(edition=team.edition, starts_at=first + dt.timedelta(minutes=30 * number))
    team.request.form = Form.ONLINE
    team.request.save()
    live_in(team.buyer, zone)
    assert asleep(team)["buyer"] == slots


def test_who_also_meets_in_person_is_at_the_venue(team):
    team.request.form = Form.ONLINE
    team.request.save()
    live_in(team.buyer, "Europe/Paris")
    assert asleep(team)["buyer"] == {1, 2, 3}
    team.ask(team.buyer, guest_of(team))
    assert asleep(team)["buyer"] == set()


def test_a_placed_meeting_that_goes_online_frees_its_table(team):
    meeting = team.place()
    for _ in range(2):
        set_place(team.buyer.user, team.request, Form.ONLINE, LINK)
    meeting.refresh_from_db()
    meeting.request.refresh_from_db()
    assert (meeting.table, meeting.sequence, place_text(meeting)) == (None, 1, "Online")
    assert team.told() == {("Haneul", "meeting_moved", "Camille Kim")}  # once, although two things changed
    set_place(team.seller.user, team.request, Form.ONLINE, LINK + "/2")
    meeting.refresh_from_db()
    assert meeting.sequence == 2
    assert team.told() - {("Haneul", "meeting_moved", "Camille Kim")} == {("Camille", "place_changed", "Haneul Kim")}
    with pytest.raises(NotPossible, match="It would need a table"):
        set_place(team.seller.user, team.request, Form.IN_PERSON)
    team.request.refresh_from_db()
    assert (team.request.form, team.request.link) == ("online", LINK + "/2")


def test_at_night_no_placed_meeting_goes_online(team):
    live_in(team.seller, "Europe/Paris")
    team.place()
    with pytest.raises(NotPossible, match="sleeps at that time"):
        set_place(team.buyer.user, team.request, Form.ONLINE, LINK)
    assert Meeting.objects.get().table == team.tables[0]


def test_the_address_is_for_the_people_of_the_meeting(team):
    team.place()
    set_place(team.buyer.user, team.request, Form.ONLINE, LINK)
    guest = guest_of(team)
    invite_guest(team.buyer.user, team.request, guest, Side.SENDER)
    readers = {"seller": team.seller, "invited": guest, "organiser": team.organiser}
    pages = {name: signed_in(who).get(team.url()).content.decode() for name, who in readers.items()}
    assert {name: LINK in page for name, page in pages.items()} == {"seller": True, "invited": False, "organiser": True}
    path = reverse("meetings:calendar_feed", args=[team.edition.slug, team.seller.feed_key])
    (entry,) = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    assert (entry["LOCATION"], f"Join: {LINK}" in entry["DESCRIPTION"]) == ("Online", True)


def test_both_local_times_are_shown(team):
    team.place()
    set_place(team.seller.user, team.request, Form.ONLINE, LINK)
    live_in(team.buyer, "Europe/Paris")
    page = signed_in(team.seller).get(team.url()).content.decode()
    assert '10:00 <span class="zone">KST</span>' in page
    assert "There it is 03:00 CEST." in page


def test_the_page_sets_the_place(team):
    client = signed_in(team.buyer)
    assert client.post(team.url("place"), {"form": "online", "link": "javascript:alert(1)"}).status_code == 422
    assert client.post(team.url("place"), {"form": "online", "link": LINK}).status_code == 302
    team.request.refresh_from_db()
    assert (team.request.form, team.request.link) == ("online", LINK)
    assert client.post(team.url("place"), {"form": "in_person", "link": LINK}).status_code == 302
    team.request.refresh_from_db()
    assert (team.request.form, team.request.link) == ("in_person", "")


def test_who_is_told_of_an_online_meeting_reads_that_it_is_online(team):
    meeting = team.place()
    set_place(team.buyer.user, team.request, Form.ONLINE, LINK)
    team.request.refresh_from_db()
    change_meeting(meeting.timetable, team.request, slot=team.slots[1], cause=Cause.ORGANISER, by=team.organiser)
    told = Notice.objects.filter(recipient=team.seller).order_by("pk")
    assert [(one.kind, one.data.get("place")) for one in told] == [("meeting_moved", "Online"), ("meeting_moved", "Online")]
