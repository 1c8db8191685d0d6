"""Pseudo-random numbers for the compiled search (xorshift64, kept in the state so that a seed repeats a run)."""

from __future__ import annotations

import numpy as np

from ..compiled import bare
from .arrays import State


@bare
def draw(state: State, below: int) -> int:
    """A number of 0..below-1."""
    word = state.random[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state.random[0] = word
    return int(np.int64((word >> np.uint64(33)) % np.uint64(below)))


@bare
def chance(state: State) -> float:
    """A number of 0..1."""
    return draw(state, 1 << 30) / (1 << 30)
