"""The lines of a catalogue as arrays: a deal is a package, so that what it says is written once and held by many titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .book import Book
from .lines import Kind, Scope, TitleId

Who = tuple[Kind, Any]
"""A GRANT or LICENCE with its party; a RESTRICTION with (exempt, only)."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Lines that hold for certain and block or give something: no drafts, options, open dates or clearances.

    `sets`: distinct sets of territories, media and languages, as integers. `whom`: kinds with their parties. `terms`: n x 6
    int64, rows of three set numbers, first day, day after the last one, and the number in `whom`; no row twice. A line is
    `title[i]` (position in `titles`) under `term[i]`; int32.
    """

    titles: Sequence[TitleId]
    sets: tuple[Sequence[int], Sequence[int], Sequence[int]]
    whom: Sequence[Who]
    terms: NDArray[np.int64]
    title: NDArray[np.int32]
    term: NDArray[np.int32]

    def scope(self, term: int) -> Scope:
        """Where a term lies."""
        t, m, v, start, end, _ = self.terms[term].tolist()
        return Scope(self.sets[0][t], self.sets[1][m], self.sets[2][v], start, end)


def columns_of(book: Book, titles: Iterable[TitleId] | None = None) -> Columns:
    """The lines of a book as arrays; dates that hang on events are resolved as of now. Linear in the lines."""
    known = list(dict.fromkeys([*book.lines, *book.parents] if titles is None else titles))
    sets: tuple[dict[int, int], dict[int, int], dict[int, int]] = ({}, {}, {})
    whom: dict[Who, int] = {}
    terms: dict[tuple[int, ...], int] = {}
    rows: list[tuple[int, int]] = []
    for position, title in enumerate(known):
        for kind, who, scope in book.hard(title).all():
            numbers = [place.setdefault(bits, len(place)) for place, bits in zip(sets, scope[:3], strict=True)]
            term = (*numbers, scope.start, scope.end, whom.setdefault((kind, who), len(whom)))
            rows.append((position, terms.setdefault(term, len(terms))))
    lines = np.array(rows, np.int32).reshape(-1, 2)
    table = np.array(list(terms), np.int64).reshape(-1, 6)
    territories, media, languages = (list(place) for place in sets)
    return Columns(known, (territories, media, languages), list(whom), table, lines[:, 0].copy(), lines[:, 1].copy())
