"""Territories: ISO 3166-1 countries, the parts of them that contracts use, UN M.49 regions and the groups of the trade.

The table is dated. What a name means is resolved once and kept as leaves with the table's version, so that a later table
changes no deal that is signed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .faults import RightsError
from .leaves import Leaves

LATEST = "2026-11"
WORLD = ("world", "worldwide", "ww", "wrd", "global", "all territories", "universe", "zz", "001")
NOT = re.compile(
    r"(?:excluding|excluded|excl|except for|except|without|minus|but not|other than|sauf|hors|hormis|ex)\b\.?:?"
    r"|[-\u2212\u2013]",
    re.I,
)
AND = re.compile(r"(?:including|incl|plus|and)\b\.?|[+]", re.I)
SEPARATOR = re.compile(r"[\s,;|/&()]+")
WORD_END = re.compile(r"(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text about territories means: `mask` of leaves, and `notes` on what contracts disagree about (plain English)."""

    mask: int
    notes: tuple[str, ...] = ()


class TerritoryTable(Leaves):
    """The territories of one dated version. `masks` knows countries, parts and regions by code; `names` what people write."""

    def __init__(self, version: str) -> None:
        data: dict[str, Any] = json.loads(files(__package__).joinpath(f"data/territories-{version}.json").read_text("utf-8"))
        countries = data["countries"]
        super().__init__(part["code"] for row in countries for part in row.get("parts", [row]))
        self.version = version
        self.countries: tuple[str, ...] = tuple(row["code"] for row in countries)
        self.english: dict[str, str] = {}
        self.names: dict[str, int] = dict.fromkeys(WORLD, self.all)
        self.notes: dict[str, str] = {}
        for row in countries:
            self._add_country(row)
        self._add_regions(data["regions"])
        self._add_groups(data["groups"])
        self._add_others(data)
        self._add_names(
            json.loads(files(__package__).joinpath(f"data/territory-names-{version}.json").read_text("utf-8"))["names"]
        )

    def _add_country(self, row: dict[str, Any]) -> None:
        for part in row.get("parts", ()):
            self._name(part["code"], self.masks[part["code"]], part["name"])
        self.masks[row["code"]] = self.union(part["code"] for part in row.get("parts", [row]))
        self._name(row["code"], self.masks[row["code"]], row["name"], *row.get("m49", ()))

    def _name(self, code: str, mask: int, name: str, *others: str) -> None:
        self.english[code] = name
        for word in (code, name, name.replace("&", "and"), _plain(name), *others):
            self.names.setdefault(word.casefold(), mask)

    def _add_regions(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:  # a region stands after the regions that it is made of
            self.masks[row["code"]] = self.union(row["members"])
            self._name(row["code"], self.masks[row["code"]], row["name"])

    def _add_groups(self, rows: list[dict[str, Any]]) -> None:
        waiting = sorted(rows, key=lambda row: any(m in {r["code"] for r in rows} for m in row["members"]))
        for row in waiting:
            mask = self.union(row["members"])
            self.masks.setdefault(row["code"], mask)
            self.english.setdefault(row["code"], row["names"][0])
            for word in (row["code"], *row["names"]):
                self.names[word.casefold()] = mask
                if row["sometimes"]:
                    left = ", ".join(self.english[code] for code in row["sometimes"])
                    self.notes[word.casefold()] = f"{row['names'][0]} is read without {left}: contracts disagree, so name them."

    def _add_others(self, data: dict[str, Any]) -> None:
        for word, code in data["aliases"].items():
            self.names[word.casefold()] = self.masks[code]
        for row in data["historic"]:
            for word in (row["code"], row["name"]):
                if word.casefold() not in self.names:
                    self.names[word.casefold()] = self.union(row["members"])
                    self.notes[word.casefold()] = f"{row['name']} is read as what is there today: {', '.join(row['members'])}."

    def _add_names(self, names: dict[str, list[str]]) -> None:
        """Names in other languages, by code; a name that is there already keeps its meaning."""
        for code, others in names.items():
            known = code.casefold()
            for word in (form.casefold() for name in others for form in (name, _plain(name))):
                self.names.setdefault(word, self.names[known])
                if known in self.notes:
                    self.notes.setdefault(word, self.notes[known])
        self._longest = max(map(len, self.names))

    def read(self, text: str) -> Reading:
        """A set from what people write: lists, `World excl. US, CA`, `+WRD -US -CA`, `WW-US-JP`, names, M.49 numbers.

        After an excluding word or a minus everything is taken away, up to a plus or "including". A text that begins with an
        exclusion begins with the world. Raises RightsError for a name that is not known.
        """
        mask, taking, begun, notes, at = 0, True, False, [], 0
        while at < len(text):
            if (space := SEPARATOR.match(text, at)) is not None:
                at = space.end()
                continue
            found = self._known_at(text, at)
            if found is None:
                sign = NOT.match(text, at) or AND.match(text, at)
                if sign is None:
                    raise RightsError(_unknown(text, at))
                taking = NOT.match(text, at) is None
                mask = mask if begun or taking else self.all
                begun, at = True, sign.end()
                continue
            word, at = found
            bits = self.names[word]
            mask = mask | bits if taking else mask & ~bits
            begun = True
            if word in self.notes:
                notes.append(self.notes[word])
        return Reading(mask, tuple(dict.fromkeys(notes)))

    def _known_at(self, text: str, at: int) -> tuple[str, int] | None:
        """The longest known name that begins here and ends where a word ends."""
        for end in range(min(len(text), at + self._longest), at, -1):
            word = text[at:end].casefold()
            if word in self.names and WORD_END.match(text, end):
                return word, end
        return None

    def say(self, mask: int) -> str:
        """The shorter of a list of codes and `World excl. ...`; countries whole, parts where a country is split."""
        missing = self.all & ~mask
        if not missing:
            return "World"
        listed, left_out = self._listed(mask), self._listed(missing)
        return ", ".join(listed) if len(listed) <= len(left_out) else f"World excl. {', '.join(left_out)}"

    def _listed(self, mask: int) -> list[str]:
        listed = []
        for code in self.countries:
            whole = self.masks[code]
            if mask & whole == whole:
                listed.append(code)
            elif mask & whole:
                listed += self.codes(mask & whole)
        return listed


def _plain(name: str) -> str:
    """Without accents and curly apostrophes, as people type it."""
    letters = unicodedata.normalize("NFD", name.replace("\u2019", "'").replace("&", "and"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _unknown(text: str, at: int) -> str:
    word = re.match(r"[^,;|+/()]*", text[at:])
    return (
        f"{(word.group() if word else text[at:]).strip()!r} is no territory we know (character {at + 1}): "
        "write a country code such as DE, a name such as Germany, or a group such as Benelux."
    )


@lru_cache
def territory_table(version: str = LATEST) -> TerritoryTable:
    """The table of a version; the newest unless said. Raises RightsError for one that we do not have."""
    try:
        return TerritoryTable(version)
    except FileNotFoundError:
        raise RightsError(f"There is no table of territories {version!r}; the newest is {LATEST}.") from None
