"""An applicant at a phone: she drafts, comes back, hears of a wrong year while typing, adds a poster, submits, withdraws."""

from __future__ import annotations

import pytest
from entry_rows import picture
from factories import UserFactory
from playwright.sync_api import expect
from yard import build_yard

from madang.people.models import Letter
from madang.selection.models import Call, Entry, EntryState, Material

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_from_draft_to_receipt(width, language, reader, tmp_path):
    yard = build_yard(f"entry-{language}", is_under_way=False)
    here = f"/e/{yard.edition.slug}"
    Call.objects.filter(edition=yard.edition).update(year_from=2024, year_until=2026, required="poster")
    author = UserFactory(email=f"applicant@{yard.edition.slug}.example", name="Yoo Bo-ra")
    person = reader(author, width=width, language=language)

    assert person.open(f"{here}/calls/") == 200
    assert look(person, f"calls-{language}-{width}") == []
    person.open(f"{here}/calls/SHOW/")
    assert look(person, f"call-{language}-{width}") == []
    person.open(f"{here}/calls/SHOW/")
    person.press("Begin an entry")
    entry = Entry.objects.get(call__edition=yard.edition, user=author)
    fill(person, "name", "Salt Harbour")
    wait_for_saved(person, entry, name="Salt Harbour")

    assert person.open(f"{here}/entries/") == 200
    assert look(person, f"entries-{language}-{width}") == []
    person.open(f"{here}/entries/{entry.code}/")
    assert person.page.locator("[name=name]").input_value() == "Salt Harbour"
    fill(person, "year", "2019")
    told = person.page.locator("#told-year p")
    told.wait_for()
    assert "2019" in told.inner_text()
    fill(person, "year", "2025")
    told.wait_for(state="detached")

    person.page.locator("[name=and][value=submit]").click()
    person.page.locator(".summary a").first.wait_for()
    person.console.clear()  # a browser writes down that it was answered with 422
    assert look(person, f"entry-refused-{language}-{width}") == []
    person.open(f"{here}/entries/{entry.code}/")
    fill_in(person, language)
    poster = tmp_path / "poster.jpg"
    poster.write_bytes(picture().read())
    person.page.locator("#id_poster-file").set_input_files(poster)
    person.page.locator("#material-poster form .button").click()
    person.page.locator("#material-poster img").wait_for()
    assert Material.objects.get(entry=entry).facts == {"width": 900, "height": 1200}
    assert look(person, f"entry-whole-{language}-{width}") == []
    person.open(f"{here}/entries/{entry.code}/")

    person.page.locator("[name=and][value=submit]").click()
    person.see(
        "It is submitted. You can change it until the call closes: press “Save the changes”, so that it is whole at every moment."
    )
    entry.refresh_from_db()
    assert (entry.state, entry.countries, entry.languages) == (EntryState.SUBMITTED, "KR, FR", "ko")
    assert Letter.objects.get(address=author.email).subject.count(entry.code) == 1
    person.press("Withdraw the entry")
    person.page.locator("form[action$='again/']").wait_for()
    entry.refresh_from_db()
    assert entry.state == EntryState.WITHDRAWN
    assert look(person, f"entry-withdrawn-{language}-{width}") == []


def fill_in(person, language):
    """Everything that the call asks for, as somebody types it."""
    texts = {
        "countries": "Korea, France", "languages": "Korean", "creators": "Ahn Ju-young", "synopsis": "A pilot stays.",
        "for_whom": "For those who wait.", "to_keep": "The silence.", "to_learn": "How others end.",
    }  # fmt: skip
    for name, text in texts.items():
        own = f"{name}_{language}"
        fill(person, own if person.page.locator(f"[name={own}]").filter(visible=True).count() else name, text)
    for name, value in {"format": "series", "progress": "completed", "premiere": "world"}.items():
        person.page.locator(f"[name={name}]").select_option(value)
    person.page.locator("#told-premiere").wait_for(state="attached")
    expect(person.page.locator("#check .row")).to_have_count(1, timeout=120_000)


def fill(person, name, text):
    person.page.locator(f"[name={name}]").fill(text)


def wait_for_saved(person, entry, **facts):
    """The page says that it is saved, and it is."""
    person.page.locator("#version:not([value='0'])").wait_for(state="attached")
    entry.refresh_from_db()
    assert {name: getattr(entry, name) for name in facts} == facts


def look(person, name):
    """What is wrong with the page as it stands; a picture of it is kept."""
    person.picture(f"journeys/{name}")
    return person.faults(loading=False)
