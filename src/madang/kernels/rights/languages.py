"""Languages: BCP 47 tags, each as original, dubbed or subtitled."""

from __future__ import annotations

import json
import re
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .faults import RightsError
from .leaves import Leaves

LATEST = "2026-11"


class Use(IntEnum):
    """How a language is used; the number is its bit among the three of a language."""

    ORIGINAL = 0
    DUB = 1
    SUB = 2


USES = {
    "original": (Use.ORIGINAL,),
    "dub": (Use.DUB,),
    "sub": (Use.SUB,),
    "audio": (Use.ORIGINAL, Use.DUB),
    "subtitle": (Use.SUB,),
    "subdub": (Use.DUB, Use.SUB),
    "any": tuple(Use),
}
"""What follows a colon: our words, then those of Avails."""
ANY = ("any", "all", "all languages", "*")


class LanguageTable(Leaves):
    """The languages of one dated version; a leaf is a tag and a use, e.g. `fr-CA:dub`."""

    def __init__(self, version: str) -> None:
        data: dict[str, Any] = json.loads(files(__package__).joinpath(f"data/languages-{version}.json").read_text("utf-8"))
        tags = [tag for parts in data["split"].values() for tag in parts] + data["plain"]
        super().__init__(f"{tag}:{use.name.lower()}" for tag in tags for use in Use)
        self.version, self.tags = version, tuple(tags)
        self.position = {tag: n for n, tag in enumerate(tags)}
        self.split: dict[str, list[str]] = data["split"]
        self.region = {f"{home.split('-')[0]}-{land}": home for home, lands in data["regions"].items() for land in lands}
        self._lower = {tag.lower(): tag for tag in (*tags, *self.split, *self.region)}

    def of(self, tag: str, uses: tuple[Use, ...] = tuple(Use)) -> int:
        """The bits of a tag in some uses; a tag that we split (es) stands for its parts. Raises RightsError if not known."""
        mask = 0
        for known in self._known(tag):
            for use in uses:
                mask |= 1 << (3 * self.position[known] + use)
        return mask

    def _known(self, tag: str) -> list[str]:
        """Leaves' tags: the tag itself, its parts, or, for a region we do not split off, where that region belongs."""
        parts = tag.strip().replace("_", "-").lower().split("-")
        while parts:
            found = self._lower.get("-".join(parts))
            if found is not None:
                return self.split.get(found) or [self.region.get(found, found)]
            parts.pop()
        raise RightsError(f"{tag!r} is no language we know: write a tag such as ko, fr-CA or zh-Hant.")

    def read(self, text: str) -> int:
        """A set from `fr`, `fr:dub`, `es-419:subtitle`, `any`; separated by commas, semicolons or bars."""
        mask = 0
        for word in filter(None, (part.strip() for part in re.split(r"[,;|\n]", text))):
            tag, _, use = word.partition(":")
            uses = USES.get(use.strip().lower() or "any")
            if uses is None:
                raise RightsError(f"{word!r}: after the colon stands original, dub, sub, audio, subtitle or subdub.")
            mask |= self.any_in(uses) if tag.strip().lower() in ANY else self.of(tag, uses)
        return mask

    def any_in(self, uses: tuple[Use, ...]) -> int:
        """Every language in these uses."""
        pattern = sum(1 << use for use in uses)
        return sum(pattern << (3 * n) for n in range(len(self.tags)))

    def say(self, mask: int) -> str:
        """Tags with their uses; a tag alone where all three are in; `any` for all."""
        if mask == self.all:
            return "any"
        for word in ("original", "dub", "sub", "subdub", "audio"):
            if mask == self.any_in(USES[word]):
                return f"any:{word}"
        return ", ".join(word for n, tag in enumerate(self.tags) if (word := self._one(tag, mask >> (3 * n) & 7)))

    def _one(self, tag: str, uses: int) -> str:
        words = {0: "", 1: f"{tag}:original", 2: f"{tag}:dub", 3: f"{tag}:audio", 4: f"{tag}:sub", 6: f"{tag}:subdub", 7: tag}
        return words.get(uses, f"{tag}:original, {tag}:sub")


@lru_cache
def language_table(version: str = LATEST) -> LanguageTable:
    """The table of a version; the newest unless said. Raises RightsError for one that we do not have."""
    try:
        return LanguageTable(version)
    except FileNotFoundError:
        raise RightsError(f"There is no table of languages {version!r}; the newest is {LATEST}.") from None
