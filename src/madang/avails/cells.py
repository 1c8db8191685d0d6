"""What people and spreadsheet programs write into the cells of avails workbooks, and what is written into ours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from madang.kit.sheets.values import ValueFault, as_moment, as_text

from .columns import CONDITIONS, KIND_OF, PERPETUITY, WORDS, Kind
from .records import Severity

ISO_DURATION = re.compile(r"-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", re.ASCII)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
YEAR = re.compile(r"(?:18|19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d\d)(?:\.0+)?", re.ASCII)
NUMBER = re.compile(r"\d{1,6}(?:\.0+)?", re.ASCII)
SEPARATORS = re.compile(r"[,|;\n]")
YES = frozenset({"yes", "y", "true", "t", "1"})
NO = frozenset({"no", "n", "false", "f", "0"})
EMPTY_TIME = " 00:00:00"
"""What some programs put behind a day, with a blank between them."""
CONSTANTS = {"=TRUE()": True, "=FALSE()": False, "=TRUE": True, "=FALSE": False}
"""How some programs store a plain yes or no: no formula in any sense that matters."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What reading one cell found; the reader adds the place and the value as it stands."""

    severity: Severity
    code: str
    message: Any
    mend: Any = ""


SPELLING = Remark(Severity.INFO, "cell-spelling", _("Spelled otherwise than the format has it; it was understood."))
DATE_FORMAT = Remark(
    Severity.INFO,
    "cell-date-format",
    _("A date written otherwise than in ISO 8601; it was understood."),
    _("Write it as 2026-05-28."),
)
NOT_A_DATE = Remark(Severity.ERROR, "cell-date", _("This is no date."), _("Write it as 2026-05-28 or 2026-05-28T10:00:00."))
AMBIGUOUS = Remark(
    Severity.ERROR, "cell-date-ambiguous", _("The day and the month cannot be told apart."), _("Write the date as 2026-05-28.")
)
NOT_A_DURATION = Remark(
    Severity.ERROR, "cell-duration", _("This is no duration."), _("Write it in ISO 8601, such as P30D or PT1H56M20S.")
)
MINUTES = Remark(
    Severity.INFO, "cell-minutes", _("A number alone was taken for minutes."), _("Write hours, minutes and seconds.")
)
NOT_HOURS = Remark(Severity.ERROR, "cell-hours", _("This is no number of hours."), _("Write hours as a number, such as 48."))
NOT_YES_NO = Remark(Severity.ERROR, "cell-yes-no", _("This is neither yes nor no."), _("Write Yes or No."))
NOT_PLAIN = Remark(
    Severity.ERROR, "cell-text", _("A date or invisible characters stand where a text belongs."), _("Write the text anew.")
)


def read_cell(column: str, value: Any) -> tuple[str, Remark | None]:
    """A cell's value as a record spells it, and what was found. What cannot be understood stays as it is written."""
    if isinstance(value, str) and value.strip().upper() in CONSTANTS:
        value = CONSTANTS[value.strip().upper()]
    return READERS[KIND_OF.get(column, Kind.TEXT)](column, value)


def _text(column: str, value: Any) -> tuple[str, Remark | None]:
    if isinstance(value, bool):
        return "true" if value else "false", None
    if isinstance(value, dt.datetime | dt.date):
        return _iso(as_moment(value)), None
    if isinstance(value, dt.time):
        return value.isoformat(), None
    try:
        return as_text(value), None
    except ValueFault:
        return str(value), NOT_PLAIN


def _word(column: str, value: Any) -> tuple[str, Remark | None]:
    text, remark = _text(column, value)
    known = {_folded(word): word for word in WORDS[column]}.get(_folded(text), text)
    if remark is None and known != str(value):
        remark = SPELLING
    return known, remark


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _date(column: str, value: Any) -> tuple[str, Remark | None]:
    if column.startswith("ReleaseHistory") and YEAR.fullmatch(str(value).strip()):
        return str(value).strip(), None
    if isinstance(value, str):
        value = value.strip().removesuffix(EMPTY_TIME)
        if ISO_DATE.fullmatch(value):
            return _checked_iso(value)
    try:
        moment = as_moment(value)
    except ValueFault as fault:
        return _text(column, value)[0], AMBIGUOUS if fault.code == "ambiguous_date" else NOT_A_DATE
    return _iso(moment), DATE_FORMAT if isinstance(value, str) else None


def _checked_iso(text: str) -> tuple[str, Remark | None]:
    try:
        moment = dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    except ValueError:
        return text, NOT_A_DATE
    return (text, None) if not isinstance(moment, dt.datetime) or text.count(":") > 1 else (_iso(moment), None)


