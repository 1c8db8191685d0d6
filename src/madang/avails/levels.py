"""The holders of an Avail in XML, and which columns stand in each: the Avail, the asset, what describes it, the transaction."""

from __future__ import annotations

from collections.abc import Sequence

from . import codecs as c
from .codecs import Codec, Maker, Values
from .terms import terms
from .vocabulary import after
from .xml_tree import Node

KIND_OF_WORK = {
    "Episode": "episode",
    "Season": "season",
    "Series": "series",
    "Volume": "volume",
    "Supplemental": "supplement",
    "Promotion": "promotion",
}
DESCRIBED_BY = {
    "Episode": "EpisodeMetadata",
    "Season": "SeasonMetadata",
    "Series": "SeriesMetadata",
    "Volume": "VolumeMetadata",
}
CONTENT_ID = {
    "EpisodeMetadata": "EpisodeContentID",
    "SeasonMetadata": "SeasonContentID",
    "SeriesMetadata": "SeriesContentID",
    "VolumeMetadata": "VolumeContentID",
}
TITLES = ("TitleDisplayUnlimited", "EpisodeTitleDisplayUnlimited", "SeasonTitleDisplayUnlimited", "SeriesTitleDisplayUnlimited")
ALIASES = ("TitleInternalAlias", "EpisodeTitleInternalAlias", "SeasonTitleInternalAlias", "SeriesTitleInternalAlias")


def avail_type(record: Maker) -> str:
    """The type of Avail that goes with a kind of work."""
    work = record.get("WorkType")
    if work == "Collection":
        return "collection" if len(c.parts(record.get("BundledALIDs"))) > 1 else "bundle"
    return KIND_OF_WORK.get(work, "single")


def _nothing(_nodes: Sequence[Node]) -> Values:
    return {}


def _type(make: Maker) -> list[Node]:
    return [make.node("AvailType", avail_type(make), "WorkType")]


def _description(make: Maker) -> list[Node]:
    said = next((make.get(column) for column in (*TITLES, *ALIASES) if make.get(column)), make.get("ALID"))
    return [make.node("ShortDescription", said or "-")]


def _yes(value: str) -> str:
    return {"Yes": "true", "No": "false"}.get(value, value)


def _said(value: str) -> str:
    return {"true": "Yes", "1": "Yes", "false": "No", "0": "No"}.get(value, value)


def _window() -> Codec:
    """The length of a window: `Duration` in 2.2, `WindowDuration` since 2.3."""

    def read(nodes: Sequence[Node]) -> Values:
        return {"WindowDuration": nodes[0].value} if nodes and nodes[0].value else {}

    def write(make: Maker) -> list[Node]:
        value = make.get("WindowDuration")
        name = "WindowDuration" if after(make.version, "2.3") else "Duration"
        return [make.node(name, value, "WindowDuration")] if value else []

    return Codec(("WindowDuration", "Duration"), ("WindowDuration",), read, write)


