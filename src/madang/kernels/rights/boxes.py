"""Boxes of rights cut from boxes of rights: exact, however many overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .lines import Scope

MERGE_EVERY = 16
"""Cuts between two rounds of putting pieces together again: pieces multiply, and most of them fit together."""


def subtract(boxes: Iterable[Scope], blockers: Iterable[Scope]) -> list[Scope]:
    """What is left of `boxes` outside every blocker, as boxes that do not overlap if `boxes` did not.

    Blockers go by their start, so that a box that ended before one is done with and is not looked at again.
    """
    active, done, cuts = [box for box in boxes if box.start < box.end], [], 0
    for blocker in sorted(blockers, key=lambda one: one.start):
        still: list[Scope] = []
        cut_any = False
        for box in active:
            if box.end <= blocker.start:
                done.append(box)
                continue
            common = box & blocker
            if common is None:
                still.append(box)
                continue
            cut_any = True
            for piece in _pieces(box, common):
                (done if piece.end <= blocker.start else still).append(piece)
        active = still
        cuts += cut_any
        if cut_any and cuts % MERGE_EVERY == 0:
            active = merge(active)
    return merge(done + active)


def _pieces(box: Scope, common: Scope) -> Iterator[Scope]:
    """The box without the common part: before, after, then by territory, media and language."""
    territories, media, languages, start, end = box
    if start < common.start:
        yield Scope(territories, media, languages, start, common.start)
    if common.end < end:
        yield Scope(territories, media, languages, common.end, end)
    start, end = common.start, common.end
    if rest := territories & ~common.territories:
        yield Scope(rest, media, languages, start, end)
    if rest := media & ~common.media:
        yield Scope(common.territories, rest, languages, start, end)
    if rest := languages & ~common.languages:
        yield Scope(common.territories, common.media, rest, start, end)


def merge(boxes: list[Scope]) -> list[Scope]:
    """Fewer boxes for the same cells: those alike in all but one dimension become one. Needs boxes that do not overlap."""
    for dimension in range(3):
        alike: dict[tuple[int, ...], Scope] = {}
        for box in boxes:
            key = (*box[:dimension], *box[dimension + 1 :])
            found = alike.get(key)
            alike[key] = box if found is None else _wider(found, dimension, box[dimension])
        boxes = list(alike.values())
    return _joined(boxes)


def _wider(box: Scope, dimension: int, bits: int) -> Scope:
    if dimension == 0:
        return box._replace(territories=box.territories | bits)
    return box._replace(media=box.media | bits) if dimension == 1 else box._replace(languages=box.languages | bits)


def _joined(boxes: list[Scope]) -> list[Scope]:
    """Windows that touch, of the same three sets, as one."""
    boxes.sort(key=lambda box: (box[:3], box.start))
    joined: list[Scope] = []
    for box in boxes:
        if joined and joined[-1][:3] == box[:3] and joined[-1].end == box.start:
            joined[-1] = joined[-1]._replace(end=box.end)
        else:
            joined.append(box)
    return joined


def union(boxes: Iterable[Scope]) -> list[Scope]:
    """The same cells as boxes that do not overlap."""
    found: list[Scope] = []
    for box in boxes:
        found += subtract([box], found)
    return merge(found)
