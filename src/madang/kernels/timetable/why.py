"""Why a meeting stands where it stands, why a request found no place, side by side, and why a person has a gap."""

from __future__ import annotations

from dataclasses import dataclass

from .problem import Id, Plan, Problem

Obstacle = tuple[str, tuple[Id, ...]]
"""A code ("busy", "away", "day_cap", "table_full", "order", ...) and the requests or people concerned."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One slot that a request could have, the rest of the plan as it is.

    `obstacles` is empty where the slot is free for it; `breaks`: how many breaks more (or fewer) its people would have there.
    """

    slot: int
    obstacles: tuple[Obstacle, ...]
    breaks: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """Why a placed meeting stands in its slot.

    `code`: fixed, only_common_slot (nowhere else are all its people there and a table open), only_free_slot (everywhere else
    something is in the way), fewest_breaks (every other free slot makes more breaks), one_of_several.
    `others`: the other slots in which all its people are there and a table is open, in order.
    """

    request: Id
    slot: int
    table: Id | None
    code: str
    others: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One person of an unplaced request, over the slots of its session.

    `away`: slots in which she is not there. `held`: (slot, request that has it, "stronger" | "equal" | "weaker" by weight).
    `capped`: days on which she has all the meetings she wants. `free`: slots in which she could meet.
    """

    person: Id
    away: tuple[int, ...]
    held: tuple[tuple[int, Id, str], ...]
    capped: tuple[int, ...]
    free: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """A request of hers that is not in the gap: where it stands (None: unplaced), and what keeps it from the gap."""

    request: Id
    slot: int | None
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a person has no meeting in a slot.

    `code`: in_meeting (there is one), away, nobody_asked (no request of hers), could_be_filled (at least one filler has no
    obstacle), nobody_can (each has one). `fillers`: her requests that stand elsewhere or nowhere.
    """

    person: Id
    slot: int
    code: str
    fillers: tuple[Filler, ...]


def why(problem: Problem, plan: Plan, request: Id) -> Placement:
    """Why a placed request stands where it does. Raises KeyError for an unknown request, ValueError for an unplaced one."""
    raise NotImplementedError


def sides(problem: Problem, plan: Plan, request: Id) -> tuple[Side, ...]:
    """What each person of a request does in the slots that were open to it: which side, which slots, what stronger wishes."""
    raise NotImplementedError


def why_gap(problem: Problem, plan: Plan, person: Id, slot: int) -> Gap:
    """Why a person has no meeting in a slot (1-based), and which of her requests could come there. KeyError for a stranger."""
    raise NotImplementedError
