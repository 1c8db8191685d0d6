"""What a programme is asked to do, and what an answer looks like: plain data, ids only.

Times are whole minutes from an origin that the caller chooses; a stretch of time is half-open. Ids are unique per kind.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from madang.kernels.timetable import ProblemError, Progress, Status

__all__ = ["ProblemError", "Progress", "Status"]  # one way to say these things, in every kernel that solves

Id = int | str
DAY = 24 * 60


class Level(StrEnum):
    """How much a rule weighs: it must hold, its breaking is told and costs points, or nobody looks at it."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"


class Rule(StrEnum):
    """What may be wrong with a programme. The codes are stable; docs/develop/programme.md says when each is broken."""

    HALL = "hall"
    FEATURES = "features"
    SEATS = "seats"
    CLOSED = "closed"
    WINDOW = "window"
    FIXED = "fixed"
    NOT_READY = "not_ready"
    GUEST_AWAY = "guest_away"
    HALL_DOUBLE = "hall_double"
    CHANGEOVER = "changeover"
    GUEST_DOUBLE = "guest_double"
    TRAVEL = "travel"
    ORDER = "order"
    LEAD = "lead"
    SAME_DAY = "same_day"
    OTHER_DAY = "other_day"
    OVERLAP = "overlap"
    UNKNOWN = "unknown"
    DOUBLED = "doubled"
    CLAIM = "claim"


WARNED = frozenset({Rule.SEATS, Rule.OVERLAP})
"""Rules that warn where the organiser has set nothing; all others block."""
UNSETTABLE = frozenset({Rule.UNKNOWN, Rule.DOUBLED, Rule.CLAIM})
"""Rules without which a plan has no meaning: they always block."""


class Window(NamedTuple):
    """A stretch of time, in minutes; the end is the first minute after it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hall:
    """A place for one item at a time, open in the windows of `opening`, with `seats` (None: nobody counts them).

    `changeover`: minutes that pass between two items at least.
    """

    id: Id
    opening: tuple[Window, ...]
    seats: int | None = None
    changeover: int = 0
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who must be at items; `available` None: at any time."""

    id: Id
    available: tuple[Window, ...] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A screening, talk, pitch, greeting ...: held once, in one hall, without a pause.

    `halls`: those it may stand in (None: any); `features`: what the hall must have; `audience`: people expected.
    `allowed`: it lies within one of these windows (None: no such wish); `forbidden`: it touches none of these.
    `ready_from`: the minute at which its print or file is there. `setup`, `clear`: minutes of changeover before and after it.
    `follows`: ids of items that end before it begins; `same_day`, `other_day`: ids of items, where both are placed.
    `leads`: the item right before which it stands, in the same hall, with no changeover between (a stage greeting).
    `fixed_hall`, `fixed_start`: where it stands, whatever else is moved.
    `prime`: points lost where it does not begin in prime time. `worth`: what placing it counts beside others (> 0).
    `hold`: what moving it counts beside others, once it is published (> 0).
    """

    id: Id
    length: int
    kind: str = ""
    halls: frozenset[Id] | None = None
    features: frozenset[str] = frozenset()
    audience: int = 0
    guests: tuple[Id, ...] = ()
    allowed: tuple[Window, ...] | None = None
    forbidden: tuple[Window, ...] = ()
    ready_from: int | None = None
    setup: int = 0
    clear: int = 0
    follows: tuple[Id, ...] = ()
    same_day: tuple[Id, ...] = ()
    other_day: tuple[Id, ...] = ()
    leads: Id | None = None
    fixed_hall: Id | None = None
    fixed_start: int | None = None
    prime: int = 0
    worth: int = 1
    hold: int = 1


@dataclass(frozen=True, slots=True)
class Way:
    """Minutes from one hall to another, either way."""

    between: tuple[Id, Id]
    minutes: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """So many people (or points) want both items: what is lost where they run at the same time, be it for a minute."""

    one: Id
    other: Id
    weight: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that decides a programme.

    `levels`: what the organiser has set for rules; the others have `WARNED` or block.
    `days`: the minutes at which days begin, rising (none: every 24 hours from the origin). `prime`: prime time.
    `step`: an automatic programme begins items at multiples of it (fixed and published ones where they are).
    `lead_gap`: minutes that may pass between an item and the one that it leads.
    `warning`: points that each broken rule costs that only warns; `seats` costs the share of the audience without a seat.
    """

    items: tuple[Item, ...]
    halls: tuple[Hall, ...]
    guests: tuple[Guest, ...] = ()
    ways: tuple[Way, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    prime: tuple[Window, ...] = ()
    days: tuple[int, ...] = ()
    levels: Mapping[Rule, Level] = field(default_factory=dict)
    step: int = 5
    lead_gap: int = 10
    warning: int = 100

    def level(self, rule: Rule) -> Level:
        """What the rule counts here."""
        if rule in UNSETTABLE:
            return Level.BLOCK
        return self.levels.get(rule, Level.WARN if rule in WARNED else Level.BLOCK)

    def day_of(self, minute: int) -> int:
        """The day in which a minute lies, from 0; -1 before the first."""
        return bisect_right(self.days, minute) - 1 if self.days else minute // DAY


@dataclass(frozen=True, slots=True)
class Place:
    """An item in a hall from a minute on."""

    item: Id
    hall: Id
    start: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer: `places` in the order of the problem's items.

    `left_out`: the worth of the items that have no place. `points`: what warnings, overlaps, prime time (and, in a repair,
    moves) cost. `bound`: no programme that leaves out as little costs less (None: not known). OPTIMAL: proven for both.
    """

    places: tuple[Place, ...] = ()
    status: Status = Status.UNKNOWN
    left_out: int | None = None
    points: int | None = None
    bound: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A broken rule: who and what is concerned, and the stretch of time in which (or between which) it happens.

    `amount`: minutes that are missing or doubled, seats missing, or the weight of an overlap. For a gap that is too short,
    `start` to `end` is that gap.
    """

    rule: Rule
    level: Level
    items: tuple[Id, ...] = ()
    halls: tuple[Id, ...] = ()
    guests: tuple[Id, ...] = ()
    start: int = 0
    end: int = 0
    amount: int = 0
