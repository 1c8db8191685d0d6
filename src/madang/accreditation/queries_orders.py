"""Whose badge an order pays, and what does not fit between orders, applications and badges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.accreditation.models import (
    Application,
    ApplicationState,
    Badge,
    BadgeState,
    BadgeType,
    Match,
    Order,
    OrderState,
    Payer,
)
from madang.accreditation.rules import OPEN
from madang.kit.search import fold
from madang.markets.models import Edition

TONES = {"paid": "ok", "pending": "warn", "expired": "", "cancelled": "bad"}
"""How an order's state looks."""
KINDS: dict[str, str | Promise] = {
    "unmatched": _("Paid, but no application"),
    "other": _("Paid for another badge"),
    "unpaid": _("Accepted, but not paid"),
    "amount": _("Another amount than the price"),
    "void": _("Cancelled or refunded, but the badge is valid"),
    "doubled": _("Two orders for one application"),
    "declined": _("Paid, but there is no badge"),
}
"""What does not fit, the worst first."""
REMEDIES: dict[str, str | Promise] = {
    "unmatched": _("Find the application and match it, or pay the money back in the shop."),
    "other": _("Change the item in the shop, or match the order by hand if it is right as it is."),
    "unpaid": _("Remind the applicant, or revoke the accreditation."),
    "amount": _("The price is that of the day of the application. Settle the difference in the shop."),
    "void": _("Revoke the accreditation, or match the order that pays for it."),
    "doubled": _("Pay one back in the shop, or match it to the colleague for whom it was meant."),
    "declined": _("Pay the money back in the shop."),
}


def applications_of(edition: Edition) -> list[Application]:
    """Everything that was handed in, oldest first."""
    rows = Application.objects.filter(edition=edition).exclude(state=ApplicationState.DRAFT)
    return list(rows.select_related("badge_type", "user", "invitation__company").order_by("submitted_at", "pk"))


