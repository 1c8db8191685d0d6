"""What an organiser sets."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.markets.rules import may_organise

FIELDS = ("name", "name_ko", "name_fr", "venue", "city", "country", "stage", "is_public")


@transaction.atomic
def change_edition(actor: User, edition: Edition, **facts: Any) -> Edition:
    """Change FIELDS of an edition; only what differs is written and told to the log, so that a double click is one line."""
    if not may_organise(actor, edition):
        raise PermissionDenied
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    changed = [name for name in FIELDS if name in facts and getattr(edition, name) != facts[name]]
    if changed:
        before = {name: getattr(edition, name) for name in changed}
        for name in changed:
            setattr(edition, name, facts[name])
        edition.save(update_fields=changed)
        after = {name: facts[name] for name in changed}
        record(edition, actor, "change_edition", edition.slug, fields=changed, before=before, after=after)
    return edition
