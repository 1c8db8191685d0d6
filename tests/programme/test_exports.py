"""The programme for machines: calendars that replace themselves, the format of frab, our own JSON."""

import datetime as dt
import json
import re
import uuid
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from factories import EditionFactory, HallFactory, ParticipantFactory, TitleFactory, UserFactory
from icalendar import Calendar
from visits import client_of, get, queries_of

from madang.programme.models import Event, EventPart, Visit

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).parent / "schedule.xsd"
START = dt.datetime(2025, 5, 28, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def edition():
    edition = EditionFactory(venue="BEXCO", city="Busan")
    big, small = (
        HallFactory(edition=edition, code=code, name=name) for code, name in (("BIG", "Auditorium"), ("SML", "Talk & <room>"))
    )
    title = TitleFactory(edition=edition, name="S Line", is_showcase=True)
    facts = {"edition": edition, "starts_at": START, "ends_at": START + dt.timedelta(minutes=95)}
    Event.objects.create(
        code="A", kind="screening", title=title, hall=big, languages="fr, en subtitles", about="One\x0btwo", **facts
    )
    Event.objects.create(code="B", kind="talk", name="“Webtoon” & <b>series</b> 🎬", hall=small, **facts)
    Event.objects.create(code="X", kind="talk", name="For buyers", hall=small, is_public=False, **facts)
    late = facts | {"starts_at": START + dt.timedelta(hours=8), "ends_at": START + dt.timedelta(hours=9)}
    Event.objects.create(code="N", kind="talk", name="Late at night", hall=big, **late)
    return edition


def entries(response):
    found = {}
    for part in Calendar.from_ical(response.content).walk("VEVENT"):
        found[str(part["uid"])] = (
            int(part["sequence"]),
            str(part["status"]),
            part["dtstart"].dt.astimezone(dt.UTC),
            str(part["location"]),
        )
    return found


def test_a_moved_screening_replaces_itself_and_a_cancelled_one_says_so(edition):
    before = entries(get(None, "programme:calendar", edition))
    uid = f"event-{edition.slug}-A@madang"
    assert before[uid] == (0, "CONFIRMED", START, "Auditorium, BEXCO, Busan")
    assert set(before) == {f"event-{edition.slug}-{code}@madang" for code in "ABN"}
    event = Event.objects.get(code="A")
    event.starts_at, event.ends_at = START + dt.timedelta(hours=1), START + dt.timedelta(hours=2)
    event.save()
    assert entries(get(None, "programme:calendar", edition))[uid][:3] == (1, "CONFIRMED", START + dt.timedelta(hours=1))
    event.is_cancelled = True
    event.save()
    after = entries(get(None, "programme:calendar", edition))
    assert after[uid][:2] == (2, "CANCELLED")
    assert {key: value for key, value in after.items() if key != uid} == {k: v for k, v in before.items() if k != uid}


def test_a_hall_has_a_calendar_of_its_own(edition):
    assert set(entries(get(None, "programme:hall_calendar", edition, "SML"))) == {f"event-{edition.slug}-B@madang"}
    assert get(None, "programme:hall_calendar", edition, "NO").status_code == 404


def test_participants_see_what_is_theirs(edition):
    buyer = ParticipantFactory(edition=edition, is_buyer=True).user
    assert f"event-{edition.slug}-X@madang" in entries(get(buyer, "programme:calendar", edition))
    assert len(entries(get(UserFactory(), "programme:calendar", edition))) == 3


def test_what_has_not_changed_is_not_sent_again(edition):
    client = client_of()
    first = client.get(f"/e/{edition.slug}/schedule.xml")
    again = client.get(f"/e/{edition.slug}/schedule.xml", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first["Access-Control-Allow-Origin"] == "*"


def test_schedule_xml_keeps_the_schema_and_an_independent_parser_reads_it(edition):
    Event.objects.filter(code="B").update(is_cancelled=True)
    content = get(None, "programme:schedule_xml", edition).content
    xmlschema.XMLSchema(str(SCHEMA)).validate(content.decode().split("?>", 1)[1])
    root = ElementTree.fromstring(content)
    conference = {child.tag: child.text for child in root.find("conference")}
    assert conference["title"] == str(edition)
    assert (conference["acronym"], conference["days"], conference["time_zone_name"]) == (
        edition.slug.replace("-", "_"), "3", "Asia/Seoul",
    )  # fmt: skip
    assert [(day.get("date"), day.get("index")) for day in root.iter("day")] == [
        ("2025-05-28", "1"), ("2025-05-29", "2"), ("2025-05-30", "3"),
    ]  # fmt: skip
    first, night = root.iter("event")
    told = ("room", "title", "date", "start", "duration", "type", "language", "abstract")
    assert {name: first.findtext(name) for name in told} == {
        "room": "Auditorium", "title": "S Line", "date": "2025-05-28T18:00:00+09:00", "start": "18:00", "duration": "01:35",
        "type": "screening", "language": "fr", "abstract": "Onetwo",
    }  # fmt: skip
    assert night.findtext("date") == "2025-05-29T02:00:00+09:00"
    assert root.find("day").get("date") == "2025-05-28"
    assert night in list(root.find("day").iter("event"))


def test_guids_stay_and_are_one_of_their_kind(edition):
    def guids():
        root = ElementTree.fromstring(get(None, "programme:schedule_xml", edition).content)
        return {event.findtext("slug"): uuid.UUID(event.get("guid")).version for event in root.iter("event")}, [
            event.get("guid") for event in root.iter("event")
        ]

    versions, before = guids()
    assert set(versions.values()) == {5}
    assert len(set(before)) == 3
    event = Event.objects.get(code="A")
    event.starts_at += dt.timedelta(minutes=5)
    event.save()
    assert set(guids()[1]) == set(before)


def test_who_is_on_stage_is_told_to_those_who_may_see_her(edition):
    speaker = ParticipantFactory(edition=edition, family_name="Kim", given_name="Bom", is_seller=True)
    buyer = ParticipantFactory(edition=edition, is_buyer=True).user
    Visit.objects.create(event=Event.objects.get(code="A"), participant=speaker, part=EventPart.SPEAKER)

    def people(user):
        root = ElementTree.fromstring(get(user, "programme:schedule_xml", edition).content)
        return [person.text for person in root.iter("person")]

    assert (people(None), people(buyer)) == ([], [speaker.name])


ASKED = {
    "abstract", "date", "duration", "guid", "id", "language", "links", "persons", "room", "slug", "start", "subtitle",
    "title", "track", "type", "url",
}  # fmt: skip
ALLOWED = ASKED | {"description", "attachments", "recording_license", "do_not_record"}
"""Of what the format knows beside; a name that it does not know makes the whole file invalid."""


def schedule_json(user, edition):
    """The schedule's conference and events; what the format asks of the frame around them is looked at here."""
    told = json.loads(get(user, "programme:schedule_json", edition).content)
    assert set(told) == {"generator", "schedule"}
    assert set(told["schedule"]) == {"version", "base_url", "conference"}
    conference = told["schedule"]["conference"]
    return conference, [event for day in conference["days"] for rows in day["rooms"].values() for event in rows]


def test_schedule_json_has_what_the_format_asks_for(edition):
    speaker = ParticipantFactory(edition=edition, is_seller=True)
    Visit.objects.create(event=Event.objects.get(code="A"), participant=speaker, part=EventPart.SPEAKER)
    conference, events = schedule_json(ParticipantFactory(edition=edition, is_buyer=True).user, edition)
    named = {"title", "acronym", "days", "daysCount", "start", "end", "timeslot_duration", "time_zone_name", "url", "rooms"}
    assert set(conference) == named
    assert re.fullmatch("[a-z0-9_-][a-z0-9_]{3,}", conference["acronym"])
    assert (conference["daysCount"], len(conference["days"])) == (3, 3)
    assert {event["slug"].rsplit("-", 2)[1] for event in events} == {"a", "b", "n", "x"}
    for event in events:
        assert ASKED <= set(event) <= ALLOWED
        assert re.fullmatch(r"[0-9]+:[0-9]{2}", event["duration"])
        assert re.fullmatch(r"(0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]", event["start"])
        assert re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", event["slug"])
        assert event["url"].startswith("http://testserver/e/")
        assert [set(link) for link in event["links"]] == [{"url", "title"}]
    # either an id and a "public_name", or a "name": somebody who has both is two kinds of person at once, and the file invalid
    assert [event["persons"] for event in events if event["persons"]] == [[{"id": speaker.pk, "name": speaker.name}]]


@pytest.mark.parametrize(
    ("slug", "zone", "told"),
    [
        ("bcm-2025", "Asia/Seoul", ("bcm_2025", "Asia/Seoul")),
        ("b", "America/Argentina/Buenos_Aires", ("b___", "America/Argentina/Buenos_Aires")),
        ("fete", "Etc/GMT+9", ("fete", None)),
        ("x-2025-a", "UTC", ("x_2025_a", "UTC")),
    ],
)
def test_names_that_the_format_does_not_know_are_spelt_as_it_can(slug, zone, told):
    conference, events = schedule_json(None, EditionFactory(slug=slug, time_zone=zone))
    assert (conference["acronym"], conference.get("time_zone_name"), events) == (*told, [])


def test_our_own_json_marks_what_is_cancelled(edition):
    Event.objects.filter(code="B").update(is_cancelled=True)
    facts = json.loads(get(None, "programme:programme_json", edition).content)
    assert facts["edition"] == {"code": edition.slug, "name": edition.name, "time_zone": "Asia/Seoul"}
    assert [(event["code"], event["is_cancelled"]) for event in facts["events"]] == [("A", False), ("B", True), ("N", False)]
    assert facts["events"][0]["starts_at"] == "2025-05-28T09:00:00Z"


def test_the_language_can_be_asked_for(edition):
    edition.halls.filter(code="BIG").update(name_ko="오디토리움")
    korean = get(None, "programme:schedule_xml", edition, lang="ko").content.decode()
    assert "오디토리움" in korean
    assert "오디토리움" not in get(None, "programme:schedule_xml", edition, lang="xx").content.decode()


@pytest.mark.parametrize("name", ["calendar", "schedule_xml", "schedule_json", "programme_json"])
def test_the_same_queries_for_1_and_3_events(name):
    edition = EditionFactory()
    hall = HallFactory(edition=edition)
    facts = {"edition": edition, "hall": hall, "kind": "talk", "starts_at": START, "ends_at": START + dt.timedelta(hours=1)}
    Event.objects.create(code="A", name="A", **facts)
    one = queries_of(None, f"programme:{name}", edition)
    for code in "BC":
        Event.objects.create(code=code, title=TitleFactory(edition=edition, is_showcase=True), **facts)
    assert queries_of(None, f"programme:{name}", edition) == one
