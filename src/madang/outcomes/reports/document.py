"""A report as it may be handed out, in one language: what the page of funders and all files are made of.

Public measures only; what is withheld stays withheld. Built from the snapshot alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from madang.kit.calendar import clock_text, day_text, in_zone, zone_mark
from madang.kit.languages import isolated
from madang.kit.territories import country_name
from madang.outcomes.measures.words import COLUMNS, UNITS
from madang.outcomes.models import Correction, FrozenFigure, Report
from madang.outcomes.queries.reports import frozen_name, word_of
from madang.outcomes.reports.cells import OTHERS
from madang.outcomes.reports.frozen import drawn_sections
from madang.outcomes.reports.parts import HIDDEN, WITHHELD, Cell, Document, Number, Section, Sheet, Word
from madang.outcomes.reports.wording import BY, NOTHING, STANDINGS, TONES, answered_text, interval_text, shown, standing

LinkOf = Callable[[FrozenFigure, str], str]
"""Address of the rows of a figure's column."""
Figures = dict[tuple[str, str], FrozenFigure]
"""By measure and currency."""


def document_of(report: Report, link_of: LinkOf | None = None) -> Document:
    """The report in the active language. With `link_of` it is the organiser's: with all measures, and nothing withheld."""
    made = Maker(report, link_of)
    parts = [
        made.figures(), made.goals(), *made.drawn(), made.changes(), made.corrections(), *made.breakdowns(), made.missing(),
        made.definitions(), made.rates(), made.checking(),
    ]  # fmt: skip
    return Document(
        str(report), (get_language() or "en")[:2], made.facts(), [part for part in parts if part.texts or part.sheets]
    )


