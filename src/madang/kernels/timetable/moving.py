"""Compiled moves of the annealing: a request is placed and pushes others out, or two slots exchange a chain of meetings."""

from __future__ import annotations

from .arrays import Fixed, State
from .compiled import bare
from .steps import (
    NO_SEAT,
    ONE,
    ZERO,
    count_bits,
    draw,
    find_room,
    find_seat,
    in_order,
    lowest_bit,
    place,
    remove,
    under_caps,
)

LONGEST_CHAIN = 40
NOBODY, HOPELESS = -1, -2


@bare
def any_open_slot(fixed: Fixed, state: State, request: int) -> int:
    """A random open slot of the request, free or not; -1 where it has none."""
    total = 0
    for word in range(fixed.allowed.shape[1]):
        total += count_bits(fixed.allowed[request, word] & state.open[word])
    if total == 0:
        return -1
    wanted = draw(state, total)
    for word in range(fixed.allowed.shape[1]):
        mask = fixed.allowed[request, word] & state.open[word]
        here = count_bits(mask)
        if wanted < here:
            for _ in range(wanted):
                mask &= mask - ONE
            return int(fixed.slot_of[word, lowest_bit(mask)])
        wanted -= here
    return -1


@bare
def make_room(fixed: Fixed, state: State, request: int, slot: int) -> int:
    """Push out what keeps the request from the slot, onto the scratch stack; how many, or -1 where it cannot be done."""
    out = 0
    while True:
        other = in_the_way(fixed, state, request, slot)
        if other == NOBODY:
            return out
        if other == HOPELESS or state.open[fixed.word_of[state.slot[other]]] == ZERO:
            return -1
        remove(fixed, state, other)
        state.stack[out] = other
        out += 1


@bare
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


@bare
def lightest_of_day(fixed: Fixed, state: State, person: int, day: int) -> int:
    """The meeting of the person's day that is worth least; equals by chance."""
    best, least, seen = -1, 1e300, 0
    for word in range(len(fixed.day_of_word)):
        used = state.busy[person, word] if fixed.day_of_word[word] == day else ZERO
        while used != ZERO:
            request = state.at[person, fixed.slot_of[word, lowest_bit(used)]]
            used &= used - ONE
            worth = state.points[request]
            seen = seen + 1 if worth == least else 1
            if worth < least or (worth == least and draw(state, seen) == 0):
                best, least = request, worth
    return best


@bare
def at_a_table(fixed: Fixed, state: State, request: int, slot: int) -> int:
    """A request that holds a table which this one could use: of a few drawn, the one that is worth least."""
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
        if state.points[other] < state.points[best]:
            best = other
    return int(best)


@bare
def hopeless_swap(fixed: Fixed, state: State, request: int, slot: int, least: float) -> bool:
    """Whether placing the request there likely loses more than `least`: what is in the way weighs too much and has no room."""
    left, word = state.points[request] - least + 4.0 * state.cost[0, 1], fixed.word_of[slot]
    crowded, last = fixed.kind[request] == 0 and state.full[word] & fixed.bit_of[slot] != ZERO, -1
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        other = state.at[fixed.people[i], slot]
        if other >= 0 and other != last:
            if fixed.kind[other] == 0:
                crowded = False
            if not may_go(fixed, state, other, word):
                left -= state.points[other]
                if left < 0.0:
                    return True
            last = other
    if crowded and state.in_slot_length[slot] > 0:
        other = at_a_table(fixed, state, request, slot)
        return state.points[other] > left and not may_go(fixed, state, other, word)
    return False


@bare
def may_go(fixed: Fixed, state: State, request: int, home: int) -> bool:
    """Whether some slot is free for a placed request once it has left its own, caps of its own day set aside."""
    for word in range(fixed.allowed.shape[1]):
        free = fixed.allowed[request, word] & state.open[word]
        if fixed.kind[request] == 0:
            free &= ~state.full[word]
        for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
            person = fixed.people[i]
            free &= ~(
                state.busy[person, word] if fixed.day_of_word[word] == fixed.day_of_word[home] else state.shut[person, word]
            )
        if free != ZERO:
            return True
    return False


@bare
def shift(fixed: Fixed, state: State, request: int, least: float) -> bool:
    """Move or place the request at a random open slot, push out what is in the way, and place that elsewhere if it goes."""
    tries = 1 + draw(state, 4)
    look = draw(state, 4 if state.slot[request] < 0 else 8) == 0
    slot = find_room(fixed, state, request, tries) if look else any_open_slot(fixed, state, request)
    if slot < 0 or slot == state.slot[request]:
        return False
    if state.slot[request] >= 0:
        remove(fixed, state, request)
    elif hopeless_swap(fixed, state, request, slot, least):
        return False
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


@bare
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
        if not under_caps(fixed, state, member, fixed.day_of[slot]):
            return False
    return True


@bare
def collect_chain(fixed: Fixed, state: State, request: int, here: int, there: int) -> int:
    """Members of the chain in the scratch stack; how many, or -1 where one may not go to the other slot, or tables run out."""
    state.stamp[0] += 1
    stamp = state.stamp[0]
    state.stack[0], state.mark[request] = request, stamp
    length, i, more = 1, 0, 0
    while i < length:
        member = state.stack[i]
        i += 1
        target = there if state.slot[member] == here else here
        if fixed.kind[member] == 0:
            more += 1 if target == there else -1
        if fixed.allowed[member, fixed.word_of[target]] & fixed.bit_of[target] == ZERO:
            return -1
        for j in range(fixed.people_from[member], fixed.people_from[member + 1]):
            other = state.at[fixed.people[j], target]
            if other >= 0 and state.mark[other] != stamp:
                if length >= LONGEST_CHAIN:
                    return -1
                state.stack[length], state.mark[other] = other, stamp
                length += 1
    crowded, room = (there, more) if more > 0 else (here, -more)
    return length if state.pool_used[crowded] + room <= fixed.pool[crowded] else -1
