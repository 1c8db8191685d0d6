"""Who sees badges, their prints and the shop's orders, and who may void one."""

from __future__ import annotations

from django.db.models import QuerySet

from madang.accreditation.models import Badge, BadgeRun, BadgeState, Order, OrderImport
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise


def visible_badges(user: Visitor, edition: Edition) -> QuerySet[Badge]:
    """All for organisers; one's own for everybody else."""
    rows = Badge.objects.filter(edition=edition).select_related("participant__company", "badge_type", "edition")
    if may_organise(user, edition):
        return rows
    return rows.filter(participant__user=user) if user.is_authenticated else rows.none()


def may_hand_out(user: Visitor, edition: Edition) -> bool:
    """Issuing, printing and handing out badges is the organiser's."""
    return may_organise(user, edition)


def may_report_lost(user: Visitor, badge: Badge) -> bool:
    """A valid badge, by its holder or the organiser."""
    is_holder = user.is_authenticated and badge.participant.user_id == user.pk
    return badge.state == BadgeState.VALID and (is_holder or may_organise(user, badge.edition))


def visible_badge_runs(user: Visitor, edition: Edition) -> QuerySet[BadgeRun]:
    rows = BadgeRun.objects.filter(edition=edition).select_related("edition", "asked_by")
    return rows if may_organise(user, edition) else rows.none()


def visible_orders(user: Visitor, edition: Edition) -> QuerySet[Order]:
    """Who paid what is the organiser's."""
    rows = Order.objects.filter(edition=edition).select_related("application__badge_type", "edition")
    return rows if may_organise(user, edition) else rows.none()


def visible_order_imports(user: Visitor, edition: Edition) -> QuerySet[OrderImport]:
    rows = OrderImport.objects.filter(edition=edition).select_related("edition", "asked_by")
    return rows if may_organise(user, edition) else rows.none()
