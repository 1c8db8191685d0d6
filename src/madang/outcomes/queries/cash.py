"""Money over time: what was committed and paid period by period, and what the account would look like.

Up to today the balance is what came in less what was paid. From then on it is expected: open commitments and forecasts at
their days, each amount once; what is overdue is expected today. Amounts without a rate are left out, and named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from madang.kit.money import rounded
from madang.outcomes.models import Direction, Posting, PostingKind
from madang.outcomes.queries.budget import Budget, LineSum

MOST_PERIODS = 120
"""Weeks beyond that would be drawn too thin: months are shown instead."""


@dataclass(slots=True)
class Period:
    """A week or month: stages of costs by the day of the posting, and money in and out; sums in the totals' currency."""

    start: dt.date
    end: dt.date
    committed: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    forecast: Decimal = Decimal(0)
    came: Decimal = Decimal(0)
    went: Decimal = Decimal(0)
    will_come: Decimal = Decimal(0)
    will_go: Decimal = Decimal(0)
    balance: Decimal = Decimal(0)
    is_expected: bool = False


@dataclass(slots=True)
class Cash:
    """Periods in order; the lowest balance of any day; `left_out`: currencies without a rate; `planned` costs in all."""

    currency: str
    periods: list[Period]
    planned: Decimal | None
    lowest: tuple[dt.date, Decimal, bool] | None
    left_out: list[str]
    today: dt.date


@dataclass(frozen=True, slots=True)
class Move:
    """Money in (above 0) or out on a day."""

    day: dt.date
    amount: Decimal
    is_expected: bool


@dataclass(slots=True)
class _Reader:
    """Goes through a budget once."""

    budget: Budget
    today: dt.date
    moves: list[Move] = field(default_factory=list)
    stages: list[tuple[dt.date, str, Decimal]] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)

    def worth(self, posting: Posting, amount: Decimal) -> Decimal | None:
        rate = self.budget.rates.on(posting.currency, posting.on)
        if rate is None:
            self.left_out.add(posting.currency)
            return None
        return amount * rate

    def day(self, posting: Posting) -> dt.date:
        """Where its stage stands: a commitment at the day on which it was made, or due, whichever is earlier."""
        if posting.kind != PostingKind.COMMITTED:
            return posting.on
        return min(posting.on, posting.at.astimezone(self.budget.edition.zone).date())

    def line(self, one: LineSum) -> None:
        sign = 1 if one.line.direction == Direction.INCOME else -1
        rest = {open_.posting.pk: open_.rest for open_ in one.commitments}
        for posting in one.postings:
            is_spent = posting.kind == PostingKind.SPENT
            worth = self.worth(posting, posting.amount)
            if worth is not None and sign < 0:
                self.stages.append((self.day(posting), posting.kind, worth))
            moved = worth if is_spent else self.worth(posting, rest.get(posting.pk, posting.amount))
            if moved:
                is_expected = not is_spent or posting.on > self.today
                day = posting.on if is_spent else max(posting.on, self.today)
                self.moves.append(Move(day, sign * moved, is_expected))


def cash_of(budget: Budget, by: str = "month") -> Cash:
    """By "month" or "week" (from Monday). No query."""
    today = budget.edition.now().astimezone(budget.edition.zone).date()
    reader = _Reader(budget, today)
    for one in budget.lines.values():
        reader.line(one)
    days = [move.day for move in reader.moves] + [day for day, _kind, _worth in reader.stages]
    periods = list(_periods(min(days), max(days), by)) if days else []
    if len(periods) > MOST_PERIODS and by == "week":
        return cash_of(budget, "month")
    _fill(periods, reader)
    lowest = _lowest(reader.moves, budget.currency)
    return Cash(budget.currency, periods, budget.costs.planned.total, lowest, sorted(reader.left_out), today)


def _periods(first: dt.date, last: dt.date, by: str) -> Iterator[Period]:
    at = first.replace(day=1) if by == "month" else first - dt.timedelta(days=first.weekday())
    last = min(last, _plus_years(first, 10))
    while at <= last:
        step = (at.replace(day=28) + dt.timedelta(days=4)).replace(day=1) if by == "month" else at + dt.timedelta(days=7)
        yield Period(at, step - dt.timedelta(days=1))
        at = step


def _plus_years(day: dt.date, years: int) -> dt.date:
    return dt.date(min(day.year + years, 9990), 12, 31)


def _fill(periods: Sequence[Period], reader: _Reader) -> None:
    for day, kind, worth in reader.stages:
        if period := _of(periods, day):
            setattr(period, kind, getattr(period, kind) + worth)
    for move in reader.moves:
        if period := _of(periods, move.day):
            name = ("will_" if move.is_expected else "") + NAMES[move.amount > 0, move.is_expected]
            setattr(period, name, getattr(period, name) + abs(move.amount))
    balance, currency = Decimal(0), reader.budget.currency
    for period in periods:
        balance += period.came - period.went + period.will_come - period.will_go
        period.balance, period.is_expected = rounded(balance, currency), period.end > reader.today
        for name in ("committed", "spent", "forecast", "came", "went", "will_come", "will_go"):
            setattr(period, name, rounded(getattr(period, name), currency))


