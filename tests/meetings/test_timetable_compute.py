"""Computing: one run at a time, a draft whole or not at all, and what a run says when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import connection
from factories import TableFactory, TitleFactory, UserFactory
from hall import hall

from madang.kernels.timetable import Plan, Status, check
from madang.kit import progress
from madang.markets.actions import notice_interrupted
from madang.markets.models import RunState
from madang.meetings.actions.compute import compute_timetable, contradiction_sentences, start_run, stop_run
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.actions.refusals import Situation
from madang.meetings.models import Attendance, Meeting, Timetable, TimetableRun, Unavailability, Unplaced
from madang.meetings.queries.timetable import plan_of, timetable_problem
from madang.meetings.tasks import compute_timetable as task


def computed(here, limit=300):
    run, is_new = start_run(here.organiser, here.edition, limit)
    assert is_new
    compute_timetable(run.key)
    run.refresh_from_db()
    return run


def crowd():
    """Everybody asks everybody: nine requests for six people; one booth, one absence, one title withdrawn."""
    here = hall()
    for buyer in range(3):
        for seller in range(3):
            here.ask(buyer, seller)
    company = here.sellers[2].company
    company.booth = TableFactory(edition=here.edition, is_booth=True)
    company.save()
    Unavailability.objects.create(participant=here.buyers[0], starts_at=here.slots[0].starts_at, ends_at=here.slots[0].ends_at)
    gone = here.requests[8]
    gone.title = TitleFactory(edition=here.edition, is_withdrawn=True)
    gone.save()
    return here


@pytest.mark.django_db
def test_a_computed_draft_has_no_clash_and_accounts_for_every_request():
    here = crowd()
    run = computed(here)
    assert (run.state, run.fault, run.asked_by) == (RunState.DONE, "", here.organiser)
    problem, maps = timetable_problem(here.edition)
    plan, strays = plan_of(run.timetable, maps)
    assert (check(problem, plan), strays) == ([], [])
    meetings = Meeting.objects.filter(timetable=run.timetable)
    unplaced = Unplaced.objects.filter(timetable=run.timetable)
    accounted = [*meetings.values_list("request", flat=True), *unplaced.values_list("request", flat=True)]
    assert sorted(accounted) == sorted(request.pk for request in here.requests)
    assert unplaced.get(request=here.requests[8]).code == "title_withdrawn"
    assert Attendance.objects.filter(timetable=run.timetable).count() == 2 * meetings.count()
    at_booth = meetings.filter(request__receiver=here.sellers[2])
    assert set(at_booth.values_list("table", flat=True)) <= {None}
    figures = run.timetable.result["figures"]
    assert (figures["placed"], figures["possible"], figures["people"]) == (meetings.count(), 8, 6)
    assert run.timetable.result["bound"] >= figures["weight"]


@pytest.mark.django_db
def test_a_new_computation_takes_the_place_of_the_draft_alone():
    here = crowd()
    published, _ = publish_timetable(here.organiser, here.edition, computed(here).timetable.revision)
    kept = sorted(Meeting.objects.filter(timetable=published).values_list("pk", flat=True))
    first = computed(here).timetable
    second = computed(here).timetable
    assert second.revision == first.revision + 1
    assert sorted(Timetable.objects.values_list("state", flat=True)) == ["draft", "published"]
    assert sorted(Meeting.objects.filter(timetable=published).values_list("pk", flat=True)) == kept


@pytest.mark.django_db
def test_a_second_click_gets_the_open_run():
    here = crowd()
    run, is_new = start_run(here.organiser, here.edition)
    again, again_new = start_run(here.organiser, here.edition, limit=300)
    assert (is_new, again_new, again.pk) == (True, False, run.pk)


@pytest.mark.django_db
def test_a_run_is_begun_once():
    here = crowd()
    run, _ = start_run(here.organiser, here.edition, limit=300)
    task.enqueue(run.key)
    draft = Timetable.objects.get()
    task.enqueue(run.key)
    assert (compute_timetable(run.key), Timetable.objects.get().pk) == (None, draft.pk)


@pytest.mark.django_db
def test_only_organisers_compute():
    here = crowd()
    with pytest.raises(PermissionDenied):
        start_run(UserFactory(), here.edition)
    run, _ = start_run(here.organiser, here.edition)
    with pytest.raises(PermissionDenied):
        stop_run(UserFactory(), run)


@pytest.mark.django_db
def test_stopping_before_it_begins_closes_the_run():
    here = crowd()
    run, _ = start_run(here.organiser, here.edition)
    stop_run(here.organiser, run)
    run.refresh_from_db()
    assert (run.state, compute_timetable(run.key), Timetable.objects.count()) == (RunState.STOPPED, None, 0)


@pytest.mark.django_db
def test_stopping_keeps_the_best():
    here = crowd()
    run, _ = start_run(here.organiser, here.edition)
    progress.ask_stop(run.key)
    compute_timetable(run.key)
    run.refresh_from_db()
    assert (run.state, run.timetable.result["stopped"]) == (RunState.STOPPED, True)
    problem, maps = timetable_problem(here.edition)
    assert check(problem, plan_of(run.timetable, maps)[0]) == []


@pytest.mark.django_db
def test_nothing_to_place_is_said():
    here = hall()
    run = computed(here)
    assert (run.state, Timetable.objects.count()) == (RunState.FAILED, 0)
    assert run.fault == "No meeting request has been accepted yet, so there is nothing to place."


@pytest.mark.django_db
def test_slots_that_overlap_are_named():
    here = crowd()
    slot = here.slots[1]
    slot.starts_at = here.slots[0].starts_at + (here.slots[0].ends_at - here.slots[0].starts_at) / 2
    slot.save()
    assert computed(here).fault == "The slots S0 and S1 overlap. Mend them in the workbook's sheet Slots."


@pytest.mark.django_db
def test_fixed_meetings_that_contradict_each_other_are_named():
    here = hall()
    here.ask(0, 0, fixed_slot=here.slots[0])
    here.ask(0, 1, fixed_slot=here.slots[0])
    run = computed(here)
    assert (run.state, Timetable.objects.count()) == (RunState.FAILED, 0)
    assert run.fault.splitlines() == [
        "The meetings that are fixed to a slot or a table contradict each other.",
        "Wed 28 May, 10:00 KST: Buyer B0 meets Seller S1 then.",
    ]


COMPUTER = """
import sys, time
import django
from django.conf import settings
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from madang.meetings.actions import compute
saving = compute.write_unplaced

