"""Repair: what happened is written down, the smallest change is proposed, accepted whole, or left."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hall import hall

from madang.markets.models import RunState
from madang.meetings.actions.live import change_meeting
from madang.meetings.actions.refusals import NotPossible, StaleDraft
from madang.meetings.actions.repair import accept_repair, leave_repair, search_repair, start_repair
from madang.meetings.models import Attendee, Cause, Change, Closure, Meeting, RepairRun, Timetable, Unavailability
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    """Published: B0-S0 at S0 T0, B1-S1 at S0 T1, B2-S2 at S1 T0."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1), here.ask(2, 2)
    here.version = here.publish((0, 0, 0), (1, 0, 1), (2, 1, 0))
    Notice.objects.all().delete()
    return here


def search(here, kind, **facts):
    run, is_new = start_repair(here.organiser, here.edition, kind, **facts)
    assert is_new
    found = search_repair(run.key)
    assert (found.state, found.fault) == ("done", "")
    return found


def hours(here, first, last):
    return {"starts_at": here.slots[first].starts_at, "ends_at": here.slots[last].ends_at}


def proposed(here, run):
    """The changes by number: kind, slot before, slot after, reason."""
    number = {request.pk: n for n, request in enumerate(here.requests)}
    code = {slot.pk: slot.code for slot in here.slots} | {None: None}
    return [
        (number[one["request"]], one["kind"], code[one["from"][0]], code[one["to"][0]], one["reason"])
        for one in run.proposal["changes"]
    ]


def places(here):
    rows = Meeting.objects.filter(timetable=here.version, is_cancelled=False).select_related("slot", "table")
    number = {request.pk: n for n, request in enumerate(here.requests)}
    return {number[row.request_id]: f"{row.slot.code} {row.table.code}" for row in rows.order_by("request_id")}


BEFORE = {0: "S0 T0", 1: "S0 T1", 2: "S1 T0"}


def test_a_table_closes_and_its_meeting_takes_the_least_other_place(market):
    run = search(market, "table_closed", table=market.tables[0], **hours(market, 0, 0))
    assert proposed(market, run) == [(0, "moved", "S0", run_slot(market, run), "table_closed")]
    assert (places(market), Closure.objects.count()) == (BEFORE, 1)  # the fact stands; the timetable does not move by itself
    accept_repair(market.organiser, run)
    assert {number: place for number, place in places(market).items() if number} == {1: "S0 T1", 2: "S1 T0"}
    assert places(market)[0] != "S0 T0"
    assert list(Change.objects.values_list("kind", "cause")) == [("moved", "repair")]
    assert set(Notice.objects.values_list("recipient__family_name", "kind")) == {("B0", "meeting_moved"), ("S0", "meeting_moved")}
    assert accept_repair(market.organiser, run) == []  # twice is once


def run_slot(here, run):
    return {slot.pk: slot.code for slot in here.slots}[run.proposal["changes"][0]["to"][0]]


def test_who_drops_out_comes_to_no_meeting(market):
    run = search(market, "left", participant=market.buyers[0])
    assert proposed(market, run) == [(0, "cancelled", "S0", None, "nobody_named")]
    accept_repair(market.organiser, run)
    assert places(market) == {1: "S0 T1", 2: "S1 T0"}
    market.buyers[0].refresh_from_db()
    assert market.buyers[0].left_at is not None
    assert list(Notice.objects.values_list("recipient__family_name", "kind")) == [("S0", "meeting_cancelled")]


def test_who_is_late_meets_later(market):
    market.edition.clock_shift += market.slots[0].starts_at - dt.timedelta(minutes=30) - market.edition.now()
    market.edition.save()
    late = {"starts_at": market.edition.now(), "ends_at": market.slots[1].starts_at}
    run = search(market, "late", participant=market.sellers[1], **late)
    assert [row[:3] for row in proposed(market, run)] == [(1, "moved", "S0")]
    accept_repair(market.organiser, run)
    assert places(market)[1].split()[0] in ("S1", "S2", "S3")


def test_a_hall_closes_for_the_day(market):
    here = market
    for table in here.tables:
        table.hall = here.edition.halls.create(code="H", name="Hall") if table is here.tables[0] else here.tables[0].hall
        table.save()
    run = search(here, "hall_closed", hall=here.tables[0].hall, **hours(here, 0, 1))
    assert sorted(row[:3] for row in proposed(here, run)) == [(0, "moved", "S0"), (1, "moved", "S0"), (2, "moved", "S1")]
    accept_repair(here.organiser, run)
    assert {place.split()[0] for place in places(here).values()} == {"S2", "S3"}


def test_what_waits_is_placed_when_a_place_is_free(market):
    market.ask(0, 1)
    run = search(market, "anything")
    assert [row[:3] for row in proposed(market, run)] == [(3, "placed", None)]
    accept_repair(market.organiser, run)
    assert 3 in places(market)


def test_the_past_and_who_has_checked_in_stay(market):
    market.at(0)
    Attendee.objects.filter(request=market.requests[2]).update(checked_in_at=market.edition.now())
    when = hours(market, 0, 3)
    run = search(market, "away", participant=market.buyers[0], **when)
    assert proposed(market, run) == []  # her meeting has begun
    run2, _ = start_repair(market.organiser, market.edition, "table_closed", table=market.tables[0], **hours(market, 1, 1))
    assert search_repair(run2.key).proposal["changes"][0]["kind"] in ("reseated", "cancelled", "moved")


