"""Countries and languages as people write them, in three languages or by code; kept as codes with commas."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from babel import Locale

from madang.kit.search import fold
from madang.kit.territories import country_choices, country_name

ALSO = {
    "korea": "KR", "republic of korea": "KR", "south korea": "KR", "coree": "KR", "usa": "US", "united states of america": "US",
    "uk": "GB", "great britain": "GB", "england": "GB", "hong kong": "HK", "macau": "MO", "turkey": "TR", "turquie": "TR",
    "viet nam": "VN", "czech republic": "CZ", "holland": "NL", "uae": "AE",
}  # fmt: skip
"""Usual names of countries besides those of Unicode's lists."""
APART = re.compile(r"[,;\n/·]+")


def codes(text: str) -> list[str]:
    """The codes of a stored list."""
    return [code.strip() for code in text.split(",") if code.strip()]


def countries_of(text: str) -> tuple[list[str], list[str]]:
    """(codes, parts that are no country) of what somebody wrote."""
    return _sorted(text, _countries, str.upper)


def languages_of(text: str) -> tuple[list[str], list[str]]:
    """(codes, parts that are no language) of what somebody wrote."""
    return _sorted(text, _languages, str.lower)


def country_words(text: str, language: str) -> str:
    """A stored list of countries, in words."""
    return ", ".join(country_name(code, language) for code in codes(text))


def language_name(code: str, language: str) -> str:
    """The language's name; a code that is not known comes back as it is."""
    return str(_locale(language).languages.get(code, code))


def language_words(text: str, language: str) -> str:
    """A stored list of languages, in words."""
    return ", ".join(language_name(code, language) for code in codes(text))


def _sorted(text: str, known: Callable[[], dict[str, str]], case: Callable[[str], str]) -> tuple[list[str], list[str]]:
    found: dict[str, None] = {}
    strange = []
    for part in (part.strip() for part in APART.split(text)):
        code = known().get(case(part)) or known().get(fold(part))
        if code:
            found[code] = None
        elif part:
            strange.append(part)
    return list(found), strange


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    known = {code: code for code, _name in country_choices("en")}
    return known | {fold(name): code for words in ("ko", "fr", "en") for code, name in country_choices(words)} | ALSO


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    names = {
        fold(name): code
        for words in ("ko", "fr", "en")
        for code, name in _locale(words).languages.items()
        if len(code) in (2, 3) and code not in ("mul", "und", "zxx", "mis", "root")
    }
    return names | {code: code for code in names.values()}


@lru_cache(maxsize=4)
def _locale(language: str) -> Locale:
    return Locale.parse(language if language in ("ko", "fr") else "en")
