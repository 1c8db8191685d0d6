"""Sets of territories, media and languages: as written, as integers for the kernel, as rows that many lines share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from madang.deals.models import Dimension, Line, RightsSet
from madang.kernels.rights import (
    LanguageTable,
    MediaTable,
    RightsError,
    TerritoryTable,
    language_table,
    media_table,
    territory_table,
)

TABLES: dict[Dimension, Callable[[str], TerritoryTable | MediaTable | LanguageTable]] = {
    Dimension.TERRITORIES: territory_table,
    Dimension.MEDIA: media_table,
    Dimension.LANGUAGES: language_table,
}
LATEST = {
    Dimension.TERRITORIES: territory_table().version,
    Dimension.MEDIA: media_table().version,
    Dimension.LANGUAGES: language_table().version,
}


class ReadSets(NamedTuple):
    """Three sets as integers by the newest tables, and notes (plain English) on what contracts disagree about."""

    territories: int
    media: int
    languages: int
    notes: tuple[str, ...] = ()


def read_sets(territories: str, media: str, languages: str = "") -> ReadSets:
    """What people wrote; no languages are all of them. Raises RightsError with what is wrong, for the field it stands in."""
    said = territory_table().read(territories)
    found = ReadSets(said.mask, media_table().read(media), language_table().read(languages or "any"), said.notes)
    if not found.territories:
        raise RightsError("No territory is left: write at least one, such as KR, Benelux or World.")
    if not found.media:
        raise RightsError("No media right is left: write at least one, such as SVOD or FREE.")
    return found


def interned(dimension: Dimension, mask: int) -> RightsSet:
    """The row of a set of the newest table; written once, shared by all lines that mean the same."""
    table = _table(dimension, LATEST[dimension])
    members = " ".join(table.codes(mask))
    found, _ = RightsSet.objects.get_or_create(
        dimension=dimension,
        version=LATEST[dimension],
        digest=hashlib.sha256(members.encode()).hexdigest(),
        defaults={"members": members},
    )
    return found


def interned_sets(sets: ReadSets) -> dict[str, RightsSet]:
    """The three rows, by the names of a line's fields."""
    return {dimension.value: interned(dimension, mask) for dimension, mask in zip(Dimension, sets[:3], strict=True)}


def mask_of(row: RightsSet) -> int:
    """The set as an integer by today's table: a leaf that was split since stands for its parts."""
    return _mask(Dimension(row.dimension), row.members)


def masks_of(line: Line) -> tuple[int, int, int]:
    """A line's three sets; its rows must have been fetched with it."""
    return mask_of(line.territories), mask_of(line.media), mask_of(line.languages)


@lru_cache(maxsize=10_000)
def _mask(dimension: Dimension, members: str) -> int:
    return _table(dimension, LATEST[dimension]).union(members.split())


def _table(dimension: Dimension, version: str) -> TerritoryTable | MediaTable | LanguageTable:
    return TABLES[dimension](version)
