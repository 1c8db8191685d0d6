"""The problem as flat arrays for the compiled search.

R requests, P participants, S slots, D days, K tables that some request names, W words of 64 slots. A *line* is the run of
slots over which breaks are counted (a day, or the whole event); a word never spans two lines or two days.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .openings import Openings
from .problem import Problem

Ints = npt.NDArray[np.int64]  # one width throughout: a second one would have every step compiled twice
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
WORD = 64
UNLIMITED = 2**30
ALL = np.uint64(2**64 - 1)


class Fixed(NamedTuple):
    """What the search never changes."""

    people_from: Ints  # (R+1) where the people of a request begin in `people`
    people: Ints
    allowed: Words  # (R, W) open slots
    idle: Words  # (P, W) slots that count as idle where she has no meeting
    gain: Ints  # (R) weight
    must: Flags  # (R)
    cap: Ints  # (P) meetings a day
    asked: Floats  # (P) weight of all her requests
    pool: Ints  # (S) open shared tables
    kind: Flags  # (R) 0 takes any shared table, 1 none, 2 a named one
    table_from: Ints  # (R+1)
    table: Ints
    table_open: Flags  # (K, S)
    table_shared: Flags  # (K)
    before_from: Ints  # (R+1) requests that must be earlier
    before: Ints
    later_from: Ints  # (R+1) requests that must be later
    later: Ints
    word_of: Ints  # (S)
    bit_of: Words  # (S) the slot's bit, shifted
    slot_of: Ints  # (W, 64) slot of a bit, -1 where there is none
    day_of: Ints  # (S)
    day_of_word: Ints  # (W)
    line_from: Ints  # (lines + 1) words of a line
    line_of: Ints  # (W)


class State(NamedTuple):
    """What the search changes; every array agrees with `slot` at the end of each move."""

    slot: Ints  # (R) 0-based, -1 unplaced
    seat: Ints  # (R) position among the named tables, -1
    at: Ints  # (P, S) the request of a person in a slot, -1
    busy: Words  # (P, W)
    shut: Words  # (P, W) busy, and all of a day whose cap is reached
    held: Ints  # (P, D)
    runs: Ints  # (P, lines) breaks
    full: Words  # (W) slots whose shared tables are all taken
    pool_used: Ints  # (S)
    table_at: Ints  # (K, S)
    in_slot: Ints  # (S, P) requests that use the pool of a slot
    in_slot_length: Ints  # (S)
    place_in_slot: Ints  # (R)
    open: Words  # (W) slots in which this state may place and remove
    mine: Ints  # (R) requests that moves are drawn from; `lengths[0]` of them
    waiting: Ints  # (R) those of them that are wanted and unplaced; `lengths[1]`
    place_in_waiting: Ints  # (R) position there, -1; -2 where it is not wanted
    lengths: Ints  # of mine, of waiting, of log
    totals: Ints  # musts placed, weight placed, breaks, placed
    worth: Floats  # (3) of the timetable at the prices in hand, at the prices that judge it, and the latter of the best
    points: Floats  # (R) price of placing a request
    cost: Floats  # (2, S+2) price of so many breaks in a line: in hand, and that which judges
    spread: Floats  # (1) price of the square of what share of her wishes a person lacks
    got: Floats  # (P) weight placed of each person
    random: Words  # (1)
    log: Ints  # (many, 3) operations of the move in hand: request, slot before, seat before
    stack: Ints  # scratch: requests pushed out, members of a chain
    mark: Ints  # (R) stamp of the chain that saw the request
    stamp: Ints  # (1)
    best: Ints  # (R) `slot` of the best timetable so far
    best_seat: Ints  # (R)
    best_totals: Ints


def fixed_arrays(problem: Problem, rows: Openings) -> Fixed:
    lines = (tuple(range(1, len(problem.slots) + 1)),) if problem.breaks_over_forbidden else rows.days
    day_of = np.zeros(len(problem.slots), np.int64)
    for day, slots in enumerate(rows.days):
        day_of[[s - 1 for s in slots]] = day
    word_of, bit_of, slot_of, line_from, line_of = _words(lines, day_of)
    everybody = [[s for line in lines for s in line]]
    away = _masks([sorted(p.forbidden) for p in problem.participants], word_of, bit_of, len(slot_of))
    whole = _masks(everybody, word_of, bit_of, len(slot_of))
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
    return Fixed(
        people_from=people_from,
        people=people,
        allowed=_masks(rows.slots, word_of, bit_of, len(slot_of)),
        idle=np.repeat(whole, len(away), axis=0) if problem.breaks_over_forbidden else whole & ~away,
        gain=np.array([r.weight for r in problem.requests], np.int64),
        must=np.array(rows.must, np.uint8),
        cap=np.array([UNLIMITED if c is None else c for c in rows.caps], np.int64),
        asked=_asked(problem, rows, people_from, people),
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
        day_of_word=np.array([day_of[row[0]] for row in slot_of], np.int64),
        line_from=line_from,
        line_of=line_of,
    )


def empty_state(fixed: Fixed, seed: int) -> State:
    requests, people = len(fixed.gain), len(fixed.cap)
    slots, words, days = len(fixed.pool), len(fixed.slot_of), int(fixed.day_of.max(initial=0)) + 1
    shut: Any = np.zeros((people, words), np.uint64)
    shut[fixed.cap < 1] = ALL
    full = np.zeros(words, np.uint64)
    for slot in np.flatnonzero(fixed.pool < 1):
        full[fixed.word_of[slot]] |= fixed.bit_of[slot]
    return State(
        slot=_filled(requests),
        seat=_filled(requests),
        at=_filled(people, slots),
        busy=np.zeros((people, words), np.uint64),
        shut=shut,
        held=np.zeros((people, days), np.int64),
        runs=np.zeros((people, len(fixed.line_from) - 1), np.int64),
        full=full,
        pool_used=np.zeros(slots, np.int64),
        table_at=_filled(len(fixed.table_open), slots),
        in_slot=_filled(slots, int(fixed.pool.max(initial=0)) + 1),
        in_slot_length=np.zeros(slots, np.int64),
        place_in_slot=_filled(requests),
        open=np.full(words, ALL, np.uint64),
        mine=np.arange(requests, dtype=np.int64),
        waiting=np.arange(requests, dtype=np.int64),
        place_in_waiting=np.arange(requests, dtype=np.int64),
        lengths=np.array([requests, requests, 0], np.int64),
        totals=np.zeros(4, np.int64),
        worth=np.zeros(3),
        points=fixed.gain.astype(np.float64),
        cost=np.zeros((2, len(fixed.pool) + 2)),
        spread=np.zeros(1),
        got=np.zeros(people),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64),
        log=np.zeros((4 * requests + 64, 3), np.int64),
        stack=np.zeros(requests + 64, np.int64),
        mark=np.zeros(requests, np.int64),
        stamp=np.zeros(1, np.int64),
        best=_filled(requests),
        best_seat=_filled(requests),
        best_totals=np.full(4, -1, np.int64),
    )


def _asked(problem: Problem, rows: Openings, people_from: Ints, people: Ints) -> Floats:
    weights = np.array([r.weight if rows.slots[n] else 0 for n, r in enumerate(problem.requests)], np.float64)
    asked: Floats = np.zeros(len(problem.participants))
    np.add.at(asked, people, np.repeat(weights, np.diff(people_from)))
    return np.maximum(asked, 1.0)


def _filled(*shape: int) -> Ints:
    return np.full(shape, -1, np.int64)


def _ragged(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    starts = np.zeros(len(rows) + 1, np.int64)
    starts[1:] = np.cumsum([len(row) for row in rows])
    return starts, np.fromiter(chain.from_iterable(rows), np.int64, int(starts[-1]))


def _words(lines: Sequence[Sequence[int]], day_of: Ints) -> tuple[Ints, Words, Ints, Ints, Ints]:
    chunks: list[tuple[int, list[int]]] = []
    for number, line in enumerate(lines):
        for slot in line:
            fresh = not chunks or chunks[-1][0] != number or len(chunks[-1][1]) == WORD
            if fresh or day_of[chunks[-1][1][-1] - 1] != day_of[slot - 1]:
                chunks.append((number, []))
            chunks[-1][1].append(slot)
    word_of, bit_of = np.zeros(len(day_of), np.int64), np.zeros(len(day_of), np.uint64)
    slot_of = _filled(len(chunks), WORD)
    for word, (_, slots) in enumerate(chunks):
        for bit, slot in enumerate(slots):
            word_of[slot - 1], bit_of[slot - 1], slot_of[word, bit] = word, np.uint64(1 << bit), slot - 1
    line_of = np.array([n for n, _ in chunks], np.int64)
    line_from = np.searchsorted(line_of, np.arange(len(lines) + 1)).astype(np.int64)
    return word_of, bit_of, slot_of, line_from, line_of


def _masks(rows: Sequence[Sequence[int]], word_of: Ints, bit_of: Words, words: int) -> Words:
    """Rows of slots (1-based) as words."""
    masks: Words = np.zeros((len(rows), words), np.uint64)
    starts, flat = _ragged(rows)
    owners = np.repeat(np.arange(len(rows)), np.diff(starts))
    np.bitwise_or.at(masks, (owners, word_of[flat - 1]), bit_of[flat - 1])
    return masks
