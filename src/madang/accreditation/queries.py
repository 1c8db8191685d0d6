"""Reads of applications: places that are left, lists with filters, what an invitation has brought."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.accreditation.models import Application, ApplicationState, BadgeRole, BadgeType, Invitation
from madang.accreditation.rules import OPEN, UNDECIDED
from madang.kit.facets import Filter, words_of
from madang.kit.money import money
from madang.markets.models import Edition
from madang.people.queries import country_words

FEW = 10
"""Per cent of a quota (at least three places) from which on few are left."""

TONES = {
    "draft": "",
    "submitted": "info",
    "asked": "warn",
    "accepted": "ok",
    "waiting": "info",
    "declined": "bad",
    "withdrawn": "",
    "revoked": "bad",
    "transferred": "",
}
"""How a state looks."""


UNMARKED = ("saved_at", "language", "search_text")
"""What of a draft nobody types."""


class Room(NamedTuple):
    """How full a badge type is: `left` is None where there is no limit."""

    taken: int
    waiting: int
    left: int | None
    words: str | Promise
    is_full: bool


def draft_mark(application: Application | None) -> str:
    """What a window knows of a draft: another mark says that something else stands there now; empty where there is none."""
    if application is None:
        return ""
    row = Application.objects.get(pk=application.pk)
    person = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields if field.name not in UNMARKED]
    answers = [[pk, value, file] for pk, value, file in row.answers.order_by("pk").values_list("question", "value", "file")]
    return hashlib.sha256(json.dumps([person, answers]).encode()).hexdigest()[:16]


def accepted_counts(badge_types: Iterable[BadgeType]) -> dict[int, tuple[int, int]]:
    """(accepted, waiting) of each badge type, in one query."""
    taken, waiting = Count("pk", filter=Q(state="accepted")), Count("pk", filter=Q(state="waiting"))
    rows = Application.objects.filter(badge_type__in=[row.pk for row in badge_types], state__in=["accepted", "waiting"])
    found = rows.order_by().values_list("badge_type").annotate(taken=taken, waiting=waiting)
    return {pk: (accepted, waits) for pk, accepted, waits in found}


def rooms(badge_types: Iterable[BadgeType]) -> dict[int, Room]:
    """How full each badge type is, in one query."""
    types = list(badge_types)
    counts = accepted_counts(types)
    return {row.pk: room_of(row, *counts.get(row.pk, (0, 0))) for row in types}


def room_of(badge_type: BadgeType, taken: int, waiting: int) -> Room:
    if badge_type.quota is None:
        return Room(taken, waiting, None, "", is_full=False)
    left = max(0, badge_type.quota - taken)
    if left == 0:
        words = _("Waiting list") if badge_type.has_waiting_list else pgettext_lazy("quota", "Full")
        return Room(taken, waiting, 0, words, is_full=not badge_type.has_waiting_list)
    few = left <= max(3, badge_type.quota * FEW // 100)
    return Room(taken, waiting, left, _("Few left") if few else "", is_full=False)


class Prices(NamedTuple):
    """What a badge costs, in words: `early` while the early price holds, `full` else; both empty where it is free."""

    early: str
    full: str


def prices_of(badge_type: BadgeType, now: dt.datetime) -> Prices:
    """The prices that are told at this moment."""
    if badge_type.price is None:
        return Prices("", "")
    is_early = badge_type.early_price is not None and badge_type.early_until is not None and badge_type.early_until > now
    early = money(badge_type.early_price, badge_type.currency) if is_early and badge_type.early_price is not None else ""
    return Prices(early, money(badge_type.price, badge_type.currency))


def waiting_rank(application: Application) -> int:
    """Her place on the waiting list: 1 is next."""
    earlier = Q(waiting_since__lt=application.waiting_since) | Q(waiting_since=application.waiting_since, pk__lt=application.pk)
    return Application.objects.filter(earlier, badge_type=application.badge_type_id, state="waiting").count() + 1


def used_places(invitations: Iterable[Invitation]) -> dict[int, int]:
    """How many open applications each invitation has brought, in one query."""
    rows = Application.objects.filter(invitation__in=[row.pk for row in invitations], state__in=OPEN)
    return dict(rows.order_by().values_list("invitation").annotate(n=Count("pk")))


def places_left(invitation: Invitation) -> int:
    return max(0, invitation.places - used_places([invitation]).get(invitation.pk, 0))


def filters_of(edition: Edition) -> list[Filter]:
    """The filters of the organiser's list."""
    types = {row.code: str(row) for row in BadgeType.objects.filter(edition=edition)}
    return [
        Filter("state", "state", _("State"), words_of(dict(ApplicationState.choices)), order=ApplicationState.values),
        Filter("type", "badge_type__code", _("Badge"), words_of(types), order=list(types)),
        Filter("role", "badge_type__role", _("Role"), words_of(dict(BadgeRole.choices)), order=BadgeRole.values),
        Filter("country", "country", _("Country"), country_words, by_words=True),
    ]


def in_turn(rows: QuerySet[Application]) -> QuerySet[Application]:
    """What is to be decided first: undecided ones before the others, each in the order in which they came in."""
    first = When(state__in=UNDECIDED[:2], then=Value(0)), When(state="waiting", then=Value(1))
    return rows.order_by(Case(*first, default=Value(2), output_field=IntegerField()), "submitted_at", "pk")


APPLICATION_COLUMNS = ("search_text", "email")
"""Where the words of the organiser's search may stand."""
