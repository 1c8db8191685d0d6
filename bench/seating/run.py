"""1,350 places released to 500 clients at once, over HTTP: python bench/seating/run.py [--clients 500] [--kills 8]

A real `madang serve` on SQLite, then on PostgreSQL (where it is installed); beside it the same program with one lock an event
(`one_lock.py`); then once more with kill -9 of web workers in between. After each run the database is looked at in plain SQL: no
place has two owners, no booking that a client was told of is lost, nobody is written to twice, nobody in the waiting list is
passed over, holds run out. Ends with 1 where anything is wrong.

`run.py promotion --kills 80`: waiting lists of badges and of seats move up instead, while processes are killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import audit
import crowd
import promotion

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import postgres  # the server of the tests

HERE = Path(__file__).resolve().parent
MADANG = [sys.executable, "-m", "madang.site.commandline"]
PAUSE = (6, 9)
"""Seconds between two kills: of two within 5.5 seconds the web server believes that it cannot start, and ends."""
HEAD = [
    "database",
    "how",
    "seating",
    "clients",
    "places",
    "bookings",
    "bookings/s",
    "places/min",
    "p50",
    "p95",
    "waiting",
    "killed",
    "faults",
]


@dataclass(frozen=True)
class Case:
    """One run: `how` is "place" (as it is) or "event" (one lock an event)."""

    how: str
    mode: str
    kills: int = 0

    @property
    def code(self) -> str:
        return f"{self.how}-{self.mode}" + ("-killed" if self.kills else "")


def main() -> int:
    given = arguments()
    cases = [Case(how, mode) for mode in given.mode or ["reserved", "free"] for how in ("place", "event")]
    if given.kills:
        cases.append(Case("place", "reserved", given.kills))
    head = HEAD if given.what == "rush" else promotion.HEAD
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head), flush=True)
    wrong = False
    for database in given.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="madang-seats-") as folder, an_address(database, Path(folder)) as url:
            if url is None:
                print("PostgreSQL is missing, so this was not measured there.", file=sys.stderr)
                continue
            facts = environment(folder, url)
            subprocess.run([*MADANG, "migrate"], env=facts, check=True, stdout=subprocess.DEVNULL)
            if given.what == "promotion":
                wrong |= promote(database, url, facts, given)
                continue
            places = 0
            for case in cases:
                places += given.places
                wrong |= measure(database, url, Path(folder), facts, case, given, places)
    return 1 if wrong else 0


def arguments() -> argparse.Namespace:
    own = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own.add_argument("what", nargs="?", choices=["rush", "promotion"], default="rush")
    own.add_argument("--clients", type=int, default=500)
    own.add_argument(
        "--people", type=int, default=2, help="visitors on each client's connection, one after the other (default: 2)"
    )
    own.add_argument("--places", type=int, default=1350)
    own.add_argument("--kills", type=int, default=8, help="web workers killed in the last run (0: no such run)")
    own.add_argument("--workers", type=int, default=2)
    own.add_argument("--seed", type=int, default=1)
    own.add_argument("--mode", action="append", choices=["reserved", "free"], help="only so")
    own.add_argument("--database", action="append", choices=["sqlite", "postgresql"], help="only there")
    return own.parse_args()


def environment(folder: str, url: str) -> dict[str, str]:
    facts = {**os.environ, "MADANG_DATA": folder, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "madang.site.settings"}
    return facts | {"PYTHONWARNINGS": "ignore"}


@contextmanager
def an_address(database: str, folder: Path) -> Iterator[str | None]:
    """DATABASE_URL of a database that is gone afterwards; None where PostgreSQL is not installed."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'madang.sqlite3'}"
        return
    binaries = postgres.find_binaries()
    if binaries is None:
        yield None
        return
    place = tempfile.TemporaryDirectory(prefix=f"{postgres.PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
    with place as below, postgres.server(binaries, Path(below)) as url:
        yield url


def promote(database: str, url: str, facts: dict[str, str], given: argparse.Namespace) -> bool:
    """Let waiting lists move up while processes are killed; whether anything is wrong. One line of the table."""
    told, rows = said(facts, "promoting.py", str(given.kills), str(given.seed)), reader(url)
    faults = promotion.faults(rows, told["places"])
    counted = [rows(query)[0][0] for query in promotion.COUNTED.values()]
    print("| " + " | ".join(str(fact) for fact in [database, told["killed"], told["seconds"], *counted, len(faults)]) + " |")
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)
    return bool(faults)


