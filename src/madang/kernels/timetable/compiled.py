"""Numba's compiler with its cache, also where nothing may be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile at the first call, release the GIL, and keep the machine code for the next start.

    Numba keeps it beside the source, else in the user's cache folder, else in NUMBA_CACHE_DIR; where none of them can be
    written it raises at decoration, and the function is then compiled anew in each process.
    """
    return _compiled(function)


def bare(function: F) -> F:
    """The same without counting references, which takes a third of the time; only for functions that allocate nothing."""
    return _compiled(function, _nrt=False)


def _compiled(function: F, **options: bool) -> F:
    options |= {"nogil": True}
    try:
        return cast(F, numba.njit(cache=True, error_model="numpy", **options)(function))  # type: ignore[call-overload]  # _nrt is not declared
    except RuntimeError:
        return cast(F, numba.njit(error_model="numpy", **options)(function))  # type: ignore[call-overload]  # as above
