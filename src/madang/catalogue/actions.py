"""Writes of the catalogue: the identity statement of a title, and its side of a match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.catalogue.models import IdentityStatement, Profile, Title
from madang.catalogue.queries import last_saved_by
from madang.catalogue.rules import may_edit_identity
from madang.kit.editing import Overtaken, mark_of
from madang.markets.actions import record


@transaction.atomic
def save_identity(actor: User, title: Title, texts: Mapping[str, str], *, seen: str | None = None) -> IdentityStatement:
    """What the makers say of the work, by field; saving what stands there changes nothing.

    `seen`: the `mark_of` what the form began from; None writes whatever stands there. Raises Overtaken.
    """
    if not may_edit_identity(actor, title):
        raise PermissionDenied
    Title.objects.select_for_update(of=("self",)).get(pk=title.pk)
    row = IdentityStatement.objects.filter(title=title).first() or IdentityStatement(title=title)
    _save(actor, row, texts, "save_identity", seen)
    return row


@transaction.atomic
def save_profile(actor: User, title: Title, facts: Mapping[str, Any], *, seen: str | None = None) -> Profile:
    """What matches need to know of the title, by field; otherwise as `save_identity`."""
    if not may_edit_identity(actor, title):
        raise PermissionDenied
    Title.objects.select_for_update(of=("self",)).get(pk=title.pk)
    row = Profile.objects.filter(title=title).first() or Profile(title=title)
    _save(actor, row, facts, "save_profile", seen)
    return row


def _save(actor: User, row: IdentityStatement | Profile, facts: Mapping[str, Any], verb: str, seen: str | None) -> None:
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if not changed:
        return
    mark = mark_of(row, facts)
    if row.pk and seen is not None and seen != mark:
        raise Overtaken(mark, last_saved_by(row.title, verb), row.saved_at)
    for name in changed:
        setattr(row, name, facts[name])
    row.saved_at = row.title.edition.now()
    row.save()
    record(row.title.edition, actor, verb, row.title.code, fields=", ".join(changed))
