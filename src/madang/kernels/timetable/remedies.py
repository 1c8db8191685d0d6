"""What would have to change for an unplaced request to be placed: the smallest changes, each tried and refereed."""

from __future__ import annotations

from dataclasses import dataclass

from .problem import Id, Meeting, Plan, Problem
from .repair.change import Change


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changes. `kind` and its `ids`:

    move_meeting (request; `change` says from where to where), be_available (person, slot), be_awake (person, slot; online),
    one_more_table (slot), open_table (table, slot), raise_cap (person, day), drop_meeting (request; `change` too).
    """

    kind: str
    ids: tuple[Id, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """Steps that make a place for the request, `meeting` is that place; `problem` and `plan` are how all stands afterwards.

    `size` is the number of steps; no remedy has fewer than those listed. `cost` orders remedies of one size.
    """

    request: Id
    steps: tuple[Step, ...]
    meeting: Meeting
    cost: int
    problem: Problem
    plan: Plan

    @property
    def size(self) -> int:
        return len(self.steps)


def remedies(problem: Problem, plan: Plan, request: Id, *, limit: float = 1.0, most: int = 3) -> tuple[Remedy, ...]:
    """At most `most` remedies of the smallest size (0: a place is free; at most 2), the cheapest of each kind first.

    Empty where nothing of that size helps, or was found in `limit` seconds. KeyError for an unknown request, ValueError for
    a placed one.
    """
    raise NotImplementedError
