"""Changing a draft by hand."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from factories import TableFactory, TitleFactory, UserFactory
from hall import hall

from madang.kernels.timetable import free_places
from madang.markets.models import LogEntry
from madang.meetings.actions.moves import discard_draft, move_meeting, revise_published, undo_move
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.actions.refusals import Clash, NoDraft, NothingToUndo, NotInTimetable, StaleDraft
from madang.meetings.models import Attendance, Meeting, Move, RequestStatus, Timetable, Unavailability, Unplaced
from madang.meetings.queries.picked import pick
from madang.meetings.queries.reasons import violation_sentences
from madang.meetings.queries.timetable import plan_of, timetable_problem

pytestmark = pytest.mark.django_db


def places(timetable):
    """request -> (slot, table) of what stands, by code."""
    rows = Meeting.objects.filter(timetable=timetable, is_cancelled=False).select_related("slot", "table", "request")
    return {row.request_id: (row.slot.code, row.table.code if row.table else None) for row in rows}


def attendances(timetable):
    return {(row.participant_id, row.slot.code) for row in Attendance.objects.filter(timetable=timetable).select_related("slot")}


@pytest.fixture
def two():
    """B0-S0 in S0 at T0, B1-S1 in S0 at T1, B0-S1 not placed."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1), here.ask(0, 1)
    here.first = here.draft((0, 0, 0), (1, 0, 1))
    return here


def test_a_move_changes_the_meeting_its_people_and_the_revision(two):
    asked, before = two.requests[0], two.first.revision
    draft = move_meeting(two.organiser, two.edition, before, asked, two.slots[2], two.tables[1])
    assert places(draft) == {asked.pk: ("S2", "T1"), two.requests[1].pk: ("S0", "T1")}
    assert attendances(draft) == {
        (two.buyers[0].pk, "S2"), (two.sellers[0].pk, "S2"), (two.buyers[1].pk, "S0"), (two.sellers[1].pk, "S0"),
    }  # fmt: skip
    assert draft.revision == before + 1
    line = LogEntry.objects.get(verb="move_meeting")
    assert (line.subject, line.actor, line.details) == (asked.code, two.organiser, {"before": "S0 T0", "after": "S2 T1"})


def test_figures_follow_the_moves(two):
    draft = move_meeting(two.organiser, two.edition, two.first.revision, two.requests[2], two.slots[1], two.tables[0])
    assert (draft.result["figures"]["placed"], draft.result["figures"]["possible"], draft.result["bound"]) == (3, 3, 100)
    assert draft.result["figures"]["bands"] == {"none": 1, "to_24": 0, "to_49": 0, "to_74": 0, "to_99": 0, "all": 4} | {"none": 0}


def test_placing_and_taking_off(two):
    asked = two.requests[2]
    draft = move_meeting(two.organiser, two.edition, two.first.revision, asked, two.slots[1], two.tables[0])
    assert (places(draft)[asked.pk], Unplaced.objects.filter(timetable=draft).count()) == (("S1", "T0"), 0)
    draft = move_meeting(two.organiser, two.edition, draft.revision, asked, None)
    assert asked.pk not in places(draft)
    assert list(Unplaced.objects.filter(timetable=draft).values_list("request_id", "code")) == [(asked.pk, "removed_by_hand")]
    assert attendances(draft) & {(two.buyers[0].pk, "S1"), (two.sellers[1].pk, "S1")} == set()


