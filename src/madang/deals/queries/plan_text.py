"""The plan of a co-production as a document."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from madang.deals.queries.coproduction import Coproduction
from madang.deals.words import language
from madang.kit.calendar import day_text
from madang.kit.money import money
from madang.kit.pdf import Block, Heading, Rows, Text
from madang.markets.models import Edition


def plan_title(found: Coproduction) -> str:
    """Whose co-production of what."""
    return _("Co-production: %(titles)s") % {"titles": ", ".join(str(t) for t in found.deal.titles.all()) or found.deal.code}


def plan_blocks(found: Coproduction, edition: Edition) -> list[Block]:
    """Partners, territories, financing, recoupment and who has agreed, in the active language."""
    waiting = ", ".join(str(share.row) for share in found.waits_for)
    standing = _("Not agreed yet: %(names)s.") % {"names": waiting} if waiting else _("Agreed by all partners that are here.")
    return [
        Text(_("Revision %(revision)s. %(standing)s") % {"revision": found.plan.revision, "standing": standing}),
        Heading(_("Partners")),
        _partners(found, edition),
        Text(_("Shared by all partners: %(names)s.") % {"names": found.shared_territories or _("nothing")}),
        *_money(found),
        *_order(found),
        Text(_("This plan is a record of what its partners entered. It takes the place of no contract."), "small"),
    ]


def _partners(found: Coproduction, edition: Edition) -> Block:
    rows = []
    for share in found.shares:
        agreed = day_text(share.agreed.agreed_at.astimezone(edition.zone).date(), language()) if share.agreed else "–"
        rows.append([str(share.row), percent_text(share.row.share), share.territories or "–", agreed])
    return Rows(rows, [_("Partner"), _("Share"), _("Territories kept"), _("Agreed on")], [3, 1, 3, 2])


def _money(found: Coproduction) -> list[Block]:
    plan, rows = found.financing, []
    for source in plan.sources:
        row = source.row
        stated = money(row.amount, row.currency)
        here = money(source.amount, plan.currency)
        rows.append([str(row.partner or row.source), row.get_kind_display(), row.get_state_display(), stated, here])
    head = [_("Source"), _("Kind"), _("State"), _("Amount"), _("In %(currency)s") % {"currency": plan.currency}]
    words = {"budget": money(plan.budget, plan.currency), "gap": money(plan.gap, plan.currency)}
    text = Text(_("Budget %(budget)s. Neither signed nor promised: %(gap)s.") % words)
    return [Heading(_("Financing")), text, *([Rows(rows, head, [3, 2, 2, 2, 2])] if rows else [])]


def _order(found: Coproduction) -> list[Block]:
    if not found.steps:
        return []
    rows = [
        [
            str(step.position),
            str(step.partner or step.recipient),
            percent_text(step.percent),
            money(step.cap, found.plan.currency) if step.cap else "–",
        ]
        for step in found.steps
    ]
    after = Text(_("What is left after the last step goes to the partners by their shares."))
    return [
        Heading(_("Order of recoupment")),
        Rows(rows, [_("Step"), _("Who is paid"), _("Per cent"), _("Up to")], [1, 4, 2, 3]),
        after,
    ]


def percent_text(share: Decimal) -> str:
    """`33.334 %`, without zeros at the end, with the active language's point."""
    return f"{number_format(f'{share.normalize():f}')} %"
