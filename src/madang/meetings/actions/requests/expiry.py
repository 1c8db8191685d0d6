"""What happens to a request that nobody answers: a reminder, then its end. Called every minute, and before somebody asks."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet

from madang.markets.actions import record
from madang.markets.models import Edition
from madang.meetings.actions.drafts import lock_edition
from madang.meetings.actions.requests.checks import facts_for
from madang.meetings.models import MeetingRequest, RequestStatus, policy_of
from madang.meetings.rules import ASKING_STAGES
from madang.people.actions import Telling, notify_many


def expire_requests(edition: Edition, now: dt.datetime) -> int:
    """Close the requests whose time is over by `now` (the edition's moment); both sides are told once. Gives their number."""
    due = _waiting(edition).filter(expires_at__lte=now)
    if edition.stage not in ASKING_STAGES or not due.exists():
        return 0
    with transaction.atomic():
        lock_edition(edition)
        rows = list(_with_people(due.select_for_update(of=("self",))))
        MeetingRequest.objects.filter(pk__in=[row.pk for row in rows]).update(status=RequestStatus.EXPIRED)
        tellings = []
        for row in rows:
            record(edition, None, "expire_request", row.code)
            tellings.append(Telling(row.sender, "request_unanswered", row.code, facts_for(row, row.receiver)))
            tellings.append(Telling(row.receiver, "request_expired", row.code, facts_for(row, row.sender)))
        notify_many(tellings)
    return len(rows)


def remind_receivers(edition: Edition, now: dt.datetime) -> int:
    """Tell those who have not answered that a request ends soon, once for each request. Gives their number."""
    hours = policy_of(edition).remind_before_hours
    due = _waiting(edition).filter(reminded_at=None, expires_at__gt=now, expires_at__lte=now + dt.timedelta(hours=hours))
    due = due.filter(created_at__lt=F("expires_at") - dt.timedelta(hours=hours))
    if edition.stage not in ASKING_STAGES or not hours or not due.exists():
        return 0
    with transaction.atomic():
        lock_edition(edition)
        rows = list(_with_people(due.select_for_update(of=("self",))))
        MeetingRequest.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
        notify_many(Telling(row.receiver, "request_reminder", row.code, _ends(row)) for row in rows)
    return len(rows)


def _waiting(edition: Edition) -> QuerySet[MeetingRequest]:
    return MeetingRequest.objects.filter(edition=edition, status=RequestStatus.SENT)


def _with_people(rows: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    return rows.select_related("sender__company", "sender__edition", "receiver__company", "receiver__edition")


def _ends(row: MeetingRequest) -> dict[str, str]:
    ends = row.expires_at.isoformat() if row.expires_at else ""
    return facts_for(row, row.sender, starts_at=ends, zone=row.receiver.edition.time_zone)
