"""What an organiser may let funders see beside a report: another edition's report, and how the costs grew.

Both are made of frozen reports alone: the first of public figures, where what is withheld stays withheld; the second of the rows
of a figure that is not public, by months, none with fewer payments than the smallest group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from madang.kit.languages import isolated
from madang.kit.money import rounded
from madang.kit.pictures import Box, Group, Line, Look, Picture, Shape, Words
from madang.outcomes.measures.face import Column, Unit
from madang.outcomes.measures.sums import DENOMINATOR
from madang.outcomes.measures.words import said
from madang.outcomes.models import FrozenFigure, FrozenRow, Report
from madang.outcomes.queries.dashboard import difference
from madang.outcomes.queries.reports import frozen_name
from madang.outcomes.reports.document import Maker
from madang.outcomes.reports.parts import Cell, Number, Section, Sheet
from madang.outcomes.reports.pictured import WIDE, percent
from madang.outcomes.reports.wording import NOTHING

COSTS = "burn_share"
"""The measure whose rows are payments and plans in the currency of the totals."""
TALL, LABELS = 90.0, 8
"""Height of the columns; more than so many are labelled at both ends only."""


def beside_section(report: Report, other: Report, codes: Iterable[str]) -> Section:
    """The confirmed numbers of both reports, each as it is published; currencies are not mixed."""
    ours, theirs = Maker(report, None), Maker(other, None)
    heading = _("Beside another edition")
    keys = [key for code in codes for key in sorted(ours.by_name.keys() | theirs.by_name.keys()) if key[0] == code]
    rows = [_row(ours, theirs, key) for key in keys]
    head = [_("Measure"), _named(report), _named(other), _("Difference")]
    words = {"number": report.number, "other": other.number}
    text = _("What is confirmed in report %(number)s of this edition and in report %(other)s of the other, as they were frozen.")
    return Section("beside", heading, [text % words], [Sheet(heading, head, rows)] if rows else [])


def _named(report: Report) -> str:
    return isolated(frozen_name(report.inputs["edition"]))


def _row(ours: Maker, theirs: Maker, key: tuple[str, str]) -> list[Cell]:
    now, then = ours.by_name.get(key), theirs.by_name.get(key)
    label = ours.label(now) if now else theirs.label(theirs.by_name[key])
    cells = [made.cell(one, Column.CONFIRMED) if one else NOTHING for made, one in ((ours, now), (theirs, then))]
    return [label, *cells, _gap(now, then, *cells)]


def _gap(now: FrozenFigure | None, then: FrozenFigure | None, a: Cell, b: Cell) -> str:
    if now is None or then is None or not isinstance(a, Number) or not isinstance(b, Number):
        return NOTHING
    if (now.version, now.unit) != (then.version, then.unit):
        words = {"now": now.version, "then": then.version}
        return _("counted differently: version %(now)s and version %(then)s") % words
    return difference(a.value, b.value, now.unit, now.currency)


def burn_section(report: Report) -> Section:
    """What was spent by the end of each month, against the plan; nothing where there is neither plan nor enough payments."""
    heading = _("How the costs grew")
    planned, payments = _costs(report)
    currency, least = report.inputs["currency"], int(report.inputs["least_cell"])
    steps = [(month, rounded(spent, currency)) for month, spent in steps_of(payments, max(1, least))]
    if not planned or not steps:
        return Section("burn", heading)
    rows: list[list[Cell]] = [
        [month, Number(said(spent, Unit.MONEY, currency), spent), percent(float(spent / planned))] for month, spent in steps
    ]
    texts = [
        _("Planned costs: %(amount)s.") % {"amount": said(planned, Unit.MONEY, currency)},
        _("Payments with their invoice and without, converted as the report did."),
    ]
    if least > 1:
        words = _("A month of fewer than %(least)s payments stands together with the next.")
        texts.append(words % {"least": least})
    head = [_("By the end of"), _("Spent so far"), _("Of the plan")]
    return Section("burn", heading, texts, [Sheet(heading, head, rows)], pictures=[_picture(steps, planned, currency)])


def _costs(report: Report) -> tuple[Decimal, Mapping[str, Sequence[Decimal]]]:
    """Planned costs, and payments by month (2025-05). One query."""
    rows = FrozenRow.objects.filter(figure__report=report, figure__measure=COSTS).order_by("position")
    planned, payments = Decimal(), defaultdict[str, list[Decimal]](list)
    for part, day, amount in rows.values_list("facts__part", "facts__day", "amount"):
        if part == DENOMINATOR:
            planned += Decimal(amount)
        elif day:
            payments[day[:7]].append(Decimal(amount))
    return planned, payments


def steps_of(payments: Mapping[str, Sequence[Decimal]], least: int) -> list[tuple[str, Decimal]]:
    """(month, spent by its end), the earliest first: a month of fewer than `least` payments stands together with the next, the
    last ones with those before them; without so many in all there is none."""
    found: list[tuple[str, Decimal]] = []
    total, waiting = Decimal(), 0
    for month in sorted(payments):
        total, waiting = total + sum(payments[month]), waiting + len(payments[month])
        if waiting >= least:
            found.append((month, total))
            waiting = 0
    if waiting and found:
        found[-1] = max(payments), total
    return found


def _picture(steps: Sequence[tuple[str, Decimal]], planned: Decimal, currency: str) -> Picture:
    """A column for each step, under the line of the plan."""
    top = max([planned, *(spent for _month, spent in steps)])
    step = WIDE / len(steps)
    shapes: list[Shape] = []
    for place, (month, spent) in enumerate(steps):
        high = max(0.8, TALL * float(max(spent, Decimal()) / top))
        column: list[Box | Words] = [Box((place + 0.15) * step, 14 + TALL - high, step * 0.7, high)]
        if len(steps) <= LABELS:
            column.append(Words((place + 0.5) * step, TALL + 27, month, "middle", Look.SMALL))
        elif place in (0, len(steps) - 1):
            column.append(Words(WIDE if place else 0, TALL + 27, month, "end" if place else "start", Look.SMALL))
        shapes.append(Group(column, f"{month}: {said(spent, Unit.MONEY, currency)}"))
    plan = 14 + TALL * (1 - float(planned / top))
    shapes += [Line([(0, plan), (WIDE, plan)], Look.GOAL), Line([(0, 14 + TALL), (WIDE, 14 + TALL)])]
    about = _("A column for what was spent by the end of each month; the dashed line is what was planned.")
    return Picture("burn-picture", _("How the costs grew"), about, WIDE, TALL + 32, shapes)
