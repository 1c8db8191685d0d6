"""Compiled steps of the search: place and remove a meeting, take steps back, and whether a meeting fits somewhere.

Everything here runs inside Numba: plain loops, no Python objects. Slots and positions are 0-based; -1 is none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..compiled import bare
from .arrays import (
    ASLEEP,
    AWAY,
    BEFORE,
    BEFORE_END,
    CAP,
    CHOSEN,
    COUNTED,
    DAY,
    HALL,
    IDLE,
    LATER,
    LATER_END,
    LENGTH,
    LINE,
    LISTS,
    LOGGED,
    ONLINE,
    PEOPLE,
    PEOPLE_END,
    PLACE,
    PLACE_END,
    ROW,
    SEAT,
    SLOT,
    TABLES,
    TARGET,
    Fixed,
    Ints,
    State,
    Words,
)
from .counting import attend, count, tear
from .lots import draw

Marks = npt.NDArray[np.uint8]
At = npt.NDArray[np.int32]
NO_TABLE, NO_PLACE = -1, -2
ONE, ZERO, WORD = np.uint64(1), np.uint64(0), np.uint64(64)


@bare
def idle_runs(there: Marks, person: int, first: int, last: int) -> int:
    """Runs of idle slots from first to last, all without a meeting."""
    runs, resting = 0, False
    for slot in range(first, last + 1):
        idle = there[person, slot] & IDLE != 0
        runs += idle and not resting
        resting = idle
    return runs


@bare
def breaks_added(slots: Ints, there: Marks, at: At, person: int, first: int, last: int) -> int:
    """Breaks that a meeting of hers from first to last (where she has none) adds, below 0 where it takes some away."""
    line, total = slots[first, LINE], len(slots)
    before = first - 1
    while before >= 0 and slots[before, LINE] == line and at[person, before] < 0:
        before -= 1
    after = last + 1
    while after < total and slots[after, LINE] == line and at[person, after] < 0:
        after += 1
    some_before = before >= 0 and slots[before, LINE] == line
    some_after = after < total and slots[after, LINE] == line
    added = 0
    if some_before:
        added += idle_runs(there, person, before + 1, first - 1)
    if some_after:
        added += idle_runs(there, person, last + 1, after - 1)
    if some_before and some_after:
        added -= idle_runs(there, person, before + 1, after - 1)
    return added


@bare
def place(fixed: Fixed, state: State, request: int, slot: int, seat: int) -> None:
    """Into free slots of free people at a place with room; `state.who` says who is sent."""
    write_log(fixed, state, request, -1, -1)
    last = slot + fixed.request[request, LENGTH] - 1
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
        person = state.who[i]
        tear(fixed, state, person, slot, breaks_added(fixed.slot, fixed.there, state.at, person, slot, last))
        state.totals[COUNTED] += state.held[person, 0] < fixed.person[person, TARGET]
        attend(fixed, state, person, slot, last, request, 1)
    if seat >= 0:
        for k in range(last - slot + 1):
            at = fixed.place[seat, LISTS] + (slot + k) * fixed.place[seat, TABLES] + state.used[seat, slot + k]
            state.listed[at], state.listed_at[request, k] = request, at
            state.used[seat, slot + k] += 1
    state.row[request, SLOT], state.row[request, SEAT] = slot, seat
    count(fixed, state, request, 1)


@bare
def remove(fixed: Fixed, state: State, request: int) -> None:
    slot, seat = state.row[request, SLOT], state.row[request, SEAT]
    write_log(fixed, state, request, slot, seat)
    last = slot + fixed.request[request, LENGTH] - 1
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
        person = state.who[i]
        attend(fixed, state, person, slot, last, -1, -1)
        state.totals[COUNTED] -= state.held[person, 0] < fixed.person[person, TARGET]
        tear(fixed, state, person, slot, -breaks_added(fixed.slot, fixed.there, state.at, person, slot, last))
    if seat >= 0:
        for k in range(last - slot + 1):
            state.used[seat, slot + k] -= 1
            end = fixed.place[seat, LISTS] + (slot + k) * fixed.place[seat, TABLES] + state.used[seat, slot + k]
            other, hole = state.listed[end], state.listed_at[request, k]
            state.listed[hole] = other
            state.listed_at[other, slot + k - state.row[other, SLOT]] = hole
    state.row[request, SLOT], state.row[request, SEAT] = -1, -1
    count(fixed, state, request, -1)


@bare
def write_log(fixed: Fixed, state: State, request: int, slot: int, seat: int) -> None:
    length, first = state.totals[LOGGED], fixed.request[request, PEOPLE]
    state.log[length, 0], state.log[length, 1], state.log[length, 2] = request, slot, seat
    for i in range(first, fixed.request[request, PEOPLE_END]):
        state.log[length, 3 + i - first] = state.who[i]
    state.totals[LOGGED] = length + 1


@bare
def take_back(fixed: Fixed, state: State) -> None:
    """Undo every step of the log, last first; the log is empty afterwards."""
    for line in range(state.totals[LOGGED] - 1, -1, -1):
        request, slot, seat = state.log[line, 0], state.log[line, 1], state.log[line, 2]
        if slot < 0:
            remove(fixed, state, request)
        else:
            first = fixed.request[request, PEOPLE]
            for i in range(first, fixed.request[request, PEOPLE_END]):
                state.who[i] = state.log[line, 3 + i - first]
            place(fixed, state, request, slot, seat)
        state.totals[LOGGED] = line
    state.totals[LOGGED] = 0


@bare
def has_room(used: Ints, room: Ints, seat: int, first: int, last: int) -> bool:
    full = 0
    for slot in range(first, last + 1):
        full += used[seat, slot] >= room[seat, slot]
    return full == 0


@bare
def too_near(fixed: Fixed, state: State, person: int, first: int, last: int, seat: int) -> int:
    """A meeting of hers that is too near in time for the way to the hall of this place; -1 where there is none."""
    if seat < 0 or fixed.way[-1, -1] == 0:
        return -1
    return nearest(fixed.slot, fixed.way, fixed.place, state.at, state.row, person, first, last, fixed.place[seat, HALL])


@bare
def nearest(slots: Ints, way: Ints, places: Ints, at: At, rows: Ints, person: int, first: int, last: int, hall: int) -> int:
    for k in range(1, way[-1, -1] + 1):
        for side in range(2):
            slot = first - k if side == 0 else last + k
            if slot < 0 or slot >= len(slots) or slots[slot, DAY] != slots[first, DAY]:
                continue
            other = at[person, slot]
            if other >= 0 and rows[other, SEAT] >= 0 and way[hall, places[rows[other, SEAT], HALL]] >= k:
                return int(other)
    return -1


@bare
def neighbours(slots: Ints, at: At, rows: Ints, requests: Ints, person: int, slot: int, step: int) -> int:
    """Meetings of hers without a free slot between, from the slot on, backwards (step -1) or forwards (1), on its day."""
    found, day = 0, slots[slot - step, DAY]
    while 0 <= slot < len(slots) and slots[slot, DAY] == day and at[person, slot] >= 0:
        other = at[person, slot]
        found += 1
        slot = rows[other, SLOT] - 1 if step < 0 else rows[other, SLOT] + requests[other, LENGTH]
    return found


@bare
def is_free(at: At, person: int, first: int, last: int) -> bool:
    busy = 0
    for slot in range(first, last + 1):
        busy += at[person, slot] >= 0
    return busy == 0


@bare
def may_attend(fixed: Fixed, state: State, person: int, first: int, last: int) -> bool:
    """Whether she would not be over her day, a pause or her row; she must be free."""
    pauses = len(fixed.pause)
    if state.held[person, 1 + pauses + fixed.slot[first, DAY]] >= fixed.person[person, CAP]:
        return False
    for n in range(pauses):
        inside = slots_inside(fixed.pause, n, first, last)
        if inside > 0 and state.held[person, 1 + n] + inside > fixed.pause[n, -1]:
            return False
    if fixed.person[person, ROW] >= len(fixed.slot):
        return True
    before = neighbours(fixed.slot, state.at, state.row, fixed.request, person, first - 1, -1)
    after = neighbours(fixed.slot, state.at, state.row, fixed.request, person, last + 1, 1)
    return bool(before + after < fixed.person[person, ROW])


@bare
def slots_inside(pauses: Ints, pause: int, first: int, last: int) -> int:
    inside = 0
    for slot in range(first, last + 1):
        inside += pauses[pause, slot]
    return inside


@bare
def is_there(fixed: Fixed, person: int, request: int, first: int, last: int) -> bool:
    wanted = AWAY | ASLEEP if fixed.request[request, ONLINE] == 1 else AWAY
    missing = 0
    for slot in range(first, last + 1):
        missing += fixed.there[person, slot] & wanted != 0
    return missing == 0


@bare
def is_in(fixed: Fixed, state: State, person: int, request: int, end: int) -> bool:
    """Whether she is among the first people of the request, up to (and without) position `end` of `who`."""
    times = 0
    for i in range(fixed.request[request, PEOPLE], end):
        times += state.who[i] == person
    return times > 0


@bare
def in_order(requests: Ints, lists: Ints, rows: Ints, request: int, slot: int) -> bool:
    """Whether all that must be earlier has ended, and nothing that must be later has begun."""
    for i in range(requests[request, BEFORE], requests[request, BEFORE_END]):
        other = lists[i]
        if rows[other, SLOT] >= 0 and rows[other, SLOT] + requests[other, LENGTH] > slot:
            return False
    for i in range(requests[request, LATER], requests[request, LATER_END]):
        if 0 <= rows[lists[i], SLOT] < slot + requests[request, LENGTH]:
            return False
    return True


@bare
def fit(fixed: Fixed, state: State, request: int, slot: int, turn: int) -> int:
    """The place at which the request can begin in the slot, NO_TABLE where it needs none, NO_PLACE where it cannot.

    Its participants must be free. `turn` says with whom of a team the choice begins; who is sent is written to `state.who`.
    """
    last = slot + fixed.request[request, LENGTH] - 1
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
        if fixed.people[i] >= 0 and not may_attend(fixed, state, fixed.people[i], slot, last):
            return NO_PLACE
    if not in_order(fixed.request, fixed.lists, state.row, request, slot):
        return NO_PLACE
    first, end = fixed.request[request, PLACE], fixed.request[request, PLACE_END]
    if first == end:
        return NO_TABLE if send(fixed, state, request, slot, NO_TABLE, turn) else NO_PLACE
    for i in range(first, end):
        seat = fixed.lists[i]
        if has_room(state.used, fixed.room, seat, slot, last) and send(fixed, state, request, slot, seat, turn):
            return int(seat)
    return NO_PLACE


@bare
def send(fixed: Fixed, state: State, request: int, slot: int, seat: int, turn: int) -> bool:
    """Choose a delegate for each team, and see that everybody has the time to come to the hall."""
    last = slot + fixed.request[request, LENGTH] - 1
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
        if fixed.people[i] >= 0:
            if too_near(fixed, state, fixed.people[i], slot, last, seat) >= 0:
                return False
        elif not send_one(fixed, state, request, slot, seat, turn, i):
            return False
    return True


@bare
def send_one(fixed: Fixed, state: State, request: int, slot: int, seat: int, turn: int, i: int) -> bool:
    last, team = slot + fixed.request[request, LENGTH] - 1, -1 - fixed.people[i]
    first, size = fixed.team_from[team], fixed.team_from[team + 1] - fixed.team_from[team]
    for k in range(size):
        person = fixed.team[first + (k + turn) % size]
        if (
            is_there(fixed, person, request, slot, last)
            and is_free(state.at, person, slot, last)
            and not is_in(fixed, state, person, request, i)
            and may_attend(fixed, state, person, slot, last)
            and too_near(fixed, state, person, slot, last, seat) < 0
        ):
            state.who[i] = person
            return True
    return False


@bare
def free_starts(requests: Ints, people: Ints, opened: Words, busy: Words, request: int, word: int) -> np.uint64:
    """The open starts of one word at which all its participants are free for its whole length."""
    here, ahead = ZERO, ZERO
    for i in range(requests[request, PEOPLE], requests[request, PEOPLE_END]):
        if people[i] >= 0:
            here |= busy[people[i], word]
            if word + 1 < busy.shape[1]:
                ahead |= busy[people[i], word + 1]
    taken = here
    for k in range(1, min(requests[request, LENGTH], 64)):
        taken |= (here >> np.uint64(k)) | (ahead << (WORD - np.uint64(k)))
    starts: np.uint64 = opened[request, word] & ~taken
    return starts


@bare
def lowest(word: np.uint64) -> int:
    """The place of the lowest bit that is set."""
    found, width = 0, 32
    while width > 0:
        if word & ((ONE << np.uint64(width)) - ONE) == ZERO:
            word >>= np.uint64(width)
            found += width
        width //= 2
    return found


@bare
def find_room(fixed: Fixed, state: State, request: int, tries: int) -> int:
    """The free start with the fewest breaks among the first `tries` that are met from a random one; -1 where none is free.

    The place is in `state.totals[CHOSEN]`, who is sent in `state.who`.
    """
    words, last = fixed.open.shape[1], fixed.request[request, LENGTH] - 1
    begin, turn = draw(state, words), draw(state, 64)
    best, fewest = -1, 1 << 30
    for i in range(words + 1):
        word = (begin + i) % words
        free = free_starts(fixed.request, fixed.people, fixed.open, state.busy, request, word)
        ahead = (free >> np.uint64(turn)) << np.uint64(turn)
        free = ahead if i == 0 else (free & ~ahead if i == words else free)
        while free != ZERO and tries > 0:
            slot = word * 64 + lowest(free)
            free &= free - ONE
            if fit(fixed, state, request, slot, turn) == NO_PLACE:
                continue
            added = 0
            for k in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
                added += breaks_added(fixed.slot, fixed.there, state.at, state.who[k], slot, slot + last)
            if added < fewest:
                best, fewest = slot, added
            tries -= 1
    if best >= 0:
        state.totals[CHOSEN] = fit(fixed, state, request, best, turn)
    return best
