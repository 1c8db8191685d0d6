"""The roster as tables to take along: by day, by person, by shift. Times are on the venue's clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from madang.kit.tables import Cell
from madang.outcomes.models import Worker
from madang.outcomes.queries.staffing import Held, Roster, Row

Table = tuple[list[str], list[list[Cell]]]
"""Head and rows."""
SHIFT_HEAD: tuple[str | Promise, ...] = (
    gettext_lazy("Day"), pgettext_lazy("time", "From"), pgettext_lazy("time", "To"), gettext_lazy("Hours"),
    gettext_lazy("Shift code"),
    pgettext_lazy("work", "Shift"), gettext_lazy("Activity"), gettext_lazy("Where"), gettext_lazy("Skill"),
)  # fmt: skip
PERSON_HEAD: tuple[str | Promise, ...] = (
    gettext_lazy("Worker code"), gettext_lazy("Name"), gettext_lazy("Name in own script"), gettext_lazy("Confirmed by her"),
)  # fmt: skip


def hours_of(minutes: int) -> Decimal:
    """To a hundredth of an hour."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def _shift(row: Row) -> list[Cell]:
    shift, zone = row.shift, row.shift.edition.zone
    start, end = (f"{moment.astimezone(zone):%H:%M}" for moment in (shift.starts_at, shift.ends_at))
    return [
        row.work.day, start, end, hours_of(row.work.minutes), shift.code, str(shift), str(shift.activity),
        str(shift.hall or ""), str(shift.skill or ""),
    ]  # fmt: skip


def _person(worker: Worker, confirmed_at: dt.datetime | None) -> list[Cell]:
    return [worker.code, worker.name, worker.native_name, _("yes") if confirmed_at else _("no")]


def by_day(roster: Roster) -> Table:
    """A row a place in order of time; one that nobody holds has no person."""
    rows: list[list[Cell]] = []
    for row in roster.rows:
        rows += [[*_shift(row), *_person(duty.worker, duty.confirmed_at)] for duty in row.duties]
        rows += [[*_shift(row), *[""] * len(PERSON_HEAD)] for _place in range(row.open)]
    return [str(word) for word in (*SHIFT_HEAD, *PERSON_HEAD)], rows


def by_person(roster: Roster) -> Table:
    """A row a worker: her shifts, her hours of each day, and all of them."""
    days = list(roster.days)
    head = [*[str(word) for word in PERSON_HEAD[:3]], _("Shifts"), _("Hours in all"), *[day.isoformat() for day in days]]
    return head, [_hours(one, days) for one in roster.people if one.rows or one.worker.left_at is None]


def _hours(one: Held, days: list[dt.date]) -> list[Cell]:
    each = {day: sum(row.work.minutes for row in one.rows if row.work.day == day) for day in days}
    worker = one.worker
    return [
        worker.code, worker.name, worker.native_name, len(one.rows), hours_of(one.minutes),
        *[hours_of(each[day]) if each[day] else None for day in days],
    ]  # fmt: skip


def by_shift(roster: Roster) -> Table:
    """A row a shift: how many it needs, how many hold it, and who."""
    head = [*[str(word) for word in SHIFT_HEAD], _("People needed"), _("Held by"), _("Open places"), _("Names")]
    rows: list[list[Cell]] = [
        [*_shift(row), row.shift.needed, len(row.duties), row.open, ", ".join(duty.worker.name for duty in row.duties)]
        for row in roster.rows
    ]
    return head, rows


TABLES: Mapping[str, Callable[[Roster], Table]] = {"days": by_day, "people": by_person, "shifts": by_shift}
