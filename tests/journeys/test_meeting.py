"""A buyer asks, the seller accepts, the organiser computes and publishes, both read their agendas and their calendars."""

from __future__ import annotations

import icalendar
import pytest
from publication import wait_for_publication
from yard import build_yard

from madang.meetings.models import Attendance

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_from_a_request_to_two_agendas(width, language, site, reader):
    yard = build_yard(f"meeting-{language}", is_under_way=False)
    here = f"/e/{yard.edition.slug}"
    buyer, seller, organiser = (
        reader(yard.accounts[role], width=width, language=language) for role in ("buyer", "seller", "organiser")
    )

    ask(buyer, here)
    accept(seller, here)
    publish(organiser, here)

    published = wait_for_publication(yard.edition)
    attending = Attendance.objects.filter(timetable=published).values_list("participant__code", flat=True)
    assert sorted(attending) == ["P-buyer", "P-seller"]
    place = published.meetings.get().slot.starts_at
    seller_name = "서하늘" if language == "ko" else "Haneul Seo"
    for person, other in ((buyer, seller_name), (seller, "Camille Lefèvre")):
        person.open(f"{here}/agenda/")
        person.see(other)
        assert person.faults() == []
        person.picture(f"journeys/agenda-{person.name}-{language}-{width}")
        assert events(person) == [(place, "Booth 12")]


def ask(buyer, here):
    """From the list of companies to a request."""
    buyer.open(f"{here}/companies/")
    buyer.press("한바다 픽처스" if buyer.language == "ko" else "Hanbada Pictures")
    buyer.press("Ask for a meeting")
    buyer.write("Why you should meet", "Two series of yours would stand well in our autumn.")
    assert buyer.faults(loading=False) == []
    buyer.picture(f"journeys/ask-{buyer.language}")
    buyer.press("Send the request")
    buyer.see("Waiting for an answer")


def accept(seller, here):
    """From the notice to an answer."""
    seller.open(f"{here}/notices/")
    seller.page.locator(".list a").first.click()
    seller.see("Two series of yours would stand well in our autumn.")
    seller.page.locator("input[name=level][value='3']").check()
    seller.press("Send the answer")
    seller.see("Accepted")
    assert seller.faults(loading=False) == []
    seller.picture(f"journeys/answer-{seller.language}")


def publish(organiser, here):
    """From the desk to a published version, and nothing left over."""
    organiser.open(f"{here}/desk/timetable/")
    organiser.press("Compute the timetable")
    organiser.page.get_by_role("button", name=organiser.words("Publish"), exact=True).wait_for(timeout=300_000)
    assert organiser.faults(loading=False) == []
    organiser.picture(f"journeys/draft-{organiser.language}")
    organiser.press("Look at the grid")
    organiser.picture(f"journeys/grid-{organiser.language}")
    organiser.open(f"{here}/desk/timetable/")
    organiser.press("Publish")


def events(person):
    """What the calendar program of this person reads: begin and place of each event."""
    address = person.page.locator("#feed").input_value()
    answer = person.context.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.body())
    return [(event["DTSTART"].dt, str(event["LOCATION"]).split(" · ")[0]) for event in calendar.walk("VEVENT")]
