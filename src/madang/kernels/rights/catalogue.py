"""Which titles of a catalogue are free for a question.

Deals are packages, so that many lines share a scope: each distinct set, then each distinct scope is held against the question
once, and a line only looks up its scope. Nothing is computed ahead of the question.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .avails import Ask, Hold, answer, avails, is_hard
from .book import Book
from .boxes import merge
from .lines import ALWAYS, CLEARANCES, FOREVER, Kind, Scope, TitleId


class Mode(StrEnum):
    """How what is free must lie to the window that was asked."""

    COVER = "cover"
    """All of it, from the first day to the last."""
    OVERLAP = "overlap"
    """Some of it."""
    START_WITHIN = "start_within"
    """It begins inside the window, wherever it ends."""
    END_WITHIN = "end_within"
    """It ends inside the window, wherever it began."""


@dataclass(frozen=True, slots=True)
class Search:
    """A question to a catalogue. `days`: a window counts from so many days. `truncate`: show no more than the asked window.

    `unavailable`: also the titles of which nothing is free, with the reason.
    """

    ask: Ask
    mode: Mode = Mode.COVER
    days: int = 1
    truncate: bool = True
    unavailable: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A title with what of it is free; `whole`: all that was asked. `taken`: why not, where nothing (or not all) is."""

    title: TitleId
    free: tuple[Scope, ...]
    whole: bool
    taken: tuple[Hold, ...] = ()


Flags = NDArray[np.bool_]


class _Lines:
    """The hard lines of one kind, in the order of titles: each is a scope's number and a party's or exemption's number."""

    def __init__(self) -> None:
        self.scope: list[int] = []
        self.who: list[int] = []
        self.title: list[int] = []

    def close(self) -> None:
        """From lists to arrays; `titles` are those with a line, `offsets` where the lines of each begin."""
        self.scopes, self.whom = np.array(self.scope, np.int32), np.array(self.who, np.int32)
        self.titles, self.offsets = np.unique(np.array(self.title, np.int32), return_index=True)

    def mark(self, marks: Flags, hits: Flags, counts: Flags) -> None:
        """Set the marks of titles with a line whose scope is hit and whose party counts."""
        if len(self.scopes) and hits.any():
            lines = hits[self.scopes] if counts.all() else hits[self.scopes] & counts[self.whom]
            marks[self.titles] |= np.logical_or.reduceat(lines, self.offsets)


