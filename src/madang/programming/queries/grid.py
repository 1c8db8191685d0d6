"""One day as a grid: halls down, quarters of an hour across."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from madang.markets.models import Hall
from madang.programming.models import ConflictLevel, Item
from madang.programming.queries.clock import days_of
from madang.programming.queries.problem import Desk, place_of

STEP = 15
"""Minutes of a column."""
DAY = (9 * 60, 22 * 60)
"""What is shown of an empty day, in minutes from midnight."""
NIGHT = dt.timedelta(hours=6)
"""A day's programme may run until six in the morning."""


@dataclass(frozen=True)
class Cell:
    """Columns with an item in them, or one free column; `kind` is its class in the style sheet."""

    minute: int
    at: dt.datetime
    span: int = 1
    item: Item | None = None
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A hall; what overlaps stands in further `lanes`."""

    hall: Hall
    lanes: list[list[Cell]]


@dataclass(frozen=True)
class Day:
    """The shown day: its hours as (moment, columns), its rows, and what is placed on other days or nowhere."""

    date: dt.date
    hours: list[tuple[dt.datetime, int]]
    rows: list[Row]
    counts: list[tuple[dt.date, int]]
    unplaced: list[Item] = field(default_factory=list)


def day_of(desk: Desk, date: dt.date | None, worst: dict[int, ConflictLevel], picked: Item | None = None) -> Day:
    """The day asked for; else the first of the edition."""
    days = days_of(desk.edition)
    date = date if date in days else days[0]
    midnight = desk.line.midnight(date)
    shown = [item for item in desk.items.values() if _on(desk, item, date)]
    first, last = _hours(desk, shown, midnight)
    rows = [_row(desk, hall, shown, (first, last), worst, picked) for hall in desk.halls.values()]
    hours = [(desk.line.moment(minute), min(60, last - minute) // STEP) for minute in range(first, last, 60)]
    counts = [(day, sum(_on(desk, item, day) for item in desk.items.values())) for day in days]
    unplaced = sorted((item for item in desk.items.values() if item.hall_id is None), key=lambda item: item.code)
    return Day(date, hours, rows, counts, unplaced)


def programme_day(desk: Desk, item: Item) -> dt.date | None:
    """The day of the programme on which the item stands: until six in the morning the night belongs to the day before."""
    return None if item.starts_at is None else day_at(desk, item.starts_at)


def day_at(desk: Desk, moment: dt.datetime) -> dt.date:
    """The day of the programme in which a moment lies."""
    return (moment.astimezone(desk.edition.zone) - NIGHT).date()


def _on(desk: Desk, item: Item, date: dt.date) -> bool:
    return programme_day(desk, item) == date


def _hours(desk: Desk, shown: Iterable[Item], midnight: int) -> tuple[int, int]:
    """Whole hours, from before the first item to after the last."""
    places = [place for item in shown if (place := place_of(desk.line, item)) is not None]
    starts = [place.start - midnight for place in places]
    ends = [place.start + desk.items[int(place.item)].minutes - midnight for place in places]
    first, last = min([DAY[0], *starts]) // 60 * 60, -(-max([DAY[1], *ends]) // 60) * 60
    return midnight + max(0, first), midnight + last


def _row(
    desk: Desk, hall: Hall, shown: list[Item], hours: tuple[int, int], worst: dict[int, ConflictLevel], picked: Item | None
) -> Row:
    """Each item in the first lane where it overlaps nothing."""
    lanes: list[list[Item]] = [[]]
    for item in sorted((item for item in shown if item.hall_id == hall.pk), key=lambda item: (item.starts_at, item.code)):
        lane = next((lane for lane in lanes if not lane or _columns(desk, lane[-1])[1] <= _columns(desk, item)[0]), None)
        if lane is None:
            lane = []
            lanes.append(lane)
        lane.append(item)
    return Row(hall, [_cells(desk, hall, lane, hours, worst, picked) for lane in lanes])


def _columns(desk: Desk, item: Item) -> tuple[int, int]:
    """The first column that an item touches and the one after its last, as minutes."""
    place = place_of(desk.line, item)
    start = place.start if place else 0
    return start // STEP * STEP, -(-(start + item.minutes) // STEP) * STEP


def _cells(
    desk: Desk, hall: Hall, lane: list[Item], hours: tuple[int, int], worst: dict[int, ConflictLevel], picked: Item | None
) -> list[Cell]:
    cells, at = [], hours[0]
    for item in lane:
        first, last = _columns(desk, item)
        cells += _free(desk, hall, at, first)
        kinds = [{"block": "clash", "warn": "warned"}.get(str(worst.get(item.pk, "")), ""), "picked" if item == picked else ""]
        cells.append(Cell(first, desk.line.moment(first), (last - first) // STEP, item, " ".join(filter(None, kinds))))
        at = last
    return [*cells, *_free(desk, hall, at, hours[1])]


def _free(desk: Desk, hall: Hall, first: int, last: int) -> list[Cell]:
    """Empty columns, hatched where the hall is closed."""
    windows = [(desk.line.minute(o.starts_at), desk.line.minute(o.ends_at)) for o in hall.openings.all()]
    return [
        Cell(minute, desk.line.moment(minute), kind="" if _is_open(windows, minute) else "closed")
        for minute in range(first, last, STEP)
    ]


def _is_open(windows: list[tuple[int, int]], minute: int) -> bool:
    return not windows or any(start <= minute < end for start, end in windows)