def measure(
    database: str, url: str, folder: Path, facts: dict[str, str], case: Case, given: argparse.Namespace, places: int
) -> bool:
    """Build, serve, let the crowd loose, end the site, look at what is left; whether anything is wrong."""
    event = said(facts, "build.py", str(given.places), case.mode, case.code)
    log = folder / f"{case.code}.log"
    with serving(facts, log, case.how, given.workers) as (address, site):
        done = threading.Event()
        killer = Killer(site, case.kills, given.seed, done)
        killer.start()
        told, begun = crowd.let_loose(
            address, f"/e/{event['edition']}/programme/{event['code']}/seats/", given.clients, given.people, given.seed
        )
        done.set()
        killer.join()
    rows = reader(url)
    faults = [*told.faults, *audit.faults(rows, places, {})]
    faults += audit.faults(rows, places, told.booked) if not case.kills else lost_of(rows, told)
    after = said(facts, "afterwards.py", str(event["edition"]))
    faults += [*audit.faults(rows, places, {}), *audit.out_of_order(rows)]
    show(database, case, given, told, begun, killer.killed, sorted(set(faults)))
    if told.faults:
        print(log.read_text(errors="replace")[-6000:], file=sys.stderr)
    print(f"  {case.code}: {dict(told.outcomes)}; afterwards {after}", file=sys.stderr)
    return bool(faults)


def lost_of(rows: audit.Rows, told: crowd.Told) -> list[str]:
    """What clients were told is booked, and is not; a client whose answer was cut off was told nothing."""
    there = {row[0] for row in rows("select key from seating_booking where state in ('booked', 'held')")}
    lost = [key for key in told.booked if key not in there]
    return [f"{len(lost)} bookings that clients were told of are not there"] if lost else []


def show(
    database: str, case: Case, given: argparse.Namespace, told: crowd.Told, begun: float, killed: int, faults: list[str]
) -> None:
    """One line of the table; a line a fault below."""
    waits, booked = sorted(told.waits) or [0.0], told.outcomes["booked"]
    seconds = max(told.last - begun, 0.001)
    sold = sum(count for _email, count in told.booked.values())
    facts = [
        database,
        f"one lock a{'n event' if case.how == 'event' else ' place'}",
        case.mode,
        given.clients,
        f"{given.places:,}",
        f"{booked:,}",
    ]
    facts += [f"{booked / seconds:.0f}", f"{60 * sold / seconds:,.0f}", f"{statistics.median(waits):.1f} s"]
    facts += [f"{waits[int(0.95 * (len(waits) - 1))]:.1f} s", told.outcomes["waits"], killed, len(faults)]
    print("| " + " | ".join(str(fact) for fact in facts) + " |", flush=True)
    for fault in faults[:20]:
        print(f"  {fault}", file=sys.stderr)


def said(facts: dict[str, str], program: str, *words: str) -> dict[str, Any]:
    """What one of our programs prints as its last line."""
    command = [sys.executable, str(HERE / program), *words]
    built = subprocess.run(command, env=facts, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(built.stdout.splitlines()[-1])
    return found


@contextmanager
def serving(facts: dict[str, str], log: Path, how: str, workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`madang serve`, or the program with one lock, at a free port: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    as_it_is = [*MADANG, "serve", "--port", port, "--workers", str(workers)]
    command = as_it_is if how == "place" else [sys.executable, str(HERE / "one_lock.py"), port, str(workers)]
    with log.open("wb") as words:
        site = subprocess.Popen(command, env=facts, stdout=words, stderr=words)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, site, log)
        yield address, site
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(300)


def wait_for(address: str, site: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until and site.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"the site did not start:\n{log.read_text()[-2000:]}")


class Killer(threading.Thread):
    """Kills web workers of the site (kill -9), now and then, until the crowd is done."""

    def __init__(self, site: subprocess.Popen[bytes], kills: int, seed: int, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.site, self.kills, self.dice, self.done, self.killed = site, kills, random.Random(seed), done, 0

    def run(self) -> None:
        while self.killed < self.kills and not self.done.wait(self.dice.uniform(*PAUSE)):
            if workers := web_workers(self.site.pid):
                with suppress(ProcessLookupError):
                    os.kill(self.dice.choice(workers), signal.SIGKILL)
                    self.killed += 1


def web_workers(root: int) -> list[int]:
    """Processes of the web server below our own, those that have no children of their own."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    below, found = {root}, []
    for _depth in range(4):
        below |= {pid for pid, parent in parents.items() if parent in below}
    for pid in below - set(parents.values()):
        with suppress(OSError):
            if "granian" in Path(f"/proc/{pid}/cmdline").read_text() or "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text():
                found.append(pid)
    return found


def reader(url: str) -> audit.Rows:
    """Plain SQL on the database of this address."""
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(f"file:/{url.removeprefix('sqlite:///').lstrip('/')}?mode=ro", uri=True)
    else:
        import psycopg  # only where PostgreSQL is

        connection = psycopg.connect(url, autocommit=True)

    def rows(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.cursor().execute(query).fetchall()]

    return rows


if __name__ == "__main__":
    sys.exit(main())
