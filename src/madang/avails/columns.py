"""The columns of avails workbooks, by their names in Excel 1.9, with what stands in them and how they are called elsewhere."""

from __future__ import annotations

import json
from enum import Enum, auto
from functools import lru_cache
from importlib.resources import files
from typing import Any

WRITTEN = "1.9"
"""The version of Excel avails that we write."""
PAIRED = {"1.5": "2.2", "1.6": "2.2", "1.7": "2.2", "1.7.2": "2.2.2", "1.7.3": "2.3", "1.8": "2.4", "1.9": "2.5"}
"""Version of Excel -> version of the XML that says the same."""


class Kind(Enum):
    """What stands in a column."""

    TEXT = auto()
    WORD = auto()
    DATE = auto()
    WINDOW = auto()
    HOURS = auto()
    RUN_TIME = auto()
    DURATION = auto()
    YES_NO = auto()
    LIST = auto()
    LANGUAGES = auto()
    TERRITORIES = auto()


KINDS = {
    Kind.WORD: "EntryType WorkType LicenseType FormatProfile LocalizationType PriceType TitleStatus TPRType RefLicenseType",
    Kind.DATE: (
        "ReleaseHistoryOriginal ReleaseHistoryPhysicalHV SuppressionLiftDate SpecialPreOrderFulfillDate AnnounceDate FixedEndDate"
    ),
    Kind.WINDOW: "Start End",
    Kind.HOURS: "RentalDuration WatchDuration",
    Kind.RUN_TIME: "TotalRunTime",
    Kind.DURATION: "WindowDuration StartLag EndLag",
    Kind.YES_NO: "ExceptionFlag CaptionIncluded Exclusive BrandingRights Download",
    Kind.LIST: "BundledALIDs RatingReason",
    Kind.LANGUAGES: "AssetLanguage AllowedLanguages HoldbackLanguage RequiredFulfillmentLanguages",
    Kind.TERRITORIES: "Territory TerritoryExclusion RefTerritory RefTerritoryExcluded",
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}

OTHER_NAMES = {
    "bundlealids": "BundledALIDs",
    "exceptionsflag": "ExceptionFlag",
    "volumedistributinonumber": "VolumeDistributionNumber",
    "storelanguage": "AssetLanguage",
    "productid": "EditID",
    "episodeproductid": "EpisodeID",
    "holdbackexclusionlanguage": "AllowedLanguages",
    "territoryexcluded": "TerritoryExclusion",
    "allowedlanguage": "AllowedLanguages",
    "holdbacklanguages": "HoldbackLanguage",
}
"""How columns are called in older templates and in files of the field -> their name today."""

WORDS = {
    "EntryType": ("Full Extract", "Full Delete", "Create", "Update", "Delete"),
    "WorkType": (
        *("Movie", "Short", "Season", "Episode", "Series", "Volume", "Collection", "Supplemental", "Promotion", "Franchise"),
    ),
    "LicenseType": ("EST", "VOD", "SVOD", "POEST", "Pre-Release", "Library", "AVOD", "FVOD", "FAST", "TVOD"),
    "FormatProfile": ("UHD", "HD", "SD", "3D", "3DUHD", "3DHD", "3DSD"),
    "LocalizationType": ("sub", "dub", "subdub", "any"),
    "PriceType": (
        *("Tier", "SRP", "WSP", "DMRP", "SMRP", "EpisodeWSP", "SeasonWSP", "LicenseFee", "Category", "NA", "Included"),
        *("TPR-Tier", "TPR-SRP", "TPR-WSP", "TPR-DMRP", "TPR-SMRP", "TPR-EpisodeWSP", "TPR-SeasonWSP", "Season Only"),
    ),
    "TitleStatus": ("Pending", "Approved", "Revoked", "Expired"),
    "TPRType": ("Conditional", "Unconditional", "unspecified"),
}
WORDS["RefLicenseType"] = WORDS["LicenseType"]
CONDITIONS = ("Open", "Immediate", "ESTStart", "EST", "Broadcast", "Completed", "Theatrical", "TBD")
"""What may stand in Start or End instead of a date."""

PREFIX = "madang:"
"""What begins a LicenseType of our own workbook: a code of our table of media follows, for rights that Avails has no word for."""
PERPETUITY = "Perpetuity"
"""An End of our own workbook; Avails only knows Open."""


@lru_cache(maxsize=1)
def template() -> dict[str, Any]:
    """Groups with their columns, and the columns of the sheets Movies and TV, in order."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("data/columns-1.9.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def groups() -> dict[str, str]:
    """Column -> group, for every column that we know."""
    return {column: group for group, columns in template()["groups"].items() for column in columns}


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {name.lower(): name for name in groups()} | OTHER_NAMES


def column_of(header: str) -> str | None:
    """The column that a header names, without its group and however it is spelled; None for one that we do not know."""
    name = header.replace(":", "/").rpartition("/")[2]
    return _known().get("".join(name.split()).lower())


def sheet_columns(sheet: str) -> list[str]:
    """The columns of a sheet that we write: Movies, TV, or Rights (all of them)."""
    columns: list[str] = template().get(sheet) or list(groups())
    return columns
