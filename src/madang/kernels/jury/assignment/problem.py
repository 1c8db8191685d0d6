"""What an assignment of entries to jurors is asked to do, and what an answer looks like: plain data, ids only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Id = int | str


class Status(StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class Pair(NamedTuple):
    """A juror reads an entry."""

    entry: Id
    juror: Id


@dataclass(frozen=True, slots=True)
class Entry:
    """A work to be judged.

    `languages`: those in which it can be judged, dialogue or subtitles; empty where it has no words and anybody can judge it.
    `countries`: the first is its main one, by which a juror's load is balanced; a juror of any of them is a compatriot.
    """

    id: Id
    languages: frozenset[str] = frozenset()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Juror:
    """Somebody who reads at least `least` and at most `most` entries (None: as many as there are).

    `prefers`: those of her `languages` in which she would rather read; empty where she does not mind.
    """

    id: Id
    languages: frozenset[str] = frozenset()
    country: str | None = None
    prefers: frozenset[str] = frozenset()
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict of interest: the juror never reads the entry. `code` says why (declared, same_company): the caller words it."""

    entry: Id
    juror: Id
    code: str


@dataclass(frozen=True, slots=True)
class Aims:
    """Prices of what is not liked, in points; 0: not looked at.

    `language`: a reading in a language that the juror reads but does not prefer.
    `compatriot`: a reading by a juror of one of the entry's countries.
    `same_country`: the second reader of one country of an entry costs this, the third twice this, and so on.
    `lopsided`: a juror's reading beyond twice the fair share of one main country costs this, beyond four times twice this.
    """

    language: int = 2
    compatriot: int = 3
    same_country: int = 3
    lopsided: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that decides who reads what.

    `readers`: how many jurors read each entry. `forbidden`: pairs ruled out by hand. `locked`: pairs set by hand; they stand,
    also without a language in common and beyond `most_compatriots`, but never against a conflict.
    `most_compatriots`: at most so many compatriots read an entry (None: only the price counts; 0: nobody reads her own country).
    """

    entries: tuple[Entry, ...]
    jurors: tuple[Juror, ...]
    readers: int = 3
    conflicts: tuple[Conflict, ...] = ()
    forbidden: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()
    most_compatriots: int | None = None
    aims: Aims = field(default_factory=Aims)


@dataclass(frozen=True, slots=True)
class Shortage:
    """Facts that cannot all be kept. Codes of `kind`:

    `readers`: the `entries` together need `need` readings, those who may read them (`jurors`, all at their most) and their
    other readers can give `room`. `work`: the `jurors` are to read at least `need`, there are `room` readings for them.
    `barred`: (code, pairs): why the pairs of these entries (for `readers`) or jurors (`work`) with others are not open.
    """

    kind: str
    entries: tuple[Id, ...]
    jurors: tuple[Id, ...]
    need: int
    room: int
    barred: tuple[tuple[str, int], ...] = ()

    @property
    def short(self) -> int:
        return self.need - self.room


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer. `missing`: readings that lack a juror; `idle`: readings that jurors lack to their least.

    `price`: points of all that is not liked; `bound`: no plan with as few missing and idle, and loads as even, costs less (None:
    not proven). `linked`: every juror who reads is linked to every other through entries that both or others between them read.
    `shortages`: why something is missing or idle; each is a proof that no plan avoids it.
    """

    status: Status
    pairs: tuple[Pair, ...] = ()
    missing: int = 0
    idle: int = 0
    price: int | None = None
    bound: int | None = None
    linked: bool | None = None
    seconds: float = 0.0
    shortages: tuple[Shortage, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a waiting person is shown: what is being done (a code: loads, price, links), step of steps, seconds so far."""

    stage: str
    step: int
    steps: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule or an untrue claim: `rule` is a short code, `ids` the entries and jurors concerned, `text` plain English."""

    rule: str
    ids: tuple[Id, ...]
    text: str