class Maker:
    """The parts of one report."""

    def __init__(self, report: Report, link_of: LinkOf | None) -> None:
        self.report, self.inputs, self.link_of = report, report.inputs, link_of
        kept = FrozenFigure.objects.filter(report=report).order_by("position")
        self.kept = list(kept if link_of else kept.filter(is_public=True))
        self.by_name = {(one.measure, one.currency): one for one in self.kept}
        self.private = set() if link_of else set(self.inputs["private"])

    def named(self, measure: str) -> str:
        return word_of(self.inputs, measure, "name")

    def label(self, figure: FrozenFigure) -> str:
        name = f"{self.named(figure.measure)} ({figure.currency})" if figure.currency else self.named(figure.measure)
        return name if figure.is_public else _("%(figure)s, not published") % {"figure": name}

    def facts(self) -> list[tuple[str, str]]:
        edition, report = self.inputs["edition"], self.report
        days = [day_text(dt.date.fromisoformat(edition[name]), _language()) for name in ("starts_on", "ends_on")]
        found = [
            (_("Edition"), isolated(frozen_name(edition))),
            (_("Days"), " – ".join(days)),
            (_("Report"), str(report.number)),
            (_("Frozen"), _moment(report.frozen_at, edition["time_zone"])),
            (_("SHA-256"), report.digest),
        ]
        if report.replaces:
            found.append((_("Corrects"), _("report %(number)s") % {"number": report.replaces.number}))
        if later := Report.objects.filter(replaces=report, is_published=True).first():
            found.append((_("Corrected by"), _("report %(number)s") % {"number": later.number}))
        if edition["is_fictional"]:
            found.append((_("Note"), _("A demonstration: the people and companies behind the figures are invented.")))
        return found

    def withheld(self, figure: FrozenFigure) -> dict[str, str]:
        if self.link_of:
            return {}
        return withheld_of(self.inputs, figure)

    def cell(self, figure: FrozenFigure, column: str) -> Cell:
        if column in self.withheld(figure):
            return Word(_("withheld"), WITHHELD)
        text = figure.columns.get(column)
        if text is None:
            return NOTHING
        return Number(
            shown(text, figure.unit, figure.currency), Decimal(text), self.link_of(figure, column) if self.link_of else ""
        )

    def figures(self) -> Section:
        head = [_("Figure"), *map(str, COLUMNS.values()), _("Interval"), _("Answers")]
        rows = [
            [self.label(one), *(self.cell(one, column) for column in COLUMNS), self.interval(one), answered_text(one.facts)]
            for one in self.kept
        ]
        texts = [
            _("Confirmed, one-sided and estimated are three columns, and nothing is added across them. Stages of money and"
              " currencies are never added either. A dash: there is no such number, which is no zero."),
        ]  # fmt: skip
        if any(withheld_of(self.inputs, one) for one in self.kept):
            words = _("Withheld: fewer than %(least)s stand behind the number, or one makes most of it.")
            if self.link_of:
                words = _(
                    "†: withheld in all that is handed out, for fewer than %(least)s stand behind it or one makes most of it."
                )
            texts.append(words % {"least": self.inputs["least_cell"]})
        head, rows = _without_empty(head, rows)
        return Section("figures", _("Figures"), texts, [Sheet(_("Figures"), head, rows)] if rows else [])

    def interval(self, figure: FrozenFigure) -> str:
        if figure.facts.get("interval_of", "confirmed") in self.withheld(figure):
            return ""
        return interval_text(figure.columns, figure.facts, figure.unit, figure.currency)

    def goals(self) -> Section:
        names = {one["code"]: one for one in self.inputs["goals"]}
        here = in_zone(self.report.frozen_at, self.inputs["edition"]["time_zone"])
        rows: list[list[Cell]] = []
        for one in self.inputs["targets"]:
            if one["measure"] in self.private:
                continue
            figure = self.by_name.get((one["measure"], one["currency"]))
            cell = self.cell(figure, "confirmed") if figure else NOTHING
            number = str(cell.value) if isinstance(cell, Number) else None
            is_over = dt.date.fromisoformat(one["due_on"]) < here.date()
            how = standing(number, one["comparison"], one["amount"], is_over=is_over)
            rows.append([
                isolated(frozen_name(names.get(one["goal"], {"name": one["goal"]}))), self.named(one["measure"]),
                self.target_text(one), cell, Word(str(STANDINGS[how]), TONES[how]),
            ])  # fmt: skip
        head = [_("Goal"), _("Measure"), _("Target"), _("Confirmed"), _("Standing")]
        return Section("goals", _("Goals and targets"), [], [Sheet(_("Goals and targets"), head, rows)] if rows else [])

    def side_text(self, change: dict[str, Any], side: str) -> str:
        """What a target said before or after a change."""
        facts = change[side]
        return self.target_text({"measure": change["measure"], **facts}) if facts and facts.get("amount") else NOTHING

    def target_text(self, target: dict[str, Any]) -> str:
        figure = next((one for one in self.kept if one.measure == target["measure"]), None)
        amount = shown(target["amount"], figure.unit if figure else "count", target.get("currency", ""))
        words = {"amount": amount, "day": day_text(dt.date.fromisoformat(target["due_on"]), _language())}
        if target["comparison"] == "at_least":
            return _("at least %(amount)s by %(day)s") % words
        return _("at most %(amount)s by %(day)s") % words

    def changes(self) -> Section:
        zone = self.inputs["edition"]["time_zone"]
        rows: list[list[Cell]] = []
        for one in self.inputs["changes"]:
            if one["measure"] in self.private:
                continue
            at = _moment(dt.datetime.fromisoformat(one["at"].replace("Z", "+00:00")), zone)
            rows.append([at, self.named(one["measure"]) if one["measure"] else NOTHING, self.side_text(one, "before"),
                         self.side_text(one, "after"), isolated(one["reason"])])  # fmt: skip
        head = [_("When"), _("Measure"), _("Before"), _("After"), pgettext("reason", "Why")]
        frozen = self.inputs.get("targets_frozen_at")
        words = _("Targets were frozen on %(at)s; what was changed later is listed.")
        texts = [words % {"at": _moment(dt.datetime.fromisoformat(frozen.replace("Z", "+00:00")), zone)}] if frozen else []
        sheets = [Sheet(_("Changes of targets"), head, rows)] if rows else []
        return Section("changes", _("Changes of targets"), texts, sheets)

    def corrections(self) -> Section:
        before = self.report.replaces
        if before is None:
            return Section("corrections", _("Corrections"))
        private = self.private | (set() if self.link_of else set(before.inputs["private"]))
        old = {(one.measure, one.currency): one for one in FrozenFigure.objects.filter(report=before)}
        rows: list[list[Cell]] = [
            [self.corrected_name(one), *self.corrected(one, before, old), isolated(one.reason)]
            for one in Correction.objects.filter(report=self.report)
            if one.measure not in private
        ]
        texts = [_("What this report says otherwise than report %(number)s.") % {"number": before.number}]
        head = [_("Figure"), _("Before"), _("After"), pgettext("reason", "Why")]
        return Section("corrections", _("Corrections"), texts, [Sheet(_("Corrections"), head, rows)] if rows else [])

    def corrected_name(self, one: Correction) -> str:
        words = self.inputs if one.after or self.report.replaces is None else self.report.replaces.inputs
        name = word_of(words, one.measure, "name")
        return f"{name} ({one.currency})" if one.currency else name

    def corrected(self, one: Correction, before: Report, old: Figures) -> list[str]:
        """Before and after; what either report withholds is withheld here too."""
        name = (one.measure, one.currency)
        hidden: set[str] = set()
        for inputs, figures in ((self.inputs, self.by_name), (before.inputs, old)):
            if name in figures and not self.link_of:
                hidden |= withheld_of(inputs, figures[name]).keys()
        unit = (self.by_name.get(name) or old[name]).unit
        return [correction_text(side, unit, one.currency, hidden) for side in (one.before, one.after)]

    def drawn(self) -> list[Section]:
        return drawn_sections(self.inputs, self.by_name)

    def breakdowns(self) -> list[Section]:
        return [self.breakdown(fact, str(heading)) for fact, heading in BY.items()]

    def breakdown(self, fact: str, heading: str) -> Section:
        sheets = []
        for one in self.kept:
            cells = self.inputs["published"].get(str(one.position), {}).get("by", {}).get(fact)
            if cells:
                sheets.append(self.divided(one, fact, cells))
        words = _(
            "Groups of fewer than %(least)s stand together as others. A star: hidden, for it would give a small number away."
        )
        texts = [words % {"least": self.inputs["least_cell"]}] if sheets else []
        return Section(f"by_{fact}", heading, texts, sheets, folded=True)

    def divided(self, figure: FrozenFigure, fact: str, cells: dict[str, dict[str, str | None]]) -> Sheet:
        columns = [column for column in COLUMNS if column in cells]
        values = sorted({value for one in cells.values() for value in one}, key=lambda value: _rank(cells, columns, value))
        rows = [[_value_name(fact, value), *(_divided(figure, cells[c], value) for c in columns)] for value in values]
        return Sheet(self.label(figure), [_VALUE_HEADS[fact](), *(str(COLUMNS[c]) for c in columns)], rows)

    def missing(self) -> Section:
        rows: list[list[Cell]] = [
            [self.named(code), word_of(self.inputs, code, "missing")]
            for code in self.inputs["missing"]
            if code not in self.private
        ]
        sheets = [Sheet(_("Not yet known"), [_("Figure"), pgettext("reason", "Why")], rows)] if rows else []
        return Section("missing", _("Not yet known"), [], sheets)

    def definitions(self) -> Section:
        first = {one.measure: one for one in reversed(self.kept)}
        rows: list[list[Cell]] = [
            [self.named(code), str(first[code].version), str(UNITS.get(first[code].unit, first[code].unit)),
             word_of(self.inputs, code, "definition"), word_of(self.inputs, code, "source")]
            for code in dict.fromkeys(one.measure for one in self.kept)
        ]  # fmt: skip
        head = [_("Figure"), _("Version"), _("Unit"), _("Definition"), _("Source")]
        return Section("definitions", _("Definitions"), [], [Sheet(_("Definitions"), head, rows)] if rows else [])

    def rates(self) -> Section:
        rows: list[list[Cell]] = [
            [one["currency"], Number(one["rate"], Decimal(one["rate"])), day_text(dt.date.fromisoformat(one["on"]), _language()),
             isolated(one["source"])]
            for one in self.inputs["rates"]
        ]  # fmt: skip
        head = [_("Currency"), _("in %(currency)s") % {"currency": self.inputs["currency"]}, _("Day"), _("Source")]
        return Section("rates", _("Exchange rates"), [], [Sheet(_("Exchange rates"), head, rows)] if rows else [])

    def checking(self) -> Section:
        texts = [
            _("The report is frozen: its figures follow from rows that were copied with it, and the SHA-256 above is taken over"
              " both. Whoever has the open data can compute the figures anew with any program, or with docs/audit/recompute.py,"
              " which is part of Madang and needs nothing but Python."),
        ]  # fmt: skip
        return Section("checking", _("How to check it"), texts)


