"""The budget: what is planned, committed, spent and still expected, by line and by activity.

Stages stand beside each other and are never added. `bound` is what of a line is no longer free, each amount once: every
commitment, or what was paid on it where that is more, and what was spent without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from madang.kit.money import rounded
from madang.markets.models import Edition
from madang.outcomes.models import Activity, BudgetLine, Direction, Posting, PostingKind
from madang.outcomes.queries.rates import Amounts, Rates, rates_of


def current_postings(edition: Edition) -> QuerySet[Posting]:
    """Those that stand: neither withdrawn nor replaced."""
    return Posting.objects.filter(line__edition=edition, withdrawn_at=None, replaced_by=None)


@dataclass(frozen=True, slots=True)
class Open:
    """A commitment and what was paid on it, in its own currency."""

    posting: Posting
    paid: Decimal

    @property
    def rest(self) -> Decimal:
        """What is still to be paid; nothing where more was paid than committed."""
        return max(Decimal(0), self.posting.amount - self.paid)

    @property
    def over(self) -> Decimal:
        return max(Decimal(0), self.paid - self.posting.amount)


@dataclass(slots=True)
class LineSum:
    """A line with its stages. `bound` is in the line's currency, None where a rate is missing; of an income, what came in."""

    line: BudgetLine
    postings: list[Posting]
    planned: Amounts
    committed: Amounts
    spent: Amounts
    forecast: Amounts
    left: Amounts
    commitments: list[Open]
    bound: Decimal | None

    @property
    def is_cost(self) -> bool:
        return self.line.direction == Direction.COST

    @property
    def most(self) -> Decimal:
        """What may be committed at most; of an income, what is to come."""
        return self.line.planned if self.line.limit is None or not self.is_cost else self.line.limit

    @property
    def free(self) -> Decimal | None:
        """What is left, in the line's currency: to commit of a cost, still to come of an income."""
        return None if self.bound is None else self.most - self.bound

    @property
    def is_over(self) -> bool:
        """More is bound than may be."""
        return self.is_cost and self.bound is not None and self.bound > self.most

    @property
    def is_tight(self) -> bool:
        """Nine tenths of what may be are bound."""
        return self.is_cost and not self.is_over and self.bound is not None and 0 < self.most * 9 <= self.bound * 10


STAGES = ("planned", "committed", "spent", "forecast", "left")


@dataclass(slots=True)
class Side:
    """The stages of many lines, of one direction, beside each other."""

    planned: Amounts
    committed: Amounts
    spent: Amounts
    forecast: Amounts
    left: Amounts

    @classmethod
    def of(cls, currency: str, lines: Iterable[LineSum]) -> Side:
        side = cls(*(Amounts(currency) for _stage in STAGES))
        for line in lines:
            for stage in STAGES:
                getattr(side, stage).join(getattr(line, stage))
        return side

    @property
    def columns(self) -> list[Amounts]:
        """In the order of STAGES."""
        return [getattr(self, stage) for stage in STAGES]


@dataclass(slots=True)
class ActivitySum:
    """An activity with its lines of both directions."""

    activity: Activity
    lines: list[LineSum]
    costs: Side
    income: Side

    @property
    def cost_lines(self) -> list[LineSum]:
        return [one for one in self.lines if one.line.direction == Direction.COST]

    @property
    def income_lines(self) -> list[LineSum]:
        return [one for one in self.lines if one.line.direction == Direction.INCOME]


@dataclass(slots=True)
class Budget:
    """A whole edition's, in the currency of the totals."""

    edition: Edition
    rates: Rates
    activities: list[ActivitySum]
    costs: Side
    income: Side
    lines: dict[int, LineSum] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        return self.rates.currency

    @property
    def balance(self) -> Decimal | None:
        """Planned income less planned costs."""
        income, costs = self.income.planned, self.costs.planned
        if income.total is None or costs.total is None:
            return None
        return rounded(income.converted - costs.converted, self.currency)


