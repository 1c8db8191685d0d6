"""The calendar feed, read with the icalendar library and, so that one does not vouch for itself, with a reader written here."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from factories import (
    EditionFactory,
    HallFactory,
    MeetingRequestFactory,
    ParticipantFactory,
    SlotFactory,
    TableFactory,
    TitleFactory,
)
from icalendar import Calendar
from team import Team

from madang.kit.icalendar import offset_changes
from madang.meetings.actions.attendees import name_colleague
from madang.meetings.actions.live import change_meeting
from madang.meetings.actions.online import set_place
from madang.meetings.models import Cause, Meeting, Side, Timetable, TimetableState

pytestmark = pytest.mark.django_db


# A reader of RFC 5545, as small as it can be: unfold, split, unescape, and times by the file's own VTIMEZONE.


def content_lines(raw: bytes) -> list[tuple[str, dict[str, str], str]]:
    """(name, parameters, value) of each line; the shape of the file is checked on the way."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b""), "a line end inside a line"
    assert b"\r" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no letter is cut in two
    found = []
    for line in raw.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]:
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        found.append((name, dict(one.split("=", 1) for one in parameters), value))
    return found


def unescaped(text: str) -> str:
    out, letters = "", iter(text)
    for letter in letters:
        if letter == "\\":
            following = next(letters)
            out += "\n" if following in "nN" else following
        else:
            out += letter
    return out


def components(raw: bytes, name: str) -> list[dict[str, tuple[dict[str, str], str]]]:
    found, current = [], None
    for key, parameters, value in content_lines(raw):
        if (key, value) == ("BEGIN", name):
            current = {}
        elif (key, value) == ("END", name):
            found.append(current)
            current = None
        elif current is not None:
            current[key] = (parameters, value)
    return found


def offset_of(text: str) -> dt.timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * dt.timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def moment(raw: bytes, parameters: dict[str, str], value: str) -> dt.datetime:
    """In UTC, by nothing but the observances that the file carries."""
    local = dt.datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")
    if value.endswith("Z"):
        return local.replace(tzinfo=dt.UTC)
    assert components(raw, "VTIMEZONE")[0]["TZID"][1] == parameters["TZID"]
    observances = components(raw, "STANDARD") + components(raw, "DAYLIGHT")
    begun = [one for one in observances if dt.datetime.strptime(one["DTSTART"][1], "%Y%m%dT%H%M%S") <= local]
    last = max(begun, key=lambda one: one["DTSTART"][1])
    return (local - offset_of(last["TZOFFSETTO"][1])).replace(tzinfo=dt.UTC)


class Feed:
    """An edition, a person with a feed, and meetings put into her published timetable."""

    def __init__(self, **facts) -> None:
        self.edition = EditionFactory(**{"venue": "BEXCO", "city": "Busan"} | facts)
        self.owner = ParticipantFactory(edition=self.edition, is_buyer=True)
        self.timetable = Timetable.objects.create(edition=self.edition, state=TimetableState.PUBLISHED, version=1)
        self.path = reverse("meetings:calendar_feed", args=[self.edition.slug, self.owner.feed_key])

    def meet(self, start: dt.datetime, *, receiver=None, title=None, reason="Your slate fits ours.", **facts) -> Meeting:
        receiver = receiver or ParticipantFactory(edition=self.edition, is_seller=True)
        request = MeetingRequestFactory(edition=self.edition, sender=self.owner, receiver=receiver, title=title, reason=reason)
        slot = SlotFactory(edition=self.edition, starts_at=start, ends_at=start + dt.timedelta(minutes=30))
        table = TableFactory(edition=self.edition, code=f"T{slot.pk}", hall=HallFactory(edition=self.edition, name="Hall A"))
        facts = {"changed_at": dt.datetime(2025, 5, 20, 8, 0, tzinfo=dt.UTC)} | facts
        return Meeting.objects.create(timetable=self.timetable, request=request, slot=slot, table=table, **facts)

    def raw(self) -> bytes:
        response = Client().get(self.path)
        assert response.status_code == 200
        return response.content

    def events(self):
        return list(Calendar.from_ical(self.raw()).walk("VEVENT"))


NINE = dt.datetime(2025, 5, 28, 0, 0, tzinfo=dt.UTC)  # 09:00 in Busan


