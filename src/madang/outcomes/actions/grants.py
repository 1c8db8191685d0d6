"""Money from others with its conditions, and what foreign currencies are worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.budget import delete_row, guard, write_row
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.models import Accounts, Condition, Grant, Rate


@transaction.atomic
def save_grant(actor: User, edition: Edition, facts: Mapping[str, Any], grant: Grant | None = None) -> Grant:
    """A new grant, or other facts of one. Refused for a code that is taken."""
    return write_row(actor, grant or Grant(edition=edition), facts, "grant")


@transaction.atomic
def delete_grant(actor: User, grant: Grant) -> None:
    """With its conditions. Refused while a budget line names it."""
    delete_row(actor, grant, "grant", _("A budget line names it: change that line first."))


@transaction.atomic
def add_condition(actor: User, grant: Grant, text: str, due_on: dt.date) -> Condition:
    """What the grant asks for, and by when."""
    guard(actor, grant.edition)
    condition = Condition.objects.create(grant=grant, text=text, due_on=due_on)
    record(grant.edition, actor, "add_condition", grant.code, due_on=due_on.isoformat())
    return condition


@transaction.atomic
def meet_condition(actor: User, condition: Condition, evidence: str) -> None:
    """It was done, and this shows it. Refused where that was said already."""
    edition = condition.grant.edition
    guard(actor, edition)
    open_row = Condition.objects.filter(pk=condition.pk, met_at=None)
    if not open_row.update(met_at=edition.now(), met_by=actor, evidence=evidence):
        raise Refused(_("This condition is noted as met already."))
    record(edition, actor, "meet_condition", condition.grant.code, due_on=condition.due_on.isoformat())


@transaction.atomic
def reopen_condition(actor: User, condition: Condition) -> None:
    """It was not met after all; the log keeps what was said."""
    edition = condition.grant.edition
    guard(actor, edition)
    was = condition.evidence
    if Condition.objects.filter(pk=condition.pk, met_at__isnull=False).update(met_at=None, met_by=None, evidence=""):
        record(edition, actor, "reopen_condition", condition.grant.code, evidence=was)


@transaction.atomic
def delete_condition(actor: User, condition: Condition) -> None:
    """Refused once it was met."""
    edition = condition.grant.edition
    guard(actor, edition)
    if not Condition.objects.filter(pk=condition.pk, met_at=None).delete()[0]:
        raise Refused(_("It was met: it stays to be seen."))
    record(edition, actor, "delete_condition", condition.grant.code, due_on=condition.due_on.isoformat())


@transaction.atomic
def save_rate(actor: User, edition: Edition, currency: str, on: dt.date, rate: Decimal, source: str) -> Rate:
    """What one unit was worth on a day, in the currency of the totals; a second one of the same day takes the first's place."""
    guard(actor, edition)
    if currency == accounts_for(edition).currency:
        raise Refused(_("This is the currency of the totals: it needs no rate."))
    facts = {"rate": rate, "source": source}
    row, _is_new = Rate.objects.update_or_create(edition=edition, currency=currency, on=on, defaults=facts)
    record(edition, actor, "save_rate", currency, on=on.isoformat(), rate=str(rate), source=source)
    return row


@transaction.atomic
def delete_rate(actor: User, rate: Rate) -> None:
    """Take a rate away; what was converted with it takes the one before, or is no longer converted."""
    guard(actor, rate.edition)
    record(rate.edition, actor, "delete_rate", rate.currency, on=rate.on.isoformat(), rate=str(rate.rate))
    rate.delete()


@transaction.atomic
def choose_totals(actor: User, edition: Edition, currency: str) -> None:
    """The currency of the totals. Refused while there are rates, which say what units are worth in the one of before."""
    guard(actor, edition)
    accounts = accounts_for(edition)
    if accounts.currency == currency:
        return
    if Rate.objects.filter(edition=edition).exists():
        raise Refused(_("There are rates into %(currency)s: delete these first.") % {"currency": accounts.currency})
    accounts.currency = currency
    accounts.save(update_fields=["currency"])
    record(edition, actor, "choose_totals", currency)


def accounts_for(edition: Edition) -> Accounts:
    """The edition's settings, locked until the transaction ends; written down if nobody has yet."""
    Accounts.objects.get_or_create(edition=edition)
    return Accounts.objects.select_for_update().get(edition=edition)
