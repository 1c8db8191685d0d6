"""Reads of companies and people: their lists with filters, and whom one may ask for a meeting."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from madang.kit.facets import Filter, words_of
from madang.kit.territories import country_name
from madang.markets.models import Edition, Stage
from madang.markets.rules import Visitor
from madang.people.models import ROLES, Company, CompanyKind, Letter, LetterState, Participant
from madang.people.rules import is_professional, visible_participants

ROLE_WORDS = {
    "buyer": _("Buyer"),
    "seller": _("Seller"),
    "creator": _("Creator"),
    "juror": _("Juror"),
    "press": _("Press"),
    "guest": _("Guest"),
}
"""A role as it stands beside a person's name."""

ROLE_GROUPS = {
    "buyer": _("Buyers"),
    "seller": _("Sellers"),
    "creator": _("Creators"),
    "juror": _("Jurors"),
    "press": _("Press"),
    "guest": _("Guests"),
}
"""The same for many people."""

PERSON_COLUMNS = ("search_text", "company__search_text")
"""Where the words of a search for a person may stand."""


def country_words(code: str) -> str:
    """A country's code in the active language."""
    return country_name(code, (get_language() or "en")[:2])


COMPANY_FILTERS = [
    Filter("country", "country", _("Country"), country_words, by_words=True),
    Filter("kind", "kind", _("Kind"), words_of(dict(CompanyKind.choices)), order=CompanyKind.values),
]
PERSON_FILTERS = [Filter("country", "company__country", _("Country"), country_words, by_words=True)]


def roles_of(participant: Participant) -> list[str]:
    """Her roles in words."""
    return [str(ROLE_WORDS[role]) for role in ROLES if getattr(participant, f"is_{role}")]


def role_counts(people: QuerySet[Participant]) -> dict[str, int]:
    """How many have each role, and how many there are (`everyone`), in one query."""
    by_role = {role: Count("pk", filter=Q(**{f"is_{role}": True})) for role in ROLES}
    return people.order_by().aggregate(everyone=Count("pk"), **by_role)


def people_counts(user: Visitor, edition: Edition, companies: Iterable[Company]) -> dict[int, int]:
    """How many people of each company the user sees, by the company's id, in one query."""
    rows = visible_participants(user, edition).filter(company__in=[company.pk for company in companies])
    return dict(rows.order_by().values_list("company").annotate(n=Count("pk")))


def may_be_asked(me: Participant | None, other: Participant) -> bool:
    """Whether to offer "Ask for a meeting" beside a name; the page behind it has the last word (`meetings.rules`)."""
    if me is None or not is_professional(me) or not is_professional(other) or me.pk == other.pk:
        return False
    if me.left_at or other.left_at or other.edition.stage in (Stage.PREPARATION, Stage.AFTER):
        return False
    return me.company_id is None or me.company_id != other.company_id


def letter_counts(letters: QuerySet[Letter]) -> dict[str, int]:
    """How many letters were sent, wait, may or may not have been sent, were refused. One query."""
    states = {
        "sent": [LetterState.SENT],
        "waiting": [LetterState.CLAIMED, LetterState.SENDING],
        "uncertain": [LetterState.UNCERTAIN],
        "refused": [LetterState.REFUSED],
    }
    return letters.order_by().aggregate(**{name: Count("pk", filter=Q(state__in=which)) for name, which in states.items()})
