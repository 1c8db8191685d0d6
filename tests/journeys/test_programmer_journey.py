"""The programmer drags one item, pushes another by keyboard, sees a conflict, publishes; the public and its calendars follow."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from factories import EditionFactory, HallFactory, UserFactory

from madang.programme.models import Event
from madang.programming.actions.publishing import publish_programme
from madang.programming.models import Item


@pytest.fixture
def show(site):
    """Two halls and two films of the last day, published."""
    edition = EditionFactory(slug="programmer", venue="BEXCO", city="Busan")
    organiser = UserFactory(email="organiser@programmer.example", name="Oh Organiser")
    edition.market.organisers.add(organiser)
    big, small = (
        HallFactory(edition=edition, code=code, name=name, capacity=90) for code, name in (("BIG", "Big"), ("SML", "Small"))
    )
    for code, hall, hour in (("ONE", big, 10), ("TWO", small, 14)):
        start = dt.datetime.combine(edition.ends_on, dt.time(hour), edition.zone)
        facts = {"kind": "screening", "name": f"Film {code.lower()}", "minutes": 60, "hall": hall, "starts_at": start}
        Item.objects.create(edition=edition, code=code, **facts)
    publish_programme(organiser, edition)
    return edition, organiser


@pytest.mark.timeout(1800)
def test_a_move_reaches_the_public(show, reader):
    edition, organiser = show
    here, day = f"/e/{edition.slug}", edition.ends_on.isoformat()
    public, programmer = reader(None, width=390), reader(organiser)
    before = calendar(public, here)

    programmer.open(f"{here}/desk/programming/?day={day}")
    assert programmer.faults(loading=False) == []
    one = programmer.page.locator("a[data-code=ONE]")
    one.drag_to(programmer.page.locator("a[data-code=TWO]"), target_position={"x": 80, "y": 12})  # half of its hour
    programmer.see("are both in Small from 14:30 to 15:00")
    programmer.picture("journeys/programme-conflict")
    assert place("ONE") == ("SML", "14:30")

    programmer.page.locator("a[data-code=ONE]").focus()
    programmer.page.keyboard.press("ArrowUp")
    programmer.page.locator("#verdict").get_by_text("No conflict").wait_for()
    programmer.page.keyboard.press("Shift+ArrowRight")
    programmer.page.locator("#verdict").get_by_text("14:45").wait_for()
    programmer.page.keyboard.press("Enter")
    programmer.see("is placed, without conflicts")
    assert place("ONE") == ("BIG", "14:45")

    programmer.open(f"{here}/desk/programming/versions/")
    assert programmer.faults(loading=False) == []
    programmer.page.locator("main").get_by_role("button", name="Publish", exact=True).click()
    programmer.see("Version 2 is published.")

    public.open(f"{here}/programme/")
    public.see("14:45")
    assert public.faults() == []
    public.picture("journeys/programme-public")
    after = calendar(public, here)
    moved = f"event-{edition.slug}-ONE@madang"
    assert set(before) == set(after)
    assert (before[moved][0], after[moved]) == (0, (1, "14:45"))
    assert {uid: entry for uid, entry in after.items() if uid != moved} == {u: e for u, e in before.items() if u != moved}
    assert Event.objects.filter(edition=edition).count() == 2


def place(code):
    """Where the item stands in the draft: hall and time at the venue."""
    item = Item.objects.select_related("hall", "edition").get(edition__slug="programmer", code=code)
    return item.hall.code, f"{item.starts_at.astimezone(item.edition.zone):%H:%M}"


def calendar(person, here):
    """What a calendar reads of the programme: each event's sequence and time."""
    answer = person.context.request.get(f"{person.site.url}{here}/programme.ics")
    events = icalendar.Calendar.from_ical(answer.body()).walk("VEVENT")
    return {str(event["uid"]): (int(event["sequence"]), f"{event['dtstart'].dt:%H:%M}") for event in events}
