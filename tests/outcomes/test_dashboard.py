"""The overview of outcomes: what is drawn, that each number opens its rows, and two editions side by side."""

import datetime as dt
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from factories import EditionFactory, UserFactory
from outcome_rows import ALONE, GUESS, SURE, market, registered, renamed, seen
from visits import get, queries_of

from madang.kernels.impact import rate
from madang.kit.pictures import Box, Group, Line, Look
from madang.markets.models import Edition
from madang.outcomes.actions.goals import save_goal, save_target
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.face import Figure, Unit
from madang.outcomes.models import ComposedMeasure, Goal, Target
from madang.outcomes.queries.dashboard import Beside, difference, funnel_part, hours_part, map_part, rows_link, side_by_side
from madang.outcomes.queries.goals import Light, Standing
from madang.outcomes.reports.parts import Number
from madang.outcomes.reports.pictured import Hour, Stage, funnel_section, hours_section, target_picture

pytestmark = pytest.mark.django_db
LONG = "가" * 200 + "\u200f🎬" * 20


@pytest.fixture
def yard():
    """Four asked for, three of them in the timetable, one held, one by the word of one side."""
    yard = market((0, 0, 0), (1, 1, 0), (2, 2, 0), asks=((0, 0), (1, 1), (2, 2), (0, 1)))
    seen(yard, 0, "sender", "receiver")
    seen(yard, 1, "sender")
    return yard


def cells(section):
    """Rows of a section's only table: plain texts, and values of numbers."""
    return [[cell.value if isinstance(cell, Number) else cell for cell in row] for row in section.sheets[0].rows]


def links(section):
    return [cell.link for row in section.sheets[0].rows for cell in row if isinstance(cell, Number) and cell.link]


def rows_at(yard, link):
    """How many rows a link opens, as its page counts them."""
    address, _, query = link.removesuffix("#rows").partition("?")
    page = get(yard.organiser, "outcomes:figure", yard.edition, address.rstrip("/").split("/")[-1], **dict(parse_qsl(query)))
    return page.context["page"].paginator.count


def test_the_funnel_counts_each_stage_and_each_number_opens_as_many_rows(yard):
    part = funnel_part(yard.edition)
    assert [row[:2] for row in cells(part)] == [
        ["Buyers registered (people)", 3], ["asked for", 4], ["accepted", 4], ["in the timetable", 3], ["held", 1],
        ["with an offer", 0], ["with a memo", 0], ["signed", 0],
    ]  # fmt: skip
    assert [row[2] for row in cells(part)] == ["–", "–", "100 %", "75 %", "33 %", "0 %", "–", "–"]
    assert [rows_at(yard, link) for link in links(part)] == [3, 4, 4, 3, 1, 0, 0, 0]


def test_hours_are_those_of_the_venue_and_open_their_rows(yard):
    part = hours_part(yard.edition)
    assert cells(part) == [
        ["Wednesday 28 May 2025, 10:00", 2, 1],
        ["Thursday 29 May 2025, 10:00", 1, 0],
    ]
    assert part.texts == ["Hours of the venue: Korean Time."]
    assert [rows_at(yard, link) for link in links(part)] == [2, 1]
    Edition.objects.filter(pk=yard.edition.pk).update(time_zone="Europe/Paris")
    assert cells(hours_part(Edition.objects.get(pk=yard.edition.pk)))[0] == ["Wednesday 28 May 2025, 03:00", 2, 1]


def test_the_map_draws_what_is_chosen_by_country_and_the_table_has_all(yard):
    renamed(yard.buyers[0], "Lumière", "FR")
    renamed(yard.buyers[1], "Nowhere", "ZZ")
    part, choices = map_part(yard.edition)
    assert choices == [("meetings_held", "Meetings held", True), ("companies", "Companies", False)]
    assert part.sheets[0].head == ["Country", "Meetings held", "Companies"]
    assert cells(part) == [["France", 1, 1], ["South Korea", "–", 4], ["ZZ", "–", 1]]
    assert [rows_at(yard, link) for link in links(part)] == [1, 1, 4, 1]
    part, choices = map_part(yard.edition, "companies")
    assert [code for code, _name, is_drawn in choices if is_drawn] == ["companies"]
    assert [cells(part)[0], part.texts] == [["South Korea", "–", 4], ["Only in the table: ZZ."]]
    assert map_part(yard.edition, "x\0")[1] == map_part(yard.edition)[1]


