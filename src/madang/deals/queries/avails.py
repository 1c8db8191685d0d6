"""What a row of an avails file gives, as the fields of a line of rights."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.avails.columns import CONDITIONS, PERPETUITY, PREFIX
from madang.avails.records import Finding, Record, Severity
from madang.deals.models import Line, OpenDate
from madang.deals.queries.avails_titles import place_of
from madang.deals.sets import masks_of
from madang.deals.words import fault_text
from madang.kernels.rights import RightsError, language_table, media_table, territory_table

ONE_DAY = dt.timedelta(days=1)
OPEN_WORDS = {
    "Open": OpenDate.UNTIL_NOTICE,
    "Immediate": OpenDate.PERPETUITY,
    PERPETUITY: OpenDate.PERPETUITY,
    "TBD": OpenDate.TBA,
}
CORE = {
    "territories": ("Territory", "TerritoryExclusion"),
    "media": ("LicenseType",),
    "languages": ("AllowedLanguages", "AssetLanguage", "HoldbackLanguage"),
    "start": ("Start", "StartLag"),
    "end": ("End", "EndLag", "WindowDuration"),
}
"""What a line holds in its own fields -> the columns that say it."""
DURATION = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a window: a day (the first, or the last one), or a word for none; `said` where a word was resolved to a day."""

    day: dt.date | None = None
    is_open: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a record gives, as the fields of a line have it; sets are integers of the newest tables."""

    territories: int
    media: int
    languages: int
    start: Bound
    end: Bound
    exclusive: bool
    runs: int | None
    terms: dict[str, Any] = field(hash=False)

    @property
    def masks(self) -> tuple[int, int, int]:
        return self.territories, self.media, self.languages

    def said(self) -> dict[str, str]:
        """The three sets as they were written."""
        left_out = self.terms.get("TerritoryExclusion", "")
        territories = self.terms.get("Territory", "") or "World"
        return {
            "territories_said": f"{territories} excl. {left_out}" if left_out else territories,
            "media_said": self.terms.get("LicenseType", ""),
            "languages_said": language_table().say(self.languages) if self.languages != language_table().all else "",
        }


class NotGiven(Exception):
    """A record whose rights cannot be understood; the findings say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings[0].code)
        self.findings = findings


