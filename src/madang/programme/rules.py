"""Who sees which part of the programme."""

from __future__ import annotations

from django.db.models import QuerySet

from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.people.rules import participant_of
from madang.programme.models import Event


def visible_events(user: Visitor, edition: Edition) -> QuerySet[Event]:
    """Public events for everyone; industry events for participants."""
    events = Event.objects.filter(edition=edition).select_related("title", "hall", "edition")
    if may_organise(user, edition) or participant_of(user, edition):
        return events
    return events.filter(is_public=True)
