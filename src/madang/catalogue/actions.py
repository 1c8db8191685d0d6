"""Writes of the catalogue: the identity statement of a title."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.catalogue.models import IdentityStatement, Title
from madang.catalogue.rules import may_edit_identity
from madang.markets.actions import record


@transaction.atomic
def save_identity(actor: User, title: Title, texts: Mapping[str, str]) -> IdentityStatement:
    """What the makers say of the work, by field; saving what stands there changes nothing."""
    if not may_edit_identity(actor, title):
        raise PermissionDenied
    Title.objects.select_for_update(of=("self",)).get(pk=title.pk)
    row = IdentityStatement.objects.filter(title=title).first() or IdentityStatement(title=title)
    changed = [name for name, text in texts.items() if getattr(row, name) != text]
    if changed:
        for name in changed:
            setattr(row, name, texts[name])
        row.saved_at = title.edition.now()
        row.save()
        record(title.edition, actor, "save_identity", title.code, fields=", ".join(changed))
    return row
