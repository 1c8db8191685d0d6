"""`madang demo`: a whole market to look at, with fictional people, at a chosen moment.

Each stage has a folder of its own. The first build happens beside it and is moved into place when all is done, so that a
build that was stopped in the middle is noticed and started over.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from madang.site.commandline.faults import Fault
from madang.site.commandline.serve import (
    add_address,
    allow_host,
    children,
    end_with_parent,
    ensure_free,
    keep_running,
    refresh,
    shown_host,
)

STAGES = ["registration", "meetings", "live", "after"]
TIMETABLED = ["live", "after"]
LIMIT = 150
"""Seconds for the timetable at most: enough for the search to end by itself, so that each demo has the same timetable."""


def add_commands(commands: Any) -> None:
    """Add `madang demo`, and the hidden command that builds it in a process of its own."""
    demo = commands.add_parser("demo", help="a whole market with fictional people, ready to look at")
    add_address(demo, port=8765)
    demo.add_argument("--stage", default="live", help=f"the moment: {', '.join(STAGES)} (default: live)")
    demo.add_argument("--reset", action="store_true", help="start over: throw away what was changed in this stage's demo")
    demo.set_defaults(run=run_demo, django=False)
    build = commands.add_parser("build-demo")  # without help: not in the list of commands
    build.add_argument("--stage", default="live")
    for command in (demo, build):
        command.add_argument("--scale", type=float, default=1.0, help=argparse.SUPPRESS)  # a smaller demo, for tests
    build.set_defaults(run=run_build)


def run_demo(given: argparse.Namespace) -> int:
    """Build on the first start, then serve; on later starts serve what is there."""
    if given.stage not in STAGES:
        raise Fault(f"there is no stage {given.stage!r}; choose one of {', '.join(STAGES)} (make demo STAGE=live).")
    ensure_free(given.host, given.port)
    folder = Path(os.environ.get("MADANG_DEMO_DATA", ".data")).absolute() / f"demo-{given.stage}"
    with alone(folder):
        if given.reset:
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            build(folder, given.stage, given.scale)
        serve(folder, given)
    return 0


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two starts of one demo do not build or serve it at the same time."""
    import fcntl  # not on Windows, where the rest of the command line still works

    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Fault(f"the demo in {folder} is running already; stop it first, or choose another STAGE.") from None
        yield


def environment(folder: Path) -> dict[str, str]:
    """The settings of a demo: its own folder with SQLite, whatever the shell says about a real installation."""
    left = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MADANG_DEBUG", "MADANG_HTTPS")}
    return {**left, "MADANG_DATA": str(folder), "MADANG_DEMO": "1", "PYTHONUNBUFFERED": "1"}


def build(folder: Path, stage: str, scale: float) -> None:
    """Build in a folder beside, and move it into place when it is whole."""
    half = folder.with_name(folder.name + ".building")
    if half.exists():
        print("The first build of this demo was not finished; it is started over.", flush=True)
        shutil.rmtree(half)
    half.mkdir(parents=True)
    print(f"Building the demo at stage “{stage}” (once; later starts take seconds).", flush=True)
    command = [sys.executable, "-m", "madang.site.commandline", "build-demo", "--stage", stage, "--scale", str(scale)]
    ended = subprocess.run(command, env=environment(half), preexec_fn=end_with_parent, check=False)  # noqa: S603  # our own command
    code = ended.returncode
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise Fault(f"the demo could not be built (code {code}); see the messages above. The next start begins again.")
    half.rename(folder)


def run_build(given: argparse.Namespace) -> int:
    """Tables, rows, timetable; a line for each step."""
    from django.core.management import call_command

    from madang.markets.models import Stage
    from madang.site.commandline.bar import Bar
    from madang.site.commandline.fresh import compile_translations
    from madang.site.demo.build import STEPS, build_demo
    from madang.site.demo.sizes import Size

    compile_translations()  # goals and letters of the demo are written in three languages
    bar = Bar("Tables")
    call_command("migrate", verbosity=0, interactive=False)
    bar.end("ready")
    bar = Bar("Rows")
    steps = count(1)
    demo = build_demo(
        Stage(given.stage),
        Size() if given.scale == 1 else Size().scaled(given.scale),
        tell=lambda words: bar.show(next(steps), STEPS, words),
    )
    bar.end(f"{len(demo.people):,} people, {len(demo.requests):,} requests")
    if given.stage in TIMETABLED:
        timetable(demo)
    forget_wal()
    return 0


def timetable(demo: Any) -> None:
    """Compute and publish the timetable with a bar."""
    from madang.site.commandline.bar import Bar
    from madang.site.demo.build import compute_and_publish

    bar = Bar("Timetable")
    latest: list[Any] = []

    def watch(now: Any) -> None:
        latest[:] = [now]
        words = f"{now.placed:,} of {now.possible:,} meetings" if now.placed else "preparing the solver (longer the first time)"
        bar.show(now.placed, now.possible, words)

    fault = compute_and_publish(demo.edition, demo.users["organiser"], watch, limit=LIMIT)
    if fault:
        raise Fault(f"the timetable could not be computed: {fault}")
    if not latest or not latest[0].placed:
        raise Fault("this machine was too busy to compute the timetable in time; please start again when it is calmer.")
    bar.end(f"{latest[0].placed:,} of {latest[0].possible:,} meetings placed and published")


def forget_wal() -> None:
    """Write everything into the database's one file, before the folder is moved."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def serve(folder: Path, given: argparse.Namespace) -> None:
    """Bring the data up to this version, set the clock, say who can sign in, and run until told to end."""
    os.environ.update(environment(folder))
    for name in ("DATABASE_URL", "MADANG_DEBUG", "MADANG_HTTPS"):
        os.environ.pop(name, None)
    allow_host(given.host)
    prepare()
    say_where(given, folder)
    keep_running(children(given.host, given.port, workers=2))


def prepare() -> None:
    """Tables, translations, static files and the clock."""
    from django.core.management import call_command

    from madang.site.commandline import start_django

    start_django()
    call_command("migrate", verbosity=0, interactive=False)
    refresh()
    from madang.markets.models import Edition
    from madang.site.demo.build import set_clock

    for edition in Edition.objects.filter(is_fictional=True):
        set_clock(edition)


def say_where(given: argparse.Namespace, folder: Path) -> None:
    """The address and the accounts."""
    from madang.site.demo.logins import LOGINS, PASSWORD

    print(f"\n  http://{shown_host(given.host)}:{given.port}/    Busan Content Market 2025, stage “{given.stage}”\n")
    print(f"  Sign in with one of these and the password  {PASSWORD}\n")
    for login in LOGINS:
        print(f"  {login.role:<14} {login.email:<28} {login.about}")
    print("\n  Companies and people are fictional; the showcase's facts are real. Mails are printed here.")
    print(f"  Data: {near(folder)} (kept; `make demo-reset` starts over). Ctrl-C ends the demo.\n", flush=True)


def near(folder: Path) -> Path:
    """The folder as one would type it here."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
