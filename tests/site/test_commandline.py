"""The command `madang`: its words, its faults, what a dead worker leaves behind."""

from __future__ import annotations

import os
import socket

import pytest
from django.core.management import CommandError
from django_tasks_db.models import DBTaskResult
from factories import EditionFactory, UserFactory

from madang.accounts.models import User
from madang.kit import progress
from madang.markets.models import RunState
from madang.meetings.models import TimetableRun
from madang.site.commandline import main, worker
from madang.site.commandline.fresh import collect_static, compile_translations
from madang.site.commandline.serve import ensure_free

COMMANDS = ["demo", "serve", "work", "migrate", "createadmin", "manage"]


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    words = capsys.readouterr().out
    assert [command for command in COMMANDS if f"    {command}" not in words] == []
    assert "build-demo" not in words


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == "Madang 0.1.0\n"


def test_unknown_stage_is_a_sentence(capsys):
    assert main(["demo", "--stage", "lunch"]) == 2
    assert capsys.readouterr().err == (
        "madang: there is no stage 'lunch'; choose one of registration, meetings, live, after (make demo STAGE=live).\n"
    )


@pytest.mark.parametrize("port", ["0", "banana", "70000", "-1"])
def test_a_port_is_a_number(port, capsys):
    with pytest.raises(SystemExit) as end:
        main(["serve", f"--port={port}"])
    assert end.value.code == 2
    assert "is not a port" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_taken_port_is_a_sentence(command, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main([command, f"--port={port}"]) == 2
    words = capsys.readouterr().err
    assert words.startswith(f"madang: cannot listen on 127.0.0.1:{port}")
    assert f"--port {port + 1}" in words


def test_free_port_is_fine():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ensure_free("127.0.0.1", port)


def test_known_faults_of_django_become_sentences(monkeypatch, capsys, db):
    from madang.site.commandline import site

    def fail(given):
        raise CommandError("The cellar is locked.")

    monkeypatch.setattr(site, "run_migrate", fail)
    assert main(["migrate"]) == 2
    assert capsys.readouterr().err == "madang: The cellar is locked.\n"


# --- Administrators ----------------------------------------------------------------------------------------------------


def test_createadmin(db, capsys):
    assert main(["createadmin", "Ada@Example.org", "--name", "Ada", "--password", "a long garden path"]) == 0
    ada = User.objects.get()
    assert (ada.email, ada.name, ada.is_superuser, ada.is_staff) == ("ada@example.org", "Ada", True, True)
    assert ada.check_password("a long garden path")
    assert main(["createadmin", "ada@example.org"]) == 0  # again: nothing is lost
    ada.refresh_from_db()
    assert ada.check_password("a long garden path")
    assert User.objects.count() == 1


@pytest.mark.parametrize(("email", "password"), [("ada", "a long garden path"), ("ada@example.org", "short")])
def test_createadmin_says_what_is_wrong(db, capsys, email, password):
    assert main(["createadmin", email, "--password", password]) == 2
    assert capsys.readouterr().err.startswith("madang: ")
    assert User.objects.count() == 0


# --- Workers -----------------------------------------------------------------------------------------------------------

DEAD = 2**22 + 7
"""A process number above the highest that Linux gives."""


def claimed(run: TimetableRun, name: str) -> DBTaskResult:
    """A task that a worker has claimed."""
    return DBTaskResult.objects.create(
        status="RUNNING",
        args_kwargs={"args": [run.key], "kwargs": {}},
        task_path="madang.meetings.tasks.compute_timetable",
        backend_name="default",
        run_after=None,
        exception_class_path="",
        traceback="",
        worker_ids=[name],
    )


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
def test_dead_worker_is_tidied_up_after(db, state):
    run = TimetableRun.objects.create(edition=EditionFactory(), asked_by=UserFactory(), state=state)
    task = claimed(run, f"{worker.HOST}:{DEAD}:ab")
    assert worker.release_stale_tasks() == 1
    run.refresh_from_db()
    task.refresh_from_db()
    assert (run.state, task.status) == (RunState.INTERRUPTED, "FAILED")
    assert worker.release_stale_tasks() == 0


@pytest.mark.parametrize("name", [f"{worker.HOST}:{os.getppid()}:ab", "another-host:1:ab"])
def test_living_worker_keeps_its_task(db, name):
    run = TimetableRun.objects.create(edition=EditionFactory(), asked_by=UserFactory(), state=RunState.RUNNING)
    claimed(run, name)
    assert worker.release_stale_tasks() == 0
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_silent_run_without_a_task_is_noticed(db, monkeypatch):
    run = TimetableRun.objects.create(edition=EditionFactory(), asked_by=UserFactory(), state=RunState.RUNNING)
    with progress.alive(run.key):
        pass
    monkeypatch.setattr(progress, "SILENT", -1.0)  # as if the time had passed
    worker.release_stale_tasks()
    run.refresh_from_db()
    assert run.state == RunState.INTERRUPTED


# --- Made from sources -------------------------------------------------------------------------------------------------


def test_translations_are_compiled_when_stale(tmp_path):
    folder = tmp_path / "ko" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Table"\nmsgstr "테이블"\n', encoding="utf-8"
    )
    assert compile_translations(tmp_path) == ["ko"]
    assert compile_translations(tmp_path) == []
    compiled = source.with_suffix(".mo")
    os.utime(compiled, (1, 1))
    assert compile_translations(tmp_path) == ["ko"]
    assert "테이블".encode() in compiled.read_bytes()


def test_static_files_are_collected_when_stale(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    assert collect_static() is True
    assert collect_static() is False
    assert (settings.STATIC_ROOT / "madang" / "madang.css").exists()
