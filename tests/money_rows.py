"""Rows of budget and staffing, one call each; amounts are in KRW unless said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

from factories import UserFactory

from madang.accounts.models import User
from madang.markets.models import Edition
from madang.outcomes.models import (
    Activity,
    BudgetLine,
    Duty,
    Goal,
    Grant,
    Posting,
    Rate,
    Shift,
    Skill,
    Worker,
)

NUMBER = count(1)
TODAY = dt.date(2025, 5, 29)
"""The day of the edition's clock at the venue."""


def organiser_of(edition: Edition) -> User:
    user = UserFactory(name="Oh Organiser")
    edition.market.organisers.add(user)
    return user


def activity(edition: Edition, code: str = "", **facts: Any) -> Activity:
    code = code or f"A{next(NUMBER)}"
    return Activity.objects.create(edition=edition, code=code, **{"name": f"Activity {code}", **facts})


def goal(edition: Edition, code: str = "", **facts: Any) -> Goal:
    code = code or f"G{next(NUMBER)}"
    return Goal.objects.create(edition=edition, code=code, **{"name": f"Goal {code}", **facts})


def line(of: Activity, planned: int | str = 1000, **facts: Any) -> BudgetLine:
    code = facts.pop("code", "") or f"L{next(NUMBER)}"
    usual: dict[str, Any] = {"name": f"Line {code}", "currency": "KRW", "planned": Decimal(planned)}
    return BudgetLine.objects.create(edition=of.edition, activity=of, code=code, **(usual | facts))


def post(of: BudgetLine, kind: str, amount: int | str, by: User, on: dt.date = TODAY, **facts: Any) -> Posting:
    usual: dict[str, Any] = {"currency": of.currency, "by": by, "at": of.edition.now()}
    return Posting.objects.create(line=of, kind=kind, amount=Decimal(amount), on=on, **(usual | facts))


def rate(edition: Edition, currency: str, worth: str, on: dt.date = dt.date(2025, 1, 1)) -> Rate:
    return Rate.objects.create(edition=edition, currency=currency, rate=Decimal(worth), on=on, source="Bank of Korea")


def grant(edition: Edition, amount: int = 500, **facts: Any) -> Grant:
    code = facts.pop("code", "") or f"F{next(NUMBER)}"
    usual: dict[str, Any] = {"funder": f"Funder {code}", "kind": "public", "currency": "KRW", "amount": Decimal(amount)}
    return Grant.objects.create(edition=edition, code=code, **(usual | facts))


def skill(edition: Edition, code: str = "FR") -> Skill:
    return Skill.objects.create(edition=edition, code=code, name=f"Skill {code}")


def worker(edition: Edition, *skills: Skill, **facts: Any) -> Worker:
    code = facts.pop("code", "") or f"W{next(NUMBER)}"
    row = Worker.objects.create(edition=edition, code=code, **{"name": f"Worker {code}", **facts})
    row.skills.set(skills)
    return row


def shift(of: Activity, day: int = 30, hour: int = 9, hours: int = 4, **facts: Any) -> Shift:
    """On a day of May 2025, at an hour of the venue."""
    code = facts.pop("code", "") or f"S{next(NUMBER)}"
    starts = dt.datetime(2025, 5, day, 0, tzinfo=of.edition.zone).astimezone(dt.UTC) + dt.timedelta(hours=hour)
    usual: dict[str, Any] = {"name": f"Shift {code}", "starts_at": starts, "ends_at": starts + dt.timedelta(hours=hours)}
    return Shift.objects.create(edition=of.edition, activity=of, code=code, **(usual | facts))


def hold(at: Shift, who: Worker) -> Duty:
    return Duty.objects.create(shift=at, worker=who)
