"""Which titles of a catalogue are free for a question: a scan over the distinct scopes, not over the lines.

Deals are packages, so that many lines share a scope. A scope is judged once, and inverted lists say which titles it touches.
Nothing is computed ahead of the question but these lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .avails import Ask, Hold, answer, avails, in_the_way, is_hard
from .book import Book
from .boxes import merge
from .lines import ALWAYS, FOREVER, Kind, Line, Scope, TitleId, surest, widest


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


class Catalogue:
    """A book made ready for scanning; it must be made anew when the book's lines change.

    Memory: about 8 bytes a line and title, and the distinct scopes.
    """

    def __init__(self, book: Book, titles: Iterable[TitleId] | None = None) -> None:
        self.book = book
        self.titles: list[TitleId] = list(dict.fromkeys([*book.lines, *book.parents] if titles is None else titles))
        self._scopes: list[tuple[Line, Scope]] = []
        numbers: dict[tuple[object, ...], int] = {}
        pairs: defaultdict[int, list[int]] = defaultdict(list)
        for position, title in enumerate(self.titles):
            for line in book.of(title):
                if not is_hard(line):
                    continue
                scope = (surest if line.kind is Kind.GRANT else widest)(line, book.events)
                key = (line.kind, line.party, line.exempt, line.only, line.reason, *scope)
                number = numbers.setdefault(key, len(numbers))
                if number == len(self._scopes):
                    self._scopes.append((line, scope))
                pairs[number].append(position)
        self._lists = [np.unique(np.array(pairs[n], dtype=np.int32)) for n in range(len(self._scopes))]

    def judge(self, ask: Ask) -> tuple[Flags, Flags, Flags]:
        """For each title: one grant covers all that is asked; some grant holds a part; something stands in the way."""
        covered, held, blocked = (np.zeros(len(self.titles), dtype=np.bool_) for _ in range(3))
        for (line, scope), titles in zip(self._scopes, self._lists, strict=True):
            if line.kind is Kind.GRANT:
                common = scope & ask.scope if ask.holder in (None, line.party) else None
                if common is not None:
                    (covered if common == ask.scope else held)[titles] = True
            elif in_the_way(line, ask) and scope & ask.scope is not None:
                blocked[titles] = True
        return covered, held | covered, blocked

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
