"""Which titles of a catalogue are free for a question.

Titles free as a whole are found as numbers (`Scan`); every other question looks at the titles that are held, one by one, up to
the end of the page that is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import numpy as np

from .avails import Ask, Hold, answer, avails
from .book import Book
from .boxes import longest, merge
from .columns import columns_of
from .lines import ALWAYS, FOREVER, Scope, TitleId
from .scan import Scan

ALL = slice(None)


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
    """A question to a catalogue. `days`: a window counts from so many days (of COVER it is the asked one, whatever `days` says).

    `truncate`: show no more than the asked window.
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


class Catalogue:
    """A book made ready for searching; it must be made anew when the book's lines change."""

    def __init__(self, book: Book, titles: Iterable[TitleId] | None = None) -> None:
        self.book = book
        self.scan = Scan(columns_of(book, titles))
        self.titles = self.scan.columns.titles

    def find(self, search: Search, page: slice = ALL) -> list[Found]:
        """The titles that answer the question, in the catalogue's order; of a page only its titles are looked at one by one."""
        return list(islice(self._each(search), page.start, page.stop))

    def _each(self, search: Search) -> Iterator[Found]:
        if search.mode is Mode.COVER and not search.unavailable:
            box = (search.ask.scope,)
            return (Found(self.titles[n], box, True) for n in self.scan.free(search.ask).tolist())
        held, _ = self.scan.judge(_widened(search))
        wanted = self.titles if search.unavailable else (self.titles[n] for n in np.flatnonzero(held).tolist())
        looked = (look(self.book, title, search) for title in wanted)
        return (one for one in looked if one.free or search.unavailable)


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
    boxes = avails(book, title, _widened(search))
    if search.mode is Mode.COVER:
        whole = sum(box.volume for box in boxes) == search.ask.scope.volume
        boxes = boxes if whole or search.unavailable else []
    else:
        boxes = [box for box in longest(boxes) if _fits(box, search)]
        whole = bool(boxes)
    if search.truncate:
        boxes = merge([cut for box in boxes if (cut := box & search.ask.scope) is not None])
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
