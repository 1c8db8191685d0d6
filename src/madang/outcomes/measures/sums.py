"""How rows become a figure: the one place where anything is added or divided. Nothing is added across columns."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, TypeVar

from madang.markets.models import Edition
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit

Read = TypeVar("Read")

NUMERATOR, DENOMINATOR = "numerator", "denominator"
DIVIDED = frozenset({Unit.SHARE, Unit.SCORE, Unit.RATIO})
"""Units of what is divided: such a figure is a number only where there is something to divide by."""
SURE = (Column.CONFIRMED,)
SAID = (Column.CONFIRMED, Column.ONE_SIDED)
EVERY = tuple(Column)

_read: ContextVar[dict[tuple[object, int], Any] | None] = ContextVar("read", default=None)


def figure_of(code: str, version: int, unit: Unit, rows: Iterable[Row], columns: Sequence[Column] = EVERY, **more: Any) -> Figure:
    """A figure with these rows. `more`: the other fields of Figure."""
    kept = tuple(rows)
    return Figure(code, version, unit, added_up(kept, unit, columns), rows=kept, **more)


def added_up(rows: Iterable[Row], unit: Unit, columns: Sequence[Column] = EVERY) -> dict[Column, Decimal | None]:
    """Each column's number: the sum of its rows; where rows have parts, the numerators over all the denominators, which are
    one known number for every column. None where the denominators come to nothing, and for a share without any row."""
    sums = dict.fromkeys(columns, Decimal())
    below, is_divided = Decimal(), unit in DIVIDED
    for row in rows:
        is_divided = is_divided or bool(row.part)
        if row.part == DENOMINATOR:
            below += row.amount
        else:
            sums[row.column] = sums.get(row.column, Decimal()) + row.amount
    if not is_divided:
        return dict(sums)
    return {column: amount / below if below else None for column, amount in sums.items()}


def unknown(code: str, version: int, unit: Unit, columns: Sequence[Column] = EVERY) -> Figure:
    """A figure whose source does not exist: no number, which is no 0."""
    return Figure(code, version, unit, dict.fromkeys(columns))


@contextmanager
def reading_once() -> Iterator[None]:
    """Within this, and what it calls, what several measures read alike is read once: for a page or a report of many."""
    kept = _read.get()
    token = _read.set({} if kept is None else kept)
    collects = gc.isenabled()
    gc.disable()  # tens of thousands of rows without cycles: looking for some took half of the time
    try:
        yield
    finally:
        _read.reset(token)
        if collects:
            gc.enable()


def once(read: Callable[[Edition], Read]) -> Callable[[Edition], Read]:
    """Mark what `reading_once` keeps; outside of it, each call reads anew."""

    @wraps(read)
    def wrapped(edition: Edition) -> Read:
        kept = _read.get()
        if kept is None:
            return read(edition)
        key = (read, edition.pk)
        if key not in kept:
            kept[key] = read(edition)
        return kept[key]  # type: ignore[no-any-return]  # kept by what read it

    return wrapped


def computed(measure: Measure, edition: Edition) -> Sequence[Figure]:
    """What the measure gives; within `reading_once` it is computed once."""
    kept = _read.get()
    if kept is None:
        return measure.compute(edition)
    key = (measure.code, measure.version), edition.pk
    if key not in kept:
        kept[key] = measure.compute(edition)
    return kept[key]  # type: ignore[no-any-return]  # kept by what computed it


class Later(Mapping[str, str]):
    """Facts that are put together when somebody first asks for one: most pages count rows, and few read what is known of each."""

    __slots__ = ("_kept", "_tell")

    def __init__(self, tell: Callable[[], Mapping[str, str]]) -> None:
        self._tell = tell
        self._kept: Mapping[str, str] | None = None

    def _told(self) -> Mapping[str, str]:
        if self._kept is None:
            self._kept = self._tell()
        return self._kept

    def __getitem__(self, name: str) -> str:
        return self._told()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told())

    def __len__(self) -> int:
        return len(self._told())


def facts(**texts: object) -> Mapping[str, str]:
    """What is known, as texts; what is not known is left out. Moments are ISO 8601 in UTC."""
    return {name: _text(value) for name, value in texts.items() if value not in (None, "")}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return moment(value) if isinstance(value, dt.datetime) else str(value)


@lru_cache(maxsize=4096)
def moment(at: dt.datetime) -> str:
    """2025-05-28T01:00:00Z; many rows share one."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
