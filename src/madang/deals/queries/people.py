"""Who is told of a deal."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from madang.deals.models import Deal
from madang.meetings.models import Attendee, Part
from madang.people.models import Participant
from madang.people.rules import PROFESSIONAL


def people_of(deal: Deal, companies: Iterable[int]) -> list[Participant]:
    """Of each company those who have to do with the deal: who opened it, wrote its documents or came to its meeting.

    Of a company without such people all who do business for it. Nobody who has left. Two queries.
    """
    here = Participant.objects.filter(edition=deal.edition_id, company__in=list(companies), left_at=None)
    here = here.select_related("company", "edition").order_by("pk")
    involved = Q(pk=deal.opened_by_id) | Q(pk__in=deal.documents.filter(author__isnull=False).values("author"))
    if deal.request_id:
        involved |= Q(pk__in=Attendee.objects.filter(request=deal.request_id, part=Part.COMING).values("participant"))
    found = list(here.filter(involved))
    known = {person.company_id for person in found}
    return found + list(here.filter(PROFESSIONAL).exclude(company__in=known))
