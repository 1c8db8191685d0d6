"""Filters of a list with the number of rows behind each choice.

A list's facets are read in one query whatever their number; each counts what its choices would show with the other
filters as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from madang.kit.search import matching

Row = TypeVar("Row", bound=Model)
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Filter:
    """`key`: its name in the address; `column`: where the value stands; `words`: a value as people read it.

    `is_list`: the column holds codes apart by commas. `is_flag`: yes or no, "1" in the address.
    `by_words`: choices in the order of their words, else in that of `order`, else by number of rows.
    """

    key: str
    column: str
    label: str | Promise
    words: Words
    is_list: bool = False
    is_flag: bool = False
    by_words: bool = False
    order: Sequence[str] = ()

    def values(self, cell: Any) -> list[str]:
        """The values of one cell as the address writes them."""
        if self.is_flag:
            return ["1"] if cell else []
        if self.is_list:
            return [part.strip() for part in str(cell or "").split(",") if part.strip()]
        return [str(cell)] if cell else []

    def narrowed(self, rows: QuerySet[Row], value: str) -> QuerySet[Row]:
        if self.is_flag:
            return rows.filter(**{self.column: True})
        if self.is_list:
            return rows.filter(**{f"{self.column}__regex": rf"(^|,) *{re.escape(value)} *(,|$)"})
        return rows.filter(**{self.column: value})


@dataclass(frozen=True, slots=True)
class Choice:
    """`link`: the list with this choice made, or taken back where it is the current one."""

    value: str
    label: str
    count: int
    is_current: bool
    link: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its choices; `current` is the chosen value, `label_of_current` its words."""

    key: str
    label: str | Promise
    choices: list[Choice]
    current: str = ""
    label_of_current: str = ""


def chosen_values(filters: Sequence[Filter], data: Mapping[str, str]) -> dict[str, str]:
    """What the address chooses, as far as it makes sense: control signs and long texts are left out."""
    chosen = {}
    for entry in filters:
        value = str(data.get(entry.key, "")).strip()
        if value and len(value) <= 60 and value.isprintable() and not (entry.is_flag and value != "1"):
            chosen[entry.key] = value
    return chosen


def narrowed(rows: QuerySet[Row], filters: Sequence[Filter], chosen: Mapping[str, str]) -> QuerySet[Row]:
    for entry in filters:
        if entry.key in chosen:
            rows = entry.narrowed(rows, chosen[entry.key])
    return rows


@dataclass(frozen=True, slots=True)
class Search:
    """What a list page was asked for and what it found: `rows` are searched and narrowed, in no order yet."""

    query: str
    chosen: dict[str, str]
    facets: dict[str, Facet]
    rows: QuerySet[Any]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.chosen)


def search(
    rows: QuerySet[Any], data: Mapping[str, str], filters: Sequence[Filter], columns: Sequence[str] = ("search_text",)
) -> Search:
    """Search `rows` by the words of `q` in `data` and narrow them by its other values; one query for the counts."""
    query = str(data.get("q", "")).replace("\x00", "").strip()[:200]
    found, chosen = matching(rows, query, columns), chosen_values(filters, data)
    return Search(query, chosen, facets(found, filters, chosen, data), narrowed(found, filters, chosen))


def facets(
    rows: QuerySet[Any], filters: Sequence[Filter], chosen: Mapping[str, str], data: Mapping[str, str]
) -> dict[str, Facet]:
    """Each filter's choices, counted over `rows` (searched, but not yet narrowed) in one query."""
    counts: dict[str, Counter[str]] = {entry.key: Counter() for entry in filters}
    for cells in rows.order_by().values_list(*[entry.column for entry in filters]):
        values = [entry.values(cell) for entry, cell in zip(filters, cells, strict=True)]
        missed = [entry.key for entry, has in zip(filters, values, strict=True) if chosen.get(entry.key, "") not in ["", *has]]
        for entry, has in zip(filters, values, strict=True):
            if not missed or missed == [entry.key]:
                counts[entry.key].update(set(has))
    kept = {key: data[key] for key in data if key != "page" and data[key]}
    return {entry.key: _facet(entry, counts[entry.key], chosen.get(entry.key, ""), kept) for entry in filters}


def link(kept: Mapping[str, str], key: str, value: str) -> str:
    """The query string with `key` set to `value`, or without it where the value is empty."""
    others = {name: text for name, text in kept.items() if name != key}
    return "?" + urlencode(others | ({key: value} if value else {}))


def _facet(entry: Filter, counts: Counter[str], current: str, kept: Mapping[str, str]) -> Facet:
    values = dict.fromkeys([*entry.order, *(value for value, _ in counts.most_common()), *([current] if current else [])])
    choices = [
        Choice(
            value, entry.words(value), counts[value], value == current, link(kept, entry.key, "" if value == current else value)
        )
        for value in values
        if counts[value] or value == current
    ]
    if entry.by_words:
        choices.sort(key=lambda choice: choice.label)
    return Facet(entry.key, entry.label, choices, current, entry.words(current) if current else "")


def words_of(labels: Mapping[str, str | Promise]) -> Words:
    """Words from a mapping of choices; a value that is not among them stays as it is."""
    return lambda value: str(labels.get(value, value))
