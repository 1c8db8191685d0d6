"""Numba's compiler with its cache, also where nothing may be written."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
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
    _drop_stale(Path(function.__code__.co_filename).parent)
    options |= {"nogil": True}
    try:
        return cast(F, numba.njit(cache=True, error_model="numpy", **options)(function))  # type: ignore[call-overload]  # _nrt is not declared
    except RuntimeError:
        return cast(F, numba.njit(error_model="numpy", **options)(function))  # type: ignore[call-overload]  # as above


@cache
def _drop_stale(folder: Path) -> None:
    """Forget kept machine code once one of its sources is newer: Numba looks at a function's own file, not at what it calls."""
    try:
        kept = {index: folder / f"{index.name.split('.')[0]}.py" for index in (folder / "__pycache__").glob("*.nbi")}
        newest = max((source.stat().st_mtime for source in kept.values() if source.exists()), default=0.0)
        for index in kept:
            if index.stat().st_mtime < newest:
                index.unlink(missing_ok=True)
    except OSError:
        return
