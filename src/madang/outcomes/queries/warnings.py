"""What is about to go wrong with money and people: one list, each with the page where it is mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from madang.kit.calendar import day_text
from madang.kit.languages import isolated
from madang.kit.money import money
from madang.markets.models import Edition
from madang.outcomes.models import Condition, Direction, Goal, Grant
from madang.outcomes.queries.budget import Budget, LineSum, budget_of
from madang.outcomes.queries.rates import Amounts
from madang.outcomes.queries.staffing import Held, Roster, Row, roster_of
from madang.outcomes.rostering import Breach

SOON = dt.timedelta(days=14)
"""So long before its day a condition of a grant is told of."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to mend, and where. `code` is stable; `is_grave`: it is wrong now, not only soon."""

    code: str
    text: str
    url: str
    is_grave: bool = True

    @property
    def tone(self) -> str:
        return "bad" if self.is_grave else "warn"

    @property
    def word(self) -> str:
        return pgettext("warning", "Now") if self.is_grave else _("Soon")


@dataclass(frozen=True, slots=True)
class _Case:
    """What the warnings are read from."""

    edition: Edition
    budget: Budget
    roster: Roster
    language: str
    today: dt.date

    def url(self, name: str, *args: object) -> str:
        return reverse(f"outcomes:{name}", args=[self.edition.slug, *args])


def warnings_of(
    edition: Edition, language: str = "en", budget: Budget | None = None, roster: Roster | None = None
) -> list[Trouble]:
    """All, in the order of CHECKS; days are written in `language`. A constant number of queries."""
    today = edition.now().astimezone(edition.zone).date()
    case = _Case(edition, budget or budget_of(edition), roster or roster_of(edition), language, today)
    return [one for check in CHECKS for one in check(case)]


def goals_without_money(case: _Case) -> Iterator[Trouble]:
    """No activity with money serves the goal, one above it or one of its parts; told once, at the topmost."""
    goals = {goal.pk: goal for goal in Goal.objects.filter(edition=case.edition)}
    paid = {goal.pk for one in case.budget.activities if one.lines for goal in one.activity.goals.all()}
    below = {pk for pk in paid if pk in goals}  # goals of which something at or below is paid for
    for pk in paid:
        at = goals.get(pk)
        while at is not None and at.parent_id is not None:
            below.add(at.parent_id)
            at = goals.get(at.parent_id)

    def is_covered(goal: Goal) -> bool:
        at: Goal | None = goal
        while at is not None:
            if at.pk in paid:
                return True
            at = goals.get(at.parent_id or 0)
        return goal.pk in below

    for goal in goals.values():
        if not is_covered(goal) and (goal.parent_id not in goals or is_covered(goals[goal.parent_id])):
            text = _("No money stands behind the goal “%(goal)s”.") % {"goal": isolated(str(goal))}
            yield Trouble("goal_without_money", text, case.url("budget"), is_grave=False)


def money_without_goals(case: _Case) -> Iterator[Trouble]:
    for one in case.budget.activities:
        if one.lines and not one.activity.goals.all():
            text = _("“%(activity)s” costs money and serves no goal.") % {"activity": isolated(str(one.activity))}
            yield Trouble("money_without_goal", text, case.url("activity", one.activity.code), is_grave=False)


def over_the_limit(case: _Case) -> Iterator[Trouble]:
    for one in case.budget.lines.values():
        if one.is_over and one.bound is not None:
            facts = _line_facts(one) | {"bound": money(one.bound, one.line.currency), "most": money(one.most, one.line.currency)}
            text = _("“%(line)s”: %(bound)s are committed or spent, %(most)s are allowed.") % facts
            yield Trouble("over_limit", text, case.url("line", one.line.code))


def spent_over_committed(case: _Case) -> Iterator[Trouble]:
    for one in case.budget.lines.values():
        for commitment in one.commitments:
            if commitment.over:
                posting = commitment.posting
                facts = _line_facts(one) | {
                    "paid": money(commitment.paid, posting.currency), "amount": money(posting.amount, posting.currency),
                    "whom": isolated(posting.counterparty or posting.reference or str(posting.pk)),
                }  # fmt: skip
                text = _("“%(line)s”: %(paid)s were paid on a commitment of %(amount)s (%(whom)s).") % facts
                yield Trouble("over_committed", text, case.url("posting", posting.pk))


def _line_facts(one: LineSum) -> dict[str, str]:
    return {"line": isolated(one.line.name)}


def conditions_due(case: _Case) -> Iterator[Trouble]:
    rows = Condition.objects.filter(grant__edition=case.edition, met_at=None, due_on__lte=case.today + SOON)
    for condition in rows.select_related("grant"):
        facts = {
            "funder": isolated(condition.grant.funder), "condition": isolated(condition.text),
            "day": day_text(condition.due_on, case.language),
        }  # fmt: skip
        is_over = condition.due_on < case.today
        late, soon = (
            _("%(funder)s asked for this until %(day)s: %(condition)s"),
            _("%(funder)s asks for this until %(day)s: %(condition)s"),
        )
        yield Trouble("condition_due", (late if is_over else soon) % facts, case.url("grant", condition.grant.code), is_over)


