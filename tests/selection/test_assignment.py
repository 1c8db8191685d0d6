"""Readings dealt out: proposed, taken, changed by hand; a juror leaves and only her entries move."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from jury_rows import make_call, make_criteria, make_entries, make_jurors, organiser_of, read_by, score_all

from madang.people.models import Notice
from madang.selection.actions.assignment import (
    add_reading,
    compute_assignment,
    lock_reading,
    remove_reading,
    start_assignment,
    stop_assignment,
    take_assignment,
    undo_assignment,
)
from madang.selection.actions.jury import add_conflict, leave_jury, restore_conflict, waive_conflict
from madang.selection.actions.refusals import Refused
from madang.selection.models import AssignmentRun, Conflict, Entry, EntryState, Reading
from madang.selection.queries.proposal import proposal_of
from madang.selection.queries.readers import other_reasons, reader_rows

pytestmark = pytest.mark.django_db


def deal(actor, call, **settings) -> AssignmentRun:
    run, is_new = start_assignment(actor, call, **({"anew": False, "most_compatriots": None} | settings))
    assert is_new
    return compute_assignment(run.key)


def pairs(call) -> set[tuple[str, int]]:
    rows = Reading.objects.filter(juror__call=call).exclude(state="recused")
    return set(rows.values_list("entry__code", "juror"))


def test_a_proposal_changes_nothing_until_it_is_taken():
    call = make_call()
    jurors, _works = make_jurors(call, 4), make_entries(call, 10)
    organiser = organiser_of(call)
    run = deal(organiser, call)
    assert (run.state, run.report["status"], run.report["missing"], run.report["new"]) == ("done", "optimal", 0, 20)
    assert pairs(call) == set()
    assert take_assignment(organiser, run) == 20
    loads = [juror.readings.count() for juror in jurors]
    assert loads == [5, 5, 5, 5]
    assert sorted({code for code, _ in pairs(call)}) == [f"E-{n:03}" for n in range(10)]
    assert set(Notice.objects.values_list("recipient", "kind")) == {(j.participant_id, "readings_assigned") for j in jurors}
    with pytest.raises(Refused):
        take_assignment(organiser, run)
    assert deal(organiser, call).report["new"] == 0


def test_what_has_changed_since_is_not_overwritten():
    call = make_call()
    make_jurors(call, 3)
    works = make_entries(call, 4)
    organiser = organiser_of(call)
    run = deal(organiser, call)
    Entry.objects.filter(pk=works[0].pk).update(state=EntryState.WITHDRAWN)
    with pytest.raises(Refused, match="have changed since"):
        take_assignment(organiser, run)
    assert pairs(call) == set()


def test_a_juror_leaves_and_only_her_entries_move():
    call = make_call()
    make_criteria(call)
    jurors, _works = make_jurors(call, 4), make_entries(call, 10)
    organiser = organiser_of(call)
    take_assignment(organiser, deal(organiser, call))
    mine = list(jurors[0].readings.order_by("pk"))
    score_all(call, mine[:2])
    before = pairs(call)
    assert leave_jury(organiser, jurors[0]) == 3
    assert leave_jury(organiser, jurors[0]) == 0
    take_assignment(organiser, deal(organiser, call))
    after = pairs(call)
    gone, new = before - after, after - before
    assert gone == {(r.entry.code, jurors[0].pk) for r in mine[2:]}
    assert {code for code, _ in new} == {code for code, _ in gone}
    assert jurors[0].readings.count() == 2


def test_conflicts_languages_and_what_was_given_back_are_kept_apart():
    call = make_call()
    korean = make_entries(call, 3, subtitles="")
    one, two, french = make_jurors(call, 3)
    type(french).objects.filter(pk=french.pk).update(languages="fr")
    organiser = organiser_of(call)
    add_conflict(organiser, one, korean[0], "Her brother.")
    run = deal(organiser, call)
    assert (run.report["status"], run.report["missing"]) == ("infeasible", 1)
    lack = proposal_of(run).lacks[0]
    assert (lack.kind, [e.code for e in lack.entries], lack.need, lack.room, lack.languages) == (
        "readers",
        ["E-000"],
        2,
        1,
        ["ko"],
    )
    assert {str(words): n for words, n in lack.barred} == {"conflict of interest": 1, "no language in common": 1}
    take_assignment(organiser, run)
    assert pairs(call) == {(e.code, j.pk) for e in korean for j in (one, two)} - {("E-000", one.pk)}
    conflict = Conflict.objects.get()
    waive_conflict(organiser, conflict, "They have not met.")
    take_assignment(organiser, deal(organiser, call))
    assert ("E-000", one.pk) in pairs(call)
    restore_conflict(organiser, conflict)
    assert ("E-000", one.pk) not in pairs(call)


def test_what_was_dealt_out_last_is_undone_but_for_what_was_begun_since():
    call = make_call()
    jurors, works = make_jurors(call, 4), make_entries(call, 6)
    read_by(jurors[:2], works)
    organiser, before = organiser_of(call), pairs(call)
    run = deal(organiser, call, anew=True)
    take_assignment(organiser, run)
    after = pairs(call)
    new = after - before
    assert (len(new), undo_assignment(organiser, run), pairs(call)) == (6, (6, 6), before)
    assert take_assignment(organiser, run) == 6  # all is as it was computed for
    assert pairs(call) == after
    begun = min(new)
    Reading.objects.filter(entry__code=begun[0], juror=begun[1]).update(state="begun")
    assert undo_assignment(organiser, run)[0] == 5
    left = pairs(call)
    assert (begun in left, left - {begun} <= before) == (True, True)
    assert sorted(code for code, _juror in left) == sorted(2 * [work.code for work in works])
    with pytest.raises(Refused):
        undo_assignment(organiser, run)


def test_dealing_out_anew_keeps_what_is_begun_scored_or_set_by_hand():
    call = make_call()
    make_criteria(call)
    jurors, works = make_jurors(call, 4), make_entries(call, 8)
    readings = read_by(jurors[:2], works)
    organiser = organiser_of(call)
    score_all(call, readings[:3])
    lock_reading(organiser, readings[-1], locked=True)
    kept = {(r.entry.code, r.juror_id) for r in (*readings[:3], readings[-1])}
    run = deal(organiser, call, anew=True)
    take_assignment(organiser, run)
    assert kept <= pairs(call)
    assert sorted(juror.readings.count() for juror in jurors) == [4, 4, 4, 4]
    lock_reading(organiser, readings[-1], locked=False)
    assert Reading.objects.filter(is_locked=True).count() == 0


def test_readings_by_hand():
    call = make_call()
    make_criteria(call)
    one, two = make_jurors(call, 2)
    work = make_entries(call, 1)[0]
    organiser = organiser_of(call)
    reading = add_reading(organiser, one, work)
    assert (reading.is_locked, Notice.objects.get().recipient) == (True, one.participant)
    with pytest.raises(Refused, match="reads this entry already"):
        add_reading(organiser, one, work)
    add_conflict(organiser, two, work, "Her brother.")
    with pytest.raises(Refused, match="conflict of interest"):
        add_reading(organiser, two, work)
    with pytest.raises(PermissionDenied):
        add_reading(one.participant.user, one, work)
    rows = reader_rows(work)
    assert [(row.reading, str(row.why), row.marks) for row in rows] == [(reading, "set by hand, or begun", [])]
    assert [(other.juror, str(other.why)) for other in other_reasons(work)] == [(two, "conflict of interest")]
    remove_reading(organiser, reading)
    assert pairs(call) == set()
    again = add_reading(organiser, one, work)
    score_all(call, [again])
    with pytest.raises(Refused, match="stays for the record"):
        remove_reading(organiser, again)


def test_more_readers_than_asked_for_are_left_alone():
    call = make_call(readers=1)
    jurors, works = make_jurors(call, 3), make_entries(call, 3)
    organiser = organiser_of(call)
    for juror in jurors:
        add_reading(organiser, juror, works[0])
    take_assignment(organiser, deal(organiser, call))
    assert works[0].readings.count() == 3
    assert [work.readings.count() for work in works[1:]] == [1, 1]


def test_one_run_at_a_time_and_a_stop_before_it_begins():
    call = make_call()
    organiser = organiser_of(call)
    run, _new = start_assignment(organiser, call, anew=False, most_compatriots=1)
    assert start_assignment(organiser, call, anew=True, most_compatriots=1) == (run, False)
    stop_assignment(organiser, run)
    run.refresh_from_db()
    assert run.state == "stopped"
    assert compute_assignment(run.key) is None
    with pytest.raises(Refused):
        take_assignment(organiser, run)
    with pytest.raises(PermissionDenied):
        start_assignment(make_jurors(call, 1)[0].participant.user, call, anew=False, most_compatriots=1)
