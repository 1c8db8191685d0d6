"""Searches that the demo's buyer and seller keep; what there is already is nothing new to them."""

from __future__ import annotations

from collections.abc import Mapping

from madang.markets.models import Edition
from madang.people.models import Participant
from madang.search.actions.refreshing import refresh
from madang.search.models import Alert, SavedSearch
from madang.search.queries.asking import Asked

KEPT = [
    ("buyer", "Korean thrillers", Asked("thriller", "title", {"country": "KR"}), Alert.SOON),
    ("buyer", "광장", Asked("광장"), Alert.DAILY),
    ("seller", "Who looks for crime", Asked("crime", "mandate"), Alert.DAILY),
]


def make_searches(edition: Edition, parts: Mapping[str, Participant]) -> None:
    """At the end: the index of everything, and the searches."""
    refresh(edition)
    rows = [
        SavedSearch(edition=edition, participant=parts[role], name=name, query=asked.address, alert=alert)
        for role, name, asked, alert in KEPT
    ]
    SavedSearch.objects.bulk_create(rows)
