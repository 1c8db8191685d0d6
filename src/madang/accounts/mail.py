"""Mail of the door: written in the reader's language, sent beside the answer so that an answer's speed tells nothing."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from madang.accounts.models import User

log = logging.getLogger(__name__)
postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postman")


def deliver(message: EmailMessage) -> None:
    """Send soon, in order, without keeping anyone waiting. A mail lost in a crash is asked for again."""
    postman.submit(_send, message)


def delivered() -> None:
    """Wait until everything handed over so far has been sent."""
    postman.submit(int).result()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError:  # smtplib's errors are OSErrors
        log.exception("A mail could not be sent")


def write_sign_in_mail(user: User, address: str, language: str) -> EmailMessage:
    """The mail with the sign-in link, in the user's language or else in the one she asked in."""
    with translation.override(user.language or language):
        facts = {"user": user, "address": address, "minutes": settings.SESAME_MAX_AGE // 60}
        text = render_to_string("accounts/mail/sign_in.txt", facts)
        return EmailMessage(_("Your link to sign in"), text.strip() + "\n", to=[user.email])


def write_opening_mail(email: str, address: str, language: str) -> EmailMessage:
    """The mail with the link that opens an account, in the language in which it was asked for."""
    with translation.override(language):
        facts = {"address": address, "minutes": settings.SESAME_MAX_AGE // 60}
        text = render_to_string("accounts/mail/opening.txt", facts)
        return EmailMessage(_("Your link to sign in"), text.strip() + "\n", to=[email])
