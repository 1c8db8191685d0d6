"""What if there are 20 % fewer exhibitors: the plan as it would be, and what of it cannot shrink. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from madang.kit.money import rounded
from madang.markets.models import Edition
from madang.meetings.queries.held import said_meetings
from madang.outcomes.models import Grows
from madang.outcomes.queries.budget import Budget, LineSum
from madang.outcomes.queries.rates import Amounts
from madang.people.models import Company, Participant

DRIVERS = tuple(grows for grows in Grows if grows != Grows.FIXED)


@dataclass(frozen=True, slots=True)
class LineThen:
    """A line as planned and as it would be; `stuck`: what is committed beyond that, and cannot be saved. Line's currency."""

    sum: LineSum
    then: Decimal
    stuck: Decimal

    @property
    def change(self) -> Decimal:
        return self.then - self.sum.line.planned


@dataclass(slots=True)
class Scenario:
    """Plan and scenario, by direction; the gap is income less costs. None where a rate is missing.

    `costs_stuck`: the costs where no line falls below what is committed of it.
    """

    changes: Mapping[str, int]
    lines: list[LineThen]
    costs: Amounts
    income: Amounts
    costs_then: Amounts
    costs_stuck: Amounts
    income_then: Amounts

    @property
    def gap(self) -> Decimal | None:
        return _less(self.income, self.costs)

    @property
    def gap_then(self) -> Decimal | None:
        return _less(self.income_then, self.costs_then)

    @property
    def gap_stuck(self) -> Decimal | None:
        """What really would be left: with what cannot shrink."""
        return _less(self.income_then, self.costs_stuck)

    @property
    def stuck(self) -> list[LineThen]:
        return [one for one in self.lines if one.stuck > 0]


def _less(income: Amounts, costs: Amounts) -> Decimal | None:
    if income.total is None or costs.total is None:
        return None
    return rounded(income.converted - costs.converted, income.currency)


def scenario_of(budget: Budget, changes: Mapping[str, int]) -> Scenario:
    """`changes`: by driver, per cent more (below 0: fewer). A line's plan changes by the same share; fixed ones stay."""
    sums = [Amounts(budget.currency) for _sum in range(5)]
    found = Scenario(changes, [], *sums)
    for one in budget.lines.values():
        then = line_then(one, changes)
        found.lines.append(then)
        line, rate = one.line, budget.rates.first(one.line.currency)
        if one.is_cost:
            found.costs.add(line.planned, line.currency, rate)
            found.costs_then.add(then.then, line.currency, rate)
            found.costs_stuck.add(then.then + then.stuck, line.currency, rate)
        else:
            found.income.add(line.planned, line.currency, rate)
            found.income_then.add(then.then, line.currency, rate)
    return found


def line_then(one: LineSum, changes: Mapping[str, int]) -> LineThen:
    """The line with its driver's change; rounded once, half a unit up."""
    share = Decimal(100 + changes.get(one.line.grows, 0)) / 100
    then = rounded(one.line.planned * share, one.line.currency)
    bound = one.bound if one.is_cost and one.bound is not None else Decimal(0)
    return LineThen(one, then, max(Decimal(0), bound - then))


def counts_today(edition: Edition) -> dict[str, int]:
    """How many there are of each driver: companies with sellers, buyers, meetings of the published timetable, guests."""
    people = Participant.objects.filter(edition=edition, left_at=None)
    return {
        Grows.EXHIBITORS: Company.objects.filter(edition=edition, pk__in=people.filter(is_seller=True).values("company")).count(),
        Grows.BUYERS: people.filter(is_buyer=True).count(),
        Grows.MEETINGS: said_meetings(edition).order_by().count(),
        Grows.GUESTS: people.filter(is_guest=True).count(),
    }
