"""Moments as minutes on one line, and back: what the kernel counts in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from madang.markets.models import Edition

MINUTE = dt.timedelta(minutes=1)
MARGIN = 1
"""Days before and after the edition that the line has room for."""


@dataclass(frozen=True)
class Line:
    """Minutes from midnight at the venue, a day before the edition's first; real minutes, whatever clocks do at night."""

    edition: Edition
    origin: dt.datetime

    def minute(self, moment: dt.datetime) -> int:
        return int((moment - self.origin) // MINUTE)

    def moment(self, minute: int) -> dt.datetime:
        """In UTC."""
        return self.origin + minute * MINUTE

    def midnight(self, day: dt.date) -> int:
        """When the day begins at the venue."""
        return self.minute(dt.datetime.combine(day, dt.time(), self.edition.zone).astimezone(dt.UTC))

    @property
    def days(self) -> tuple[int, ...]:
        """When each day of the line begins."""
        first = self.edition.starts_on - dt.timedelta(days=MARGIN)
        count = (self.edition.ends_on - first).days + MARGIN + 1
        return tuple(self.midnight(first + dt.timedelta(days=number)) for number in range(count))

    @property
    def end(self) -> int:
        return self.midnight(self.edition.ends_on + dt.timedelta(days=MARGIN + 1))


def line_of(edition: Edition) -> Line:
    first = edition.starts_on - dt.timedelta(days=MARGIN)
    return Line(edition, dt.datetime.combine(first, dt.time(), edition.zone).astimezone(dt.UTC))


def days_of(edition: Edition) -> list[dt.date]:
    """The edition's own days."""
    return [edition.starts_on + dt.timedelta(days=number) for number in range((edition.ends_on - edition.starts_on).days + 1)]
