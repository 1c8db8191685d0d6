"""`madang demo` as a person starts it: first build, second start, a build that was stopped, a worker that is killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
WAIT = 500.0
"""Seconds, for a machine that does other things too."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[str, Path]]:
    """The demo, running and answering; ended with SIGTERM. Gives its address and the file with its words."""
    port = free_port()
    log = folder / "words.txt"
    left = {name: value for name, value in os.environ.items() if not name.startswith(("MADANG_", "DATABASE_URL", "DJANGO_"))}
    command = [sys.executable, "-m", "madang.site.commandline", "demo", "--scale", "0.02", "--port", str(port), *arguments]
    with log.open("w") as words:
        process = subprocess.Popen(
            command, stdout=words, stderr=subprocess.STDOUT, env={**left, "MADANG_DEMO_DATA": str(folder)}, start_new_session=True
        )
        try:
            wait_for(lambda: answers(port), process, log)
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(WAIT)
    assert process.returncode == 0, log.read_text()
    wait_for(lambda: not answers(port))


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            return page.status == 200
    except OSError:
        return False


def wait_for(happens, process=None, log=None) -> None:
    until = time.monotonic() + WAIT
    while not happens():
        assert process is None or process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text() if log else "too late"
        time.sleep(0.1)


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "demo-meetings" / "madang.sqlite3") as database:
        return database.execute(sql).fetchall()


@pytest.mark.first
@pytest.mark.timeout(1200)
def test_reset_first_start_second_start(tmp_path):
    """What stood there is thrown away when that is asked for, and only then; a build that was stopped is started over."""
    half = tmp_path / "demo-meetings.building"
    half.mkdir()
    (half / "madang.sqlite3").write_text("a build that was killed in the middle")
    (tmp_path / "demo-meetings").mkdir()
    rows(tmp_path, "create table markets_market (name)")
    with started(tmp_path, "--stage", "meetings", "--reset") as (address, log):
        words = log.read_text()
        assert "was not finished; it is started over" in words
        assert f"{address}/" in words
        for role in ("organiser", "seller", "buyer", "juror", "public", "administrator"):
            assert f"{role}@demo.example" in words
        kill_worker(log)
    assert not half.exists()
    assert rows(tmp_path, "select name from markets_market") == [("Busan Content Market",)]
    before = rows(tmp_path, "select id, slug, clock_shift from markets_edition")
    rows(tmp_path, "update markets_market set name = 'What a person changed'")
    with started(tmp_path, "--stage", "meetings") as (address, log):
        assert "Building" not in log.read_text()
    assert rows(tmp_path, "select name from markets_market") == [("What a person changed",)]
    after = rows(tmp_path, "select id, slug, clock_shift from markets_edition")
    assert [row[:2] for row in before] == [row[:2] for row in after]
    assert before[0][2] > after[0][2]  # the same moment, seen from later


def kill_worker(log: Path) -> None:
    """The worker is killed; another one takes its place."""
    first = worker_numbers(log)
    os.kill(first[-1], signal.SIGKILL)
    wait_for(lambda: len(worker_numbers(log)) > len(first), log=log)
    assert "The worker ended (code -9); it is started again." in log.read_text()


def worker_numbers(log: Path) -> list[int]:
    wait_for(lambda: "Starting worker" in log.read_text(), log=log)
    return [int(number) for number in re.findall(r"worker_id=[^:]+:(\d+):", log.read_text())]


def test_one_demo_at_a_time(tmp_path):
    from madang.site.commandline.demo import alone
    from madang.site.commandline.faults import Fault

    with alone(tmp_path / "demo-live"), pytest.raises(Fault, match="is running already"), alone(tmp_path / "demo-live"):
        pass
