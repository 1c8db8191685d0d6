"""Compiled: a request gets a start, whatever is in the way is pushed out. The pushed out are left on `state.stack`."""

from __future__ import annotations

import numpy as np

from ..compiled import bare
from .arrays import (
    BEFORE,
    BEFORE_END,
    CAP,
    DAY,
    GAIN,
    LATER,
    LATER_END,
    LENGTH,
    LISTS,
    MUST,
    PEOPLE,
    PEOPLE_END,
    PLACE,
    PLACE_END,
    SLOT,
    TABLES,
    Fixed,
    State,
)
from .lots import draw
from .steps import NO_TABLE, has_room, is_free, is_in, is_there, may_attend, place, remove, send_one, slots_inside, too_near

NOBODY, HOPELESS = -1, -2
MOST_PUSHED = 24


@bare
def settle(fixed: Fixed, state: State, request: int, slot: int, top: int) -> int:
    """Place the (unplaced) request; how many were pushed out, onto the stack from `top`, or -1 where it cannot be done.

    A stack row is the request and the slot that it had.
    """
    last = slot + fixed.request[request, LENGTH] - 1
    out = 0
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
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
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
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


@bare
def push(fixed: Fixed, state: State, request: int, at: int) -> None:
    state.stack[at, 0], state.stack[at, 1] = request, state.row[request, SLOT]
    remove(fixed, state, request)


@bare
def make_way(fixed: Fixed, state: State, person: int, request: int, first: int, last: int, top: int, out: int) -> int:
    """Push out what keeps her from these slots; how many are out in all, -1 where no going would help."""
    while not is_free(state.at, person, first, last) or not may_attend(fixed, state, person, first, last):
        other = in_her_way(fixed, state, person, first, last)
        if other == HOPELESS or out >= MOST_PUSHED:
            return -1
        push(fixed, state, other, top + out)
        out += 1
    return out


@bare
def in_her_way(fixed: Fixed, state: State, person: int, first: int, last: int) -> int:
    """A meeting of hers that must go before she can meet in these slots; HOPELESS where that would not help."""
    for slot in range(first, last + 1):
        if state.at[person, slot] >= 0:
            return int(state.at[person, slot])
    day = fixed.slot[first, DAY]
    if fixed.person[person, CAP] < 1:
        return HOPELESS
    if state.held[person, 1 + len(fixed.pause) + day] >= fixed.person[person, CAP]:
        return lightest(fixed, state, person, day, -1)
    for n in range(len(fixed.pause)):
        inside = slots_inside(fixed.pause, n, first, last)
        if inside > 0 and state.held[person, 1 + n] + inside > fixed.pause[n, -1]:
            return lightest(fixed, state, person, day, n) if inside <= fixed.pause[n, -1] else HOPELESS
    before = first > 0 and fixed.slot[first - 1, DAY] == day and state.at[person, first - 1] >= 0
    after = last + 1 < len(fixed.slot) and fixed.slot[last + 1, DAY] == day and state.at[person, last + 1] >= 0
    if before and (not after or draw(state, 2) == 0):
        return int(state.at[person, first - 1])
    return int(state.at[person, last + 1]) if after else HOPELESS


@bare
def lightest(fixed: Fixed, state: State, person: int, day: int, pause: int) -> int:
    """The meeting of her day (or of a pause) that weighs least, musts last; equals by chance; HOPELESS where there is none."""
    best, least, seen = HOPELESS, np.int64(1) << 60, 0
    for slot in range(len(fixed.slot)):
        if fixed.slot[slot, DAY] != day or state.at[person, slot] < 0 or (pause >= 0 and fixed.pause[pause, slot] == 0):
            continue
        request = state.at[person, slot]
        worth = fixed.request[request, GAIN] + (fixed.request[request, MUST] << 40)
        seen = seen + 1 if worth == least else 1
        if worth < least or (worth == least and draw(state, seen) == 0):
            best, least = int(request), worth
    return best


@bare
def put_in_order(fixed: Fixed, state: State, request: int, first: int, last: int, top: int, out: int) -> int:
    """Push out the requests that would stand on the wrong side of this one."""
    for i in range(fixed.request[request, BEFORE], fixed.request[request, BEFORE_END]):
        other = fixed.lists[i]
        if state.row[other, SLOT] >= 0 and state.row[other, SLOT] + fixed.request[other, LENGTH] > first:
            push(fixed, state, other, top + out)
            out += 1
    for i in range(fixed.request[request, LATER], fixed.request[request, LATER_END]):
        other = fixed.lists[i]
        if 0 <= state.row[other, SLOT] <= last:
            push(fixed, state, other, top + out)
            out += 1
    return out


@bare
def some_place(fixed: Fixed, state: State, request: int, first: int, last: int) -> int:
    """A place with room and without long ways if there is one, else any that is open; HOPELESS where none is."""
    begin, places = fixed.request[request, PLACE], fixed.request[request, PLACE_END] - fixed.request[request, PLACE]
    if places == 0:
        return NO_TABLE
    for k in range(places):
        seat = fixed.lists[begin + k]
        if has_room(state.used, fixed.room, seat, first, last) and not anybody_too_near(fixed, state, request, first, last, seat):
            return int(seat)
    turn = draw(state, places)
    for k in range(places):
        seat = fixed.lists[begin + (k + turn) % places]
        if is_open(fixed, seat, first, last):
            return int(seat)
    return HOPELESS


@bare
def is_open(fixed: Fixed, seat: int, first: int, last: int) -> bool:
    closed = 0
    for slot in range(first, last + 1):
        closed += fixed.room[seat, slot] == 0
    return closed == 0


@bare
def anybody_too_near(fixed: Fixed, state: State, request: int, first: int, last: int, seat: int) -> bool:
    for i in range(fixed.request[request, PEOPLE], fixed.request[request, PEOPLE_END]):
        if fixed.people[i] >= 0 and too_near(fixed, state, fixed.people[i], first, last, seat) >= 0:
            return True
    return False


@bare
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


@bare
def cost(fixed: Fixed, request: int) -> float:
    """What pushing it out costs for each slot that this frees; musts cost most."""
    return float((fixed.request[request, GAIN] + (fixed.request[request, MUST] << 40)) / fixed.request[request, LENGTH])


@bare
def at_the_place(fixed: Fixed, state: State, seat: int, slot: int) -> int:
    """Of a few meetings drawn: no must if it can be, and of little weight for its length."""
    begin = fixed.place[seat, LISTS] + slot * fixed.place[seat, TABLES]
    best = state.listed[begin + draw(state, state.used[seat, slot])]
    for _ in range(3):
        other = state.listed[begin + draw(state, state.used[seat, slot])]
        if cost(fixed, other) < cost(fixed, best):
            best = other
    return int(best)


@bare
def make_time(fixed: Fixed, state: State, person: int, first: int, last: int, seat: int, top: int, out: int) -> int:
    """Push out her meetings that are too near in time for the way to the hall."""
    while True:
        other = too_near(fixed, state, person, first, last, seat)
        if other < 0:
            return out
        push(fixed, state, other, top + out)
        out += 1


@bare
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