@pytest.mark.parametrize(
    ("request_number", "slot", "table", "rules", "words"),
    [
        (
            2,
            0,
            1,
            {"double_booked", "table_twice"},
            "Wed 28 May, 10:00 KST: Buyer B0 meets Seller S0 then, Table T0.",
        ),
        (0, 0, 1, {"table_twice"}, "Wed 28 May, 10:00 KST: Table T1 is taken then by Buyer B1 and Seller S1."),
        (0, 1, None, {"table_missing"}, "The meeting of Buyer B0 and Seller S0 needs a table."),
        (0, 3, 0, {"forbidden"}, "Thu 29 May, 10:30 KST: Seller S0 cannot meet then."),
    ],
)
def test_a_clash_is_explained_and_changes_nothing(two, request_number, slot, table, rules, words):
    Unavailability.objects.create(participant=two.sellers[0], starts_at=two.slots[3].starts_at, ends_at=two.slots[3].ends_at)
    before = (places(two.first), attendances(two.first), LogEntry.objects.count())
    at = None if table is None else two.tables[table]
    with pytest.raises(Clash) as refused:
        move_meeting(two.organiser, two.edition, two.first.revision, two.requests[request_number], two.slots[slot], at)
    clash = refused.value
    assert {violation.rule for violation in clash.violations} == rules
    assert words in violation_sentences(two.edition, clash.situation.maps, clash.situation.plan, clash.violations)
    assert (places(two.first), attendances(two.first), LogEntry.objects.count()) == before
    assert (Timetable.objects.get().revision, Move.objects.count()) == (two.first.revision, 0)


def test_a_booth_cannot_be_at_a_table(two):
    company = two.sellers[2].company
    company.booth = TableFactory(edition=two.edition, is_booth=True)
    company.save()
    asked = two.ask(2, 2)
    with pytest.raises(Clash) as refused:
        move_meeting(two.organiser, two.edition, two.first.revision, asked, two.slots[0], two.tables[0])
    assert "table_not_allowed" in {violation.rule for violation in refused.value.violations}
    draft = move_meeting(two.organiser, two.edition, two.first.revision, asked, two.slots[0], None)
    assert places(draft)[asked.pk] == ("S0", None)


def test_undo_takes_back_one_change_after_the_other(two):
    first, third = two.requests[0], two.requests[2]
    start = places(two.first)
    draft = move_meeting(two.organiser, two.edition, two.first.revision, first, two.slots[2], two.tables[0])
    draft = move_meeting(two.organiser, two.edition, draft.revision, third, two.slots[1], two.tables[0])
    draft = move_meeting(two.organiser, two.edition, draft.revision, two.requests[1], None)
    for expected in (
        {first.pk: ("S2", "T0"), third.pk: ("S1", "T0"), two.requests[1].pk: ("S0", "T1")},
        {first.pk: ("S2", "T0"), two.requests[1].pk: ("S0", "T1")},
        start,
    ):
        revision = Timetable.objects.get().revision
        undo_move(two.organiser, two.edition, revision)
        assert places(two.first) == expected
        assert Timetable.objects.get().revision == revision + 1
    with pytest.raises(NothingToUndo):
        undo_move(two.organiser, two.edition, Timetable.objects.get().revision)


def test_undo_is_checked_as_well(two):
    draft = move_meeting(two.organiser, two.edition, two.first.revision, two.requests[0], two.slots[2], two.tables[0])
    Unavailability.objects.create(participant=two.buyers[0], starts_at=two.slots[0].starts_at, ends_at=two.slots[0].ends_at)
    with pytest.raises(Clash):
        undo_move(two.organiser, two.edition, draft.revision)
    assert places(draft)[two.requests[0].pk] == ("S2", "T0")


def test_a_stale_revision_changes_nothing(two):
    old = two.first.revision
    move_meeting(two.organiser, two.edition, old, two.requests[0], two.slots[2], two.tables[0])
    now = places(two.first)
    with pytest.raises(StaleDraft):
        move_meeting(two.organiser, two.edition, old, two.requests[1], two.slots[3], two.tables[0])
    with pytest.raises(StaleDraft):
        undo_move(two.organiser, two.edition, old)
    with pytest.raises(StaleDraft):
        discard_draft(two.organiser, two.edition, old)
    assert places(two.first) == now


def test_a_double_click_moves_once(two):
    old = two.first.revision
    once = move_meeting(two.organiser, two.edition, old, two.requests[0], two.slots[2], two.tables[0])
    twice = move_meeting(two.organiser, two.edition, old, two.requests[0], two.slots[2], two.tables[0])
    assert (once.revision, twice.revision, Move.objects.count()) == (old + 1, old + 1, 1)