def budget_of(edition: Edition) -> Budget:
    """Every line with its stages. Six queries, however many rows there are."""
    rates = rates_of(edition)
    rows = Posting.objects.filter(line__edition=edition).order_by("on", "pk")
    every = list(rows.select_related("replaced_by"))
    by_line: dict[int, list[Posting]] = defaultdict(list)
    for posting in standing(every):
        by_line[posting.line_id].append(posting)
    settles = settlements(every)
    lines = BudgetLine.objects.filter(edition=edition).select_related("activity", "grant", "edition")
    ordered = lines.order_by("activity__position", "activity__code", "code")
    sums = {line.pk: line_sum(line, by_line[line.pk], settles, rates) for line in ordered}
    activities = Activity.objects.filter(edition=edition).prefetch_related("goals")
    grouped = [_activity_sum(activity, sums.values(), rates) for activity in activities]
    costs = Side.of(rates.currency, [one for one in sums.values() if one.line.direction == Direction.COST])
    income = Side.of(rates.currency, [one for one in sums.values() if one.line.direction == Direction.INCOME])
    return Budget(edition, rates, grouped, costs, income, sums)


def _activity_sum(activity: Activity, sums: Iterable[LineSum], rates: Rates) -> ActivitySum:
    mine = [one for one in sums if one.line.activity_id == activity.pk]
    costs = [one for one in mine if one.line.direction == Direction.COST]
    income = [one for one in mine if one.line.direction == Direction.INCOME]
    return ActivitySum(activity, mine, Side.of(rates.currency, costs), Side.of(rates.currency, income))


def standing(postings: Iterable[Posting]) -> list[Posting]:
    """Those that stand, of postings fetched with what replaces them."""
    return [one for one in postings if one.withdrawn_at is None and not hasattr(one, "replaced_by")]


def settlements(postings: Iterable[Posting]) -> dict[int, int]:
    """Standing payment -> the standing commitment that it settles; one that was replaced hands its payments on."""
    rows = {one.pk: one for one in postings}
    heir = {one.replaces_id: one.pk for one in rows.values() if one.replaces_id}
    stands = {one.pk for one in standing(rows.values())}
    found = {}
    for one in rows.values():
        if one.settles_id is not None and one.pk in stands:
            at = one.settles_id
            while at in heir:
                at = heir[at]
            if at in stands:
                found[one.pk] = at
    return found


def line_sum(line: BudgetLine, postings: list[Posting], settles: Mapping[int, int], rates: Rates) -> LineSum:
    """The stages of one line, of its standing postings. `settles`: as `settlements` gives it. No query."""
    stages = {kind: Amounts(rates.currency) for kind in PostingKind.values}
    for one in postings:
        one.line = line
        stages[one.kind].add(one.amount, one.currency, rates.on(one.currency, one.on))
    planned, left = Amounts(rates.currency), Amounts(rates.currency)
    planned.add(line.planned, line.currency, rates.first(line.currency))
    commitments = commitments_of(postings, settles)
    bound = _bound(line, postings, commitments, settles, rates)
    found = LineSum(line, postings, planned, stages["committed"], stages["spent"], stages["forecast"], left, commitments, bound)
    if found.free is None:
        left.lacking |= {one.currency for one in postings if rates.on(one.currency, one.on) is None} or {line.currency}
    else:
        left.add(found.free, line.currency, rates.latest(line.currency))
    return found


def commitments_of(postings: Iterable[Posting], settles: Mapping[int, int]) -> list[Open]:
    """The commitments among standing postings, with what was paid on each."""
    rows = list(postings)
    paid: dict[int, Decimal] = defaultdict(Decimal)
    for one in rows:
        if one.pk in settles:
            paid[settles[one.pk]] += one.amount
    return [Open(one, paid[one.pk]) for one in rows if one.kind == PostingKind.COMMITTED]


def _bound(
    line: BudgetLine, postings: list[Posting], commitments: list[Open], settles: Mapping[int, int], rates: Rates
) -> Decimal | None:
    spent = [one for one in postings if one.kind == PostingKind.SPENT]
    if line.direction == Direction.INCOME:
        return in_line(line, [(one, one.amount) for one in spent], rates)
    parts = [(one.posting, max(one.posting.amount, one.paid)) for one in commitments]
    return in_line(line, [*parts, *((one, one.amount) for one in spent if one.pk not in settles)], rates)


def in_line(line: BudgetLine, parts: Iterable[tuple[Posting, Decimal]], rates: Rates) -> Decimal | None:
    """The amounts of postings in the currency of their line, rounded once; None where a rate is missing."""
    total = Decimal(0)
    for posting, amount in parts:
        if posting.currency == line.currency:
            total += amount
            continue
        rate, own = rates.on(posting.currency, posting.on), rates.on(line.currency, posting.on)
        if rate is None or own is None:
            return None
        total += amount * rate / own
    return rounded(total, line.currency)
