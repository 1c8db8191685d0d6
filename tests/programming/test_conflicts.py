"""What is wrong with a draft, in words; premiere claims; who wants both."""

import datetime as dt

import pytest
from factories import MandateFactory, MeetingRequestFactory, TitleFactory

from madang.catalogue.models import Premiere, Showing
from madang.meetings.models import RequestStatus, Unavailability
from madang.programme.models import Event, Visit
from madang.programming.models import ConflictLevel, ConflictRule, LevelChoice, Opening, Travel
from madang.programming.queries.conflicts import overlap_of, troubles_of
from madang.programming.queries.overlap import overlaps_of, wants_of
from madang.programming.queries.premieres import counts
from madang.programming.queries.problem import desk_of

pytestmark = pytest.mark.django_db


def found(table):
    return [(one.rule.value, one.level.value, one.sentence) for one in troubles_of(desk_of(table.edition), "en")]


def test_a_clean_draft(table):
    table.item("A", "10:00")
    table.item("B", "11:15")
    table.item("C")
    assert found(table) == []


def test_halls_and_changeover(table):
    table.item("A", "10:00")
    table.item("B", "10:45")
    table.item("C", "11:50")
    assert found(table) == [
        ("hall", "block", "“A” and “B” are both in Auditorium from 10:45 to 11:00."),
        ("changeover", "block", "Auditorium: 10 more minutes are needed between “B” and “C”."),
    ]


def test_people_on_two_stages_away_in_meetings_and_on_their_way(table):
    kim, lee = table.person(family_name="Kim", given_name="Bom"), table.person(family_name="Lee", given_name="Nari")
    table.item("A", "10:00", guests=[kim])
    table.item("B", "10:30", table.small, guests=[kim])
    table.item("C", "13:00", guests=[lee])
    table.item("D", "14:05", table.small, guests=[lee])
    Travel.objects.create(one=table.big, other=table.small, minutes=20)
    Unavailability.objects.create(participant=lee, starts_at=table.at("13:30"), ends_at=table.at("13:40"))
    assert found(table) == [
        ("guest", "block", "Bom Kim is at “A” and “B” from 10:30 to 11:00."),
        ("guest", "block", "Nari Lee cannot come to “C”, 13:00 to 14:00: away, or in a meeting."),
        ("travel", "warn", "Nari Lee needs 15 more minutes to get from “C” to “D”."),
    ]


def test_what_an_item_needs(table):
    gala = table.item("GALA", "10:00", table.small, expected=80, needs="dcp", ready_at=table.at("10:20"))
    gala.halls.add(table.big)
    table.item("LATE", "20:00", not_after=table.at("20:30"))
    Opening.objects.create(hall=table.small, starts_at=table.at("10:30"), ends_at=table.at("20:00"))
    assert found(table) == [
        ("closed", "block", "“Gala”: Talk room is not open from 10:00 to 11:00."),
        ("place", "block", "“Gala” is not meant for Talk room."),
        ("arrival", "block", "“Gala” begins at 10:00, before its print or file is there (Fri 30 May, 10:20)."),
        ("window", "block", "“Late” is outside the time in which it may be shown."),
        ("equipment", "warn", "“Gala” needs equipment that Talk room does not have."),
        ("seats", "warn", "“Gala”: Talk room has 30 seats fewer than people are expected."),
    ]


def test_what_has_arrived_needs_no_waiting_for(table):
    table.item("A", "10:00", ready_at=table.at("20:00"), has_arrived=True)
    assert found(table) == []


def test_order_and_greetings(table):
    part = table.item("PART-1", "12:00")
    table.item("PART-2", "10:00", after=part)
    table.item("HELLO", "11:20", table.small, kind="greeting", minutes=10, right_before=part)
    assert found(table) == [
        ("order", "block", "“Part-2” and “Part-1” are in the wrong order."),
        ("greeting", "warn", "“Hello” does not stand directly before “Part-1”."),
    ]


