"""One calendar: own blocks, events and lunch keep meetings away, and meetings keep these away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from factories import EditionFactory, HallFactory, ParticipantFactory, SlotFactory
from icalendar import Calendar
from team import TOMORROW, Team, guest_of, signed_in

from madang.kernels.timetable import solve
from madang.kernels.timetable.problem import Pause, Status, Way
from madang.markets.models import LogEntry, Stage
from madang.meetings.actions.calendar import CalendarRefused, block_time, go_to_event, leave_event, unblock_time
from madang.meetings.models import Closure, MeetingPolicy, Unavailability
from madang.meetings.queries.agenda import agenda_for
from madang.meetings.queries.busy import busy_slots
from madang.meetings.queries.timetable import problem_around, timetable_problem
from madang.programme.models import Event, EventKind, EventPart, Visit

pytestmark = pytest.mark.django_db
HALF = dt.timedelta(minutes=30)


@pytest.fixture
def team() -> Team:
    return Team()


def event(team, start=TOMORROW + HALF, length=HALF, hall=None, **facts) -> Event:
    facts = {"code": "E1", "name": "Opening", "kind": EventKind.TALK, "hall": hall or team.hall} | facts
    return Event.objects.create(edition=team.edition, starts_at=start, ends_at=start + length, **facts)


def forbidden(team, person) -> set[int]:
    problem, _ = timetable_problem(team.edition)
    return next(set(one.forbidden) for one in problem.participants if one.id == person.pk)


def agenda_url(team, name: str, person=None) -> str:
    return reverse(f"meetings:{name}", args=[team.edition.slug, (person or team.buyer).code])


def test_who_keeps_whose_calendar(team):
    data = {"day": "2025-05-30", "start": "15:00", "end": "16:00"}
    readers = {"herself": team.buyer, "organiser": team.organiser, "colleague": team.second, "other side": team.seller}
    answers = {who: signed_in(user).post(agenda_url(team, "block"), data).status_code for who, user in readers.items()}
    assert answers == {"herself": 302, "organiser": 302, "colleague": 404, "other side": 404}
    assert Client().post(agenda_url(team, "block"), data).status_code == 302
    (block,) = Unavailability.objects.all()
    assert (block.starts_at, block.ends_at) == (TOMORROW + dt.timedelta(hours=5), TOMORROW + dt.timedelta(hours=6))
    team.edition.stage = Stage.AFTER
    team.edition.save()
    assert signed_in(team.buyer).post(agenda_url(team, "block"), data).status_code == 404


def test_a_block_is_seen_by_the_timetable_until_it_is_lifted(team):
    client = signed_in(team.buyer)
    client.post(agenda_url(team, "block"), {"slot": str(team.slots[1].pk)})
    assert forbidden(team, team.buyer) == {2}
    (block,) = Unavailability.objects.all()
    for _ in range(2):
        client.post(agenda_url(team, "unblock"), {"block": str(block.pk)})
    assert (forbidden(team, team.buyer), Unavailability.objects.count()) == (set(), 0)
    assert list(LogEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["block_time", "unblock_time"]


def test_nobody_lifts_the_block_of_another(team):
    block = block_time(team.seller.user, team.seller, TOMORROW, TOMORROW + HALF)
    unblock_time(team.buyer.user, team.buyer, block.pk)
    assert Unavailability.objects.count() == 1


def test_a_second_block_with_the_same_start_replaces_the_first(team):
    for minutes in (30, 30, 60):
        block_time(team.buyer.user, team.buyer, TOMORROW, TOMORROW + dt.timedelta(minutes=minutes), "Press")
    assert list(Unavailability.objects.values_list("ends_at", flat=True)) == [TOMORROW + dt.timedelta(hours=1)]
    assert LogEntry.objects.filter(verb="block_time").count() == 2


@pytest.mark.parametrize(
    ("start", "length", "sentence"),
    [
        (TOMORROW, dt.timedelta(0), "The end must come after the start."),
        (TOMORROW - dt.timedelta(days=2), HALF, "That time is over."),
        (TOMORROW + dt.timedelta(days=1), HALF, "Choose a time on the days of the edition."),
        (TOMORROW + HALF / 2, HALF, "A meeting stands then. Move it or cancel it first, or choose another time."),
    ],
)
def test_a_block_that_makes_no_sense_or_lies_over_a_meeting_is_refused(team, start, length, sentence):
    team.place()
    with pytest.raises(CalendarRefused) as refused:
        block_time(team.buyer.user, team.buyer, start, start + length)
    assert (refused.value.sentence, Unavailability.objects.count()) == (sentence, 0)


def test_the_refusal_names_the_meeting_and_leads_to_it(team):
    team.place()
    response = signed_in(team.buyer).post(agenda_url(team, "block"), {"slot": str(team.slots[0].pk)})
    page = response.content.decode()
    assert (response.status_code, "Haneul Kim" in page, team.url("meeting") in page) == (422, True, True)
    wrong = signed_in(team.buyer).post(agenda_url(team, "block"), {"day": "2025-05-30", "start": "25:00", "end": ""})
    assert (wrong.status_code, "Please look at this again" in wrong.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("same_hall", "walk", "door", "closed"),
    [
        (True, 5, 0, {2}),  # from 10:30 to 11:00
        (True, 5, 10, {1, 2}),  # the door from 10:20
        (False, 0, 0, {2}),
        (False, 5, 0, {1, 2, 3}),  # the way there and back
        (False, 30, 10, {1, 2, 3}),
    ],
)
def test_an_event_takes_its_time_the_door_and_the_way(team, same_hall, walk, door, closed):
    MeetingPolicy.objects.create(edition=team.edition, walk_minutes=walk, door_minutes=door)
    made = event(team, hall=team.hall if same_hall else HallFactory(edition=team.edition))
    go_to_event(team.buyer.user, team.buyer, made)
    assert forbidden(team, team.buyer) == closed
    assert forbidden(team, team.seller) == set()


def test_a_meeting_stands_in_the_way_of_an_event_with_its_door(team):
    team.place()  # until 10:30
    made = event(team)  # from 10:30, the door from 10:20
    with pytest.raises(CalendarRefused, match="A meeting stands in the way of “Opening”"):
        go_to_event(team.buyer.user, team.buyer, made)
    response = signed_in(team.buyer).post(agenda_url(team, "visit"), {"event": "E1", "part": "audience"})
    assert (response.status_code, team.url("meeting") in response.content.decode(), Visit.objects.count()) == (422, True, 0)


def test_going_and_not_going(team):
    event(team)
    client, page = signed_in(team.buyer), reverse("programme:event", args=[team.edition.slug, "E1"])
    assert "It then stands in your agenda" in client.get(page).content.decode()
    for _ in range(2):
        response = client.post(agenda_url(team, "visit"), {"event": "E1", "at": "programme"})
        assert response["Location"] == page
    assert (Visit.objects.count(), "It stands in your agenda" in client.get(page).content.decode()) == (1, True)
    client.post(agenda_url(team, "visit"), {"event": "E1", "part": "none"})
    assert Visit.objects.count() == 0
    assert list(LogEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["go_to_event", "leave_event"]


def test_only_the_organiser_puts_somebody_on_stage_and_she_is_told(team):
    made = event(team)
    assert signed_in(team.buyer).post(agenda_url(team, "visit"), {"event": "E1", "part": "speaker"}).status_code == 403
    go_to_event(team.organiser, team.buyer, made, EventPart.SPEAKER)
    assert go_to_event(team.buyer.user, team.buyer, made).part == "speaker"  # her own press does not take her off the stage
    with pytest.raises(CalendarRefused, match="You are on stage"):
        leave_event(team.buyer.user, team.buyer, made)
    assert {(name, kind) for name, kind, _who in team.told()} == {("Camille", "on_stage")}
    assert (
        "Camille Kim" in signed_in(team.seller).get(reverse("programme:event", args=[team.edition.slug, "E1"])).content.decode()
    )
    leave_event(team.organiser, team.buyer, made)
    assert Visit.objects.count() == 0


def test_what_is_over_is_not_gone_to(team):
    made = event(team, start=team.edition.now() - dt.timedelta(hours=2))
    with pytest.raises(CalendarRefused, match="“Opening” is over"):
        go_to_event(team.buyer.user, team.buyer, made)


def test_busy_slots_say_why_and_the_firmest_reason_stands(team):
    meeting = team.place(slot=2)
    made = event(team, length=HALF)
    visit = Visit.objects.create(event=made, participant=team.buyer, part=EventPart.SPEAKER)
    Unavailability.objects.create(participant=team.buyer, starts_at=TOMORROW, ends_at=TOMORROW + 3 * HALF)
    busy = busy_slots(team.edition, [team.buyer.pk], timetable=meeting.timetable)[team.buyer.pk]
    found = {number: (why.kind, why.pk, why.is_firm) for number, why in busy.items()}
    assert found == {1: ("event", visit.pk, True), 2: ("event", visit.pk, True), 3: ("meeting", team.request.pk, True)}


@pytest.mark.parametrize(
    ("start", "end", "minutes", "pauses"),
    [
        (None, None, 30, []),
        ("10:00", "11:30", 30, [({1, 2, 3}, 1)]),
        ("10:00", "11:30", 45, [({1, 2, 3}, 2)]),
        ("10:00", "11:00", 90, [({1, 2}, 2)]),
        ("11:00", "12:00", 30, []),  # from 11:30 on there is no slot at all
        ("11:00", "12:00", 31, [({3}, 1)]),
        ("12:00", "13:00", 30, []),
        ("13:00", "12:00", 30, []),
    ],
)
def test_lunch_is_kept_free_where_the_slots_leave_no_time_for_it(team, start, end, minutes, pauses):
    hours = {"lunch_from": start and dt.time.fromisoformat(start), "lunch_until": end and dt.time.fromisoformat(end)}
    MeetingPolicy.objects.create(edition=team.edition, lunch_minutes=minutes, most_in_a_row=4, **hours)
    problem, _ = timetable_problem(team.edition)
    assert problem.pauses == tuple(Pause(frozenset(slots), free) for slots, free in pauses)
    assert {person.max_in_row for person in problem.participants} == {4}


def test_a_closed_table_is_closed_for_the_timetable(team):
    Closure.objects.create(table=team.tables[1], starts_at=TOMORROW + HALF, ends_at=TOMORROW + HALF * 3)
    problem, _ = timetable_problem(team.edition)
    assert [set(table.closed) for table in problem.tables] == [set(), {2, 3}, set()]


@pytest.mark.parametrize(
    ("walk", "gap", "slots"),
    [(5, 0, 0), (10, 0, 0), (11, 0, 1), (30, 0, 1), (40, 0, 1), (41, 0, 2), (20, 20, 0), (25, 20, 1)],
)
def test_long_ways_between_halls_cost_slots(team, walk, gap, slots):
    MeetingPolicy.objects.create(edition=team.edition, walk_minutes=walk)
    team.edition.slots.all().delete()
    for number in range(3):
        SlotFactory(edition=team.edition, starts_at=TOMORROW + (HALF + dt.timedelta(minutes=gap)) * number)
    other = HallFactory(edition=team.edition)
    team.tables[2].hall = other
    team.tables[2].save()
    problem, _ = timetable_problem(team.edition)
    assert problem.ways == ((Way((team.hall.pk, other.pk), slots),) if slots else ())
    assert [table.hall for table in problem.tables] == ([team.hall.pk, team.hall.pk, other.pk] if slots else [None] * 3)
    assert solve(problem, seed=1, limit=300).status == Status.OPTIMAL


def test_who_stands_in_a_meeting_that_has_lost_its_people_is_not_free(team):
    meeting = team.place()
    other = team.ask(team.buyer, guest_of(team))
    assert forbidden(team, team.buyer) == set()
    team.seller.left_at = team.edition.now()
    team.seller.save()
    problem, maps = problem_around(other, meeting.timetable)
    assert [set(one.forbidden) for one in problem.participants if one.id == team.buyer.pk] == [{1}]
    assert maps.left_out == {team.request.pk: "nobody_named"}


def kinds(agenda) -> list[tuple[str, str]]:
    zone = dt.timezone(dt.timedelta(hours=9))
    return [(item.kind, f"{item.starts_at.astimezone(zone):%H:%M}") for day in agenda.days for item in day.items]


def test_everything_stands_in_the_order_of_time(team):
    lunch = {"lunch_from": dt.time(12), "lunch_until": dt.time(14)}
    MeetingPolicy.objects.create(edition=team.edition, walk_minutes=0, door_minutes=0, **lunch)
    team.place(slot=2)
    go_to_event(team.buyer.user, team.buyer, event(team))
    block_time(team.buyer.user, team.buyer, TOMORROW + dt.timedelta(hours=5), TOMORROW + dt.timedelta(hours=6))
    assert kinds(agenda_for(team.buyer.user, team.buyer)) == [
        ("free", "10:00"),
        ("event", "10:30"),
        ("meeting", "11:00"),
        ("lunch", "12:00"),
        ("away", "15:00"),
    ]


def test_today_and_now_can_be_jumped_to(team):
    now = team.edition.now().replace(second=0, microsecond=0)
    early, late = (SlotFactory(edition=team.edition, starts_at=now + HALF * n, ends_at=now + HALF * n + HALF) for n in (-3, 1))
    for number, slot in enumerate((early, late)):
        team.slots[number] = slot
        team.place(team.ask(team.buyer, guest_of(team, f"G{number}")), slot=number, table=number)
    page = signed_in(team.buyer).get(reverse("meetings:agenda", args=[team.edition.slug])).content.decode()
    assert (page.count('id="now"'), 'href="#now"' in page, ">Today" in page) == (1, True, True)
    assert page.index("G0 Kim") < page.index('id="now"') < page.index("G1 Kim")


def test_a_block_on_the_day_of_a_clock_change_is_by_the_clocks_on_the_wall():
    edition = EditionFactory(
        time_zone="Europe/Paris", starts_on=dt.date(2025, 10, 25), ends_on=dt.date(2025, 10, 26), clock_shift=dt.timedelta(0)
    )
    edition.clock_shift = dt.datetime(2025, 10, 25, 6, 0, tzinfo=dt.UTC) - edition.now()
    edition.save()
    person = ParticipantFactory(edition=edition, is_buyer=True)
    data = {"day": "2025-10-26", "start": "01:00", "end": "04:00"}
    path = reverse("meetings:block", args=[edition.slug, person.code])
    assert signed_in(person).post(path, data).status_code == 302
    (block,) = Unavailability.objects.all()
    assert block.ends_at - block.starts_at == dt.timedelta(hours=4)  # two to three comes twice that night
    assert signed_in(person).post(path, {"day": "2025-10-26", "start": "23:00", "end": "00:00"}).status_code == 302
    assert Unavailability.objects.order_by("starts_at").last().ends_at == dt.datetime(2025, 10, 26, 23, 0, tzinfo=dt.UTC)


def test_events_stand_in_the_calendar_feed(team):
    go_to_event(team.buyer.user, team.buyer, event(team))
    path = reverse("meetings:calendar_feed", args=[team.edition.slug, team.buyer.feed_key])
    (entry,) = Calendar.from_ical(Client().get(path).content).walk("VEVENT")
    assert (entry["SUMMARY"], entry["LOCATION"], entry.decoded("DTSTART")) == ("Talk: Opening", "Meeting hall", TOMORROW + HALF)
    assert entry["UID"] == f"event-{team.edition.slug}-E1-{team.buyer.pk}@madang"
