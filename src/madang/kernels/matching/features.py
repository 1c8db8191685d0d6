"""What is said of items as families of numbers: genres, people, year, title, text, each its own sparse matrix.

A family's rows have length 1 (or 0, where nothing is said), so that no item says more by saying it longer or oftener.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from ..letters import fold
from .arrays import Doubles, Sparse
from .reading import Table
from .words import counted, tokens, visible

KNOTS = 12
MOST_TOKENS = 30_000
WIDE = 0.4
"""A token that a larger share of all items has is dropped from words (never from labels)."""
YEAR = re.compile(r"\((\d{4})\)\s*$")
Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Family:
    """One column: how it is read (`label`, `words`, `number`), its tokens and their weights, or its knots."""

    name: str
    kind: str
    separator: str
    tokens: Mapping[str, int]
    weights: Doubles
    knots: Doubles

    def matrix(self, items: Sequence[str], values: Values) -> Sparse:
        """Rows of length 1 (or 0) for these items, by the column's `values`."""
        row, column, weight = [], [], []
        for n, item in enumerate(items):
            for place, much in self._said(values.get(item, ())).items():
                row.append(n)
                column.append(place)
                weight.append(much)
        width = len(self.knots) if self.kind == "number" else len(self.tokens)
        found = csr_array((np.array(weight, np.float32), (row, column)), shape=(len(items), max(width, 1)))
        long = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        return (diags_array(1 / np.maximum(long, 1e-9).astype(np.float32)) @ found).tocsr()

    def _said(self, values: Sequence[str]) -> dict[int, float]:
        if self.kind == "number":
            number = next((float(value) for value in values if _is_number(value)), None)
            if number is None:
                return {}
            place = np.interp(number, self.knots, np.arange(len(self.knots)))
            near = np.exp(-(((np.arange(len(self.knots)) - place) / 1.2) ** 2) / 2)
            return {n: float(much) for n, much in enumerate(near) if much > 0.01}
        counts = counted(_tokens(self.kind, self.separator, values))
        return {
            self.tokens[token]: (1 + math.log(count)) * float(self.weights[self.tokens[token]])
            for token, count in counts.items()
            if token in self.tokens
        }


@dataclass(frozen=True)
class Features:
    """The families of `items` (I) and their matrices (I x tokens); `of` makes the matrices of other items alike."""

    items: tuple[str, ...]
    families: tuple[Family, ...]
    matrices: tuple[Sparse, ...]

    def of(self, table: Table) -> Features:
        """The items of another table, in the same families."""
        said = with_years(table)
        ids = tuple(table.ids)
        return Features(
            ids, self.families, tuple(family.matrix(ids, said.columns.get(family.name, {})) for family in self.families)
        )

    def rows(self, kept: Sequence[int]) -> Features:
        """The items with these numbers."""
        return Features(tuple(self.items[n] for n in kept), self.families, tuple(matrix[list(kept)] for matrix in self.matrices))


def features(items: Sequence[str], table: Table) -> Features:
    """Families learned from what `table` says of `items`; columns that only name an item (ids) are left out."""
    said = with_years(table)
    families = []
    for name, values in said.columns.items():
        family = _family(name, {item: values[item] for item in items if item in values}, len(items))
        if family is not None:
            families.append(family)
    return Features(tuple(items), tuple(families), tuple(family.matrix(items, said.columns[family.name]) for family in families))


def with_years(table: Table) -> Table:
    """The table with "(1995)" at the end of titles as a column `year`, where it has no such column."""
    titles = table.columns.get("title", {})
    years = {item: [found[1]] for item, values in titles.items() if (found := YEAR.search(values[0]))}
    if "year" in table.columns or len(years) * 2 < len(titles) or not years:
        return table
    bare = {item: [YEAR.sub("", value) for value in values] for item, values in titles.items()}
    return Table(table.ids, {**table.columns, "title": bare, "year": years})


def _family(name: str, values: Values, items: int) -> Family | None:
    flat = [value for said in values.values() for value in said]
    if not flat:
        return None
    several = len(flat) > 1.2 * len(values)
    if not several and sum(map(_is_number, flat)) >= 0.95 * len(flat):
        return _number(name, [float(value) for value in flat if _is_number(value)])
    long = sum(len(visible(value).split()) for value in flat) / len(flat)
    lists = sum("|" in value for value in flat) > 0.02 * len(flat)
    kind = "words" if name == "title" or (long > 5 and not lists and not _is_list(flat)) else "label"
    separator = "|" if lists else "," if kind == "label" and _is_list(flat) else "\n"
    return _tokened(name, kind, separator, values, items)


def _number(name: str, numbers: list[float]) -> Family | None:
    """A number in overlapping steps of the same size in items; a whole number that is another for each item only names it."""
    whole = all(number == int(number) for number in numbers)
    if whole and len(numbers) > 20 and len(set(numbers)) > 0.6 * len(numbers):
        return None
    knots = np.unique(np.quantile(numbers, np.linspace(0, 1, KNOTS)))
    return None if len(knots) < 2 else Family(name, "number", "", {}, np.zeros(0), knots)


def _tokened(name: str, kind: str, separator: str, values: Values, items: int) -> Family | None:
    found = Counter(token for said in values.values() for token in set(_tokens(kind, separator, said)))
    widest = items if kind == "label" else max(2, WIDE * items)
    kept = sorted((token for token, n in found.items() if 2 <= n <= widest), key=lambda token: (-found[token], token))
    kept = kept[:MOST_TOKENS]
    if not kept:
        return None
    weights = np.array([math.log(1 + items / found[token]) for token in kept])
    return Family(name, kind, separator, {token: n for n, token in enumerate(kept)}, weights, np.zeros(0))


def _tokens(kind: str, separator: str, values: Sequence[str]) -> list[str]:
    if kind == "words":
        return [token for value in values for token in tokens(value)]
    parts = sorted({fold(visible(part)).strip() for value in values for part in value.split(separator)} - {""})
    return [*parts, " + ".join(parts)] if 1 < len(parts) <= 6 else parts


def _is_list(values: Sequence[str]) -> bool:
    """Whether most values are short parts with commas between."""
    parts = [value.split(",") for value in values]
    return sum(len(one) > 1 and max(map(len, one)) < 40 for one in parts) > 0.3 * len(parts)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
