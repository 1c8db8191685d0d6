"""An organiser moves a meeting on the grid, sees where it cannot go and why, and takes the move back."""

from __future__ import annotations

import datetime as dt

import pytest
from yard import build_yard

from madang.meetings.models import Meeting, TimetableState

WAYS = [pytest.param(390, "ko", id="phone, Korean"), pytest.param(1280, "en", id="desk, English")]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("width", "language"), WAYS)
def test_a_meeting_is_moved_and_moved_back(width, language, reader):
    yard = build_yard(f"hand-{language}")
    yard.edition.clock_shift -= dt.timedelta(days=3)  # before the first day: what has begun could not be moved
    yard.edition.save()
    organiser = reader(yard.accounts["organiser"], width=width, language=language)
    before = place_of(yard)

    organiser.open(f"/e/{yard.edition.slug}/desk/timetable/grid/?pick=R-6")
    organiser.see("Choose one of the marked cells.")
    assert organiser.faults() == []
    organiser.picture(f"journeys/picked-{language}")
    organiser.page.get_by_role("button", name=organiser.words("Here"), exact=True).first.click()
    organiser.page.wait_for_load_state("load")
    organiser.page.get_by_role("button", name=organiser.words("Undo"), exact=True).wait_for()
    assert place_of(yard) != before
    assert organiser.faults(loading=False) == []

    organiser.press("Undo")
    organiser.page.get_by_role("button", name=organiser.words("Undo"), exact=True).wait_for(state="detached")
    assert place_of(yard) == before


def place_of(yard):
    """Slot and table of the request R-6 in the draft."""
    draft = Meeting.objects.filter(timetable__edition=yard.edition, timetable__state=TimetableState.DRAFT)
    return draft.values_list("slot__code", "table__code").get(request__code="R-6")
