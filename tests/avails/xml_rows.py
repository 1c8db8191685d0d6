"""Records as they come from a workbook, and the XML text of a small Avail."""

from __future__ import annotations

from madang.avails.records import Place, Record
from madang.avails.xml_tree import spaces

MOVIE = {
    "ALID": "md:alid:org:haeundae.example:1",
    "EntryType": "Full Extract",
    "DisplayName": "Haeundae Pictures",
    "WorkType": "Movie",
    "ContentID": "md:cid:org:haeundae.example:1",
    "TitleInternalAlias": "Night Ferry",
    "TitleDisplayUnlimited": "Night Ferry",
    "AvailID": "ferry-1",
    "LicenseType": "EST",
    "Territory": "KR",
    "Start": "2026-11-20",
    "End": "2027-11-19",
    "FormatProfile": "HD",
    "PriceType": "WSP",
    "PriceValue": "7.99",
    "PriceCurrency": "USD",
}
SEASON = {
    "SeasonContentID": "md:cid:org:haeundae.example:s1",
    "SeasonNumber": "1",
    "SeriesContentID": "md:cid:org:haeundae.example:s",
    "SeriesTitleInternalAlias": "Harbour",
}
TITLED = ("ContentID", "TitleInternalAlias", "TitleDisplayUnlimited")
EPISODE = {
    **{column: value for column, value in MOVIE.items() if column not in TITLED},
    **SEASON,
    "WorkType": "Episode",
    "EpisodeContentID": "md:cid:org:haeundae.example:s1e1",
    "EpisodeTitleInternalAlias": "The Pier",
    "EpisodeNumber": "1",
}


def row(number: int = 4, base: dict[str, str] | None = None, **changes: str) -> Record:
    """A record of row `number`, each value with the place of its cell; an empty change takes the value away."""
    values = {column: value for column, value in {**(base or MOVIE), **changes}.items() if value}
    return Record(values, {column: Place("AllAvails", number, column) for column in values})


def document(body: str, version: str = "2.7", head: str = "") -> bytes:
    """An AvailList of this version around a body."""
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in spaces(version).items())
    return f"{head}<avails:AvailList {declared}>{body}</avails:AvailList>".encode()
