"""Who sees which mandates."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.people.rules import is_professional, participant_of


def visible_mandates(user: Visitor, edition: Edition) -> QuerySet[Mandate]:
    """Organisers see all; people who do business see open ones and their own."""
    mandates = Mandate.objects.filter(edition=edition).select_related("buyer__company", "edition")
    if may_organise(user, edition):
        return mandates
    me = participant_of(user, edition)
    if me is None or not is_professional(me):
        return mandates.none()
    return mandates.filter(Q(visibility=Visibility.PUBLIC) | Q(buyer=me))
