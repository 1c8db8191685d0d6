"""The sheets and columns of an edition's workbook: the one place that names them."""

from __future__ import annotations

from functools import lru_cache

from madang.workbook.columns.kinds import Choice, Column, Kind, SheetSpec, Words, normal
from madang.workbook.columns.meetings import REQUESTS, UNAVAILABLE
from madang.workbook.columns.people import COMPANIES, PEOPLE
from madang.workbook.columns.places import EDITION, SLOTS, TABLES
from madang.workbook.columns.rights import RIGHTS_SHEETS
from madang.workbook.columns.works import MANDATES, TITLES

__all__ = [
    "RIGHTS_SHEETS",
    "SHEETS",
    "Choice",
    "Column",
    "Kind",
    "SheetSpec",
    "Words",
    "header_keys",
    "normal",
    "sheet_of",
    "spec_of",
]

SHEETS = (EDITION, TABLES, SLOTS, COMPANIES, PEOPLE, TITLES, MANDATES, REQUESTS, UNAVAILABLE)


def sheet_of(name: str, sheets: tuple[SheetSpec, ...] = SHEETS) -> SheetSpec | None:
    """The sheet meant by a name in any of the three languages; None for the reader's own sheets."""
    names = {normal(also): spec for spec in sheets for also in spec.also}
    names |= {normal(own): spec for spec in sheets for own in spec.name}
    return names.get(normal(name))


def spec_of(key: str) -> SheetSpec:
    return next(spec for spec in (*SHEETS, *RIGHTS_SHEETS) if spec.key == key)


@lru_cache(maxsize=32)
def header_keys(key: str) -> dict[str, str]:
    """Normalised header -> column key, for the sheet `key`; a column's own words win over what else is understood."""
    columns = spec_of(key).columns
    keys = {normal(name): column.key for column in columns for name in (*column.also, column.key)}
    return keys | {normal(name): column.key for column in columns for name in column.header}
