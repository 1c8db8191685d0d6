"""Boxes of rights cut from boxes of rights: exact, however many overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from .lines import Scope

Box = tuple[int, int, int, int, int]

MERGE_EVERY = 16
"""Cuts between two rounds of putting pieces together again: pieces multiply, and most of them fit together."""
FEW = 32
"""Blockers up to which dividing territories and media first costs more than it saves."""


def subtract(boxes: Iterable[Scope], blockers: Iterable[Scope]) -> list[Scope]:
    """What is left of `boxes` outside every blocker, as boxes that do not overlap if `boxes` did not.

    Plain tuples: this is where the time of every answer goes.
    """
    active: list[Box] = [(*box,) for box in boxes if box.start < box.end]
    return [Scope(*box) for box in _merged(_left(active, sorted(set(blockers), key=_start)))]


def _left(active: list[Box], blockers: list[Box], dimension: int = 0) -> list[Box]:
    """Many blockers go by parts of the territories, then of the media, that none of them divides: a part meets few."""
    if len(blockers) <= FEW or dimension > 1:
        return _swept(active, blockers)
    alike: defaultdict[int, list[Box]] = defaultdict(list)
    for box in blockers:
        alike[box[dimension]].append(box)
    left: list[Box] = []
    for part in _undivided({box[dimension] for box in active}, alike):
        one_of_it = part & -part
        own = [(*box[:dimension], part, *box[dimension + 1 :]) for box in active if box[dimension] & one_of_it]
        against = [box for bits, boxes in alike.items() if bits & one_of_it for box in boxes]
        left += _left(own, sorted(against, key=_start), dimension + 1)  # type: ignore[arg-type]  # five numbers as before
    return left


def _undivided(wanted: set[int], others: Iterable[int]) -> list[int]:
    """All that is wanted in parts that each set has wholly or not at all."""
    parts = [reduce(or_, wanted, 0)]
    for bits in (*wanted, *others):
        parts = [piece for part in parts for piece in ((part & bits, part & ~bits) if part & bits else (part,)) if piece]
    return parts


def _swept(active: list[Box], blockers: list[Box]) -> list[Box]:
    """Blockers go by their start, so that a box that ended before one is done with and is not looked at again."""
    done: list[Box] = []
    cuts = 0
    for blocker in blockers:
        still: list[Box] = []
        cut = _cut(active, blocker, still, done)
        active = still
        if cut:
            cuts += 1
            if cuts % MERGE_EVERY == 0:
                active = _merged(active)
    return done + active


def _start(box: Box) -> int:
    return box[3]


def _cut(active: list[Box], blocker: Box, still: list[Box], done: list[Box]) -> bool:
    """Each active box without the blocker goes to `still`, or to `done` where it ends before the blocker begins."""
    territories, media, languages, start, end = blocker
    cut = False
    for box in active:
        t, m, v, begin, finish = box
        if finish <= start:
            done.append(box)
        elif begin >= end or not (m & media and t & territories and v & languages):
            still.append(box)
        else:
            cut = True
            if begin < start:
                done.append((t, m, v, begin, start))
                begin = start
            if finish > end:
                still.append((t, m, v, end, finish))
                finish = end
            if rest := t & ~territories:
                still.append((rest, m, v, begin, finish))
                t &= territories
            if rest := m & ~media:
                still.append((t, rest, v, begin, finish))
                m &= media
            if rest := v & ~languages:
                still.append((t, m, rest, begin, finish))
    return cut


def merge(boxes: Iterable[Scope]) -> list[Scope]:
    """Fewer boxes for the same cells: those alike in all but one dimension become one. Needs boxes that do not overlap."""
    return [Scope(*box) for box in _merged([(*box,) for box in boxes])]


def _merged(boxes: list[Box]) -> list[Box]:
    territories: dict[tuple[int, int, int, int], int] = {}
    for t, m, v, start, end in boxes:
        territories[m, v, start, end] = territories.get((m, v, start, end), 0) | t
    media: dict[tuple[int, int, int, int], int] = {}
    for (m, v, start, end), t in territories.items():
        media[t, v, start, end] = media.get((t, v, start, end), 0) | m
    languages: dict[tuple[int, int, int, int], int] = {}
    for (t, v, start, end), m in media.items():
        languages[t, m, start, end] = languages.get((t, m, start, end), 0) | v
    return _joined([(t, m, v, start, end) for (t, m, start, end), v in languages.items()])


def _joined(boxes: list[Box]) -> list[Box]:
    """Windows that touch, of the same three sets, as one."""
    boxes.sort()
    joined: list[Box] = []
    for box in boxes:
        if joined and joined[-1][4] == box[3] and joined[-1][:3] == box[:3]:
            joined[-1] = (*joined[-1][:4], box[4])
        else:
            joined.append(box)
    return joined


def union(boxes: Iterable[Scope]) -> list[Scope]:
    """The same cells as boxes that do not overlap."""
    found: list[Scope] = []
    for box in boxes:
        found += subtract([box], found)
    return merge(found)


def longest(boxes: Iterable[Scope]) -> list[Scope]:
    """The same cells, each in a box as long as the cell stays without a break. Needs boxes that do not overlap."""
    found: list[Scope] = []
    for box in sorted(boxes, key=_start):
        still, longer = [], []
        for run in found:
            whole = run._replace(end=box.end)
            if run.end == box.start and (common := whole & box._replace(start=run.start)) is not None:
                longer.append(common)
                still += subtract([run], [common])
            else:
                still.append(run)
        found = [*still, *longer, *subtract([box], longer)]
    return merge(found)
