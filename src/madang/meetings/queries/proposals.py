"""What the page of a proposal shows each reader: her own meetings in it, and of others no more than that they exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from madang.accounts.models import User
from madang.markets.models import Slot
from madang.markets.rules import may_organise
from madang.meetings.models import Attendee, Meeting, MeetingRequest, Part, Proposal, ProposalState
from madang.meetings.queries.attendees import coming
from madang.meetings.queries.results import joined
from madang.meetings.queries.timetable import published_of


@dataclass(frozen=True)
class Line:
    """A meeting of the reader's that the proposal is about: with whom, from when to when."""

    request: MeetingRequest
    others: str
    before: Slot | None
    after: Slot


def page_of(user: User, proposal: Proposal) -> dict[str, Any]:
    """A constant number of queries."""
    organises = may_organise(user, proposal.edition)
    requests = [proposal.request, *([proposal.swap_with] if proposal.swap_with else [])]
    seats = coming(request.pk for request in requests)
    places = _places(proposal, requests)
    lines = []
    for request in requests:
        mine = [seat for seat in seats.get(request.pk, []) if seat.participant.user_id == user.pk]
        if mine or organises:
            others = [seat.participant.name for seat in seats.get(request.pk, []) if not mine or seat.side != mine[0].side]
            lines.append(Line(request, joined(others), *places[request.pk]))
    known = _known(user, requests) if not organises else None
    consents = list(proposal.consents.select_related("participant__company").order_by("pk"))
    mine_too = next((one for one in consents if one.participant.user_id == user.pk), None)
    is_open = proposal.state == ProposalState.OPEN and proposal.expires_at > proposal.edition.now()
    return {
        "proposal": proposal,
        "lines": lines,
        "hidden_lines": len(requests) - len(lines),
        "consents": [one for one in consents if known is None or one.participant_id in known],
        "strangers": [one for one in consents if known is not None and one.participant_id not in known],
        "mine": mine_too,
        "is_open": is_open,
        "may_answer": is_open and mine_too is not None and mine_too.agrees is None,
        "may_withdraw": is_open and proposal.proposed_by is not None and proposal.proposed_by.user_id == user.pk,
    }


def _places(proposal: Proposal, requests: list[MeetingRequest]) -> dict[int, tuple[Slot | None, Slot]]:
    """Where each meeting stands, and where it would."""
    published = published_of(proposal.edition)
    rows = Meeting.objects.filter(timetable=published, request__in=requests, is_cancelled=False).select_related("slot")
    now = {row.request_id: row.slot for row in rows}
    places: dict[int, tuple[Slot | None, Slot]] = {proposal.request_id: (now.get(proposal.request_id), proposal.slot)}
    if proposal.swap_with_id is not None:
        places[proposal.swap_with_id] = (now.get(proposal.swap_with_id), now.get(proposal.request_id, proposal.slot))
    return places


def _known(user: User, requests: list[MeetingRequest]) -> set[int]:
    """Whom the reader meets in these meetings."""
    hers = Attendee.objects.filter(request__in=requests, participant__user=user, part=Part.COMING).values("request")
    rows = Attendee.objects.filter(request__in=hers, part=Part.COMING)
    return set(rows.values_list("participant_id", flat=True))
