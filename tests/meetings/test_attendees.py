"""Who comes to a meeting: colleagues too or instead, guests, those who leave; before and after it has a place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import (
    CompanyFactory,
)
from icalendar import Calendar
from team import TOMORROW, Team, guest_of, signed_in

from madang.markets.models import LogEntry
from madang.meetings.actions.attendees import leave_meeting, name_colleague
from madang.meetings.actions.refusals import NotPossible
from madang.meetings.models import (
    Change,
    RequestStatus,
    Side,
    Unavailability,
)
from madang.meetings.queries.agenda import agenda_for
from madang.meetings.queries.colleagues import candidates, new_colleagues
from madang.meetings.queries.timetable import timetable_problem
from madang.meetings.rules import may_invite, may_name_people
from madang.people.models import SeenBy
from madang.programme.models import Event, EventKind, EventPart, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return Team()


def test_who_says_who_comes(team):
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)
    stranger, idle = team.person(CompanyFactory(edition=team.edition), "Ines", is_seller=True), team.second
    people = {
        "sender": team.buyer.user,
        "receiver": team.seller.user,
        "coming colleague": team.colleague.user,
        "idle colleague": idle.user,
        "stranger": stranger.user,
        "organiser": team.organiser,
    }
    table = {who: [may_name_people(user, team.request, side) for side in Side] for who, user in people.items()}
    assert table == {
        "sender": [True, False],
        "receiver": [False, True],
        "coming colleague": [False, True],
        "idle colleague": [False, False],
        "stranger": [False, False],
        "organiser": [True, True],
    }
    assert {who: [may_invite(user, team.request, side) for side in Side] for who, user in people.items()} == table
    team.request.status = RequestStatus.DECLINED
    assert [may_name_people(team.organiser, team.request, side) for side in Side] == [False, False]
    assert may_invite(team.organiser, team.request, Side.SENDER) is False


def test_who_dropped_out_says_nothing(team):
    team.buyer.left_at = team.edition.now()
    team.buyer.save()
    assert may_name_people(team.buyer.user, team.request, Side.SENDER) is False


@pytest.mark.parametrize(
    ("name", "method"), [("people", "get"), ("name", "post"), ("invite", "post"), ("leave_meeting", "post"), ("place", "get")]
)
def test_for_others_there_is_no_such_meeting(team, name, method):
    stranger = team.person(CompanyFactory(edition=team.edition), "Ines", is_seller=True)
    for who in (stranger, team.second):
        assert getattr(signed_in(who), method)(team.url(name)).status_code == 404


def test_a_colleague_comes_too(team):
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)  # the same press twice is one
    assert team.parts() == {"Camille": "coming", "Haneul": "coming", "Bora": "coming"}
    problem, _ = timetable_problem(team.edition)
    assert [request.participants for request in problem.requests] == [(team.buyer.pk, team.seller.pk, team.colleague.pk)]
    assert team.told() == {("Bora", "colleague_named", "Camille Kim"), ("Camille", "person_joins", "Bora Kim")}
    assert LogEntry.objects.filter(verb="name_colleague").count() == 1


def test_a_colleague_comes_instead_and_back_again(team):
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, instead_of=team.seller)
    assert team.parts() == {"Camille": "coming", "Haneul": "replaced", "Bora": "coming"}
    problem, _ = timetable_problem(team.edition)
    assert [request.participants for request in problem.requests] == [(team.buyer.pk, team.colleague.pk)]
    assert may_name_people(team.seller.user, team.request, Side.RECEIVER)  # she was asked, and may come back
    name_colleague(team.seller.user, team.request, team.seller, Side.RECEIVER, instead_of=team.colleague)
    assert team.parts() == {"Camille": "coming", "Haneul": "coming", "Bora": "replaced"}


def test_the_organiser_names_anybody_and_both_are_told(team):
    name_colleague(team.organiser, team.request, team.second, Side.SENDER, instead_of=team.buyer)
    assert team.told() == {
        ("Louise", "colleague_named", "Haneul Kim"),
        ("Camille", "colleague_replaced", "Louise Kim"),
        ("Haneul", "person_joins", "Louise Kim"),
    }


def test_a_placed_meeting_follows_its_people(team):
    meeting = team.place()
    for _ in range(2):
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, instead_of=team.seller)
    meeting.refresh_from_db()
    assert (meeting.sequence, team.at_table()) == (1, {"Camille", "Bora"})
    (change,) = Change.objects.all()
    assert (change.kind, change.cause, change.by, change.revision) == ("people", "colleague", team.seller.user, 1)
    agenda = signed_in(team.colleague).get(reverse("meetings:agenda", args=[team.edition.slug])).content.decode()
    assert "Camille Kim" in agenda
    old = signed_in(team.seller).get(reverse("meetings:agenda", args=[team.edition.slug])).content.decode()
    assert "Camille Kim" not in old


def calendar_of(person) -> list[tuple[str, int, str, str]]:
    path = reverse("meetings:calendar_feed", args=[person.edition.slug, person.feed_key])
    events = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    return [(str(one["UID"]), int(one["SEQUENCE"]), str(one["STATUS"]), str(one["SUMMARY"])) for one in events]


def test_calendars_follow_who_comes(team):
    team.place()
    uid = f"{team.request.uid}@madang"
    assert calendar_of(team.seller) == [(uid, 0, "CONFIRMED", "Meeting with Camille Kim, Atlantique")]
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, instead_of=team.seller)
    assert calendar_of(team.seller) == [(uid, 1, "CANCELLED", "Cancelled: you do not come to this meeting any more")]
    assert calendar_of(team.colleague) == [(uid, 1, "CONFIRMED", "Meeting with Camille Kim, Atlantique")]
    assert calendar_of(team.buyer) == [(uid, 1, "CONFIRMED", "Meeting with Bora Kim, Hanbada")]
    name_colleague(team.seller.user, team.request, team.seller, Side.RECEIVER)
    assert calendar_of(team.seller) == [(uid, 2, "CONFIRMED", "Meeting with Camille Kim, Atlantique")]
    assert calendar_of(team.second) == []


def why_not(team, user=None) -> list[tuple[str, str, bool]]:
    """What the list of the seller's colleagues says of each."""
    user = user or team.seller.user
    found = candidates(user, team.request, new_colleagues(user, team.request, Side.RECEIVER))
    return [(one.participant.given_name, one.why_not, one.is_firm) for one in found]


