"""Who may sign for whom, and who could."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from madang.deals.models import Signatory
from madang.kit.search import matching
from madang.markets.models import Edition
from madang.people.models import Company, Participant
from madang.people.rules import PROFESSIONAL


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does business for a company, and whether she signs for it."""

    participant: Participant
    signatory: Signatory | None


def colleagues_of(me: Participant) -> list[Person]:
    """Everybody who does business for the same company, herself among them; who signs first."""
    people = _people(me.edition).filter(company=me.company_id)
    return sorted((_person(one) for one in people), key=lambda person: person.signatory is None)


def company_rows(edition: Edition, words: str, *, only_without: bool) -> QuerySet[Company]:
    """Companies with their people in `doing_business`, each with her signatory; one query more than the companies."""
    signed_for = Signatory.objects.filter(participant__company=OuterRef("pk"))
    here = Participant.objects.filter(PROFESSIONAL, company=OuterRef("pk"), left_at=None)
    companies = Company.objects.filter(Exists(here), edition=edition)
    companies = companies.filter(~Exists(signed_for)) if only_without else companies
    people = Prefetch("people", _people(edition), to_attr="doing_business")
    found = matching(companies, words, ("search_text",)).order_by(Exists(signed_for).asc(), "search_text", "code")
    return found.prefetch_related(people)


def _people(edition: Edition) -> QuerySet[Participant]:
    everyone = Participant.objects.filter(PROFESSIONAL, edition=edition, left_at=None)
    return everyone.select_related("signatory", "company", "edition").order_by("search_text", "code")


def _person(participant: Participant) -> Person:
    return Person(participant, getattr(participant, "signatory", None))
