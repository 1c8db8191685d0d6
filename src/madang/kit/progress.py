"""Progress of long work, told by a worker and shown on a page, outside the database.

A worker inside a write transaction cannot write its progress to SQLite as well; a small file per run can be
written and read at any time. A run whose progress has not been touched for `SILENT` seconds is dead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import caches

SILENT = 20.0
"""Seconds without a sign of life after which a run counts as interrupted."""
KEPT = 7 * 24 * 3600
TELL_EVERY = 0.3
"""Seconds between two words of a `teller`."""


def tell(key: str, **facts: Any) -> None:
    """Add `facts` to what is known of the run `key`."""
    caches["progress"].set(f"run:{key}", {**told(key), **facts}, KEPT)


def teller(key: str) -> Callable[[str, int, int], None]:
    """Tells what is being done and how many of how many are, a few times a second and at each change of what it is."""
    last, stage = 0.0, ""

    def say(what: str, done: int, total: int) -> None:
        nonlocal last, stage
        if what != stage or time.monotonic() - last > TELL_EVERY:
            last, stage = time.monotonic(), what
            tell(key, what=what, done=done, total=total)

    return say


def told(key: str) -> dict[str, Any]:
    """What the worker last said; empty when it has not begun."""
    return caches["progress"].get(f"run:{key}") or {}


def is_silent(key: str) -> bool:
    """True when the worker of a run that had begun has shown no life for `SILENT` seconds."""
    beat = caches["progress"].get(f"beat:{key}")
    return beat is not None and time.time() - beat > SILENT


def ask_stop(key: str) -> None:
    """Ask the worker to stop and keep what it has."""
    caches["progress"].set(f"stop:{key}", True, KEPT)


def stop_asked(key: str) -> bool:
    return bool(caches["progress"].get(f"stop:{key}"))


@contextmanager
def alive(key: str, every: float = 2.0) -> Iterator[None]:
    """Give a sign of life every `every` seconds, while the work itself may be silent in compiled code."""
    done = threading.Event()
    beat = threading.Thread(target=_beat, args=(key, done, every), daemon=True)
    _show_life(key)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join()


def _beat(key: str, done: threading.Event, every: float) -> None:
    while not done.wait(every):
        _show_life(key)


def _show_life(key: str) -> None:
    caches["progress"].set(f"beat:{key}", time.time(), KEPT)