def event(team, part, hall=None) -> Visit:
    made = Event.objects.create(
        edition=team.edition, code="E1", name="Opening", kind=EventKind.TALK, hall=hall or team.hall,
        starts_at=team.slots[0].starts_at, ends_at=team.slots[0].ends_at,
    )  # fmt: skip
    return Visit.objects.create(event=made, participant=team.colleague, part=part)


def test_before_there_is_a_time_everybody_is_free(team):
    Unavailability.objects.create(participant=team.colleague, starts_at=TOMORROW, ends_at=team.slots[2].ends_at)
    assert why_not(team) == [("Bora", "", False)]


def test_another_meeting_keeps_a_colleague_away(team):
    team.place()
    team.place(team.ask(team.second, team.colleague), table=1)
    assert why_not(team) == [("Bora", "in a meeting with Louise Kim then", True)]
    with pytest.raises(NotPossible, match="Bora Kim is not free: in a meeting with Louise Kim then"):
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, anyway=True)
    assert team.parts() == {"Camille": "coming", "Haneul": "coming"}


def test_whom_a_colleague_meets_is_not_told_where_she_hides(team):
    team.place()
    team.place(team.ask(team.second, team.colleague), table=1)
    team.second.seen_by = SeenBy.NOBODY
    team.second.save()
    assert why_not(team) == [("Bora", "in another meeting then", True)]
    assert why_not(team, team.organiser) == [("Bora", "in a meeting with Louise Kim then", True)]


def test_an_own_block_gives_way_when_one_insists(team):
    team.place(slot=1)
    start, end = team.slots[0].starts_at, team.slots[2].ends_at
    Unavailability.objects.create(participant=team.colleague, starts_at=start, ends_at=end, reason="Flight")
    assert why_not(team) == [("Bora", "cannot meet then", False)]
    with pytest.raises(NotPossible, match="cannot meet then"):
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)
    assert (team.parts(), Unavailability.objects.count()) == ({"Camille": "coming", "Haneul": "coming"}, 1)
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, anyway=True)
    middle = team.slots[1]
    left = Unavailability.objects.values_list("starts_at", "ends_at", "reason")
    assert list(left) == [(start, middle.starts_at, "Flight"), (middle.ends_at, end, "Flight")]
    assert team.at_table() == {"Camille", "Haneul", "Bora"}


@pytest.mark.parametrize(("part", "is_firm", "visits"), [(EventPart.AUDIENCE, False, 0), (EventPart.SPEAKER, True, 1)])
def test_an_event_gives_way_but_not_to_who_is_on_stage(team, part, is_firm, visits):
    team.place()
    event(team, part)
    assert why_not(team) == [("Bora", "then at “Opening”", is_firm)]
    try:
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER, anyway=True)
    except NotPossible:
        assert is_firm
    assert (Visit.objects.count(), "Bora" in team.parts()) == (visits, not is_firm)


def test_a_colleague_who_has_met_enough_that_day_is_refused_and_nothing_is_written(team):
    team.place()
    team.place(team.ask(team.second, team.colleague), slot=1, table=1)
    team.colleague.max_meetings_per_day = 1
    team.colleague.save()
    with pytest.raises(NotPossible, match="too many meetings that day"):
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)
    assert (team.parts(), Change.objects.count()) == ({"Camille": "coming", "Haneul": "coming"}, 0)


