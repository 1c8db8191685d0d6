"""A draft beside a timetable that lives: the past stands, later changes are not undone, every earlier state can be told."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from hall import hall

from madang.markets.models import RunState
from madang.meetings.actions.compute import compute_timetable, start_run
from madang.meetings.actions.keeping import take_changes_over
from madang.meetings.actions.live import Step, change_meetings
from madang.meetings.actions.moves import move_meeting, revise_published
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.actions.publishing import publish_run, start_publishing
from madang.meetings.actions.refusals import InThePast, Outdated, Refused
from madang.meetings.models import Attendance, Cause, Meeting, PublishRun, Timetable, Unavailability, Unplaced
from madang.meetings.queries.versions import opening_revision, state_at
from madang.people.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Published: B0-S0 at S0 T0, B1-S1 at S1 T0; B2-S2 at S2 T0."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1), here.ask(2, 2)
    here.version = here.publish((0, 0, 0), (1, 1, 0), (2, 2, 0))
    return here


def live(here, number, slot, table=None):
    at, to = (None if slot is None else here.slots[slot]), (None if table is None else here.tables[table])
    return change_meetings(here.version, [Step(here.requests[number], at, to)], cause=Cause.ORGANISER, by=here.organiser)


def places(here, timetable):
    number = {request.pk: n for n, request in enumerate(here.requests)}
    rows = Meeting.objects.filter(timetable=timetable, is_cancelled=False).select_related("slot", "table")
    return {number[row.request_id]: f"{row.slot.code} {row.table.code}" for row in rows.order_by("request_id")}


def test_what_has_begun_stands_when_computed_anew(three):
    three.ask(0, 1), three.ask(1, 0)
    three.at(1)  # S0 is over, S1 has begun
    when = three.slots[0]
    Unavailability.objects.create(participant=three.buyers[0], starts_at=when.starts_at, ends_at=when.ends_at)  # said afterwards
    run, _ = start_run(three.organiser, three.edition, limit=300)
    assert compute_timetable(run.key).state == RunState.DONE
    draft = Timetable.objects.get(state="draft")
    found = places(three, draft)
    assert {number: found[number] for number in (0, 1)} == {0: "S0 T0", 1: "S1 T0"}
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert {found[number].split()[0] for number in (2, 3, 4)} <= {"S2", "S3"}
    assert Attendance.objects.filter(timetable=draft).count() == 10
    version, changes = publish_timetable(three.organiser, three.edition, draft.revision)
    assert places(three, version) == found
    assert len(changes.cancelled) == 0


def test_a_draft_of_yesterday_does_not_move_what_was_held(three):
    draft = revise_published(three.organiser, three.edition)
    draft = move_meeting(three.organiser, three.edition, draft.revision, three.requests[0], three.slots[3], three.tables[0])
    draft = move_meeting(three.organiser, three.edition, draft.revision, three.requests[2], three.slots[0], three.tables[1])
    three.at(0)
    for number, slot in ((2, 3), (1, 0)):  # out of the past, and into it
        with pytest.raises(InThePast):
            move_meeting(
                three.organiser, three.edition, draft.revision, three.requests[number], three.slots[slot], three.tables[1]
            )
    version, changes = publish_timetable(three.organiser, three.edition, draft.revision)
    assert places(three, version) == {0: "S0 T0", 1: "S1 T0"}
    assert [meeting.request for meeting in changes.cancelled] == [three.requests[2]]
    assert list(Unplaced.objects.filter(timetable=version).values_list("request", "code")) == [
        (three.requests[2].pk, "time_passed")
    ]


def test_a_draft_is_not_published_over_later_changes(three):
    draft = revise_published(three.organiser, three.edition)
    draft = move_meeting(three.organiser, three.edition, draft.revision, three.requests[1], three.slots[3], three.tables[0])
    live(three, 0, 3, 0), live(three, 2, None)
    with pytest.raises(Outdated) as refused:
        publish_timetable(three.organiser, three.edition, draft.revision)
    assert refused.value.requests == [three.requests[0].pk, three.requests[2].pk]
    draft, taken, displaced = take_changes_over(three.organiser, three.edition, draft.revision)
    assert (taken, displaced) == (2, 1)  # what the organiser had moved to S3 T0 makes room
    assert places(three, draft) == {0: "S3 T0"}
    assert dict(Unplaced.objects.filter(timetable=draft).values_list("request", "code")) == {
        three.requests[1].pk: "made_room", three.requests[2].pk: "cancelled"
    }  # fmt: skip
    version, _changes = publish_timetable(three.organiser, three.edition, draft.revision)
    assert (version.version, places(three, version)) == (2, {0: "S3 T0"})


def test_a_draft_that_saw_the_changes_is_published(three):
    live(three, 0, 3, 0)
    draft = revise_published(three.organiser, three.edition)
    assert publish_timetable(three.organiser, three.edition, draft.revision)[0].version == 2


def standing_places(timetable):
    rows = Meeting.objects.filter(timetable=timetable, is_cancelled=False)
    return {request: (slot, table) for request, slot, table in rows.values_list("request_id", "slot_id", "table_id")}


def test_every_earlier_state_is_told_from_the_changes(three):
    """Random changes; after each the state is written down, and in the end each is rebuilt."""
    dice, seen = random.Random(5), {}
    three.ask(0, 1), three.ask(2, 1)
    version = three.version
    first = opening_revision(version)
    seen[first] = standing_places(version)
    for _ in range(30):
        steps = [
            Step(request, None if dice.random() < 0.2 else dice.choice(three.slots), dice.choice(three.tables))
            for request in dice.sample(three.requests, dice.choice([1, 1, 2]))
        ]
        try:
            change_meetings(version, steps, cause=Cause.ORGANISER, by=three.organiser)
        except Refused:
            continue
        version.refresh_from_db()
        seen[version.revision] = standing_places(version)
    assert len(seen) > 8
    assert {revision: state_at(version, revision) for revision in seen} == seen
    assert opening_revision(version) == first


def test_the_pages_of_a_version_s_life(three, client):
    live(three, 0, 3, 0), live(three, 2, None)
    client.force_login(three.organiser)
    path = reverse("meetings:version_changes", args=[three.edition.slug, 1])
    page = client.get(path).content.decode()
    first = opening_revision(three.version)
    assert [f"?revision={first + n}" in page for n in (0, 1, 2, 3)] == [True, True, True, False]
    meetings = [client.get(path, {"revision": first + n}).content.decode().count('<li class="row">') for n in range(3)]
    assert meetings == [3, 3, 2]
    assert [client.get(path, {"revision": bad}).status_code for bad in ("x", "", first - 1, first + 3, "9" * 20)] == [404] * 5


def test_publishing_over_later_changes_offers_the_way_out(three, client):
    draft = revise_published(three.organiser, three.edition)
    live(three, 0, 3, 1)
    client.force_login(three.organiser)
    url = {name: reverse(f"meetings:{name}", args=[three.edition.slug]) for name in ("publish", "take_over", "timetable")}
    refused = client.post(url["publish"], {"revision": draft.revision}, follow=True)
    assert (refused.status_code, "Take the changes over into the draft" in refused.content.decode()) == (409, True)
    taken = client.post(url["take_over"], {"revision": draft.revision}, follow=True).content.decode()
    assert "One change was taken over." in taken
    draft.refresh_from_db()
    done = client.post(url["publish"], {"revision": draft.revision}, follow=True).content.decode()
    assert "Version 2 is published." in done
    assert PublishRun.objects.filter(state=RunState.DONE).count() == 1


def test_a_second_press_gets_the_open_run(three):
    draft = revise_published(three.organiser, three.edition)
    run, is_new = start_publishing(three.organiser, three.edition, draft.revision)
    again, is_new_again = start_publishing(three.organiser, three.edition, draft.revision)
    assert (is_new, is_new_again, again) == (True, False, run)
    assert publish_run(run.key).state == RunState.DONE
    assert publish_run(run.key) is None
    late, _ = start_publishing(three.organiser, three.edition, draft.revision)
    assert publish_run(late.key).refusal == {"kind": "already", "version": 2, "who": "Organiser"}


PUBLISHER = """
import sys, time
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
from madang.meetings.actions import publishing
from madang.kit import progress
from contextlib import contextmanager

@contextmanager
def alive(key):
    yield
    print("published", flush=True)
    time.sleep(600)

publishing.progress.alive = alive  # the kill comes right after the commit
publishing.publish_run(sys.argv[2])
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_right_after_publishing_has_published_and_told():
    here = hall()
    here.ask(0, 0)
    draft = here.draft((0, 0, 0))
    run, _ = start_publishing(here.organiser, here.edition, draft.revision)
    connection.close()
    path = os.pathsep.join(str(folder) for folder in (Path(__file__).parent.parent, *sys.path) if folder)
    killed = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PUBLISHER, str(settings.DATABASES["default"]["NAME"]), run.key],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": path},
    )  # fmt: skip
    try:
        assert killed.stdout.readline() == "published\n"
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait(300)
        killed.stdout.close()
    time.sleep(0.1)
    run.refresh_from_db()
    assert (run.state, run.timetable.version, run.changes["placed"]) == (RunState.DONE, 1, 1)
    assert Notice.objects.filter(kind="meeting_placed", mailed_at=None).count() == 2
    assert publish_run(run.key) is None
