"""Compiled steps of the search: place and remove a meeting, take steps back, find room, count breaks by bits.

Everything here runs inside Numba: plain loops, no Python objects. Slots and positions are 0-based; -1 is none.
"""

from __future__ import annotations

import numpy as np

from .arrays import ALL, Fixed, State
from .compiled import bare

NO_SEAT = -2
UNWANTED = -2
ZERO = np.uint64(0)
ONE = np.uint64(1)
SHIFTS = (np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(16), np.uint64(32))
PAIRS, FOURS, BYTES = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
SPREAD, TOP, HALF = np.uint64(0x0101010101010101), np.uint64(56), np.uint64(32)


@bare
def count_bits(word: np.uint64) -> int:
    word = word - ((word >> ONE) & PAIRS)
    word = (word & FOURS) + ((word >> np.uint64(2)) & FOURS)
    word = (word + (word >> np.uint64(4))) & BYTES
    return int(np.int64((word * SPREAD) >> TOP))  # int of an unsigned word would stay unsigned in compiled code


@bare
def lowest_bit(word: np.uint64) -> int:
    return count_bits((word & (~word + ONE)) - ONE)


@bare
def draw(state: State, below: int) -> int:
    """A pseudo-random number of 0..below-1 (xorshift64, kept in the state so that a seed repeats a run)."""
    word = state.random[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state.random[0] = word
    return int(np.int64(((word >> HALF) * np.uint64(below)) >> HALF))


@bare
def chance(state: State) -> float:
    return draw(state, 1 << 30) / (1 << 30)


@bare
def runs_in_word(used: np.uint64, idle: np.uint64) -> int:
    """Runs of idle slots between the first and the last meeting of one word."""
    if used & (used - ONE) == ZERO:
        return 0
    below = used | (used >> ONE)
    for shift in SHIFTS:
        below |= below >> shift
    runs = below & ~((used & (~used + ONE)) - ONE) & ~used & idle
    return count_bits(runs & ~(runs << ONE))


@bare
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


@bare
def uses_pool(fixed: Fixed, request: int, seat: int) -> bool:
    return fixed.kind[request] == 0 or (seat >= 0 and fixed.table_shared[seat] == 1)


@bare
def mark_busy(fixed: Fixed, state: State, request: int, slot: int, sign: int) -> None:
    """Busy bits, meetings of the day and breaks of the request's people, with one meeting more (1) or less (-1) in the slot."""
    word, bit, day = fixed.word_of[slot], fixed.bit_of[slot], fixed.day_of[slot]
    line = fixed.line_of[word]
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        state.busy[person, word] ^= bit
        state.at[person, slot] = request if sign > 0 else -1
        held = state.held[person, day] + sign
        state.held[person, day] = held
        cap = fixed.cap[person]
        if held >= cap or held - sign >= cap:
            shut_day(fixed, state, person, day, held >= cap)
        else:
            state.shut[person, word] = state.busy[person, word]
        before, now = state.runs[person, line], runs_in_line(fixed, state, person, line)
        if now != before:
            state.runs[person, line] = now
            state.totals[2] += now - before
            state.worth[0] -= state.cost[0, now] - state.cost[0, before]
            state.worth[1] -= state.cost[1, now] - state.cost[1, before]


@bare
def shut_day(fixed: Fixed, state: State, person: int, day: int, full: bool) -> None:
    for word in range(len(fixed.day_of_word)):
        if fixed.day_of_word[word] == day:
            state.shut[person, word] = ALL if full else state.busy[person, word]


@bare
def use_pool(fixed: Fixed, state: State, request: int, slot: int) -> None:
    length = state.in_slot_length[slot]
    state.in_slot[slot, length], state.place_in_slot[request] = request, length
    state.in_slot_length[slot] = length + 1
    state.pool_used[slot] += 1
    if state.pool_used[slot] >= fixed.pool[slot]:
        state.full[fixed.word_of[slot]] |= fixed.bit_of[slot]


@bare
def leave_pool(fixed: Fixed, state: State, request: int, slot: int) -> None:
    length = state.in_slot_length[slot] - 1
    other, hole = state.in_slot[slot, length], state.place_in_slot[request]
    state.in_slot[slot, hole], state.place_in_slot[other] = other, hole
    state.in_slot_length[slot] = length
    state.pool_used[slot] -= 1
    state.full[fixed.word_of[slot]] &= ~fixed.bit_of[slot]


@bare
def write_log(state: State, request: int, slot: int, seat: int) -> None:
    length = state.lengths[2]
    state.log[length, 0], state.log[length, 1], state.log[length, 2] = request, slot, seat
    state.lengths[2] = length + 1


@bare
def place(fixed: Fixed, state: State, request: int, slot: int, seat: int) -> None:
    mark_busy(fixed, state, request, slot, 1)
    state.slot[request], state.seat[request] = slot, seat
    if seat >= 0:
        state.table_at[seat, slot] = request
    if uses_pool(fixed, request, seat):
        use_pool(fixed, state, request, slot)
    hole = state.place_in_waiting[request]
    if hole >= 0:
        last = state.lengths[1] - 1
        other = state.waiting[last]
        state.waiting[hole], state.place_in_waiting[other] = other, hole
        state.place_in_waiting[request], state.lengths[1] = -1, last
    count(fixed, state, request, 1)
    write_log(state, request, -1, -1)


@bare
def remove(fixed: Fixed, state: State, request: int) -> None:
    slot, seat = state.slot[request], state.seat[request]
    mark_busy(fixed, state, request, slot, -1)
    if seat >= 0:
        state.table_at[seat, slot] = -1
    if uses_pool(fixed, request, seat):
        leave_pool(fixed, state, request, slot)
    state.slot[request], state.seat[request] = -1, -1
    if state.place_in_waiting[request] == -1:
        length = state.lengths[1]
        state.waiting[length], state.place_in_waiting[request] = request, length
        state.lengths[1] = length + 1
    count(fixed, state, request, -1)
    write_log(state, request, slot, seat)


@bare
def count(fixed: Fixed, state: State, request: int, sign: int) -> None:
    state.totals[0] += sign * np.int64(fixed.must[request])
    state.totals[1] += sign * fixed.gain[request]
    state.totals[3] += sign
    state.worth[0] += sign * state.points[request]
    state.worth[1] += sign * fixed.gain[request]
    if state.spread[0] > 0.0:
        for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
            spread_out(fixed, state, fixed.people[i], float(sign * fixed.gain[request]))


@bare
def spread_out(fixed: Fixed, state: State, person: int, more: float) -> None:
    """A person's weight grows by `more`; what she lacks is priced by its square, so that the first wishes count most."""
    asked, got = fixed.asked[person], state.got[person]
    before, now = 1.0 - got / asked, 1.0 - (got + more) / asked
    state.got[person] = got + more
    gained = state.spread[0] * (before * before - now * now)
    state.worth[0] += gained
    state.worth[1] += gained


@bare
def take_back(fixed: Fixed, state: State) -> None:
    """Undo every step of the log, last first; the log is empty afterwards."""
    for i in range(state.lengths[2] - 1, -1, -1):
        request, slot, seat = state.log[i, 0], state.log[i, 1], state.log[i, 2]
        if slot < 0:
            remove(fixed, state, request)
        else:
            place(fixed, state, request, slot, seat)
        state.lengths[2] = i
    state.lengths[2] = 0


@bare
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


@bare
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


@bare
def under_caps(fixed: Fixed, state: State, request: int, day: int) -> bool:
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        if state.held[person, day] > fixed.cap[person]:
            return False
    return True


@bare
def free_word(fixed: Fixed, state: State, request: int, word: int) -> np.uint64:
    """The open slots of one word in which all its people are free, under their caps, and some table may be free."""
    free: np.uint64 = fixed.allowed[request, word] & state.open[word]
    if fixed.kind[request] == 0:
        free &= ~state.full[word]
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        free &= ~state.shut[fixed.people[i], word]
    return free


@bare
def price_of(fixed: Fixed, state: State, request: int, word: int, bit: np.uint64) -> float:
    """What the breaks that a meeting there adds would cost."""
    line, price = fixed.line_of[word], 0.0
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = fixed.people[i]
        state.busy[person, word] |= bit
        price += state.cost[0, runs_in_line(fixed, state, person, line)] - state.cost[0, state.runs[person, line]]
        state.busy[person, word] &= ~bit
    return price


@bare
def find_room(fixed: Fixed, state: State, request: int, tries: int) -> int:
    """The free slot whose breaks cost least among the first `tries` that are met from a random start; -1 where none is free."""
    words = fixed.allowed.shape[1]
    start = draw(state, words)
    turn = np.uint64(draw(state, 64))
    best, least, only = -1, 1e300, tries == 1
    for i in range(words + 1):
        word = (start + i) % words
        free = free_word(fixed, state, request, word)
        ahead = (free >> turn) << turn
        free = ahead if i == 0 else (free & ~ahead if i == words else free)
        while free != ZERO:
            bit = free & (~free + ONE)
            free ^= bit
            slot = fixed.slot_of[word, lowest_bit(bit)]
            if fixed.kind[request] == 2 and find_seat(fixed, state, request, slot) == NO_SEAT:
                continue
            if not in_order(fixed, state, request, slot):
                continue
            if only:
                return int(slot)
            price = price_of(fixed, state, request, word, bit)
            if price < least:
                best, least = int(slot), price
            tries -= 1
            if tries <= 0:
                return best
    return best
