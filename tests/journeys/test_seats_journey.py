"""A visitor books two seats on her phone with an address alone and gives one back; whoever waits gets hers."""

from __future__ import annotations

import pytest
from factories import EditionFactory
from seating_rows import audit, event_at, reserved_seating

from madang.people.models import Letter
from madang.seating.models import Booking


def look(person, name):
    """What is wrong with the page as it stands; a picture of it is kept."""
    person.picture(f"journeys/{name}")
    return person.faults(loading=False)


def fill(person, values):
    for name, value in values.items():
        person.page.locator(f"[name='{name}']").fill(value)


def choose(person, count):
    person.page.locator("[name='count']").select_option(count)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("width", [390, 1280])
def test_two_are_booked_one_comes_back_and_goes_to_who_waits(width, reader):
    edition = EditionFactory(slug=f"seats-{width}", is_fictional=True)
    seating = reserved_seating("A ooo", event=event_at(edition, name="Opening night"))
    place = f"/e/{edition.slug}/programme/{seating.event.code}/"
    first, second = reader(None, width=width, name="first"), reader(None, width=width, name="second")

    first.open(place)
    first.press("Book places")
    assert look(first, f"seats-book-{width}") == []
    fill(first, {"email": "first@example.org", "name": "Kim Bom"})
    choose(first, "2")
    first.press("Hold these places")
    first.see("2 places are kept for you.")
    assert look(first, f"seats-held-{width}") == []
    first.press("Book these places")
    first.see("Booked. We have written to you.")
    assert first.page.locator("svg.qr").count() == 2
    assert look(first, f"seats-booked-{width}") == []

    second.open(f"{place}seats/")
    fill(second, {"email": "second@example.org"})
    choose(second, "2")
    second.press("Hold these places")
    second.see("There are not that many places left.")
    assert second.page.locator("[name='email']").input_value() == "second@example.org"  # what was typed is kept
    second.console.clear()  # the browser notes a form that comes back
    second.press("Join the waiting list")
    second.see("your place in the waiting list")
    assert look(second, f"seats-waiting-{width}") == []

    first.page.locator("[name='ticket']").first.check()
    first.press("Give back")
    first.see("Given back. Thank you.")
    second.page.reload()
    second.see("2 places are kept for you.")
    second.press("Book these places")
    second.see("Booked. We have written to you.")
    assert dict(Booking.objects.filter(seating=seating).values_list("email", "count")) == {
        "first@example.org": 1,
        "second@example.org": 2,
    }
    letters = Letter.objects.filter(edition=edition).order_by("pk").values_list("address", "subject")
    assert [(address.partition("@")[0], subject.partition(":")[0]) for address, subject in letters] == [
        ("first", "Your places"),
        ("second", "You are on the waiting list"),
        ("second", "Places came free for you"),
        ("second", "Your places"),
    ]
    assert audit() == []
