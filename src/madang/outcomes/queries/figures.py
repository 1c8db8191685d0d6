"""Figures of an edition as pages show them: each measure with its columns, and the rows beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from madang.markets.models import Edition
from madang.outcomes.measures.composed import measures_of, narrowed
from madang.outcomes.measures.face import Column, Figure, Measure, Row
from madang.outcomes.measures.sums import computed, reading_once
from madang.outcomes.measures.words import COLUMNS, fact_label, said, text_label

MOST_CHOICES = 60
"""Texts of a fact that a page offers to narrow by; the others are still found by address."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a figure; `number` None: no such number, and `exists` False: the measure has no such column."""

    column: Column
    number: Decimal | None
    text: str
    exists: bool

    @property
    def label(self) -> str:
        return str(COLUMNS[self.column])


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its three cells and, where it has one, its interval in words."""

    figure: Figure
    cells: tuple[Cell, ...]

    @property
    def interval(self) -> str:
        figure = self.figure
        if figure.low is None or figure.high is None:
            return ""
        words = {"level": round(figure.level * 100), "low": self.text(figure.low), "high": self.text(figure.high)}
        if not figure.level:  # a stated range
            return _("between %(low)s and %(high)s, as stated; no probability is meant") % words
        if figure.level == 1:  # bounds, not an interval
            return _("between %(low)s and %(high)s of all, whatever those would say who said nothing") % words
        return _("between %(low)s and %(high)s with %(level)s %% certainty") % words

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What belongs beside the number, in words."""
        return [(fact_label(name), text) for name, text in self.figure.facts.items()]

    def text(self, number: Decimal | None) -> str:
        return said(number, self.figure.unit, self.figure.currency)


@dataclass(frozen=True, slots=True)
class Told:
    """A measure with its figures, or the sentence that says why it has none."""

    measure: Measure
    figures: tuple[Shown, ...]
    missing: str


def shown(figure: Figure) -> Shown:
    cells = tuple(
        Cell(column, figure.columns.get(column), said(figure.columns.get(column), figure.unit, figure.currency),
             column in figure.columns)
        for column in Column
    )  # fmt: skip
    return Shown(figure, cells)


def told_measures(edition: Edition, codes: Iterable[str] | None = None) -> list[Told]:
    """Every measure, or those of these codes (unknown ones are left out), in the order of the catalogue."""
    measures = measures_of(edition)
    wanted = set(measures if codes is None else codes)
    with reading_once():
        return [told(edition, measure) for code, measure in measures.items() if code in wanted]


def told(edition: Edition, measure: Measure) -> Told:
    return Told(measure, tuple(shown(one) for one in computed(measure, edition)), str(measure.is_missing(edition)))


def chosen_rows(figures: Sequence[Figure], column: str, currency: str, filters: Mapping[str, str]) -> list[tuple[Figure, Row]]:
    """Rows of the figures, narrowed; "" is no condition."""
    texts = {name: [text] for name, text in filters.items() if text}
    found = []
    for figure in figures:
        if not currency or figure.currency == currency:
            rows = [one for one in figure.rows if not column or one.column == column]
            found += [(figure, row) for row in narrowed(rows, texts)]
    return found


def choices_of(figures: Iterable[Figure], names: Iterable[str]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """By name of a fact: its label and (text, label, rows) of the most frequent texts; one text alone is no choice."""
    rows = [row for figure in figures for row in figure.rows]
    found = []
    for name in names:
        counts = Counter(row.facts[name] for row in rows if row.facts.get(name))
        if len(counts) > 1:
            kept = sorted(counts.most_common(MOST_CHOICES), key=lambda pair: text_label(name, pair[0]))
            found.append((name, fact_label(name), [(text, text_label(name, text), n) for text, n in kept]))
    return found
