"""Letters: what is new for a person, claimed before it leaves and sent once.

A letter goes claimed -> sending -> sent, each step committed before the next. A worker killed while it was claimed loses
nothing: the next one sends it. One killed while the mail server had it leaves a doubt that no program can settle: the letter
is uncertain, the organiser sees it and may send it again, under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Iterator, Sequence

from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from madang.accounts.models import User
from madang.kit.calendar import zone_of
from madang.markets.actions import record
from madang.markets.rules import may_organise
from madang.people.mail import address_of, write_letter
from madang.people.models import Letter, LetterState, Mails, Notice, Participant

log = logging.getLogger(__name__)

UNSENT = Q(mailed_at=None, read_at=None, letter=None)
"""What has been read on the page needs no letter."""
PATIENCE = dt.timedelta(minutes=5)
"""A letter that is being sent for longer than this was left by a worker that died; the mail server answers within seconds."""
ATTEMPTS = 8
"""So often a letter is offered to a mail server that will not have it for now: after 1, 4, 9 ... minutes, three hours in all."""
DAILY_AT = dt.time(18)
"""When the mail of those who want one a day leaves, on their own clocks."""

Attach = Callable[[Letter, Sequence[Notice], str], bytes | None]
"""Gives the calendar that goes with a letter, if any: letter, its notices, the site's address."""


def mail_letters(site: str = "", attach: Attach | None = None, patience: dt.timedelta = PATIENCE) -> int:
    """Send what is new, one letter a person; give back how many left. At any moment, by any number of workers, nothing twice."""
    _silent(patience).update(state=LetterState.UNCERTAIN, state_at=timezone.now())
    claim_letters()
    return sum(_send_all(_waiting(), site, attach))


def letters_wait() -> bool:
    """Whether there is anything to send or to settle: asked every minute, so that a worker is called only when there is work."""
    claim_letters()
    return bool(_waiting()) or _silent(PATIENCE).exists()


def _silent(patience: dt.timedelta) -> QuerySet[Letter]:
    return Letter.objects.filter(state=LetterState.SENDING, state_at__lte=timezone.now() - patience)


def _waiting() -> list[int]:
    """Letters that may be offered to the mail server now."""
    claimed = Letter.objects.filter(state=LetterState.CLAIMED).values_list("pk", "attempts", "state_at")
    return [pk for pk, attempts, at in claimed if at + dt.timedelta(minutes=attempts**2) <= timezone.now()]


def claim_letters() -> int:
    """Write down a letter for everybody for whom it is time; give back how many."""
    new = Min("notices__created_at", filter=Q(notices__mailed_at=None, notices__read_at=None, notices__letter=None))
    unsent = Exists(Notice.objects.filter(UNSENT, recipient=OuterRef("pk")))
    people = Participant.objects.filter(unsent).exclude(mails=Mails.NEVER).annotate(oldest=new)
    claimed = 0
    for recipient in people.select_related("user", "edition").order_by("pk"):
        if address_of(recipient) and is_time(recipient, recipient.oldest):
            claimed += _claim(recipient)
    return claimed


def is_time(recipient: Participant, oldest: dt.datetime) -> bool:
    """Whether her mail may leave: at once, or once it is 18:00 for her after the oldest notice that waits."""
    if recipient.mails != Mails.DAILY:
        return True
    own = (recipient.user.time_zone if recipient.user else "") or recipient.time_zone or recipient.edition.time_zone
    now = recipient.edition.now().astimezone(zone_of(own))
    leaves = dt.datetime.combine(now.date(), DAILY_AT, now.tzinfo)
    if leaves > now:
        leaves = dt.datetime.combine(now.date() - dt.timedelta(days=1), DAILY_AT, now.tzinfo)
    return oldest < leaves


@transaction.atomic
def _claim(recipient: Participant) -> int:
    """All that is unsent, for one letter: two workers who took row by row would share it out over two."""
    Participant.objects.select_for_update(no_key=True).get(pk=recipient.pk)
    unsent = Notice.objects.select_for_update().filter(UNSENT, recipient=recipient)
    notices = list(unsent.values_list("pk", flat=True))
    if not notices:
        return 0
    letter = Letter.objects.create(edition_id=recipient.edition_id, recipient=recipient)
    Notice.objects.filter(pk__in=notices).update(letter=letter)
    return 1