def test_a_proposal_for_an_older_state_is_refused_whole(market):
    run = search(market, "left", participant=market.buyers[0])
    change_meeting(
        market.version, market.requests[1], slot=market.slots[3], table=market.tables[1], cause=Cause.ORGANISER, by=None
    )
    with pytest.raises(StaleDraft):
        accept_repair(market.organiser, run)
    assert places(market) == {0: "S0 T0", 1: "S3 T1", 2: "S1 T0"}
    run.refresh_from_db()
    assert run.accepted_at is None


def test_left_as_it_is_or_taken_back(market):
    first = search(market, "away", participant=market.buyers[0], **hours(market, 0, 0))
    leave_repair(market.organiser, first)
    assert Unavailability.objects.count() == 1
    second = search(market, "table_closed", table=market.tables[1], **hours(market, 0, 0))
    third = search(market, "left", participant=market.buyers[2])
    for run in (second, third):
        leave_repair(market.organiser, run, happened=False)
    market.buyers[2].refresh_from_db()
    assert (Unavailability.objects.count(), Closure.objects.count(), market.buyers[2].left_at) == (1, 0, None)
    assert (places(market), Change.objects.count()) == (BEFORE, 0)


def test_what_a_later_repair_built_on_is_not_taken_back(market):
    first = search(market, "left", participant=market.buyers[0])
    later = search(market, "anything")
    accept_repair(market.organiser, later)
    assert leave_repair(market.organiser, first, happened=False) is False
    market.buyers[0].refresh_from_db()
    assert market.buyers[0].left_at is not None
    assert leave_repair(market.organiser, first) is True


def test_only_organisers_and_one_search_at_a_time(market):
    with pytest.raises(PermissionDenied):
        start_repair(market.buyers[0].user, market.edition, "anything")
    first, is_new = start_repair(market.organiser, market.edition, "anything")
    again, is_new_again = start_repair(market.organiser, market.edition, "left", participant=market.buyers[0])
    assert (is_new, is_new_again, again) == (True, False, first)
    market.buyers[0].refresh_from_db()
    assert market.buyers[0].left_at is None
    with pytest.raises(NotPossible):
        accept_repair(market.organiser, first)
    search_repair(first.key)
    assert search_repair(first.key) is None


def test_from_the_form_to_the_changed_timetable(market, client):
    client.force_login(market.organiser)
    path = reverse("meetings:repairs", args=[market.edition.slug])
    assert client.get(path).status_code == 200
    for bad in (
        {"kind": "left", "person": "Nobody at all"},
        {"kind": "left", "person": "Seller"},  # several
        {"kind": "table_closed"},
        {"kind": "late", "person": market.buyers[0].code},
        {"kind": "away", "person": market.buyers[0].code, "start": market.slots[1].pk, "end": market.slots[1].pk},
        {},
    ):
        assert client.post(path, bad).status_code == 422
    assert (RepairRun.objects.count(), Unavailability.objects.count()) == (0, 0)
    facts = {"kind": "table_closed", "table": market.tables[0].pk, "start": market.slots[0].pk, "end": market.slots[1].pk}
    answer = client.post(path, facts)  # tasks run at once in tests
    run = RepairRun.objects.get()
    assert (answer.status_code, answer.url, run.state) == (302, f"{path}{run.key}/", RunState.DONE)
    page = client.get(answer.url).content.decode()
    assert ("its table is closed" in page, "Accept the proposal" in page) == (True, True)
    client.post(f"{answer.url}accept/")
    assert Timetable.objects.get(state="published").revision == market.version.revision + 1
    assert "Accept the proposal" not in client.get(answer.url).content.decode()
    for address, facts in ((f"{answer.url}accept/", {}), (f"{answer.url}leave/", {"undo": "1"})):  # a page of before
        assert client.post(address, facts).url == answer.url
        assert "settled in the meantime" in client.get(answer.url).content.decode()
    assert Timetable.objects.get(state="published").revision == market.version.revision + 1


def test_a_stale_proposal_says_so_and_is_searched_again(market, client):
    client.force_login(market.organiser)
    run = search(market, "left", participant=market.buyers[0])
    change_meeting(
        market.version, market.requests[1], slot=market.slots[3], table=market.tables[1], cause=Cause.ORGANISER, by=None
    )
    path = reverse("meetings:repair", args=[market.edition.slug, run.key])
    assert "cannot be accepted any more" in client.get(path).content.decode()
    client.post(f"{path}accept/")
    assert places(market)[0] == "S0 T0"
    fresh = client.post(f"{path}again/").url
    client.post(f"{fresh}accept/")
    assert 0 not in places(market)


def test_a_proposal_asks_equally_often_for_one_change_and_three(market, client, django_assert_max_num_queries):
    client.force_login(market.organiser)
    counts = []
    for kind, facts in (
        ("left", {"participant": market.buyers[0]}),
        ("left", {"participant": market.buyers[1]}),
    ):
        run = search(market, kind, **facts)
        path = reverse("meetings:repair", args=[market.edition.slug, run.key])
        client.get(path)
        with django_assert_max_num_queries(100) as context:
            client.get(path)
        counts.append((len(run.proposal["changes"]), len(context)))
    assert [changes for changes, _queries in counts] == [1, 2]
    assert len({queries for _changes, queries in counts}) == 1
