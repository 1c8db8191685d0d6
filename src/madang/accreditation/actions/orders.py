"""Orders of the shop: written as they were told, matched to applications. Money is never changed here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from madang.accounts.models import User
from madang.accreditation.actions.locking import lock_accreditation
from madang.accreditation.actions.refusals import Refused
from madang.accreditation.models import Application, BadgeType, Match, Order, OrderState
from madang.accreditation.queries_orders import Matcher, applications_of, is_for_badges
from madang.accreditation.rules_badges import may_hand_out
from madang.accreditation.shop import Export, Position
from madang.markets.actions import record
from madang.markets.models import Edition

FIELDS = ("state", "email", "attendee_name", "company_name", "item", "price", "currency", "paid_at", "told")


class Difference(NamedTuple):
    """What a file would change: `columns` are (column, old, new)."""

    order: Order
    columns: list[tuple[str, str, str]]


class Comparison(NamedTuple):
    """New orders (not saved), known ones with their new values, the number of those that are as they were."""

    new: list[Order]
    changed: list[Difference]
    same: int


def compare(edition: Edition, export: Export) -> Comparison:
    """What a file tells against the orders that are known; nothing is written.

    The shop leaves out a position that was cancelled: one that is known and missing from its own order is cancelled.
    """
    known = {(row.code, row.position): row for row in Order.objects.filter(edition=edition)}
    codes = {code.upper() for code in Application.objects.filter(edition=edition).values_list("code", flat=True)}
    money = _only_currency(edition)
    new: list[Order] = []
    changed: list[Difference] = []
    same = 0
    for one in export.positions:
        row = known.get((one.code, one.position))
        if row is None:
            row = Order(edition=edition, code=one.code, position=one.position)
            _written(row, one, codes, money)
            new.append(row)
        elif columns := _written(row, one, codes, money):
            changed.append(Difference(row, columns))
        else:
            same += 1
    told = {(one.code, one.position) for one in export.positions}
    for key, row in known.items():
        if row.code in export.orders and key not in told and row.state != OrderState.CANCELLED:
            changed.append(Difference(row, [("state", row.state, OrderState.CANCELLED.value)]))
            row.state = OrderState.CANCELLED
    return Comparison(new, changed, same)


def _only_currency(edition: Edition) -> str:
    """Tables of the shop name none: it is the badge types', where these have one."""
    found = set(BadgeType.objects.filter(edition=edition).exclude(currency="").values_list("currency", flat=True))
    return found.pop() if len(found) == 1 else ""


def _written(row: Order, one: Position, codes: set[str], money: str) -> list[tuple[str, str, str]]:
    """Put the position's values into the row; gives what that changes. What a table does not tell stays as it was."""
    values = {
        "state": one.state, "email": one.email, "attendee_name": one.attendee_name, "company_name": one.company_name,
        "item": row.item if row.item and one.item.isdecimal() else one.item, "price": one.price,
        "currency": one.currency or row.currency or money,
        "paid_at": one.paid_at or row.paid_at, "told": _told(row, one, codes),
    }  # fmt: skip
    differing = [
        (name, _shown(getattr(row, name)), _shown(value)) for name, value in values.items() if getattr(row, name) != value
    ]
    for name, value in values.items():
        setattr(row, name, value)
    return differing


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _told(row: Order, one: Position, codes: set[str]) -> dict[str, object]:
    """The buyer's address, the day of the order, money that went back and stayed, codes of applications that somebody wrote."""
    words = {word.upper() for hint in one.hints for word in re.findall(r"[\w-]{3,40}", hint)}
    ordered = one.ordered_at.isoformat() if one.ordered_at else row.told.get("ordered", "")
    told = {
        "buyer": one.buyer_email,
        "ordered": ordered,
        "refunded": str(one.refunded) if one.refunded else row.told.get("refunded", ""),
        "kept": row.told.get("kept", "") if one.kept is None else str(one.kept),
        "total": row.told.get("total", "") if one.total is None else str(one.total),
        "codes": sorted(words & codes) or row.told.get("codes", []),
    }
    return {key: value for key, value in told.items() if value}


def aside(edition: Edition, orders: Sequence[Order]) -> list[tuple[str, int]]:
    """Items of the shop that no badge type names, and how many of the orders are for each; the most first."""
    types = list(BadgeType.objects.filter(edition=edition))
    others = Counter(row.item for row in orders if not is_for_badges(row.item, types))
    return sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))[:20]


def match_all(edition: Edition, orders: Sequence[Order]) -> int:
    """Find applications for orders that have none and that nobody matched or unmatched by hand; gives how many were found.

    The rows are changed, not saved.
    """
    types = list(BadgeType.objects.filter(edition=edition))
    taken = set(Order.objects.filter(edition=edition).exclude(application=None).values_list("application", flat=True))
    matcher, found = Matcher(applications_of(edition), types, {pk for pk in taken if pk}), 0
    for order in orders:
        if order.application_id or order.matched == Match.HAND or not is_for_badges(order.item, types):
            continue
        order.application, order.matched = matcher.find(order)
        if order.application:
            matcher.taken.add(order.application.pk)
            found += 1
    return found


@transaction.atomic
def match_again(actor: User, edition: Edition) -> int:
    """Look once more for the applications of orders that have none: some came in later."""
    edition = lock_accreditation(edition)
    if not may_hand_out(actor, edition):
        raise PermissionDenied
    orders = list(Order.objects.filter(edition=edition, application=None).exclude(matched=Match.HAND))
    found = match_all(edition, orders)
    Order.objects.bulk_update([row for row in orders if row.application_id], ["application", "matched"], batch_size=500)
    if found:
        record(edition, actor, "match_orders", str(found))
    return found


@transaction.atomic
def match_order(actor: User, order: Order, application: Application | None) -> Order:
    """By hand: this order pays that application; None: it pays none, and no import matches it again."""
    edition = lock_accreditation(order.edition)
    if not may_hand_out(actor, edition):
        raise PermissionDenied
    if application is not None and application.edition_id != edition.pk:
        raise Refused(_("This application is of another edition."))
    row = Order.objects.select_related("application").get(pk=order.pk)
    before = row.application.code if row.application else "–"
    row.application, row.matched = application, Match.HAND
    row.save(update_fields=["application", "matched"])
    record(edition, actor, "match_order", str(row), before=before, after=application.code if application else "–")
    return row
