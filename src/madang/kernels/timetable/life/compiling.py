"""Numba's compiler for steps that make no arrays: nothing is counted at each call, which is most of a small step's time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def lean(function: F) -> F:
    """Compile at the first call, release the GIL, keep the machine code as `compiled` does; no array may be made inside."""
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
    try:
        return cast(F, numba.njit(cache=True, **options)(function))
    except RuntimeError:
        return cast(F, numba.njit(**options)(function))
