"""What is said of a pair: its gates, what adds to its score, its chance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from madang.catalogue.models import Title
from madang.mandates.models import Mandate


class GateCode(StrEnum):
    """What may keep a title and a mandate apart."""

    RIGHTS = "rights"
    FORMAT = "format"
    LENGTH = "length"
    BUDGET = "budget"
    LANGUAGE = "language"
    MUST_NOT = "must_not"
    FIRST_TIME = "first_time"
    COUNTRY = "country"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of a pair. `cause`: why it is open or shut, in the reader's language; `opens`: what would open it ("" where
    nothing would, or where it is open). Unknown facts pass, and the cause says that they are not stated."""

    code: GateCode
    passes: bool
    cause: str
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What adds to a score. `share`: log-odds, below 0 where it speaks against; all shares of a pair add up to its score."""

    code: str
    words: str
    share: float


@dataclass(frozen=True, slots=True)
class Match:
    """A title and a mandate. `chance` (0 to 1) with its 90 % interval `low`..`high`; `wide`: too little is known to lean on
    it, and pages call it rough."""

    title: Title
    mandate: Mandate
    gates: tuple[Gate, ...]
    chance: float
    low: float
    high: float
    parts: tuple[Part, ...]
    wide: bool

    @property
    def score(self) -> float:
        return sum(part.share for part in self.parts)

    @property
    def passes(self) -> bool:
        return all(gate.passes for gate in self.gates)

    @property
    def shut(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if not gate.passes)


class MarketPairs(NamedTuple):
    """All pairs of an edition for its assignment; buyers are participants (B), titles (T) whole works on offer, both by id.

    `chance`, `low`, `high`, `allowed` are (B, T); `mandates` (B, T) has the id of the buyer's mandate that fits best. Hidden
    mandates and feedback are no part of it: what comes of it is shown to others.
    """

    buyers: npt.NDArray[np.int64]
    titles: npt.NDArray[np.int64]
    chance: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    allowed: npt.NDArray[np.bool_]
    mandates: npt.NDArray[np.int64]
