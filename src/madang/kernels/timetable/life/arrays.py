"""The rows as a few wide arrays for the compiled search: each array handed to a compiled step costs time, at every call.

R requests, P participants, S slots, D days, C places, N pauses, T teams of a request, W words of 64 slots. Everything 0-based,
-1 is none. The names in capitals are columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..problem import Problem
from .rows import Rows

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
UNLIMITED = 2**30

PEOPLE, PEOPLE_END, START, START_END, PLACE, PLACE_END, BEFORE, BEFORE_END, LATER, LATER_END = range(10)
LENGTH, GAIN, MUST, ONLINE = range(10, 14)
CAP, ROW, TARGET = range(3)
AWAY, ASLEEP, IDLE = 1, 2, 4
DAY, LINE = range(2)
TABLES, LISTS, HALL = range(3)
SLOT, SEAT, MARK = range(3)
MUSTS, COUNTED, WEIGHT, BREAKS, PLACED, OVER, CHOSEN, LOGGED, STAMP = range(9)
SPREAD, LACK, BEST_LACK, DEAR = range(4)


class Fixed(NamedTuple):
    """What the search never changes."""

    request: Ints  # (R, 14) where its lists begin and end, length, weight, must, online
    people: Ints  # participants, then -1 - t for each of its teams t
    lists: Ints  # starts, places, requests that must be earlier, and later
    team_from: Ints  # (teams + 1)
    team: Ints
    open: Words  # (R, W) starts
    person: Ints  # (P, 3) meetings a day, in a row, and those that the floor counts
    there: npt.NDArray[np.uint8]  # (P, S) AWAY, ASLEEP, IDLE: may be part of a break
    slot: Ints  # (S, 2) its day, the line of its breaks
    place: Ints  # (C, 3) its tables, where its lists begin in `State.listed`, its hall
    room: Ints  # (C, S) tables open
    way: Ints  # (halls, halls) slots; in the last row and column: the farthest
    pause: Ints  # (N, S + 1) 1 where the pause has the slot; last: how many may be met in
    asked: Floats  # (P) weight of all requests in which she is a participant


class State(NamedTuple):
    """What the search changes; every array agrees with `row` and `who` at the end of each move."""

    row: Ints  # (R, 3) first slot, place, stamp of the chain that moved it last
    who: Ints  # like Fixed.people: the participants, and who is sent by each team
    at: npt.NDArray[np.int32]  # (P, S) the request of a person in a slot
    busy: Words  # (P, W) the same as bits
    held: Ints  # (P, 1 + N + D) meetings; slots of each pause with a meeting; meetings of each day
    used: Ints  # (C, S) tables taken
    listed: Ints  # requests at each place in each slot
    listed_at: Ints  # (R, longest) where a request stands in these lists
    torn: Ints  # (P, lines) breaks of a person in each line
    got: Floats  # (P) weight of her meetings as a participant
    totals: Ints  # (9) musts, meetings that the floor counts, weight, breaks, placed, breaks over the most; then scratch
    most: Ints  # (1) breaks a person should have in a line at most
    fair: Floats  # (4) price of LACK, the sum of squares of what share of her wishes each lacks, that of the best, price of OVER
    random: Words  # (1)
    log: Ints  # (many, 3 + T) operations of the move in hand: request; slot, place and delegates before
    stack: Ints  # (many, 3) requests pushed out, a slot of each, how far it goes
    best: Ints  # (R, 2)
    best_who: Ints
    best_totals: Ints  # (6)


def fixed_arrays(problem: Problem, rows: Rows) -> Fixed:
    total = len(problem.slots)
    people, everybody, teams = _people(rows)
    later: list[list[int]] = [[] for _ in rows.after]
    for request, befores in enumerate(rows.after):
        for earlier in befores:
            later[earlier].append(request)
    ends, lists = _lists(list(zip(rows.starts, rows.places, rows.after, later, strict=True)))
    facts = [[r.length, r.weight, must, r.online] for r, must in zip(problem.requests, rows.must, strict=True)]
    room = [[len(p.tables) * is_open for is_open in p.open] for p in rows.place]
    firsts = np.concatenate([[0], np.cumsum([len(p.tables) * total for p in rows.place])])
    days = {day: i for i, day in enumerate(dict.fromkeys(s.day for s in problem.slots))}
    line_of = {slot: line for line, slots in enumerate(rows.lines) for slot in slots}
    return Fixed(
        request=np.hstack([people, ends, _table(facts, 4)]),
        people=everybody,
        lists=lists,
        team_from=teams[0],
        team=teams[1],
        open=_bits(rows.starts, total),
        person=_table(
            ((_limit(p.max_per_day), _limit(p.max_in_row), t) for p, t in zip(problem.participants, rows.target, strict=True)), 3
        ),
        there=_there(problem, rows),
        slot=_table(((days[s.day], line_of[n]) for n, s in enumerate(problem.slots)), 2),
        place=_table(((len(p.tables), first, p.hall) for p, first in zip(rows.place, firsts, strict=False)), 3),
        room=_table(room, total),
        way=np.pad(np.array(rows.way, np.int64), (0, 1), constant_values=max(map(max, rows.way))),
        pause=_table(([*(s in p.slots for s in range(total)), p.most] for p in rows.pauses), total + 1),
        asked=_asked(problem, rows),
    )


def empty_state(fixed: Fixed, seed: int) -> State:
    requests, persons, slots = len(fixed.request), len(fixed.person), len(fixed.slot)
    days = int(fixed.slot[:, DAY].max(initial=0)) + 1
    people = int((fixed.request[:, PEOPLE_END] - fixed.request[:, PEOPLE]).max(initial=0))
    return State(
        row=_filled(requests, 3),
        who=fixed.people.copy(),
        at=np.full((persons, slots), -1, np.int32),
        busy=np.zeros((persons, fixed.open.shape[1]), np.uint64),
        held=np.zeros((persons, 1 + len(fixed.pause) + days), np.int64),
        used=np.zeros(fixed.room.shape, np.int64),
        listed=_filled(int((fixed.place[:, TABLES] * slots).sum())),
        listed_at=_filled(requests, int(fixed.request[:, LENGTH].max(initial=1))),
        torn=np.zeros((persons, int(fixed.slot[:, LINE].max(initial=0)) + 1), np.int64),
        got=np.zeros(persons),
        totals=np.zeros(9, np.int64),
        most=np.array([UNLIMITED], np.int64),
        fair=np.array([0.0, np.count_nonzero(fixed.asked > 0.0), 0.0, 0.0]),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64),
        log=np.zeros((8 * requests + 256, 3 + people), np.int64),
        stack=np.zeros((requests + 64, 3), np.int64),
        best=_filled(requests, 2),
        best_who=fixed.people.copy(),
        best_totals=np.full(6, -1, np.int64),
    )


def _people(rows: Rows) -> tuple[Ints, Ints, tuple[Ints, Ints]]:
    """Where each request's people begin and end, the people, and the teams (where they begin; who is in them)."""
    flat: list[tuple[int, ...]] = []
    everybody: list[tuple[int, ...]] = []
    for people, teams in zip(rows.people, rows.teams, strict=True):
        everybody.append((*people, *(-1 - len(flat) - n for n in range(len(teams)))))
        flat.extend(teams)
    starts, found = _ragged(everybody)
    return np.column_stack([starts[:-1], starts[1:]]), found, _ragged(flat)


