"""Jurors who have entries left are reminded as the time for scoring runs out, once a day at most."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.people.actions import Telling, notify_many
from madang.people.models import Notice
from madang.selection.actions.jury import guard
from madang.selection.models import Call, Juror, Reading
from madang.selection.rules.jury import OPEN

BEFORE = (3, 1)
"""Days before the end of scoring on which a reminder goes out by itself."""


@transaction.atomic
def remind_jurors(actor: User, call: Call) -> int:
    """Remind those who have entries left, now; whoever was reminded today is not again. Gives how many are told."""
    guard(actor, call)
    told = _remind(call, call.edition.now())
    if told:
        record(call.edition, actor, "remind_jurors", call.code, count=told)
    return told


def remind_due_jurors(edition: Edition, now: dt.datetime) -> int:
    """The reminders that are due at `now`; asked every minute, and nobody is told twice on one day."""
    end = now + dt.timedelta(days=max(BEFORE) + 1)
    told, zone = 0, edition.zone
    for call in Call.objects.filter(edition=edition, scoring_until__gt=now, scoring_until__lte=end).select_related("edition"):
        until = call.scoring_until
        if until and (until.astimezone(zone).date() - now.astimezone(zone).date()).days in BEFORE:
            with transaction.atomic():
                told += _remind(call, now)
    return told


def _remind(call: Call, now: dt.datetime) -> int:
    key = f"{call.code}:{now.astimezone(call.edition.zone).date().isoformat()}"
    waiting = Exists(Reading.objects.filter(juror=OuterRef("pk"), state__in=OPEN))
    told = Exists(Notice.objects.filter(recipient=OuterRef("participant"), kind="readings_due", key=key))
    jurors = Juror.objects.filter(waiting, ~told, call=call, left_at=None).select_related("participant__edition")
    until = call.scoring_until.isoformat() if call.scoring_until else ""
    facts = {"what": call.name, "what_ko": call.name_ko, "what_fr": call.name_fr, "call": call.code}
    facts |= {"starts_at": until, "zone": call.edition.time_zone}
    tellings = [Telling(juror.participant, "readings_due", key, facts) for juror in jurors]
    notify_many(tellings)
    return len(tellings)
