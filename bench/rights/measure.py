"""Clocks: the processor's seconds beside the wall's, and how fast this machine reads memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Took:
    """Milliseconds of one question: medians of several times by the wall, and processor time of one."""

    wall: float
    processor: float


def took(act: Callable[[], Any], times: int, clock: Callable[[], float] = time.process_time) -> Took:
    """`act` so many times; the processor's clock may be coarse, so that it is read once around all of them."""
    walls, before = [], clock()
    for _ in range(times):
        start = time.perf_counter()
        act()
        walls.append(time.perf_counter() - start)
    return Took(1000 * statistics.median(walls), 1000 * (clock() - before) / times)


def bandwidth() -> float:
    """Bytes a second that one thread reads from memory, at best: the sum and the product of far more than any cache holds."""
    numbers = np.ones(64_000_000, np.float64)
    reads: list[Callable[[], Any]] = [numbers.max, lambda: numbers.dot(numbers), lambda: numbers.view(np.int64).max()]
    return max(numbers.nbytes / (took(read, 3).wall / 1000) for read in reads)
