"""One at a time: quotas, waiting lists and badge numbers of an edition are decided behind one lock."""

from __future__ import annotations

from madang.accreditation.models import Application
from madang.markets.models import Edition


def lock_accreditation(edition: Edition) -> Edition:
    """Wait until nobody else decides; call it first in the transaction (SQLite lets one write at a time anyway)."""
    return Edition.objects.select_for_update(of=("self",), no_key=True).select_related("market").get(pk=edition.pk)


def locked(application: Application) -> Application:
    """The application as it is now, behind its edition's lock."""
    edition = lock_accreditation(application.edition)
    found = Application.objects.select_related("badge_type", "invitation", "company", "user", "participant").get(
        pk=application.pk
    )
    found.edition = found.badge_type.edition = edition
    return found
