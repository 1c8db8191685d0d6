"""What a jury that reads blind is shown: the makers' own words without the makers' names."""

from __future__ import annotations

import re
from typing import Any

from madang.kit.languages import is_hangul, localised
from madang.selection.models import Entry
from madang.selection.queries.conflicts import APART
from madang.selection.rules import SHOWN_WHEN_BLIND

TEXTS = ("synopsis", "for_whom", "to_keep", "to_learn")
MAKERS = ("creators", "directors", "producers", "company_name", "sales", "contact_name")
HIDDEN = "▒▒▒"
"""Stands where a name stood."""
LEAST = 3
"""Shorter names in Latin letters are words too often; Hangul from two signs on."""


def jury_view(entry: Entry, *, shows_makers: bool) -> dict[str, Any]:
    """Synopsis and statement in the reader's language; where she must not see who made it, names are hidden in them."""
    texts = {field: localised(entry, field) for field in TEXTS}
    if not shows_makers:
        texts = {field: without_makers(entry, text) for field, text in texts.items()}
    return {"texts": texts, "shows_makers": shows_makers}


def without_makers(entry: Entry, text: str) -> str:
    """The text with each name of a maker hidden, in any case, with any spaces, in either order of its two parts."""
    names = sorted(_names(entry), key=len, reverse=True)
    return re.sub("|".join(names), HIDDEN, text, flags=re.IGNORECASE) if names else text


def tell_tales(entry: Entry) -> list[str]:
    """What a blind jury sees of an entry that gives its makers away and cannot be hidden: title, addresses of materials."""
    links = entry.materials.filter(kind__in=SHOWN_WHEN_BLIND).exclude(link="").order_by("pk").values_list("link", flat=True)
    names = {key for name in _written(entry) if len(key := _squeezed(name)) > LEAST}
    return [text for text in (entry.name, entry.name_original, *links) if any(name in _squeezed(text) for name in names)]


def _squeezed(text: str) -> str:
    """Letters and digits alone: "video.example/kim-bom" has "kimbom" in it."""
    return re.sub(r"[\W_]", "", text).casefold()


def _written(entry: Entry) -> set[str]:
    fields = (getattr(entry, field) for field in MAKERS)
    return {name.strip() for field in fields for name in APART.split(field) if name.strip()}


def _names(entry: Entry) -> set[str]:
    """Patterns of names, in the order they are written and turned round."""
    found = set()
    for name in _written(entry):
        parts = name.split()
        if len("".join(parts)) >= (2 if is_hangul(name) else LEAST):
            found |= {_pattern(order) for order in (parts, parts[::-1] if len(parts) == 2 else parts)}
    return found


def _pattern(parts: list[str]) -> str:
    """Hangul with any spaces, and with its particles after it; a name in Latin letters ends with the word."""
    if is_hangul("".join(parts)):
        return r"\s*".join(map(re.escape, "".join(parts)))
    words = r"[\s,]+".join(map(re.escape, parts))
    return rf"(?<!\w){words}(?!\w)"
