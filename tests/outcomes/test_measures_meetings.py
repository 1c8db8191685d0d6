"""Measures of meetings and people: what counts, in which column, and the rules of the hard cases."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import CompanyFactory, EditionFactory, ParticipantFactory, TitleFactory
from outcome_rows import ALONE, SURE, cancelled, columns, figures, market, missed, registered, renamed, seen

from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.face import Column, Row, Unit
from madang.outcomes.measures.sums import added_up, reading_once
from madang.outcomes.measures.words import said

pytestmark = pytest.mark.django_db
FOUR = ((0, 0), (0, 1), (1, 0), (2, 2))
PLACES = ((0, 0, 0), (1, 1, 1), (2, 2, 0), (3, 3, 1))


@pytest.fixture
def yard():
    """Four meetings that are over: held by both, by one side, missed, and one of which nobody said anything."""
    yard = market(*PLACES, asks=FOUR)
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender")
    missed(yard, 2, "receiver")
    return yard


def test_held_meetings_are_those_of_both_sides_and_one_side_alone_has_its_own_column(yard):
    (figure,) = figures(yard.edition, "meetings_held")
    assert dict(figure.columns) == {SURE: 1, ALONE: 1}
    assert dict(figure.facts) == {"over": "4", "contested": "0", "silent": "1"}
    assert [(row.key, row.column, row.amount) for row in figure.rows] == [
        (yard.requests[0].code, SURE, 1),
        (yard.requests[1].code, ALONE, 1),
    ]
    said = figure.rows[0].facts
    buyer, seller = yard.buyers[0], yard.sellers[0]
    assert said == {
        "day": "2025-05-28", "hour": "10:00", "starts_at": "2025-05-28T01:00:00Z", "where": "in_person", "timetable": "1",
        "outcome": "held",
        "country": "KR", "other_country": "KR", "sender": buyer.company.code, "receiver": seller.company.code,
        "sender_checked_in": f"{buyer.code} of {buyer.company.code} 2025-05-28T01:00:00Z",
        "receiver_checked_in": f"{seller.code} of {seller.company.code} 2025-05-28T01:00:00Z",
    }  # fmt: skip


def test_each_measure_of_meetings_counts_what_it_says(yard):
    found = {code: columns(yard.edition, code) for code in OURS if code.startswith("meeting")}
    assert found == {
        "meetings_planned": {SURE: 4},
        "meetings_held": {SURE: 1, ALONE: 1},
        "meetings_held_share": {SURE: Decimal("0.25"), ALONE: Decimal("0.25")},
        "meetings_missed": {ALONE: 1},
        "meeting_minutes": {SURE: 30, ALONE: 30},
    }
    (share,) = figures(yard.edition, "meetings_held_share")
    assert share.low < Decimal("0.25") < share.high
    assert dict(share.facts) == {"numerator": "1", "denominator": "4", "buyers": "3"}


def test_a_contested_meeting_is_in_no_column(yard):
    missed(yard, 0, "receiver")  # who checked in
    (held,) = figures(yard.edition, "meetings_held")
    assert (dict(held.columns), held.facts["contested"]) == ({SURE: 0, ALONE: 1}, "1")
    assert columns(yard.edition, "meetings_missed") == {ALONE: 1}


def test_a_cancelled_meeting_is_not_planned_and_one_to_come_is_not_over(yard):
    cancelled(yard, 3)
    assert columns(yard.edition, "meetings_planned") == {SURE: 3}
    yard.at(1)
    assert figures(yard.edition, "meetings_held")[0].facts["over"] == "1"


def test_an_empty_edition_counts_nothing_and_has_no_share():
    edition = EditionFactory()
    found = {code: [dict(figure.columns) for figure in figures(edition, code)] for code in OURS}
    nothing = {SURE: Decimal(), ALONE: Decimal()}
    assert found == {
        **{code: [nothing] for code in OURS},
        "meetings_planned": [{SURE: 0}], "meetings_missed": [{ALONE: 0}], "first_time_pairs": [{SURE: None, ALONE: None}],
        "meetings_held_share": [{SURE: None, ALONE: None}], "small_companies_share": [{ALONE: None}],
        "seats_filled": [{SURE: None}], "audience_vote": [{SURE: None}],
    }  # fmt: skip
    silent = [code for code in OURS if not str(CATALOGUE[code].is_missing(edition))]
    assert silent == []  # each says why


OURS = [
    "companies", "buyers", "countries", "small_companies_share", "meetings_planned", "meetings_held", "meetings_held_share",
    "meetings_missed", "meeting_minutes", "first_time_pairs", "offers", "memos", "licences", "attendance", "seats_filled",
    "audience_vote", "titles_met", "titles_met_thrice",
]  # fmt: skip


def test_nothing_is_divided_by_nothing():
    above = [Row("meeting", "R-1", SURE, part="numerator"), Row("meeting", "R-2", ALONE, part="numerator")]
    assert added_up(above, Unit.SHARE) == {SURE: None, ALONE: None, Column.ESTIMATE: None}
    below = [Row("meeting", f"R-{n}", SURE, part="denominator") for n in range(4)]
    assert added_up([*above, *below], Unit.SHARE) == {SURE: Decimal("0.25"), ALONE: Decimal("0.25"), Column.ESTIMATE: 0}


def test_nothing_is_rounded_before_it_is_shown():
    rows = [Row("meeting", f"R-{n}", SURE, part="denominator") for n in range(3)]
    above = [Row("meeting", f"R-{n}", SURE, part="numerator") for n in range(2)]
    share = added_up([*above, *rows], Unit.SHARE, [SURE])[SURE]
    assert (share, said(share, Unit.SHARE)) == (Decimal(2) / 3, "66.7 %")
    paid = [Row("posting", str(n), SURE, Decimal("0.335")) for n in range(3)]
    total = added_up(paid, Unit.MONEY, [SURE])[SURE]
    assert (total, said(total, Unit.MONEY, "EUR")) == (Decimal("1.005"), "EUR 1.01")  # of three times 0.34 it would be 1.02


def test_pairs_of_companies_meet_for_the_first_time_once(yard):
    """A pair that met last year is not new, whatever its codes are now; two meetings of a pair are one; a duplicate of a
    company is that company."""
    edition = yard.edition
    assert columns(edition, "first_time_pairs") == {SURE: None, ALONE: None}
    assert str(CATALOGUE["first_time_pairs"].is_missing(edition)) == "No earlier edition of this market with meetings is here."
    before = market((0, 0, 0), asks=((0, 0),), market=edition.market, starts_on=dt.date(2024, 5, 28))
    for people in (yard, before):
        renamed(people.buyers[0], "Canal  Été" if people is yard else "canal ete", "FR")
        renamed(people.sellers[0], "Blue Hour")
    seen(before, 0, "sender")  # by the word of one side
    assert str(CATALOGUE["first_time_pairs"].is_missing(edition)) == ""
    (figure,) = figures(edition, "first_time_pairs")
    assert [(row.key, row.column) for row in figure.rows] == [
        (f"{yard.buyers[0].company.code}|{yard.sellers[1].company.code}", ALONE)
    ]
    seen(yard, 1, "receiver")
    seen(yard, 3, "sender", "receiver")
    renamed(yard.buyers[2], "CANAL ÉTÉ", "FR")
    renamed(yard.sellers[2], "Same As One")
    renamed(yard.sellers[1], "Same as one")
    (figure,) = figures(edition, "first_time_pairs")
    assert [(row.column, row.facts["meetings"]) for row in figure.rows] == [
        (SURE, f"{yard.requests[1].code} {yard.requests[3].code}")
    ]
    assert figure.rows[0].facts["country"] == "FR"


def test_titles_count_by_the_meetings_about_them_and_withdrawn_ones_do_not(yard):
    edition, asked = yard.edition, yard.requests
    series = TitleFactory(edition=edition, code="W-SERIES")
    season = TitleFactory(edition=edition, code="W-SEASON", part_of=series, level="season")
    other, gone = TitleFactory(edition=edition, code="W-OTHER"), TitleFactory(edition=edition, code="W-GONE", is_withdrawn=True)
    for request, title in zip(asked[:3], (season, other, gone), strict=True):
        request.title = title
        request.save()
    asked[0].also_about.add(series, gone)
    (figure,) = figures(edition, "titles_met")
    assert [(row.key, row.column, dict(row.facts)) for row in figure.rows] == [
        ("W-OTHER", ALONE, {"held": "0", "one_sided": "1"}),
        ("W-SERIES", SURE, {"held": "1", "one_sided": "0"}),
    ]
    assert columns(edition, "titles_met_thrice") == {SURE: 0, ALONE: 0}
    assert columns(edition, "meetings_held") == {SURE: 1, ALONE: 1}  # the meetings about withdrawn titles stay


def test_people_are_confirmed_when_they_were_seen():
    yard = market((0, 0, 0), asks=((0, 0),), people=1)
    edition = yard.edition
    renamed(yard.buyers[0], "Canal Été", "FR")
    twin = ParticipantFactory(edition=edition, company=CompanyFactory(edition=edition, name="canal ete", country="FR"))
    registered(edition, "JP")
    registered(edition, "US", left_at=edition.now())
    assert columns(edition, "companies") == {SURE: 0, ALONE: 3}
    seen(yard, 0, "sender")
    assert columns(edition, "companies") == {SURE: 1, ALONE: 2}
    assert columns(edition, "buyers") == {SURE: 1, ALONE: 1}
    assert columns(edition, "countries") == {SURE: 1, ALONE: 2}
    (figure,) = figures(edition, "companies")
    row = next(row for row in figure.rows if row.column == SURE)
    assert row.key == min(yard.buyers[0].company.code, twin.company.code)
    assert dict(row.facts) == {"country": "FR", "people": "2", "seen": "1", "roles": "buyer", "size": "unknown"}


def test_small_companies_are_a_share_of_those_that_say_with_bounds_for_all():
    """Of five companies one says nothing, and one stands there twice, of which one row says it: nothing is guessed."""
    edition = EditionFactory()
    sizes = {"Moon": "micro", "Sea": "small", "Hill": "large", "Rain": "", "Twin": "", "twin": "medium"}
    for name, size in sizes.items():
        company = CompanyFactory(edition=edition, name=name, country="KR", size=size)
        ParticipantFactory.create_batch(2, edition=edition, company=company)
    CompanyFactory(edition=edition, name="Nobody is here of it", size="micro")
    (found,) = figures(edition, "small_companies_share")
    assert (dict(found.columns), found.low, found.high, found.level) == (
        {ALONE: Decimal("0.5")},
        Decimal("0.4"),
        Decimal("0.6"),
        1,
    )
    assert dict(found.facts) == {"asked": "5", "answered": "4", "bounds": "worst"}
    assert sorted((row.facts["size"], row.part) for row in found.rows) == [
        ("large", "denominator"), ("medium", "denominator"), ("micro", "denominator"), ("micro", "numerator"),
        ("small", "denominator"), ("small", "numerator"),
    ]  # fmt: skip


def test_without_a_said_size_there_is_no_share():
    edition = EditionFactory()
    ParticipantFactory(edition=edition, company=CompanyFactory(edition=edition))
    (found,) = figures(edition, "small_companies_share")
    assert (dict(found.columns), found.low) == ({ALONE: None}, None)
    assert str(CATALOGUE["small_companies_share"].is_missing(edition)) == "No company has said its size."


def queries_of_all(edition):
    with CaptureQueriesContext(connection) as captured, reading_once():
        for code in OURS:
            CATALOGUE[code].compute(edition)
    return len(captured)


def test_measures_take_as_many_queries_for_four_meetings_as_for_one(yard):
    small = market((0, 0, 0), asks=((0, 0),), people=1)
    seen(small, 0, "sender", "receiver")
    assert queries_of_all(yard.edition) == queries_of_all(small.edition) <= 20
