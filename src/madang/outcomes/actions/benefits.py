"""Benefits as somebody estimates them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.rounds import guard
from madang.outcomes.models import Benefit


@transaction.atomic
def state_benefit(actor: User, edition: Edition, facts: Mapping[str, Any], benefit: Benefit | None = None) -> Benefit:
    """State a benefit, or state it anew; the log keeps what was said before."""
    guard(actor, edition)
    found = Benefit.objects.select_for_update().get(pk=benefit.pk) if benefit else Benefit(edition=edition)
    before = f"{found.low} {found.central} {found.high} {found.currency}" if benefit else ""
    for name, value in facts.items():
        setattr(found, name, value)
    found.save()
    after = f"{found.low} {found.central} {found.high} {found.currency}"
    record(edition, actor, "state_benefit", found.name, before=before, after=after)
    return found


@transaction.atomic
def remove_benefit(actor: User, benefit: Benefit) -> None:
    """Take a benefit out of the return."""
    guard(actor, benefit.edition)
    record(benefit.edition, actor, "remove_benefit", benefit.name, central=str(benefit.central), currency=benefit.currency)
    benefit.delete()