def test_an_event_says_when_where_who_and_why():
    feed = Feed()
    receiver = ParticipantFactory(
        edition=feed.edition, is_seller=True, given_name="Haneul", family_name="Seo", company__name="Hanbada", job_title="CEO"
    )
    title = TitleFactory(edition=feed.edition, name="The Yard")
    meeting = feed.meet(NINE, receiver=receiver, title=title, reason="A pre-sale.", sequence=3)
    (event,) = feed.events()
    assert event["UID"] == f"{meeting.request.uid}@madang"
    assert (event["SEQUENCE"], event["STATUS"]) == (3, "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (meeting.slot.starts_at, meeting.slot.ends_at)
    assert event["DTSTART"].to_ical() == b"20250528T090000"
    assert event["DTSTART"].params["TZID"] == "Asia/Seoul"
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == meeting.changed_at
    assert event["SUMMARY"] == "Meeting with Haneul Seo, Hanbada"
    assert event["LOCATION"] == f"Table {meeting.table.code} · Hall A, BEXCO, Busan"
    assert event["DESCRIPTION"].split("\n")[:3] == ["Haneul Seo, CEO, Hanbada, South Korea", "Title: The Yard", "A pre-sale."]
    assert event["URL"].endswith(reverse("meetings:meeting", args=[feed.edition.slug, meeting.request.code]))


def test_the_calendar_has_its_name_and_says_when_to_look_again():
    calendar = Calendar.from_ical(Feed().raw())
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Yard Market 2025: my meetings"
    assert calendar["VERSION"] == "2.0"
    assert calendar.decoded("REFRESH-INTERVAL") == dt.timedelta(hours=1)
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]  # never empty: the format forbids it


def test_a_moved_meeting_replaces_itself_and_a_cancelled_one_says_so():
    feed = Feed()
    meeting = feed.meet(NINE)
    (before,) = feed.events()
    feed.timetable.state, feed.timetable.version = TimetableState.SUPERSEDED, 1
    feed.timetable.save()
    later = Timetable.objects.create(edition=feed.edition, state=TimetableState.PUBLISHED, version=2)
    slot = SlotFactory(edition=feed.edition, starts_at=NINE + dt.timedelta(hours=4), ends_at=NINE + dt.timedelta(hours=5))
    moved = Meeting.objects.create(timetable=later, request=meeting.request, slot=slot, table=meeting.table, sequence=1)
    (after,) = feed.events()
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert after.decoded("DTSTART") == slot.starts_at
    moved.is_cancelled, moved.sequence = True, 2
    moved.save()
    (gone,) = feed.events()
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (before["UID"], 2, "CANCELLED")
    assert (gone["TRANSP"], gone["SUMMARY"].startswith("Cancelled: ")) == ("TRANSPARENT", True)
    said, other = gone["SUMMARY"], moved.request.receiver if moved.request.sender == feed.owner else moved.request.sender
    other.left_at = feed.edition.now()
    other.save()
    assert [event["SUMMARY"] for event in feed.events()] == [said]  # also where the other side has dropped out


def test_meetings_of_others_and_of_drafts_are_not_in_it():
    feed, other = Feed(), Feed()
    other.meet(NINE)
    request = MeetingRequestFactory(edition=feed.edition)
    slot, table = SlotFactory(edition=feed.edition), TableFactory(edition=feed.edition)
    Meeting.objects.create(timetable=feed.timetable, request=request, slot=slot, table=table)
    draft = Timetable.objects.create(edition=feed.edition)
    own = MeetingRequestFactory(edition=feed.edition, sender=feed.owner)
    Meeting.objects.create(timetable=draft, request=own, slot=slot, table=TableFactory(edition=feed.edition))
    assert feed.events() == []


