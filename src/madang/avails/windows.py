"""Windows of the same right that share a day: the last of one and the first of the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from .records import Finding, Place, Record, Severity

SAME = (
    "ALID",
    "EditID",
    "ContentID",
    "EpisodeContentID",
    "SeasonContentID",
    "Territory",
    "LicenseType",
    "FormatProfile",
    "AssetLanguage",
)
"""What two windows have in common that follow each other."""
DAY = len("2026-05-28")


def touching(records: Iterable[Record]) -> Iterator[Finding]:
    """A warning for each window that begins on the last day of another one: an End without a time is the end of that day."""
    ends: dict[tuple[str, ...], set[str]] = {}
    every = [record for record in records if record.get("EntryType") not in ("Full Delete", "Delete")]
    for record in every:
        if len(record.get("End")) == DAY:
            ends.setdefault(_key(record), set()).add(record.get("End"))
    for record in every:
        start = record.get("Start")
        if start[:DAY] in ends.get(_key(record), ()) and start[:DAY] != record.get("End"):
            message = _("An earlier window ends on this day, and a day given as End counts whole: the two share it.")
            mend = _("Let the earlier window end the day before, or give both a time.")
            yield Finding(Severity.WARNING, "own-window-touch", record.places.get("Start", Place()), start, message, mend)


def _key(record: Record) -> tuple[str, ...]:
    return tuple(record.get(column) for column in SAME)