class Catalogue:
    """A book made ready for scanning; it must be made anew when the book's lines change.

    Memory: 12 bytes a line, and the distinct scopes.
    """

    def __init__(self, book: Book, titles: Iterable[TitleId] | None = None) -> None:
        self.book = book
        self.titles: list[TitleId] = list(dict.fromkeys([*book.lines, *book.parents] if titles is None else titles))
        self._kinds = {kind: _Lines() for kind in Kind}
        self._sets: tuple[dict[int, int], ...] = ({}, {}, {})
        scopes: dict[Scope, int] = {}
        self._who: dict[Kind, dict[Hashable, int]] = {kind: {} for kind in Kind}
        for position, title in enumerate(self.titles):
            for line, scope in book.placed(title):
                if is_hard(line) and line.reason not in CLEARANCES:
                    who = (line.exempt, line.only) if line.kind is Kind.RESTRICTION else line.party
                    lines, known = self._kinds[line.kind], self._who[line.kind]
                    lines.scope.append(scopes.setdefault(scope, len(scopes)))
                    lines.who.append(known.setdefault(who, len(known)))
                    lines.title.append(position)
        for lines in self._kinds.values():
            lines.close()
        self._intern(scopes)

    def _intern(self, scopes: Iterable[Scope]) -> None:
        """Each distinct set once: a question is held against sets, then against scopes, then against lines."""
        rows = [
            [known.setdefault(bits, len(known)) for known, bits in zip(self._sets, scope[:3], strict=True)] for scope in scopes
        ]
        self._numbers = np.array(rows, np.int32).reshape(-1, 3)
        self._starts = np.array([scope.start for scope in scopes], np.int64)
        self._ends = np.array([scope.end for scope in scopes], np.int64)

    def judge(self, ask: Ask) -> tuple[Flags, Flags, Flags]:
        """For each title: one grant covers all that is asked; some grant holds a part; something stands in the way."""
        covered, held, blocked = (np.zeros(len(self.titles), dtype=np.bool_) for _ in range(3))
        meets, covers = self._against(ask.scope)
        holders = self._counting(Kind.GRANT, lambda party: ask.holder in (None, party))
        self._kinds[Kind.GRANT].mark(covered, covers, holders)
        self._kinds[Kind.GRANT].mark(held, meets, holders)
        blocks = self._counting(Kind.RESTRICTION, lambda who: ask.buyer in who[1] if who[1] else ask.buyer not in who[0])
        self._kinds[Kind.RESTRICTION].mark(blocked, meets, blocks)
        if ask.exclusive:
            self._kinds[Kind.LICENCE].mark(blocked, meets, self._counting(Kind.LICENCE, lambda party: party != ask.buyer))
        return covered, held, blocked

    def _counting(self, kind: Kind, counts: Callable[[Any], bool]) -> Flags:
        return np.array([counts(who) for who in self._who[kind]], dtype=np.bool_)

    def _against(self, asked: Scope) -> tuple[Flags, Flags]:
        """Which scopes share a cell with what is asked, and which hold all of it."""
        meets = (self._starts < asked.end) & (self._ends > asked.start)
        covers = (self._starts <= asked.start) & (self._ends >= asked.end)
        for dimension, (known, bits) in enumerate(zip(self._sets, asked[:3], strict=True)):
            numbers = self._numbers[:, dimension]
            meets &= np.array([bool(found & bits) for found in known], dtype=np.bool_)[numbers]
            covers &= np.array([found & bits == bits for found in known], dtype=np.bool_)[numbers]
        return meets & (self._starts < self._ends), covers

    def find(self, search: Search) -> list[Found]:
        """The titles that answer the question, in the catalogue's order."""
        covered, held, blocked = self.judge(_widened(search))
        if search.mode is Mode.COVER and not search.unavailable:
            sure = covered & ~blocked
            exact = held & ~covered & ~blocked
            box = (search.ask.scope,)
            found = {int(n): Found(self.titles[n], box, True) for n in np.flatnonzero(sure)}
            found |= {int(n): one for n in np.flatnonzero(exact) if (one := look(self.book, self.titles[n], search)).whole}
            return [found[n] for n in sorted(found)]
        wanted = np.ones_like(held) if search.unavailable else held
        looked = (look(self.book, self.titles[n], search) for n in np.flatnonzero(wanted))
        return [one for one in looked if one.free or search.unavailable]


def _widened(search: Search) -> Ask:
    """Whoever asks what begins in a window must look beyond its end."""
    scope = search.ask.scope
    if search.mode is Mode.START_WITHIN:
        scope = scope._replace(end=FOREVER)
    elif search.mode is Mode.END_WITHIN:
        scope = scope._replace(start=ALWAYS)
    return Ask(scope, search.ask.holder, search.ask.buyer, search.ask.exclusive)


def look(book: Book, title: TitleId, search: Search) -> Found:
    """One title, exactly."""
    ask = _widened(search)
    boxes = [box for box in avails(book, title, ask) if _fits(box, search)]
    whole = sum(box.volume for box in boxes) == search.ask.scope.volume if search.mode is Mode.COVER else bool(boxes)
    if search.truncate:
        boxes = merge([cut for box in boxes if (cut := box & search.ask.scope) is not None])
    if search.mode is Mode.COVER and not whole:
        boxes = boxes if search.unavailable else []
    taken = answer(book, title, search.ask).taken if search.unavailable and not whole else ()
    return Found(title, tuple(boxes), whole, taken)


def _fits(box: Scope, search: Search) -> bool:
    window = search.ask.scope
    if box.end - box.start < search.days:
        return False
    if search.mode is Mode.START_WITHIN:
        return window.start <= box.start < window.end
    if search.mode is Mode.END_WITHIN:
        return window.start < box.end <= window.end
    return True
