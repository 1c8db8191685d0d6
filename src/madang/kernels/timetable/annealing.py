"""Simulated annealing over timetables, compiled: push-out moves with re-placing, and Kempe chains between two slots.

Moves after Kempe-chain interchange in examination timetabling (Thompson and Dowsland, 1998) and ejection chains
(Glover, 1996). The worth of a timetable is the points of what is placed less the cost of the breaks (see `arrays.State`).
"""

from __future__ import annotations

import math

import numpy as np

from .arrays import Fixed, State
from .compiled import bare
from .moving import chain, shift
from .steps import NO_SEAT, chance, draw, find_room, find_seat, place, remove, take_back


@bare
def fill(fixed: Fixed, state: State, order: np.ndarray, tries: int) -> None:
    """Greedy: each request of `order` that is unplaced goes to a free slot that adds few breaks."""
    for i in range(len(order)):
        request = order[i]
        if state.slot[request] < 0:
            slot = find_room(fixed, state, request, tries)
            if slot >= 0:
                place(fixed, state, request, slot, find_seat(fixed, state, request, slot))
        state.lengths[2] = 0


@bare
def load(fixed: Fixed, state: State, slots: np.ndarray, seats: np.ndarray) -> None:
    """The given slot and named table of each request (-1 none), starting from where the state is."""
    for request in range(len(slots)):
        if state.slot[request] >= 0 and (state.slot[request] != slots[request] or state.seat[request] != seats[request]):
            remove(fixed, state, request)
        state.lengths[2] = 0
    for request in range(len(slots)):
        if slots[request] >= 0 and state.slot[request] < 0:
            seat = seats[request] if seats[request] >= 0 else find_seat(fixed, state, request, slots[request])
            if seat != NO_SEAT:
                place(fixed, state, request, slots[request], seat)
        state.lengths[2] = 0


@bare
def keep_best(state: State) -> None:
    """Copy the timetable where it is better: more musts, then worth more at the prices that judge."""
    if state.totals[0] < state.best_totals[0]:
        return
    if state.totals[0] == state.best_totals[0] and state.worth[1] <= state.worth[2] + 1e-7:
        return
    for request in range(len(state.slot)):
        state.best[request], state.best_seat[request] = state.slot[request], state.seat[request]
    for i in range(len(state.totals)):
        state.best_totals[i] = state.totals[i]
    state.worth[2] = state.worth[1]


@bare
def anneal(fixed: Fixed, state: State, steps: int, hot: float, cold: float, chains: float, eager: float, enough: int) -> int:
    """`steps` moves while the temperature falls from `hot` to `cold`; returns the steps taken.

    `chains`: share of Kempe chains among the moves of placed requests; `eager`: share of moves that begin with a waiting
    request. Stops early where every must is placed with at most `enough` breaks (-1: never).
    """
    musts = np.int64(fixed.must.sum()) if enough >= 0 else np.int64(-1)
    if state.lengths[0] == 0:
        return steps
    cooling = math.log(cold / hot) / max(1, steps)
    temperature = hot
    for step in range(steps):
        if step % 256 == 0:
            temperature = hot * math.exp(cooling * step)
            keep_best(state)
        if state.lengths[1] > 0 and chance(state) < eager:
            request = state.waiting[draw(state, state.lengths[1])]
        else:
            request = state.mine[draw(state, state.lengths[0])]
        before, judged = state.worth[0], state.worth[1]
        least = temperature * math.log((1 + draw(state, 1 << 30)) / (1 << 30))
        if state.slot[request] >= 0 and chance(state) < chains:
            done = chain(fixed, state, request)
        else:
            done = shift(fixed, state, request, least)
        if not done or state.worth[0] - before < least:
            take_back(fixed, state)
            state.worth[0], state.worth[1] = before, judged
        elif state.totals[2] <= enough and state.totals[0] == musts:
            state.lengths[2] = 0
            keep_best(state)
            return step + 1
        state.lengths[2] = 0
    keep_best(state)
    return steps
