"""Parts of a report or of the overview that are drawn: the funnel, the map, meetings by hour; each with the table behind it.

They are made of plain data: numbers with their links on the organiser's pages, frozen and without small cells in a report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madang.kernels.impact import Rate
from madang.kit.calendar import day_text
from madang.kit.pictures import Box, Group, Line, Look, Picture, Shape, Words
from madang.kit.territories import country_name
from madang.kit.world import Counted, is_on_map, world_map
from madang.outcomes.measures.face import Column, Unit
from madang.outcomes.measures.words import COLUMNS, said
from madang.outcomes.queries.goals import Standing
from madang.outcomes.reports.cells import OTHERS
from madang.outcomes.reports.parts import HIDDEN, Cell, Number, Section, Sheet
from madang.outcomes.reports.wording import NOTHING

WIDE = 360.0
STEP, BAR = 36.0, 12.0
"""Of the funnel: a stage's height, and its bar's."""
TALL, FOOT, HEAD = 46.0, 18.0, 32.0
"""Of meetings by hour: columns at most, the hours beneath, the day above."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`rate`: of those at the stage before; None where there is none to tell. `link`: to the rows."""

    name: str
    number: int
    rate: Rate | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Hour:
    """Meetings that begin within an hour at the venue. None: hidden, for it is small."""

    day: str
    hour: str
    planned: int | None
    held: int | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a country in one column: None is hidden."""

    number: Decimal | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Lands:
    """A column of the map's table: its name, and numbers by country. `is_drawn`: on the map."""

    name: str
    unit: str
    currency: str
    by: Mapping[str, Place]
    is_drawn: bool = False


def language() -> str:
    return (get_language() or "en")[:2]


