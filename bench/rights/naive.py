"""The plain way, without a thought for speed: what the kernel's answers must equal, and what its speed is measured against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from madang.kernels.rights import Ask, Columns, Kind, Line, Scope

Lists = tuple[np.ndarray, np.ndarray]


def subtract(boxes: list[Scope], blockers: Iterable[Scope]) -> list[Scope]:
    """Every box cut by every blocker, in any order; nothing is put together again."""
    for blocker in blockers:
        boxes = [piece for box in boxes for piece in _without(box, blocker)]
    return boxes


def _without(box: Scope, blocker: Scope) -> list[Scope]:
    common = box & blocker
    if common is None:
        return [box]
    pieces = []
    for name in Scope._fields[:3]:
        rest = getattr(box, name) & ~getattr(common, name)
        if rest:
            pieces.append(box._replace(**{name: rest}))
        box = box._replace(**{name: getattr(common, name)})
    pieces += [box._replace(end=common.start)] if box.start < common.start else []
    return pieces + ([box._replace(start=common.end)] if box.end > common.end else [])


def avails(lines: list[Line], ask: Ask) -> list[Scope]:
    """What is free of one title."""
    owned: list[Scope] = []
    for line in lines:
        if line.kind is Kind.GRANT and (box := scope_of(line) & ask.scope) is not None:
            owned += subtract([box], owned)
    return subtract(owned, [scope_of(line) for line in lines if _blocks(line, ask)])


def _blocks(line: Line, ask: Ask) -> bool:
    if line.kind is Kind.LICENCE:
        return ask.exclusive and line.party != ask.buyer
    return line.kind is Kind.RESTRICTION and ask.buyer not in line.exempt


def scope_of(line: Line) -> Scope:
    """A line with plain dates, as a box."""
    if not isinstance(line.start, int) or not isinstance(line.end, int):
        raise TypeError("lines of the bench have plain dates")
    return Scope(line.territories, line.media, line.languages, line.start, line.end)


def scanner(lines: list[Line]) -> Callable[[Ask], list[int]]:
    """Title by title over objects: positions of the titles that are free as a whole."""
    titles: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        titles[int(line.title)].append(line)
    return lambda ask: [
        title
        for title, found in sorted(titles.items())
        if not any(_blocks(line, ask) and scope_of(line) & ask.scope for line in found)
        and not subtract([ask.scope], [scope_of(line) for line in found if line.kind is Kind.GRANT])
    ]


class Together:
    """Whether a title's grants together hold all that is asked, title by title: what SQL leaves open."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        grants = np.array([kind is Kind.GRANT for kind, _ in columns.whom])[columns.terms[:, 5]]
        lines = np.flatnonzero(grants[columns.term])
        lines = lines[np.argsort(columns.title[lines], kind="stable")]
        self.title, self.term = columns.title[lines], columns.term[lines]

    def whole(self, ask: Ask, titles: np.ndarray) -> np.ndarray:
        """Those of the titles that are wholly held."""
        known: dict[int, Scope] = {}
        found = []
        for title in titles.tolist():
            begin, end = np.searchsorted(self.title, [title, title + 1])
            terms = self.term[begin:end].tolist()
            scopes = [known.setdefault(term, self.columns.scope(term)) for term in terms]
            if not subtract([ask.scope], scopes):
                found.append(title)
        return np.array(found, np.int64)