def slowly(*given):
    saving(*given)
    print("in the middle", flush=True)
    time.sleep(600)

compute.write_unplaced = slowly  # the kill comes when the new draft has been written and not yet committed
compute.compute_timetable(sys.argv[2])
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_the_draft_of_before(client):
    here = crowd()
    before = computed(here).timetable
    meetings = sorted(Meeting.objects.values_list())
    run, _ = start_run(here.organiser, here.edition, limit=300)
    connection.close()
    path = os.pathsep.join(str(folder) for folder in (Path(__file__).parent.parent, *sys.path) if folder)
    killed = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", COMPUTER, str(settings.DATABASES["default"]["NAME"]), run.key],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": path},
    )  # fmt: skip
    try:
        assert killed.stdout.readline() == "in the middle\n"
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait(300)
        killed.stdout.close()
    assert (Timetable.objects.get(), sorted(Meeting.objects.values_list())) == (before, meetings)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING  # it still looks alive ...
    caches["progress"].set(f"beat:{run.key}", time.time() - progress.SILENT - 1)
    assert notice_interrupted(run).state == RunState.INTERRUPTED  # ... until its silence is noticed
    again, is_new = start_run(here.organiser, here.edition, limit=300)
    assert is_new
    assert compute_timetable(again.key).state == RunState.DONE
    assert TimetableRun.objects.filter(state=RunState.RUNNING).count() == 0


@pytest.mark.django_db
def test_a_run_that_was_taken_for_dead_saves_nothing(monkeypatch):
    here = crowd()
    run, _ = start_run(here.organiser, here.edition, limit=300)

    def declare_dead(now):
        TimetableRun.objects.filter(pk=run.pk).update(state=RunState.INTERRUPTED)

    compute_timetable(run.key, declare_dead)
    run.refresh_from_db()
    assert (run.state, Timetable.objects.count()) == (RunState.INTERRUPTED, 0)


def test_what_contradicts_what_is_said_where_no_single_meeting_is_to_blame(db):
    """Two meetings of one person, each fixed to a slot of one day, and she wants one a day."""
    here = hall()
    here.ask(0, 0, fixed_slot=here.slots[0]), here.ask(0, 1, fixed_slot=here.slots[1])
    here.buyers[0].max_meetings_per_day = 1
    here.buyers[0].save()
    problem, maps = timetable_problem(here.edition)
    found = Situation(problem, Plan(Status.INFEASIBLE, None, None, 0.0), maps)
    sentences = contradiction_sentences(here.edition, found)
    assert sentences == [
        "These cannot all be true: the meeting of Buyer B0 and Seller S0 is fixed to Wed 28 May, 10:00 KST;"
        " the meeting of Buyer B0 and Seller S1 is fixed to Wed 28 May, 10:30 KST;"
        " Buyer B0 wants fewer meetings a day (at most: 1)."
    ]


def test_the_dial_is_kept_with_the_run(db):
    here = hall()
    here.ask(0, 0)
    run, _ = start_run(here.organiser, here.edition, 5, aims={"break_price": 0.5})
    compute_timetable(run.key)
    assert Timetable.objects.get().result["aims"] == {"break_price": 0.5}
