"""A buyer writes, changes and deletes her mandates."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.mandates.facts import FIELDS
from madang.mandates.introductions import introduce_by_match
from madang.mandates.models import Mandate
from madang.mandates.rules import may_change_mandate, may_write_mandates
from madang.mandates.versions import keep_versions
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.people.rules import participant_of

MOST = 20
"""Mandates a buyer may have: more are a catalogue of wishes, and nobody reads it."""
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of codes: none that is taken for another."""


class TooManyMandates(Exception):
    """The buyer has `MOST` mandates already; nothing was written."""


@transaction.atomic
def write_mandate(actor: User, edition: Edition, **facts: Any) -> Mandate:
    """A new mandate of the actor; `facts` are FIELDS. The same words sent twice (a double click) are one mandate."""
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)  # her writing queues
    me = participant_of(actor, edition)
    if me is None or not may_write_mandates(actor, edition):
        raise PermissionDenied
    mine = Mandate.objects.filter(edition=edition, buyer=me)
    same = mine.filter(**{name: facts[name] for name in FIELDS if name in facts}).first()
    if same is not None:
        return same
    if mine.count() >= MOST:
        raise TooManyMandates
    mandate = Mandate(edition=edition, code=new_code(edition), buyer=me, changed_at=edition.now())
    _fill(mandate, facts)
    mandate.save(force_insert=True)
    keep_versions([mandate], actor, edition.now())
    record(edition, actor, "write_mandate", mandate.code)
    introduce_by_match(edition, [me])
    return mandate


@transaction.atomic
def change_mandate(actor: User, mandate: Mandate, **facts: Any) -> Mandate:
    """Change one's own mandate: its words, or who sees it."""
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if not may_change_mandate(actor, mandate):
        raise PermissionDenied
    changed = [name for name in FIELDS if name in facts and getattr(mandate, name) != facts[name]]
    if changed:
        keep_versions([mandate], None)
        _fill(mandate, facts)
        mandate.save()
        keep_versions([mandate], actor, mandate.edition.now())
        record(mandate.edition, actor, "change_mandate", mandate.code, changed=changed)
        introduce_by_match(mandate.edition, [mandate.buyer])
    return mandate


@transaction.atomic
def delete_mandate(actor: User, mandate: Mandate) -> None:
    """Delete one's own mandate; requests about it stay, without it. Twice is once."""
    found = Mandate.objects.select_for_update().filter(pk=mandate.pk).first()
    if found is None:
        return
    if not may_change_mandate(actor, found):
        raise PermissionDenied
    record(found.edition, actor, "delete_mandate", found.code)
    found.delete()
    introduce_by_match(found.edition, [found.buyer])


def new_code(edition: Edition) -> str:
    """M and five signs by chance that no mandate of the edition has: numbers in a row would tell how many are hidden."""
    while True:
        code = "M" + "".join(secrets.choice(LETTERS) for _sign in range(5))
        if not Mandate.objects.filter(edition=edition, code=code).exists():
            return code


def _fill(mandate: Mandate, facts: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in facts:
            setattr(mandate, name, facts[name])
