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


@dataclass(frozen=True, slots=True)
class Aims:
    """What is improved in which order, and at what price: the organiser's dials. The defaults: all weight first, then few breaks.

    `break_price`: points of weight that one break less is worth (0: breaks are looked at only among timetables of equal weight).
    `most_breaks`: breaks a person has on a day at most, where that can be had (None: no such aim).
    `spread_price`: points of weight for evening out who gets what share of her wishes (0: not looked at).
    """

    break_price: float = 0.0
    most_breaks: int | None = None
    spread_price: float = 0.0


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
    """A person. `forbidden` are slots (1-based) in which she cannot meet.

    `asleep`: slots in which she cannot meet online (outside waking hours where she is); only online requests look at it.
    `max_in_row`: after that many meetings without a free slot between, on one day, a slot of rest.
    """

    id: Id
    forbidden: frozenset[int] = frozenset()
    max_per_day: int | None = None
    asleep: frozenset[int] = frozenset()
    max_in_row: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A place for one meeting at a time, closed in the slots of `closed` (1-based).

    A shared table serves any request with `tables` None; any other table (a booth) serves only the requests that name it.
    `hall`: where it stands, for `Problem.travel` (None: nowhere in particular, no way to go).
    """

    id: Id
    shared: bool = True
    closed: frozenset[int] = frozenset()
    hall: Id | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting that was asked for and may be placed once.

    `participants`: the people who must be there (two or more). `weight`: what placing it is worth (> 0).
    `session`: only slots of that session (None: any). `fixed_slot`: stands in that slot, is placed always.
    `tables`: None takes any shared table; a tuple names the tables it may use; an empty tuple needs none.
    `after`: ids of requests that must be held in an earlier slot, where both are placed.
    `required`: must be placed even where the goal is weight.
    `length`: how many slots of one day and session it takes, one after the other; `slot` of its meeting and `fixed_slot` are
    the first of them. It is one meeting of the day for `max_per_day`.
    `prefers`: tables that are liked better, among those it may use; a wish, never a rule.
    `online`: needs no table, and is held only in slots in which none of its people is asleep.
    `teams`: for a meeting of companies: from each team one person must be there besides `participants` (who may be nobody
    then); the plan says who (`Meeting.delegates`, in the order of the teams), and for her every rule holds as for participants.
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
    length: int = 1
    prefers: tuple[Id, ...] = ()
    online: bool = False
    teams: tuple[tuple[Id, ...], ...] = ()

    @property
    def is_plain(self) -> bool:
        """One slot, at any shared table or at none, and nothing else asked: as most are, so that long lists go quickly."""
        return (
            self.length == 1
            and not self.tables
            and self.fixed_slot is None
            and self.session is None
            and self.fixed_table is None
            and not (self.after or self.prefers or self.online or self.teams)
        )


@dataclass(frozen=True, slots=True)
class Pause:
    """Time kept free for everybody, e.g. lunch: of `slots` (1-based, one day) at least `free` stay without a meeting.

    Slots in which a person is away count as free for her. Its slots are no part of a break (unless `breaks_over_forbidden`).
    """

    slots: frozenset[int]
    free: int = 1


@dataclass(frozen=True, slots=True)
class Way:
    """Between meetings of one person in these two halls, on one day, at least `slots` slots pass, either way."""

    between: tuple[Id, Id]
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that decides a timetable.

    `homogeneity`: the breaks of any two participants differ by at most this (None: not asked; participants
    with no meeting count as 0 breaks).
    `breaks_over_forbidden`: True counts every idle slot between two meetings, over the whole event, as B2BSOP does;
    False counts only idle slots in which the person was available, day by day, as a market does.
    `floor`: as many meetings as everybody who asked (is a participant of a request) should have at least, where it can be
    had: under Goal.WEIGHT first `Plan.short` is made small, then weight is made big.
    """

    slots: tuple[Slot, ...]
    participants: tuple[Participant, ...]
    tables: tuple[Table, ...]
    requests: tuple[Request, ...]
    goal: Goal = Goal.WEIGHT
    homogeneity: int | None = None
    breaks_over_forbidden: bool = False
    pauses: tuple[Pause, ...] = ()
    ways: tuple[Way, ...] = ()
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Meeting:
    """A request placed: `slot` is 1-based, `table` None where none is needed, `delegates` one person of each of its teams."""

    id: Id
    slot: int
    table: Id | None = None
    delegates: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer. `objective`/`bound`: weight placed and its upper bound, or breaks and their lower bound.

    `short`: meetings missing to `Problem.floor`, over all who asked, nobody for more than she asked (None: not counted).
    """

    status: Status
    objective: int | None
    bound: float | None
    seconds: float
    meetings: tuple[Meeting, ...] = field(default=())
    breaks: int | None = None
    short: int | None = None


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