@dataclass(slots=True)
class Matcher:
    """Finds the application of an order. `taken`: applications that an order pays already, so that a company's orders spread."""

    applications: Sequence[Application]
    types: Sequence[BadgeType]
    taken: set[int]
    by_code: dict[str, Application] = field(init=False)
    by_email: dict[str, list[Application]] = field(init=False)
    by_company: dict[str, list[Application]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {row.code.upper(): row for row in self.applications}
        self.by_email, self.by_company = defaultdict(list), defaultdict(list)
        for row in self.applications:
            for email in {row.email.lower(), row.user.email.lower()}:
                self.by_email[email].append(row)
            for name in _payers(row):
                self.by_company[name].append(row)

    def find(self, order: Order) -> tuple[Application | None, str]:
        """Its application and how it was found: by a code that somebody wrote down, by address, by the company's invitation."""
        for code in order.told.get("codes", []):
            if row := self.by_code.get(code):
                return row, Match.CODE
        fitting = self._fitting(order)
        if row := self._best(order, [one for one in self.by_email.get(order.email, []) if fitting(one)]):
            return row, Match.EMAIL
        invited = [*self.by_company.get(folded(order.company_name), []), *self.by_company.get(order.told.get("buyer", ""), [])]
        if row := self._best(order, [one for one in invited if fitting(one)], spread=True):
            return row, Match.COMPANY
        return None, Match.NONE

    def _fitting(self, order: Order) -> Any:
        """Where badge types name their item in the shop, an order of that item is for them alone."""
        named = meant(order.item, self.types)
        return lambda row: not named or row.badge_type_id in named

    def _best(self, order: Order, rows: list[Application], *, spread: bool = False) -> Application | None:
        """An open one before a closed one, the same name before another, one that nobody has paid before one that is paid."""
        free = [row for row in rows if row.pk not in self.taken] if spread else rows
        name = fold(order.attendee_name)
        return min(
            free,
            key=lambda row: (row.state not in OPEN, name not in _names(row), row.pk in self.taken, row.submitted_at, row.pk),
            default=None,
        )


def _payers(row: Application) -> set[str]:
    """Names and the address of the company that pays for this application."""
    invitation = row.invitation
    if invitation is None or invitation.payer != Payer.COMPANY:
        return set()
    company = invitation.company
    names = [invitation.company_name, *([company.name, company.name_ko] if company else [])]
    return {*(folded(name) for name in names if name.strip()), invitation.email.lower()}


def folded(name: str) -> str:
    """A company's name as it is compared: many write Korean names without their spaces."""
    return fold(name).replace(" ", "")


def _names(row: Application) -> set[str]:
    return {fold(row.latin_name), fold(f"{row.family_name} {row.given_name}"), fold(row.native_name)}


def shop_items(kind: BadgeType) -> set[str]:
    """What a badge type is called in the shop, folded: names and numbers with semicolons between them."""
    return {part.strip().casefold() for part in kind.shop_item.split(";")} - {""}


def meant(item: str, types: Iterable[BadgeType]) -> set[int]:
    """The badge types that name this item of the shop as theirs."""
    return {kind.pk for kind in types if item.strip().casefold() in shop_items(kind)}


def is_for_badges(item: str, types: Sequence[BadgeType]) -> bool:
    """A shop sells dinners too: where badge types name their items, others are no badges."""
    return bool(meant(item, types)) or not any(shop_items(kind) for kind in types)


def price_of(application: Application) -> Decimal:
    """What she is to pay: by the day on which she applied; nothing where she was invited for free."""
    kind, invitation = application.badge_type, application.invitation
    if invitation is not None and invitation.payer == Payer.NOBODY:
        return Decimal(0)
    is_early = kind.early_until and application.submitted_at and application.submitted_at < kind.early_until
    price = kind.early_price if is_early and kind.early_price is not None else kind.price
    return price or Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit. `expected`: the price, where it is about money."""

    kind: str
    application: Application | None = None
    orders: tuple[Order, ...] = ()
    expected: Decimal | None = None

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def remedy(self) -> str:
        return str(REMEDIES[self.kind])


def reconcile(edition: Edition) -> list[Finding]:
    """What does not fit, in the order of KINDS; nothing is changed. Four queries, whatever their number."""
    types = list(BadgeType.objects.filter(edition=edition))
    applications = {row.pk: row for row in applications_of(edition)}
    orders = [row for row in Order.objects.filter(edition=edition) if is_for_badges(row.item, types)]
    valid = Badge.objects.filter(edition=edition, state=BadgeState.VALID).values_list("participant", flat=True)
    groups: dict[int, list[Order]] = defaultdict(list)
    alike: dict[str, list[Application]] = defaultdict(list)
    for row in applications.values():
        if row.state in OPEN:
            alike[row.email.lower()].append(row)
    found = []
    for order in orders:
        holder = _current(order.application_id, applications)
        if holder is not None:
            groups[holder.pk].append(order)
        if order.state == OrderState.PAID and not is_refunded(order):
            found += _about_item(order, holder, alike.get(order.email, []), meant(order.item, types))
    badges = set(valid)
    for row in applications.values():
        found += _about(row, groups.get(row.pk, []), has_badge=row.participant_id in badges)
    ranks = list(KINDS)
    return sorted(found, key=lambda one: ranks.index(one.kind))


def _about_item(order: Order, holder: Application | None, alike: list[Application], named: set[int]) -> list[Finding]:
    """A paid order without its application, or of an item that is for another badge; `alike` has the order's address."""
    if order.matched == Match.HAND or not named:
        return [] if holder else [Finding("unmatched", None, (order,))]
    rows = [holder] if holder else alike
    if all(row.badge_type_id not in named for row in rows) and rows:
        return [Finding("other", rows[0], (order,))]
    return [] if holder else [Finding("unmatched", None, (order,))]


def _current(pk: int | None, applications: Mapping[int, Application]) -> Application | None:
    """Who has the badge now: a transferred application goes on in the colleague's."""
    row = applications.get(pk or 0)
    while row is not None and row.transferred_to_id in applications:
        row = applications[row.transferred_to_id or 0]
    return row


def is_refunded(order: Order) -> bool:
    """All of it went back. Refunds are told of the whole order: what stays of its payments says so."""
    if "kept" in order.told:
        return Decimal(order.told["kept"]) <= 0
    return Decimal(order.told.get("refunded", "0")) >= (order.price or Decimal(0)) > 0


def is_short(order: Order) -> bool:
    """A part went back, and what stays is less than the order costs."""
    told = order.told
    return "kept" in told and "total" in told and 0 < Decimal(told["kept"]) < Decimal(told["total"])


def _about(row: Application, orders: list[Order], *, has_badge: bool) -> list[Finding]:
    paid = [order for order in orders if order.state == OrderState.PAID and not is_refunded(order)]
    price, found = price_of(row), []
    if row.state != ApplicationState.ACCEPTED:
        gone = row.state in (ApplicationState.DECLINED, ApplicationState.WITHDRAWN, ApplicationState.REVOKED)
        return [Finding("declined", row, tuple(paid))] if gone and paid else []
    if len(paid) > 1:
        found.append(Finding("doubled", row, tuple(paid)))
    if not paid and orders and has_badge and not any(order.state == OrderState.PENDING for order in orders):
        found.append(Finding("void", row, tuple(orders)))
    elif not paid and price:
        found.append(Finding("unpaid", row, tuple(orders), price))
    for order in paid:
        other_money = bool(order.currency and row.badge_type.currency and order.currency != row.badge_type.currency)
        if order.price is not None and (order.price != price or other_money or is_short(order)):
            found.append(Finding("amount", row, (order,), price))
    return found


def candidates(edition: Edition, words: str) -> list[Application]:
    """Applications for matching by hand: by code, name, company or address."""
    text = words.replace("\x00", "").strip()[:200]
    if not text:
        return []
    rows = Application.objects.filter(edition=edition).exclude(state=ApplicationState.DRAFT)
    hit = Q(code__iexact=text) | Q(email__iexact=text)
    if folded := fold(text):
        hit |= Q(search_text__contains=folded)
    return list(rows.filter(hit).select_related("badge_type").order_by("search_text", "pk")[:20])
