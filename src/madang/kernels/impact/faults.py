"""What is said when figures cannot be used, and the checks that say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class ImpactError(ValueError):
    """Figures that cannot be used; the text is a sentence that names which figure, and what is wrong with it."""


def figures(name: str, values: ArrayLike, *, axes: int = 1, missing: bool = False) -> FloatArray:
    """`values` as a float array of `axes` axes that are not negative; with `missing`, NaN stands for "not observed".

    Raises ImpactError where there are none, or one is negative, infinite or (without `missing`) NaN; it says at which place.
    """
    try:
        array: FloatArray = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ImpactError(f"{name}: these are not numbers, or their rows are not of one length.") from None
    if array.ndim != axes or array.size == 0:
        raise ImpactError(f"{name}: {axes} axes with at least one figure are wanted, not the shape {array.shape}.")
    _refuse(name, array, array < 0, "is negative")
    _refuse(name, array, np.isinf(array), "is infinite")
    if not missing:
        _refuse(name, array, np.isnan(array), "is missing (NaN)")
    return array


def _refuse(name: str, array: FloatArray, wrong: BoolArray, what: str) -> None:
    """Name the first place at which `wrong` holds."""
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        raise ImpactError(f"{name}: the figure at {place if len(place) > 1 else place[0]} {what} ({array[place]}).")


def whole(name: str, array: FloatArray) -> None:
    """Raises ImpactError where a figure is not a whole number."""
    _refuse(name, array, np.asarray(array != np.floor(array)), "is not a whole number")


def amount(name: str, value: float) -> float:
    """A finite number that is not negative. Raises ImpactError otherwise."""
    return float(figures(name, [value])[0])


def share(name: str, value: float) -> float:
    """A number from 0 to 1. Raises ImpactError otherwise."""
    if not amount(name, value) <= 1:
        raise ImpactError(f"{name}: {value} is not a share between 0 and 1.")
    return float(value)


def within(name: str, value: float) -> float:
    """A number strictly between 0 and 1, such as a level. Raises ImpactError otherwise."""
    if not 0 < value < 1:
        raise ImpactError(f"{name}: {value} is not strictly between 0 and 1.")
    return float(value)


def at_least(name: str, value: float, least: float) -> None:
    """Raises ImpactError where `value` is under `least` or not a number."""
    if not value >= least:
        raise ImpactError(f"{name}: {value} is under {least}.")


def same_length(names: str, *rows: Sequence[object] | FloatArray) -> None:
    """Raises ImpactError where rows that belong together are not of one length."""
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        raise ImpactError(f"{names}: they belong together and have {lengths} figures.")


def no_doubles(name: str, ids: Iterable[str]) -> None:
    """Raises ImpactError where an id stands twice; it says which."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ImpactError(f"{name}: {one!r} stands there twice.")
        seen.add(one)
