"""A search as the address writes it: words, a kind, filters; and what it asks of the rows that somebody sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from madang.catalogue.queries import TITLE_FILTERS
from madang.kit.facets import Filter, chosen_values, narrowed, words_of
from madang.mandates.queries import MANDATE_FILTERS
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.people.queries import COMPANY_FILTERS, PERSON_FILTERS
from madang.people.rules import is_professional, participant_of
from madang.programme.models import EventKind
from madang.search.models import Kind
from madang.search.queries.finding import Seen, matched
from madang.search.tokens import query_of

LONGEST = 200
"""Letters of a search that are read."""
ESCAPED = str.maketrans({"%": "%25", "&": "%26", "+": "%2B", "=": "%3D", "#": "%23", ";": "%3B", " ": "+"})
LANGUAGE = Filter("language", "languages", _("Language"), str, is_list=True)
FILTERS: dict[str, list[Filter]] = {
    Kind.TITLE: [*(entry for entry in TITLE_FILTERS if entry.key in ("format", "genre", "country")), LANGUAGE],
    Kind.COMPANY: COMPANY_FILTERS,
    Kind.PERSON: PERSON_FILTERS,
    Kind.MANDATE: MANDATE_FILTERS,
    Kind.EVENT: [Filter("type", "kind", _("Kind"), words_of(dict(EventKind.choices)), order=EventKind.values)],
}
"""Kind -> its filters, as its own list has them."""
OPEN_KINDS = (Kind.TITLE, Kind.EVENT)
"""What visitors search."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: `words` as they were typed, a `kind` ("" for all), `chosen` filters of that kind."""

    words: str = ""
    kind: str = ""
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The query string, the same for the same search; letters of other scripts stay as they are."""
        parts = {"q": self.words, "in": self.kind, **dict(sorted(self.chosen.items()))}
        return "&".join(f"{key}={value.translate(ESCAPED)}" for key, value in parts.items() if value)


def asked_in(data: Mapping[str, str]) -> Asked:
    """What makes sense of an address: control signs are left out, unknown kinds and filters too."""
    typed = "".join(letter if letter.isprintable() or letter in "\u200d\ufe0f" else " " for letter in str(data.get("q", "")))
    kind = str(data.get("in", ""))
    kind = kind if kind in Kind.values else ""
    return Asked(" ".join(typed.split())[:LONGEST].strip(), kind, chosen_values(FILTERS[kind], data) if kind else {})


def asked_by(address: str) -> Asked:
    """As `asked_in`, of a query string."""
    return asked_in(QueryDict(address).dict())


def kinds_for(user: Visitor, edition: Edition) -> list[str]:
    """What the user may search at all."""
    does_business = may_organise(user, edition) or is_professional(participant_of(user, edition))
    return [str(kind) for kind in (Kind if does_business else OPEN_KINDS)]


def rows_asked_for(asked: Asked, edition: Edition, seen: Seen) -> dict[str, QuerySet[Any]]:
    """Kind -> the rows that the search finds among those that the reader sees, in no order."""
    kinds = [kind for kind in seen if asked.kind in ("", kind)]
    query = query_of(asked.words)
    return {
        kind: narrowed(seen[kind].filter(pk__in=matched(edition, kind, query).values("row")), FILTERS[kind], asked.chosen)
        for kind in kinds
    }


def in_words(asked: Asked) -> list[str]:
    """What is asked for besides the words: the kind, then each filter with its choice."""
    if not asked.kind:
        return []
    filters = [entry for entry in FILTERS[asked.kind] if entry.key in asked.chosen]
    return [str(Kind(asked.kind).label), *(f"{entry.label}: {entry.words(asked.chosen[entry.key])}" for entry in filters)]
