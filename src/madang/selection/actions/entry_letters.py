"""Letters about an entry, to the account that entered it, in the language it chose."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madang.kit.calendar import in_zone, moment_text, zone_mark
from madang.kit.languages import isolated
from madang.people.actions import Address, write_to
from madang.people.mail import SITE
from madang.selection.models import Entry

SUBJECTS = {
    "received": _("%(edition)s: your entry %(code)s has arrived"),
    "withdrawn": _("%(edition)s: your entry %(code)s is withdrawn"),
    "refused": _("%(edition)s: your entry %(code)s is not eligible"),
    "reopened": _("%(edition)s: your entry %(code)s counts again"),
    "restored": _("%(edition)s: your entry %(code)s counts again"),
}


def write_about(entry: Entry, what: str) -> None:
    """Write the letter `what` of SUBJECTS, inside the transaction of the change it tells of; once a version of the entry."""
    edition = entry.call.edition
    language = entry.language or entry.user.language or settings.LANGUAGE_CODE
    with translation.override(language):
        closes = in_zone(entry.call.closes_at, edition.time_zone)
        name = isolated(entry.contact_name or entry.user.get_full_name())
        facts = {
            "what": what,
            "name": name,
            "title": isolated(str(entry)),
            "code": entry.code,
            "call": entry.call,
            "edition": edition,
            "reason": entry.state_reason,
            "is_gone": entry.title is not None and entry.title.is_withdrawn,
            "closes": f"{moment_text(closes, language)} {zone_mark(closes)}",
            "is_open": edition.now() < entry.call.closes_at,
            "url": SITE + reverse("selection:entry", args=[edition.slug, entry.code]),
        }
        subject = str(SUBJECTS[what]) % {"edition": edition, "code": entry.code}
        body = render_to_string("selection/mail/entry.txt", facts)
    address = Address(entry.user.email, name, language)
    write_to(edition, address, subject, body, once=f"entry {what} {entry.pk} {entry.version}")


def tell_organisers(entry: Entry) -> None:
    """That an entry of the line-up was withdrawn: to each organiser of the market; once a version of the entry."""
    edition = entry.call.edition
    for user in edition.market.organisers.order_by("pk"):
        language = user.language or settings.LANGUAGE_CODE
        with translation.override(language):
            facts = {
                "name": isolated(user.get_full_name()),
                "title": isolated(str(entry)),
                "code": entry.code,
                "call": entry.call,
                "edition": edition,
                "url": SITE + reverse("selection:desk_one_entry", args=[edition.slug, entry.code]),
            }
            subject = gettext("%(edition)s: “%(title)s” is withdrawn from the line-up") % facts
            body = render_to_string("selection/mail/gone.txt", facts)
        write_to(
            edition,
            Address(user.email, user.name, language),
            subject,
            body,
            once=f"entry gone {entry.pk} {entry.version} {user.pk}",
        )
