"""What of a frozen report is drawn: counted from its rows as they were frozen, or from what is published of them.

Nothing is kept for pictures, so they change no digest; a report without such rows (an older one) has no such part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext as _

from madang.kernels.impact import ImpactError, Rule, funnel, suppress
from madang.kit.calendar import zone_name
from madang.outcomes.measures.face import Column
from madang.outcomes.models import FrozenFigure, FrozenRow
from madang.outcomes.queries.chain import STAGES
from madang.outcomes.queries.reports import word_of
from madang.outcomes.reports.parts import Section
from madang.outcomes.reports.pictured import Hour, Lands, Place, Stage, funnel_section, hours_section, language, map_section

MAPPED = ("meetings_held", "companies", "buyers", "contract_value")
"""Measures that the map's table has; the first that is published by country is drawn."""
Figures = Mapping[tuple[str, str], FrozenFigure]
"""By measure and currency."""


def drawn_sections(inputs: Mapping[str, Any], figures: Figures) -> list[Section]:
    """The funnel, the map, the hours: as far as the report has their rows, and without small cells."""
    return [frozen_funnel(inputs, figures), frozen_map(inputs, figures), frozen_hours(inputs, figures)]


def frozen_funnel(inputs: Mapping[str, Any], figures: Figures) -> Section:
    """By buyer, whose code stands in the rows and nowhere else. Counts are published, rates of a few are not."""
    figure = figures.get(("meetings_asked", ""))
    if figure is None:
        return funnel_section([])
    names = list(STAGES)
    table: dict[str, list[int]] = defaultdict(lambda: [0] * len(names))
    for buyer, *came, number in _grouped(figure, "buyer", *names[1:]):
        for place, is_there in enumerate([True, *(one == "yes" for one in came)]):
            table[buyer][place] += number if is_there else 0
    counts = [list(row) for row in zip(*table.values(), strict=True)]
    if not counts:
        return funnel_section([])
    totals, least = [sum(row) for row in counts], int(inputs["least_cell"])
    steps = funnel(names, counts)[: len(names) - 1]
    rates = [None, *(step.rate if below >= least else None for step, below in zip(steps, totals, strict=False))]
    return funnel_section([Stage(str(STAGES[name]), *one) for name, *one in zip(names, totals, rates, strict=True)])


def _grouped(figure: FrozenFigure, *names: str) -> Iterable[tuple[Any, ...]]:
    """Confirmed rows of a figure counted by these facts. One query."""
    rows = FrozenRow.objects.filter(figure=figure, column=Column.CONFIRMED, facts__has_key=names[0]).order_by()
    return rows.values_list(*(f"facts__{name}" for name in names)).annotate(number=Count("pk"))


def frozen_hours(inputs: Mapping[str, Any], figures: Figures) -> Section:
    """Each table of hours is published as a whole, so that no hidden one can be computed from the others."""
    planned, held = (_hours(figures.get((measure, ""))) for measure in ("meetings_planned", "meetings_held"))
    least = int(inputs["least_cell"])
    all_planned, all_held = published_hours(planned, least), published_hours({at: held.get(at, 0) for at in planned}, least)
    if not planned or all_planned is None or all_held is None:
        return hours_section([], "")
    hours = [Hour(*at, all_planned[at], all_held[at]) for at in sorted(planned)]
    stars = any(one.planned is None or one.held is None for one in hours)
    notes = [_("A star: hidden, for it would give a small number away.")] if stars else []
    return hours_section(hours, zone_name(inputs["edition"]["time_zone"], language()), notes)


def _hours(figure: FrozenFigure | None) -> dict[tuple[str, str], int]:
    """Meetings by day and hour; older reports have no hours."""
    return {(day, hour): number for hour, day, number in _grouped(figure, "hour", "day")} if figure else {}


def published_hours(counts: Mapping[tuple[str, str], int], least: int) -> dict[tuple[str, str], int | None] | None:
    """Counts with the small ones, and as many others as are needed, hidden; None where that cannot be done safely, for their
    sum is published as a figure."""
    names = sorted(counts)
    if all(number == 0 or number >= least for number in counts.values()):
        return dict(counts)
    numbers = [counts[name] for name in names]
    try:
        table = suppress([float(one) for one in numbers], numbers, None, Rule(least=max(1, least)))
    except ImpactError:
        return None
    if np.isnan(table.shown[-1]) or not table.safe:
        return None
    return {name: None if np.isnan(table.shown[place]) else numbers[place] for place, name in enumerate(names)}


def frozen_map(inputs: Mapping[str, Any], figures: Figures) -> Section:
    """What is published by country of the confirmed columns."""
    columns: list[Lands] = []
    for figure in _mapped(figures):
        cells = inputs["published"].get(str(figure.position), {}).get("by", {}).get("country", {}).get(str(Column.CONFIRMED))
        if cells:
            name = word_of(inputs, figure.measure, "name")
            by = {code: Place(None if text is None else Decimal(text)) for code, text in cells.items()}
            columns.append(Lands(name, figure.unit, figure.currency, by, is_drawn=not columns))
    stars = any(one.number is None for lands in columns for one in lands.by.values())
    words = _("Groups of fewer than %(least)s stand together as others. A star: hidden, for it would give a small number away.")
    return map_section(columns, [words % {"least": inputs["least_cell"]}] if stars or columns else [])


def _mapped(figures: Figures) -> Sequence[FrozenFigure]:
    return [figure for measure in MAPPED for (name, _currency), figure in figures.items() if name == measure]
