"""The same booking with one lock an event, for comparison: whoever holds or books locks the event's row first.

`madang.seating` with two functions wrapped; nothing else differs. Served by `python bench/seating/one_lock.py PORT`.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madang.site.settings")
MARK = "MADANG_ONE_LOCK"
ONE = threading.Lock()


def locked(action: Callable[..., Any], seating_of: Callable[..., int]) -> Callable[..., Any]:
    """The action inside a transaction that holds the event's lock from its beginning to its end."""
    from django.db import connection, transaction

    from madang.seating.actions.refusals import patiently
    from madang.seating.models import Seating

    @patiently
    @functools.wraps(action)
    def whole(*args: Any, **kwargs: Any) -> Any:
        if connection.features.has_select_for_update:
            with transaction.atomic():
                list(Seating.objects.select_for_update().filter(pk=seating_of(*args)).values_list("pk"))
                return action(*args, **kwargs)
        with ONE, transaction.atomic():  # SQLite: BEGIN IMMEDIATE is the lock of the whole file
            return action(*args, **kwargs)

    return whole


def wrap() -> None:
    """Put the lock around what the pages call."""
    from madang.seating.views import public

    public.hold_places = locked(public.hold_places, lambda actor, allotment, *rest: allotment.seating_id)
    public.confirm_booking = locked(public.confirm_booking, lambda actor, booking, *rest: booking.seating_id)


def application() -> Callable[..., Any]:
    from madang.site.wsgi import application as site

    wrap()
    return site


app = application() if os.environ.get(MARK) else None

if __name__ == "__main__":
    os.environ[MARK] = "1"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    own = [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        sys.argv[1],
        "--workers",
        sys.argv[2],
        "--blocking-threads",
        "4",
    ]
    os.execv(sys.executable, [sys.executable, "-m", "granian", *own, "--no-ws", "--log-level", "warning", "one_lock:app"])
