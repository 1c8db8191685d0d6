"""People are told what is new in their searches: each thing once, and only what they may see at that moment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone, translation

from madang.kit.languages import LANGUAGES
from madang.markets.models import Edition
from madang.people.actions import notify
from madang.search.models import Alert, Entry, SavedSearch, Told
from madang.search.queries.asking import asked_by, kinds_for, rows_asked_for
from madang.search.queries.finding import everything_visible
from madang.search.queries.results import fetched

OVERLAP = dt.timedelta(minutes=15)
"""How far one looks back behind the last time: what somebody else wrote then, or opened to her since, is new all the same."""
MOST_NAMES = 3
MOST_TOLD = 500
"""New things that one notice counts; the rest comes with the next."""

Found = list[tuple[str, int]]


def tell_news(edition: Edition, _now: dt.datetime) -> int:
    """Tell each search that is due what is new in it; gives the number of notices. Safe to call again, or twice at once."""
    now = timezone.now()  # entries and searches carry real time
    newest = Entry.objects.filter(edition=edition).aggregate(newest=Max("found_first_at"))["newest"]
    if newest is None:
        return 0
    soon = Q(alert=Alert.SOON) | Q(alert=Alert.DAILY, told_until__lte=now - dt.timedelta(days=1))
    due = SavedSearch.objects.filter(soon, edition=edition, participant__left_at=None, told_until__lte=newest + OVERLAP)
    told = 0
    for search in due.exclude(participant__user=None).select_related("participant__user", "participant__edition", "edition"):
        told += _tell(search, now)
    return told


@transaction.atomic
def _tell(search: SavedSearch, now: dt.datetime) -> bool:
    """One search; whoever changes `told_until` first tells."""
    before = search.told_until
    if not SavedSearch.objects.filter(pk=search.pk, told_until=before).update(told_until=now):
        return False
    found = _new(search, max(search.created_at, before - OVERLAP))
    if not found:
        return False
    Told.objects.bulk_create([Told(search=search, kind=kind, row=row) for kind, row in found], ignore_conflicts=True)
    data: dict[str, Any] = {"search": search.key, "count": len(found), **_words(search, found)}
    notify(search.participant, "search_found", f"{search.key}:{found[0][0]}{found[0][1]}", data)
    return True


def _new(search: SavedSearch, since: dt.datetime) -> Found:
    """(kind, row) of what the search finds for her now, came since then, and was not told; the oldest first."""
    user = search.participant.user
    assert user is not None  # noqa: S101  # those without an account are left out above
    asked = asked_by(search.query)
    seen = everything_visible(user, search.edition, kinds_for(user, search.edition))
    told = {(kind, row) for kind, row in Told.objects.filter(search=search).values_list("kind", "row")}
    found: Found = []
    for kind, rows in rows_asked_for(asked, search.edition, seen).items():
        fresh = Entry.objects.filter(edition=search.edition, kind=kind, found_first_at__gt=since)
        numbers = rows.filter(pk__in=fresh.values("row")).order_by("pk").values_list("pk", flat=True)
        found += [(kind, row) for row in numbers if (kind, row) not in told]
    return found[:MOST_TOLD]


def _words(search: SavedSearch, found: Found) -> dict[str, str]:
    """The search's name and the first few names, as pages of each language say them."""
    user = search.participant.user
    assert user is not None  # noqa: S101  # see above
    seen = everything_visible(user, search.edition, {kind for kind, _row in found})
    words = {}
    for language, _name in LANGUAGES:
        with translation.override(language):
            rows = [row for kind, number in found[:MOST_NAMES] for row in fetched(seen, kind, [number])]
            names = ", ".join(row.name for row in rows)
            more = f" +{len(found) - len(rows)}" if len(found) > len(rows) else ""
            words["what" if language == "en" else f"what_{language}"] = f"{search.name}: {names}{more}"
    return words
