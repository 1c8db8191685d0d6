"""On PostgreSQL the migrations run once, while the tests are collected; each worker's database is a copy of what they made."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

NAME = "madang_template"
TOLD = "TEST_TEMPLATE_LOCK"
"""What the workers inherit where there is a template: the path of its lock."""


def begin() -> subprocess.Popen[bytes]:
    """Start the migrations; as long as they run, their process holds the lock."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME}")
        server.execute(f"CREATE DATABASE {NAME}")
    os.environ[TOLD] = str(settings.DATA / "template.lock")
    environment = {**os.environ, "DATABASE_URL": f"{address.rpartition('/')[0]}/{NAME}"}
    with Path(os.environ[TOLD]).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--settings=madang.site.settings"]
        return subprocess.Popen(command, env=environment, pass_fds=[lock.fileno()])


def copy() -> None:
    """Wait for the migrations, and let this worker's database be a copy. What they left undone the worker does, and says why."""
    if TOLD in os.environ:
        with Path(os.environ[TOLD]).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME
