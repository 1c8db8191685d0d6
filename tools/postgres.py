"""Runs a command with a PostgreSQL of its own: python3 tools/postgres.py COMMAND...

The server lives in a temporary folder, listens on a socket in it alone, is told to the command as DATABASE_URL, and is
gone afterwards, however the command ends: also if this program is killed, for the kernel then ends the server.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "madang-postgres-"
PLACES = ["/usr/local/bin", "/usr/local/pgsql/bin"]
QUICK = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "listen_addresses=",
    "autovacuum=off",
    "jit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=2GB",
    "checkpoint_timeout=1d",
]


def main(command: list[str]) -> int:
    """Run `command` beside a server; the command's own exit code."""
    binaries = find_binaries()
    if binaries is None:
        print("PostgreSQL is missing; on Debian: apt-get install postgresql", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an exception, so that the clean-up below runs
    sweep()
    place = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
    with place as folder, server(binaries, Path(folder)) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


def find_binaries() -> Path | None:
    """The folder with initdb and postgres; the newest when Debian has several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    in_path = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    for folder in [*debian, *in_path, *map(Path, PLACES)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def sweep() -> None:
    """Remove folders of earlier runs that were killed: their number is the process that made them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server(binaries: Path, folder: Path) -> Iterator[str]:
    """A running server with its data in `folder`; yields its address."""
    owner = unprivileged()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    data, log = folder / "data", folder / "log"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "madang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner,
    )  # fmt: skip
    settings = [word for setting in [*QUICK, f"unix_socket_directories={folder}"] for word in ("-c", setting)]
    with log.open("wb") as words:
        program = [binaries / "postgres", "-D", data, *settings]
        process = subprocess.Popen(program, stdout=words, stderr=words, cwd=folder, preexec_fn=die_with_parent, **owner)
    try:
        wait_until_ready(binaries, folder, process, log)
        yield f"postgresql://madang@{str(folder).replace('/', '%2F')}/postgres"
    finally:
        process.send_signal(signal.SIGINT)  # "fast": open sessions are ended
        try:
            process.wait(120)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(60)


def unprivileged() -> dict[str, int]:
    """PostgreSQL refuses root: as root, the words for `subprocess` to become postgres or nobody."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise SystemExit("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody.")


def die_with_parent() -> None:
    """Ask Linux to end the server at once when this program is gone (PR_SET_PDEATHSIG)."""
    os.setsid()  # an interrupt from the keyboard is for us, not for the server
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def wait_until_ready(binaries: Path, folder: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            break
        asked = subprocess.run([binaries / "pg_isready", "-q", "-h", folder, "-U", "madang"], check=False)
        if asked.returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
