"""From rows to the kernel's problem."""

from __future__ import annotations

import datetime as dt

import pytest
from factories import MeetingRequestFactory, TableFactory, TitleFactory
from hall import hall

from madang.kernels.timetable import problem as kernel
from madang.meetings.models import MeetingRequest, RequestStatus, Unavailability, Wish
from madang.meetings.queries.timetable import timetable_problem

pytestmark = pytest.mark.django_db


def only(here):
    problem, _ = timetable_problem(here.edition)
    assert len(problem.requests) == 1
    return problem.requests[0]


def test_ids_are_keys_and_weights_follow_the_wishes():
    here = hall(tables=1)
    asked = here.ask(0, 1, sender_wish=Wish.MUST, receiver_wish=Wish.LIKE)
    problem, maps = timetable_problem(here.edition)
    buyer, seller = here.buyers[0].pk, here.sellers[1].pk
    assert problem == kernel.Problem(
        slots=(kernel.Slot(1, 1), kernel.Slot(1, 1), kernel.Slot(2, 1), kernel.Slot(2, 1)),
        participants=(kernel.Participant(buyer), kernel.Participant(seller)),
        tables=(kernel.Table(here.tables[0].pk),),
        requests=(kernel.Request(asked.pk, (buyer, seller), weight=6),),
    )
    assert [maps.slot(n).code for n in (1, 2, 3, 4)] == ["S0", "S1", "S2", "S3"]


def test_days_are_days_at_the_venue():
    here = hall(time_zone="America/Los_Angeles")  # 01:00 UTC on the 28th is 18:00 on the 27th there
    here.ask(0, 0)
    late = here.slots[1]
    late.starts_at, late.ends_at = late.starts_at + dt.timedelta(hours=12), late.ends_at + dt.timedelta(hours=12)
    late.save()
    problem, _ = timetable_problem(here.edition)
    assert [slot.day for slot in problem.slots] == [1, 2, 2, 2]


@pytest.mark.parametrize("status", [RequestStatus.SENT, RequestStatus.DECLINED, RequestStatus.WITHDRAWN])
def test_only_accepted_requests_count(status):
    here = hall()
    here.ask(0, 0, status=status)
    problem, maps = timetable_problem(here.edition)
    assert (problem.requests, maps.left_out) == ((), {})


def test_requests_about_a_withdrawn_title_are_left_out_with_the_reason():
    here = hall()
    gone = here.ask(0, 0, title=TitleFactory(edition=here.edition, is_withdrawn=True))
    kept = here.ask(0, 1, title=TitleFactory(edition=here.edition))
    problem, maps = timetable_problem(here.edition)
    assert ([request.id for request in problem.requests], maps.left_out) == ([kept.pk], {gone.pk: "title_withdrawn"})


@pytest.mark.parametrize(
    ("begin", "end", "slots"),
    [
        ("00:30", "01:00", set()),  # ends as the slot begins
        ("00:30", "01:01", {1}),
        ("01:30", "02:00", {2}),  # begins as the first slot ends
        ("01:29", "01:31", {1, 2}),
        ("02:00", "03:00", set()),
    ],
)
def test_unavailable_times_close_the_slots_they_touch(begin, end, slots):
    here = hall()
    here.ask(0, 0)
    day = dt.date(2025, 5, 28)
    begins, ends = (dt.datetime.combine(day, dt.time.fromisoformat(text), tzinfo=dt.UTC) for text in (begin, end))
    Unavailability.objects.create(participant=here.buyers[0], starts_at=begins, ends_at=ends)
    problem, _ = timetable_problem(here.edition)
    assert [set(person.forbidden) for person in problem.participants] == [slots, set()]


@pytest.mark.parametrize("side", ["buyers", "sellers"])
def test_a_booth_on_either_side_needs_no_table(side):
    here = hall()
    company = getattr(here, side)[0].company
    company.booth = TableFactory(edition=here.edition, is_booth=True)
    company.save()
    here.ask(0, 0)
    assert only(here).tables == ()
    problem, _ = timetable_problem(here.edition)
    assert [table.id for table in problem.tables] == [table.pk for table in here.tables]


def test_fixed_places_sessions_order_and_caps():
    here = hall()
    person = here.buyers[0]
    person.max_meetings_per_day = 2
    person.save()
    booth = TableFactory(edition=here.edition, is_booth=True)
    first = here.ask(0, 0, fixed_slot=here.slots[2], fixed_table=here.tables[1])
    second = here.ask(0, 1, session="afternoon", fixed_table=booth)
    second.after.add(first, MeetingRequestFactory(edition=here.edition, status=RequestStatus.DECLINED))
    problem, _ = timetable_problem(here.edition)
    one, two = problem.requests
    assert (one.fixed_slot, one.fixed_table, one.tables) == (3, here.tables[1].pk, None)
    assert (two.session, two.fixed_table, two.tables, two.after) == (2, None, (), (first.pk,))
    assert problem.participants[0].max_per_day == 2


def test_another_edition_stays_out():
    here, there = hall(), hall()
    here.ask(0, 0)
    there.ask(0, 0)
    problem, maps = timetable_problem(here.edition)
    assert [request.id for request in problem.requests] == [here.requests[0].pk]
    assert set(maps.tables) == {table.pk for table in here.tables}


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    here = hall()
    here.ask(0, 0)
    with django_assert_num_queries(10):
        timetable_problem(here.edition)
    here.ask(1, 1).after.add(here.requests[0])
    here.ask(2, 2)
    Unavailability.objects.create(participant=here.buyers[1], starts_at=here.slots[0].starts_at, ends_at=here.slots[0].ends_at)
    with django_assert_num_queries(10):
        timetable_problem(here.edition)
    assert MeetingRequest.objects.count() == 3
