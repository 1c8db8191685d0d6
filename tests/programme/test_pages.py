"""The programme: by day at the venue, for the public and for participants."""

import datetime as dt

import pytest
from factories import EditionFactory, HallFactory, ParticipantFactory, TitleFactory, UserFactory
from visits import get, queries_of

from madang.programme.models import Event

pytestmark = pytest.mark.django_db


def event(edition, code, hour, **facts):
    """An hour in the auditorium, on 28 May 2025 at that hour in UTC."""
    start = dt.datetime(2025, 5, 28, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    hall = edition.halls.first() or HallFactory(edition=edition, name="Auditorium")
    return Event.objects.create(
        edition=edition,
        code=code,
        hall=hall,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=1),
        **{"kind": "screening"} | facts,
    )


@pytest.fixture
def yard():
    edition = EditionFactory(venue="BEXCO")
    event(edition, "CARPET", 8, kind="carpet", name="Pink carpet")
    event(
        edition,
        "LATE",
        16,
        title=TitleFactory(edition=edition, code="SHOW", name="S Line", is_showcase=True),
        time_is_provisional=True,
    )
    event(edition, "TALK", 25, kind="talk", name="For buyers", is_public=False, title=TitleFactory(edition=edition, code="SALE"))
    users = {"visitor": None, "stranger": UserFactory(), "organiser": UserFactory()}
    edition.market.organisers.add(users["organiser"])
    for role in ("buyer", "juror", "guest"):
        users[role] = ParticipantFactory(edition=edition, **{f"is_{role}": True}).user
    return edition, users


def test_who_sees_which_events(yard):
    edition, users = yard
    seen = {}
    for role, user in users.items():
        days = get(user, "programme:events", edition).context["days"]
        seen[role] = [(str(day), [event.code for event in events]) for day, events in days]
    public = [("2025-05-28", ["CARPET"]), ("2025-05-29", ["LATE"])]
    everything = [("2025-05-28", ["CARPET"]), ("2025-05-29", ["LATE", "TALK"])]
    assert seen == {
        "visitor": public,
        "stranger": public,
        "organiser": everything,
        "buyer": everything,
        "juror": everything,
        "guest": everything,
    }


def test_titles_are_linked_for_those_who_may_open_them(yard):
    edition, users = yard
    links = {}
    for role in ("visitor", "juror", "buyer"):
        page = get(users[role], "programme:events", edition).content.decode()
        links[role] = [code for code in ("SHOW", "SALE") if f"/titles/{code}/" in page]
    assert links == {"visitor": ["SHOW"], "juror": ["SHOW"], "buyer": ["SHOW", "SALE"]}


def test_the_page_says_where_when_and_what_is_not_confirmed(yard):
    edition, _users = yard
    page = get(None, "programme:events", edition).content.decode()
    parts = ["BEXCO", "Auditorium", "17:00", "KST", "60 min", "Time not confirmed (demo)", "Pink carpet"]
    assert [part for part in parts if part not in page] == []


def test_what_is_going_on_is_marked(yard):
    edition, _users = yard
    now = event(edition, "NOW", 25, name="On now")
    assert get(None, "programme:events", edition).context["going_on"] == {now.pk}


def test_the_title_page_tells_its_events(yard):
    edition, _users = yard
    page = get(None, "catalogue:title", edition, "SHOW").content.decode()
    assert ("On the programme" in page, "01:00" in page) == (True, True)


def test_nothing_yet():
    edition = EditionFactory()
    page = get(None, "programme:events", edition)
    assert (page.status_code, b"still to be announced" in page.content) == (200, True)


def test_the_same_queries_for_1_and_3_rows():
    edition = EditionFactory()
    event(edition, "A", 1, title=TitleFactory(edition=edition, is_showcase=True))
    one = queries_of(None, "programme:events", edition)
    event(edition, "B", 2, title=TitleFactory(edition=edition, is_showcase=True))
    event(edition, "C", 30, title=TitleFactory(edition=edition, is_showcase=True))
    assert queries_of(None, "programme:events", edition) == one