def test_a_move_to_where_it_stands_is_no_change(two):
    draft = move_meeting(two.organiser, two.edition, two.first.revision, two.requests[0], two.slots[0], two.tables[0])
    assert (draft.revision, Move.objects.count()) == (two.first.revision, 0)


@pytest.mark.parametrize("how", ["status", "title"])
def test_a_request_that_is_gone_cannot_be_placed_but_taken_off(two, how):
    asked = two.requests[0]
    if how == "status":
        asked.status = RequestStatus.WITHDRAWN
    else:
        asked.title = TitleFactory(edition=two.edition, is_withdrawn=True)
    asked.save()
    with pytest.raises(NotInTimetable):
        move_meeting(two.organiser, two.edition, two.first.revision, asked, two.slots[2], two.tables[0])
    draft = move_meeting(two.organiser, two.edition, two.first.revision, asked, None)
    assert asked.pk not in places(draft)


def test_only_organisers(two):
    stranger = UserFactory()
    for act in (
        lambda: move_meeting(stranger, two.edition, two.first.revision, two.requests[0], None),
        lambda: undo_move(stranger, two.edition, two.first.revision),
        lambda: discard_draft(stranger, two.edition, two.first.revision),
        lambda: revise_published(stranger, two.edition),
        lambda: publish_timetable(stranger, two.edition, two.first.revision),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_without_a_draft():
    here = hall()
    asked = here.ask(0, 0)
    with pytest.raises(NoDraft):
        move_meeting(here.organiser, here.edition, 0, asked, here.slots[0], here.tables[0])
    with pytest.raises(NoDraft):
        revise_published(here.organiser, here.edition)


def test_revising_copies_what_is_published(two):
    published, _ = publish_timetable(two.organiser, two.edition, two.first.revision)
    draft = revise_published(two.organiser, two.edition)
    assert draft.revision == published.revision + 1
    assert (places(draft), attendances(draft)) == (places(published), attendances(published))
    assert set(Unplaced.objects.filter(timetable=draft).values_list("request", "code")) == {
        (two.requests[2].pk, "no_common_slot")
    }
    assert revise_published(two.organiser, two.edition) == draft  # a second click
    assert LogEntry.objects.filter(verb="revise_timetable").count() == 1


def test_discarding_keeps_what_is_published(two):
    publish_timetable(two.organiser, two.edition, two.first.revision)
    draft = revise_published(two.organiser, two.edition)
    discard_draft(two.organiser, two.edition, draft.revision)
    assert [timetable.version for timetable in Timetable.objects.all()] == [1]


def test_a_meeting_whose_request_is_gone_still_holds_its_place(two):
    gone, asked = two.requests[1], two.requests[0]
    gone.status = RequestStatus.WITHDRAWN
    gone.save()
    with pytest.raises(Clash) as refused:
        move_meeting(two.organiser, two.edition, two.first.revision, asked, two.slots[0], two.tables[1])
    assert [violation.rule for violation in refused.value.violations] == ["table_twice"]
    other = two.ask(2, 1)
    with pytest.raises(Clash) as refused:
        move_meeting(two.organiser, two.edition, two.first.revision, other, two.slots[0], None)
    draft = move_meeting(two.organiser, two.edition, two.first.revision, gone, None)
    draft = move_meeting(two.organiser, two.edition, draft.revision, other, two.slots[0], two.tables[1])
    assert places(draft)[other.pk] == ("S0", "T1")


def test_where_a_picked_meeting_can_go_is_what_the_whole_problem_says(two):
    """The small problem around a request, against the whole one: every request, and one that must come after another."""
    two.requests[2].after.add(two.requests[1])
    problem, maps = timetable_problem(two.edition)
    plan, _ = plan_of(two.first, maps)
    for request in two.requests:
        free = {(maps.slot(number).pk, table) for number, table in free_places(problem, plan, request.pk)}
        assert pick(two.first, two.edition, request.code).free == free
