"""Mandates and titles that fit each other: gates first, then a chance with its reasons. The face that other rooms use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from madang.catalogue.models import Title
from madang.catalogue.rules import visible_works
from madang.mandates.models import Mandate, Visibility
from madang.mandates.rules import visible_mandates
from madang.markets.models import Edition
from madang.markets.rules import Visitor


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


def matches_for_mandate(mandate: Mandate, reader: Visitor, limit: int = 50) -> list[Match]:
    """The titles on offer that fit a mandate, the likeliest first; those whose gates are shut come last."""
    titles = visible_works(reader, mandate.edition).exclude(company=mandate.buyer.company_id).exclude(company=None)
    return _best([_match(title, mandate) for title in titles.select_related("profile", "company")], limit)


def matches_for_title(title: Title, reader: Visitor, limit: int = 50) -> list[Match]:
    """The mandates that a title fits, as far as the reader may see them; otherwise as `matches_for_mandate`."""
    mandates = visible_mandates(reader, title.edition).exclude(buyer__company=title.company_id)
    return _best([_match(title, mandate) for mandate in mandates], limit)


def market_pairs(edition: Edition) -> MarketPairs:
    """Every buyer with an open mandate and every title on offer."""
    titles = list(Title.objects.filter(edition=edition, part_of=None, is_withdrawn=False, company__isnull=False).order_by("pk"))
    mandates = list(
        Mandate.objects.filter(edition=edition, buyer__is_buyer=True, buyer__left_at=None)
        .exclude(visibility=Visibility.HIDDEN)
        .select_related("buyer", "edition")
        .order_by("buyer", "pk")
    )
    buyers = sorted({mandate.buyer_id for mandate in mandates})
    place = {buyer: n for n, buyer in enumerate(buyers)}
    shape = (len(buyers), len(titles))
    chance, low, high = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    allowed, best = np.zeros(shape, bool), np.zeros(shape, np.int64)
    for mandate in mandates:
        row = place[mandate.buyer_id]
        for column, title in enumerate(titles):
            one = _match(title, mandate)
            may = one.passes and title.company_id != mandate.buyer.company_id
            if (may, one.chance) > (allowed[row, column], chance[row, column]) or not best[row, column]:
                chance[row, column], low[row, column], high[row, column] = one.chance, one.low, one.high
                allowed[row, column], best[row, column] = may, mandate.pk
    return MarketPairs(
        np.array(buyers, np.int64), np.array([title.pk for title in titles], np.int64), chance, low, high, allowed, best
    )


def _best(found: Sequence[Match], limit: int) -> list[Match]:
    return sorted(found, key=lambda one: (not one.passes, -one.chance, one.title.pk, one.mandate.pk))[:limit]


def _match(title: Title, mandate: Mandate) -> Match:
    gates = (Gate(GateCode.FORMAT, mandate.format in ("", title.format), str(title.get_format_display())),)
    share = 1.5 if mandate.genre == title.genre else 0.0
    middle = -2.5 + share
    low, chance, high = (float(1 / (1 + np.exp(-one))) for one in (middle - 1.6, middle, middle + 1.6))
    return Match(title, mandate, gates, chance, low, high, (Part("genre", str(title.get_genre_display()), share),), True)
