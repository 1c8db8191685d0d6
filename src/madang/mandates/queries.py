"""Reads of mandates: the filters of their list, territories in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Format, Genre
from madang.kit.facets import Filter, words_of
from madang.people.queries import country_words

MANDATE_COLUMNS = ("search_text", "buyer__search_text", "buyer__company__search_text")
"""Where the words of a search for a mandate may stand."""

MANDATE_FILTERS = [
    Filter("format", "format", _("Format"), words_of(dict(Format.choices)), order=Format.values),
    Filter("genre", "genre", _("Genre"), words_of(dict(Genre.choices)), order=Genre.values),
    Filter("country", "buyer__company__country", _("Buyer's country"), country_words, by_words=True),
]


def territory_words(territories: str) -> str:
    """Codes of countries as their names; other words stay as they were written."""
    parts = [part.strip() for part in territories.replace(";", ",").split(",")]
    return ", ".join(country_words(part) if len(part) == 2 else part for part in parts if part)
