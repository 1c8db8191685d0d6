"""Compiled steps of the search: place and remove a meeting, take steps back, and whether a meeting fits somewhere.

Everything here runs inside Numba: plain loops, no Python objects. Slots and positions are 0-based; -1 is none.
"""

from __future__ import annotations

from ..compiled import compiled
from .arrays import Fixed, State
from .lots import draw

NO_TABLE, NO_PLACE = -1, -2


@compiled
def idle_runs(fixed: Fixed, person: int, first: int, last: int) -> int:
    """Runs of idle slots from first to last, all without a meeting."""
    runs, resting = 0, False
    for slot in range(first, last + 1):
        idle = fixed.idle[person, slot] == 1
        runs += idle and not resting
        resting = idle
    return runs


@compiled
def breaks_added(fixed: Fixed, state: State, person: int, first: int, last: int) -> int:
    """Breaks that a meeting of hers from first to last (where she has none) adds, below 0 where it takes some away."""
    line, total = fixed.line_of[first], len(fixed.line_of)
    before = first - 1
    while before >= 0 and fixed.line_of[before] == line and state.at[person, before] < 0:
        before -= 1
    after = last + 1
    while after < total and fixed.line_of[after] == line and state.at[person, after] < 0:
        after += 1
    some_before = before >= 0 and fixed.line_of[before] == line
    some_after = after < total and fixed.line_of[after] == line
    added = 0
    if some_before:
        added += idle_runs(fixed, person, before + 1, first - 1)
    if some_after:
        added += idle_runs(fixed, person, last + 1, after - 1)
    if some_before and some_after:
        added -= idle_runs(fixed, person, before + 1, after - 1)
    return added


@compiled
def place(fixed: Fixed, state: State, request: int, slot: int, seat: int) -> None:
    """Into free slots of free people at a place with room; `state.who` says who is sent."""
    write_log(fixed, state, request, -1, -1)
    last = slot + fixed.length[request] - 1
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = state.who[i]
        state.totals[3] += breaks_added(fixed, state, person, slot, last)
        state.totals[1] += state.meetings[person] < fixed.target[person]
        attend(fixed, state, person, slot, last, request, 1)
    if seat >= 0:
        tables = fixed.tables[seat]
        for k in range(last - slot + 1):
            at = fixed.list_from[seat] + (slot + k) * tables + state.used[seat, slot + k]
            state.listed[at], state.listed_at[request, k] = request, at
            state.used[seat, slot + k] += 1
    state.slot[request], state.seat[request] = slot, seat
    count(fixed, state, request, 1)


@compiled
def remove(fixed: Fixed, state: State, request: int) -> None:
    slot, seat = state.slot[request], state.seat[request]
    write_log(fixed, state, request, slot, seat)
    last = slot + fixed.length[request] - 1
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        person = state.who[i]
        attend(fixed, state, person, slot, last, -1, -1)
        state.totals[1] -= state.meetings[person] < fixed.target[person]
        state.totals[3] -= breaks_added(fixed, state, person, slot, last)
    if seat >= 0:
        tables = fixed.tables[seat]
        for k in range(last - slot + 1):
            state.used[seat, slot + k] -= 1
            end = fixed.list_from[seat] + (slot + k) * tables + state.used[seat, slot + k]
            other, hole = state.listed[end], state.listed_at[request, k]
            state.listed[hole] = other
            state.listed_at[other, slot + k - state.slot[other]] = hole
    state.slot[request], state.seat[request] = -1, -1
    count(fixed, state, request, -1)


@compiled
def attend(fixed: Fixed, state: State, person: int, first: int, last: int, request: int, sign: int) -> None:
    for slot in range(first, last + 1):
        state.at[person, slot] = request
        for n in range(len(fixed.pause_most)):
            state.paused[person, n] += sign * fixed.pause[n, slot]
    state.held[person, fixed.day_of[first]] += sign
    state.meetings[person] += sign


