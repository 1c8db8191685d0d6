"""Two imports at once, and a worker that is killed in the middle of loading."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from books import TEMPLATE, examined
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from factories import EditionFactory, MarketFactory, UserFactory

from madang.markets.actions import notice_interrupted
from madang.markets.models import Edition, LogEntry, Market, RunState
from madang.meetings.models import MeetingRequest
from madang.people.models import Participant
from madang.workbook import actions
from madang.workbook.models import ImportRun

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.MEDIA_ROOT = sys.argv[3]
django.setup()
from madang.workbook.actions import load
write = load.WRITERS["Requests"]
def write_and_die(*args):
    write(*args)
    print("written", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
load.WRITERS["Requests"] = write_and_die
from madang.workbook.actions import load_import
load_import(sys.argv[2])
"""


def test_a_worker_killed_in_the_middle_leaves_nothing(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    organiser = UserFactory()
    market = MarketFactory()
    market.organisers.add(organiser)
    edition = EditionFactory(slug="example-2026", market=market)
    run, _ = actions.start_import(organiser, edition, SimpleUploadedFile("a.xlsx", TEMPLATE))
    actions.read_import(run.key)
    run.refresh_from_db()
    assert actions.confirm_import(organiser, run)
    name = str(connection.settings_dict["NAME"])
    end = subprocess.run(
        [sys.executable, "-c", KILLED, name, run.key, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert (end.returncode, end.stdout) == (-signal.SIGKILL, "written\n"), end.stderr
    assert (Participant.objects.count(), MeetingRequest.objects.count(), LogEntry.objects.count()) == (0, 0, 0)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    caches["progress"].set(f"beat:{run.key}", 1.0)  # some time later
    assert notice_interrupted(run).state == RunState.INTERRUPTED
    assert actions.confirm_import(organiser, run)
    actions.load_import(run.key)
    assert (Participant.objects.count(), ImportRun.objects.get().state) == (20, RunState.DONE)


def test_two_imports_of_one_new_edition_at_once() -> None:
    found = [examined(None, None), examined(None, None)]
    start, ends = threading.Barrier(2), []

    def load(one: Any) -> None:
        try:
            start.wait()
            ends.append(actions.load_workbook(None, None, one).is_new)
        except actions.NotLoaded as refusal:
            ends.append(refusal.faults)
        finally:
            connection.close()

    threads = [threading.Thread(target=load, args=[one]) for one in found]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(str(end) for end in ends) in (["False", "True"], ["True", "[]"])
    assert (Market.objects.count(), Edition.objects.count(), Participant.objects.count()) == (1, 1, 20)
    assert MeetingRequest.objects.count() == 30


def test_two_imports_into_one_edition_at_once() -> None:
    actions.load_workbook(None, None, examined(None, None))
    found = [examined(None, None, {"People!C2": name}) for name in ("One", "Two")]
    start, ends = threading.Barrier(2), []

    def load(one: Any) -> None:
        try:
            start.wait()
            ends.append(actions.load_workbook(None, None, one).is_new)
        finally:
            connection.close()

    threads = [threading.Thread(target=load, args=[one]) for one in found]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (ends, LogEntry.objects.count()) == ([False, False], 3)
    assert Participant.objects.get(code="P01").family_name in ("One", "Two")
