"""What the overview of outcomes draws: how far meetings came, where and when they were held, two editions side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from madang.kernels.impact import funnel
from madang.kit.calendar import zone_name
from madang.markets.models import Edition
from madang.markets.rules import Visitor, organised_editions
from madang.outcomes.measures.catalogue import CATALOGUE
from madang.outcomes.measures.composed import measures_of
from madang.outcomes.measures.face import Column, Figure, Measure, Unit
from madang.outcomes.measures.meetings import at_venue, edition_meetings, over
from madang.outcomes.measures.sums import computed
from madang.outcomes.measures.words import said
from madang.outcomes.queries.chain import STAGES, stage_counts
from madang.outcomes.queries.goals import main_number
from madang.outcomes.reports.parts import Number, Section
from madang.outcomes.reports.pictured import (
    Hour,
    Lands,
    Place,
    Stage,
    funnel_section,
    hours_section,
    language,
    map_section,
    whole,
)


def rows_link(edition: Edition, measure: str, **query: str) -> str:
    """Where the rows beneath a number are."""
    found = urlencode({name: text for name, text in query.items() if text})
    return f"{reverse('outcomes:figure', args=[edition.slug, measure])}{'?' if found else ''}{found}#rows"


def funnel_part(edition: Edition) -> Section:
    """Buyers, then meetings from stage to stage, each opening its rows."""
    counts = stage_counts(edition)
    if not counts:
        return funnel_section([])
    rates = [None, *(step.rate for step in funnel(list(STAGES), counts)[: len(STAGES) - 1])]
    links = [rows_link(edition, "meetings_asked", **({} if name == "asked" else {name: "yes"})) for name in STAGES]
    stages = [
        Stage(str(words), sum(row), rate, link)
        for words, row, rate, link in zip(STAGES.values(), counts, rates, links, strict=True)
    ]
    (buyers,) = computed(CATALOGUE["buyers"], edition)
    number = len(buyers.rows)
    return funnel_section(stages, Number(whole(number), Decimal(number), rows_link(edition, "buyers")))


def hours_part(edition: Edition) -> Section:
    """Meetings planned and held by the hour in which they begin."""
    planned = Counter(at_venue(one.starts_at, edition.zone) for one in edition_meetings(edition))
    held = Counter(at_venue(one.starts_at, edition.zone) for one in over(edition) if one.outcome == "held")
    hours = [
        Hour(day, hour, planned[day, hour], held[day, hour], rows_link(edition, "meetings_planned", day=day, hour=hour))
        for day, hour in sorted(planned)
    ]
    return hours_section(hours, zone_name(edition.time_zone, language()))


def map_part(edition: Edition, drawn: str = "") -> tuple[Section, list[tuple[str, str, bool]]]:
    """The map, and what it can draw: (code, name, whether it is drawn)."""
    columns = [*_counted(edition), *_contracts(edition)]
    known = [code for code, lands in columns if lands.by]
    chosen = drawn if drawn in known else next(iter(known), "")
    shown = [Lands(one.name, one.unit, one.currency, one.by, code == chosen) for code, one in columns]
    choices = [(code, f"{one.name} ({one.currency})" if one.currency else one.name, code == chosen) for code, one in columns]
    return map_section(shown), [one for one in choices if one[0] in known]


def _counted(edition: Edition) -> list[tuple[str, Lands]]:
    """Meetings held by the country of who buys, as their rows say it; companies by theirs."""
    held = Counter(one.buyer_first[0].country for one in over(edition) if one.outcome == "held")
    (figure,) = computed(CATALOGUE["companies"], edition)
    here = Counter(row.facts.get("country", "") for row in figure.rows)
    return [
        ("meetings_held", _lands(edition, "meetings_held", held, column=str(Column.CONFIRMED))),
        ("companies", _lands(edition, "companies", here)),
    ]


def _lands(edition: Edition, measure: str, counts: Mapping[str, int | Decimal], currency: str = "", column: str = "") -> Lands:
    asked = {"column": column, "currency": currency}
    places = {
        code: Place(Decimal(number), rows_link(edition, measure, country=code, **asked) if code else "")
        for code, number in counts.items()
    }
    unit = Unit.MONEY if currency else Unit.COUNT
    return Lands(str(CATALOGUE[measure].name), unit, currency, places)


def _contracts(edition: Edition) -> list[tuple[str, Lands]]:
    """What signed contracts are worth as all sides say, by currency."""
    found = []
    for figure in computed(CATALOGUE["contract_value"], edition):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in figure.rows:
            if row.column == Column.CONFIRMED:
                sums[row.facts.get("country", "")] += row.amount
        lands = _lands(edition, "contract_value", sums, figure.currency, str(Column.CONFIRMED))
        found.append((f"contract_value-{figure.currency}", lands))
    return found


# --- Edition against edition ----------------------------------------------------------------------------------------------


COMPARED = (
    "meetings_asked", "meetings_planned", "meetings_held", "meetings_held_share", "offers", "memos", "licences", "contract_value",
    "companies", "buyers", "attendance",
)  # fmt: skip
"""Measures that stand beside those of another edition."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A number of two editions. `more`: the difference in words, or "" with `why` it cannot be told."""

    name: str
    now: str
    then: str
    more: str
    why: str
    now_link: str
    then_link: str


def comparable(user: Visitor, edition: Edition) -> QuerySet[Edition]:
    """The market's other editions that the user organises, the newest first."""
    others = organised_editions(user).filter(market=edition.market_id).exclude(pk=edition.pk).select_related("market")
    return others.order_by("-starts_on", "slug").distinct()


def side_by_side(edition: Edition, other: Edition, codes: Iterable[str]) -> list[Beside]:
    """The confirmed numbers of both, each measure as either edition has it; currencies are not mixed."""
    here, there = measures_of(edition), measures_of(other)
    return [row for code in dict.fromkeys(codes) if code in here for row in _beside(edition, other, here[code], there.get(code))]


def _beside(edition: Edition, other: Edition, measure: Measure, same: Measure | None) -> list[Beside]:
    ours = {one.currency: one for one in computed(measure, edition)}
    theirs = {one.currency: one for one in computed(same, other)} if same else {}
    return [_row(edition, other, measure, ours.get(one), theirs.get(one)) for one in sorted(ours.keys() | theirs.keys())]


def _row(edition: Edition, other: Edition, measure: Measure, now: Figure | None, then: Figure | None) -> Beside:
    figure = now or then
    currency = figure.currency if figure else ""
    a, b = main_number(now), main_number(then)
    name = f"{measure.name} ({currency})" if currency else str(measure.name)
    here, there = (said(number, measure.unit, currency) for number in (a, b))
    link, other_link = (rows_link(one, measure.code, currency=currency) for one in (edition, other))
    why = ""
    if now and then and (now.version, now.unit) != (then.version, then.unit):
        why = _("counted differently: version %(now)s and version %(then)s") % {"now": now.version, "then": then.version}
    more = difference(a, b, measure.unit, currency) if a is not None and b is not None and not why else ""
    return Beside(name, here, there, more, why, link if now else "", other_link if then else "")


def difference(now: Decimal, then: Decimal, unit: str, currency: str) -> str:
    """+12, −3, ±0; of shares in points."""
    gap = now - then
    sign = "+" if gap > 0 else "−" if gap < 0 else "±"
    if unit == Unit.SHARE:
        return _("%(sign)s%(points)s points") % {"sign": sign, "points": number_format(abs(gap) * 100, 1)}
    return f"{sign}{said(abs(gap), unit, currency)}"
