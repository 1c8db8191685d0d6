"""Badges of everybody, as far as they are printed and handed out, and the ticket shop's orders with what does not fit."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

from madang.accounts.models import User
from madang.accreditation.actions.badges import issue_missing, replace_badge
from madang.accreditation.actions.order_imports import write_orders
from madang.accreditation.models import Application, ApplicationState, Badge, BadgeState, OrderImport
from madang.accreditation.queries_orders import price_of
from madang.accreditation.shop import Export, Position
from madang.markets.actions import record
from madang.markets.models import Edition, LogEntry, RunState, Stage
from madang.site.demo.sizes import ZONE

ISSUED = dt.datetime(2025, 5, 20, 15, 0, tzinfo=ZONE)
PRINTED = dt.datetime(2025, 5, 26, 11, 0, tzinfo=ZONE)
DOORS_OPEN = dt.datetime(2025, 5, 28, 8, 30, tzinfo=ZONE)
LATE = 24
"""Badges issued after the print: they are still to be printed."""
LOST = 3
MOMENTS = 30
"""Different times at which badges were handed out."""


def make_badges(rng: random.Random, edition: Edition, organiser: User) -> None:
    """Needs the accepted applications. Before the market's first day nothing is handed out."""
    now = edition.now()
    if now >= ISSUED:
        issue_missing(organiser, edition)
        Badge.objects.filter(edition=edition, application=None).update(issued_at=ISSUED)
        LogEntry.objects.filter(edition=edition, verb="issue_badges").update(at=ISSUED)
    valid = Badge.objects.filter(edition=edition, state=BadgeState.VALID)
    numbers = list(valid.order_by("number").values_list("number", flat=True))[:-LATE]
    if numbers and now >= PRINTED:
        valid.filter(number__lte=numbers[-1]).update(printed_at=PRINTED)
    if numbers and now >= DOORS_OPEN:
        hand_out(rng, edition, numbers)
        lose_some(edition, organiser)
    make_orders(rng, edition, organiser)


def hand_out(rng: random.Random, edition: Edition, numbers: list[int]) -> None:
    """Most come on the first morning: the moments crowd behind the opening of the doors."""
    hours = min((edition.now() - DOORS_OPEN) / dt.timedelta(hours=1), 10)
    come = rng.sample(numbers, int(len(numbers) * (0.94 if edition.stage == Stage.AFTER else 0.72)))
    for part in range(MOMENTS):
        moment = DOORS_OPEN + dt.timedelta(hours=hours * (part / MOMENTS) ** 2)
        Badge.objects.filter(edition=edition, number__in=come[part::MOMENTS]).update(handed_out_at=moment)


def lose_some(edition: Edition, organiser: User) -> None:
    """Three people who cannot sign in to the demo lost theirs."""
    given = Badge.objects.filter(edition=edition, state=BadgeState.VALID).exclude(handed_out_at=None)
    strangers = given.exclude(participant__user__email__endswith="@demo.example").select_related("edition__market")
    for badge in strangers.order_by("number")[40 : 40 + LOST]:
        replace_badge(organiser, badge, is_lost=True)


def make_orders(rng: random.Random, edition: Edition, organiser: User) -> None:
    """What the shop's export told: most accepted applications with a price are paid, some things do not fit."""
    rows = Application.objects.filter(edition=edition, state=ApplicationState.ACCEPTED, badge_type__price__gt=0)
    payers = list(rows.select_related("badge_type", "invitation", "user").order_by("submitted_at", "pk"))
    orders = [one for number, row in enumerate(payers) for one in orders_of(rng, row, number)]
    if not orders:
        return
    stray = replace(
        orders[0], code="QX7RM", email="desk@somewhere.example", buyer_email="", attendee_name="Noa Unknown", company_name=""
    )
    outcome = write_orders(edition, Export([*orders, stray]))
    OrderImport.objects.create(
        edition=edition, asked_by=organiser, state=RunState.DONE, file_name="bcm2025_orders.json", stored="", digest="0" * 64,
        is_confirmed=True, created_at=edition.now(), finished_at=edition.now(),
        report={"positions": len(orders) + 1, "states": {}, "outcome": outcome, "errors": 0, "may_load": True},
    )  # fmt: skip
    record(edition, organiser, "import_orders", "bcm2025_orders.json", **outcome)


def orders_of(rng: random.Random, row: Application, number: int) -> list[Position]:
    """The order of an application; of the first ones some are missing, cancelled, too cheap or doubled."""
    if number in (2, 3):
        return []
    bought = (row.submitted_at or ISSUED) + dt.timedelta(hours=rng.randint(1, 60))
    code = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ3789") for _sign in range(5))
    one = Position(
        code=code, position=1, state="paid", where="", email=row.email, buyer_email=row.email, attendee_name=row.latin_name,
        company_name=row.company_name, item=row.badge_type.shop_item, price=price_of(row), currency=row.badge_type.currency,
        ordered_at=bought, paid_at=bought + dt.timedelta(minutes=4),
    )  # fmt: skip
    if number in (4, 5):
        one.state, one.paid_at = ("cancelled", None) if number == 4 else ("pending", None)
    elif number == 6:
        one.price = row.badge_type.early_price if one.price != row.badge_type.early_price else row.badge_type.price
    elif number == 7:
        one.refunded = one.price or Decimal(0)
    elif number == 8:
        return [one, replace(one, code=code[::-1])]
    return [one]
