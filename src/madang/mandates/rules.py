"""Who sees which mandates, and who writes them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor, may_organise
from madang.people.rules import is_professional, participant_of, visible_participants


def visible_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """Organisers see all; people who do business see their own, and open ones of those whom they see."""
    mandates = Mandate.objects.filter(edition=edition).select_related("buyer__company", "edition")
    if may_organise(user, edition):
        return mandates
    me = participant_of(user, edition)
    if me is None or not is_professional(me):
        return mandates.none()
    seen = visible_participants(user, edition).values("pk")
    return mandates.filter(Q(visibility=Visibility.PUBLIC, buyer__in=seen) | Q(buyer=me))


def may_write_mandates(user: Visitor, edition: Edition) -> bool:
    """Buyers, until the edition is over."""
    me = participant_of(user, edition)
    return me is not None and me.is_buyer and edition.stage != Stage.AFTER


def changeable_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """One's own, as long as one may write mandates."""
    if not user.is_authenticated or not may_write_mandates(user, edition):
        return Mandate.objects.none()
    return Mandate.objects.filter(edition=edition, buyer__user=user).select_related("buyer__company", "edition")


def may_change_mandate(user: Visitor, mandate: Mandate) -> bool:
    return changeable_mandates(user, mandate.edition).filter(pk=mandate.pk).exists()
