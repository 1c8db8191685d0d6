"""What is learned from and what is asked: rows set apart at random, by time, or whole titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .arrays import Bools, Floats, Ints, Sparse
from .faults import MatchingError
from .likes import Interactions, Rows, interactions

APART, LATE = 0.2, 0.25


class Split(StrEnum):
    """`random`: a fifth of each user's rows; `temporal`: her last fifth; `cold`: all rows of a fifth of the titles."""

    RANDOM = "random"
    TEMPORAL = "temporal"
    COLD = "cold"


@dataclass(frozen=True)
class Part:
    """`known` to learn from; `wanted` (U x I) of ones to be found among `asked` (item numbers); `late` (U x I): by time, each
    user's last quarter of what is known, likes and refusals."""

    known: Interactions
    wanted: Floats
    asked: Ints
    late: Sparse | None = None


def parts(rows: Rows, liked: float, split: Split, seed: int, draws: int) -> Iterator[Part]:
    """`draws` ways to set rows apart; by time there is one way."""
    if split is Split.TEMPORAL and rows.time is None:
        raise MatchingError("a temporal split needs times; use --split random")
    for draw in range(1 if split is Split.TEMPORAL else draws):
        rng = np.random.default_rng(seed + draw)
        apart = _titles(rows, rng) if split is Split.COLD else _rows(rows, split, rng)
        asked = np.flatnonzero(_titles_of(rows, apart)) if split is Split.COLD else np.arange(len(rows.items))
        wanted = np.zeros((len(rows.users), len(rows.items)), np.float32)
        hit = apart & (rows.value >= liked)
        wanted[rows.user[hit], rows.item[hit]] = 1
        left = rows.where(~apart)
        known, late = interactions(left, liked), None
        if split is Split.TEMPORAL:
            last = interactions(left.where(_rows(left, split, rng, LATE)), liked)
            late = (last.likes + last.against).tocsr()
        yield Part(known, wanted, asked, late)


def _rows(rows: Rows, split: Split, rng: np.random.Generator, share: float = APART) -> Bools:
    """A share of each user's rows, rounded; equal times in any order."""
    drawn = rng.random(len(rows.user))
    key = (drawn,) if split is Split.RANDOM or rows.time is None else (drawn, -rows.time)
    order = np.lexsort((*key, rows.user))
    user = rows.user[order]
    rank = np.arange(len(user)) - np.searchsorted(user, user)
    apart = np.zeros(len(user), bool)
    apart[order] = rank < np.floor(share * np.bincount(user)[user] + 0.5)
    return apart


def _titles(rows: Rows, rng: np.random.Generator) -> Bools:
    hidden = np.zeros(len(rows.items), bool)
    hidden[rng.permutation(len(rows.items))[: round(APART * len(rows.items))]] = True
    found: Bools = hidden[rows.item]
    return found


def _titles_of(rows: Rows, apart: Bools) -> Bools:
    found = np.zeros(len(rows.items), bool)
    found[rows.item[apart]] = True
    return found