def _iso(moment: dt.date | dt.datetime) -> str:
    if isinstance(moment, dt.datetime):
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()


def _window(column: str, value: Any) -> tuple[str, Remark | None]:
    words = {_folded(word): word for word in (*CONDITIONS, PERPETUITY)}
    text = _text(column, value)[0]
    if _folded(text) in words:
        known = words[_folded(text)]
        return known, None if known == value else SPELLING
    found, remark = _date(column, value)
    if remark is NOT_A_DATE and re.search(r"\d", text) is None:
        remark = None  # a word that is none of the format's: the rules of the format say so
    return found, remark


def _hours(column: str, value: Any) -> tuple[str, Remark | None]:
    text = _text(column, value)[0]
    if NUMBER.fullmatch(text):
        return f"PT{int(float(text))}H", None
    if isinstance(value, dt.timedelta):
        return _duration_of(value), None
    return (text.upper(), None) if ISO_DURATION.fullmatch(text.upper()) else (text, NOT_HOURS)


def _run_time(column: str, value: Any) -> tuple[str, Remark | None]:
    """Hours, minutes and seconds; two numbers are minutes and seconds, as nobody shows 56 hours, and one is minutes."""
    if isinstance(value, dt.time):
        value = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, float) and 0 < value < 1:
        value = dt.timedelta(seconds=round(value * 86_400))
    if isinstance(value, dt.timedelta):
        return _duration_of(value), None
    text = _text(column, value)[0]
    if found := CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return _duration_of(dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)), None
    if re.fullmatch(r"[1-9]\d{0,3}", text):
        return _duration_of(dt.timedelta(minutes=int(text))), MINUTES
    return (text.upper(), None) if ISO_DURATION.fullmatch(text.upper()) else (text, NOT_A_DURATION)


def _duration_of(time: dt.timedelta) -> str:
    seconds = int(time.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{rest}S" if rest else "")
    return f"PT{''.join(parts) or '0S'}"


def _duration(column: str, value: Any) -> tuple[str, Remark | None]:
    text = _text(column, value)[0]
    return (text.upper(), None) if ISO_DURATION.fullmatch(text.upper()) else (text, NOT_A_DURATION)


def _yes_no(column: str, value: Any) -> tuple[str, Remark | None]:
    text = _text(column, value)[0]
    word = text.casefold()
    if word in YES | NO:
        return ("Yes" if word in YES else "No"), None
    return text, None if column == "Download" else NOT_YES_NO


def _list(column: str, value: Any) -> tuple[str, Remark | None]:
    text, remark = _text(column, value)
    return ", ".join(listed(text)), remark


def _languages(column: str, value: Any) -> tuple[str, Remark | None]:
    text, remark = _list(column, value)
    parts = (part.partition(":") for part in listed(text))
    return ", ".join(tag.strip() + colon + use.strip().lower() for tag, colon, use in parts), remark


def _territories(column: str, value: Any) -> tuple[str, Remark | None]:
    text, remark = _list(column, value)
    parts = [part.upper() if re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?", part) else part for part in listed(text)]
    return ", ".join(parts), remark if parts == listed(text) else SPELLING


READERS: dict[Kind, Callable[[str, Any], tuple[str, Remark | None]]] = {
    Kind.TEXT: _text,
    Kind.WORD: _word,
    Kind.DATE: _date,
    Kind.WINDOW: _window,
    Kind.HOURS: _hours,
    Kind.RUN_TIME: _run_time,
    Kind.DURATION: _duration,
    Kind.YES_NO: _yes_no,
    Kind.LIST: _list,
    Kind.LANGUAGES: _languages,
    Kind.TERRITORIES: _territories,
}


def listed(text: str) -> list[str]:
    """The parts of a list, whichever sign stands between them."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def write_cell(column: str, text: str) -> Any:
    """What is put into a cell so that `read_cell` gives the text again: dates and whole numbers as such, all else as text."""
    kind = KIND_OF.get(column, Kind.TEXT)
    if kind in (Kind.DATE, Kind.WINDOW) and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return dt.date.fromisoformat(text) if text[:2] in ("19", "20") and text >= "1900-03-01" else text
        except ValueError:
            return text
    if kind is Kind.HOURS and (found := re.fullmatch(r"PT(\d{1,6})H", text)):
        return int(found[1])
    if kind is Kind.RUN_TIME and (found := re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text)):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        clock = f"{hours}:{minutes:02}:{seconds:02}"
        return clock if _run_time(column, clock)[0] == text else text
    if column == "BundledALIDs":
        return "; ".join(listed(text))
    return int(text) if kind is Kind.TEXT and re.fullmatch(r"0|[1-9]\d{0,9}", text) else text
