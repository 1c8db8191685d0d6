"""Which title an avail speaks of: by EIDR, by own number, by name; seasons and episodes by their place in a series."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madang.avails.records import Finding, Place, Record, Severity
from madang.catalogue.models import Identifier, Level, Scheme, Title

EIDR = re.compile(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]")
NUMBERED = re.compile(r"\d{1,4}")
ARTICLES = frozenset(("the", "a", "an", "le", "la", "les", "un", "une", "der", "die", "das", "el", "los"))
CANDIDATES = 3


class Matching(models.TextChoices):
    """How titles of a file are found among one's own."""

    ANY = "any", _("EIDR, own number or name")
    EIDR = "eidr", _("EIDR only")
    ID = "id", _("Own numbers only")
    NAME = "name", _("Names only")


COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "Episode": {
        "eidr": ("EpisodeTitleID", "EpisodeID", "EpisodeContentID", "ALID"),
        "id": ("EpisodeAltID", "EpisodeContentID", "EpisodeTitleID", "EpisodeID", "ALID"),
        "name": (),
    },
    "Season": {
        "eidr": ("SeasonID", "SeasonContentID", "ALID"),
        "id": ("SeasonAltID", "SeasonContentID", "SeasonID", "ALID"),
        "name": (),
    },
    "Series": {
        "eidr": ("SeriesID", "SeriesContentID"),
        "id": ("SeriesAltID", "SeriesContentID", "SeriesID"),
        "name": ("SeriesTitleInternalAlias", "SeriesTitleDisplayUnlimited"),
    },
    "": {
        "eidr": ("TitleID", "EditID", "ContentID", "ALID"),
        "id": ("AltID", "ContentID", "TitleID", "EditID", "ALID"),
        "name": ("TitleInternalAlias", "TitleDisplayUnlimited"),
    },
}
"""WorkType -> the columns that name it, by the way of matching; films and all others stand under ""."""
PART = {"Season": Level.SEASON, "Episode": Level.EPISODE}


@dataclass(frozen=True, slots=True)
class NewPart:
    """A season or an episode that would be made: of what, at which level, with which number."""

    whole: Title | NewPart
    level: Level
    number: int
    name: str = field(compare=False)


