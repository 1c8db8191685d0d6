"""An organiser brings an edition in: template, a mistake, its mending, preview, loading; computes it and publishes."""

from __future__ import annotations

import openpyxl
import pytest
from publication import wait_for_publication
from yard import build_yard

from madang.markets.models import Edition
from madang.meetings.models import Meeting

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]
EDITION, COMPANIES = 1, 4  # the sheets' places in the workbook, whatever they are called
WRONG = "Atlantis"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_from_a_workbook_to_a_published_timetable(width, language, reader, tmp_path):
    yard = build_yard(f"book-{language}", is_under_way=False)
    organiser = reader(yard.accounts["organiser"], width=width, language=language)
    code, book = f"brought-in-{language}", tmp_path / "edition.xlsx"

    fetch_template(organiser, yard.edition, book)
    fill_in(book, code, country=WRONG)
    bring_in(organiser, yard.edition, book)
    organiser.see(WRONG)
    organiser.picture(f"journeys/faults-{language}")
    assert organiser.faults(loading=False) == []
    assert not Edition.objects.filter(slug=code).exists()

    fill_in(book, code, country="FR")
    bring_in(organiser, yard.edition, book)
    organiser.see("Nothing is changed yet")
    organiser.picture(f"journeys/preview-{language}")
    assert organiser.faults(loading=False) == []
    organiser.press("Load the workbook")
    organiser.page.get_by_role("link", name=organiser.words("Open it")).wait_for(timeout=300_000)
    organiser.press("Open it")
    assert organiser.page.url.endswith(f"/e/{code}/")

    publish(organiser, code)
    published = wait_for_publication(Edition.objects.get(slug=code))
    assert published.version == 1
    assert Meeting.objects.filter(timetable=published, is_cancelled=False).count() > 0


def fetch_template(organiser, edition, book):
    """From the desk to the file."""
    organiser.open(f"/e/{edition.slug}/desk/workbook/")
    with organiser.page.expect_download() as started:
        organiser.page.get_by_role("link", name=organiser.words("Download the template")).click()
    started.value.save_as(book)


def fill_in(book, code, *, country):
    """The example in the template is an edition already: it gets a code of its own, and its last company another country."""
    sheets = openpyxl.load_workbook(book)
    sheets.worksheets[EDITION]["A2"] = code
    companies = sheets.worksheets[COMPANIES]
    companies.cell(companies.max_row, 4).value = country
    sheets.save(book)


def bring_in(organiser, edition, book):
    """Send the file, and wait until it has been looked at."""
    organiser.open(f"/e/{edition.slug}/desk/workbook/")
    organiser.page.locator("input[type=file]").set_input_files(book)
    organiser.press("Look at what it would do")
    organiser.page.locator(".figures").wait_for(timeout=300_000)


def publish(organiser, code):
    """Compute and publish what was brought in."""
    organiser.open(f"/e/{code}/desk/timetable/")
    organiser.press("Compute the timetable")
    button = organiser.page.get_by_role("button", name=organiser.words("Publish"), exact=True)
    button.wait_for(timeout=300_000)
    organiser.picture(f"journeys/brought-in-{organiser.language}")
    button.click()
    organiser.page.wait_for_load_state("load")
