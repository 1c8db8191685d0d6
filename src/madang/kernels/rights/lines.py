"""What contracts say of a title, line by line: who holds, who uses, who is kept out, where, how, in which language, when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Party = int | str
TitleId = int | str

FOREVER = dt.date.max.toordinal() + 1
"""The day after the last one: the end of what does not end."""
ALWAYS = 0
"""Before the first day."""


def day(text: str) -> int:
    """The number of an ISO date: days are counted as `date.toordinal` does."""
    return dt.date.fromisoformat(text).toordinal()


class Open(StrEnum):
    """Ends (and starts) that are not a date: three different things, none of them the year 9999."""

    PERPETUITY = "perpetuity"
    """For ever, as agreed."""
    UNTIL_NOTICE = "until_notice"
    """Until one of the two ends it."""
    TBA = "tba"
    """To be agreed: blocks only softly."""


@dataclass(frozen=True, slots=True)
class After:
    """A date that hangs on an event, e.g. 120 days after the theatrical release in Germany. `lag` in days, may be negative."""

    event: str
    lag: int = 0


When = int | After | Open
"""A day's number, a date after an event, or none."""


@dataclass(frozen=True, slots=True)
class Event:
    """When something is estimated to happen, between `earliest` and `latest` (days; None: unknown), or happened (`actual`)."""

    earliest: int | None = None
    latest: int | None = None
    actual: int | None = None


class Kind(StrEnum):
    """The three kinds of line; everything else is made of them."""

    GRANT = "grant"
    """Adds: `party` holds the right (chain of title)."""
    LICENCE = "licence"
    """Uses: `party` may exploit the right."""
    RESTRICTION = "restriction"
    """Blocks everyone but the parties in `exempt`."""


class Reason(StrEnum):
    """Why a restriction is there; it decides at which check it is found and what it says."""

    EXCLUSIVITY = "exclusivity"
    HOLDBACK = "holdback"
    BLACKOUT = "blackout"
    RESERVE = "reserve"
    RELEASE = "release"
    FIRST_RUN = "first_run"
    OPTION = "option"
    FIRST_NEGOTIATION = "first_negotiation"
    FIRST_REFUSAL = "first_refusal"
    MATCHING = "matching"


CLEARANCES = {Reason.FIRST_NEGOTIATION, Reason.FIRST_REFUSAL, Reason.MATCHING}
"""Rights to be asked first: they block nothing, but have to be cleared before anybody signs."""


class Standing(StrEnum):
    """How far a line's contract has come; it decides how hard a line blocks."""

    DRAFT = "draft"
    OPTION = "option"
    PENDING = "pending"
    SIGNED = "signed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one contract about one title.

    `territories`, `media`, `languages` are sets as integers (see the tables). `start` is the first day, `end` the day after the
    last one (half-open). `party`: who holds or uses, or whom a restriction protects. `exempt`: whom a restriction does not
    block; `only`: the only ones that it blocks (empty: everybody else), e.g. the licensee in his own holdback.
    `exclusive`: of a GRANT, whether nobody else holds it. `subject_to`: contracts that this line accepts beside it.
    `runs`: how many a GRANT allows or a LICENCE uses (None: not counted). `event_end`: events that may
    end it earlier (reversion). `contract` and `clause` say where it is written.
    """

    id: int | str
    title: TitleId
    kind: Kind
    territories: int
    media: int
    languages: int
    start: When
    end: When
    party: Party | None = None
    exempt: frozenset[Party] = frozenset()
    only: frozenset[Party] = frozenset()
    reason: Reason | None = None
    standing: Standing = Standing.SIGNED
    exclusive: bool = False
    subject_to: frozenset[int | str] = frozenset()
    runs: int | None = None
    contract: int | str = ""
    clause: str = ""
    event_end: tuple[After, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a date of it is still to be agreed."""
        return Open.TBA in (self.start, self.end)

    def blocks(self, party: Party | None) -> bool:
        """Whether a restriction keeps this party out; None is anybody who has no contract yet."""
        if self.kind is not Kind.RESTRICTION or self.reason in CLEARANCES:
            return False
        return party in self.only if self.only else party not in self.exempt


class Scope(NamedTuple):
    """A box of rights: three sets and a half-open window of days."""

    territories: int
    media: int
    languages: int
    start: int
    end: int

    def __and__(self, other: Scope) -> Scope | None:
        """What both have in common; None where that is nothing. The dimensions that part most boxes come first."""
        t, m, v, start, end = self
        territories, media, languages, begin, finish = other
        if start >= finish or begin >= end or not (media := m & media):
            return None
        if not (territories := t & territories) or not (languages := v & languages):
            return None
        start, end = max(start, begin), min(end, finish)
        return Scope(territories, media, languages, start, end) if start < end else None

    @property
    def volume(self) -> int:
        """Leaves times days: how much there is, in cells of one territory, medium, language and day."""
        return self.territories.bit_count() * self.media.bit_count() * self.languages.bit_count() * (self.end - self.start)


Events = Mapping[str, Event]


def start_bounds(when: When, events: Events) -> tuple[int, int]:
    """The earliest and the latest day on which something may start."""
    if isinstance(when, int):
        return when, when
    if isinstance(when, After):
        return _event_bounds(when, events)
    return (ALWAYS, FOREVER) if when is Open.TBA else (ALWAYS, ALWAYS)


def end_bounds(when: When, events: Events, others: tuple[After, ...] = ()) -> tuple[int, int]:
    """The earliest and the latest day on which something may end (half-open); the earliest of its date and of its events."""
    if isinstance(when, int):
        low = high = when
    elif isinstance(when, After):
        low, high = _event_bounds(when, events)
    else:
        low, high = (ALWAYS if when is Open.TBA else FOREVER), FOREVER
    for other in others:  # a reversion may come earlier
        earliest, latest = _event_bounds(other, events)
        low, high = min(low, earliest), min(high, latest)
    return low, high


def _event_bounds(when: After, events: Events) -> tuple[int, int]:
    event = events.get(when.event, Event())
    if event.actual is not None:
        return event.actual + when.lag, event.actual + when.lag
    low = ALWAYS if event.earliest is None else event.earliest + when.lag
    return low, FOREVER if event.latest is None else event.latest + when.lag


def widest(line: Line, events: Events) -> Scope:
    """All that a line may cover: what blocks is taken at its widest until the event's actual date is known."""
    start, _ = start_bounds(line.start, events)
    _, end = end_bounds(line.end, events, line.event_end)
    return Scope(line.territories, line.media, line.languages, start, end)


def surest(line: Line, events: Events) -> Scope:
    """What a line covers for certain: what gives is taken at its narrowest. May be empty (`start` not before `end`)."""
    _, start = start_bounds(line.start, events)
    end, _ = end_bounds(line.end, events, line.event_end)
    return Scope(line.territories, line.media, line.languages, start, end)
