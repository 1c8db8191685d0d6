"""What people are told, each thing once, and the secret of a person's calendar feed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.people.models import Letter, Mails, Notice, Participant, new_feed_key
from madang.people.rules import visible_notices


class Telling(NamedTuple):
    """One thing to tell a person: `kind` is a key of `people.notices.TEXTS`, `key` makes a repetition impossible."""

    recipient: Participant
    kind: str
    key: str
    data: dict[str, Any]


class Address(NamedTuple):
    """Who reads a letter: `language` is the one she wants to read, "" where nobody knows."""

    email: str
    name: str
    language: str


def notify(recipient: Participant, kind: str, key: str, data: dict[str, Any]) -> None:
    """Tell a person something once: a second notice of the same recipient, kind and key is not written.

    Call it inside the transaction of the change it tells of; `people.letters` mails it later.
    """
    notify_many([Telling(recipient, kind, key, data)])


def notify_many(tellings: Iterable[tuple[Participant, str, str, dict[str, Any]]]) -> None:
    """As `notify`, for many people, with a constant number of queries."""
    rows = []
    for recipient, kind, key, data in tellings:
        rows.append(
            Notice(
                edition_id=recipient.edition_id,
                recipient=recipient,
                kind=kind,
                key=key,
                data=data,
                created_at=recipient.edition.now(),
            )
        )
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


class Writing(NamedTuple):
    """One letter to somebody who need not be a participant; see `write_to`."""

    address: Address
    subject: str
    body: str
    once: str
    calendar: str = ""


def write_to(edition: Edition, address: Address, subject: str, body: str, *, once: str, calendar: str = "") -> None:
    """Write a letter to somebody who need not be a participant; `madang.people.letters` sends it.

    Call it inside the transaction of the change it tells of. `subject` and `body` are in the reader's language;
    `people.mail.SITE` in the body becomes the site's address. A second letter of the same `once` in an edition is not written.
    """
    write_to_many(edition, [Writing(address, subject, body, once, calendar)])


def write_to_many(edition: Edition, writings: Iterable[Writing]) -> None:
    """As `write_to`, for many letters, with a constant number of queries."""
    rows = [
        Letter(
            edition=edition,
            address=writing.address.email,
            name=writing.address.name,
            language=writing.address.language,
            subject=" ".join(writing.subject.split())[:200],  # a header is one line
            body=writing.body,
            calendar=writing.calendar,
            once=writing.once,
        )
        for writing in writings
    ]
    Letter.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


@transaction.atomic
def choose_mails(actor: User, participant: Participant, *, mails: str, calendar: bool) -> Participant:
    """How often one's own notices come by mail, and whether calendar entries come with them.

    Who begins anew after "never" is not mailed what has come in between.
    """
    if participant.user_id != actor.pk:
        raise PermissionDenied
    if participant.mails == Mails.NEVER and mails != Mails.NEVER:
        Notice.objects.filter(recipient=participant, mailed_at=None, letter=None).update(mailed_at=participant.edition.now())
    participant.mails, participant.mails_calendar = Mails(mails), calendar
    participant.save(update_fields=["mails", "mails_calendar"])
    record(participant.edition, actor, "choose_mails", participant.code, mails=mails)
    return participant


@transaction.atomic
def renew_feed_key(actor: User, participant: Participant) -> Participant:
    """Give one's own calendar feed a new secret; the old address stops working at once."""
    if participant.user_id != actor.pk:
        raise PermissionDenied
    participant.feed_key = new_feed_key()
    participant.save(update_fields=["feed_key"])
    record(participant.edition, actor, "renew_feed_key", participant.code)
    return participant


def read_notices(actor: User, edition: Edition, *, last: str) -> int:
    """Mark one's own notices up to the id `last` as read, so that one that came while the page was open stays new."""
    if not last.isdecimal() or len(last) > 18:
        return 0
    mine = visible_notices(actor, edition).filter(read_at=None, pk__lte=int(last))
    return mine.update(read_at=edition.now())
