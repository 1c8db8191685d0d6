"""Work of this app that nobody waits for."""

from __future__ import annotations

import logging

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django_tasks import task

from madang.people.mail import address_of, digest
from madang.people.models import Notice, Participant

log = logging.getLogger(__name__)

UNSENT = Q(mailed_at=None, read_at=None)
"""What has been read on the page needs no letter."""


@task()
def mail_notices(site: str = "") -> int:
    """Mail what is unsent, one letter a person; give back the number of letters. Run twice, it sends nothing twice."""
    waiting = Participant.objects.filter(pk__in=Notice.objects.filter(UNSENT).values("recipient"))
    connection, sent = mail.get_connection(), 0
    connection.open()
    for recipient in waiting.select_related("user", "edition").order_by("pk"):
        if address_of(recipient):
            sent += _mail_one(recipient, site, connection)
    connection.close()
    return sent


def _mail_one(recipient: Participant, site: str, connection: BaseEmailBackend) -> int:
    """Rows are claimed before the letter leaves: a worker killed in between loses a letter rather than sends it twice."""
    notices = _claim(recipient)
    if not notices:
        return 0
    try:
        return int(digest(recipient, notices, site, connection).send() or 0)
    except OSError:  # the mail server is away (SMTPException is an OSError): the next run tries again
        log.exception("Mail to participant %s of %s failed", recipient.code, recipient.edition.slug)
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=None)
        return 0


@transaction.atomic
def _claim(recipient: Participant) -> list[Notice]:
    """All that is unsent, for one letter: two workers who took row by row would share it out over two."""
    Participant.objects.select_for_update(no_key=True).get(pk=recipient.pk)
    notices = list(Notice.objects.select_for_update().filter(UNSENT, recipient=recipient).order_by("created_at", "pk"))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=recipient.edition.now())
    return notices