def _asked(problem: Problem, rows: Rows) -> Floats:
    asked = np.zeros(len(problem.participants))
    for request, people in zip(problem.requests, rows.people, strict=True):
        asked[list(people)] += request.weight
    return asked


def _lists(rows: Sequence[tuple[Sequence[int], ...]]) -> tuple[Ints, Ints]:
    """All the lists of all rows one behind the other, and where each begins and ends (row x lists * 2)."""
    starts, flat = _ragged([some for row in rows for some in row])
    return np.column_stack([starts[:-1], starts[1:]]).reshape(len(rows), -1), flat


def _ragged(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    starts = np.zeros(len(rows) + 1, np.int64)
    starts[1:] = np.cumsum([len(row) for row in rows])
    return starts, np.array([x for row in rows for x in row], np.int64)


def _table(rows: Iterable[Sequence[int]], columns: int) -> Ints:
    return np.array(list(rows), np.int64).reshape(-1, columns)


def _limit(value: int | None) -> int:
    return UNLIMITED if value is None else value


def _there(problem: Problem, rows: Rows) -> npt.NDArray[np.uint8]:
    flags = np.array(rows.idle, np.uint8).reshape(len(problem.participants), len(problem.slots)) * np.uint8(IDLE)
    for line, person in enumerate(problem.participants):
        flags[line, [s - 1 for s in person.forbidden]] |= np.uint8(AWAY)
        flags[line, [s - 1 for s in person.asleep]] |= np.uint8(ASLEEP)
    return flags


def _bits(rows: Sequence[Sequence[int]], total: int) -> Words:
    masks = np.zeros((len(rows), total // 64 + 1), np.uint64)
    for line, slots in enumerate(rows):
        for slot in slots:
            masks[line, slot // 64] |= np.uint64(1 << slot % 64)
    return masks


def _filled(*shape: int) -> Ints:
    return np.full(shape, -1, np.int64)
