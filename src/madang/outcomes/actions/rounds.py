"""Rounds of questions after the event: planned, opened and reminded by the clock, answered by a link, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Answer, Asked, Round
from madang.outcomes.queries.rounds import MONTHS, OPEN_DAYS, Thing, months_after, people_to_ask, things_of, today_at
from madang.outcomes.rules import may_write_outcomes
from madang.people.actions import Telling, notify_many
from madang.people.mail import address_of
from madang.people.models import Participant


def guard(actor: User, edition: Edition) -> None:
    """Raise PermissionDenied for whoever may not write outcomes."""
    if not may_write_outcomes(actor, edition):
        raise PermissionDenied


@transaction.atomic
def plan_rounds(actor: User, edition: Edition) -> int:
    """The usual rounds, as far as they are not there and their time is not over. Gives how many are new."""
    guard(actor, edition)
    there = set(Round.objects.filter(edition=edition).values_list("months", flat=True))
    new = []
    for months in MONTHS:
        opens = months_after(edition.ends_on, months)
        closes = opens + dt.timedelta(days=OPEN_DAYS)
        if months not in there and closes >= today_at(edition):
            new.append(Round(edition=edition, months=months, opens_on=opens, closes_on=closes))
    Round.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        record(edition, actor, "plan_rounds", ", ".join(str(one.months) for one in new))
    return len(new)


@transaction.atomic
def change_round(
    actor: User, asking: Round, *, opens_on: dt.date, closes_on: dt.date, reminders: int, days_between: int
) -> Round:
    """Other days or reminders. An open round keeps the day it opened, a closed one does not change."""
    guard(actor, asking.edition)
    found = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=asking.pk)
    if found.closed_at:
        raise Refused(_("This round is closed: what was asked and answered stays as it is."))
    if found.opened_at and opens_on != found.opens_on:
        raise Refused(_("This round is open already: only its end and its reminders can change."))
    if closes_on <= opens_on:
        raise Refused(_("A round closes after it opens."))
    found.opens_on, found.closes_on, found.reminders, found.days_between = opens_on, closes_on, reminders, days_between
    found.save()
    record(found.edition, actor, "change_round", found.months, opens=opens_on.isoformat(), closes=closes_on.isoformat())
    return found


def open_due_rounds(edition: Edition, now: dt.datetime) -> int:
    """Open the rounds whose day has come, and close those whose time is over. Whoever is killed here leaves nothing half done."""
    day, opened = now.astimezone(edition.zone).date(), 0
    for asking in Round.objects.filter(edition=edition, opened_at=None, opens_on__lte=day, closes_on__gte=day):
        opened += _open(asking, edition, now)
    for asking in Round.objects.filter(edition=edition, closed_at=None, closes_on__lt=day):
        with transaction.atomic():
            if Round.objects.filter(pk=asking.pk, closed_at=None).update(closed_at=now):
                record(edition, None, "close_round", asking.months)
    return opened


@transaction.atomic
def _open(asking: Round, edition: Edition, now: dt.datetime) -> int:
    """Ask everybody, once: the conditional update decides which of two clocks does it."""
    if not Round.objects.filter(pk=asking.pk, opened_at=None).update(opened_at=now):
        return 0
    people = list(people_to_ask(edition))
    stopped = dict(
        Asked.objects.filter(round__edition=edition, stopped_at__isnull=False).values_list("participant", "stopped_at")
    )
    rows = []
    for person in people:
        reached = address_of(person) or person.user_id
        sent = now if reached and person.pk not in stopped else None
        rows.append(Asked(round=asking, participant=person, sent_at=sent, stopped_at=stopped.get(person.pk)))
    Asked.objects.bulk_create(rows, batch_size=500)
    notify_many(_telling(row, "round_opened", "0") for row in rows if row.sent_at)
    record(edition, None, "open_round", asking.months, people=len(rows))
    return 1


def _telling(asked: Asked, kind: str, number: str) -> Telling:
    edition = asked.participant.edition
    closes = dt.datetime.combine(asked.round.closes_on, dt.time(23, 59), edition.zone)
    facts = {"asked": asked.key, "starts_at": closes.isoformat(), "zone": edition.time_zone}
    names = {"what": edition.name, "what_ko": edition.name_ko, "what_fr": edition.name_fr}
    return Telling(asked.participant, kind, f"{asked.round.months}:{number}", facts | names)


def remind_due(edition: Edition, now: dt.datetime) -> int:
    """Remind those who have not answered, as often and as far apart as their round says. Gives how many are told."""
    told, day = 0, now.astimezone(edition.zone).date()
    for asking in Round.objects.filter(edition=edition, opened_at__isnull=False, closed_at=None, closes_on__gte=day):
        told += _remind(asking, now)
    return told


@transaction.atomic
def _remind(asking: Round, now: dt.datetime) -> int:
    before = now - dt.timedelta(days=asking.days_between)
    due = Asked.objects.filter(round=asking, answered_at=None, stopped_at=None, sent_at__isnull=False)
    due = due.filter(reminded__lt=asking.reminders).filter(Q(reminded_at=None, sent_at__lte=before) | Q(reminded_at__lte=before))
    rows = list(due.select_for_update(of=("self",)).select_related("round", "participant__edition"))
    if not rows:
        return 0
    Asked.objects.filter(pk__in=[row.pk for row in rows]).update(reminded=F("reminded") + 1, reminded_at=now)
    notify_many(_telling(row, "round_reminder", str(row.reminded + 1)) for row in rows)
    record(asking.edition, None, "remind_round", asking.months, people=len(rows))
    return len(rows)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one thing, in somebody's words. A `currency` stands with an `amount` alone."""

    came: str
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thinks of the edition as a whole."""

    satisfaction: int | None = None
    share: int | None = None
    words: str = ""


@transaction.atomic
def answer(asked: Asked, replies: Mapping[str, Reply], opinion: Opinion | None = None, *, is_done: bool = False) -> Asked:
    """Keep what somebody says by her link: in parts, or all of it (`is_done`). The last word counts until the round closes.

    `replies`: by key of `queries.rounds.Thing`; a key that is not hers is left out. Raises Refused where the round is closed.
    """
    found = _still_open(asked)
    things = {thing.key: thing for thing in things_of(found)}
    for key, reply in replies.items():
        if key in things:
            _keep(found, things[key], reply)
    edition, now = found.round.edition, found.round.edition.now()
    if opinion is not None:
        found.satisfaction, found.share, found.words = opinion.satisfaction, opinion.share, opinion.words
    found.opened_at = found.opened_at or now
    if is_done and found.answered_at is None:
        found.answered_at = now
        record(edition, found.participant.user, "answer_round", found.participant.code, months=found.round.months)
    found.save()
    return found


def _still_open(asked: Asked) -> Asked:
    """The row, locked; Refused where its round is over."""
    rows = Asked.objects.select_for_update(of=("self",)).select_related("round__edition", "participant__user")
    found = rows.get(pk=asked.pk)
    if not found.round.opens_on <= today_at(found.round.edition) <= found.round.closes_on:
        raise Refused(_("These questions are closed."))
    return found


def _keep(asked: Asked, thing: Thing, reply: Reply) -> None:
    facts = {"came": reply.came, "amount": reply.amount, "currency": reply.currency if reply.amount is not None else ""}
    Answer.objects.update_or_create(
        asked=asked, request=thing.request, deal=thing.deal, defaults=facts | {"at": asked.round.edition.now()}
    )


@transaction.atomic
def stop_questions(asked: Asked) -> None:
    """No more letters about this edition, in this round and all later ones; what she has said stays."""
    now, person = asked.round.edition.now(), asked.participant
    Participant.objects.select_for_update(no_key=True).get(pk=person.pk)
    mine = Asked.objects.filter(participant=person, round__edition=asked.round.edition_id, stopped_at=None)
    if mine.update(stopped_at=now):
        record(asked.round.edition, person.user, "stop_questions", person.code)
