"""Compiled bookkeeping of the search: who is where, and what a timetable comes to, kept right step by step.

Everything here runs inside Numba, as in `steps`.
"""

from __future__ import annotations

import numpy as np

from ..compiled import bare
from .arrays import (
    BREAKS,
    DAY,
    GAIN,
    LACK,
    LINE,
    MUST,
    MUSTS,
    OVER,
    PEOPLE,
    PEOPLE_END,
    PLACED,
    SPREAD,
    WEIGHT,
    Fixed,
    State,
)

ONE = np.uint64(1)


@bare
def attend(fixed: Fixed, state: State, person: int, first: int, last: int, request: int, sign: int) -> None:
    pauses = len(fixed.pause)
    for slot in range(first, last + 1):
        state.at[person, slot] = request
        state.busy[person, slot // 64] ^= ONE << np.uint64(slot % 64)
        for n in range(pauses):
            state.held[person, 1 + n] += sign * fixed.pause[n, slot]
    state.held[person, 0] += sign
    state.held[person, 1 + pauses + fixed.slot[first, DAY]] += sign


@bare
def tear(fixed: Fixed, state: State, person: int, slot: int, added: int) -> None:
    """Breaks that a person gets in the line of that slot, and how many of them are over the most that she should have."""
    line, most = fixed.slot[slot, LINE], state.most[0]
    before = state.torn[person, line]
    state.torn[person, line] = before + added
    state.totals[BREAKS] += added
    state.totals[OVER] += max(0, before + added - most) - max(0, before - most)


@bare
def count(fixed: Fixed, state: State, request: int, sign: int) -> None:
    state.totals[MUSTS] += sign * fixed.request[request, MUST]
    state.totals[WEIGHT] += sign * fixed.request[request, GAIN]
    state.totals[PLACED] += sign
    if state.fair[SPREAD] > 0.0:
        for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
            if fixed.people[i] >= 0:
                share_out(fixed, state, fixed.people[i], float(sign * fixed.request[request, GAIN]))


@bare
def share_out(fixed: Fixed, state: State, person: int, more: float) -> None:
    """A person gets more (or less) of what she asked for: the square of what share of it she lacks."""
    before = 1.0 - state.got[person] / fixed.asked[person]
    state.got[person] += more
    now = 1.0 - state.got[person] / fixed.asked[person]
    state.fair[LACK] += now * now - before * before
