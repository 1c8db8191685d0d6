"""Ratings of a jury and what they say: plain data, ids only. Each axis stands alone; no number is ever made of two axes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
import numpy.typing as npt

Id = int | str


@dataclass(frozen=True, slots=True)
class Rating:
    """A juror's score of an entry on one axis; None where she abstained."""

    entry: Id
    juror: Id
    axis: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Problem:
    """`axes`: those to be reported, also where nobody rated on them yet. `entries`: those that should be rated, so that unread
    ones are told (others that are rated are there anyway).
    """

    ratings: tuple[Rating, ...]
    axes: tuple[str, ...]
    entries: tuple[Id, ...] = ()


class ProblemError(ValueError):
    """Ratings that cannot be understood; the text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Score:
    """An entry on one axis. `raw`: mean of its scores. `score`: what all jurors of its group would have given on average:
    severity taken out, and what few readings say held back; `low` to `high` its interval, `error` its standard error (None: not
    known).

    `place` in its group, 1 best, with the interval `first` to `last`; `band`: entries of one band cannot be told from its
    first; `group`: position in `Axis.groups`: places and scores of different groups cannot be compared.
    """

    entry: Id
    readings: int
    raw: float
    score: float
    low: float | None
    high: float | None
    error: float | None
    group: int
    place: int
    first: int
    last: int
    band: int


@dataclass(frozen=True, slots=True)
class Severity:
    """A juror on one axis. `severity`: points that she gives less than the jurors of her group on average (below 0: more), None
    where that cannot be known; `mean`, `spread` of her scores (standard deviation).

    `infit`: size of her surprises beside what the model expects, 1 as expected, above 1 erratic, below 1 smoother than chance;
    `surprise`: the same as a standard normal deviate, beyond 2 or 3 worth a conversation. `abstained`: readings without a score.
    """

    juror: Id
    readings: int
    abstained: int
    mean: float | None
    spread: float | None
    severity: float | None
    low: float | None
    high: float | None
    infit: float | None
    surprise: float | None
    group: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far readers of the same entry agree. `alpha`: Krippendorff's, for interval data, with its bootstrap interval; 1 is
    perfect, 0 as chance. `single`: ICC(A,1), `consistency`: ICC(C,1), severity taken out; `average`: ICC(C,k) of
    `readers`, the usual number of readings of an entry (harmonic mean).
    """

    alpha: float | None
    low: float | None
    high: float | None
    single: float | None
    consistency: float | None
    average: float | None
    readers: float


@dataclass(frozen=True, slots=True)
class Group:
    """Entries and jurors linked with each other by readings."""

    entries: tuple[Id, ...]
    jurors: tuple[Id, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis. `code`: ok; no_ratings; constant (all scores are the same: nothing to tell apart); one_reading (no entry was read
    twice) or too_few (ratings): noise cannot be measured, raw means stand without intervals.

    `scores` by group, then place. `quality`, `severity`, `noise`: standard deviations of what entries, jurors and the rest add
    (REML). `level` of all intervals. `draws` (entries of `scores`, draws) of the posterior: for `difference` and `chances`.
    """

    name: str
    code: str
    scores: tuple[Score, ...] = ()
    jurors: tuple[Severity, ...] = ()
    agreement: Agreement | None = None
    groups: tuple[Group, ...] = ()
    unread: tuple[Id, ...] = ()
    quality: float | None = None
    severity: float | None = None
    noise: float | None = None
    level: float = 0.9
    draws: npt.NDArray[np.float32] | None = field(default=None, repr=False, compare=False)

    def row(self, entry: Id) -> int:
        """Where an entry stands in `scores`. Raises KeyError for one that has none."""
        for n, score in enumerate(self.scores):
            if score.entry == entry:
                return n
        raise KeyError(entry)


@dataclass(frozen=True, slots=True)
class Result:
    """The axes, in the order of the problem."""

    axes: tuple[Axis, ...]

    def axis(self, name: str) -> Axis:
        """The axis of that name. Raises KeyError where there is none."""
        for axis in self.axes:
            if axis.name == name:
                return axis
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Violation:
    """An untrue claim: `rule` is a short code, `text` plain English."""

    rule: str
    ids: tuple[Id, ...]
    text: str


def faults(problem: Problem) -> list[str]:
    """Every fault of the problem as a sentence; empty where it makes sense."""
    return [*_faults(problem)]


def _faults(problem: Problem) -> Iterator[str]:
    yield from (f"axis {name!r} is there {n} times" for name, n in Counter(problem.axes).items() if n > 1)
    axes = set(problem.axes)
    yield from (f"axis {name!r} is not known" for name in dict.fromkeys(r.axis for r in problem.ratings) if name not in axes)
    for (entry, juror, axis), n in Counter((r.entry, r.juror, r.axis) for r in problem.ratings).items():
        if n > 1:
            yield f"juror {juror!r} rated entry {entry!r} {n} times on {axis!r}"
    for rating in problem.ratings:
        if rating.score is not None and not isfinite(rating.score):
            yield f"juror {rating.juror!r} gave entry {rating.entry!r} a score that is no number"
