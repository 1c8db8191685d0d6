"""Measures of money: what was spent and came in, the share of the plan that is spent, the cost of a held meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.kernels.impact import Range, cost_each
from madang.markets.models import Edition
from madang.outcomes.measures.face import Column, Figure, Measure, Row, Unit
from madang.outcomes.measures.meetings import over, without_meetings
from madang.outcomes.measures.sums import DENOMINATOR, NUMERATOR, SAID, SURE, facts, figure_of, once, unknown
from madang.outcomes.models import Level, Posting, PostingKind
from madang.outcomes.queries.budget import Budget, LineSum, Open, budget_of

SOURCE = _("The postings of the budget that stand: neither withdrawn nor replaced")
FILTERS = ("activity", "line")
NO_LEVEL = Decimal(0)
"""A range that is stated: no probability is claimed for it."""
MAYBE_HELD = ("held", "one_sided", "contested")
"""Outcomes of meetings that may have been held."""


@once
def edition_budget(edition: Edition) -> Budget:
    return budget_of(edition)


def column_of(posting: Posting) -> Column:
    """Confirmed is what names its invoice; the rest is said by the organiser alone."""
    return Column.CONFIRMED if posting.reference.strip() else Column.ONE_SIDED


def posting_row(posting: Posting, amount: Decimal, **more: str) -> Row:
    """`amount` is the posting's own, or converted."""
    told = facts(
        activity=posting.line.activity.code, line=posting.line.code, invoice=posting.reference, day=posting.on,
        counterparty=posting.counterparty, posted_at=posting.at, posted_by=posting.by_id,
        stated_amount=f"{posting.currency} {posting.amount}",
    )  # fmt: skip
    return Row("posting", str(posting.pk), column_of(posting), amount, facts=told, **more)


def _spent(lines: Iterable[LineSum]) -> list[Posting]:
    return [one for line in lines for one in line.postings if one.kind == PostingKind.SPENT]


def _of(edition: Edition, *, costs: bool) -> list[Posting]:
    """Payments of costs, or what came in."""
    return _spent(one for one in edition_budget(edition).lines.values() if one.is_cost == costs)


def _by_currency(code: str, postings: Iterable[Posting]) -> list[Figure]:
    by: dict[str, list[Row]] = defaultdict(list)
    for posting in postings:
        by[posting.currency].append(posting_row(posting, posting.amount))
    return [figure_of(code, 1, Unit.MONEY, rows, SAID, currency=currency) for currency, rows in sorted(by.items())]


def spent(edition: Edition) -> list[Figure]:
    """A figure a currency; `activity` narrows it."""
    return _by_currency("spent", _of(edition, costs=True))


def income(edition: Edition) -> list[Figure]:
    return _by_currency("income", _of(edition, costs=False))


def _converted(budget: Budget, postings: Iterable[Posting]) -> list[Row] | None:
    """Rows in the currency of the totals; None where a rate is missing."""
    found = []
    for posting in postings:
        rate = budget.rates.on(posting.currency, posting.on)
        if rate is None:
            return None
        told = {"part": NUMERATOR}
        found.append(posting_row(posting, posting.amount * rate, **told))
    return found


def burn(edition: Edition) -> list[Figure]:
    """Payments over planned costs, both in the currency of the totals."""
    budget = edition_budget(edition)
    rows, planned = _converted(budget, _of(edition, costs=True)), budget.costs.planned
    if rows is None or planned.total is None:
        return [unknown("burn_share", 1, Unit.SHARE, SAID)]
    for one in budget.lines.values():
        if one.is_cost and one.planned.converted:
            told = facts(activity=one.line.activity.code, line=one.line.code)
            rows.append(Row("line", one.line.code, Column.CONFIRMED, one.planned.converted, DENOMINATOR, told))
    return [figure_of("burn_share", 1, Unit.SHARE, rows, SAID)]


