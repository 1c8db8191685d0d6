"""The ratings of one axis as arrays, and the groups that readings link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .problem import Group, Id, Problem, Rating

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layout:
    """n ratings of E entries by J jurors: `entry`, `juror`, `score` (n); `group_of_entry` (E), `group_of_juror` (J)."""

    entries: tuple[Id, ...]
    jurors: tuple[Id, ...]
    entry: Ints
    juror: Ints
    score: Floats
    group_of_entry: Ints
    group_of_juror: Ints
    groups: int

    @property
    def readings(self) -> Ints:
        """(E) how often each entry was rated."""
        return np.bincount(self.entry, minlength=len(self.entries)).astype(np.int64)

    @property
    def raw(self) -> Floats:
        """(E) mean score of each entry."""
        found: Floats = np.bincount(self.entry, self.score, len(self.entries)) / self.readings
        return found


def layout_of(problem: Problem, axis: str) -> Layout:
    """Ratings with a score on that axis, entries in the order of the problem, then of their first rating."""
    rated = [r for r in problem.ratings if r.axis == axis and r.score is not None]
    seen = {r.entry for r in rated}
    entries = tuple(dict.fromkeys((*(e for e in problem.entries if e in seen), *(r.entry for r in rated))))
    jurors = tuple(dict.fromkeys(r.juror for r in rated))
    entry, juror = _numbers(rated, entries, jurors)
    of_entry, of_juror, count = _groups(entry, juror, len(entries), len(jurors))
    score = np.array([r.score for r in rated], np.float64)
    return Layout(entries, jurors, entry, juror, score, of_entry, of_juror, count)


def _numbers(rated: list[Rating], entries: tuple[Id, ...], jurors: tuple[Id, ...]) -> tuple[Ints, Ints]:
    entry_at, juror_at = ({i: n for n, i in enumerate(ids)} for ids in (entries, jurors))
    return np.array([entry_at[r.entry] for r in rated], np.int64), np.array([juror_at[r.juror] for r in rated], np.int64)


def _groups(entry: Ints, juror: Ints, entries: int, jurors: int) -> tuple[Ints, Ints, int]:
    """Group of each entry and juror, the largest first."""
    size = entries + jurors
    graph = coo_array((np.ones(len(entry)), (entry, entries + juror)), shape=(size, size))
    count, labels = connected_components(graph, directed=False)
    order = np.argsort(-np.bincount(labels[:entries], minlength=count), kind="stable")
    number = np.empty(count, np.int64)
    number[order] = np.arange(count)
    return number[labels[:entries]], number[labels[entries:]], int(count)


def groups_of(layout: Layout) -> tuple[Group, ...]:
    """The groups by name."""
    found: list[tuple[list[Id], list[Id]]] = [([], []) for _ in range(layout.groups)]
    for ids, numbers, side in ((layout.entries, layout.group_of_entry, 0), (layout.jurors, layout.group_of_juror, 1)):
        for name, number in zip(ids, numbers.tolist(), strict=True):
            found[number][side].append(name)
    return tuple(Group(tuple(entries), tuple(jurors)) for entries, jurors in found)
