"""Who took what: rows of (user, item, value, time) as two sparse matrices, likes and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from .arrays import Bools, Doubles, Ints, Sparse
from .faults import MatchingError

SCALES = (1.0, 5.0, 10.0, 100.0)
LIKED_FROM = 0.8


@dataclass(frozen=True)
class Rows:
    """Interactions as they came. `user`, `item` (N) are numbers into `users`, `items`; `time` (N) seconds, or None."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    user: Ints
    item: Ints
    value: Doubles
    time: Doubles | None = None

    def where(self, kept: Bools) -> Rows:
        """The rows of a mask (N); users and items keep their numbers."""
        return Rows(
            self.users,
            self.items,
            self.user[kept],
            self.item[kept],
            self.value[kept],
            None if self.time is None else self.time[kept],
        )

    def compact(self) -> Rows:
        """The same rows; users and items without a row are gone."""
        users, user = np.unique(self.user, return_inverse=True)
        items, item = np.unique(self.item, return_inverse=True)
        return Rows(tuple(self.users[n] for n in users), tuple(self.items[n] for n in items), user, item, self.value, self.time)


@dataclass(frozen=True)
class Interactions:
    """`likes`, `against`: sparse (users x items) of ones; an item is in one of them at most for a user."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    likes: Sparse
    against: Sparse


def liked_from(values: Doubles) -> float:
    """From which value on a row is a like.

    One value only, or counts above 100: every row above 0 is. Else 80 % of the scale's top, the scale being the smallest of
    0-1, 0-5, 0-10, 0-100 that holds all values: 4 of 5, 8 of 10.
    """
    if len(values) == 0:
        raise MatchingError("there are no interactions")
    top = float(values.max())
    if float(values.min()) == top or top > SCALES[-1]:
        return float(np.nextafter(0.0, 1.0)) if top > 0 else top
    return LIKED_FROM * next(scale for scale in SCALES if top <= scale)


def without_doubles(rows: Rows) -> Rows:
    """One row a pair: the latest, without times the last that came."""
    order = np.arange(len(rows.user)) if rows.time is None else np.argsort(rows.time, kind="stable")
    pair = rows.user[order] * len(rows.items) + rows.item[order]
    _, first = np.unique(pair[::-1], return_index=True)
    kept = np.zeros(len(rows.user), bool)
    kept[order[::-1][first]] = True
    return rows.where(kept)


def core(rows: Rows, liked: float, at_least: int) -> Rows:
    """Users and items with at least so many likes, taken out until all have them; other rows between those left are kept."""
    like, kept = rows.value >= liked, np.ones(len(rows.user), bool)
    while True:
        counted = kept & like
        users = np.bincount(rows.user[counted], minlength=len(rows.users)) >= at_least
        items = np.bincount(rows.item[counted], minlength=len(rows.items)) >= at_least
        left = kept & users[rows.user] & items[rows.item]
        if np.array_equal(left, kept):
            if not kept.any():
                raise MatchingError(f"nothing is left: no users and items with {at_least} likes each")
            return rows.where(kept).compact()
        kept = left


def interactions(rows: Rows, liked: float | None = None) -> Interactions:
    """Rows as matrices; `liked`: the value a like begins at (default: `liked_from`)."""
    rows = without_doubles(rows)
    like = rows.value >= (liked_from(rows.value) if liked is None else liked)
    return Interactions(rows.users, rows.items, _ones(rows, like), _ones(rows, ~like))


def histories(taken: Sequence[Sequence[int]], items: int) -> Sparse:
    """Lists of item numbers as a sparse matrix (len(taken) x items) of ones: buyers that no file knew."""
    user = np.repeat(np.arange(len(taken)), [len(one) for one in taken])
    item = np.array([n for one in taken for n in one], np.int64)
    return csr_array((np.ones(len(item), np.float32), (user, item)), shape=(len(taken), items))


def _ones(rows: Rows, kept: Bools) -> Sparse:
    place = (rows.user[kept], rows.item[kept])
    return csr_array((np.ones(int(kept.sum()), np.float32), place), shape=(len(rows.users), len(rows.items)))