@pytest.mark.parametrize(
    ("zone", "start", "local", "parameters"),
    [
        ("Asia/Seoul", dt.datetime(2025, 5, 28, 14, 45, tzinfo=dt.UTC), "20250528T234500", "Asia/Seoul"),  # to 00:15
        ("Europe/Paris", dt.datetime(2025, 3, 30, 0, 45, tzinfo=dt.UTC), "20250330T014500", "Europe/Paris"),  # over the change
        ("Europe/Paris", dt.datetime(2025, 3, 30, 1, 0, tzinfo=dt.UTC), "20250330T030000", "Europe/Paris"),  # right after it
        ("Europe/Paris", dt.datetime(2025, 10, 26, 0, 15, tzinfo=dt.UTC), "20251026T021500", "Europe/Paris"),  # 02:15, first time
        ("Europe/Paris", dt.datetime(2025, 10, 26, 1, 15, tzinfo=dt.UTC), "20251026T011500Z", ""),  # 02:15 again: only UTC tells
        ("America/New_York", dt.datetime(2025, 11, 3, 1, 0, tzinfo=dt.UTC), "20251102T200000", "America/New_York"),
        ("Asia/Kathmandu", dt.datetime(2025, 5, 28, 3, 0, tzinfo=dt.UTC), "20250528T084500", "Asia/Kathmandu"),
    ],
)
def test_times_are_right_for_both_readers(zone, start, local, parameters):
    feed = Feed(time_zone=zone)
    feed.owner.user.time_zone = "America/Sao_Paulo"  # the reader's zone changes nothing: her programme converts
    feed.owner.user.save()
    meeting = feed.meet(start)
    raw = feed.raw()
    (event,) = components(raw, "VEVENT")
    assert (event["DTSTART"][0].get("TZID", ""), event["DTSTART"][1]) == (parameters, local)
    assert moment(raw, *event["DTSTART"]) == meeting.slot.starts_at
    assert moment(raw, *event["DTEND"]) == meeting.slot.ends_at
    (same,) = feed.events()
    starts, ends = (same.decoded(name).astimezone(dt.UTC) for name in ("DTSTART", "DTEND"))
    assert (starts, ends) == (meeting.slot.starts_at, meeting.slot.ends_at)


def test_the_rules_of_the_zone_begin_on_the_clocks_before_each_change():
    feed = Feed(time_zone="Europe/Paris")
    raw = feed.raw()
    (daylight,) = components(raw, "DAYLIGHT")
    assert {name: value for name, (_, value) in daylight.items()} == {
        "DTSTART": "20250330T020000",
        "TZOFFSETFROM": "+0100",
        "TZOFFSETTO": "+0200",
        "TZNAME": "CEST",
    }
    assert [one["DTSTART"][1] for one in components(raw, "STANDARD")] == ["20250101T010000", "20251026T030000"]


def test_changes_of_offset_are_found_to_the_second():
    year = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    expected = [dt.datetime(2025, 3, 30, 1, tzinfo=dt.UTC), dt.datetime(2025, 10, 26, 1, tzinfo=dt.UTC)]
    assert list(offset_changes(ZoneInfo("Europe/Paris"), *year)) == expected
    assert list(offset_changes(ZoneInfo("Asia/Seoul"), *year)) == []


def test_hangul_is_folded_between_letters():
    feed = Feed()
    feed.owner.language = "ko"
    feed.owner.save()
    receiver = ParticipantFactory(edition=feed.edition, native_name="남궁하늘별" * 12, company__name_ko="한바다픽처스" * 10)
    feed.meet(NINE, receiver=receiver, reason="가나다라마바사 " * 60)
    raw = feed.raw()
    (event,) = components(raw, "VEVENT")  # content_lines asserts 75 octets and whole letters
    assert "남궁하늘별" * 12 in unescaped(event["SUMMARY"][1])
    assert ("가나다라마바사 " * 60).strip() in unescaped(event["DESCRIPTION"][1])
    assert feed.events()[0]["SUMMARY"] == unescaped(event["SUMMARY"][1])


@pytest.mark.parametrize(
    "evil",
    [
        "Kim; Lee, Park\\n & co",
        "Kim\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
        "Kim\nATTACH:https://evil.example",
        "Kim\rSTATUS:CANCELLED",
        'Kim";X=":Y',
        "Kim\x07\x1b\u2028\u202eYe",
    ],
)
def test_names_cannot_write_lines_of_their_own(evil):
    feed = Feed()
    receiver = ParticipantFactory(edition=feed.edition, given_name="", family_name=evil, company__name=evil)
    feed.meet(NINE, receiver=receiver, reason=evil, title=TitleFactory(edition=feed.edition, name=evil))
    raw = feed.raw()
    (event,) = components(raw, "VEVENT")
    names = "UID DTSTAMP LAST-MODIFIED SEQUENCE STATUS TRANSP DTSTART DTEND SUMMARY LOCATION DESCRIPTION URL"
    assert set(event) == set(names.split())
    assert (event["STATUS"][1], event["UID"][1].endswith("@madang")) == ("CONFIRMED", True)
    plain = "".join(c for c in evil.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or c.isprintable())
    assert unescaped(event["SUMMARY"][1]) == f"Meeting with {plain}, {plain}"
    assert str(feed.events()[0]["SUMMARY"]) == f"Meeting with {plain}, {plain}"


