"""What an avails file says, whatever its format: records by the column names of Excel 1.9, and findings with their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a workbook's sheet, row (from 1) and column name, or an XML file's line and path."""

    sheet: str = ""
    row: int = 0
    column: str = ""
    line: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a stable `code`, the `value` as it stands in the file, a `message` (lazy text), and how to `mend` it."""

    severity: Severity
    code: str
    place: Place
    value: str
    message: Any
    mend: Any = ""


@dataclass(slots=True)
class Record:
    """One row: one asset, one licence type, one window, one or more territories.

    `values`: by the canonical column name of AllAvails 1.9 without its group (`Territory`, `LicenseType`, `SeasonContentID` ...);
    lists (territories, languages) as the trade writes them, with commas; dates and times in ISO 8601. `places`: where each value
    stands. What no column holds is kept under `extra`, so that it is written again.

    Known besides AllAvails: StoreType, PackageLabel, VolumeAltID and the six `Ref...` columns of Bonus. Yes or no is `Yes`, `No`
    (ExceptionFlag, CaptionIncluded, Exclusive, BrandingRights, Download). Durations (TotalRunTime, RentalDuration, WatchDuration,
    WindowDuration, StartLag, EndLag) are ISO 8601, e.g. `PT1H56M20S`. Lists (Territory, TerritoryExclusion, languages,
    BundledALIDs, RatingReason) are joined by `, `; a language keeps its use (`fr:audio`). Condition words are spelled as in XML.
    """

    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def get(self, column: str) -> str:
        """The value, or an empty text."""
        return self.values.get(column, "")


@dataclass(slots=True)
class AvailsFile:
    """A file that was read: its `format` ("xlsx" or "xml"), `version` of that format, its records, what was found in reading."""

    format: str
    version: str
    records: list[Record] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class Unreadable(Exception):
    """The file cannot be read at all: no workbook, no XML, encrypted, too large, with entities. Its text says what to do."""
