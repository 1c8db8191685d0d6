"""Compiled: a request gets a start, whatever is in the way is pushed out. The pushed out are left on `state.stack`."""

from __future__ import annotations

import numpy as np

from ..compiled import compiled
from .arrays import Fixed, State
from .lots import draw
from .steps import NO_TABLE, can_attend, has_room, is_in, is_there, place, remove, send_one, slots_inside, too_near

NOBODY, HOPELESS = -1, -2
MOST_PUSHED = 24


@compiled
def settle(fixed: Fixed, state: State, request: int, slot: int, top: int) -> int:
    """Place the (unplaced) request; how many were pushed out, onto the stack from `top`, or -1 where it cannot be done.

    A stack row is the request and the slot that it had.
    """
    last = slot + fixed.length[request] - 1
    out = 0
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        if fixed.people[i] >= 0:
            out = make_way(fixed, state, fixed.people[i], request, slot, last, top, out)
            if out < 0:
                return -1
    out = put_in_order(fixed, state, request, slot, last, top, out)
    seat = some_place(fixed, state, request, slot, last)
    if seat == HOPELESS:
        return -1
    out = make_room(fixed, state, request, slot, last, seat, top, out)
    if out < 0:
        return -1
    turn = draw(state, 64)
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        if fixed.people[i] < 0 and not send_one(fixed, state, request, slot, seat, turn, i):
            person = somebody(fixed, state, request, slot, last, i)
            if person < 0:
                return -1
            out = make_way(fixed, state, person, request, slot, last, top, out)
            if out < 0:
                return -1
            state.who[i] = person
        if state.who[i] >= 0:
            out = make_time(fixed, state, state.who[i], slot, last, seat, top, out)
    place(fixed, state, request, slot, seat)
    return out


@compiled
def push(fixed: Fixed, state: State, request: int, at: int) -> None:
    state.stack[at, 0], state.stack[at, 1] = request, state.slot[request]
    remove(fixed, state, request)


@compiled
def make_way(fixed: Fixed, state: State, person: int, request: int, first: int, last: int, top: int, out: int) -> int:
    """Push out what keeps her from these slots; how many are out in all, -1 where no going would help."""
    while not can_attend(fixed, state, person, request, first, last):
        other = in_her_way(fixed, state, person, first, last)
        if other == HOPELESS or out >= MOST_PUSHED:
            return -1
        push(fixed, state, other, top + out)
        out += 1
    return out


@compiled
def in_her_way(fixed: Fixed, state: State, person: int, first: int, last: int) -> int:
    """A meeting of hers that must go before she can meet in these slots; HOPELESS where that would not help."""
    for slot in range(first, last + 1):
        if state.at[person, slot] >= 0:
            return int(state.at[person, slot])
    day = fixed.day_of[first]
    if fixed.cap[person] < 1:
        return HOPELESS
    if state.held[person, day] >= fixed.cap[person]:
        return lightest(fixed, state, person, day, -1)
    for n in range(len(fixed.pause_most)):
        inside = slots_inside(fixed, n, first, last)
        if inside > 0 and state.paused[person, n] + inside > fixed.pause_most[n]:
            return lightest(fixed, state, person, day, n) if inside <= fixed.pause_most[n] else HOPELESS
    before = first > 0 and fixed.day_of[first - 1] == day and state.at[person, first - 1] >= 0
    after = last + 1 < len(fixed.day_of) and fixed.day_of[last + 1] == day and state.at[person, last + 1] >= 0
    if before and (not after or draw(state, 2) == 0):
        return int(state.at[person, first - 1])
    return int(state.at[person, last + 1]) if after else HOPELESS


@compiled
def lightest(fixed: Fixed, state: State, person: int, day: int, pause: int) -> int:
    """The meeting of her day (or of a pause) that weighs least, musts last; equals by chance; HOPELESS where there is none."""
    best, least, seen = HOPELESS, np.int64(1) << 60, 0
    for slot in range(len(fixed.day_of)):
        if fixed.day_of[slot] != day or state.at[person, slot] < 0 or (pause >= 0 and fixed.pause[pause, slot] == 0):
            continue
        request = state.at[person, slot]
        worth = fixed.gain[request] + (fixed.must[request] << 40)
        seen = seen + 1 if worth == least else 1
        if worth < least or (worth == least and draw(state, seen) == 0):
            best, least = int(request), worth
    return best


