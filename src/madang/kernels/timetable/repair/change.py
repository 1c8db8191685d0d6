"""What a repair proposes: the plan from now on, each change of it, and what the changes cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..problem import Id, Meeting, Plan

Kind = Literal["moved", "reseated", "reassigned", "cancelled", "placed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One request whose meeting is not as it was published.

    `kind`: moved (another slot), reseated (same slot, another table), reassigned (same slot and table, another colleague),
    cancelled, placed (was not placed). `people`: everybody whose agenda it changes (nobody for a request that is no longer
    in the problem: it cannot say whose it was). `reason`: why it had to, a code of docs/develop/timetable-repair.md;
    `because`: the request that room was made for.
    """

    request: Id
    kind: Kind
    before: Meeting | None
    after: Meeting | None
    people: tuple[Id, ...]
    reason: str
    because: Id | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A proposal. `plan` is the whole timetable, the past included; its status is OPTIMAL where `cost` is proven least.

    `changes` in the order of the requests, cancelled ones first; `touched`: everybody in a change, once. `missed`: requests
    that must be placed and could not be; apart from them `check_since(problem, plan, since)` is empty, always.
    `cost` and `bound` (proven: no repair costs less) are in the points of docs/develop/timetable-repair.md.
    """

    plan: Plan
    changes: tuple[Change, ...]
    touched: tuple[Id, ...]
    missed: tuple[Id, ...]
    cost: int
    bound: int | None
    seconds: float
