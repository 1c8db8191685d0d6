"""Publishing: versions, sequences, notices; whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from factories import UserFactory
from hall import hall

from madang.markets.models import LogEntry
from madang.meetings.actions.moves import discard_draft, move_meeting, revise_published, undo_move
from madang.meetings.actions.publish import publish_timetable
from madang.meetings.actions.refusals import AlreadyPublished, NoDraft, Refused, StaleDraft, Unfit
from madang.meetings.models import Attendance, Meeting, Move, RequestStatus, Timetable, Unavailability, Unplaced
from madang.people.models import Notice


@pytest.fixture
def three(db):
    """Three meetings in a draft: B0-S0 at S0 T0, B1-S1 at S0 T1, B2-S2 at S1 T0."""
    here = hall()
    here.ask(0, 0), here.ask(1, 1), here.ask(2, 2)
    here.first = here.draft((0, 0, 0), (1, 0, 1), (2, 1, 0))
    return here


def publish(here, *, drop=False):
    revision = Timetable.objects.get(edition=here.edition, state="draft").revision
    return publish_timetable(here.organiser, here.edition, revision, drop=drop)


def change(here, number, slot, table):
    """Change the published timetable by one meeting and publish again."""
    draft = revise_published(here.organiser, here.edition)
    at = None if slot is None else here.slots[slot]
    move_meeting(
        here.organiser, here.edition, draft.revision, here.requests[number], at, None if table is None else here.tables[table]
    )
    return publish(here)[0]


def sequences(here, timetable):
    rows = Meeting.objects.filter(timetable=timetable)
    number = {request.pk: n for n, request in enumerate(here.requests)}
    return {number[row.request_id]: (row.sequence, row.is_cancelled) for row in rows}


def told():
    return sorted((notice.recipient.family_name, notice.kind) for notice in Notice.objects.select_related("recipient"))


def frozen():
    """Everything that a published version consists of."""
    versions = Timetable.objects.filter(version__isnull=False)
    return [
        sorted(Meeting.objects.filter(timetable__in=versions).values_list()),
        sorted(Attendance.objects.filter(timetable__in=versions).values_list()),
        sorted(Unplaced.objects.filter(timetable__in=versions).values_list("timetable", "request", "code")),
        sorted(versions.values_list("pk", "version", "revision", "published_at", "published_by", "created_at")),
        [timetable.result for timetable in versions.order_by("pk")],
    ]


def test_the_first_version(three):
    version, changes = publish(three)
    assert (version.version, version.state, version.published_by) == (1, "published", three.organiser)
    assert (len(changes.placed), len(changes.moved), len(changes.cancelled), len(changes.kept)) == (3, 0, 0, 0)
    assert sequences(three, version) == {0: (0, False), 1: (0, False), 2: (0, False)}
    assert told() == [(name, "meeting_placed") for name in ("B0", "B1", "B2", "S0", "S1", "S2")]
    line = LogEntry.objects.get(verb="publish_timetable")
    assert (line.subject, line.details) == ("1", {"placed": 3, "moved": 0, "cancelled": 0, "kept": 0})


def test_a_notice_says_whom_when_and_where(three):
    publish(three)
    notice = Notice.objects.get(recipient=three.buyers[0])
    assert (notice.kind, notice.key) == ("meeting_placed", f"v1/{three.requests[0].code}")
    company = three.sellers[0].company.name
    assert notice.data == {
        "request": three.requests[0].code, "version": 1, "starts_at": "2025-05-28T01:00:00+00:00", "zone": "Asia/Seoul",
        "place": "Table T0", "place_ko": "Table T0", "place_fr": "Table T0", "who": "Seller S0", "company": company,
    } | {name: notice.data[name] for name in ("place_ko", "place_fr")}  # fmt: skip


def test_a_later_version_tells_only_those_whose_meeting_moved(three):
    first, _ = publish(three)
    Notice.objects.all().delete()
    second = change(three, 1, 2, 0)
    assert told() == [("B1", "meeting_moved"), ("S1", "meeting_moved")]
    assert sequences(three, second) == {0: (0, False), 1: (1, False), 2: (0, False)}
    kept = {row.request_id: row.changed_at for row in Meeting.objects.filter(timetable=first)}
    now = {row.request_id: row.changed_at for row in Meeting.objects.filter(timetable=second)}
    changed = [number for number, request in enumerate(three.requests) if kept[request.pk] != now[request.pk]]
    assert changed == [1]
    first.refresh_from_db()
    assert (first.state, second.version) == ("superseded", 2)


def test_sequences_through_cancelling_and_coming_back(three):
    publish(three)
    second = change(three, 0, None, None)
    assert sequences(three, second) == {0: (1, True), 1: (0, False), 2: (0, False)}
    assert not Attendance.objects.filter(timetable=second, participant=three.buyers[0]).exists()
    third = change(three, 1, 3, 1)
    assert sequences(three, third) == {0: (1, True), 1: (1, False), 2: (0, False)}
    fourth = change(three, 0, 0, 0)
    assert sequences(three, fourth) == {0: (2, False), 1: (1, False), 2: (0, False)}
    kinds = [kind for name, kind in told() if name == "B0"]
    assert kinds == ["meeting_cancelled", "meeting_placed", "meeting_placed"]


def test_a_published_version_is_frozen(three):
    publish(three)
    before = frozen()
    draft = revise_published(three.organiser, three.edition)
    draft = move_meeting(three.organiser, three.edition, draft.revision, three.requests[0], three.slots[3], three.tables[0])
    draft = move_meeting(three.organiser, three.edition, draft.revision, three.requests[1], None)
    undo_move(three.organiser, three.edition, draft.revision)
    discard_draft(three.organiser, three.edition, draft.revision + 1)
    for act in (
        lambda: move_meeting(three.organiser, three.edition, draft.revision, three.requests[0], None),
        lambda: undo_move(three.organiser, three.edition, draft.revision),
        lambda: discard_draft(three.organiser, three.edition, draft.revision),
        lambda: publish_timetable(three.organiser, three.edition, draft.revision),
    ):
        with pytest.raises(NoDraft):
            act()
    assert frozen() == before
    change(three, 2, 3, 1)
    assert [part[: len(old)] for part, old in zip(frozen()[3:], before[3:], strict=True)] == before[3:]
    first = Timetable.objects.get(version=1)
    assert sorted(Meeting.objects.filter(timetable=first).values_list()) == before[0]
    assert sorted(Attendance.objects.filter(timetable=first).values_list()) == before[1]


def test_a_second_click_says_who_published(three):
    revision = three.first.revision
    publish_timetable(three.organiser, three.edition, revision)
    with pytest.raises(AlreadyPublished) as refused:
        publish_timetable(three.organiser, three.edition, revision)
    assert (refused.value.published.version, refused.value.published.published_by) == (1, three.organiser)
    assert (Timetable.objects.count(), Notice.objects.count()) == (1, 6)


def test_a_draft_that_somebody_changed_is_not_published(three):
    move_meeting(three.organiser, three.edition, three.first.revision, three.requests[0], three.slots[3], three.tables[0])
    with pytest.raises(StaleDraft):
        publish_timetable(three.organiser, three.edition, three.first.revision)
    assert Timetable.objects.get().state == "draft"


def test_a_new_absence_is_refused_or_left_out(three):
    Unavailability.objects.create(
        participant=three.sellers[0], starts_at=three.slots[0].starts_at, ends_at=three.slots[0].ends_at
    )
    with pytest.raises(Unfit) as refused:
        publish(three)
    assert {violation.rule for violation in refused.value.violations} == {"forbidden"}
    assert Timetable.objects.get().state == "draft"
    version, _ = publish(three, drop=True)
    assert sequences(three, version) == {1: (0, False), 2: (0, False)}
    assert list(Unplaced.objects.values_list("request", "code")) == [(three.requests[0].pk, "dropped_at_publishing")]


def test_a_withdrawn_request_is_refused_or_left_out(three):
    gone = three.requests[1]
    gone.status = RequestStatus.WITHDRAWN
    gone.save()
    with pytest.raises(Unfit) as refused:
        publish(three)
    assert (refused.value.strays, refused.value.violations) == ([gone.pk], [])
    version, _ = publish(three, drop=True)
    assert sequences(three, version) == {0: (0, False), 2: (0, False)}
    assert Unplaced.objects.count() == 0


def test_of_two_that_clash_the_one_less_wished_is_left_out(three):
    person = three.buyers[0]
    other = three.ask(0, 1, sender_wish=3, receiver_wish=3)
    move_meeting(three.organiser, three.edition, three.first.revision, other, three.slots[1], three.tables[1])
    person.max_meetings_per_day = 1
    person.save()
    version, _ = publish(three, drop=True)
    assert sequences(three, version) == {1: (0, False), 2: (0, False), 3: (0, False)}


def test_requests_accepted_later_are_accounted_for(three):
    late = three.ask(0, 2)
    version, _ = publish(three)
    assert list(Unplaced.objects.filter(timetable=version).values_list("request", "code")) == [(late.pk, "accepted_later")]
    assert version.result["figures"]["possible"] == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False], ids=["double click", "two organisers"])
def test_publishing_twice_at_once_gives_one_version(same):
    here = hall()
    here.ask(0, 0)
    draft = here.draft((0, 0, 0))
    other = here.organiser if same else UserFactory()
    here.edition.market.organisers.add(other)
    outcomes, ready = [], threading.Barrier(2)

    def press(actor):
        try:
            ready.wait(300)
            version, _ = publish_timetable(actor, here.edition, draft.revision)
            outcomes.append(("published", version.version, actor.pk))
        except Refused as refused:
            outcomes.append((type(refused).__name__, refused.published.version, refused.published.published_by_id))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(actor,)) for actor in (here.organiser, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    winner = next(outcome[2] for outcome in outcomes if outcome[0] == "published")
    assert sorted(outcomes) == sorted([("published", 1, winner), ("AlreadyPublished", 1, winner)])
    assert [timetable.version for timetable in Timetable.objects.all()] == [1]
    assert Notice.objects.count() == 2


PUBLISHER = """
import os, sys, time
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from madang.markets.models import Edition
from madang.meetings.actions import publish

