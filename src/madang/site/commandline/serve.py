"""`madang serve`: the site, its worker and its clock, started together, kept alive, ended together."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from madang.site.commandline.faults import Fault

PATIENCE = 10.0
"""Seconds that a process is given to end by itself."""
DEATHS = 5
"""So many ends of one process within a minute, and we give up: something is wrong that a new start does not mend."""


def add_commands(commands: Any) -> None:
    """Add `madang serve`."""
    serve = commands.add_parser("serve", help="run the site and its worker")
    add_address(serve, port=8000)
    serve.add_argument("--workers", type=int, default=2, help="processes that answer requests (default: 2)")
    serve.set_defaults(run=run_serve, django=False)


def add_address(command: argparse.ArgumentParser, *, port: int) -> None:
    """--host and --port."""
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1, this machine only)")
    command.add_argument("--port", type=a_port, default=port, help=f"the port to listen on (default: {port})")


def a_port(text: str) -> int:
    """A port's number from its text."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: choose a number from 1024 to 65535")
    return int(text)


def run_serve(given: argparse.Namespace) -> int:
    """Check the port, then the database; bring style sheets and translations up to date; then serve until told to end."""
    from madang.site.commandline import start_django

    ensure_free(given.host, given.port)
    allow_host(given.host)
    start_django()
    ensure_migrated()
    refresh()
    print(f"Madang is at http://{shown_host(given.host)}:{given.port}/ (Ctrl-C ends it)", flush=True)
    return keep_running(children(given.host, given.port, given.workers))


def ensure_free(host: str, port: int) -> None:
    """Raise a Fault when something listens there already, or when we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Fault(
                f"cannot listen on {host}:{port} ({fault.strerror or fault}); another program may use this port. "
                f"Choose another one, e.g. --port {port + 1} (make demo PORT={port + 1})."
            ) from None


def allow_host(host: str) -> None:
    """Let the site answer under the address it listens on, unless MADANG_HOSTS says which names it has."""
    if host not in ("", "0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        os.environ.setdefault("MADANG_HOSTS", f"localhost,127.0.0.1,[::1],{host}")


def shown_host(host: str) -> str:
    """The host as it stands in an address a person can open."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def ensure_migrated() -> None:
    """Raise a Fault when the tables are older than the program."""
    from django.core.management import CommandError, call_command

    try:
        call_command("migrate", "--check", verbosity=0)
    except (CommandError, SystemExit):
        raise Fault("the database's tables are not up to date; make a backup and run `madang migrate`.") from None


def refresh() -> None:
    """Bring compiled translations and collected static files up to date."""
    from madang.site.commandline import fresh

    fresh.compile_translations()
    fresh.collect_static()


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches us alone, and we end it in order."""
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=end_with_parent)  # noqa: S603  # our own commands

    def died(self) -> bool:
        """Note a death; True when it died too often to go on."""
        now = time.monotonic()
        self.deaths = [at for at in self.deaths if now - at < 60] + [now]
        return len(self.deaths) >= DEATHS


def end_with_parent() -> None:
    """On Linux, ask the kernel to end this process when ours is killed, so that no orphan keeps the port."""
    if sys.platform == "linux":
        PR_SET_PDEATHSIG = 1
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def children(host: str, port: int, workers: int) -> list[Child]:
    """The web server, the worker and the clock."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws"]
    web += ["--log-level", "warning", "--workers-kill-timeout", "5", "madang.site.wsgi:application"]
    own = [sys.executable, "-m", "madang.site.commandline"]
    return [Child("web server", web), Child("worker", [*own, "work"]), Child("clock", [*own, "tick", "--every", "60"])]


def keep_running(kept: list[Child]) -> int:
    """Start all, start anew what dies, and end all when we are told to."""
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, frame: told.append(got))
    try:
        for child in kept:
            child.start()
        while not told:
            look_after(kept)
            time.sleep(0.2)
    finally:
        end_all(kept)
    return 0


def look_after(kept: list[Child]) -> None:
    """Start anew what has ended; give up when it ends again and again."""
    for child in kept:
        if child.process is not None and child.process.poll() is not None:
            if child.died():
                raise Fault(f"the {child.name} ended {DEATHS} times within a minute; see its messages above.")
            print(f"The {child.name} ended (code {child.process.returncode}); it is started again.", flush=True)
            time.sleep(0.5)
            child.start()


def end_all(kept: list[Child]) -> None:
    """Ask all to end; ask a second time (the worker then leaves its task); then end them by force."""
    print("Ending ...", flush=True)
    for send in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        left = [child.process for child in kept if child.process is not None and child.process.poll() is None]
        for process in left:
            process.send_signal(send)
        until = time.monotonic() + PATIENCE / 2
        while any(process.poll() is None for process in left) and time.monotonic() < until:
            time.sleep(0.05)
