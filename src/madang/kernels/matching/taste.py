"""What a buyer was for and against, turned into a leaning towards each title: by how much evidence lies close to it.

A sign counts for a title as far as the two are more alike than titles usually are. Signs for, less signs against, are divided by
all of them and `HALF`: without a past the leaning is 0, each further sign moves it towards its side, and never beyond -1 or 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .arrays import Floats

if TYPE_CHECKING:
    from .pairs import Offer

HALF = 1.0
"""So much evidence (titles that are wholly alike) brings the leaning half of the way; the best of 1, 3 and 10 on MovieLens."""


def nearby(alike: Floats) -> Floats:
    """How much more alike (n x T, 0 to 1) each title is to a sign's title than titles usually are, 0 to 1."""
    usual = alike.mean(axis=1, keepdims=True, dtype=np.float64)
    return np.asarray(np.clip((alike - usual) / np.maximum(1 - usual, 1e-6), 0, 1), np.float32)


def pulls(near: Floats, much: Sequence[float]) -> Floats:
    """What each sign adds to the leaning towards each title (n x T); `much` (n): above 0 for it, below 0 against it."""
    strength = np.array(much, np.float32)[:, None]
    evidence = np.abs(strength) * near
    return np.asarray(strength * near / (HALF + evidence.sum(axis=0)), np.float32)


def _reach(asked: Sequence[float], has: Sequence[float]) -> Floats:
    """1 where a title has as much as what was asked about or more, falling to 0 at three quarters of it or where one is not
    stated (0)."""
    bar, much = np.array(asked, np.float32)[:, None], np.array(has, np.float32)[None, :]
    share = np.divide(much, bar, out=np.zeros((len(asked), len(has)), np.float32), where=bar > 0)
    return np.asarray(np.clip(4 * share - 3, 0, 1), np.float32)


def _longer(some: Sequence[Offer], offers: Sequence[Offer]) -> Floats:
    return _reach([one.minutes for one in some], [one.minutes for one in offers])


def _shorter(some: Sequence[Offer], offers: Sequence[Offer]) -> Floats:
    return _reach(*([1 / one.minutes if one.minutes else 0.0 for one in side] for side in (some, offers)))


def _dearer(some: Sequence[Offer], offers: Sequence[Offer]) -> Floats:
    same = np.array([[one.currency == other.currency != "" for other in offers] for one in some], bool)
    found = _reach([one.asks for one in some], [one.asks for one in offers])
    return np.asarray(np.where(same.reshape(found.shape), found, 0), np.float32)


BEYOND: Mapping[str, Callable[[Sequence[Offer], Sequence[Offer]], Floats]] = {
    "longer": _longer, "shorter": _shorter, "dearer": _dearer,
}  # fmt: skip
"""Respects in which a title is measured against a number of the other's."""
