"""The waiting list: whoever waited longest gets the place that came free, in the same transaction, told once."""

from __future__ import annotations

from collections.abc import Iterable

from madang.accounts.models import User
from madang.accreditation.actions.admitting import admit
from madang.accreditation.models import Application, ApplicationState, BadgeType
from madang.accreditation.queries import rooms
from madang.markets.models import Edition


def promote(edition: Edition, actor: User | None, badge_types: Iterable[BadgeType]) -> int:
    """Fill free places of these badge types from their waiting lists, behind the lock; gives how many were accepted."""
    types = {row.pk: row for row in badge_types}
    fresh = list(BadgeType.objects.filter(pk__in=types))
    found = rooms(fresh)
    next_ones: list[Application] = []
    for row in fresh:
        room = found[row.pk]
        if room.waiting and room.left != 0:
            waiting = Application.objects.filter(badge_type=row, state=ApplicationState.WAITING)
            ordered = waiting.order_by("waiting_since", "pk").select_related("badge_type", "company", "user", "invitation")
            next_ones += ordered if room.left is None else ordered[: room.left]
    for application in next_ones:
        application.edition = edition
    admit(edition, actor, next_ones, kind="promoted")
    return len(next_ones)