def _send_all(letters: list[int], site: str, attach: Attach | None) -> Iterator[int]:
    """One connection for all, opened anew after a fault; nothing is offered while the mail server is away."""
    if not letters:
        return
    connection = mail.get_connection()
    for pk in letters:
        if not _opened(connection):
            return
        state = _send_one(pk, site, attach, connection)
        if state not in (LetterState.SENT, None):
            _close(connection)
        yield int(state == LetterState.SENT)
    _close(connection)


def _opened(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except OSError:  # SMTPException is an OSError
        log.exception("The mail server cannot be reached; letters wait")
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError:
        log.info("The mail server was gone already")


def _send_one(pk: int, site: str, attach: Attach | None, connection: BaseEmailBackend) -> str | None:
    """Compose, take, send, mark; None when another worker has taken it. Gives the state in which it is now."""
    letter = Letter.objects.select_related("edition__market", "recipient__user", "recipient__edition__market").get(pk=pk)
    notices = list(letter.notices.order_by("created_at", "pk"))
    try:
        calendar = attach(letter, notices, site) if attach and letter.recipient else None
        message = write_letter(letter, notices, site, calendar, connection)
    except Exception as fault:  # one letter that cannot be written must not hold up the others
        log.exception("Letter %s cannot be written", letter.key)
        return _mark(letter, LetterState.CLAIMED, LetterState.REFUSED, f"{type(fault).__name__}: {fault}")
    if not _mark(letter, LetterState.CLAIMED, LetterState.SENDING):
        return None
    try:
        message.send()
    except (OSError, ValueError) as fault:
        log.warning("Letter %s: %s", letter.key, fault)
        return _mark(letter, LetterState.SENDING, state_after(fault, letter.attempts + 1), str(fault))
    return _mark(letter, LetterState.SENDING, LetterState.SENT)


def state_after(fault: Exception, attempts: int) -> LetterState:
    """What a fault means: an answer of the server is certain, a silence is not. From 500 on it is for good (RFC 5321, 4.2.1)."""
    code = 0
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code = max(answer[0] for answer in fault.recipients.values())
    elif isinstance(fault, smtplib.SMTPResponseException):
        code = fault.smtp_code
    elif isinstance(fault, ValueError):  # an address that cannot be written: nothing left this machine
        return LetterState.REFUSED
    if not code:
        return LetterState.UNCERTAIN
    return LetterState.REFUSED if code >= 500 or attempts >= ATTEMPTS else LetterState.CLAIMED


@transaction.atomic
def _mark(letter: Letter, before: LetterState, after: LetterState, fault: str = "") -> str | None:
    """Take the letter from one state to the next, if it still is in the first."""
    changes = {"state": after, "state_at": timezone.now(), "fault": fault[:300]}
    if after == LetterState.SENDING:
        changes["attempts"] = F("attempts") + 1
    if not Letter.objects.filter(pk=letter.pk, state=before).update(**changes):
        return None
    if after == LetterState.SENT:
        letter.notices.update(mailed_at=letter.edition.now())
    return after


def subject_of(letter: Letter) -> str:
    """As the log names it: a participant's code; an address stays out of the log."""
    return letter.recipient.code if letter.recipient else letter.key


@transaction.atomic
def send_again(actor: User, letter: Letter, *, again: bool) -> Letter:
    """Settle a letter that is uncertain or was refused: let it be sent once more, or leave it as it is."""
    if not may_organise(actor, letter.edition):
        raise PermissionDenied
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.state in (LetterState.UNCERTAIN, LetterState.REFUSED):
        letter.state, letter.state_at = (LetterState.CLAIMED if again else LetterState.LEFT), timezone.now()
        letter.attempts, letter.fault = 0, ""
        letter.save()
        record(letter.edition, actor, "send_letter_again" if again else "leave_letter", subject_of(letter))
    return letter