def test_the_organiser_says_how_bad_it_is(table):
    table.item("A", "10:00")
    table.item("B", "10:45")
    LevelChoice.objects.create(edition=table.edition, rule=ConflictRule.HALL, level=ConflictLevel.WARN)
    assert found(table) == [("hall", "warn", "“A” and “B” are both in Auditorium from 10:45 to 11:00.")]
    LevelChoice.objects.update(level=ConflictLevel.IGNORE)
    assert found(table) == []


@pytest.mark.parametrize(
    ("claim", "contradicted_by"),
    [
        (Premiere.WORLD, ["KR", "JP", "FR", "US"]),
        (Premiere.INTERNATIONAL, ["KR", "JP", "US"]),
        (Premiere.ASIAN, ["KR", "JP"]),
        (Premiere.KOREAN, ["KR"]),
        (Premiere.NONE, []),
    ],
)
def test_which_earlier_showing_contradicts_a_claim(claim, contradicted_by):
    assert [code for code in ("KR", "JP", "FR", "US") if counts(claim, code, {"FR"})] == contradicted_by


def test_a_claim_that_does_not_hold_is_told_with_what_came_first(table):
    title = TitleFactory(edition=table.edition, name="S Line", countries="FR")
    Showing.objects.create(title=title, shown_on=dt.date(2025, 4, 2), country="FR", place="CANNESERIES")
    Showing.objects.create(title=title, shown_on=dt.date(2025, 6, 2), country="KR", place="Later")
    table.item("ONE", "10:00", title=title, name="", premiere=Premiere.ASIAN)
    table.item("TWO", "14:00", title=title, name="Again", premiere=Premiere.WORLD)
    assert found(table) == [
        ("premiere", "warn", "“Again” claims: World premiere. It was shown on 2025-04-02 (CANNESERIES, France)."),
    ]
    Showing.objects.all().delete()
    assert found(table) == [("premiere", "warn", "“Again” claims: World premiere. An earlier screening here comes first.")]


def test_who_wants_both_is_a_number_of_people(table):
    one, other = (TitleFactory(edition=table.edition, code=code, format="series", genre="crime") for code in ("ONE", "OTHER"))
    buyers = [table.person(is_buyer=True) for _ in range(4)]
    seller = table.person(is_seller=True)
    for buyer in buyers[:2]:
        request = MeetingRequestFactory(edition=table.edition, sender=buyer, receiver=seller, title=one)
        request.also_about.add(other)
    MeetingRequestFactory(edition=table.edition, sender=buyers[3], receiver=seller, title=one, status=RequestStatus.DECLINED)
    MandateFactory(edition=table.edition, buyer=buyers[2], format="series", genre="crime")
    MandateFactory(edition=table.edition, buyer=buyers[3], format="series", genre="")
    assert overlaps_of(wants_of(table.edition, [one.pk, other.pk])) == {(one.pk, other.pk): 3}
    table.item("A", "10:00", title=one, name="")
    table.item("B", "10:30", table.small, title=other, name="")
    desk = desk_of(table.edition)
    assert overlap_of(desk) == 3
    assert found(table) == [("overlap", "warn", f"3 people want both “{one}” and “{other}”, which run at the same time.")]


def test_visitors_of_both_count_too(table):
    titles = [TitleFactory(edition=table.edition) for _ in range(2)]
    person = table.person()
    for number, title in enumerate(titles):
        event = Event.objects.create(
            edition=table.edition, code=f"E{number}", kind="screening", title=title, hall=table.big,
            starts_at=table.at("10:00"), ends_at=table.at("11:00"),
        )  # fmt: skip
        Visit.objects.create(event=event, participant=person)
    assert overlaps_of(wants_of(table.edition, [title.pk for title in titles])) == {tuple(sorted(t.pk for t in titles)): 1}


def test_a_desk_takes_the_same_queries_for_1_and_3_items(table, django_assert_num_queries):
    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            troubles_of(desk_of(table.edition), "en")
        return len(captured)

    def item(code, clock):
        table.item(code, clock, title=TitleFactory(edition=table.edition), guests=[table.person()], premiere=Premiere.WORLD)

    item("A", "10:00")
    one = queries()
    item("B", "12:00")
    item("C", "14:00")
    assert queries() == one
