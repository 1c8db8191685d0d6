"""The problem as flat arrays for the compiled search.

R requests, P participants, S slots, D days, K tables that some request names, W words of 64 slots. A *line* is the run of
slots over which breaks are counted (a day, or the whole event); a word never spans two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .openings import Openings
from .problem import Problem

Ints = npt.NDArray[np.int64]  # one width throughout: a second one would have every step compiled twice
Words = npt.NDArray[np.uint64]
WORD = 64
UNLIMITED = 2**30


class Fixed(NamedTuple):
    """What the search never changes."""

    people_from: Ints  # (R+1) where the people of a request begin in `people`
    people: Ints
    allowed: Words  # (R, W) open slots
    idle: Words  # (P, W) slots that count as idle where she has no meeting
    gain: Ints  # (R) weight
    must: npt.NDArray[np.uint8]  # (R)
    cap: Ints  # (P) meetings a day
    pool: Ints  # (S) open shared tables
    kind: npt.NDArray[np.uint8]  # (R) 0 takes any shared table, 1 none, 2 a named one
    table_from: Ints  # (R+1)
    table: Ints
    table_open: npt.NDArray[np.uint8]  # (K, S)
    table_shared: npt.NDArray[np.uint8]  # (K)
    before_from: Ints  # (R+1) requests that must be earlier
    before: Ints
    later_from: Ints  # (R+1) requests that must be later
    later: Ints
    word_of: Ints  # (S)
    bit_of: Words  # (S) the slot's bit, shifted
    slot_of: Ints  # (W, 64) slot of a bit, -1 where there is none
    day_of: Ints  # (S)
    line_from: Ints  # (lines + 1) words of a line
    line_of: Ints  # (W)


class State(NamedTuple):
    """What the search changes; every array agrees with `slot` at the end of each move."""

    slot: Ints  # (R) 0-based, -1 unplaced
    seat: Ints  # (R) position among the named tables, -1
    at: Ints  # (P, S) the request of a person in a slot, -1
    busy: Words  # (P, W)
    held: Ints  # (P, D)
    pool_used: Ints  # (S)
    table_at: Ints  # (K, S)
    in_slot: Ints  # (S, P) requests that use the pool of a slot
    in_slot_length: Ints  # (S)
    place_in_slot: Ints  # (R)
    totals: Ints  # musts placed, weight placed, breaks, placed
    random: Words  # (1)
    log: Ints  # (many, 3) operations of the move in hand: request, slot before, seat before
    log_length: Ints  # (1)
    stack: Ints  # scratch: requests pushed out, members of a chain
    mark: Ints  # (R) stamp of the chain that saw the request
    stamp: Ints  # (1)
    best: Ints  # (R) `slot` of the best timetable so far
    best_totals: Ints


def fixed_arrays(problem: Problem, rows: Openings) -> Fixed:
    lines = (tuple(range(1, len(problem.slots) + 1)),) if problem.breaks_over_forbidden else rows.days
    word_of, bit_of, slot_of, line_from, line_of = _words(lines, len(problem.slots))
    everybody = [[s for line in lines for s in line]]
    available = [[s for s in everybody[0] if s not in p.forbidden] for p in problem.participants]
    idle = everybody * len(problem.participants) if problem.breaks_over_forbidden else available
    named = sorted({t for tables in rows.tables if tables for t in tables})
    column = {t: k for k, t in enumerate(named)}
    seats = [[column[t] for t in tables or ()] for tables in rows.tables]
    later: list[list[int]] = [[] for _ in rows.after]
    for request, befores in enumerate(rows.after):
        for earlier in befores:
            later[earlier].append(request)
    people_from, people = _ragged(rows.people)
    table_from, table = _ragged(seats)
    before_from, before = _ragged(rows.after)
    later_from, later_flat = _ragged(later)
    day_of = np.zeros(len(problem.slots), np.int64)
    for day, slots in enumerate(rows.days):
        day_of[[s - 1 for s in slots]] = day
    return Fixed(
        people_from=people_from,
        people=people,
        allowed=_masks(rows.slots, word_of, bit_of, len(slot_of)),
        idle=_masks(idle, word_of, bit_of, len(slot_of)),
        gain=np.array([r.weight for r in problem.requests], np.int64),
        must=np.array(rows.must, np.uint8),
        cap=np.array([UNLIMITED if c is None else c for c in rows.caps], np.int64),
        pool=np.array(rows.pool, np.int64),
        kind=np.array([0 if t is None else (2 if t else 1) for t in rows.tables], np.uint8),
        table_from=table_from,
        table=table,
        table_open=np.array(
            [[s not in problem.tables[t].closed for s in range(1, len(problem.slots) + 1)] for t in named], np.uint8
        ).reshape(len(named), len(problem.slots)),
        table_shared=np.array([problem.tables[t].shared for t in named], np.uint8),
        before_from=before_from,
        before=before,
        later_from=later_from,
        later=later_flat,
        word_of=word_of,
        bit_of=bit_of,
        slot_of=slot_of,
        day_of=day_of,
        line_from=line_from,
        line_of=line_of,
    )


def empty_state(fixed: Fixed, seed: int) -> State:
    requests, people = len(fixed.gain), len(fixed.cap)
    slots, words, days = len(fixed.pool), len(fixed.slot_of), int(fixed.day_of.max(initial=0)) + 1
    return State(
        slot=_filled(requests),
        seat=_filled(requests),
        at=_filled(people, slots),
        busy=np.zeros((people, words), np.uint64),
        held=np.zeros((people, days), np.int64),
        pool_used=np.zeros(slots, np.int64),
        table_at=_filled(len(fixed.table_open), slots),
        in_slot=_filled(slots, people + 1),
        in_slot_length=np.zeros(slots, np.int64),
        place_in_slot=_filled(requests),
        totals=np.zeros(4, np.int64),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64),
        log=np.zeros((4 * requests + 64, 3), np.int64),
        log_length=np.zeros(1, np.int64),
        stack=np.zeros(requests + 64, np.int64),
        mark=np.zeros(requests, np.int64),
        stamp=np.zeros(1, np.int64),
        best=_filled(requests),
        best_totals=np.full(4, -1, np.int64),
    )


def _filled(*shape: int) -> Ints:
    return np.full(shape, -1, np.int64)


def _ragged(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    starts = np.zeros(len(rows) + 1, np.int64)
    starts[1:] = np.cumsum([len(row) for row in rows])
    return starts, np.array([x for row in rows for x in row], np.int64)


def _words(lines: Sequence[Sequence[int]], total: int) -> tuple[Ints, Words, Ints, Ints, Ints]:
    chunks = [(n, line[i : i + WORD]) for n, line in enumerate(lines) for i in range(0, len(line), WORD)]
    word_of, bit_of = np.zeros(total, np.int64), np.zeros(total, np.uint64)
    slot_of = _filled(len(chunks), WORD)
    for word, (_, slots) in enumerate(chunks):
        for bit, slot in enumerate(slots):
            word_of[slot - 1], bit_of[slot - 1], slot_of[word, bit] = word, np.uint64(1 << bit), slot - 1
    line_of = np.array([n for n, _ in chunks], np.int64)
    line_from = np.searchsorted(line_of, np.arange(len(lines) + 1)).astype(np.int64)
    return word_of, bit_of, slot_of, line_from, line_of


def _masks(rows: Sequence[Sequence[int]], word_of: Ints, bit_of: Words, words: int) -> Words:
    masks: Any = np.zeros((len(rows), words), np.uint64)
    for place, slots in enumerate(rows):
        for slot in slots:
            masks[place, word_of[slot - 1]] |= bit_of[slot - 1]
    return masks  # type: ignore[no-any-return]  # NumPy types the shift as Any
