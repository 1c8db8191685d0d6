"""How far each meeting that was asked for has come: accepted, in the timetable, held, offered for, agreed, signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

from madang.deals.models import Document, DocumentKind, DocumentState
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest, RequestStatus
from madang.outcomes.measures.meetings import Party, edition_meetings, edition_parties
from madang.outcomes.measures.sums import once

STAGES: dict[str, Any] = {
    "asked": gettext_lazy("asked for"),
    "accepted": gettext_lazy("accepted"),
    "placed": gettext_lazy("in the timetable"),
    "held": gettext_lazy("held"),
    "offer": gettext_lazy("with an offer"),
    "memo": gettext_lazy("with a memo"),
    "signed": gettext_lazy("signed"),
}
"""What becomes of a meeting request; each stage is a part of the one before."""
UNSENT = [DocumentState.DRAFT, DocumentState.WITHDRAWN]
PAPERS = {
    "offer": [DocumentKind.OFFER, DocumentKind.MEMO, DocumentKind.LICENCE],
    "memo": [DocumentKind.MEMO, DocumentKind.LICENCE],
    "signed": [DocumentKind.LICENCE],
}
"""Documents that bring a request as far as a stage: a memo without an offer before it was an offer too."""


class Asking(NamedTuple):
    """A request that was sent. `reached`: how many of STAGES it came to, 1 or more."""

    code: str
    sender: Party
    receiver: Party
    reached: int

    @property
    def buyer_first(self) -> tuple[Party, Party]:
        """Who buys among the two, else who asked; then the other."""
        if self.receiver.buys and not self.sender.buys:
            return self.receiver, self.sender
        return self.sender, self.receiver

    def is_at(self, stage: str) -> bool:
        return self.reached > list(STAGES).index(stage)


@once
def edition_askings(edition: Edition) -> list[Asking]:
    """Every request that was sent, by code. Two queries, and those of meetings and of who takes part."""
    people = edition_parties(edition)
    met = edition_meetings(edition)
    kept = [{one.code for one in met}, {one.code for one in met if one.outcome == "held"}, *_papers(edition)]
    requests = MeetingRequest.objects.filter(edition=edition).exclude(status=RequestStatus.DRAFT).order_by("code")
    return [
        Asking(code, people[sender], people[receiver], _reached(code, kept) if status == RequestStatus.ACCEPTED else 1)
        for code, status, sender, receiver in requests.values_list("code", "status", "sender", "receiver")
    ]


def _reached(code: str, kept: Iterable[set[str]]) -> int:
    reached = 2
    for inside in kept:
        if code not in inside:
            break
        reached += 1
    return reached


def _papers(edition: Edition) -> list[set[str]]:
    """Codes of requests with an offer, a memo, a signed licence. One query."""
    papers = Document.objects.filter(deal__edition=edition, deal__request__isnull=False).exclude(state__in=UNSENT)
    rows = papers.order_by().values_list("deal__request__code", "kind", "state").distinct()
    found = {stage: set[str]() for stage in PAPERS}
    for code, kind, state in rows:
        for stage, kinds in PAPERS.items():
            if kind in kinds and (stage != "signed" or state == DocumentState.SIGNED):
                found[stage].add(code)
    return list(found.values())


def stage_counts(edition: Edition) -> list[list[int]]:
    """Requests by stage and buyer, shape (stages, buyers): who buys among the two, else who asked."""
    table: dict[str, list[int]] = defaultdict(lambda: [0] * len(STAGES))
    for one in edition_askings(edition):
        stages = table[one.buyer_first[0].person]
        for place in range(one.reached):
            stages[place] += 1
    return [list(row) for row in zip(*table.values(), strict=True)] if table else []
