"""Calls for entries: made, changed, copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.markets.rules import may_organise
from madang.selection.actions.refusals import Refused
from madang.selection.models import Call, Criterion


def make_call(actor: User, edition: Edition, facts: Mapping[str, Any], *, like: Call | None = None) -> Call:
    """A new call; from an earlier one it takes the criteria of its jury over. Raises Refused where the code is taken."""
    if not may_organise(actor, edition):
        raise PermissionDenied
    try:
        with transaction.atomic():
            call = Call.objects.create(edition=edition, **facts)
            if like is not None:
                _copy_criteria(like, call)
            record(edition, actor, "make_call", call.code)
            return call
    except IntegrityError as fault:
        raise Refused(_("There is a call with this code already.")) from fault


@transaction.atomic
def change_call(actor: User, call: Call, facts: Mapping[str, Any]) -> Call:
    """Change a call; what was submitted under other rules stays submitted."""
    if not may_organise(actor, call.edition):
        raise PermissionDenied
    row = Call.objects.select_for_update(of=("self",)).select_related("edition").get(pk=call.pk)
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, facts[name])
        row.save(update_fields=changed)
        record(row.edition, actor, "change_call", row.code, fields=", ".join(changed))
    return row


def _copy_criteria(like: Call, call: Call) -> None:
    rows = list(Criterion.objects.filter(call=like))
    for row in rows:
        row.pk, row.call = None, call
        row._state.adding = True
    Criterion.objects.bulk_create(rows)
