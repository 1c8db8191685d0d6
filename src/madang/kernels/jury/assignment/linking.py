"""Whether jurors are linked through entries, how well, and the exchanges that link groups which are not.

Severity can be told from quality only within a group of jurors who are linked by entries that they read in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

from .ground import Flags, Ground, Ints, ground_of
from .prices import compatriots_over, price_of
from .problem import Id, Plan, Problem

TRIES = 60  # exchanges looked at for each pair of groups


@dataclass(frozen=True, slots=True)
class Linking:
    """`groups`: jurors who read, by group; one where all are linked. `common`: the fewest entries that two linked jurors share
    directly, over the pairs who share one. `error`: standard error of the worst known difference of severity between two jurors,
    as a multiple of the noise of a single reading (None: groups are apart, or fewer than two jurors read).
    """

    groups: tuple[tuple[Id, ...], ...]
    common: int
    error: float | None


def linking(problem: Problem, plan: Plan) -> Linking:
    """How a plan links its jurors (variance of differences in a two-way layout: John and Williams, 1995)."""
    ground = ground_of(problem)
    chosen = ground.chosen(plan.pairs)
    reading = np.flatnonzero(chosen.any(axis=0))
    labels = _labels(chosen)[1][reading]
    groups = tuple(tuple(problem.jurors[j].id for j in reading[labels == label]) for label in dict.fromkeys(labels.tolist()))
    counts = chosen[:, reading].astype(float)
    shared = (counts.T @ counts)[np.triu_indices(len(reading), 1)]
    error = _worst_error(counts) if len(groups) == 1 and len(reading) > 1 else None
    return Linking(groups, int(shared[shared > 0].min(initial=len(chosen))) if (shared > 0).any() else 0, error)


def _worst_error(counts: npt.NDArray[np.float64]) -> float:
    readers = np.maximum(1.0, counts.sum(axis=1))
    laplacian = np.diag(counts.sum(axis=0)) - (counts / readers[:, None]).T @ counts
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    spread = np.diag(inverse)[:, None] + np.diag(inverse)[None, :] - 2 * inverse
    return float(np.sqrt(spread.max()))


def _labels(chosen: Flags) -> tuple[int, Ints]:
    """How many groups of jurors who read there are, and the group of each juror (numbers of graph components)."""
    cells = csr_array(chosen)
    _, found = connected_components(block_array([[None, cells], [cells.T, None]]), directed=False)
    labels = found[len(chosen) :].astype(np.int64)
    return len(set(labels[chosen.any(axis=0)].tolist())), labels


def groups_of(chosen: Flags) -> int:
    """How many groups of jurors are not linked with each other; 0 where nobody reads."""
    return _labels(chosen)[0]


class _Exchange(NamedTuple):
    first: tuple[int, int]
    second: tuple[int, int]

    def of(self, chosen: Flags) -> Flags:
        """Each of the two entries gets the other's reader: loads and numbers of readers stay."""
        (e, i), (f, j) = self.first, self.second
        after = chosen.copy()
        after[e, i] = after[f, j] = False
        after[e, j] = after[f, i] = True
        return after


def linked(ground: Ground, chosen: Flags, seed: int) -> Flags:
    """The choice with as few groups as exchanges can make of it, the cheapest exchange first; loads stay."""
    chance = np.random.default_rng(seed)
    while groups_of(chosen) > 1:
        better = _best_exchange(ground, chosen, chance)
        if better is None:
            break
        chosen = better
    return chosen


def _best_exchange(ground: Ground, chosen: Flags, chance: np.random.Generator) -> Flags | None:
    count, labels = _labels(chosen)
    found = None
    for exchange in _exchanges(ground, chosen, labels, chance):
        after = exchange.of(chosen)
        if not compatriots_over(ground, after) and groups_of(after) < count:
            price = price_of(ground, after)
            found = (price, after) if found is None or price < found[0] else found
    return None if found is None else found[1]


def _exchanges(ground: Ground, chosen: Flags, labels: Ints, chance: np.random.Generator) -> Iterator[_Exchange]:
    """Some exchanges of two readings of different groups in which both new pairs are open, most of them of different jurors."""
    readings = np.argwhere(chosen & ~ground.locked)
    by_group = {label: readings[labels[readings[:, 1]] == label] for label in set(labels[readings[:, 1]].tolist())}
    free = ground.open & ~chosen
    for one, two in combinations(by_group.values(), 2):
        left, right = (rows[chance.permutation(len(rows))[:400]] for rows in (one, two))
        fits = free[left[:, 0][:, None], right[:, 1][None, :]] & free[right[:, 0][None, :], left[:, 1][:, None]]
        hits = np.argwhere(fits)
        for a, b in hits[chance.permutation(len(hits))[:TRIES]].tolist():
            yield _Exchange(tuple(left[a].tolist()), tuple(right[b].tolist()))
