"""Which facts leave readings without a juror, or jurors without work: the smallest cut of the flow, read backwards.

From what lacks something every exchange is followed; where none ends well, what was reached is a proof (König, 1931; Hall, 1935).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .ground import CODES, LOCKED, OPEN, Flags, Ground, Ints
from .problem import Shortage


def shortages(ground: Ground, chosen: Flags) -> tuple[Shortage, ...]:
    """Proofs for a choice with as little missing, then idle, as can be; the largest lack first."""
    lacking = np.flatnonzero(chosen.sum(axis=1) < ground.problem.readers)
    idle = np.flatnonzero(chosen.sum(axis=0) < ground.least)
    found = [
        *(_readers(ground, chosen, *part) for part in _parts(ground, *_reach(ground, chosen, lacking, None))),
        *(_work(ground, chosen, *part) for part in _parts(ground, *_reach(ground, chosen, None, idle))),
    ]
    return tuple(sorted((s for s in found if s.short > 0), key=lambda s: (s.kind, -s.short)))


@dataclass(slots=True)
class _Sets:
    entries: Flags
    jurors: Flags
    own: Flags  # an entry's place for compatriots


def _reach(ground: Ground, chosen: Flags, lacking: Ints | None, idle: Ints | None) -> tuple[Flags, Flags]:
    """(E), (J) all that exchanges lead to, from entries that lack readers or from jurors who lack work."""
    sets = _Sets(*(np.zeros(n, bool) for n in (len(chosen), chosen.shape[1], len(chosen))))
    capped = _capped(ground)
    step: Callable[[], _Sets]
    if lacking is not None:
        sets.entries[lacking] = True
        step = lambda: _backwards(ground, chosen, sets, capped)  # noqa: E731 (two ways of one walk)
    else:
        sets.jurors[idle] = True
        step = lambda: _forwards(ground, chosen, sets, capped)  # noqa: E731 (as above)
    while True:
        after = step()
        if all(np.array_equal(getattr(after, name), getattr(sets, name)) for name in ("entries", "jurors", "own")):
            return sets.entries, sets.jurors
        sets.entries, sets.jurors, sets.own = after.entries, after.jurors, after.own


def _capped(ground: Ground) -> Flags:
    """(E, J) pairs that count against the limit of compatriots."""
    return ground.compatriot & (ground.problem.most_compatriots is not None)


def _has_room(ground: Ground, chosen: Flags) -> Flags:
    """(E) whether one compatriot more may read the entry."""
    cap = ground.problem.most_compatriots
    counts = (chosen & ground.compatriot).sum(axis=1)
    return np.ones(len(chosen), bool) if cap is None else counts < cap


def _backwards(ground: Ground, chosen: Flags, sets: _Sets, capped: Flags) -> _Sets:
    free, held = ground.open & ~chosen, chosen & ~ground.locked
    own = sets.own | (sets.entries & _has_room(ground, chosen))
    jurors = sets.jurors | (free & ~capped)[sets.entries].any(axis=0) | (free & capped)[own].any(axis=0)
    given = held & jurors[None, :]
    own = own | (given & capped).any(axis=1)
    return _Sets(sets.entries | given.any(axis=1), jurors, own)


def _forwards(ground: Ground, chosen: Flags, sets: _Sets, capped: Flags) -> _Sets:
    free, held = ground.open & ~chosen, chosen & ~ground.locked
    taken = free & sets.jurors[None, :]
    own = sets.own | (taken & capped).any(axis=1)
    entries = sets.entries | (taken & ~capped).any(axis=1) | (own & _has_room(ground, chosen))
    own = own | (entries & (held & capped).any(axis=1))
    jurors = sets.jurors | (held & ~capped)[entries].any(axis=0) | (held & capped)[own].any(axis=0)
    return _Sets(entries, jurors, own)


def _parts(ground: Ground, entries: Flags, jurors: Flags) -> list[tuple[Ints, Ints]]:
    """What was reached, in parts that share nobody; entries alone in the same languages are one part."""
    may = (ground.codes == OPEN) | (ground.codes == LOCKED)
    left, parts = entries.copy(), []
    seen = np.zeros(len(jurors), bool)
    for juror in np.flatnonzero(jurors).tolist():
        if not seen[juror]:
            rows, columns = _spread(may & entries[:, None] & jurors[None, :], juror)
            left &= ~rows
            seen |= columns
            parts.append((np.flatnonzero(rows), np.flatnonzero(columns)))
    alike: dict[frozenset[str], list[int]] = {}
    for entry in np.flatnonzero(left).tolist():
        alike.setdefault(ground.problem.entries[entry].languages, []).append(entry)
    parts.extend((np.array(rows, np.int64), np.zeros(0, np.int64)) for rows in alike.values())
    return parts


def _spread(cells: Flags, juror: int) -> tuple[Flags, Flags]:
    columns = np.zeros(cells.shape[1], bool)
    columns[juror] = True
    while True:
        rows: Flags = np.asarray(cells[:, columns].any(axis=1))
        wider: Flags = columns | cells[rows].any(axis=0)
        if np.array_equal(wider, columns):
            return rows, columns
        columns = wider


def _readers(ground: Ground, chosen: Flags, entries: Ints, jurors: Ints) -> Shortage:
    others = np.setdiff1d(np.arange(chosen.shape[1]), jurors)
    need = len(entries) * ground.problem.readers
    return _told(ground, chosen, "readers", (entries, jurors), need, int(chosen[entries].sum()), np.ix_(entries, others))


def _work(ground: Ground, chosen: Flags, entries: Ints, jurors: Ints) -> Shortage:
    others = np.setdiff1d(np.arange(len(chosen)), entries)
    need, room = int(ground.least[jurors].sum()), int(chosen[:, jurors].sum())
    return _told(ground, chosen, "work", (entries, jurors), need, room, np.ix_(others, jurors))


def _told(
    ground: Ground, chosen: Flags, kind: str, part: tuple[Ints, Ints], need: int, room: int, rest: tuple[Ints, ...]
) -> Shortage:
    counts = Counter(np.where(ground.codes[rest] == OPEN, -1, ground.codes[rest])[~chosen[rest]].tolist())
    names = dict(enumerate(CODES)) | {-1: "compatriots"}
    barred = tuple((names[code], n) for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    ids = (tuple(ground.problem.entries[e].id for e in part[0]), tuple(ground.problem.jurors[j].id for j in part[1]))
    return Shortage(kind, *ids, need, room, barred)
