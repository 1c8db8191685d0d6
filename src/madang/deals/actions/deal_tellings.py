"""Who is told what a deal has come to."""

from __future__ import annotations

from madang.deals.models import Deal, Document
from madang.deals.queries.people import people_of
from madang.people.actions import notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts


def tell(deal: Deal, company: int, kind: str, document: Document, by: Participant | None = None, answer: str = "") -> None:
    """Tell a party's people and whoever may sign for it, once for each document. `by`: the person of the other side."""
    data = {"deal": deal.code, "answer": answer} | _names(deal, document) | (person_facts(by) if by else {})
    signatories = Participant.objects.filter(company=company, signatory__isnull=False, left_at=None)
    people = {person.pk: person for person in [*people_of(deal, [company]), *signatories.select_related("edition")]}
    notify_many((person, kind, document.code, data) for pk, person in people.items() if by is None or pk != by.pk)


def _names(deal: Deal, document: Document) -> dict[str, str]:
    """Code and first title, in the languages in which it has a name."""
    title = deal.titles.order_by("pk").first()
    names = {"what": title.name, "what_ko": title.name_ko, "what_fr": title.name_fr} if title else {"what": ""}
    return {key: " · ".join(filter(None, (document.code, name))) for key, name in names.items() if name or key == "what"}
