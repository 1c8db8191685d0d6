"""Simulated annealing over timetables of meetings of any length, compiled: push-out moves with re-placing, and chains.

A chain moves a meeting, moves what it pushes out as far the other way, and so on: the Kempe chains of examination timetabling
(Thompson and Dowsland, 1998) for spans of time. The value of a timetable is `big` x musts placed + `floor` x meetings that
the floor counts + weight - `price` x breaks - what breaks over the most and uneven shares cost.
"""

from __future__ import annotations

import math

import numpy as np

from ..compiled import bare
from .arrays import (
    BEST_LACK,
    BREAKS,
    CHOSEN,
    COUNTED,
    DEAR,
    LACK,
    LOGGED,
    MARK,
    MUSTS,
    OVER,
    SEAT,
    SLOT,
    SPREAD,
    STAMP,
    START,
    START_END,
    WEIGHT,
    Fixed,
    State,
)
from .lots import chance, draw
from .pushing import settle
from .steps import ONE, ZERO, find_room, place, remove, take_back

LONGEST_CHAIN = 40


@bare
def fill(fixed: Fixed, state: State, order: np.ndarray, tries: int) -> None:
    """Greedy: each request of `order` that is unplaced goes to a free start that adds few breaks."""
    for request in order:
        if state.row[request, SLOT] < 0:
            settle_down(fixed, state, request, tries)
        state.totals[LOGGED] = 0


@bare
def settle_down(fixed: Fixed, state: State, request: int, tries: int) -> bool:
    """Place the request where it is in nobody's way, if there is such a start."""
    slot = find_room(fixed, state, request, tries)
    if slot < 0:
        return False
    place(fixed, state, request, slot, state.totals[CHOSEN])
    return True


@bare
def load(fixed: Fixed, state: State, held: np.ndarray, who: np.ndarray) -> None:
    """The given timetable (R, 2: first slot and place, -1 none) instead of the one in hand."""
    for request in range(len(held)):
        if state.row[request, SLOT] >= 0:
            remove(fixed, state, request)
        state.totals[LOGGED] = 0
    for i in range(len(who)):
        state.who[i] = who[i]
    for request in range(len(held)):
        if held[request, 0] >= 0:
            place(fixed, state, request, held[request, 0], held[request, 1])
        state.totals[LOGGED] = 0


@bare
def keep_best(state: State, rate: float) -> None:
    """Copy the timetable where it is better: more musts, then a smaller shortfall, then more of weight - rate x breaks
    - what breaks over the most and uneven shares cost."""
    now, best = state.totals, state.best_totals
    if now[MUSTS] != best[MUSTS] or now[COUNTED] != best[COUNTED]:
        if now[MUSTS] < best[MUSTS] or (now[MUSTS] == best[MUSTS] and now[COUNTED] < best[COUNTED]):
            return
    else:
        fair = state.fair
        first = best[WEIGHT] - rate * best[BREAKS] - fair[DEAR] * best[OVER] - fair[SPREAD] * fair[BEST_LACK]
        if now[WEIGHT] - rate * now[BREAKS] - fair[DEAR] * now[OVER] - fair[SPREAD] * fair[LACK] <= first:
            return
    state.fair[BEST_LACK] = state.fair[LACK]
    for request in range(len(state.best)):
        state.best[request, 0], state.best[request, 1] = state.row[request, SLOT], state.row[request, SEAT]
    for i in range(len(state.who)):
        state.best_who[i] = state.who[i]
    for i in range(len(state.best_totals)):
        state.best_totals[i] = state.totals[i]


@bare
def any_start(fixed: Fixed, state: State, request: int) -> int:
    first, total = fixed.request[request, START], fixed.request[request, START_END] - fixed.request[request, START]
    return int(fixed.lists[first + draw(state, total)]) if total > 0 else -1


@bare
def is_start(fixed: Fixed, request: int, slot: int) -> bool:
    if slot < 0 or slot >= len(fixed.slot):
        return False
    return bool(fixed.open[request, slot // 64] & (ONE << np.uint64(slot % 64)) != ZERO)


@bare
def shift(fixed: Fixed, state: State, request: int) -> bool:
    """Move or place the request at a random start, push out what is in the way, and place that elsewhere if it goes."""
    tries = 1 + draw(state, 4)
    look = draw(state, 4 if state.row[request, SLOT] < 0 else 8) == 0
    old = state.row[request, SLOT]
    if look:
        if old >= 0:
            remove(fixed, state, request)
        return settle_down(fixed, state, request, tries)
    slot = any_start(fixed, state, request)
    if slot < 0 or slot == old:
        return False
    if old >= 0:
        remove(fixed, state, request)
    out = settle(fixed, state, request, slot, 0)
    for i in range(out):
        settle_down(fixed, state, state.stack[i, 0], tries)
    return out >= 0


@bare
def chain(fixed: Fixed, state: State, request: int) -> bool:
    """The request goes to another start; what it pushes out goes as far the other way; and so on until nobody is out."""
    slot = any_start(fixed, state, request)
    if slot == state.row[request, SLOT]:
        return False
    state.totals[STAMP] += 1
    state.stack[0, 0], state.stack[0, 1], state.stack[0, 2] = request, state.row[request, SLOT], slot - state.row[request, SLOT]
    remove(fixed, state, request)
    length, i = 1, 0
    while i < length:
        member, far = state.stack[i, 0], state.stack[i, 2]
        target = state.stack[i, 1] + far
        state.row[member, MARK] = state.totals[STAMP]
        i += 1
        out = settle(fixed, state, member, target, length) if is_start(fixed, member, target) else -1
        if out < 0 or length + out > LONGEST_CHAIN:
            return False
        for k in range(length, length + out):
            if state.row[state.stack[k, 0], MARK] == state.totals[STAMP]:
                return False
            state.stack[k, 2] = -far
        length += out
    return True


@bare
def value(state: State, big: float, floor: float, price: float) -> float:
    totals = state.totals
    dear, uneven = state.fair[DEAR] * totals[OVER], state.fair[SPREAD] * state.fair[LACK]
    return float(big * totals[MUSTS] + floor * totals[COUNTED] + totals[WEIGHT] - price * totals[BREAKS] - dear - uneven)


@bare
def anneal(
    fixed: Fixed,
    state: State,
    steps: int,
    hot: float,
    cold: float,
    big: float,
    floor: float,
    price: float,
    chains: float,
    rate: float,
) -> None:
    """`steps` moves while the temperature falls from `hot` to `cold`; `chains`: their share; `rate`: as in `keep_best`."""
    requests = len(fixed.request)
    cooling = math.log(cold / hot) / max(1, steps)
    temperature = hot
    for step in range(steps):
        if step % 256 == 0:
            temperature = hot * math.exp(cooling * step)
            keep_best(state, rate)
        request = draw(state, requests)
        before = value(state, big, floor, price)
        if state.row[request, SLOT] >= 0 and chance(state) < chains:
            done = chain(fixed, state, request)
        else:
            done = shift(fixed, state, request)
        if done:
            change = value(state, big, floor, price) - before
            done = change >= 0.0 or chance(state) < math.exp(change / temperature)
        if not done:
            take_back(fixed, state)
        state.totals[LOGGED] = 0
    keep_best(state, rate)
