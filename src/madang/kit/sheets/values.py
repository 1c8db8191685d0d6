"""What people write into cells: dates, times, numbers and texts, as Excel or as words."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from madang.kit.languages import REORDERING

EXCEL_START = dt.datetime(1899, 12, 30)
LONGEST = 80
"""Letters that a date, time or number may have: the patterns below would take for ever over a page of blanks."""
SERIALS = range(20_000, 80_000)  # 1954 to 2119: a bare number in a date's place, when the cell lost its format
DATE = r"(?P<y>\d{4})\s*[-./년]\s*(?P<m>\d{1,2})\s*[-./월]\s*(?P<d>\d{1,2})\s*[일.]?\s*(?:\([^)]{1,12}\)|[월화수목금토일]요일)?"
COMPACT = r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
EUROPEAN = r"(?P<one>\d{1,2})\s*[-./]\s*(?P<two>\d{1,2})\s*[-./]\s*(?P<y>\d{4})"
CLOCK = (
    r"(?P<half>오전|오후|am|pm)?\s*(?P<H>\d{1,2})\s*(?:[:h시]\s*(?P<M>\d{1,2})?\s*분?(?::(?P<S>\d{2})(?:\.0+)?)?)?"
    r"\s*(?P<after>am|pm|a\.m\.|p\.m\.)?"
)
OFFSET = r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
DATES = [re.compile(pattern, re.IGNORECASE) for pattern in (DATE, COMPACT, EUROPEAN)]
CLOCK_ALONE = re.compile(CLOCK, re.IGNORECASE)
MOMENTS = [
    re.compile(rf"{pattern}(?:[T\s]\s*|(?<=[.일)]))({CLOCK}){OFFSET}", re.IGNORECASE) for pattern in (DATE, COMPACT, EUROPEAN)
]
HIDDEN = dict.fromkeys([0xFEFF, 0x200B, 0x2060, 0xAD])  # marks without width that come along when text is pasted


class ValueFault(ValueError):
    """A cell that cannot be understood: `code` says how, `params` fills its sentence."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, {name: str(value) for name, value in params.items()}


def shown(value: object) -> str:
    """A value as its reader would write it, short enough for a list of faults."""
    if isinstance(value, dt.datetime):
        text = f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, dt.time):
        text = f"{value:%H:%M}"
    elif value is None:
        text = ""
    else:
        text = str(value)
    text = "".join(letter if letter.isprintable() and letter not in REORDERING else "\ufffd" for letter in text)
    return text if len(text) <= 80 else text[:79] + "…"


def as_text(value: Any, *, many_lines: bool = False) -> str:
    """Trimmed, in Unicode's composed form; a whole number loses its ".0", a date is refused."""
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise ValueFault("date_for_text")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        value = f"{value:.15g}"
    text = unicodedata.normalize("NFC", str(value).translate(HIDDEN)).strip()
    text = re.sub(r"\r\n?", "\n", text)
    if not many_lines:
        text = re.sub(r"\s+", " ", text)
    if any((unicodedata.category(letter) == "Cc" and letter not in "\n\t") or letter in REORDERING for letter in text):
        raise ValueFault("control_characters")
    return text


def _short(value: object) -> str:
    """The text with single blanks; nothing where it is too long to be a date, time or number."""
    text = " ".join(str(value).split())
    return unicodedata.normalize("NFC", text) if len(text) <= LONGEST else ""


def as_number(value: Any) -> int:
    """A whole number, also written as text with spaces or thousands marks."""
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise ValueFault("not_a_number")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        raise ValueFault("not_a_number")
    text = re.sub(r"[\s,\u202f]", "", _short(value))
    if not re.fullmatch(r"[+-]?\d{1,15}(\.0+)?", text, re.ASCII):
        raise ValueFault("not_a_number")
    return int(text.partition(".")[0])


def as_date(value: Any) -> dt.date:
    """A day: a date cell, a serial number, "2025-05-28", "2025. 5. 28.", "2025년 5월 28일", "28/05/2025"."""
    moment = as_moment(value)
    if isinstance(moment, dt.datetime):
        if moment.time() != dt.time():
            raise ValueFault("not_a_date")
        return moment.date()
    return moment


def as_moment(value: Any) -> dt.datetime | dt.date:
    """A date with its time (aware only where the text says its offset), or a date alone."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() and value.tzinfo is None else value
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not SERIALS.start <= value < SERIALS.stop:
            raise ValueFault("not_a_date")
        moment = (EXCEL_START + dt.timedelta(days=value, milliseconds=500)).replace(microsecond=0)
        return moment.date() if moment.time() == dt.time() else moment
    text = _short(value)
    for pattern in MOMENTS:
        if found := pattern.fullmatch(text):
            return _joined(_day(found), _since_midnight(found), found["offset"])
    for pattern in DATES:
        if found := pattern.fullmatch(text):
            return _day(found)
    raise ValueFault("not_a_date")


def as_clock(value: Any) -> dt.timedelta | dt.datetime:
    """A time of day as the time since midnight (24:00 is allowed), or a date with its time."""
    if isinstance(value, dt.timedelta):
        return _within_day(value)
    if isinstance(value, dt.time):
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return dt.timedelta(seconds=round(value * 86_400))
    if isinstance(value, str) and (found := CLOCK_ALONE.fullmatch(_short(value))):
        if found["M"] is None and not found["half"] and not found["after"] and not re.search(r"[h시]", value):
            raise ValueFault("not_a_time")
        return _since_midnight(found)
    try:
        moment = as_moment(value)
    except ValueFault as fault:
        raise ValueFault("ambiguous_date" if fault.code == "ambiguous_date" else "not_a_time") from fault
    if isinstance(moment, dt.datetime):
        return moment
    raise ValueFault("not_a_time")


def _day(found: re.Match[str]) -> dt.date:
    parts = found.groupdict()
    year, month, day = int(parts["y"]), parts.get("m"), parts.get("d")
    if "one" in parts:
        one, two = int(parts["one"]), int(parts["two"])
        if one <= 12 and two <= 12 and one != two:
            raise ValueFault("ambiguous_date")
        day, month = (str(one), str(two)) if one > 12 or one == two else (str(two), str(one))
    try:
        return dt.date(year, int(month or 0), int(day or 0))
    except ValueError as fault:
        raise ValueFault("not_a_date") from fault


def _since_midnight(found: re.Match[str]) -> dt.timedelta:
    hour, minute, second = int(found["H"]), int(found["M"] or 0), int(found["S"] or 0)
    half = (found["half"] or found["after"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueFault("not_a_time")
        hour = hour % 12 + (12 if half in ("오후", "pm") else 0)
    if minute > 59 or second > 59:
        raise ValueFault("not_a_time")
    return _within_day(dt.timedelta(hours=hour, minutes=minute, seconds=second))


def _within_day(time: dt.timedelta) -> dt.timedelta:
    if not dt.timedelta(0) <= time <= dt.timedelta(days=1):
        raise ValueFault("not_a_time")
    return time


def _joined(day: dt.date, time: dt.timedelta, offset: str | None) -> dt.datetime:
    moment = dt.datetime.combine(day, dt.time()) + time
    if not offset:
        return moment
    if offset.upper() == "Z":
        return moment.replace(tzinfo=dt.UTC)
    sign = -1 if offset[0] == "-" else 1
    ahead = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    if ahead >= dt.timedelta(days=1):
        raise ValueFault("not_a_date")
    return moment.replace(tzinfo=dt.timezone(sign * ahead))