def cost_a_held_meeting(edition: Edition) -> list[Figure]:
    """All payments of costs over the meetings held; None without any.

    Low: what has an invoice over all meetings that may have been held. High: everything paid and committed over those held.
    """
    budget, met = edition_budget(edition), [one for one in over(edition) if one.outcome in MAYBE_HELD]
    rows = _converted(budget, _of(edition, costs=True))
    held = [one for one in met if one.outcome == "held"]
    if rows is None or not held:
        return [unknown("cost_a_held_meeting", 1, Unit.RATIO, SAID)]
    told = [Row("meeting", one.code, Column.CONFIRMED, part=DENOMINATOR) for one in held]
    figure = figure_of("cost_a_held_meeting", 1, Unit.RATIO, [*rows, *told], SAID, currency=budget.currency)
    low, high = _ends(budget, rows, len(held), len(met))
    texts = facts(held=len(held), over=len(over(edition)))
    return [replace(figure, low=low, high=high, level=NO_LEVEL, facts=texts)]


def _ends(budget: Budget, rows: Iterable[Row], held: int, maybe: int) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and the highest cost each, as `cost_each` gives them for two stated ranges."""
    sure = sum((row.amount for row in rows if row.column in SURE), Decimal())
    paid = sum((row.amount for row in rows), Decimal())
    most = paid + sum(
        (one.rest * (budget.rates.on(one.posting.currency, one.posting.on) or 0) for one in _open(budget)), Decimal()
    )
    if min(sure, paid) < 0:
        return None, None
    cost = cost_each(Range(float(sure), float(paid), float(most)), Range(held, held, maybe))
    low, high = (None if end is None else Decimal(str(round(end, 2))) for end in (cost.low, cost.high))
    return low, high


def _worth(budget: Budget, one: Open) -> Decimal:
    """What is open of a commitment, as far as there is a rate."""
    return one.rest * (budget.rates.on(one.posting.currency, one.posting.on) or Decimal())


def _open(budget: Budget) -> list[Open]:
    return [one for line in budget.lines.values() if line.is_cost for one in line.commitments]


def without_postings(edition: Edition) -> str | Promise:
    """Nothing was posted as spent or received."""
    has_some = Posting.objects.filter(line__edition=edition, kind=PostingKind.SPENT, withdrawn_at=None, replaced_by=None)
    return "" if has_some.exists() else _("No payment is posted in the budget yet.")


def without_both(edition: Edition) -> str | Promise:
    return without_postings(edition) or without_meetings(edition)


MEASURES = (
    Measure(
        "spent", 1, _("Spent"),
        _("Payments on cost lines, by currency. Confirmed: with the invoice or order that they pay. One-sided: without."),
        Unit.MONEY, SOURCE, spent, Level.INPUT, FILTERS, is_public=False, is_missing=without_postings,
    ),
    Measure(
        "income", 1, pgettext_lazy("money", "Received"),
        _("Money that came in on income lines, by currency: grants, sponsors, fees. Confirmed: with its document. One-sided:"
          " without."),
        Unit.MONEY, SOURCE, income, Level.INPUT, FILTERS, is_public=False, is_missing=without_postings,
    ),
    Measure(
        "burn_share", 1, _("Share of the plan that is spent"),
        _("Payments on cost lines divided by all planned costs, both in the currency of the totals. Without a plan, or where a"
          " rate is missing, there is no share."),
        Unit.SHARE, _("The budget’s plan and its postings"), burn, Level.INPUT, FILTERS, is_public=False,
        is_missing=without_postings,
    ),
    Measure(
        "cost_a_held_meeting", 1, _("Cost of a held meeting"),
        _("All payments on cost lines, in the currency of the totals, divided by the meetings held. From: what has an invoice,"
          " over all meetings that may have been held. To: everything paid and still committed, over those surely held. Without"
          " a held meeting there is no cost."),
        Unit.RATIO, _("The postings of the budget; check-ins and scanned badges"), cost_a_held_meeting, Level.INPUT,
        is_public=False, is_missing=without_both,
    ),
)  # fmt: skip