@compiled
def put_in_order(fixed: Fixed, state: State, request: int, first: int, last: int, top: int, out: int) -> int:
    """Push out the requests that would stand on the wrong side of this one."""
    for i in range(fixed.before_from[request], fixed.before_from[request + 1]):
        other = fixed.before[i]
        if state.slot[other] >= 0 and state.slot[other] + fixed.length[other] > first:
            push(fixed, state, other, top + out)
            out += 1
    for i in range(fixed.later_from[request], fixed.later_from[request + 1]):
        other = fixed.later[i]
        if 0 <= state.slot[other] <= last:
            push(fixed, state, other, top + out)
            out += 1
    return out


@compiled
def some_place(fixed: Fixed, state: State, request: int, first: int, last: int) -> int:
    """A place with room and without long ways if there is one, else any that is open; HOPELESS where none is."""
    begin, places = fixed.place_from[request], fixed.place_from[request + 1] - fixed.place_from[request]
    if places == 0:
        return NO_TABLE
    for k in range(places):
        seat = fixed.place[begin + k]
        if has_room(fixed, state, seat, first, last) and not anybody_too_near(fixed, state, request, first, last, seat):
            return int(seat)
    turn = draw(state, places)
    for k in range(places):
        seat = fixed.place[begin + (k + turn) % places]
        if fixed.room[seat, first : last + 1].min() > 0:
            return int(seat)
    return HOPELESS


@compiled
def anybody_too_near(fixed: Fixed, state: State, request: int, first: int, last: int, seat: int) -> bool:
    for i in range(fixed.people_from[request], fixed.people_from[request + 1]):
        if fixed.people[i] >= 0 and too_near(fixed, state, fixed.people[i], first, last, seat) >= 0:
            return True
    return False


@compiled
def make_room(fixed: Fixed, state: State, request: int, first: int, last: int, seat: int, top: int, out: int) -> int:
    """Push out meetings at the place until a table is free in all the slots."""
    if seat < 0:
        return out
    for slot in range(first, last + 1):
        while state.used[seat, slot] >= fixed.room[seat, slot]:
            if out >= MOST_PUSHED or fixed.room[seat, slot] == 0:
                return -1
            push(fixed, state, at_the_place(fixed, state, seat, slot), top + out)
            out += 1
    return out


@compiled
def at_the_place(fixed: Fixed, state: State, seat: int, slot: int) -> int:
    """Of a few meetings drawn: no must if it can be, and of little weight for its length."""
    begin = fixed.list_from[seat] + slot * fixed.tables[seat]
    best = state.listed[begin + draw(state, state.used[seat, slot])]
    for _ in range(3):
        other = state.listed[begin + draw(state, state.used[seat, slot])]
        lighter = fixed.gain[other] * fixed.length[best] < fixed.gain[best] * fixed.length[other]
        if fixed.must[other] < fixed.must[best] or (fixed.must[other] == fixed.must[best] and lighter):
            best = other
    return int(best)


@compiled
def make_time(fixed: Fixed, state: State, person: int, first: int, last: int, seat: int, top: int, out: int) -> int:
    """Push out her meetings that are too near in time for the way to the hall."""
    while True:
        other = too_near(fixed, state, person, first, last, seat)
        if other < 0:
            return out
        push(fixed, state, other, top + out)
        out += 1


@compiled
def somebody(fixed: Fixed, state: State, request: int, first: int, last: int, i: int) -> int:
    """Anybody of the team at position `i` of `who` who is there at all; -1 where nobody is."""
    team = -1 - fixed.people[i]
    begin, size = fixed.team_from[team], fixed.team_from[team + 1] - fixed.team_from[team]
    turn = draw(state, size)
    for k in range(size):
        person = fixed.team[begin + (k + turn) % size]
        if is_there(fixed, person, request, first, last) and not is_in(fixed, state, person, request, i):
            return int(person)
    return -1