def test_an_edition_without_anything_has_no_picture_and_no_fault():
    organiser, edition = UserFactory(), EditionFactory()
    edition.market.organisers.add(organiser)
    parts = [funnel_part(edition), hours_part(edition), map_part(edition)[0]]
    assert [(part.pictures, part.sheets) for part in parts] == [((), ())] * 3
    page = get(organiser, "outcomes:hub", edition)
    assert (page.status_code, page.text.count('<svg class="picture"')) == (200, 0)


def test_nonsense_in_the_address_is_no_choice_and_strangers_see_nothing(yard):
    for query in ({"beside": "x\0"}, {"map": LONG}, {"beside": "9" * 25, "map": "9" * 25}):
        assert get(yard.organiser, "outcomes:hub", yard.edition, **query).status_code == 200
    assert get(yard.buyers[0].user, "outcomes:hub", yard.edition).status_code == 404
    assert get(None, "outcomes:hub", yard.edition).status_code == 302


def test_the_page_asks_as_often_for_three_meetings_as_for_one(yard):
    one = market((0, 0, 0), asks=((0, 0),), people=1)
    seen(one, 0, "sender", "receiver")
    seen(yard, 1, "receiver")
    seen(yard, 2, "sender", "receiver")
    assert queries_of(one.organiser, "outcomes:hub", one.edition) == queries_of(yard.organiser, "outcomes:hub", yard.edition)


def test_long_names_and_marks_of_direction_are_shown_as_text(yard):
    goal = save_goal(yard.organiser, Goal(edition=yard.edition, name=LONG[:190] + "<b>"), [])
    row = Target(goal=goal, measure="meetings_held", amount=Decimal(2), due_on=yard.edition.ends_on)
    save_target(yard.organiser, row)
    page = get(yard.organiser, "outcomes:hub", yard.edition).text
    assert page.count("<b>") == 0
    assert f'id="target-{row.pk}-title">Meetings held</title>' in page


# --- Targets --------------------------------------------------------------------------------------------------------------


def drawn(columns, amount=100, **more):
    """The picture of a target of 100, or `amount`; columns as numbers."""
    figure = Figure("meetings_held", 1, Unit.COUNT, {name: Decimal(number) for name, number in columns.items()}, **more)
    target = Target(pk=7, measure="meetings_held", amount=Decimal(amount), due_on=dt.date(2025, 5, 30))
    return target_picture(Standing(target, CATALOGUE["meetings_held"], Light.REACHED, "", "", "at least 100", figure=figure))


def test_a_target_is_drawn_with_its_columns_side_by_side_and_never_added():
    picture = drawn({SURE: 80, ALONE: 40, GUESS: 20}, low=Decimal(70), high=Decimal(90))
    bars = [one for one in picture.shapes if isinstance(one, Box) and one.look != Look.GROUND]
    assert [(one.look, one.width) for one in bars] == [
        (Look.SOLID, pytest.approx(284.8)), (Look.STRIPED, pytest.approx(142.4)), (Look.HOLLOW, pytest.approx(71.2)),
    ]  # fmt: skip
    lines = {one.look: [round(x, 1) for x, _y in one.points] for one in picture.shapes if isinstance(one, Line)}
    assert lines == {Look.MARK: [249.2, 320.4], Look.GOAL: [356.0, 356.0]}
    assert picture.about == "Confirmed: 80; One-sided: 40; Organiser's estimate: 20. Dashed line: at least 100."


@pytest.mark.parametrize(("columns", "amount"), [({}, 100), ({SURE: 0}, 0), ({SURE: -5}, 0)])
def test_nothing_to_draw_is_no_picture(columns, amount):
    assert drawn(columns, amount) is None


# --- Plain data to pictures -----------------------------------------------------------------------------------------------


