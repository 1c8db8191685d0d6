"""A buyer who is found by matches alone is known to those whose titles fit her mandates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from madang.mandates.fitting import fitting_titles
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition
from madang.people.introductions import hidden_people, set_introductions
from madang.people.models import IntroductionCause, Participant, SeenBy


def introduce_by_match(edition: Edition, people: Iterable[Participant] | None = None) -> int:
    """Introduce these people (None: all of the edition) to sellers and creators of companies with a title on offer that fits.

    A mandate that is open in all that `fitting` looks at fits every title; a hidden one introduces nobody, for it would tell
    that it is there. Gives the number of rows that changed.
    """
    people = None if people is None else list(people)
    hidden = hidden_people(edition, people)
    buyers = {pk: one.company_id for pk, one in hidden.items() if one.seen_by == SeenBy.MATCHES}
    found = _fitting_companies(edition, buyers) if buyers else {}
    sellers = _sellers(edition) if found else {}
    wanted = {buyer: {to for company in companies for to in sellers.get(company, ())} for buyer, companies in found.items()}
    return set_introductions(edition, IntroductionCause.MATCH, people, wanted)


def _fitting_companies(edition: Edition, buyers: dict[int, int | None]) -> dict[int, set[int]]:
    mandates = Mandate.objects.filter(edition=edition, buyer__in=list(buyers), buyer__is_buyer=True).order_by()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for mandate in mandates.exclude(visibility=Visibility.HIDDEN):
        companies = fitting_titles(mandate).values_list("company_id", flat=True).distinct()
        found[mandate.buyer_id] |= {company for company in companies if company and company != buyers[mandate.buyer_id]}
    return found


def _sellers(edition: Edition) -> dict[int, list[int]]:
    people = Participant.objects.filter(Q(is_seller=True) | Q(is_creator=True), edition=edition, company__isnull=False)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for pk, company in people.order_by().values_list("pk", "company_id"):
        found[company or 0].append(pk)
    return found
