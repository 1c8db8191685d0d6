"""What the demo's market wanted: goals of a public market and of its showcase, targets, and what changed after freezing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from madang.accounts.models import User
from madang.markets.models import Edition, LogEntry
from madang.outcomes.actions.goals import compose_measure, start_goals, state_of
from madang.outcomes.models import Accounts, Comparison, ComposedMeasure, Goal, Operation, Target, TargetChange
from madang.site.demo.sizes import ZONE

FROZEN_AT = dt.datetime(2025, 5, 2, 17, 0, tzinfo=ZONE)
END, SOON, YEAR = dt.date(2025, 5, 30), dt.date(2025, 6, 30), dt.date(2026, 5, 30)
TARGETS = [
    ("access", "first_time_pairs", END, "1000", ""),
    ("share", "small_companies_share", END, "0.4", ""),
    ("talked", "titles_met", END, "700", ""),
    ("talked", "titles_met_thrice", END, "500", ""),
    ("meetings", "meetings_held", END, "5000", ""),
    ("meetings", "meetings_held_share", END, "0.8", ""),
    ("meetings", "meetings-for-each-buyer", END, "4.5", ""),
    ("contracts", "licences", SOON, "12", ""),
    ("contracts", "contract_value", SOON, "150000000", "KRW"),
    ("contracts", "contract_value", YEAR, "600000", "EUR"),
    ("offers", "offers", SOON, "40", ""),
    ("memos", "memos", SOON, "25", ""),
    ("reach", "buyers", END, "1000", ""),
    ("reach", "countries", END, "50", ""),
    ("city", "attendance", END, "4000", ""),
    ("city", "audience_vote", END, "3.5", ""),
    ("seen", "seats_filled", END, "0.6", ""),
]
"""Code of the goal, measure, day, amount, currency; all of them at least."""
MOST_MISSED = ("meetings", "meetings_missed", END, "300")
CHANGES = [
    (dt.datetime(2025, 5, 20, 11, 30, tzinfo=ZONE), "contract_value", "EUR", "500000",
     "Two distributors who had announced contracts in euros do not come."),
    (dt.datetime(2025, 5, 29, 9, 15, tzinfo=ZONE), "attendance", "", "3000",
     "The open stage is closed on the second day because of the storm warning."),
]  # fmt: skip
"""When, measure, currency, the new amount and why: one before the opening, one after."""


def make_goals(edition: Edition, organiser: User, now: dt.datetime) -> None:
    """As far as they were written down by `now`; frozen on FROZEN_AT."""
    for template in ("public", "showcase"):
        start_goals(organiser, edition, template)
    compose(edition, organiser)
    goals = {goal.code: goal for goal in Goal.objects.filter(edition=edition).select_related("edition")}
    rows = [_target(goals[goal], measure, day, amount, currency) for goal, measure, day, amount, currency in TARGETS]
    goal, measure, day, amount = MOST_MISSED
    rows.append(_target(goals[goal], measure, day, amount, "", comparison=Comparison.AT_MOST))
    Target.objects.bulk_create(rows)
    if now >= FROZEN_AT:
        freeze(edition, organiser, len(rows))
        for change in CHANGES:
            if change[0] <= now:
                change_target(edition, organiser, *change)


def _target(goal: Goal, measure: str, day: dt.date, amount: str, currency: str, **facts: Any) -> Target:
    return Target(goal=goal, measure=measure, due_on=day, amount=Decimal(amount), currency=currency, **facts)


def compose(edition: Edition, organiser: User) -> None:
    """How many meetings a buyer had."""
    compose_measure(
        organiser,
        ComposedMeasure(
            edition=edition,
            code="meetings-for-each-buyer",
            name="Meetings for each buyer",
            name_ko="바이어 1인당 미팅",
            name_fr="Rendez-vous par acheteur",
            definition="Meetings held, divided by the buyers who were there.",
            definition_ko="열린 미팅 수를 참석한 바이어 수로 나눈 값.",
            definition_fr="Rendez-vous tenus, divisés par le nombre d’acheteurs présents.",
            operation=Operation.RATIO,
            first="meetings_held",
            second="buyers",
        ),
    )


def freeze(edition: Edition, organiser: User, count: int) -> None:
    """As the action does, on its day."""
    Accounts.objects.filter(edition=edition).update(frozen_at=FROZEN_AT)
    LogEntry.objects.create(edition=edition, at=FROZEN_AT, actor=organiser, verb="freeze_targets", subject=str(count))


def change_target(
    edition: Edition, organiser: User, at: dt.datetime, measure: str, currency: str, amount: str, reason: str
) -> None:
    """As the action does, on its day."""
    target = Target.objects.select_related("goal").get(goal__edition=edition, measure=measure, currency=currency)
    before = state_of(target)
    target.amount = Decimal(amount)
    target.save(update_fields=["amount"])
    TargetChange.objects.create(
        edition=edition, target=target, at=at, by=organiser, before=before, after=state_of(target), reason=reason
    )
    details = {"goal": target.goal.name}
    LogEntry.objects.create(edition=edition, at=at, actor=organiser, verb="change_target", subject=measure, details=details)
