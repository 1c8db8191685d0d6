"""Letters to applicants, each in its reader's language, written in the transaction of the change they tell of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from madang.accreditation.models import Application, Invitation
from madang.kit.languages import isolated
from madang.markets.models import Edition
from madang.people.actions import Address, Writing, write_to_many
from madang.people.mail import SITE

SUBJECTS = {
    "received": _("%(edition)s: your application has arrived (%(code)s)"),
    "asked": _("%(edition)s: a question about your application (%(code)s)"),
    "accepted": _("%(edition)s: you are accredited (%(code)s)"),
    "promoted": _("%(edition)s: a place came free, you are accredited (%(code)s)"),
    "waiting": _("%(edition)s: you are on the waiting list (%(code)s)"),
    "declined": _("%(edition)s: your application (%(code)s)"),
    "revoked": _("%(edition)s: your accreditation is withdrawn (%(code)s)"),
    "withdrawn": _("%(edition)s: your application is withdrawn (%(code)s)"),
    "transferred": _("%(edition)s: your badge went to a colleague (%(code)s)"),
    "invited": _("%(edition)s: you are invited to apply for a badge"),
}
"""Kind of letter -> its subject; `accreditation/mail/<kind>.txt` holds its text."""
TO_THE_HOLDER = {"accepted", "promoted", "revoked", "transferred", "withdrawn"}
"""What concerns whoever carries the badge, also where somebody else applied for her."""


def write_letters(kind: str, applications: Iterable[Application], at: dt.datetime, **facts: Any) -> None:
    """One letter of this kind about each application, at `at`, to whom it concerns."""
    rows = list(applications)
    if rows:
        mark = f"{at:%Y%m%d%H%M%S%f}"
        write_to_many(rows[0].edition, [w for row in rows for w in _writings(kind, row, mark, facts)])


def readers_of(kind: str, application: Application) -> list[Address]:
    """The writer of the application; the holder too, or alone if she wrote it, where it is about the badge."""
    language = application.language or application.user.language or settings.LANGUAGE_CODE
    holder = Address(application.email, application.latin_name, language)
    if application.user.email.lower() == application.email.lower():
        return [holder]
    writer = Address(application.user.email, application.user.name, application.user.language or language)
    return [holder, writer] if kind in TO_THE_HOLDER else [writer]


def _writings(kind: str, application: Application, mark: str, facts: dict[str, Any]) -> Iterable[Writing]:
    for reader in readers_of(kind, application):
        page = SITE + reverse("accreditation:application", args=[application.edition.slug, application.code])
        badge = facts.get("badges", {}).get(application.participant_id)
        words = facts | {"application": application, "badge": badge, "page": page}
        once = f"badge {kind} {application.code} {mark} {int(reader.email == application.email)}"
        yield _writing(kind, application.edition, reader, words | {"code": application.code}, once)


def _writing(kind: str, edition: Edition, reader: Address, words: dict[str, Any], once: str) -> Writing:
    with translation.override(reader.language):
        words = words | {"edition": edition, "name": isolated(reader.name)}
        body = render_to_string(f"accreditation/mail/{kind}.txt", words)
        subject = str(SUBJECTS[kind]) % {"edition": edition, "code": words.get("code", "")}
    return Writing(reader, subject, body.strip() + "\n", once)


def write_invitations(edition: Edition, invitations: Iterable[Invitation]) -> None:
    """Each invited address gets its link."""
    writings = []
    for row in invitations:
        reader = Address(row.email, "", row.language or settings.LANGUAGE_CODE)
        page = SITE + reverse("accreditation:invitation", args=[edition.slug, row.key])
        writings.append(_writing("invited", edition, reader, {"invitation": row, "page": page}, f"invited {row.key}"))
    write_to_many(edition, writings)