def withheld_of(inputs: dict[str, Any], figure: FrozenFigure) -> dict[str, str]:
    """Column -> why it is not published."""
    found: dict[str, str] = inputs["published"].get(str(figure.position), {}).get("withheld", {})
    return found


def correction_text(side: dict[str, Any] | None, unit: str, currency: str, hidden: set[str]) -> str:
    """One side of a correction: each column with its number."""
    if side is None:
        return NOTHING
    texts = []
    for column, name in COLUMNS.items():
        if column in side["columns"]:
            text = _("withheld") if column in hidden else shown(side["columns"][column], unit, currency)
            texts.append(f"{name}: {text}")
    return "; ".join([*texts, _("version %(version)s") % {"version": side["version"]}])


_VALUE_HEADS = {"country": lambda: _("Country"), "segment": lambda: _("Segment")}


def _value_name(fact: str, value: str) -> str:
    if not value or value == OTHERS:
        return _("others, together") if value else _("not known")
    return country_name(value, _language()) if fact == "country" else isolated(value)


def _divided(figure: FrozenFigure, cells: dict[str, str | None], value: str) -> Cell:
    if value not in cells:
        return NOTHING
    text = cells[value]
    return HIDDEN if text is None else Number(shown(text, figure.unit, figure.currency), Decimal(text))


def _rank(cells: dict[str, dict[str, str | None]], columns: list[str], value: str) -> tuple[Decimal, str]:
    """The largest first; hidden ones last."""
    return -Decimal(cells[columns[0]].get(value) or 0), value


def _without_empty(head: list[str], rows: list[list[Cell]]) -> tuple[list[str], list[list[Cell]]]:
    """Columns that say nothing are left out (but the first)."""
    kept = [place for place in range(len(head)) if place == 0 or any(row[place] not in ("", NOTHING) for row in rows)]
    return [head[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _language() -> str:
    return (get_language() or "en")[:2]


def _moment(at: dt.datetime, zone: str) -> str:
    here = in_zone(at, zone)
    return f"{day_text(here.date(), _language())}, {clock_text(here)} {zone_mark(here)}"
