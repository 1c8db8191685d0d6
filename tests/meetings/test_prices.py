"""What each dial costs: every dial is tried, figures alone are kept, and the page tells them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from factories import UserFactory
from hall import hall
from visits import client_of

from madang.markets.models import RunState, Slot
from madang.meetings.actions.prices import find_prices, start_prices
from madang.meetings.models import Meeting, PriceRun, Timetable
from madang.meetings.queries.prices import dial_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    """One table and two slots a day; three are agreed, a must on both sides and two likes of the same two people."""
    here = hall(tables=1)
    here.ask(0, 0, sender_wish=3, receiver_wish=3), here.ask(0, 1, sender_wish=2, receiver_wish=2), here.ask(1, 1)
    return here


def compared(here):
    run, is_new = start_prices(here.organiser, here.edition, limit=300)
    assert is_new
    find_prices(run.key)
    run.refresh_from_db()
    return run


def test_every_dial_is_tried_and_nothing_but_figures_is_kept(market):
    run = compared(market)
    assert (run.state, run.fault, [row["name"] for row in run.rows]) == (RunState.DONE, "", ["most", "gaps", "fair"])
    most = run.rows[0]
    assert most == {"name": "most", "weight": 15, "wanted": 15, "placed": 3, "breaks": 0, "fairness": 1.0, "moved": None}
    assert (Timetable.objects.count(), Meeting.objects.count()) == (0, 0)


def test_beside_a_published_timetable_what_moves_is_counted(market):
    market.publish((0, 0, 0), (1, 3, 0))
    run = compared(market)
    kept = run.rows[0]
    assert (kept["name"], kept["placed"], kept["moved"]) == ("keep", 3, 0)
    assert [row["name"] for row in run.rows] == ["keep", "most", "gaps", "fair"]


def test_what_is_less_than_the_most_is_the_price(market):
    rows = [
        {"name": "most", "weight": 90, "wanted": 100, "placed": 9, "breaks": 4, "fairness": 0.914, "moved": None},
        {"name": "gaps", "weight": 85, "wanted": 100, "placed": 8, "breaks": 0, "fairness": 0.9, "moved": None},
    ]
    run = PriceRun.objects.create(edition=market.edition, asked_by=market.organiser, state=RunState.DONE, rows=rows)
    told = [(row.share, row.less, row.placed, row.breaks, row.fairness) for row in dial_rows(run)]
    assert told == [(90.0, 0.0, 9, 4, 91), (85.0, 5.0, 8, 0, 90)]
    page = client_of(market.organiser).get(reverse("meetings:timetable", args=[market.edition.slug])).content.decode()
    assert [words in page for words in ("85.0 %", "5.0 %", "Compare the dials anew")] == [True, True, True]


def test_one_comparison_at_a_time_and_for_organisers_alone(market):
    first, _new = start_prices(market.organiser, market.edition)
    assert start_prices(market.organiser, market.edition) == (first, False)
    with pytest.raises(PermissionDenied):
        start_prices(UserFactory(), market.edition)


def test_facts_from_which_nothing_can_be_computed_are_said(market):
    Slot.objects.all().delete()
    run = compared(market)
    assert (run.state, run.rows) == (RunState.FAILED, [])
    assert run.fault == "The edition has no slots yet. Load them with the workbook's sheet Slots."


def test_from_the_button_to_the_table(market):
    client, page = client_of(market.organiser), reverse("meetings:prices", args=[market.edition.slug])
    run, _new = start_prices(market.organiser, market.edition, limit=300)
    htmx = {"HX-Request": "true"}
    assert "Waiting for the worker to begin." in client.get(page, headers=htmx).content.decode()
    find_prices(run.key)
    assert client.get(page, headers=htmx)["HX-Refresh"] == "true"
    answer = client.get(page, follow=True)
    assert "As many wished meetings as possible" in answer.content.decode()
    assert client_of(market.buyers[0].user).post(page).status_code == 404
    PriceRun.objects.all().delete()
    PriceRun.objects.create(edition=market.edition, state=RunState.QUEUED)
    assert "Comparing the dials" in client.post(page, follow=True).content.decode()
    assert PriceRun.objects.count() == 1
