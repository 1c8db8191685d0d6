"""Countries and territories by their ISO 3166 codes, in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

# In Babel's list, but groups of countries, test regions and "unknown", not territories.
NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    locale = Locale.parse(language if language in ("ko", "fr") else "en")
    return {
        code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    }


def country_name(code: str, language: str) -> str:
    """The country's name; a code that is not known comes back as it is."""
    return _names(language).get((code or "").upper(), code or "")


def country_choices(language: str) -> list[tuple[str, str]]:
    """(code, name) of every country, by name: for a <select>."""
    return sorted(_names(language).items(), key=lambda pair: pair[1])


def is_country(code: str) -> bool:
    return code in _names("en")
