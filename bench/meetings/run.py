"""200 people change a published timetable at once, over HTTP: python bench/meetings/run.py [--clients 200] [--seconds 20]

A real `madang serve` on a database of its own: SQLite, then PostgreSQL (where it is installed). Afterwards the database is
looked at in plain SQL: no slot, table or person is double-booked, no meeting is lost without a change that says so, no quota is
exceeded. Prints requests a second, times and refusals; ends with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import audit  # noqa: E402  # beside this file
import crowd  # noqa: E402  # beside this file

POLICY = {"out": 12, "in": 3, "cap": 8}
"""What `build.py` sets: requests out and in, meetings a day."""
MADANG = [sys.executable, "-m", "madang.site.commandline"]


@dataclass
class Outcome:
    """One run: what came back, what changed, and what was wrong."""

    database: str
    told: crowd.Told
    seconds: float
    changes: int
    kinds: dict[str, int]
    faults: list[str]


def main() -> int:
    given = arguments()
    outcomes = []
    for database in given.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="madang-crowd-") as folder, an_address(database, Path(folder)) as url:
            if url is None:
                print("PostgreSQL is missing, so this was not measured there.", file=sys.stderr)
                continue
            outcomes.append(measure(database, url, Path(folder), given))
            show(outcomes[-1:], given)
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def arguments() -> argparse.Namespace:
    own = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own.add_argument("--clients", type=int, default=200, help="people at once (default: 200)")
    own.add_argument("--seconds", type=float, default=20, help="how long (default: 20)")
    own.add_argument("--seed", type=int, default=1)
    own.add_argument("--database", action="append", choices=["sqlite", "postgresql"], help="only there")
    own.add_argument("--tables", type=Path, help="an SQLite file with empty tables, instead of those that the migrations make")
    return own.parse_args()


@contextmanager
def an_address(database: str, folder: Path) -> Iterator[str | None]:
    """DATABASE_URL of a database that is gone afterwards; None where PostgreSQL is not installed."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'madang.sqlite3'}"
        return
    found = importlib.util.spec_from_file_location("postgres", ROOT / "tools" / "postgres.py")
    if found is None or found.loader is None:
        raise RuntimeError("tools/postgres.py is missing")
    postgres = importlib.util.module_from_spec(found)
    found.loader.exec_module(postgres)
    binaries = postgres.find_binaries()
    if binaries is None:
        yield None
        return
    place = tempfile.TemporaryDirectory(prefix=f"{postgres.PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
    with place as below, postgres.server(binaries, Path(below)) as url:
        yield url


def measure(database: str, url: str, folder: Path, given: argparse.Namespace) -> Outcome:
    """Build, serve, let the crowd loose, end the site, look at what is left."""
    facts = {**os.environ, "MADANG_DATA": str(folder), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "madang.site.settings"}
    facts["PYTHONWARNINGS"] = "ignore"
    if given.tables:
        shutil.copy(given.tables, folder / "madang.sqlite3")
    migrate = ["manage", "migrate", "--fake"] if given.tables else ["migrate"]
    subprocess.run([*MADANG, *migrate], env=facts, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, str(HERE / "build.py"), str(given.clients), str(given.seed)]
    built = subprocess.run(command, env=facts, check=True, stdout=subprocess.PIPE, text=True)
    market: dict[str, Any] = json.loads(built.stdout.splitlines()[-1])
    before = audit.standing(audit.Reader(url), market["timetable"])
    log = folder / "site.log"
    with serving(facts, log) as address:
        start = time.monotonic()
        told = crowd.let_loose(address, market, given.seconds, given.seed)
        took = time.monotonic() - start
    reader = audit.Reader(url)
    changes = reader.rows(audit.CHANGES.format(market["timetable"]))
    kinds: dict[str, int] = {}
    for row in changes:
        kinds[f"{row[2]} ({row[7]})"] = kinds.get(f"{row[2]} ({row[7]})", 0) + 1
    faults = [*told.faults, *audit.faults(reader, market["timetable"], before, POLICY), *printed_faults(log)]
    return Outcome(database, told, took, len(changes), kinds, faults)


@contextmanager
def serving(facts: dict[str, str], log: Path) -> Iterator[str]:
    """`madang serve` at a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as words:
        site = subprocess.Popen([*MADANG, "serve", "--port", str(port)], env=facts, stdout=words, stderr=words)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, site, log)
        yield address
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


def printed_faults(log: Path) -> list[str]:
    """What the site itself complained of; of a traceback what it ended with."""
    lines, found = log.read_text(errors="replace").splitlines(), []
    for number, line in enumerate(lines):
        if "Traceback" in line:
            end = next((later for later in lines[number + 1 :] if later and not later.startswith(" ")), "")
            found.append(f"the site printed: {end}")
        elif re.search(r"database is locked|Internal Server Error|deadlock detected", line):
            found.append(f"the site printed: {line}")
    return found[:10]


def show(outcomes: list[Outcome], given: argparse.Namespace) -> None:
    """Two tables: how fast, and what happened."""
    print(f"{given.clients} people, {given.seconds:g} seconds\n")
    print("| database | requests | a second | median | 95 % within | changes of the timetable | faults |")
    print("|---|---|---|---|---|---|---|")
    for one in outcomes:
        took = sorted(one.told.seconds) or [0.0]
        p95, median = took[int(0.95 * (len(took) - 1))], statistics.median(took)
        number = len(one.told.seconds)
        print(f"| {one.database} | {number:,} | {number / one.seconds:.0f} | {median * 1000:,.0f} ms | {p95 * 1000:,.0f} ms "
              f"| {one.changes:,} | {len(one.faults)} |")  # fmt: skip
    for one in outcomes:
        print(f"\n{one.database}: " + ", ".join(f"{words} {n:,}" for words, n in sorted(one.told.outcomes.items())))
        print("changes: " + ", ".join(f"{words} {n:,}" for words, n in sorted(one.kinds.items())))
        for fault in one.faults[:20]:
            print(f"  {fault}")


if __name__ == "__main__":
    sys.exit(main())