@compiled
def count(fixed: Fixed, state: State, request: int, sign: int) -> None:
    state.totals[0] += sign * fixed.must[request]
    state.totals[2] += sign * fixed.gain[request]
    state.totals[4] += sign


@compiled
def write_log(fixed: Fixed, state: State, request: int, slot: int, seat: int) -> None:
    length = state.log_length[0]
    state.log[length, 0], state.log[length, 1], state.log[length, 2] = request, slot, seat
    first = fixed.people_from[request]
    for i in range(first, fixed.people_from[request + 1]):
        state.log_who[length, i - first] = state.who[i]
    state.log_length[0] = length + 1


@compiled
def take_back(fixed: Fixed, state: State) -> None:
    """Undo every step of the log, last first; the log is empty afterwards."""
    for row in range(state.log_length[0] - 1, -1, -1):
        request, slot, seat = state.log[row, 0], state.log[row, 1], state.log[row, 2]
        if slot < 0:
            remove(fixed, state, request)
        else:
            first = fixed.people_from[request]
            for i in range(first, fixed.people_from[request + 1]):
                state.who[i] = state.log_who[row, i - first]
            place(fixed, state, request, slot, seat)
        state.log_length[0] = row
    state.log_length[0] = 0


@compiled
def has_room(fixed: Fixed, state: State, seat: int, first: int, last: int) -> bool:
    full = 0
    for slot in range(first, last + 1):
        full += state.used[seat, slot] >= fixed.room[seat, slot]
    return full == 0


@compiled
def too_near(fixed: Fixed, state: State, person: int, first: int, last: int, seat: int) -> int:
    """A meeting of hers that is too near in time for the way to the hall of this place; -1 where there is none."""
    if seat < 0 or fixed.farthest == 0:
        return -1
    hall, day = fixed.hall[seat], fixed.day_of[first]
    for k in range(1, fixed.farthest + 1):
        for side in range(2):
            slot = first - k if side == 0 else last + k
            if slot < 0 or slot >= len(fixed.day_of) or fixed.day_of[slot] != day:
                continue
            other = state.at[person, slot]
            if other >= 0 and state.seat[other] >= 0 and fixed.way[hall, fixed.hall[state.seat[other]]] >= k:
                return int(other)
    return -1


@compiled
def neighbours(fixed: Fixed, state: State, person: int, slot: int, step: int) -> int:
    """Meetings of hers without a free slot between, from the slot on, backwards (step -1) or forwards (1), on its day."""
    found, day = 0, fixed.day_of[slot - step]
    while 0 <= slot < len(fixed.day_of) and fixed.day_of[slot] == day and state.at[person, slot] >= 0:
        other = state.at[person, slot]
        found += 1
        slot = state.slot[other] - 1 if step < 0 else state.slot[other] + fixed.length[other]
    return found


@compiled
def can_attend(fixed: Fixed, state: State, person: int, request: int, first: int, last: int) -> bool:
    """Whether she is there and free, and not over her day, her row or a pause; the way to the hall is not looked at."""
    for slot in range(first, last + 1):
        if state.at[person, slot] >= 0:
            return False
    if state.held[person, fixed.day_of[first]] >= fixed.cap[person]:
        return False
    for n in range(len(fixed.pause_most)):
        inside = slots_inside(fixed, n, first, last)
        if inside > 0 and state.paused[person, n] + inside > fixed.pause_most[n]:
            return False
    row = fixed.row[person]
    if row < len(fixed.day_of):
        around = neighbours(fixed, state, person, first - 1, -1) + neighbours(fixed, state, person, last + 1, 1)
        return bool(around < row)
    return True


@compiled
def slots_inside(fixed: Fixed, pause: int, first: int, last: int) -> int:
    inside = 0
    for slot in range(first, last + 1):
        inside += fixed.pause[pause, slot]
    return inside


@compiled
def is_there(fixed: Fixed, person: int, request: int, first: int, last: int) -> bool:
    for slot in range(first, last + 1):
        if fixed.away[person, slot] == 1 or (fixed.online[request] == 1 and fixed.asleep[person, slot] == 1):
            return False
    return True


