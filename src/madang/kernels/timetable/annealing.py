"""Simulated annealing over timetables, compiled: push-out moves with re-placing, and Kempe chains between two slots.

Moves after Kempe-chain interchange in examination timetabling (Thompson and Dowsland, 1998) and ejection chains
(Glover, 1996); the value of a timetable is `big` x musts placed + weight placed - `price` x breaks.
"""

from __future__ import annotations

import math

import numpy as np

from .arrays import Fixed, State
from .compiled import compiled
from .steps import (
    NO_SEAT,
    ONE,
    ZERO,
    chance,
    count_bits,
    draw,
    find_room,
    find_seat,
    in_order,
    lowest_bit,
    place,
    remove,
    take_back,
    under_caps,
)

LONGEST_CHAIN = 40
NOBODY, HOPELESS = -1, -2


@compiled
def fill(fixed: Fixed, state: State, order: np.ndarray, tries: int) -> None:
    """Greedy: each request of `order` that is unplaced goes to a free slot that adds few breaks."""
    for i in range(len(order)):
        request = order[i]
        if state.slot[request] < 0:
            slot = find_room(fixed, state, request, tries)
            if slot >= 0:
                place(fixed, state, request, slot, find_seat(fixed, state, request, slot))
        state.log_length[0] = 0


@compiled
def load(fixed: Fixed, state: State, slots: np.ndarray) -> None:
    """The given slot of each request (-1 none), starting from where the state is."""
    for request in range(len(slots)):
        if state.slot[request] >= 0:
            remove(fixed, state, request)
        state.log_length[0] = 0
    for request in range(len(slots)):
        if slots[request] >= 0:
            seat = find_seat(fixed, state, request, slots[request])
            if seat != NO_SEAT:
                place(fixed, state, request, slots[request], seat)
        state.log_length[0] = 0


@compiled
def keep_best(state: State) -> None:
    """Copy the timetable where it is better: more musts, then more weight, then fewer breaks."""
    for i in range(3):
        now, best = state.totals[i], state.best_totals[i]
        if i == 2 and state.best_totals[0] >= 0:
            now, best = -now, -best
        if now < best:
            return
        if now > best:
            break
        if i == 2:
            return
    for request in range(len(state.slot)):
        state.best[request] = state.slot[request]
    for i in range(len(state.totals)):
        state.best_totals[i] = state.totals[i]


@compiled
def any_open_slot(fixed: Fixed, state: State, request: int) -> int:
    """A random open slot of the request, free or not; -1 where it has none."""
    total = 0
    for word in range(fixed.allowed.shape[1]):
        total += count_bits(fixed.allowed[request, word])
    if total == 0:
        return -1
    wanted = draw(state, total)
    for word in range(fixed.allowed.shape[1]):
        mask = fixed.allowed[request, word]
        here = count_bits(mask)
        if wanted < here:
            for _ in range(wanted):
                mask &= mask - ONE
            return int(fixed.slot_of[word, lowest_bit(mask)])
        wanted -= here
    return -1


@compiled
def make_room(fixed: Fixed, state: State, request: int, slot: int) -> int:
    """Push out what keeps the request from the slot, onto the scratch stack; how many, or -1 where it cannot be done."""
    out = 0
    while True:
        other = in_the_way(fixed, state, request, slot)
        if other == NOBODY:
            return out
        if other == HOPELESS:
            return -1
        remove(fixed, state, other)
        state.stack[out] = other
        out += 1


@compiled
def in_the_way(fixed: Fixed, state: State, request: int, slot: int) -> int:
    """A placed request that must go before this one can have the slot; NOBODY, or HOPELESS where no going would help."""
    day = fixed.day_of[slot]
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        if state.at[person, slot] >= 0:
            return int(state.at[person, slot])
        if fixed.cap[person] < 1:
            return HOPELESS
        if state.held[person, day] >= fixed.cap[person]:
            return lightest_of_day(fixed, state, person, day)
    for i in range(fixed.before_from[request], fixed.before_from[request + 1]):
        if state.slot[fixed.before[i]] >= slot:
            return int(fixed.before[i])
    for i in range(fixed.later_from[request], fixed.later_from[request + 1]):
        if 0 <= state.slot[fixed.later[i]] <= slot:
            return int(fixed.later[i])
    return NOBODY if find_seat(fixed, state, request, slot) != NO_SEAT else at_a_table(fixed, state, request, slot)


@compiled
def lightest_of_day(fixed: Fixed, state: State, person: int, day: int) -> int:
    """The meeting of the person's day that weighs least, musts last; equals by chance."""
    best, least, seen = -1, np.int64(1) << 60, 0
    for slot in range(len(fixed.pool)):
        if fixed.day_of[slot] != day or state.at[person, slot] < 0:
            continue
        request = state.at[person, slot]
        worth = fixed.gain[request] + (np.int64(fixed.must[request]) << 40)
        seen = seen + 1 if worth == least else 1
        if worth < least or (worth == least and draw(state, seen) == 0):
            best, least = request, worth
    return best


