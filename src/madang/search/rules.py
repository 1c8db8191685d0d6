"""Who keeps searches, and whose they are: nobody reads what another one searches for, organisers neither."""

from __future__ import annotations

from django.db.models import QuerySet

from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.people.rules import participant_of
from madang.search.models import SavedSearch


def visible_searches(user: Visitor, edition: Edition) -> QuerySet[SavedSearch]:
    """One's own."""
    if not user.is_authenticated:
        return SavedSearch.objects.none()
    mine = SavedSearch.objects.filter(edition=edition, participant__user=user)
    return mine.select_related("participant__edition", "participant__user", "edition")


def may_keep_searches(user: Visitor, edition: Edition) -> bool:
    """Participants who have not left."""
    me = participant_of(user, edition)
    return me is not None and me.left_at is None