def test_the_answer_is_a_calendar_that_only_its_owner_keeps():
    feed = Feed(is_public=False)
    meeting = feed.meet(NINE)
    response = Client().get(feed.path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "Last-Modified" not in response  # what was taken out of a calendar has no date
    assert "Set-Cookie" not in response
    assert Client().head(feed.path).status_code == 200
    assert meeting.changed_at.minute == 0


def test_what_has_not_changed_is_not_sent_again():
    feed = Feed()
    meeting = feed.meet(NINE)
    first = Client().get(feed.path)
    same = Client().get(feed.path, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    meeting.sequence, meeting.changed_at = 1, meeting.changed_at + dt.timedelta(hours=1)
    meeting.save()
    changed = Client().get(feed.path, headers={"if-none-match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_only_the_right_secret_of_an_open_account_opens_it():
    feed, other = Feed(), Feed()
    wrong = [
        reverse("meetings:calendar_feed", args=[feed.edition.slug, "nothing"]),
        reverse("meetings:calendar_feed", args=[other.edition.slug, feed.owner.feed_key]),
        reverse("meetings:calendar_feed", args=[feed.edition.slug, feed.owner.code]),
    ]
    assert [Client().get(path).status_code for path in wrong] == [404, 404, 404]
    assert Client().post(feed.path).status_code == 405
    feed.owner.user.is_active = False
    feed.owner.user.save()
    assert Client().get(feed.path).status_code == 404


def test_a_person_without_an_account_has_a_feed():
    feed = Feed()
    feed.owner.user = None
    feed.owner.save()
    feed.meet(NINE)
    assert len(feed.events()) == 1


def test_one_and_three_meetings_need_the_same_queries(django_assert_num_queries):
    feed = Feed()
    feed.meet(NINE)
    with django_assert_num_queries(5):
        Client().get(feed.path)
    for hours in (1, 2):
        feed.meet(NINE + dt.timedelta(hours=hours))
    with django_assert_num_queries(5):
        Client().get(feed.path)


def test_each_live_change_rises_in_every_calendar_that_has_it_and_names_nobody_else():
    team = Team()
    meeting = team.place()
    version, request = meeting.timetable, team.request
    path = reverse("meetings:calendar_feed", args=[team.edition.slug, team.buyer.feed_key])
    seen = []

    def look() -> None:
        raw = Client().get(path).content
        (one,) = components(raw, "VEVENT")
        (same,) = Calendar.from_ical(raw).walk("VEVENT")
        facts = ("UID", "SEQUENCE", "STATUS", "LOCATION")
        assert [unescaped(one[name][1]) for name in facts] == [str(same[name]) for name in facts]
        assert moment(raw, *one["DTSTART"]) == same.decoded("DTSTART").astimezone(dt.UTC)
        assert {"ORGANIZER", "ATTENDEE"}.isdisjoint(one)  # addresses are nobody's business
        seen.append((str(same["UID"]), int(same["SEQUENCE"]), str(same["STATUS"]), str(same["LOCATION"])))

    look()
    change_meeting(version, request, slot=team.slots[1], table=team.tables[0], cause=Cause.ORGANISER, by=team.organiser)
    look()
    change_meeting(version, request, slot=team.slots[1], table=team.tables[1], cause=Cause.ORGANISER, by=team.organiser)
    look()
    name_colleague(team.seller.user, request, team.colleague, Side.RECEIVER)
    look()
    set_place(team.seller.user, request, "online", "https://meet.example.org/yard")
    look()
    request.refresh_from_db()
    change_meeting(version, request, slot=None, cause=Cause.CANCELLED, by=team.seller.user)
    look()
    uid = f"{request.uid}@madang"
    assert seen == [
        (uid, 0, "CONFIRMED", "Table T0 · Meeting hall"),
        (uid, 1, "CONFIRMED", "Table T0 · Meeting hall"),
        (uid, 2, "CONFIRMED", "Table T1 · Meeting hall"),
        (uid, 3, "CONFIRMED", "Table T1 · Meeting hall"),
        (uid, 4, "CONFIRMED", "Online"),
        (uid, 5, "CANCELLED", "Online"),
    ]
