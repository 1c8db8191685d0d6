"""Numba's compiler for steps that make no arrays: nothing is counted at each call, which is most of a small step's time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def lean(function: F) -> F:
    """Compile at the first call, release the GIL, keep the machine code as `compiled` does; no array may be made inside."""
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function))
    except RuntimeError:
        return cast(F, numba.njit(nogil=True, error_model="numpy", _nrt=False)(function))