class NotFound(Exception):
    """No title, or several, fit a record: a finding says so."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class TitleIndex:
    """The titles that a company may state rights of, by everything that files call them."""

    def __init__(self, titles: Iterable[Title], matching: Matching, *, create_parts: bool = False) -> None:
        self.titles = {title.pk: title for title in titles}
        self.ways = [way for way in ("eidr", "id", "name") if matching in (Matching.ANY, way)]
        self.create_parts = create_parts
        self.known: dict[str, dict[str, set[int]]] = {"eidr": {}, "id": {}, "name": {}}
        self.parts: dict[tuple[int, str, int], list[Title]] = {}
        self.names: dict[str, int] = {}
        for title in self.titles.values():
            self._add(title)
        for identifier in Identifier.objects.filter(title__in=self.titles):
            way = "eidr" if identifier.scheme == Scheme.EIDR else "id"
            self._know(way, identifier.value, identifier.title_id)

    def _add(self, title: Title) -> None:
        self._know("id", title.code, title.pk)
        if title.part_of_id is not None:
            self.parts.setdefault((title.part_of_id, title.level, title.number or 0), []).append(title)
            return
        for name in filter(None, (title.name, title.name_ko, title.name_fr, title.name_original)):
            self._know("name", name, title.pk)
            self.names[name] = title.pk

    def _know(self, way: str, value: str, title: int) -> None:
        for key in _keys(way, value):
            self.known[way].setdefault(key, set()).add(title)

    def find(self, record: Record) -> Title | NewPart:
        """The title of a record. Raises NotFound."""
        work = record.get("WorkType")
        if work not in PART:
            return self._named(record, "Series" if work == "Series" else "")
        direct = self._by(record, work, ("eidr", "id"))
        fitting = [title for title in direct if title.level == PART[work]]
        if len(fitting) == 1:
            return fitting[0]
        series = self._named(record, "Series")
        return self._season(record, series) if work == "Season" else self._episode(record, series)

    def _named(self, record: Record, work: str) -> Title:
        found = self._by(record, work, ("eidr", "id", "name"))
        if len(found) == 1:
            return found[0]
        raise NotFound(self._several(record, work, found) if found else self._none(record, work))

    def _by(self, record: Record, work: str, ways: Iterable[str]) -> list[Title]:
        """The titles by the first way that finds any."""
        for way in (way for way in self.ways if way in ways):
            for column in COLUMNS[work][way]:
                keys = _keys(way, record.get(column))
                pks = set().union(*(self.known[way].get(key, set()) for key in keys))
                wholes = {pk for pk in pks if work in PART or self.titles[pk].part_of_id is None} or pks
                if wholes:
                    return self._of_the_year([self.titles[pk] for pk in sorted(wholes)], record)
        return []

    def _of_the_year(self, titles: list[Title], record: Record) -> list[Title]:
        year = record.get("ReleaseYear")
        same = [title for title in titles if year and str(title.year) == year]
        return same if len(titles) > 1 and same else titles

    def _season(self, record: Record, series: Title) -> Title | NewPart:
        number = _number(record.get("SeasonNumber"))
        if not self._has_parts(series) and number in (None, 1) and not self.create_parts:
            return series  # a work without seasons in the catalogue is its only one
        return self._part(record, series, Level.SEASON, number, record.get("SeasonTitleInternalAlias"))

    def _episode(self, record: Record, series: Title) -> Title | NewPart:
        number, season = _number(record.get("EpisodeNumber")), _number(record.get("SeasonNumber"))
        name = record.get("EpisodeTitleInternalAlias")
        if number is not None and (plain := self.parts.get((series.pk, Level.EPISODE, number))) and season in (None, 1):
            return plain[0]
        return self._part(record, self._part(record, series, Level.SEASON, season, ""), Level.EPISODE, number, name)

    def _part(self, record: Record, whole: Title | NewPart, level: Level, number: int | None, name: str) -> Title | NewPart:
        if isinstance(whole, Title) and number is not None:
            known = self.parts.get((whole.pk, level, number), [])
            if len(known) == 1:
                return known[0]
        if number is None or not self.create_parts:
            raise NotFound(self._no_part(record, whole, level, number))
        return NewPart(whole, level, number, name)

    def _has_parts(self, series: Title) -> bool:
        return any(whole == series.pk for whole, _level, _number in self.parts)

    def _none(self, record: Record, work: str) -> Finding:
        said = next(iter(_said(record, COLUMNS[work]["name"])), "") or record.get("ALID")
        close = difflib.get_close_matches(said, self.names, n=CANDIDATES, cutoff=0.5)
        candidates = ", ".join(f"{self.titles[self.names[name]].code} “{name}”" for name in close)
        message = _("No title of yours is called so.")
        mend = _("Enter the title, or give it this number as an identifier.")
        if candidates:
            mend = format_lazy(_("Do you mean {titles}? Give the title this number, or correct its name."), titles=candidates)
        return _finding(record, work, "title-not-found", said, message, mend)

    def _several(self, record: Record, work: str, found: list[Title]) -> Finding:
        codes = ", ".join(title.code for title in found)
        message = format_lazy(_("Several titles of yours are called so: {titles}."), titles=codes)
        mend = _("Give one of them this number as an identifier.")
        said = next(iter(_said(record, COLUMNS[work]["name"])), "") or record.get("ALID")
        return _finding(record, work, "title-ambiguous", said, message, mend)

    def _no_part(self, record: Record, whole: Title | NewPart, level: Level, number: int | None) -> Finding:
        name = whole.code if isinstance(whole, Title) else str(whole.number)
        if level == Level.SEASON:
            message = format_lazy(_("{title} has no such season."), title=name)
        else:
            message = format_lazy(_("{title} has no such episode."), title=name)
        column = "SeasonNumber" if level == Level.SEASON else "EpisodeNumber"
        mend = _("Enter it in the catalogue, or have the seasons and episodes of known series made.")
        place = place_of(record, column, "WorkType")
        return Finding(Severity.ERROR, "part-not-found", place, str(number or ""), message, mend)


def _finding(record: Record, work: str, code: str, said: str, message: object, mend: object) -> Finding:
    return Finding(Severity.ERROR, code, place_of(record, *COLUMNS[work]["name"], "ALID"), said, message, mend)


def place_of(record: Record, *columns: str) -> Place:
    """Where the first of these columns stands that the record has, else where the record begins."""
    said = (record.places[column] for column in (*columns, "EntryType", "ALID") if column in record.places)
    return next(said, next(iter(record.places.values()), Place()))


def _said(record: Record, columns: Iterable[str]) -> Iterator[str]:
    return (text for column in columns if (text := record.get(column)))


def _keys(way: str, value: str) -> list[str]:
    """What is compared: EIDRs wherever they stand in a longer number, names without articles, punctuation and case."""
    if way == "eidr":
        return EIDR.findall(value.upper())
    if way == "name":
        return [plain_name(value)] if plain_name(value) else []
    return [value.strip().casefold()] if value.strip() else []


def plain_name(name: str) -> str:
    """`Bravados, The` and `The Bravados!` alike."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = re.findall(r"\w+", plain)
    kept = [word for word in words if word not in ARTICLES]
    return " ".join(kept or words)


def _number(text: str) -> int | None:
    return int(text) if NUMBERED.fullmatch(text) else None