def whole(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def percent(share: float) -> str:
    places = 1 if 0 < share < 0.0995 else 0
    return _("%(number)s %%") % {"number": number_format(100 * share, places)}


def ends(rate: Rate) -> str:
    return _("%(low)s to %(high)s") % {"low": percent(rate.rate.low), "high": percent(rate.rate.high)}


# --- The funnel -----------------------------------------------------------------------------------------------------------


def funnel_section(stages: Sequence[Stage], buyers: Number | None = None) -> Section:
    """`buyers` are people, not meetings: they stand above the funnel, and no rate leads from them to it."""
    heading = _("From asking to signing")
    if not stages or not stages[0].number:
        return Section("funnel", heading)
    head = [_("Stage"), _("Meetings"), _("Of the stage before"), _("90 % interval")]
    rows: list[list[Cell]] = [[_("Buyers registered (people)"), buyers, NOTHING, ""]] if buyers else []
    for one in stages:
        number = Number(whole(one.number), Decimal(one.number), one.link)
        rows.append(
            [one.name, number, percent(one.rate.rate.estimate) if one.rate else NOTHING, ends(one.rate) if one.rate else ""]
        )
    texts = [_("Each stage is a part of the one before. One buyer’s meetings resemble each other, and the intervals know it.")]
    return Section("funnel", heading, texts, [Sheet(heading, head, rows)], pictures=[funnel_picture(stages)])


def funnel_picture(stages: Sequence[Stage]) -> Picture:
    """A bar a stage; the line across its end is where the interval of its rate lies."""
    shapes: list[Shape] = []
    most, before = max(1, stages[0].number), 0
    for place, one in enumerate(stages):
        y = place * STEP
        words = f"{one.name}: {whole(one.number)}" + (f" ({percent(one.rate.rate.estimate)})" if one.rate else "")
        parts: list[Box | Line | Words] = [
            Words(0, y + 12, one.name),
            Words(WIDE, y + 12, words.removeprefix(f"{one.name}: "), "end", Look.COUNT),
            Box(0, y + 17, WIDE, BAR, Look.GROUND),
            Box(0, y + 17, max(0.8, WIDE * one.number / most), BAR),
        ]
        if one.rate:
            left, right = (WIDE * before * end / most for end in (one.rate.rate.low, one.rate.rate.high))
            parts.append(Line([(left, y + 17 + BAR / 2), (right, y + 17 + BAR / 2)], Look.MARK))
            parts += [Line([(x, y + 19), (x, y + 15 + BAR)], Look.MARK) for x in (left, right)]
        shapes.append(Group(parts, words, one.link))
        before = one.number
    about = _(
        "A bar for each stage, as long as its number of meetings; the line across the end of a bar is the interval of its rate."
    )
    return Picture("funnel-picture", _("From asking to signing"), about, WIDE, len(stages) * STEP, shapes)


# --- Meetings by hour -----------------------------------------------------------------------------------------------------


def hours_section(hours: Sequence[Hour], zone: str, notes: Sequence[str] = ()) -> Section:
    """In the order of time; `zone` names the venue's."""
    heading = _("Meetings by hour")
    if not hours:
        return Section("hours", heading)
    rows: list[list[Cell]] = []
    for one in hours:
        rows.append([f"{_day(one.day)}, {one.hour}", _count(one.planned, ""), _count(one.held, one.link)])
    texts = [_("Hours of the venue: %(zone)s.") % {"zone": zone}, *notes]
    sheet = Sheet(_("Meetings by hour"), [_("Begins"), _("Planned"), _("Held")], rows)
    return Section("hours", heading, texts, [sheet], folded=True, pictures=[hours_picture(hours)])


def _day(day: str) -> str:
    return day_text(dt.date.fromisoformat(day), language())


def _count(number: int | None, link: str) -> Cell:
    return HIDDEN if number is None else Number(whole(number), Decimal(number), link)


def hours_picture(hours: Sequence[Hour]) -> Picture:
    """Days beneath each other, on one scale: a hollow column for what is planned, the filled part of it is held."""
    days = list(dict.fromkeys(one.day for one in hours))
    first, last = min(int(one.hour[:2]) for one in hours), max(int(one.hour[:2]) for one in hours)
    step, most = WIDE / (last - first + 1), max([1, *(one.planned or 0 for one in hours)])
    shapes: list[Shape] = []
    block = HEAD + TALL + FOOT
    for number, day in enumerate(days):
        top = number * block
        shapes += [Words(0, top + 12, _day(day)), Line([(0, top + HEAD + TALL), (WIDE, top + HEAD + TALL)])]
        shapes += [_column(one, (int(one.hour[:2]) - first) * step, top + HEAD, step, most) for one in hours if one.day == day]
    about = _(
        "A column for each hour of a day: as high as the meetings planned, filled as far as they were held. A star: hidden."
    )
    return Picture("hours-picture", _("Meetings by hour"), about, WIDE, len(days) * block, shapes)


def _column(one: Hour, x: float, top: float, step: float, most: int) -> Group:
    width, foot = min(step * 0.7, 30.0), top + TALL
    left, middle = x + (step - width) / 2, x + step / 2
    planned, held = (HIDDEN if number is None else whole(number) for number in (one.planned, one.held))
    words = _("%(hour)s: %(planned)s planned, %(held)s held") % {"hour": one.hour, "planned": planned, "held": held}
    high, filled = (TALL * (number or 0) / most for number in (one.planned, one.held))
    parts: list[Box | Words] = [Box(left, foot - high, width, high, Look.HOLLOW)] if high else []
    parts += [Box(left, foot - filled, width, filled)] if filled else []
    parts.append(Words(middle, foot - high - 3, planned, "middle", Look.SMALL))
    parts.append(Words(middle, foot + 10, one.hour[:2], "middle", Look.SMALL))
    return Group(parts, words, one.link)


# --- The map --------------------------------------------------------------------------------------------------------------


def map_section(columns: Sequence[Lands], notes: Sequence[str] = ()) -> Section:
    """One row a country; the drawn column is on the map."""
    heading = _("By country, on the map")
    drawn = next((one for one in columns if one.is_drawn), None)
    codes = sorted({code for one in columns for code in one.by}, key=lambda code: _rank(drawn, columns, code))
    if drawn is None or not codes:
        return Section("map", heading)
    rows: list[list[Cell]] = [[_country(code), *(_place(one, code) for one in columns)] for code in codes]
    names = [f"{one.name} ({one.currency})" if one.currency else one.name for one in columns]
    missing = [_country(code) for code in codes if code not in ("", OTHERS) and code in drawn.by and not is_on_map(code)]
    texts = [*notes]
    if missing:
        texts.append(_("Only in the table: %(countries)s.") % {"countries": ", ".join(missing)})
    sheet = Sheet(heading, [_("Country"), *names], rows)
    return Section("map", heading, texts, [sheet], folded=True, pictures=[map_picture(drawn)])


def map_picture(drawn: Lands) -> Picture:
    """Discs for one column."""
    about = _("A disc for each country, the larger the more; the largest have their code beside them. The table has the numbers.")
    counted = {
        code: Counted(float(one.number), f"{_country(code)}: {said(one.number, drawn.unit, drawn.currency)}", one.link)
        for code, one in drawn.by.items()
        if one.number
    }
    name = f"{drawn.name} ({drawn.currency})" if drawn.currency else drawn.name
    return world_map("map-picture", _("%(what)s by country") % {"what": name}, about, counted)


def _rank(drawn: Lands | None, columns: Sequence[Lands], code: str) -> tuple[int, Decimal, str]:
    """What is on the map first, the largest first; then by the other columns."""
    for place, one in enumerate((drawn, *columns)):
        if one and code in one.by and one.by[code].number:
            return place, -(one.by[code].number or Decimal()), code
    return len(columns) + 1, Decimal(), code


def _country(code: str) -> str:
    if code in ("", OTHERS):
        return _("others, together") if code else _("not known")
    return country_name(code, language())


def _place(column: Lands, code: str) -> Cell:
    one = column.by.get(code)
    if one is None:
        return NOTHING
    if one.number is None:
        return HIDDEN
    unit = column.unit if column.unit in (Unit.COUNT, Unit.MONEY, Unit.MINUTES) else Unit.COUNT
    return Number(said(one.number, unit, column.currency), one.number, one.link)


# --- A target -------------------------------------------------------------------------------------------------------------

LOOKS = {Column.CONFIRMED: Look.SOLID, Column.ONE_SIDED: Look.STRIPED, Column.ESTIMATE: Look.HOLLOW}
THIN = 7.0


def target_picture(one: Standing) -> Picture | None:
    """The columns of its figure beneath each other, never added, against the target; with the interval where there is one."""
    figure, target = one.figure, one.target
    known = {column: number for column, number in figure.columns.items() if number is not None} if figure else {}
    if figure is None or not known:
        return None
    most = max([target.amount, *known.values(), figure.high or Decimal()])
    if most <= 0:
        return None

    def at(number: Decimal) -> float:
        return min(WIDE, max(0.0, float(number / most) * (WIDE - 4)))

    shapes: list[Shape] = []
    for place, (column, number) in enumerate(known.items()):
        shapes += [Box(0, 3 + place * (THIN + 2), WIDE, THIN, Look.GROUND)]
        shapes += [Box(0, 3 + place * (THIN + 2), max(0.8, at(number)), THIN, LOOKS[column])]
    high = 4 + len(known) * (THIN + 2)
    if figure.low is not None and figure.high is not None:
        shapes.append(Line([(at(figure.low), 3 + THIN / 2), (at(figure.high), 3 + THIN / 2)], Look.MARK))
    shapes.append(Line([(at(target.amount), 0), (at(target.amount), high)], Look.GOAL))
    texts = [f"{COLUMNS[column]}: {said(number, figure.unit, figure.currency)}" for column, number in known.items()]
    about = _("%(columns)s. Dashed line: %(target)s.") % {"columns": "; ".join(texts), "target": one.wanted}
    return Picture(f"target-{target.pk}", one.name, about, WIDE, high, shapes)