def slowly(tellings):
    print("in the middle", flush=True)
    time.sleep(600)

publish.notify_many = slowly  # the kill comes when versions have turned and notices are about to be written
publish.publish_timetable(None, Edition.objects.get(pk=int(sys.argv[2])), int(sys.argv[3]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_server_killed_in_the_middle_leaves_the_version_of_before():
    here = hall()
    here.ask(0, 0)
    here.draft((0, 0, 0))
    publish(here)
    draft = revise_published(here.organiser, here.edition)
    draft = move_meeting(here.organiser, here.edition, draft.revision, here.requests[0], here.slots[2], here.tables[1])
    before, notices = frozen(), Notice.objects.count()
    connection.close()
    given = [str(settings.DATABASES["default"]["NAME"]), str(here.edition.pk), str(draft.revision)]
    path = os.pathsep.join(str(folder) for folder in (Path(__file__).parent.parent, *sys.path) if folder)
    killed = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PUBLISHER, *given],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": path},
    )  # fmt: skip
    try:
        assert killed.stdout.readline() == "in the middle\n"
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait(300)
        killed.stdout.close()
    time.sleep(0.1)
    assert (frozen(), Notice.objects.count()) == (before, notices)
    assert sorted(Timetable.objects.values_list("state", "version")) == [("draft", None), ("published", 1)]
    version, changes = publish(here)  # and it can be published now
    assert (version.version, len(changes.moved), Move.objects.count()) == (2, 1, 1)
