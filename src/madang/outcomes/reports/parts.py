"""What a report is made of, in one language: sections with tables and pictures; pages, files and paper draw the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from madang.kit.pictures import Picture
from madang.outcomes.reports.wording import NOTHING


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a cell, as people and as programs read it; `link` leads to its rows, for who may see them."""

    text: str
    value: Decimal
    link: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A state in a word, with the tone that pages draw it in."""

    text: str
    tone: str = ""


Cell = str | Number | Word
HIDDEN = "*"
WITHHELD = "info"
"""The tone of a word that stands for a number."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its caption; the first column names the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def numeric(self) -> list[bool]:
        """Which columns hold numbers only, and are set to the right."""
        return [bool(self.rows) and all(_is_numeric(row[place]) for row in self.rows) for place in range(len(self.head))]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return list(zip(self.head, self.numeric, strict=True))

    @property
    def lines(self) -> list[list[tuple[str, Cell, bool]]]:
        """Rows of (head, cell, whether it is a number), for templates."""
        heads = self.heads
        return [[(name, cell, is_number) for (name, is_number), cell in zip(heads, row, strict=True)] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `key` is the same in every language; `folded`: pages open its tables one by one. `pictures` stand
    above the tables that say the same."""

    key: str
    heading: str
    texts: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    folded: bool = False
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole of it. `facts`: what stands under the title, as (what, text)."""

    title: str
    language: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]


def _is_numeric(cell: Cell) -> bool:
    return isinstance(cell, Number) or cell in (NOTHING, HIDDEN) or (isinstance(cell, Word) and cell.tone == WITHHELD)
