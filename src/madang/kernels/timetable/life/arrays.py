"""The rows as flat arrays for the compiled search.

R requests, P participants, S slots, D days, C places, N pauses, T teams. Everything 0-based, -1 is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..problem import Problem
from .rows import Rows

Ints = npt.NDArray[np.int64]  # one width nearly throughout: a second one would have steps compiled twice
Flags = npt.NDArray[np.uint8]
UNLIMITED = 2**30


class Fixed(NamedTuple):
    """What the search never changes."""

    people_from: Ints  # (R+1) where the people of a request begin in `people`
    people: Ints  # participants, then -1 - t for each of its teams t
    team_from: Ints  # (T+1)
    team: Ints
    length: Ints  # (R)
    start_from: Ints  # (R+1)
    start: Ints  # open first slots, ascending
    place_from: Ints  # (R+1) empty where no table is needed
    place: Ints
    tables: Ints  # (C) how many there are
    room: Ints  # (C, S) how many of them are open
    list_from: Ints  # (C+1) where the lists of a place begin in `State.listed`
    hall: Ints  # (C)
    way: Ints  # (halls, halls)
    farthest: int  # the longest way
    gain: Ints  # (R)
    must: Ints  # (R)
    cap: Ints  # (P) meetings a day
    row: Ints  # (P) meetings in a row
    target: Ints  # (P) meetings that the floor counts
    away: Flags  # (P, S)
    asleep: Flags  # (P, S)
    online: Flags  # (R)
    idle: Flags  # (P, S) slots that count as idle where she has no meeting
    day_of: Ints  # (S)
    line_of: Ints  # (S)
    pause: Flags  # (N, S)
    pause_most: Ints  # (N)
    before_from: Ints  # (R+1) requests that must be earlier
    before: Ints
    later_from: Ints  # (R+1)
    later: Ints


class State(NamedTuple):
    """What the search changes; every array agrees with `slot`, `seat` and `who` at the end of each move."""

    slot: Ints  # (R) first slot
    seat: Ints  # (R) place
    who: Ints  # like Fixed.people: the participants, and who is sent by each team
    at: npt.NDArray[np.int32]  # (P, S) the request of a person in a slot
    held: Ints  # (P, D)
    meetings: Ints  # (P)
    paused: Ints  # (P, N) slots of a pause with a meeting
    used: Ints  # (C, S) tables taken
    listed: Ints  # requests at each place in each slot
    listed_at: Ints  # (R, longest) where a request stands in these lists
    totals: Ints  # musts, meetings that the floor counts, weight, breaks, placed
    random: npt.NDArray[np.uint64]  # (1)
    log: Ints  # (many, 3) operations of the move in hand: request, slot and place before
    log_who: Ints  # (many, teams of a request)
    log_length: Ints  # (1)
    chosen: Ints  # (1) the place that was found together with a start
    stack: Ints  # (many, 3) scratch: requests pushed out, a slot of each, how far it goes
    mark: Ints  # (R) stamp of the chain that has moved the request
    stamp: Ints  # (1)
    best_slot: Ints
    best_seat: Ints
    best_who: Ints
    best_totals: Ints


def fixed_arrays(problem: Problem, rows: Rows) -> Fixed:
    people_from, people, team_from, team = _people(rows)
    later: list[list[int]] = [[] for _ in rows.after]
    for request, befores in enumerate(rows.after):
        for earlier in befores:
            later[earlier].append(request)
    start_from, start = _ragged(rows.starts)
    place_from, place = _ragged(rows.places)
    before_from, before = _ragged(rows.after)
    later_from, later_flat = _ragged(later)
    total = len(problem.slots)
    room = np.array([[len(p.tables) * is_open for is_open in p.open] for p in rows.place], np.int64).reshape(-1, total)
    numbers = {day: i for i, day in enumerate(dict.fromkeys(s.day for s in problem.slots))}
    line_of = np.zeros(total, np.int64)
    for line, slots in enumerate(rows.lines):
        line_of[list(slots)] = line
    return Fixed(
        people_from=people_from,
        people=people,
        team_from=team_from,
        team=team,
        length=np.array(rows.length, np.int64),
        start_from=start_from,
        start=start,
        place_from=place_from,
        place=place,
        tables=np.array([len(p.tables) for p in rows.place], np.int64),
        room=room,
        list_from=np.concatenate([[0], np.cumsum([len(p.tables) * total for p in rows.place])]).astype(np.int64),
        hall=np.array([p.hall for p in rows.place], np.int64),
        way=np.array(rows.way, np.int64),
        farthest=max(map(max, rows.way)),
        gain=np.array([r.weight for r in problem.requests], np.int64),
        must=np.array(rows.must, np.int64),
        cap=_limits([p.max_per_day for p in problem.participants]),
        row=_limits([p.max_in_row for p in problem.participants]),
        target=np.array(rows.target, np.int64),
        away=_flags([p.forbidden for p in problem.participants], total),
        asleep=_flags([p.asleep for p in problem.participants], total),
        online=np.array([r.online for r in problem.requests], np.uint8),
        idle=np.array(rows.idle, np.uint8).reshape(-1, total),
        day_of=np.array([numbers[s.day] for s in problem.slots], np.int64),
        line_of=line_of,
        pause=_flags([{s + 1 for s in p.slots} for p in rows.pauses], total),
        pause_most=np.array([p.most for p in rows.pauses], np.int64),
        before_from=before_from,
        before=before,
        later_from=later_from,
        later=later_flat,
    )


def empty_state(fixed: Fixed, seed: int) -> State:
    requests, persons, slots = len(fixed.gain), len(fixed.cap), len(fixed.day_of)
    days = int(fixed.day_of.max(initial=0)) + 1
    teams = int(np.diff(fixed.people_from).max(initial=0))
    many = 8 * requests + 256
    return State(
        slot=_filled(requests),
        seat=_filled(requests),
        who=fixed.people.copy(),
        at=np.full((persons, slots), -1, np.int32),
        held=np.zeros((persons, days), np.int64),
        meetings=np.zeros(persons, np.int64),
        paused=np.zeros((persons, len(fixed.pause_most)), np.int64),
        used=np.zeros(fixed.room.shape, np.int64),
        listed=_filled(int(fixed.list_from[-1])),
        listed_at=_filled(requests, int(fixed.length.max(initial=1))),
        totals=np.zeros(5, np.int64),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64),
        log=np.zeros((many, 3), np.int64),
        log_who=np.zeros((many, teams), np.int64),
        log_length=np.zeros(1, np.int64),
        chosen=np.zeros(1, np.int64),
        stack=np.zeros((requests + 64, 3), np.int64),
        mark=np.zeros(requests, np.int64),
        stamp=np.zeros(1, np.int64),
        best_slot=_filled(requests),
        best_seat=_filled(requests),
        best_who=fixed.people.copy(),
        best_totals=np.full(5, -1, np.int64),
    )


def _people(rows: Rows) -> tuple[Ints, Ints, Ints, Ints]:
    flat: list[tuple[int, ...]] = []
    everybody: list[tuple[int, ...]] = []
    for people, teams in zip(rows.people, rows.teams, strict=True):
        everybody.append((*people, *(-1 - len(flat) - n for n in range(len(teams)))))
        flat.extend(teams)
    return (*_ragged(everybody), *_ragged(flat))


def _ragged(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    starts = np.zeros(len(rows) + 1, np.int64)
    starts[1:] = np.cumsum([len(row) for row in rows])
    return starts, np.array([x for row in rows for x in row], np.int64)


def _limits(values: Sequence[int | None]) -> Ints:
    return np.array([UNLIMITED if v is None else v for v in values], np.int64)


def _flags(sets: Sequence[frozenset[int] | set[int]], total: int) -> Flags:
    flags = np.zeros((len(sets), total), np.uint8)
    for line, slots in enumerate(sets):
        flags[line, [s - 1 for s in slots]] = 1
    return flags


def _filled(*shape: int) -> Ints:
    return np.full(shape, -1, np.int64)
