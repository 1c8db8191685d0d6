"""The map of what is free: its shades over time, its rows and charts, its words, its weight."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from factories import EditionFactory, ParticipantFactory, TitleFactory
from rights_rows import hold, restrict, sold
from visits import get, queries_of

from madang.deals.models import StatedStanding
from madang.deals.queries.heat import ACROSS, GROUPS, LABEL

pytestmark = pytest.mark.django_db

QUESTION = {"territories": "FR, DE", "media": "SVOD", "start": "2026-01-01", "end": "2027-12-31"}


@pytest.fixture
def market():
    edition = EditionFactory()
    seller = ParticipantFactory(edition=edition, is_seller=True)
    buyer = ParticipantFactory(edition=edition, is_buyer=True)
    title = TitleFactory(edition=edition, company=seller.company, name="The Yard", code="YARD")
    hold(seller.company, title, end=dt.date(2027, 6, 30))
    return edition, seller, buyer, title


def shades(user, edition, **query):
    """{row: [(shade, first day, last day)]} of the first chart."""
    chart = get(user, "deals:heat", edition, **QUESTION | query).context["charts"][0]
    day = dt.date.fromordinal
    return {row.label: [(run.shade.value, str(day(run.start)), str(day(run.end - 1))) for run in row.runs] for row in chart.rows}


def test_the_shades_of_a_row(market):
    edition, seller, buyer, title = market
    sold(seller.company, title, "FR", "SVOD", exclusive=True, end=dt.date(2026, 6, 30))
    restrict(seller.company, title, "holdback", "FR", "AVOD", start=dt.date(2026, 7, 1), end=dt.date(2026, 9, 30))
    sold(seller.company, title, "DE", "SVOD", exclusive=True, end=dt.date(2026, 3, 31), paper={"standing": StatedStanding.OPTION})
    assert shades(buyer.user, edition, media="SVOD, AVOD") == {
        "Germany": [
            ("on_hold", "2026-01-01", "2026-03-31"),
            ("free", "2026-04-01", "2027-06-30"),
            ("not_held", "2027-07-01", "2027-12-31"),
        ],
        "France": [
            ("partly", "2026-01-01", "2026-09-30"),
            ("free", "2026-10-01", "2027-06-30"),
            ("not_held", "2027-07-01", "2027-12-31"),
        ],
    }
    france = shades(buyer.user, edition)["France"]
    assert france[:2] == [("taken", "2026-01-01", "2026-06-30"), ("free", "2026-07-01", "2027-06-30")]


def test_rows_are_groups_where_nothing_was_named(market):
    edition, _seller, buyer, _title = market
    charts = get(buyer.user, "deals:heat", edition).context["charts"]
    assert [len(chart.rows) for chart in charts] == [len(GROUPS)]
    assert list(shades(buyer.user, edition, territories="Benelux")) == ["Belgium", "Luxembourg", "Netherlands"]


def test_one_title_has_a_chart_for_each_of_its_media(market):
    edition, _seller, buyer, _title = market
    asked = {"title": "YARD", "media": "SVOD, AVOD, PAYTV"}
    charts = get(buyer.user, "deals:heat", edition, **QUESTION | asked).context["charts"]
    assert [chart.heading for chart in charts] == ["SVOD", "AVOD", "Pay television"]


def test_a_title_without_statements_has_no_rows(market):
    edition, _seller, buyer, title = market
    bare = TitleFactory(edition=edition, company=title.company, name="A bare one")
    response = get(buyer.user, "deals:heat", edition, **QUESTION)
    assert [(chart.title, chart.is_stated, chart.rows == ()) for chart in response.context["charts"]] == [
        (bare, False, True),
        (title, True, False),
    ]
    assert "The seller has not stated rights for this title" in response.content.decode()


def test_the_picture_and_the_table_say_the_same(market):
    edition, seller, buyer, title = market
    sold(seller.company, title, "FR", "SVOD", exclusive=True, end=dt.date(2026, 6, 30))
    page = get(buyer.user, "deals:heat", edition, **QUESTION).content.decode()
    words = "Not free until 30 Jun 2026; Free from 1 Jul 2026 to 30 Jun 2027; Not held by the seller from 1 Jul 2027 on"
    assert f'<tr id="r1-2"><td>France</td><td>{words}</td></tr>' in page
    assert 'aria-labelledby="r1-2"' in page
    row = page.partition('aria-labelledby="r1-2"')[2].partition("</a>")[0]
    drawn = re.findall(r'<rect class="(\w+)" x="([\d.]+)" width="([\d.]+)"', row)
    assert [shade for shade, _x, _width in drawn] == ["taken", "free", "not_held"]
    assert sum(float(width) for _shade, _x, width in drawn) == pytest.approx(ACROSS, abs=0.2)
    assert float(drawn[0][1]) == LABEL


def test_the_axis_has_quarters_in_a_short_time_and_years_in_a_long_one(market):
    edition, _seller, buyer, _title = market
    ticks = get(buyer.user, "deals:heat", edition, **QUESTION).context["ticks"]
    assert [tick.label for tick in ticks][:3] == ["Jan 26", "Apr 26", "Jul 26"]
    ticks = get(buyer.user, "deals:heat", edition, **QUESTION | {"end": "2032-12-31"}).context["ticks"]
    assert [tick.label for tick in ticks] == ["2026", "2027", "2028", "2029", "2030", "2031", "2032"]


def test_who_sees_which_charts(market):
    edition, seller, buyer, title = market
    foreign = TitleFactory(edition=edition, name="Another")
    people = {"seller": seller, "buyer": buyer, "other": ParticipantFactory(edition=edition, is_seller=True)}
    seen = {
        role: [c.title for c in get(one.user, "deals:heat", edition).context.get("charts", [])] for role, one in people.items()
    }
    assert seen == {"seller": [title], "buyer": [foreign, title], "other": []}
    guest = ParticipantFactory(edition=edition, is_guest=True)
    assert get(guest.user, "deals:heat", edition).status_code == 404


def test_a_page_is_light_and_costs_the_same_for_one_chart_and_for_four(market):
    edition, seller, buyer, title = market
    sold(seller.company, title, "FR", "SVOD", exclusive=True)
    one = queries_of(buyer.user, "deals:heat", edition)
    for number in range(8):
        more = TitleFactory(edition=edition, company=seller.company, name=f"Yard {number}")
        hold(seller.company, more)
        sold(seller.company, more, "FR, DE, US, KR, Benelux", "SVOD", exclusive=True, end=dt.date(2026, 6, 30))
    assert queries_of(buyer.user, "deals:heat", edition) == one
    response = get(buyer.user, "deals:heat", edition)
    assert len(response.context["charts"]) == 4
    several = {"title": "YARD", "media": "ALL", "start": "2026-01-01", "end": "2035-12-31"}
    one_title = get(buyer.user, "deals:heat", edition, **several)
    assert len(one_title.context["charts"]) == 6
    assert max(len(page.content) for page in (response, one_title)) < 60_000
