"""Who is told what a deal has come to."""

from __future__ import annotations

from madang.deals.models import Deal, Document
from madang.deals.queries.people import people_of
from madang.people.actions import notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts


def tell(deal: Deal, company: int, kind: str, document: Document, by: Participant | None = None, answer: str = "") -> None:
    """Tell a party's people and whoever may sign for it, once for each document. `by`: the person of the other side."""
    data = {"deal": deal.code, "what": str(document.get_kind_display()), "answer": answer} | (person_facts(by) if by else {})
    signatories = Participant.objects.filter(company=company, signatory__isnull=False, left_at=None)
    people = {person.pk: person for person in [*people_of(deal, [company]), *signatories.select_related("edition")]}
    notify_many((person, kind, document.code, data) for pk, person in people.items() if by is None or pk != by.pk)
