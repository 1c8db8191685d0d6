"""What is asked and what is answered; buyers and titles by their place in the tuples of ids."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from ..arrays import Bools, Doubles, Floats, Ints
from ..faults import MatchingError


@dataclass(frozen=True)
class Group:
    """Titles that have something in common (`members`, places), with a floor of meetings for `each` and for all together."""

    name: str
    members: tuple[int, ...]
    each: int = 0
    together: int = 0


@dataclass(frozen=True)
class Market:
    """`chances` (B x T) that a meeting is a hit, 0 to 1; `gates` (B x T): the pair may meet; `buyer_room` (B), `title_room` (T):
    meetings at most; `floor`: meetings at least of each title, as far as its gates and its room allow; `has` (T): meetings that
    a title has already, which count for its floor (None: none has any)."""

    buyers: tuple[str, ...]
    titles: tuple[str, ...]
    chances: Floats
    gates: Bools
    buyer_room: Ints
    title_room: Ints
    floor: int = 0
    groups: tuple[Group, ...] = ()
    has: Ints | None = None

    def __post_init__(self) -> None:
        shape = (len(self.buyers), len(self.titles))
        if self.chances.shape != shape or self.gates.shape != shape:
            raise MatchingError(f"chances and gates must have {shape[0]} rows and {shape[1]} columns")
        if len(self.buyer_room) != shape[0] or len(self.title_room) != shape[1]:
            raise MatchingError("each buyer and each title needs a room")
        if self.has is not None and len(self.has) != shape[1]:
            raise MatchingError("what titles have already is told for each of them, or for none")
        if any(not 0 <= member < shape[1] for group in self.groups for member in group.members):
            raise MatchingError("a group has a title that is not there")
        if (
            shape[0]
            and shape[1]
            and not (np.isfinite(self.chances).all() and self.chances.min() >= 0 and self.chances.max() <= 1)
        ):
            raise MatchingError("chances lie between 0 and 1")


class Status(StrEnum):
    """`optimal`: the most expected hits with these floors, proven to 1 in 10,000; `feasible`: keeps all rooms."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


class Meeting(NamedTuple):
    """A proposed meeting, by places."""

    buyer: int
    title: int


@dataclass(frozen=True)
class Plan:
    """`expected` hits; `bound`: no plan with as few missing meetings has more; `missing` (T) meetings below the floor;
    `buyer_price` (B), `title_price` (T): hits that one more place would add (a title's is below 0 where its floor binds).
    `rounded`: the linear programme was not whole and an integer one was solved."""

    status: Status
    meetings: tuple[Meeting, ...]
    expected: float
    bound: float
    missing: Ints
    buyer_price: Doubles
    title_price: Doubles
    rounded: bool
    seconds: float


class Progress(NamedTuple):
    """What is being done, the meetings and expected hits of the best plan so far, its bound, seconds since the start."""

    stage: str
    meetings: int
    expected: float
    bound: float
    seconds: float


def owed(market: Market) -> Ints:
    """Meetings that each title is owed: its floor less what it has, or fewer where fewer buyers pass or it has less room."""
    floor = np.full(len(market.titles), market.floor, np.int64)
    for group in market.groups:
        members = list(group.members)
        floor[members] = np.maximum(floor[members], group.each)
    if market.has is not None:
        floor = np.maximum(0, floor - market.has)
    usable = market.gates & (np.asarray(market.buyer_room) > 0)[:, None]
    found: Ints = np.minimum(floor, np.minimum(usable.sum(axis=0), market.title_room)).astype(np.int64)
    return found
