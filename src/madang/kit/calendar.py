"""Dates and times in words: in a market's zone, in the reader's language, always with the zone's name."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, get_timezone_location, get_timezone_name

# Babel patterns: (date beside a time, date without its year, a day that stands alone, what joins date and time)
PATTERNS = {
    "en": ("EEE d MMM", "EEE d MMM", "EEEE d MMMM y", ", "),
    "fr": ("EEE d MMM", "EEE d MMM", "EEEE d MMMM y", ", "),
    "ko": ("y년 M월 d일 (EEE)", "M월 d일 (EEE)", "y년 M월 d일 (EEE)", " "),
}
CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; UTC for an empty or unknown one."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # not found; a name that is no key; a name that is a folder
        return ZoneInfo("UTC")


def in_zone(moment: datetime, zone: str) -> datetime:
    """The moment on the clocks of `zone`; a moment without a zone is taken as already on them."""
    there = zone_of(zone)
    return moment.replace(tzinfo=there) if moment.tzinfo is None else moment.astimezone(there)


def zone_mark(moment: datetime) -> str:
    """The zone's short name at that moment: "KST", "CEST"; "UTC+4" where the zone has no letters of its own."""
    name = moment.tzname() or "UTC"
    if name.isalpha():
        return name
    return offset_text(moment.utcoffset() or timedelta())


def offset_text(offset: timedelta) -> str:
    """ "UTC", "UTC+9", "UTC−3:30"."""
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def clock_text(moment: datetime) -> str:
    """The time of day on 24 hours: "14:30"."""
    return f"{moment:%H:%M}"


def date_text(day: date, language: str, *, with_year: bool = True) -> str:
    """A date as it stands beside a time: "Wed 28 May", "2025년 5월 28일 (수)", "mer. 28 mai"."""
    return _in_words(day, PATTERNS.get(language, PATTERNS["en"])[0 if with_year else 1], language)


def day_text(day: date, language: str) -> str:
    """A date that stands alone: "Wednesday 28 May 2025", "2025년 5월 28일 (수)", "mercredi 28 mai 2025"."""
    return _in_words(day, PATTERNS.get(language, PATTERNS["en"])[2], language)


def moment_text(moment: datetime, language: str) -> str:
    """Date and time of day, without the zone: "Wed 28 May, 14:30"."""
    joiner = PATTERNS.get(language, PATTERNS["en"])[3]
    return date_text(moment.date(), language) + joiner + clock_text(moment)


def own_time_text(moment: datetime, own_zone: str, language: str) -> str:
    """The same moment on the reader's clocks, with its zone; empty where her clocks show the same."""
    own = moment.astimezone(zone_of(own_zone)) if own_zone else moment
    if own.utcoffset() == moment.utcoffset():
        return ""
    time = f"{clock_text(own)} {zone_mark(own)}"
    if own.date() == moment.date():
        return time
    joiner = PATTERNS.get(language, PATTERNS["en"])[3]
    return date_text(own.date(), language, with_year=False) + joiner + time


def _in_words(day: date, pattern: str, language: str) -> str:
    locale = language if language in PATTERNS else "en"
    if locale == "fr" and day.day == 1:
        pattern = pattern.replace(" d ", " d'er' ")
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=256)
def zone_name(zone: str, language: str) -> str:
    """A zone in words: "Korean Time", "heure de la Corée"; the place where there is no such name."""
    locale = Locale.parse(language if language in PATTERNS else "en")
    there = zone_of(zone)
    name = get_timezone_name(there, width="long", zone_variant="generic", locale=locale)
    return name or get_timezone_location(there, locale=locale)


@lru_cache(maxsize=8)
def zone_choices(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every inhabited zone by continent, its city in the reader's language, sorted: for a <select>."""
    locale = Locale.parse(language if language in PATTERNS else "en")
    groups: dict[str, list[tuple[str, str]]] = {continent: [] for continent in CONTINENTS}
    for zone in inhabited_zones():
        continent = zone.partition("/")[0]
        if continent in groups:
            groups[continent].append((zone, _city(zone, locale)))
    return [(name, sorted(zones, key=lambda pair: pair[1])) for name, zones in groups.items()]


def inhabited_zones() -> list[str]:
    """The zones of the tz database's own list by country, without its old names."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    return [line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _older_names() -> dict[str, list[str]]:
    older: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        older.setdefault(new, []).append(old)
    return older


def _city(zone: str, locale: Locale) -> str:
    """The city in words; Babel knows some zones by an older name only."""
    for name in (zone, *_older_names().get(zone, [])):
        if city := locale.time_zones.get(name, {}).get("city"):
            return str(city)
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")
