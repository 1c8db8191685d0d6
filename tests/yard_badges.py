"""The yard's badges: one that was lost and replaced, a print that is done, the shop's orders and their import."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.base import ContentFile

from madang.accreditation.actions.badges import issue_missing, replace_badge
from madang.accreditation.actions.order_imports import carry_out_import, confirm_order_import, start_order_import
from madang.accreditation.actions.printing import print_badges, start_badge_run
from madang.accreditation.models import Badge, Order

SPECIAL = {
    ("accreditation:badge_run", "key"): "badge_run",
    ("accreditation:badge_file", "key"): "badge_run",
    ("accreditation:stop_badges", "key"): "badge_run",
    ("accreditation:printed_badges", "key"): "badge_run",
    ("accreditation:desk_badge", "number"): "badge_number",
    ("accreditation:change_badge", "number"): "badge_number",
    ("accreditation:order", "pk"): "order",
    ("accreditation:order_import", "key"): "order_import",
    ("accreditation:load_orders", "key"): "order_import",
}


def order(code: str, email: str, **facts: Any) -> dict[str, Any]:
    """An order as the shop's API tells it, with one position."""
    position = {
        "positionid": 1,
        "item": "Seller badge",
        "price": "250.00",
        "attendee_name": "Seo Haneul",
        "attendee_email": email,
    }
    return {"code": code, "status": "p", "email": email, "positions": [position | facts.pop("position", {})]} | facts


def orders_file(*orders: dict[str, Any], name: str = "orders.json") -> ContentFile[bytes]:
    """A page of the shop's API as a file."""
    return ContentFile(json.dumps({"count": len(orders), "results": orders}).encode(), name=name)


def add_badges(yard: Any) -> None:
    """Needs the yard's accreditation."""
    organiser, edition = yard.accounts["organiser"], yard.edition
    issue_missing(organiser, edition)
    new = replace_badge(organiser, Badge.objects.get(participant=yard.people["seller"]), is_lost=True)
    yard.people["seller"].refresh_from_db(fields=["badge_key"])
    run = start_badge_run(organiser, edition, "card", [new.number], site="https://market.example/")
    print_badges(run.key)
    unknown = order("ZZZZZ", "nobody@example.org", position={"attendee_name": "가" * 60})
    file = orders_file(order("ABCDE", yard.accounts["seller"].email), unknown)
    load, _new = start_order_import(organiser, edition, file)
    carry_out_import(load.key)
    load.refresh_from_db()
    confirm_order_import(organiser, load)
    carry_out_import(load.key)
    yard.codes |= {
        "badge_run": run.key, "badge_number": new.number, "order_import": load.key,
        "order": Order.objects.get(edition=edition, code="ABCDE").pk,
    }  # fmt: skip
