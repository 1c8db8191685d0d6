"""Words found in any script: accents, case and the order of words do not matter.

A row keeps the folded words of its names in `search_text`; a list is searched by asking for each folded word of the query.
Works alike on SQLite and PostgreSQL, and finds Korean words of two syllables.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

from madang.kernels import letters

Row = TypeVar("Row", bound=models.Model)

MOST_WORDS = 8
"""Words of a query that count: more only slow the search."""


def fold(text: str) -> str:
    """The text without case, accents and signs, its words apart by one space: "L’Été à Séoul" -> "l ete a seoul"."""
    return " ".join("".join(letter if _is_word(letter) else " " for letter in letters.fold(text)).split())


def searchable(texts: Iterable[str]) -> str:
    """What a row keeps to be found by: each text folded, and once more without spaces, as many write Korean and double names."""
    kept: dict[str, None] = {}
    for text in texts:
        if folded := fold(text):
            kept[folded] = None
            if " " in folded and len(folded) <= 80:  # a long list of names is looked up by its words alone
                kept[folded.replace(" ", "")] = None
    return " | ".join(kept)


def matching(rows: QuerySet[Row], query: str, columns: Sequence[str] = ("search_text",)) -> QuerySet[Row]:
    """The rows in which every word of the query occurs in one of `columns` (which hold what `searchable` gave)."""
    for word in fold(query).split()[:MOST_WORDS]:
        hit = Q()
        for column in columns:
            hit |= Q(**{f"{column}__contains": word})
        rows = rows.filter(hit)
    return rows


class SearchedRows(models.QuerySet[Row]):
    """Fills `search_text` on the ways that pass by `save()`; only `update()` does not."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        fill_all(rows)
        if named := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*named, "search_text"}
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Row], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows = list(objs)
        fill_all(rows)
        return super().bulk_update(rows, [*{*fields, "search_text"}], *args, **kwargs)


def fill_all(rows: Iterable[models.Model]) -> None:
    """Write `search_text` into rows that are about to be stored."""
    for row in rows:
        if isinstance(row, Searched):
            row.fill_search()


class Searched(models.Model):
    """A row that is found by the words of its fields SEARCHED. Saving and the bulk writers keep `search_text` by themselves."""

    SEARCHED: ClassVar[Sequence[str]] = ()

    search_text = models.TextField(blank=True, editable=False)

    objects = SearchedRows.as_manager()

    class Meta:
        abstract = True

    def fill_search(self) -> None:
        """Gather the words of this row."""
        self.search_text = searchable(str(getattr(self, name) or "") for name in self.SEARCHED)

    def save(self, **kwargs: Any) -> None:
        self.fill_search()
        if named := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*named, "search_text"}
        super().save(**kwargs)


def _is_word(letter: str) -> bool:
    """Letters, digits, and the signs that belong to a letter (as in Thai or Hindi)."""
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"
