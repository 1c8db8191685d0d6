"""Which donors a title is compared with: all of them alike, or those nearest to it before the event."""

from __future__ import annotations

import numpy as np

from .counts import rates
from .faults import FloatArray


def donor_weights(titles: FloatArray, donors: FloatArray, before: slice, nearest: int) -> FloatArray:
    """How much each donor counts for each title, shape (titles, donors), rows summing to 1.

    `titles`, `donors`: monthly counts, of which only the columns `before` are looked at, so that the choice cannot follow the
    effect. `nearest`: that many donors, nearest in level and course (log rate of the window, log ratio of its second half to its
    first), each in units of the donors' standard deviation; all alike where it is 0 or there are not more. A showcase is picked
    from what is rising, and what rises falls back: donors that rose as much say how far.
    Source: nearest-neighbour matching, Abadie and Imbens, Econometrica 74 (2006) 235.
    """
    if not 0 < nearest < len(donors):
        return np.full((len(titles), len(donors)), 1 / len(donors))
    ours, theirs = _traits(titles[:, before]), _traits(donors[:, before])
    scale = theirs.std(axis=0)
    scale[scale == 0] = 1
    distances = np.linalg.norm((ours[:, None, :] - theirs[None, :, :]) / scale, axis=2)
    taken = np.argsort(distances, axis=1, kind="stable")[:, :nearest]
    weights = np.zeros(distances.shape)
    np.put_along_axis(weights, taken, 1 / nearest, axis=1)
    return weights


def _traits(window: FloatArray) -> FloatArray:
    """Log level and course of each row, shape (rows, 2); half a count keeps both finite, an unobserved half counts as level."""
    half = window.shape[1] // 2
    level = rates(window)
    first, second = (rates(window[:, :half]), rates(window[:, half:])) if half else (level, level)
    pseudo = 0.5 / window.shape[1]
    course = np.log(second + pseudo) - np.log(first + pseudo)
    return np.column_stack([np.log(level + pseudo), np.nan_to_num(course)])
