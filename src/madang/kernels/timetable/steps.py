"""Compiled steps of the search: place and remove a meeting, take steps back, find room, count breaks by bits.

Everything here runs inside Numba: plain loops, no Python objects. Slots and positions are 0-based; -1 is none.
"""

from __future__ import annotations

import numpy as np

from .arrays import Fixed, State
from .compiled import compiled

NO_SEAT = -2
ZERO = np.uint64(0)
ONE = np.uint64(1)
SHIFTS = (np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(16), np.uint64(32))
PAIRS, FOURS, BYTES = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
SPREAD, TOP = np.uint64(0x0101010101010101), np.uint64(56)


@compiled
def count_bits(word: np.uint64) -> int:
    word = word - ((word >> ONE) & PAIRS)
    word = (word & FOURS) + ((word >> np.uint64(2)) & FOURS)
    word = (word + (word >> np.uint64(4))) & BYTES
    return int(np.int64((word * SPREAD) >> TOP))  # int of an unsigned word would stay unsigned in compiled code


@compiled
def lowest_bit(word: np.uint64) -> int:
    return count_bits((word & (~word + ONE)) - ONE)


@compiled
def draw(state: State, below: int) -> int:
    """A pseudo-random number of 0..below-1 (xorshift64, kept in the state so that a seed repeats a run)."""
    word = state.random[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state.random[0] = word
    return int(np.int64((word >> np.uint64(33)) % np.uint64(below)))


@compiled
def chance(state: State) -> float:
    return draw(state, 1 << 30) / (1 << 30)


@compiled
def runs_in_word(used: np.uint64, idle: np.uint64) -> int:
    """Runs of idle slots between the first and the last meeting of one word."""
    if used & (used - ONE) == ZERO:
        return 0
    below = used | (used >> ONE)
    for shift in SHIFTS:
        below |= below >> shift
    runs = below & ~((used & (~used + ONE)) - ONE) & ~used & idle
    return count_bits(runs & ~(runs << ONE))


@compiled
def runs_in_line(fixed: Fixed, state: State, person: int, line: int) -> int:
    first, last = fixed.line_from[line], fixed.line_from[line + 1]
    if last - first == 1:
        return runs_in_word(state.busy[person, first], fixed.idle[person, first])
    runs, waiting, met, resting = 0, 0, False, False
    for word in range(first, last):
        for bit in range(64):
            if fixed.slot_of[word, bit] < 0:
                break
            mask = ONE << np.uint64(bit)
            if state.busy[person, word] & mask != ZERO:
                runs, waiting, met, resting = runs + waiting, 0, True, False
            elif fixed.idle[person, word] & mask == ZERO:
                resting = False
            else:
                if met and not resting:
                    waiting += 1
                resting = True
    return runs


@compiled
def uses_pool(fixed: Fixed, request: int, seat: int) -> bool:
    return fixed.kind[request] == 0 or (seat >= 0 and fixed.table_shared[seat] == 1)


@compiled
def write_log(state: State, request: int, slot: int, seat: int) -> None:
    length = state.log_length[0]
    state.log[length, 0], state.log[length, 1], state.log[length, 2] = request, slot, seat
    state.log_length[0] = length + 1


@compiled
def place(fixed: Fixed, state: State, request: int, slot: int, seat: int) -> None:
    word, bit, day = fixed.word_of[slot], fixed.bit_of[slot], fixed.day_of[slot]
    line = fixed.line_of[word]
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        state.totals[2] -= runs_in_line(fixed, state, person, line)
        state.busy[person, word] |= bit
        state.totals[2] += runs_in_line(fixed, state, person, line)
        state.at[person, slot] = request
        state.held[person, day] += 1
    state.slot[request], state.seat[request] = slot, seat
    if seat >= 0:
        state.table_at[seat, slot] = request
    if uses_pool(fixed, request, seat):
        state.pool_used[slot] += 1
        length = state.in_slot_length[slot]
        state.in_slot[slot, length], state.place_in_slot[request] = request, length
        state.in_slot_length[slot] = length + 1
    count(fixed, state, request, 1)
    write_log(state, request, -1, -1)


@compiled
def remove(fixed: Fixed, state: State, request: int) -> None:
    slot, seat = state.slot[request], state.seat[request]
    word, bit, day = fixed.word_of[slot], fixed.bit_of[slot], fixed.day_of[slot]
    line = fixed.line_of[word]
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        state.totals[2] -= runs_in_line(fixed, state, person, line)
        state.busy[person, word] &= ~bit
        state.totals[2] += runs_in_line(fixed, state, person, line)
        state.at[person, slot] = -1
        state.held[person, day] -= 1
    if seat >= 0:
        state.table_at[seat, slot] = -1
    if uses_pool(fixed, request, seat):
        state.pool_used[slot] -= 1
        length = state.in_slot_length[slot] - 1
        other, hole = state.in_slot[slot, length], state.place_in_slot[request]
        state.in_slot[slot, hole], state.place_in_slot[other] = other, hole
        state.in_slot_length[slot] = length
    state.slot[request], state.seat[request] = -1, -1
    count(fixed, state, request, -1)
    write_log(state, request, slot, seat)


@compiled
def count(fixed: Fixed, state: State, request: int, sign: int) -> None:
    state.totals[0] += sign * np.int64(fixed.must[request])
    state.totals[1] += sign * fixed.gain[request]
    state.totals[3] += sign


@compiled
def take_back(fixed: Fixed, state: State) -> None:
    """Undo every step of the log, last first; the log is empty afterwards."""
    for i in range(state.log_length[0] - 1, -1, -1):
        request, slot, seat = state.log[i, 0], state.log[i, 1], state.log[i, 2]
        if slot < 0:
            remove(fixed, state, request)
        else:
            place(fixed, state, request, slot, seat)
        state.log_length[0] = i
    state.log_length[0] = 0


@compiled
def find_seat(fixed: Fixed, state: State, request: int, slot: int) -> int:
    """The named table that is free, -1 where the pool has room or no table is needed, NO_SEAT where none is free."""
    room = state.pool_used[slot] < fixed.pool[slot]
    if fixed.kind[request] == 0:
        return -1 if room else NO_SEAT
    if fixed.kind[request] == 1:
        return -1
    for i in range(fixed.table_from[request], fixed.table_from[request + 1]):
        table = fixed.table[i]
        free = fixed.table_open[table, slot] == 1 and state.table_at[table, slot] < 0
        if free and (room or fixed.table_shared[table] == 0):
            return int(table)
    return NO_SEAT


@compiled
def in_order(fixed: Fixed, state: State, request: int, slot: int) -> bool:
    """Whether the slot is after all requests that must come before, and before those that must come later."""
    for i in range(fixed.before_from[request], fixed.before_from[request + 1]):
        if state.slot[fixed.before[i]] >= slot:
            return False
    for i in range(fixed.later_from[request], fixed.later_from[request + 1]):
        later = state.slot[fixed.later[i]]
        if 0 <= later <= slot:
            return False
    return True


@compiled
def under_caps(fixed: Fixed, state: State, request: int, day: int, extra: int) -> bool:
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        if state.held[person, day] + extra > fixed.cap[person]:
            return False
    return True


@compiled
def free_word(fixed: Fixed, state: State, request: int, word: int) -> np.uint64:
    """The open slots of one word in which all its people are free."""
    free: np.uint64 = fixed.allowed[request, word]
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        free &= ~state.busy[fixed.people[i], word]
    return free


@compiled
def breaks_added(fixed: Fixed, state: State, request: int, word: int, bit: np.uint64) -> int:
    line, added = fixed.line_of[word], 0
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        added -= runs_in_line(fixed, state, person, line)
        state.busy[person, word] |= bit
        added += runs_in_line(fixed, state, person, line)
        state.busy[person, word] &= ~bit
    return added


@compiled
def find_room(fixed: Fixed, state: State, request: int, tries: int) -> int:
    """The free slot with the fewest breaks among the first `tries` that are met from a random start; -1 where none is free."""
    words = fixed.allowed.shape[1]
    start = draw(state, words)
    turn = np.uint64(draw(state, 64))
    best, fewest = -1, 1 << 30
    for i in range(words + 1):
        word = (start + i) % words
        free = free_word(fixed, state, request, word)
        ahead = (free >> turn) << turn
        free = ahead if i == 0 else (free & ~ahead if i == words else free)
        while free != ZERO:
            bit = free & (~free + ONE)
            free ^= bit
            slot = fixed.slot_of[word, lowest_bit(bit)]
            if not under_caps(fixed, state, request, fixed.day_of[slot], 1):
                break
            if find_seat(fixed, state, request, slot) == NO_SEAT or not in_order(fixed, state, request, slot):
                continue
            added = breaks_added(fixed, state, request, word, bit)
            if added < fewest:
                best, fewest = slot, added
            tries -= 1
            if tries <= 0:
                return best
    return best