def grants_without_lines(case: _Case) -> Iterator[Trouble]:
    """What a grant brings is planned as income, all of it; where costs are charged to it, they come to as much."""
    for grant in Grant.objects.filter(edition=case.edition):
        lines = [one for one in case.budget.lines.values() if one.line.grant_id == grant.pk]
        for direction, words in GRANT_WORDS.items():
            mine = [one for one in lines if one.line.direction == direction]
            missing = _missing(case, grant, mine)
            if missing and (mine or direction == Direction.INCOME):
                facts = {"funder": isolated(grant.funder), "missing": missing}
                yield Trouble("grant_not_covered", str(words) % facts, case.url("grant", grant.code), is_grave=False)


GRANT_WORDS: dict[str, str | Promise] = {
    Direction.INCOME: gettext_lazy("The grant of %(funder)s is not in the budget as income: %(missing)s are missing."),
    Direction.COST: gettext_lazy(
        "The costs that the grant of %(funder)s pays for come to less than it gives: %(missing)s are missing."
    ),
}


def _missing(case: _Case, grant: Grant, lines: list[LineSum]) -> str:
    """What the lines lack of the grant, in its currency; nothing where that cannot be told or is nothing."""
    planned = Amounts(grant.currency)
    for one in lines:
        rate, own = case.budget.rates.first(one.line.currency), case.budget.rates.first(grant.currency)
        if one.line.currency == grant.currency:
            planned.add(one.line.planned, grant.currency, Decimal(1))
        else:
            planned.add(one.line.planned, one.line.currency, rate / own if rate and own else None)
    rest = None if planned.total is None else grant.amount - planned.total
    return money(rest, grant.currency) if rest and rest > 0 else ""


def missing_rates(case: _Case) -> Iterator[Trouble]:
    """Currencies of which something cannot be converted."""
    found: set[str] = set()
    for one in case.budget.lines.values():
        for stage in (one.planned, one.committed, one.spent, one.forecast):
            found |= stage.lacking
    for currency in sorted(found):
        facts = {"currency": currency, "totals": case.budget.currency}
        text = _("Something in %(currency)s has no rate into %(totals)s on its day: totals are shown by currency.") % facts
        yield Trouble("no_rate", text, case.url("rates"), is_grave=False)


def open_shifts(case: _Case) -> Iterator[Trouble]:
    """Shifts that are not over and have too few people."""
    now = case.edition.now()
    for row in case.roster.rows:
        if row.open and row.shift.ends_at > now:
            facts = _shift_facts(case, row) | {"open": row.open, "needed": row.shift.needed}
            text = (
                _("Nobody holds the shift “%(shift)s”, %(day)s.")
                if not row.duties
                else _("“%(shift)s”, %(day)s: %(open)s of %(needed)s places are open.")
            )
            yield Trouble("shift_open", text % facts, case.url("shift", row.shift.code), is_grave=not row.duties)


def broken_rules(case: _Case) -> Iterator[Trouble]:
    """Skill, rest, hours, two shifts at once, and who holds a shift though she dropped out. Only what is not over."""
    now = case.edition.now()
    for one in case.roster.people:
        if one.worker.left_at is not None:
            yield from _of_gone(case, one)
        for row, breach in one.faults():
            if row.shift.ends_at > now:
                facts = _shift_facts(case, row) | {"worker": isolated(one.worker.name)}
                where = case.url("shift", row.shift.code)
                yield Trouble(f"shift_{breach.value}", str(BROKEN[breach]) % facts, where, breach == Breach.OVERLAP)


def _of_gone(case: _Case, one: Held) -> Iterator[Trouble]:
    for row in one.rows:
        if row.shift.starts_at > case.edition.now():
            facts = _shift_facts(case, row) | {"worker": isolated(one.worker.name)}
            text = _("%(worker)s has dropped out and still holds “%(shift)s”, %(day)s.") % facts
            yield Trouble("shift_of_gone", text, case.url("shift", row.shift.code))


def _shift_facts(case: _Case, row: Row) -> dict[str, object]:
    return {"shift": isolated(str(row.shift)), "day": day_text(row.work.day, case.language)}


BROKEN: dict[Breach, str | Promise] = {
    Breach.SKILL: gettext_lazy("%(worker)s lacks the skill for “%(shift)s”, %(day)s."),
    Breach.OVERLAP: gettext_lazy("%(worker)s holds two shifts at once, one of them “%(shift)s”, %(day)s."),
    Breach.REST: gettext_lazy("%(worker)s has too little rest before “%(shift)s”, %(day)s."),
    Breach.DAY: gettext_lazy("%(worker)s works too long on %(day)s, with “%(shift)s”."),
    Breach.ALL: gettext_lazy("%(worker)s works more hours than agreed, with “%(shift)s”, %(day)s."),
}
CHECKS: tuple[Callable[[_Case], Iterator[Trouble]], ...] = (
    over_the_limit, spent_over_committed, conditions_due, grants_without_lines, missing_rates, goals_without_money,
    money_without_goals, broken_rules, open_shifts,
)  # fmt: skip


def in_short(found: list[Trouble]) -> str:
    """How many, in words."""
    return ngettext("%(count)s warning", "%(count)s warnings", len(found)) % {"count": len(found)}
