"""The clock of a run: progress for the person who waits, and her wish to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from .problem import Progress

T = TypeVar("T")
Report = Callable[[Progress], "bool | str | None"]

BEAT = 0.25  # seconds between two calls of the progress function


class Watch:
    """Counts seconds, reports, and knows when to end: at the limit, or when the progress function returned True or "stop"."""

    def __init__(self, limit: float, report: Report | None, possible: int) -> None:
        self.started = time.monotonic()
        self.limit = limit
        self.report = report
        self.possible = possible
        self.stopped = False
        self.placed = 0
        self.objective: int | None = None
        self.bound: float | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        return 0.0 if self.stopped else max(0.0, self.limit - self.seconds)

    @property
    def over(self) -> bool:
        return self.left <= 0.0

    def found(self, placed: int, objective: int | None) -> None:
        self.placed, self.objective = placed, objective

    def beat(self) -> None:
        """Call the progress function once."""
        if self.report is None:
            return
        answer = self.report(Progress(self.placed, self.possible, self.objective, self.bound, self.seconds))
        if answer is True or answer == "stop":
            self.stopped = True

    def during(self, work: Callable[[], T]) -> T:
        """Do the work in a thread and beat meanwhile; the work itself must be short or look at `over`."""
        with ThreadPoolExecutor(1) as pool:
            return self.wait(pool.submit(work))

    def wait(self, future: Future[T], stop: Callable[[], None] | None = None) -> T:
        """Beat until the future is done; `stop` is called once the run is over."""
        while not future.done():
            wait([future], timeout=BEAT)
            self.beat()
            if stop is not None and self.over:
                stop()
        return future.result()