def test_what_has_begun_keeps_its_people(team):
    team.slots[0].starts_at = team.edition.now() - dt.timedelta(minutes=5)
    team.slots[0].save()
    team.place()
    with pytest.raises(NotPossible, match="has begun"):
        name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)


def test_only_colleagues_of_that_side_are_named(team):
    for person in (team.second, team.buyer, team.person(team.seoul, "Gone", is_seller=True, left_at=team.edition.now())):
        with pytest.raises(NotPossible, match="is not a colleague of this side"):
            name_colleague(team.seller.user, team.request, person, Side.RECEIVER)
    with pytest.raises(PermissionDenied):
        name_colleague(team.buyer.user, team.request, team.colleague, Side.RECEIVER)


def test_who_joined_may_leave_but_a_side_is_never_empty(team):
    name_colleague(team.seller.user, team.request, team.colleague, Side.RECEIVER)
    team.place()
    leave_meeting(team.colleague.user, team.request, team.colleague)
    leave_meeting(team.colleague.user, team.request, team.colleague)
    assert (team.parts()["Bora"], team.at_table()) == ("declined", {"Camille", "Haneul"})
    with pytest.raises(NotPossible, match="Somebody has to come for this side"):
        leave_meeting(team.seller.user, team.request, team.seller)
    with pytest.raises(PermissionDenied):
        leave_meeting(team.buyer.user, team.request, team.seller)


def test_the_pages_do_it_all(team):
    team.place()
    client = signed_in(team.seller)
    assert "Bora Kim" in client.get(team.url("people")).content.decode()
    data = {"side": "receiver", "person": team.colleague.code, "instead_of": team.seller.code}
    response = client.post(team.url("name"), data, follow=True)
    page = response.content.decode()
    assert ("Bora Kim comes; everybody concerned is told." in page, "You do not come to this meeting any more." in page) == (
        True,
        True,
    )
    Unavailability.objects.create(participant=team.seller, starts_at=TOMORROW, ends_at=team.slots[0].ends_at)
    data = {"side": "receiver", "person": team.seller.code, "instead_of": team.colleague.code}
    refused = client.post(team.url("name"), data)
    assert (refused.status_code, "Haneul Kim is not free" in refused.content.decode()) == (422, True)
    assert client.post(team.url("name"), data | {"anyway": "yes"}).status_code == 302
    assert team.at_table() == {"Camille", "Haneul"}


def test_one_and_three_colleagues_need_the_same_queries(team):
    team.place()
    client = signed_in(team.seller)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(team.url("people")).status_code == 200
        return len(seen)

    team.place(team.ask(team.second, team.colleague), table=1)
    one = queries()
    for name in ("Dasom", "Eun"):
        team.place(
            team.ask(guest_of(team, f"Of {name}"), team.person(team.seoul, name, is_seller=True)), slot=1, table=len(name) % 3
        )
    assert queries() == one


def joined_page(person):
    return signed_in(person).get(reverse("meetings:requests", args=[person.edition.slug]) + "?side=joined").content.decode()


def test_meetings_that_one_joined_stand_in_the_list(team):
    team.ask(team.buyer, guest_of(team, "Hana"), status=RequestStatus.SENT)
    before = joined_page(team.second)
    name_colleague(team.buyer.user, team.request, team.second, Side.SENDER)
    page = joined_page(team.second)
    assert ("You come to no meeting that others have asked for." in before, team.request.code in before) == (True, False)
    wanted = [f"/requests/{team.request.code}/", "Haneul Kim", "Camille Kim asks Haneul Kim"]
    assert [words in page for words in wanted] == [True, True, True]
    for person in (team.buyer, team.seller, team.colleague):
        assert f"/requests/{team.request.code}/" not in joined_page(person)


def test_the_list_of_joined_meetings_asks_equally_often(team):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            joined_page(team.second)
        return len(seen)

    name_colleague(team.organiser, team.request, team.second, Side.SENDER)
    one = queries()
    for number in range(2):
        name_colleague(team.organiser, team.ask(team.buyer, guest_of(team, f"Guest {number}")), team.second, Side.SENDER)
    assert queries() == one


def test_who_dropped_out_still_tells_her_colleague_from_the_other_side(team):
    name_colleague(team.buyer.user, team.request, team.second, Side.SENDER)
    meeting = team.place()
    for person in (team.buyer, team.second):
        person.left_at = team.edition.now()
        person.save()
        (item,) = [item for day in agenda_for(person.user, person).days for item in day.items if item.meeting]
        others = [one.given_name for one in item.others], [one.given_name for one in item.colleagues]
        assert (item.meeting, *others) == (meeting, ["Haneul"], ["Louise"] if person == team.buyer else [])