def test_a_stage_without_anything_before_it_has_no_rate_and_a_funnel_of_nothing_no_picture():
    part = funnel_section([Stage("asked for", 1), Stage("accepted", 0, rate([0], [1])), Stage("held", 0)])
    assert [row[2] for row in cells(part)] == ["–", "0 %", "–"]
    assert [len(part.pictures), funnel_section([Stage("asked for", 0)]).pictures] == [1, ()]


def test_hidden_hours_are_stars_and_have_no_column():
    part = hours_section([Hour("2025-05-28", "09:00", None, None), Hour("2025-05-28", "23:00", 8, 0)], "Korean Time")
    assert cells(part) == [["Wednesday 28 May 2025, 09:00", "*", "*"], ["Wednesday 28 May 2025, 23:00", 8, 0]]
    groups = [one for one in part.pictures[0].shapes if isinstance(one, Group)]
    assert [sum(isinstance(shape, Box) for shape in one.shapes) for one in groups] == [0, 1]
    assert [one.title for one in groups] == ["09:00: * planned, * held", "23:00: 8 planned, 0 held"]


# --- Edition against edition ----------------------------------------------------------------------------------------------


def test_two_editions_stand_side_by_side_with_their_difference(yard):
    other = EditionFactory(market=yard.edition.market, starts_on=dt.date(2024, 5, 1), ends_on=dt.date(2024, 5, 3))
    registered(other, "FR")
    rows = side_by_side(yard.edition, other, ["meetings_held", "buyers", "meetings_held_share", "no_such"])
    at = [(rows_link(yard.edition, code), rows_link(other, code)) for code in ("meetings_held", "buyers", "meetings_held_share")]
    assert rows == [
        Beside("Meetings held", "1", "0", "+1", "", *at[0]),
        Beside("Buyers", "2", "0", "+2", "", *at[1]),
        Beside("Share of meetings held", "33.3 %", "–", "", "", *at[2]),
    ]


def test_versions_that_differ_are_said_and_nothing_is_subtracted(yard):
    other = EditionFactory(market=yard.edition.market, starts_on=dt.date(2024, 5, 1), ends_on=dt.date(2024, 5, 3))
    words = {"operation": "ratio", "first": "meetings_held", "second": "buyers", "code": "own", "name": "Own"}
    for edition, version in ((yard.edition, 2), (other, 1)):
        ComposedMeasure.objects.create(edition=edition, version=version, definition="Own", **words)
    (row,) = side_by_side(yard.edition, other, ["own"])
    assert (row.more, row.why) == ("", "counted differently: version 2 and version 1")


@pytest.mark.parametrize(
    ("now", "then", "unit", "currency", "words"),
    [
        ("12", "9", Unit.COUNT, "", "+3"), ("9", "1200", Unit.COUNT, "", "−1,191"), ("5", "5", Unit.COUNT, "", "±0"),
        ("0.786", "0.875", Unit.SHARE, "", "−8.9 points"), ("1500", "500", Unit.MONEY, "KRW", "+KRW 1,000"),
    ],
)  # fmt: skip
def test_a_difference_has_its_sign_and_its_unit(now, then, unit, currency, words):
    assert difference(Decimal(now), Decimal(then), unit, currency) == words


def test_the_edition_before_is_beside_unless_another_or_none_is_chosen(yard):
    market_, organiser = yard.edition.market, yard.organiser
    years = {
        year: EditionFactory(market=market_, starts_on=dt.date(year, 5, 1), ends_on=dt.date(year, 5, 3), is_public=False)
        for year in (2023, 2024, 2026)
    }
    stranger = EditionFactory(starts_on=dt.date(2024, 5, 1), ends_on=dt.date(2024, 5, 3))

    def beside(**query):
        page = get(organiser, "outcomes:hub", yard.edition, **query)
        return page.context["other"]

    assert list(get(organiser, "outcomes:hub", yard.edition).context["others"]) == [years[2026], years[2024], years[2023]]
    assert [beside(), beside(beside=years[2026].slug), beside(beside="none"), beside(beside=stranger.slug)] == [
        years[2024], years[2026], None, years[2024],
    ]  # fmt: skip
