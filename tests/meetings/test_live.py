"""A published timetable that lives: every change through one function, numbered, told, and with the database as the last word."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from hall import hall

from madang.markets.models import LogEntry
from madang.meetings.actions.live import Step, change_meeting, change_meetings
from madang.meetings.actions.refusals import Clash, InThePast, NotInTimetable, NotPublished, Refused, StaleDraft
from madang.meetings.models import (
    Attendance,
    Attendee,
    Cause,
    Change,
    Meeting,
    Part,
    RequestStatus,
    Timetable,
    TimetableState,
    Unavailability,
    Unplaced,
)
from madang.people.models import Notice


@pytest.fixture
def three(db):
    """Published: B0-S0 at S0 T0, B1-S1 at S0 T1; B0-S1 has no place."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1), here.ask(0, 1)
    here.version = here.publish((0, 0, 0), (1, 0, 1))
    Notice.objects.all().delete()
    return here


def change(here, number, slot, table=None, cause=Cause.ORGANISER, by=None, **more):
    at = None if slot is None else here.slots[slot]
    to = None if table is None else here.tables[table]
    return change_meeting(here.version, here.requests[number], slot=at, table=to, cause=cause, by=by or here.organiser, **more)


def state(here):
    """What stands, by number: slot, table, sequence, and who is there; and the revision."""
    number = {request.pk: n for n, request in enumerate(here.requests)}
    found = {}
    for row in Meeting.objects.filter(timetable=here.version).select_related("slot", "table").order_by("request_id"):
        names = sorted(Attendance.objects.filter(meeting=row).values_list("participant__family_name", flat=True))
        place = "off" if row.is_cancelled else f"{row.slot.code} {row.table.code if row.table else '-'}"
        found[number[row.request_id]] = (place, row.sequence, names)
    return found, Timetable.objects.get(pk=here.version.pk).revision - here.version.revision


def told():
    return sorted(Notice.objects.filter(kind__startswith="meeting_").values_list("recipient__family_name", "kind"))


def changes(here):
    rows = Change.objects.filter(timetable=here.version).order_by("revision", "pk")
    codes = ["from_slot__code", "from_table__code", "to_slot__code", "to_table__code"]
    return list(rows.values_list("kind", "cause", *codes))


FIRST = {0: ("S0 T0", 0, ["B0", "S0"]), 1: ("S0 T1", 0, ["B1", "S1"])}


def test_a_request_is_placed(three):
    change(three, 2, 1, 0)
    assert state(three) == (FIRST | {2: ("S1 T0", 0, ["B0", "S1"])}, 1)
    assert changes(three) == [("placed", "organiser", None, None, "S1", "T0")]
    assert told() == [("B0", "meeting_placed"), ("S1", "meeting_placed")]
    assert not Unplaced.objects.exists()
    line = LogEntry.objects.get(verb="change_meeting")
    assert (line.subject, line.details) == (three.requests[2].code, {"before": "", "after": "S1 T0", "cause": "organiser"})


def test_a_meeting_moves_and_its_sequence_rises(three):
    change(three, 0, 3, 1)
    assert state(three) == (FIRST | {0: ("S3 T1", 1, ["B0", "S0"])}, 1)
    assert changes(three) == [("moved", "organiser", "S0", "T0", "S3", "T1")]
    assert told() == [("B0", "meeting_moved"), ("S0", "meeting_moved")]


def test_a_meeting_is_cancelled_and_comes_back(three):
    change(three, 0, None, words="Her flight is late.")
    assert state(three) == (FIRST | {0: ("off", 1, [])}, 1)
    assert Unplaced.objects.get(request=three.requests[0]).code == "cancelled"
    notice = Notice.objects.get(recipient=three.buyers[0])
    assert (notice.kind, notice.data["answer"]) == ("meeting_cancelled", "Her flight is late.")
    change(three, 0, 1, 1)
    assert state(three) == (FIRST | {0: ("S1 T1", 2, ["B0", "S0"])}, 2)
    assert changes(three) == [
        ("cancelled", "organiser", "S0", "T0", None, None),
        ("placed", "organiser", None, None, "S1", "T1"),
    ]


def test_whoever_did_it_is_not_told(three):
    change(three, 0, None, cause=Cause.CANCELLED, by=three.buyers[0].user)
    assert told() == [("S0", "meeting_cancelled")]