class Releases:
    """When a work is first on sale to own, by ALID and territory: what ESTStart means in the same file."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.first: dict[tuple[str, str], dt.date] = {}
        for record in records:
            day = _day(record.get("Start"))
            if record.get("LicenseType") == "EST" and day is not None:
                key = record.get("ALID"), record.get("Territory")
                self.first[key] = min(day, self.first.get(key, day))

    def day(self, record: Record, word: str) -> dt.date | None:
        """The day that a condition word stands for; None where the file does not say."""
        return self.first.get((record.get("ALID"), record.get("Territory"))) if word in ("ESTStart", "EST") else None


def given(record: Record, releases: Releases) -> Given:
    """What a record gives. Raises NotGiven."""
    findings: list[Finding] = []
    territories = _read(record, findings, "Territory", _territories)
    media = _read(record, findings, "LicenseType", _media)
    languages = _read(record, findings, "AllowedLanguages", _languages)
    start, end = _start(record, releases), _end(record, releases)
    if start.day and end.day and start.day > end.day:
        message, mend = _("The window ends before it begins."), _("Correct Start or End.")
        findings.append(Finding(Severity.ERROR, "window-order", place_of(record, "End"), record.get("End"), message, mend))
    if findings:
        raise NotGiven(findings)
    runs = record.extra.get("Runs", "")
    return Given(
        *(territories, media, languages, start, end),
        record.get("Exclusive") == "Yes",
        int(runs) if runs.isdigit() else None,
        terms_of(record, start, end),
    )


def terms_of(record: Record, start: Bound, end: Bound) -> dict[str, Any]:
    """All that a record says, by column, so that it is written again; days that words stood for are kept beside them."""
    terms: dict[str, Any] = {column: text for column, text in sorted(record.values.items()) if column != "EntryType"}
    resolved = {
        column: bound.day.isoformat()
        for column, bound in (("Start", start), ("End", end))
        if bound.day and record.get(column) in ("", *CONDITIONS)
    }
    more = {"extra": dict(sorted(record.extra.items())), "resolved": resolved}
    return terms | {name: found for name, found in more.items() if found}


def _read(record: Record, findings: list[Finding], column: str, read: Any) -> int:
    try:
        return int(read(record))
    except RightsError as fault:
        place = place_of(record, column)
        message = fault_text(str(fault))
        findings.append(Finding(Severity.ERROR, f"rights-{column.lower()}", place, record.get(column), message))
        return 0


def _territories(record: Record) -> int:
    table = territory_table()
    mask = table.read(record.get("Territory") or "World").mask
    left_out = record.get("TerritoryExclusion")
    mask &= ~table.read(left_out).mask if left_out else -1
    if not mask:
        raise RightsError(gettext("No territory is left."))
    return mask


def _media(record: Record) -> int:
    table, text = media_table(), record.get("LicenseType")
    if PREFIX in text:
        return table.read(text.replace(PREFIX, ""))
    known = {word.casefold(): code for word, code in table.avails.items()}
    if text.casefold() not in known:
        words = {"word": text, "known": ", ".join(table.avails), "ours": f"{PREFIX}FREE"}
        raise RightsError(gettext("“%(word)s” is no LicenseType whose media we know: write %(known)s, or e.g. %(ours)s.") % words)
    return table.masks[known[text.casefold()]]


def _languages(record: Record) -> int:
    """Those that are allowed and those that are to be delivered, without those held back; all where none is named."""
    table = language_table()
    named = ", ".join(filter(None, (record.get("AllowedLanguages"), record.get("AssetLanguage"))))
    mask = table.read(named) if named else table.all
    held_back = record.get("HoldbackLanguage")
    mask &= ~table.read(held_back) if held_back else -1
    if not mask:
        raise RightsError(gettext("No language is left."))
    return mask


def _start(record: Record, releases: Releases) -> Bound:
    text = record.get("Start")
    day = _day(text) or _moved(releases.day(record, text), record.get("StartLag"), math.ceil)
    if day is not None:
        return Bound(day)
    return Bound(is_open=OpenDate.PERPETUITY if text in ("", "Open", "Immediate", PERPETUITY) else OpenDate.TBA)


def _end(record: Record, releases: Releases) -> Bound:
    """The last day: a date alone is whole; a time of midnight ends the day before."""
    text = record.get("End")
    if (day := _day(text)) is not None:
        return Bound(day - ONE_DAY if re.search(r"T00:00(:00)?(?!\d)", text) else day)
    if (until := _moved(releases.day(record, text), record.get("EndLag"), math.floor)) is not None:
        return Bound(until - ONE_DAY)
    start, length = _day(record.get("Start")), record.get("WindowDuration")
    if start is not None and length and not text:
        return Bound(_after(start, length) - ONE_DAY)
    return Bound(is_open=OPEN_WORDS.get(text, OpenDate.TBA) if text else OpenDate.UNTIL_NOTICE)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if re.match(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _moved(day: dt.date | None, lag: str, rounding: Any) -> dt.date | None:
    """A day and a lag, rounded to whole days so that what is given is never more than was said."""
    if day is None or not lag or (found := DURATION.fullmatch(lag)) is None:
        return day
    hours = sum(int(part or 0) * size for part, size in zip(found.groups()[1:6], (8760, 730, 24, 1, 1 / 60), strict=True))
    return day + dt.timedelta(days=rounding((-hours if found[1] else hours) / 24))


def _after(day: dt.date, duration: str) -> dt.date:
    """The day after a duration of calendar years, months and days."""
    found = DURATION.fullmatch(duration)
    if found is None:
        return day
    years, months, days, hours = (int(part or 0) for part in found.groups()[1:5])
    whole = day.month - 1 + months + 12 * years
    year, month = day.year + whole // 12, whole % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - ONE_DAY).day
    return dt.date(year, month, min(day.day, last)) + dt.timedelta(days=days + hours // 24)


def bounds_of(line: Line) -> tuple[Bound, Bound]:
    """Both ends of a line's window; what hangs on a milestone is to be agreed for a file."""
    return (
        Bound(line.start, "" if line.start else line.start_open or OpenDate.TBA),
        Bound(line.end, "" if line.end else line.end_open or OpenDate.TBA),
    )


def given_of(line: Line) -> Given:
    """What a line gives, to be compared with a record; its sets must have been fetched with it."""
    return Given(*masks_of(line), *bounds_of(line), line.exclusive, line.runs, line.terms)
