"""What differs between two programmes, and where one item may go without breaking anything that blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .board import Board
from .ground import WALL, Ground
from .problem import Id, Place, Plan, Problem


@dataclass(frozen=True, slots=True)
class Change:
    """An item that stands elsewhere than before; `before` None: it is new, `after` None: it is gone."""

    item: Id
    before: Place | None
    after: Place | None


def changes(before: Iterable[Place], after: Iterable[Place]) -> tuple[Change, ...]:
    """Every item whose hall or start differs, in the order of the places: first those that were there."""
    old, new = ({place.item: place for place in places} for places in (before, after))
    both = ((item, old.get(item), new.get(item)) for item in {**old, **new})
    return tuple(Change(item, was, now) for item, was, now in both if was != now)


def free_starts(problem: Problem, plan: Plan, item: Id) -> dict[Id, tuple[int, ...]]:
    """For each hall the starts on the grid at which the item breaks nothing that blocks, all others where the plan has them.

    Raises `KeyError` for an unknown item.
    """
    ground = Ground(problem)
    board, index = Board(ground), ground.at[item]
    board.load(place for place in plan.places if place.item != item and ground.book.knows(place))
    free = (board.costs(index) < WALL) & ground.on_grid
    return {hall.id: tuple(ground.times[np.flatnonzero(row)].tolist()) for hall, row in zip(problem.halls, free, strict=True)}
