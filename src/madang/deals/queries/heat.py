"""The map of what is free: small charts of territories over time, as runs that a picture draws and a table says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlencode

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Title
from madang.deals.queries.free import parts_below
from madang.deals.words import countries_of, day_text, language, media_text, territory_name
from madang.kernels import rights as kernel
from madang.kernels.rights import media_table, territory_table
from madang.people.models import Company

GROUPS = (
    "KR", "JP", "GREATER-CHINA", "SEA", "INDIAN-SUBCONTINENT", "ANZ", "MENA", "GSA", "FR", "UKI", "IT", "IBERIA",
    "BENELUX", "NORDICS", "CEE", "NORTH-AMERICA", "LATAM",
)  # fmt: skip
"""The rows of a map where no territories were named: markets as the trade sells them."""
MEDIA = ("THEA", "TRANSACTIONAL", "SVOD", "AVOD, FAST", "PAYTV", "FREE")
"""The charts of one title."""
MOST_ROWS = 24
LABEL, ACROSS, HIGH, TOP = 104, 256, 26, 22
"""Measures of a chart in its own units: the names, the time, a row, the axis."""
BASE = 17
"""From the top of a row to the line that its words stand on."""
ROOM_FOR_SIGN = 9


class Shade(StrEnum):
    """What a run of a row shows."""

    FREE = "free"
    ON_HOLD = "on_hold"
    PARTLY = "partly"
    TAKEN = "taken"
    NOT_HELD = "not_held"


SHADES: dict[Shade, tuple[str, Promise]] = {
    Shade.FREE: ("✓", pgettext_lazy("right", "Free")),
    Shade.ON_HOLD: ("?", _("Free, but on hold")),
    Shade.PARTLY: ("◐", _("Partly free")),
    Shade.TAKEN: ("✕", _("Not free")),
    Shade.NOT_HELD: ("–", _("Not held by the seller")),
}
"""Shade -> its sign and its words; the picture never says it by colour alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """One shade over a window. `x` and `width` in the chart's units; `sign` is empty where there is no room for it."""

    shade: Shade
    start: int
    end: int
    x: float
    width: float
    sign: str


@dataclass(frozen=True, slots=True)
class Row:
    """A territory over time; `query` asks for it on the page of the title."""

    label: str
    runs: tuple[Run, ...]
    text: str
    query: str
    y: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One small chart. `is_stated`: whether the seller has said anything; without it there are no rows."""

    title: Title
    heading: str
    rows: tuple[Row, ...]
    is_stated: bool
    height: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a map shows: the rows' codes, media, and a half-open window of days."""

    codes: tuple[str, ...]
    media: int
    start: int
    end: int


def row_codes(territories: int | None) -> tuple[str, ...]:
    """The rows of a map: the trade's groups, or the countries of the territories that were named."""
    return GROUPS if territories is None else tuple(countries_of(territories)[:MOST_ROWS])


def charts_of_titles(book: kernel.Book, titles: Sequence[Title], asked: Asked, buyer: Company | None) -> list[Chart]:
    """A chart for each title, for all the media together."""
    return [_chart(book, title, str(title), asked, buyer) for title in titles]


def charts_of_media(book: kernel.Book, title: Title, asked: Asked, buyer: Company | None) -> list[Chart]:
    """A chart of one title for each of the media, as far as they were asked for."""
    charts = []
    for code in MEDIA:
        if media := media_table().read(code) & asked.media:
            narrowed = Asked(asked.codes, media, asked.start, asked.end)
            charts.append(_chart(book, title, media_text(media), narrowed, buyer))
    return charts


def _chart(book: kernel.Book, title: Title, heading: str, asked: Asked, buyer: Company | None) -> Chart:
    stated = any(line.kind is kernel.Kind.GRANT for line in book.of(title.pk))
    rows = tuple(_row(book, title, asked, buyer, n) for n in range(len(asked.codes))) if stated else ()
    return Chart(title, heading, rows, stated, TOP + HIGH * len(rows))


