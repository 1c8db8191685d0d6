"""What people mean to do after a meeting: begun by its outcome or by themselves, reminded of once, done or dropped.

It is theirs alone: organisers see how many there are, and the log does not tell of them.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_noop as noop

from madang.accounts.models import User
from madang.kit.languages import LANGUAGES, localised
from madang.markets.models import Edition
from madang.meetings.models import Attendee, FollowUp, Interest, Meeting, Part, Side
from madang.meetings.rules import visible_follow_ups
from madang.people.actions import Telling, notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts

WORDS = {Interest.FOLLOW_UP: noop("Write to %(who)s"), Interest.OFFER: noop("Send an offer to %(who)s")}
"""What an outcome asks for."""
DAYS = {Interest.FOLLOW_UP: 7, Interest.OFFER: 14}
"""Days after the last day of the edition by which it is due."""
WHAT_LENGTH = 300


def follow_outcome(mine: Attendee, others: list[Attendee]) -> None:
    """Bring the follow-up that an earlier outcome began in step with this one; what was done or written by hand stays."""
    met = next((one.participant for one in others if one.side != mine.side), None)
    if met is None:
        return
    edition = mine.participant.edition
    old = FollowUp.objects.filter(attendee=mine, done_at=None, what__in=_all_words(met)).first()
    if mine.interest not in WORDS:
        if old:
            old.delete()
        return
    wanted = old or FollowUp(attendee=mine, created_at=edition.now())
    interest = Interest(mine.interest)
    wanted.what = _words(interest, met)
    wanted.due_on = edition.ends_on + dt.timedelta(days=DAYS[interest])
    wanted.save()


@transaction.atomic
def add_follow_up(actor: User, meeting: Meeting, *, what: str, due_on: dt.date | None = None) -> FollowUp:
    """Something of one's own to do after this meeting; the same words twice are one."""
    coming = Attendee.objects.select_for_update().filter(request=meeting.request_id, part=Part.COMING)
    mine = coming.filter(participant__user=actor).first()
    if mine is None:
        raise PermissionDenied
    same = FollowUp.objects.filter(attendee=mine, done_at=None, what=what, due_on=due_on).first()
    return same or FollowUp.objects.create(attendee=mine, what=what, due_on=due_on, created_at=meeting.request.edition.now())


@transaction.atomic
def change_follow_up(actor: User, follow_up: FollowUp, *, what: str, due_on: dt.date | None) -> FollowUp:
    """Other words or another day; a later day is reminded of anew."""
    found = _mine(actor, follow_up)
    if due_on != found.due_on:
        found.reminded_at = None
    found.what, found.due_on = what, due_on
    found.save()
    return found


@transaction.atomic
def finish_follow_up(actor: User, follow_up: FollowUp, *, done: bool) -> FollowUp:
    """Done, or not done after all."""
    found = _mine(actor, follow_up)
    if bool(found.done_at) != done:
        found.done_at = found.attendee.request.edition.now() if done else None
        found.save(update_fields=["done_at"])
    return found


@transaction.atomic
def drop_follow_up(actor: User, follow_up: FollowUp) -> None:
    """Take it off the list."""
    _mine(actor, follow_up).delete()


@transaction.atomic
def remind_follow_ups(edition: Edition, now: dt.datetime) -> int:
    """Tell everybody what is due by the day of `now` (the edition's clock) and not done, each thing once; give back how many."""
    today = now.astimezone(edition.zone).date()
    due = FollowUp.objects.filter(attendee__request__edition=edition, done_at=None, reminded_at=None, due_on__lte=today)
    rows = list(due.select_for_update(of=("self",)).select_related("attendee__participant__edition", "attendee__request"))
    met = _met_by([row.attendee for row in rows])
    tellings = []
    for row in rows:
        facts = {"request": row.attendee.request.code, "what": row.what}
        if other := met.get(row.attendee_id):
            facts |= person_facts(other)
        tellings.append(Telling(row.attendee.participant, "follow_up_due", f"{row.pk}/{row.due_on}", facts))
    notify_many(tellings)
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    return len(rows)


def _met_by(mine: list[Attendee]) -> dict[int, Participant]:
    """For each of these attendees, by id, the first person of the other side."""
    others = Attendee.objects.filter(request__in={one.request_id for one in mine}, part=Part.COMING)
    first: dict[tuple[int, str], Participant] = {}
    for other in others.select_related("participant__company").order_by("-is_principal", "pk"):
        first.setdefault((other.request_id, other.side), other.participant)
    across = {Side.SENDER.value: Side.RECEIVER.value, Side.RECEIVER.value: Side.SENDER.value}
    found = {one.pk: first.get((one.request_id, across[one.side])) for one in mine}
    return {pk: met for pk, met in found.items() if met is not None}


def _mine(actor: User, follow_up: FollowUp) -> FollowUp:
    edition = follow_up.attendee.request.edition
    found = visible_follow_ups(actor, edition).select_for_update(of=("self",)).filter(pk=follow_up.pk).first()
    if found is None:
        raise PermissionDenied
    return found


def _words(interest: Interest, met: Participant) -> str:
    who = met.name if not met.company else f"{met.name}, {localised(met.company, 'name')}"
    return (gettext(WORDS[interest]) % {"who": who})[:WHAT_LENGTH]


def _all_words(met: Participant) -> list[str]:
    """The texts that outcomes begin with, in every language that the reader may have had then."""
    texts = []
    for language in {code for code, _name in LANGUAGES} | {get_language() or "en"}:
        with override(language):
            texts += [_words(interest, met) for interest in WORDS]
    return texts
