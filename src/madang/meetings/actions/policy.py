"""What an organiser settles about meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.markets.rules import may_organise
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.models import MeetingPolicy, policy_of

FIELDS = (
    "buyers_out",
    "sellers_out",
    "buyers_in",
    "sellers_in",
    "expires_after_hours",
    "remind_before_hours",
    "booking",
    "cancel_minutes",
    "standby_minutes",
    "most_people",
    "walk_minutes",
    "door_minutes",
    "lunch_from",
    "lunch_until",
    "lunch_minutes",
    "most_in_a_row",
)


@transaction.atomic
def change_policy(actor: User, edition: Edition, **facts: Any) -> MeetingPolicy:
    """Change FIELDS of the edition's settings of meetings; only what differs is written and told to the log."""
    if not may_organise(actor, edition):
        raise PermissionDenied
    edition = lock_edition(edition)
    policy = policy_of(edition)
    before = {name: getattr(policy, name) for name in FIELDS if name in facts and getattr(policy, name) != facts[name]}
    if before:
        for name in before:
            setattr(policy, name, facts[name])
        policy.save()
        told = {"before": _plain(before), "after": _plain({name: facts[name] for name in before})}
        record(edition, actor, "change_meeting_policy", edition.slug, fields=list(before), **told)
    return policy


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: times as text."""
    return {name: str(value) if isinstance(value, dt.time) else value for name, value in facts.items()}
