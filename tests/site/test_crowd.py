"""A few people change a published timetable at once over HTTP, then plain SQL looks at it. `make bench-meetings`: 200."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.once
RUN = Path(__file__).resolve().parents[2] / "bench" / "meetings" / "run.py"


@pytest.mark.first
@pytest.mark.django_db
def test_nothing_is_double_booked_or_lost(tmp_path):
    """On a database of its own, so one is enough: here SQLite, the bench has both. Its tables are those of the tests."""
    tables = tmp_path / "tables.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as ours, closing(sqlite3.connect(tables)) as copy:
        ours.backup(copy)
    command = [sys.executable, str(RUN), "--clients", "12", "--seconds", "4", "--database", "sqlite", "--tables", str(tables)]
    outside = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200, env=outside)
    assert done.returncode == 0, done.stdout + done.stderr
    requests = re.search(r"\| sqlite \| ([\d,]+) \|", done.stdout)
    assert int(requests.group(1).replace(",", "")) >= 12  # each was answered
    assert "error" not in done.stdout
