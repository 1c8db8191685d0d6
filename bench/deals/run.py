"""1,000 attempts to sign contracts for the same rights, at once, with kill -9 in between: python bench/deals/run.py

On SQLite, then on PostgreSQL (where it is installed); afterwards the database is looked at in plain SQL: nothing is sold twice,
nothing is half signed, nothing was refused without a contract in its way. Ends with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import doubles
import race

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import postgres  # the server of the tests

HERE = Path(__file__).resolve().parent
MADANG = [sys.executable, "-m", "madang.site.commandline"]


def main() -> int:
    own = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    own.add_argument("--attempts", type=int, default=1000, help="two for each licence (default: 1,000)")
    own.add_argument("--processes", type=int, default=12)
    own.add_argument("--kills", type=int, default=25)
    own.add_argument("--database", action="append", choices=["sqlite", "postgresql"], help="only there")
    given = own.parse_args()
    print(
        "| database | attempts | processes | killed | seconds | signed | first signatures | refused | busy | faults |\n|"
        + "---|" * 10
    )
    wrong = False
    for database in given.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="madang-signing-") as folder, an_address(database, Path(folder)) as url:
            if url is None:
                print("PostgreSQL is missing, so this was not measured there.", file=sys.stderr)
                continue
            wrong |= measure(database, url, Path(folder), given)
    return 1 if wrong else 0


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


def measure(database: str, url: str, folder: Path, given: argparse.Namespace) -> bool:
    """Build, let all sign, look at what is left; whether anything is wrong."""
    facts = {**os.environ, "MADANG_DATA": str(folder), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "madang.site.settings"}
    facts["PYTHONWARNINGS"] = "ignore"
    subprocess.run([*MADANG, "migrate"], env=facts, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, str(HERE / "contracts.py"), str(given.attempts // 2)]
    built = subprocess.run(command, env=facts, check=True, stdout=subprocess.PIPE, text=True)
    attempts = [(document, user) for document, user in json.loads(built.stdout.splitlines()[-1])]
    told = race.run(attempts, facts, [], processes=given.processes, kills=given.kills)
    faults = [*told.faults, *doubles.faults(reader(url))]
    words = (told.outcomes[word] for word in ("signed", "waits", "refused"))
    print(f"| {database} | {len(attempts):,} | {given.processes} | {told.kills} | {told.seconds:.0f} "
          f"| {' | '.join(f'{n:,}' for n in words)} | {told.busy} | {len(faults)} |", flush=True)  # fmt: skip
    for fault in faults[:20]:
        print(f"  {fault}", file=sys.stderr)
    return bool(faults)


def reader(url: str) -> doubles.Rows:
    """Plain SQL on the database of this address."""
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(f"file:/{url.removeprefix('sqlite:///').lstrip('/')}?mode=ro", uri=True)
    else:
        import psycopg  # only where PostgreSQL is

        connection = psycopg.connect(url)

    def rows(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.cursor().execute(query).fetchall()]

    return rows


if __name__ == "__main__":
    sys.exit(main())
