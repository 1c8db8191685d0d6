"""Media rights: a tree that is data, from theatrical and airline to remake and merchandising."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .faults import RightsError
from .leaves import Leaves

LATEST = "2026-11"


class MediaTable(Leaves):
    """The media of one dated version. `masks`: leaves and branches by code; `avails`: what a LicenseType of Avails stands for."""

    def __init__(self, version: str) -> None:
        data: dict[str, Any] = json.loads(files(__package__).joinpath(f"data/media-{version}.json").read_text("utf-8"))
        rows: list[dict[str, Any]] = data["tree"]
        branches = {row["under"] for row in rows}
        super().__init__(row["code"] for row in rows if row["code"] not in branches)
        self.version = version
        self.under: dict[str, str | None] = {row["code"]: row["under"] for row in rows}
        self.english: dict[str, str] = {row["code"]: row["name"] for row in rows}
        self.avails: dict[str, str] = {word: row["code"] for row in rows for word in row.get("avails", ())}
        for leaf in self.leaves:
            above = self.under[leaf]
            while above is not None:
                self.masks[above] = self.masks.get(above, 0) | self.masks[leaf]
                above = self.under[above]
        self.names = {
            word.casefold(): self.masks[row["code"]] for row in rows for word in (row["code"], row["name"], *row.get("names", ()))
        }

    def read(self, text: str) -> int:
        """A set from codes or names, separated by commas, semicolons or bars. Raises RightsError for one that is not known."""
        mask = 0
        for word in filter(None, (part.strip() for part in re.split(r"[,;|\n]", text))):
            if word.casefold() not in self.names:
                raise RightsError(f"{word!r} is no media right we know: write a code such as SVOD, FREE or THEA, or All media.")
            mask |= self.names[word.casefold()]
        return mask

    def say(self, mask: int) -> str:
        """Codes, a branch for all of its leaves."""
        return ", ".join(self._listed("ALL", mask))

    def _listed(self, code: str, mask: int) -> list[str]:
        if mask & self.masks[code] == self.masks[code]:
            return [code]
        return [word for child, above in self.under.items() if above == code for word in self._listed(child, mask)]


@lru_cache
def media_table(version: str = LATEST) -> MediaTable:
    """The table of a version; the newest unless said. Raises RightsError for one that we do not have."""
    try:
        return MediaTable(version)
    except FileNotFoundError:
        raise RightsError(f"There is no table of media {version!r}; the newest is {LATEST}.") from None
