"""What a meeting timetable is asked to do, and what an answer looks like: plain data, ids only.

Slots are numbered 1..len(slots) in the order of time; that number is a slot's only name here.
Ids of participants, requests and tables are whatever the caller uses (int or str), unique per kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Id = int | str


class Goal(StrEnum):
    """What is improved once every hard rule holds."""

    BREAKS = "breaks"
    """Every request must be placed; the total number of breaks is minimised (B2BSOP, JAIR 74, 2022)."""
    WEIGHT = "weight"
    """A request may stay unplaced; the weight placed is maximised, then breaks are few."""


class Status(StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of time. `day` groups slots for daily caps and breaks; `session` is e.g. 1 morning, 2 afternoon."""

    day: int = 1
    session: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    """A person. `forbidden` are slots (1-based) in which she cannot meet."""

    id: Id
    forbidden: frozenset[int] = frozenset()
    max_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A place for one meeting at a time, closed in the slots of `closed` (1-based).

    A shared table serves any request with `tables` None; any other table (a booth) serves only the requests that name it.
    """

    id: Id
    shared: bool = True
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting that was asked for and may be placed once.

    `participants`: the people who must be there (two or more). `weight`: what placing it is worth (> 0).
    `session`: only slots of that session (None: any). `fixed_slot`: stands in that slot, is placed always.
    `tables`: None takes any shared table; a tuple names the tables it may use; an empty tuple needs none.
    `after`: ids of requests that must be held in an earlier slot, where both are placed.
    `required`: must be placed even where the goal is weight.
    """

    id: Id
    participants: tuple[Id, ...]
    weight: int = 1
    session: int | None = None
    fixed_slot: int | None = None
    fixed_table: Id | None = None
    tables: tuple[Id, ...] | None = None
    after: tuple[Id, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that decides a timetable.

    `homogeneity`: the breaks of any two participants differ by at most this (None: not asked; participants
    with no meeting count as 0 breaks).
    `breaks_over_forbidden`: True counts every idle slot between two meetings, over the whole event, as B2BSOP does;
    False counts only idle slots in which the person was available, day by day, as a market does.
    """

    slots: tuple[Slot, ...]
    participants: tuple[Participant, ...]
    tables: tuple[Table, ...]
    requests: tuple[Request, ...]
    goal: Goal = Goal.WEIGHT
    homogeneity: int | None = None
    breaks_over_forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A request placed: `slot` is 1-based, `table` None where none is needed."""

    id: Id
    slot: int
    table: Id | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer. `objective`/`bound`: weight placed and its upper bound, or breaks and their lower bound."""

    status: Status
    objective: int | None
    bound: float | None
    seconds: float
    meetings: tuple[Meeting, ...] = field(default=())
    breaks: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a waiting person is shown: meetings placed of those asked, best objective, proven bound, seconds so far."""

    placed: int
    possible: int
    objective: int | None
    bound: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `rule` is a short code, `ids` the requests, people, tables or slots concerned, `text` plain English."""

    rule: str
    ids: tuple[Id, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request is (not) placed: a short code, the person, slots and requests concerned.

    Codes are stable: the site words them in each language.
    `slots`: for each slot that was open in principle, what stood in the way is in `blockers` (slot, code, ids).
    """

    request: Id
    code: str
    people: tuple[Id, ...] = ()
    blockers: tuple[tuple[int, str, tuple[Id, ...]], ...] = ()
