"""Values as XML Schema writes them: dates, durations, numbers, languages."""

from __future__ import annotations

import re
from datetime import date

ZONE = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
DAY = r"(?P<day>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))"
CLOCK = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
ANY = ("string", "anyURI")
PATTERNS = {
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "dateTime": DAY + "T" + CLOCK + ZONE,
    "date": DAY + ZONE,
    "time": CLOCK + ZONE,
    "gYear": r"-?\d{4,}" + ZONE,
    "gYearMonth": r"-?\d{4,}-(?:0[1-9]|1[0-2])" + ZONE,
    "duration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "integer": r"[+-]?\d+",
    "int": r"[+-]?\d+",
    "positiveInteger": r"\+?0*[1-9]\d*",
    "country": r"[A-Z]{2}|\d{3}",
    "countryRegion": r"[A-Z]{2}-[A-Z0-9]+|\d{3}",
}
COMPILED = {name: re.compile(pattern, re.ASCII) for name, pattern in PATTERNS.items()}


def fits(kind: str, text: str) -> bool:
    """Whether a text is a value of the type; `a|b` is either. A type that is not known fits everything."""
    return any(_fits_one(one, " ".join(text.split())) for one in kind.split("|"))


def _fits_one(kind: str, text: str) -> bool:
    pattern = COMPILED.get(kind)
    if pattern is None:
        return True
    found = pattern.fullmatch(text)
    return found is not None and is_day(found.groupdict().get("day", "2000-01-01"))


def integer(text: str) -> int | None:
    """The whole number that a text is, if it is one of a size that anybody counts to."""
    return int(text) if len(text) < 19 and fits("integer", text) else None


def is_day(text: str) -> bool:
    """Whether `YYYY-MM-DD` is in the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
