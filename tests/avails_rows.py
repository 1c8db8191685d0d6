"""Avails for tests: records as files say them, workbooks as bytes, one call each."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from madang.avails.records import AvailsFile, Record

MOVIE = {
    "DisplayName": "Yard Pictures",
    "Territory": "KR",
    "WorkType": "Movie",
    "EntryType": "Full Extract",
    "TitleInternalAlias": "Harbour, The",
    "LicenseType": "SVOD",
    "FormatProfile": "HD",
    "Start": "2026-01-01",
    "End": "2026-12-31",
    "ContentID": "md:cid:org:yard:harbour",
    "ALID": "md:alid:org:yard:harbour",
}
EPISODE = {
    "DisplayName": "Yard Pictures",
    "Territory": "KR",
    "WorkType": "Episode",
    "EntryType": "Full Extract",
    "SeriesTitleInternalAlias": "Night Ferry",
    "SeasonNumber": "1",
    "EpisodeNumber": "2",
    "EpisodeTitleInternalAlias": "The crossing",
    "LicenseType": "SVOD",
    "FormatProfile": "HD",
    "Start": "2026-01-01",
    "End": "Open",
    "SeriesContentID": "md:cid:org:yard:ferry",
    "SeasonContentID": "md:cid:org:yard:ferry-1",
    "EpisodeContentID": "md:cid:org:yard:ferry-1-2",
    "ALID": "md:alid:org:yard:ferry-1-2",
}


def record(base: dict[str, str] = MOVIE, **values: str) -> Record:
    """A record without places; an empty value takes the column away."""
    return Record({column: text for column, text in (base | values).items() if text})


def avails_file(*records: Record, version: str = "1.9") -> AvailsFile:
    """A file that holds these."""
    return AvailsFile("xlsx", version, list(records))


def book_of(*rows: dict[str, Any], sheet: str = "Movies", note: Any = 1.9, groups: bool = True) -> bytes:
    """A workbook with the union of the rows' columns: groups, names, a note with the version, then the rows."""
    book = Workbook()
    book.active.title = sheet
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if groups:
        book.active.append(["AvailTrans"] * len(columns))
    book.active.append(columns)
    book.active.append([note] + ["//Opt"] * (len(columns) - 1))
    for row in rows:
        book.active.append([row.get(column) for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