def _row(book: kernel.Book, title: Title, asked: Asked, buyer: Company | None, number: int) -> Row:
    code = asked.codes[number]
    scope = kernel.Scope(territory_table().masks[code], asked.media, kernel.language_table().all, asked.start, asked.end)
    ask = kernel.Ask(scope, buyer=buyer.pk if buyer else None)
    answers = [kernel.answer(book, pk, ask) for pk in (title.pk, *parts_below(book, title.pk))]
    runs = tuple(_run(shade, start, end, asked) for shade, start, end in _shades(answers, scope))
    days = {"start": asked.start, "end": asked.end - 1}
    query = {"territories": code, "media": media_table().say(asked.media).replace(", ", ",")}
    query |= {name: dt.date.fromordinal(day).isoformat() for name, day in days.items()}
    return Row(territory_name(code), runs, _text(runs, asked), urlencode(query), TOP + HIGH * number + BASE)


def _shades(answers: Sequence[kernel.Answer], scope: kernel.Scope) -> Iterator[tuple[Shade, int, int]]:
    """The shades one after the other: each day by how many of its cells are free or not held. Of a title, then of its parts."""
    boxes = [box for one in answers for box in (*one.free, *one.missing, *(hold.scope for hold in one.soft))]
    days = sorted({scope.start, scope.end, *(day for box in boxes for day in (box.start, box.end))})
    last: tuple[Shade, int, int] | None = None
    for start, end in pairwise(days):
        shade = _together([_shade(one, scope, start) for one in answers])
        if last and last[0] is shade:
            last = (shade, last[1], end)
            continue
        if last:
            yield last
        last = (shade, start, end)
    if last:
        yield last


def _together(shades: list[Shade]) -> Shade:
    """The shade of a whole: no freer than its parts."""
    whole, every = shades[0], set(shades)
    if whole not in (Shade.FREE, Shade.ON_HOLD) or len(every) == 1:
        return whole
    return Shade.ON_HOLD if every == {Shade.FREE, Shade.ON_HOLD} else Shade.PARTLY


def _shade(answer: kernel.Answer, scope: kernel.Scope, day: int) -> Shade:
    every = scope._replace(start=0, end=1).volume
    free = _cells(answer.free, day)
    if free == every:
        return Shade.ON_HOLD if any(hold.scope.start <= day < hold.scope.end for hold in answer.soft) else Shade.FREE
    if free:
        return Shade.PARTLY
    return Shade.NOT_HELD if _cells(answer.missing, day) == every else Shade.TAKEN


def _cells(boxes: Sequence[kernel.Scope], day: int) -> int:
    return sum(box._replace(start=0, end=1).volume for box in boxes if box.start <= day < box.end)


def _run(shade: Shade, start: int, end: int, asked: Asked) -> Run:
    scale = ACROSS / (asked.end - asked.start)
    x, width = LABEL + (start - asked.start) * scale, (end - start) * scale
    return Run(shade, start, end, round(x, 1), round(width, 1), SHADES[shade][0] if width >= ROOM_FOR_SIGN else "")


def _text(runs: Sequence[Run], asked: Asked) -> str:
    """A row in words: "Free until 28 Feb 2027; Not free from 1 Mar 2027 on"."""
    return "; ".join(_run_text(run, asked) for run in runs)


def _run_text(run: Run, asked: Asked) -> str:
    words = {"state": str(SHADES[run.shade][1]), "start": day_text(run.start), "end": day_text(run.end - 1)}
    if run.start == asked.start and run.end == asked.end:
        return words["state"]
    if run.start == asked.start:
        return gettext("%(state)s until %(end)s") % words
    if run.end == asked.end:
        return gettext("%(state)s from %(start)s on") % words
    return gettext("%(state)s from %(start)s to %(end)s") % words


def ticks_of(asked: Asked) -> list[Tick]:
    """Days on the axis: the beginning of each year, or of each quarter in less than two."""
    first, last = dt.date.fromordinal(asked.start), dt.date.fromordinal(asked.end)
    is_short = (asked.end - asked.start) < 2 * 366
    months = (1, 4, 7, 10) if is_short else (1,)
    days = [dt.date(year, month, 1) for year in range(first.year, last.year + 1) for month in months]
    pattern = ("yy.M" if language() == "ko" else "MMM yy") if is_short else "y"
    scale, step = ACROSS / (asked.end - asked.start), max(1, len(days) // 8)
    kept = [day for day in days if first <= day < last][::step]
    return [
        Tick(round(LABEL + (day.toordinal() - asked.start) * scale, 1), format_date(day, pattern, locale=language()))
        for day in kept
        if day.toordinal() - asked.start <= (asked.end - asked.start) * 0.9
    ]