AVAIL = (
    c.text("ALID"),
    c.text("EntryType", "Disposition", "EntryType"),
    c.text("DisplayName", "Licensor", "md:DisplayName"),
    c.text("ServiceProvider", "ServiceProvider", "md:DisplayName"),
    Codec(("AvailType",), (), _nothing, _type),
    Codec(("ShortDescription",), (), _nothing, _description),
    c.entitlements(),
    c.text("ExceptionFlag", to_xml=_yes, from_xml=_said),
)
ASSET = (c.text("WorkType"), c.bundled())
OWN = (
    c.text("ReleaseYear", "ReleaseDate"),
    c.releases(),
    c.text("CaptionExemption", "USACaptionsExemptionReason"),
    c.ratings(),
)
UNIT = (
    *OWN,
    c.text("TotalRunTime", "RunLength"),
    c.directors(),
    c.text("LocalizationType", "LocalizationOffering"),
    c.groups(),
)
CREDIT = c.text("CompanyDisplayCredit", "CompanyDisplayCredit", "md:DisplayString")
SERIES = (
    c.text("SeriesContentID"),
    c.text("SeriesID", "SeriesEIDR-URN"),
    c.text("SeriesTitleDisplayUnlimited"),
    c.text("SeriesTitleInternalAlias"),
    c.labelled("SeriesAltIdentifier", "SeriesAltID", "RetailerSeriesID"),
    c.text("SeasonCount", "NumberOfSeasons"),
    CREDIT,
)
SEASON = (
    c.text("SeasonContentID"),
    c.text("SeasonID", "SeasonEIDR-URN"),
    c.text("SeasonTitleDisplayUnlimited"),
    c.text("SeasonTitleInternalAlias"),
    c.numbered("SeasonNumber", "SeasonNumber"),
    c.labelled("SeasonAltIdentifier", "SeasonAltID", "RetailerSeasonID"),
    c.text("EpisodeCount", "NumberOfEpisodes"),
)
DESCRIPTIONS = {
    "Metadata": (
        *UNIT,
        c.text("TitleDisplayUnlimited"),
        c.text("TitleInternalAlias"),
        c.text("EditID", "EditEIDR-URN"),
        c.text("TitleID", "TitleEIDR-URN"),
        c.labelled("AltIdentifier", "AltID", "RetailerID1", "RetailerID2", "RetailerID3"),
        CREDIT,
    ),
    "EpisodeMetadata": (
        *UNIT,
        c.text("EpisodeTitleDisplayUnlimited", "TitleDisplayUnlimited"),
        c.text("EpisodeTitleInternalAlias", "TitleInternalAlias"),
        c.text("EpisodeID", "EditEIDR-URN"),
        c.text("EpisodeTitleID", "TitleEIDR-URN"),
        c.labelled("AltIdentifier", "EpisodeAltID", "RetailerEpisodeID1", "RetailerEpisodeID2"),
        c.numbered("EpisodeNumber", "EpisodeNumber", "DistributionNumber"),
    ),
    "SeasonMetadata": (*OWN, *SEASON),
    "SeriesMetadata": (*OWN, *SERIES),
    "VolumeMetadata": (
        *OWN,
        c.text("VolumeContentID"),
        c.text("VolumeID", "VolumeEIDR-URN"),
        c.text("VolumeTitleDisplayUnlimited"),
        c.text("VolumeTitleInternalAlias"),
        c.numbered("VolumeNumber", "VolumeNumber", "VolumeDistributionNumber"),
        c.labelled("VolumeAltIdentifier", "VolumeAltID", "RetailerVolumeID"),
    ),
}
TRANSACTION = (
    c.text("Licensee", "Licensee", "md:DisplayName"),
    c.text("LicenseType"),
    c.text("Description"),
    c.territories("Territory", "Territory"),
    c.territories("TerritoryExcluded", "TerritoryExclusion"),
    c.moment("Start", "Start", "StartLag", "00:00:00"),
    c.moment("End", "End", "EndLag", "23:59:59"),
    _window(),
    c.languages("AllowedLanguage", "AllowedLanguages", since="2.4"),
    c.languages("AssetLanguage", "AssetLanguage", since="2.4"),
    c.languages("HoldbackLanguage", "HoldbackLanguage", since="2.4"),
    c.text("LicenseRightsDescription"),
    c.profile(),
    c.text("ContractID"),
    c.text("ReportingID"),
    c.text("RefALID"),
    terms(),
    c.text("OtherInstructions"),
)
NOT_IN_XML = (
    *("AssociatedALID", "Any", "CaptionIncluded", "Metadata", "OtherTerms", "RequiredFulfillmentLanguages", "StoreType"),
    *("RetailerSpare1", "RetailerSpare2", "RetailerSpare3"),
    *("RefTerritory", "RefTerritoryExcluded", "RefLicenseType", "RefFormatProfile", "RefAvailID"),
)
"""Columns that no element of Avails XML carries."""


def inside(name: str) -> tuple[str, ...]:
    """What stands inside a description: the season of an episode or volume, the series of a season."""
    return {"EpisodeMetadata": ("SeasonMetadata", "SeriesMetadata"), "VolumeMetadata": ("SeasonMetadata", "SeriesMetadata")}.get(
        name, ("SeriesMetadata",) if name == "SeasonMetadata" else ()
    )
