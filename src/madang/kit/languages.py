"""The three languages, and fields that exist once per language."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import get_language

LANGUAGES = [("ko", "한국어"), ("en", "English"), ("fr", "Français")]

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of all that follows them."""


def isolated(text: str) -> str:
    """Words of somebody else, fit to stand inside a sentence: no mark turns the rest of it, right to left ends with them.

    Unicode's first strong isolate (UAX #9) stands around them only where some of their letters run right to left.
    """
    plain = text.translate(dict.fromkeys(map(ord, REORDERING)))
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in plain)
    return f"\u2068{plain}\u2069" if turns else plain


def localised(thing: object, field: str) -> str:
    """`thing.<field>_<language>` in the active language, else `thing.<field>`, else any language that has it."""
    language = (get_language() or "en")[:2]
    for name in (f"{field}_{language}", field, f"{field}_en", f"{field}_ko", f"{field}_fr"):
        text = getattr(thing, name, "")
        if text:
            return str(text)
    return ""


def is_hangul(text: str) -> bool:
    """True when the text holds Hangul syllables."""
    return re.search("[가-힣]", text) is not None