@compiled
def is_in(fixed: Fixed, state: State, person: int, request: int, end: int) -> bool:
    """Whether she is among the first people of the request, up to (and without) position `end` of `who`."""
    times = 0
    for i in range(fixed.people_from[request], end):
        times += state.who[i] == person
    return times > 0


@compiled
def in_order(fixed: Fixed, state: State, request: int, slot: int) -> bool:
    """Whether all that must be earlier has ended, and nothing that must be later has begun."""
    for i in range(fixed.before_from[request], fixed.before_from[request + 1]):
        other = fixed.before[i]
        if state.slot[other] >= 0 and state.slot[other] + fixed.length[other] > slot:
            return False
    for i in range(fixed.later_from[request], fixed.later_from[request + 1]):
        if 0 <= state.slot[fixed.later[i]] < slot + fixed.length[request]:
            return False
    return True


@compiled
def fit(fixed: Fixed, state: State, request: int, slot: int, turn: int) -> int:
    """The place at which the request can begin in the slot, NO_TABLE where it needs none, NO_PLACE where it cannot.

    `turn` says with whom of a team the choice begins; who is sent is written to `state.who`.
    """
    last = slot + fixed.length[request] - 1
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        if fixed.people[i] >= 0 and not can_attend(fixed, state, fixed.people[i], request, slot, last):
            return NO_PLACE
    if not in_order(fixed, state, request, slot):
        return NO_PLACE
    first, end = fixed.place_from[request], fixed.place_from[request + 1]
    if first == end:
        return NO_TABLE if send(fixed, state, request, slot, NO_TABLE, turn) else NO_PLACE
    for i in range(first, end):
        seat = fixed.place[i]
        if has_room(fixed, state, seat, slot, last) and send(fixed, state, request, slot, seat, turn):
            return int(seat)
    return NO_PLACE


@compiled
def send(fixed: Fixed, state: State, request: int, slot: int, seat: int, turn: int) -> bool:
    """Choose a delegate for each team, and see that everybody has the time to come to the hall."""
    last = slot + fixed.length[request] - 1
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        if fixed.people[i] >= 0:
            if too_near(fixed, state, fixed.people[i], slot, last, seat) >= 0:
                return False
        elif not send_one(fixed, state, request, slot, seat, turn, i):
            return False
    return True


@compiled
def send_one(fixed: Fixed, state: State, request: int, slot: int, seat: int, turn: int, i: int) -> bool:
    last, team = slot + fixed.length[request] - 1, -1 - fixed.people[i]
    first, size = fixed.team_from[team], fixed.team_from[team + 1] - fixed.team_from[team]
    for k in range(size):
        person = fixed.team[first + (k + turn) % size]
        if (
            is_there(fixed, person, request, slot, last)
            and not is_in(fixed, state, person, request, i)
            and can_attend(fixed, state, person, request, slot, last)
            and too_near(fixed, state, person, slot, last, seat) < 0
        ):
            state.who[i] = person
            return True
    return False


@compiled
def find_room(fixed: Fixed, state: State, request: int, tries: int) -> int:
    """The free start with the fewest breaks among the first `tries` that are met from a random one; -1 where none is free.

    The place is in `state.chosen`, who is sent in `state.who`.
    """
    first, total = fixed.start_from[request], fixed.start_from[request + 1] - fixed.start_from[request]
    if total == 0:
        return -1
    begin, turn = draw(state, total), draw(state, 64)
    best, fewest = -1, 1 << 30
    for k in range(total):
        slot = fixed.start[first + (begin + k) % total]
        if fit(fixed, state, request, slot, turn) == NO_PLACE:
            continue
        added = 0
        for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
            added += breaks_added(fixed, state, state.who[i], slot, slot + fixed.length[request] - 1)
        if added < fewest:
            best, fewest = slot, added
        tries -= 1
        if tries <= 0:
            break
    if best >= 0:
        state.chosen[0] = fit(fixed, state, request, best, turn)
    return int(best)
