"""Mail of notices: what is new for a person, in one letter, in her language."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from madang.kit.languages import isolated
from madang.people.models import Letter, Notice, Participant
from madang.people.notices import notice_text, notice_url

SITE = "{site}"
"""Stands for the site's address in the text of a letter: nobody knows it while the text is written."""
LINES = 50
"""Notices that one letter tells in full; the page has the rest."""


def address_of(participant: Participant) -> str:
    """Where she reads mail: the edition's address for her, else her account's; empty where there is none."""
    return participant.email or (participant.user.email if participant.user else "")


def language_of(participant: Participant) -> str:
    return participant.language or (participant.user.language if participant.user else "") or settings.LANGUAGE_CODE


def write_letter(
    letter: Letter, notices: Sequence[Notice], site: str, calendar: bytes | None, connection: BaseEmailBackend
) -> EmailMessage:
    """One mail with all these notices; a `calendar` goes with it. `site` is the site's address ("https://market.example/").

    Without `site` links are left out, unless the installation knows its own address (MADANG_ORIGINS).
    """
    if letter.recipient is None:
        return _addressed(letter, site, connection)
    recipient, base = letter.recipient, site_address(site)
    edition = recipient.edition
    zone = recipient.time_zone or (recipient.user.time_zone if recipient.user else "")
    with translation.override(language_of(recipient)):
        lines = [(notice_text(n, zone), base + notice_url(n, edition.slug) if base else "") for n in notices[:LINES]]
        subject = ngettext("%(edition)s: one message for you", "%(edition)s: %(count)d messages for you", len(notices))
        body = render_to_string(
            "people/mail/digest.txt",
            {
                "name": isolated(recipient.name),
                "edition": edition,
                "lines": lines,
                "more": len(notices) - len(lines),
                "notices_url": base + reverse("people:notices", args=[edition.slug]) if base else "",
                "choices_url": base + reverse("people:mails", args=[edition.slug]) if base else "",
            },
        )
        subject = " ".join((subject % {"edition": edition, "count": len(notices)}).split())  # a header is one line
    message = EmailMessage(subject, body, to=[address_of(recipient)], connection=connection, headers=_headers(letter))
    if calendar:
        message.attach("meetings.ics", calendar.decode(), "text/calendar; method=PUBLISH")
    return message


def _addressed(letter: Letter, site: str, connection: BaseEmailBackend) -> EmailMessage:
    """A letter to an address, as it was written; the site's address goes where `SITE` stands."""
    body = letter.body.replace(SITE, site_address(site))
    message = EmailMessage(letter.subject, body, to=[letter.address], connection=connection, headers=_headers(letter))
    if letter.calendar:
        message.attach("calendar.ics", letter.calendar, "text/calendar; method=PUBLISH")
    return message


def _headers(letter: Letter) -> dict[str, str]:
    return {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}


def message_id(letter: Letter) -> str:
    """The same for every sending of the same letter, so that a mail programme knows it again."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"<{letter.key}@{domain}>"


def site_address(site: str) -> str:
    """The address given, else the first of MADANG_ORIGINS; without its last slash; empty where nobody knows."""
    return (site or next(iter(settings.CSRF_TRUSTED_ORIGINS), "")).rstrip("/")