def test_the_same_twice_is_once(three):
    for _ in range(2):
        change(three, 0, 1, 0)
    for _ in range(2):
        change(three, 1, None)
    assert change(three, 2, None) is None
    assert (state(three)[1], len(changes(three)), len(told())) == (2, 2, 4)


def test_a_colleague_comes_instead(three):
    asked, colleague = three.requests[0], three.buyers[2]
    Attendee.objects.filter(request=asked, participant=three.buyers[0]).update(part=Part.REPLACED)
    Attendee.objects.create(request=asked, participant=colleague, side="sender")
    with pytest.raises(ValueError, match="attendees who come"):
        change(three, 0, 0, 0, people=[three.buyers[0].pk, three.sellers[0].pk])
    change(three, 0, 0, 0, cause=Cause.COLLEAGUE, people=[colleague.pk, three.sellers[0].pk])
    assert state(three) == (FIRST | {0: ("S0 T0", 1, ["B2", "S0"])}, 1)
    assert changes(three) == [("people", "colleague", "S0", "T0", "S0", "T0")]


def test_what_is_refused_changes_nothing(three):
    before = state(three), changes(three), told()
    Unavailability.objects.create(participant=three.buyers[0], starts_at=three.slots[3].starts_at, ends_at=three.slots[3].ends_at)
    refused = [
        ((2, 0, 0), Clash),  # both are busy and the table is taken
        ((2, 1, None), Clash),  # no table
        ((0, 3, 0), Clash),  # she cannot
        ((1, 0, 0), Clash),  # the table is taken
    ]
    for (number, slot, table), kind in refused:
        with pytest.raises(kind):
            change(three, number, slot, table)
    type(three.requests[2]).objects.filter(pk=three.requests[2].pk).update(status=RequestStatus.WITHDRAWN)
    with pytest.raises(NotInTimetable):
        change(three, 2, 1, 0)
    three.at(0)
    for number, slot, table in ((0, 1, 0), (0, None, None), (2, 0, 0)):
        with pytest.raises(InThePast):
            change(three, number, slot, table)
    Timetable.objects.filter(pk=three.version.pk).update(state=TimetableState.SUPERSEDED)
    with pytest.raises(NotPublished):
        change(three, 1, 1, 1)
    assert (state(three), changes(three), told()) == before


def test_two_meetings_swap_in_one_revision(three):
    first, second = three.requests[:2]
    steps = [Step(first, three.slots[0], three.tables[1]), Step(second, three.slots[0], three.tables[0])]
    rows = change_meetings(three.version, steps, cause=Cause.SWAPPED, by=None)
    assert state(three) == ({0: ("S0 T1", 1, ["B0", "S0"]), 1: ("S0 T0", 1, ["B1", "S1"])}, 1)
    assert len({row.revision for row in rows}) == 1
    with pytest.raises(StaleDraft):
        change_meetings(three.version, steps[::-1], cause=Cause.SWAPPED, by=None, revision=three.version.revision)


def test_many_changes_are_all_or_none(db):
    here = hall(people=4, tables=4)
    for number in range(4):
        here.ask(number, number)
    here.ask(0, 1), here.ask(0, 2)
    here.version = here.publish(*((number, 0, number) for number in range(4)))
    turned = [Step(here.requests[n], here.slots[1], here.tables[(n + 1) % 4]) for n in range(4)]
    before = state(here)
    both = [Step(here.requests[4], here.slots[2], here.tables[0]), Step(here.requests[5], here.slots[2], here.tables[1])]
    with pytest.raises(Refused):  # the last two share a person, in one slot
        change_meetings(here.version, turned + both, cause=Cause.REPAIR, by=here.organiser)
    assert state(here) == before
    last = [Step(here.requests[4], here.slots[2], here.tables[0]), Step(here.requests[5], here.slots[3], here.tables[1])]
    change_meetings(here.version, turned + last, cause=Cause.REPAIR, by=here.organiser)
    assert [place for place, *_ in state(here)[0].values()] == ["S1 T1", "S1 T2", "S1 T3", "S1 T0", "S2 T0", "S3 T1"]


@pytest.mark.django_db(transaction=True)
def test_one_place_wanted_by_two_at_once():
    here = hall()
    here.ask(0, 0), here.ask(1, 1)
    here.version = here.publish()
    outcomes, ready = [], threading.Barrier(2)

    def press(number):
        try:
            ready.wait(300)
            change(here, number, 0, 0)
            outcomes.append("placed")
        except Refused as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert sorted(outcomes) == ["Clash", "placed"]
    assert (len(changes(here)), Meeting.objects.count()) == (1, 1)
