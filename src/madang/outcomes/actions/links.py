"""Links by which funders read published reports without an account."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.markets.actions import record
from madang.markets.models import Edition
from madang.outcomes.actions.refusals import Refused
from madang.outcomes.actions.reports import guard
from madang.outcomes.models import FunderLink


@transaction.atomic
def make_link(
    actor: User,
    edition: Edition,
    name: str,
    last_day: dt.date | None = None,
    *,
    beside: Edition | None = None,
    shows_costs: bool = False,
) -> FunderLink:
    """A new address for a funder; it works until the end of `last_day` at the venue, or until it is revoked.

    What may stand `beside` is another edition of the market that the actor organises too.
    """
    guard(actor, edition)
    if beside is not None:
        guard(actor, beside)
        if beside.market_id != edition.market_id:
            raise Refused(_("Only editions of one market stand beside each other."))
    ends = None
    if last_day is not None:
        ends = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), edition.zone)
        if ends <= edition.now():
            raise Refused(_("That day is over."))
    link = FunderLink.objects.create(
        edition=edition, name=name, made_by=actor, made_at=edition.now(), expires_at=ends, beside=beside, shows_costs=shows_costs
    )
    record(edition, actor, "make_funder_link", name)
    return link


@transaction.atomic
def revoke_link(actor: User, link: FunderLink) -> None:
    """Whoever has the address gets nothing from now on. A second time changes nothing."""
    guard(actor, link.edition)
    if FunderLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=link.edition.now()):
        record(link.edition, actor, "revoke_funder_link", link.name)


def count_opening(link: FunderLink) -> None:
    """Somebody opened the link's first page."""
    FunderLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, opened_at=link.edition.now())
