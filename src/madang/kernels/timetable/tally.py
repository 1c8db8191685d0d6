"""Breaks of every person, counted from the slots of the placed requests: the solver's own count (the referee has another)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from .openings import Openings
from .problem import Problem

Flags = npt.NDArray[np.bool_]


def breaks_by_person(problem: Problem, rows: Openings, slot_of: Mapping[int, int]) -> npt.NDArray[np.int64]:
    """Breaks (P) of a timetable given as request position -> slot (1-based)."""
    shape = (len(problem.participants), len(problem.slots))
    busy, idle = np.zeros(shape, bool), np.ones(shape, bool)
    for request, slot in slot_of.items():
        busy[list(rows.people[request]), slot - 1] = True
    if not problem.breaks_over_forbidden:
        for place, person in enumerate(problem.participants):
            idle[place, [s - 1 for s in person.forbidden]] = False
    lines = [tuple(range(1, shape[1] + 1))] if problem.breaks_over_forbidden else list(rows.days)
    total: npt.NDArray[np.int64] = np.sum([_runs(busy[:, _columns(line)], idle[:, _columns(line)]) for line in lines], axis=0)
    return total


def homogeneous(problem: Problem, breaks: npt.NDArray[np.int64]) -> bool:
    allowed = problem.homogeneity
    return allowed is None or not breaks.size or int(breaks.max() - breaks.min()) <= allowed


def _columns(line: tuple[int, ...]) -> list[int]:
    return [slot - 1 for slot in line]


def _runs(busy: Flags, idle: Flags) -> npt.NDArray[np.int64]:
    met = np.logical_or.accumulate(busy, axis=1)
    will = np.logical_or.accumulate(busy[:, ::-1], axis=1)[:, ::-1]
    waits = idle & ~busy & met & will
    starts = waits.copy()
    starts[:, 1:] &= ~waits[:, :-1]
    counted: npt.NDArray[np.int64] = starts.sum(axis=1)
    return counted