@compiled
def at_a_table(fixed: Fixed, state: State, request: int, slot: int) -> int:
    """A request that holds a table which this one could use: of a few drawn, no must if it can be, and of little weight."""
    if fixed.kind[request] == 2:
        first, last = fixed.table_from[request], fixed.table_from[request + 1]
        table = fixed.table[first + draw(state, last - first)]
        if fixed.table_open[table, slot] == 0:
            return HOPELESS
        if state.table_at[table, slot] >= 0:
            return int(state.table_at[table, slot])
    if state.in_slot_length[slot] == 0:
        return HOPELESS
    best = state.in_slot[slot, draw(state, state.in_slot_length[slot])]
    for _ in range(3):
        other = state.in_slot[slot, draw(state, state.in_slot_length[slot])]
        if fixed.must[other] < fixed.must[best] or (
            fixed.must[other] == fixed.must[best] and fixed.gain[other] < fixed.gain[best]
        ):
            best = other
    return int(best)


@compiled
def shift(fixed: Fixed, state: State, request: int) -> bool:
    """Move or place the request at a random open slot, push out what is in the way, and place that elsewhere if it goes."""
    tries = 1 + draw(state, 4)
    look = draw(state, 4 if state.slot[request] < 0 else 8) == 0
    slot = find_room(fixed, state, request, tries) if look else any_open_slot(fixed, state, request)
    if slot < 0 or slot == state.slot[request]:
        return False
    if state.slot[request] >= 0:
        remove(fixed, state, request)
    out = make_room(fixed, state, request, slot)
    if out < 0:
        return False
    place(fixed, state, request, slot, find_seat(fixed, state, request, slot))
    for i in range(out):
        other = state.stack[i]
        room = find_room(fixed, state, other, tries)
        if room >= 0:
            place(fixed, state, other, room, find_seat(fixed, state, other, room))
    return True


@compiled
def chain(fixed: Fixed, state: State, request: int) -> bool:
    """Kempe chain: the request goes to another slot, all that it meets there come back, and so on until nobody clashes."""
    here, there = int(state.slot[request]), any_open_slot(fixed, state, request)
    if there < 0 or here == there:
        return False
    length = collect_chain(fixed, state, request, here, there)
    if length < 0:
        return False
    for i in range(length):
        member = state.stack[i]
        at_here = state.slot[member] == here
        remove(fixed, state, member)
        state.stack[i] = member if at_here else -member - 1
    for i in range(length):
        at_here = state.stack[i] >= 0
        member = int(state.stack[i] if at_here else -state.stack[i] - 1)
        slot = there if at_here else here
        seat = find_seat(fixed, state, member, slot)
        if seat == NO_SEAT or not in_order(fixed, state, member, slot):
            return False
        place(fixed, state, member, slot, seat)
        if not under_caps(fixed, state, member, fixed.day_of[slot], 0):
            return False
    return True


@compiled
def collect_chain(fixed: Fixed, state: State, request: int, here: int, there: int) -> int:
    """Members of the chain in the scratch stack; how many, or -1 where one of them may not go to the other slot."""
    state.stamp[0] += 1
    stamp = state.stamp[0]
    state.stack[0], state.mark[request] = request, stamp
    length, i = 1, 0
    while i < length:
        member = state.stack[i]
        i += 1
        target = there if state.slot[member] == here else here
        if fixed.allowed[member, fixed.word_of[target]] & fixed.bit_of[target] == ZERO:
            return -1
        for j in range(fixed.people_from[member], fixed.people_from[member + 1]):
            other = state.at[fixed.people[j], target]
            if other >= 0 and state.mark[other] != stamp:
                if length >= LONGEST_CHAIN:
                    return -1
                state.stack[length], state.mark[other] = other, stamp
                length += 1
    return length


@compiled
def value(state: State, big: float, price: float) -> float:
    return float(big * state.totals[0] + state.totals[1] - price * state.totals[2])


@compiled
def anneal(
    fixed: Fixed, state: State, steps: int, hot: float, cold: float, big: float, price: float, chains: float, enough: int
) -> int:
    """`steps` moves while the temperature falls from `hot` to `cold`; returns the steps taken.

    `chains`: share of Kempe chains. Stops early where every must is placed with at most `enough` breaks (-1: never).
    """
    requests, musts = len(fixed.gain), np.int64(fixed.must.sum())
    cooling = math.log(cold / hot) / max(1, steps)
    temperature = hot
    for step in range(steps):
        if step % 256 == 0:
            temperature = hot * math.exp(cooling * step)
            keep_best(state)
        request = draw(state, requests)
        before = value(state, big, price)
        if state.slot[request] >= 0 and chance(state) < chains:
            done = chain(fixed, state, request)
        else:
            done = shift(fixed, state, request)
        if done:
            change = value(state, big, price) - before
            done = change >= 0.0 or chance(state) < math.exp(change / temperature)
        if not done:
            take_back(fixed, state)
        elif state.totals[2] <= enough and state.totals[0] == musts:
            keep_best(state)
            state.log_length[0] = 0
            return step + 1
        state.log_length[0] = 0
    keep_best(state)
    return steps
