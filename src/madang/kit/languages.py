"""The three languages, and fields that exist once per language."""

from __future__ import annotations

import re

from django.utils.translation import get_language

LANGUAGES = [("ko", "한국어"), ("en", "English"), ("fr", "Français")]


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