NAMES = {(True, False): "came", (False, False): "went", (True, True): "come", (False, True): "go"}


def _of(periods: Sequence[Period], day: dt.date) -> Period | None:
    return next((period for period in periods if period.start <= day <= period.end), None)


def _lowest(moves: Sequence[Move], currency: str) -> tuple[dt.date, Decimal, bool] | None:
    """The day at whose end the balance is lowest, the first of several; whether that is expected."""
    balance, by_day = Decimal(0), dict[dt.date, tuple[Decimal, bool]]()
    for move in sorted(moves, key=lambda one: one.day):
        balance += move.amount
        expected = move.is_expected or by_day.get(move.day, (balance, False))[1]
        by_day[move.day] = (balance, expected)
    if not by_day:
        return None
    day = min(by_day, key=lambda at: (by_day[at][0], at))
    return day, rounded(by_day[day][0], currency), by_day[day][1]


# --- The pictures ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A box of 100 by 100 for SVG: lines as `x,y x,y`, `bars` as (kind, x, y, width, height); `top` and `bottom`: its edges."""

    lines: dict[str, str]
    bars: list[tuple[str, str, str, str, str]]
    top: Decimal
    bottom: Decimal
    zero: str
    today: str | None = None
    mark: tuple[str, str] | None = None


def burn_picture(cash: Cash) -> Picture | None:
    """How committed, spent and forecast costs grew, each on its own, under the plan."""
    if not cash.periods:
        return None
    grown = {kind: _grown(cash.periods, kind) for kind in ("committed", "spent", "forecast")}
    top = max([cash.planned or Decimal(0), *(row[-1] for row in grown.values()), *(max(row) for row in grown.values())])
    scale = _Scale(top, min(Decimal(0), *(min(row) for row in grown.values())), len(cash.periods))
    lines = {kind: scale.line(row) for kind, row in grown.items()}
    if cash.planned is not None:
        lines["planned"] = f"0,{scale.y(cash.planned)} 100,{scale.y(cash.planned)}"
    return Picture(lines, [], scale.top, scale.bottom, scale.y(Decimal(0)), _today(cash))


def _grown(periods: Sequence[Period], kind: str) -> list[Decimal]:
    total, found = Decimal(0), []
    for period in periods:
        total += getattr(period, kind)
        found.append(total)
    return found


def cash_picture(cash: Cash) -> Picture | None:
    """Bars of money in (upwards) and out (downwards); the balance as a line, its lowest point marked."""
    periods = cash.periods
    if not periods:
        return None
    high = max([Decimal(0), *(max(one.came + one.will_come, one.balance) for one in periods)])
    low = min([Decimal(0), *(min(-one.went - one.will_go, one.balance) for one in periods)])
    scale, bars = _Scale(high, low, len(periods)), []
    for number, one in enumerate(periods):
        bars += scale.stack(number, [("came", one.came), ("will_come", one.will_come)], up=True)
        bars += scale.stack(number, [("went", one.went), ("will_go", one.will_go)], up=False)
    mark = None
    if cash.lowest and (period := _of(periods, cash.lowest[0])):
        mark = (scale.x(periods.index(period) + Decimal("0.5")), scale.y(cash.lowest[1]))
    line = {"balance": scale.line([one.balance for one in periods])}
    return Picture(line, bars, scale.top, scale.bottom, scale.y(Decimal(0)), _today(cash), mark)


def _today(cash: Cash) -> str | None:
    """Where today stands between the first day and the last."""
    first, last = cash.periods[0].start, cash.periods[-1].end
    if not first <= cash.today <= last:
        return None
    return f"{100 * (cash.today - first).days / max(1, (last - first).days):.2f}"


@dataclass(slots=True)
class _Scale:
    """From amounts and periods to a box of 100 by 100."""

    top: Decimal
    bottom: Decimal
    count: int

    def x(self, place: Decimal | int) -> str:
        return f"{100 * Decimal(place) / self.count:.2f}"

    def y(self, amount: Decimal) -> str:
        span = self.top - self.bottom
        return f"{100 * (self.top - amount) / span:.2f}" if span else "100.00"

    def line(self, row: Sequence[Decimal]) -> str:
        """One point at the end of each period, from zero at the start."""
        points = [f"0,{self.y(Decimal(0))}", *(f"{self.x(n)},{self.y(amount)}" for n, amount in enumerate(row, 1))]
        return " ".join(points)

    def stack(self, number: int, parts: Sequence[tuple[str, Decimal]], *, up: bool) -> list[tuple[str, str, str, str, str]]:
        """Bars on top of each other in one period's column, away from zero."""
        found, at = [], Decimal(0)
        for kind, amount in parts:
            if amount > 0:
                low, high = (at, at + amount) if up else (-at - amount, -at)
                height = Decimal(self.y(low)) - Decimal(self.y(high))
                width = Decimal(60) / self.count
                found.append((kind, self.x(number + Decimal("0.2")), self.y(high), f"{width:.2f}", f"{height:.2f}"))
                at += amount
        return found
