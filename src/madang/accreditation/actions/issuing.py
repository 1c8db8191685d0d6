"""Badges are issued here and nowhere else: the next numbers, a key that never stood on a badge before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Max

from madang.accreditation.models import Application, Badge, BadgeType
from madang.markets.models import Edition
from madang.people.models import Participant, new_badge_key


class Wanted(NamedTuple):
    """A badge to issue: whose, of which type, and the application or the lost badge that it follows from."""

    participant: Participant
    badge_type: BadgeType
    application: Application | None = None
    replaces: Badge | None = None


def issue_badges(edition: Edition, wanted: Sequence[Wanted], now: dt.datetime) -> list[Badge]:
    """One badge each, behind the edition's lock, in this order; nobody among them has a valid one any more."""
    _renew_used_keys([one.participant for one in wanted])
    last = Badge.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    badges = [
        Badge(edition=edition, number=number, key=one.participant.badge_key, issued_at=now, **one._asdict())
        for number, one in enumerate(wanted, last + 1)
    ]
    return Badge.objects.bulk_create(badges, batch_size=200)


def _renew_used_keys(people: Sequence[Participant]) -> None:
    """Whose key stood on a badge gets another one."""
    used = set(Badge.objects.filter(participant__in=[person.pk for person in people]).values_list("key", flat=True))
    stale = [person for person in people if person.badge_key in used]
    for person in stale:
        person.badge_key = new_badge_key()
    Participant.objects.bulk_update(stale, ["badge_key"], batch_size=200)
