"""Rows of proposals: made with the consents they need, closed, and told of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from madang.accounts.models import User
from madang.markets.models import Edition, Slot, Table
from madang.meetings.actions.tellings import other_of
from madang.meetings.models import Attendee, Consent, MeetingRequest, Proposal, ProposalState
from madang.meetings.queries.attendees import coming
from madang.people.actions import Telling, notify_many
from madang.people.models import Participant
from madang.people.notices import person_facts


def make_proposal(
    kind: str,
    request: MeetingRequest,
    slot: Slot,
    expires_at: dt.datetime,
    *,
    table: Table | None = None,
    swap_with: MeetingRequest | None = None,
    by: Participant | None = None,
) -> Proposal:
    """An open proposal; who comes to the meeting, or to both, has to agree; who proposes does so already. Who else is told."""
    edition = request.edition
    proposal = Proposal.objects.create(
        edition=edition, kind=kind, request=request, swap_with=swap_with, slot=slot, table=table, proposed_by=by,
        created_at=edition.now(), expires_at=expires_at,
    )  # fmt: skip
    people = {one.participant_id for seats in seats_of(proposal).values() for one in seats}
    Consent.objects.bulk_create(
        Consent(
            proposal=proposal,
            participant_id=person,
            agrees=True if by is not None and by.pk == person else None,
            at=edition.now() if by is not None and by.pk == person else None,
        )
        for person in sorted(people)
    )
    tell_of_proposal(proposal, f"proposal_{kind}", but=by.user if by else None)
    return proposal


def close_proposal(proposal: Proposal, state: str) -> None:
    """End an open proposal; it holds nothing, so nothing has to be freed."""
    proposal.state, proposal.closed_at = state, proposal.edition.now()
    proposal.save(update_fields=["state", "closed_at"])


def withdraw_proposals_of(requests: Iterable[MeetingRequest]) -> list[Proposal]:
    """Close what is open for these requests, because something else was decided about them; gives what was closed."""
    wanted = list(requests)
    rows = Proposal.objects.filter(Q(request__in=wanted) | Q(swap_with__in=wanted), state=ProposalState.OPEN)
    found = list(rows.select_related("edition", "request", "slot", "table"))
    for proposal in found:
        close_proposal(proposal, ProposalState.WITHDRAWN)
    return found


def seats_of(proposal: Proposal) -> dict[int, list[Attendee]]:
    """Who comes to the proposal's meeting, or meetings, by the id of their request."""
    requests = [proposal.request_id, *([proposal.swap_with_id] if proposal.swap_with_id else [])]
    return coming(requests)


def tell_of_proposal(proposal: Proposal, kind: str, *, but: User | None = None) -> None:
    """Tell each who has to agree, of the meeting that is hers: nobody learns whom strangers meet."""
    edition: Edition = proposal.edition
    tellings: dict[int, Telling] = {}
    for seats in seats_of(proposal).values():
        for seat in seats:
            person, other = seat.participant, other_of(seat, seats)
            if person.pk in tellings or (but is not None and person.user_id == but.pk):
                continue
            person.edition = edition
            facts = {"request": seat_code(proposal, seat), "proposal": proposal.key, "zone": edition.time_zone}
            facts["starts_at"] = seat_time(proposal, seat).isoformat()
            tellings[person.pk] = Telling(person, kind, proposal.key, facts | (person_facts(other) if other else {}))
    notify_many(tellings.values())


def seat_code(proposal: Proposal, seat: Attendee) -> str:
    request = proposal.request if seat.request_id == proposal.request_id else proposal.swap_with
    return request.code if request else ""


def seat_time(proposal: Proposal, seat: Attendee) -> dt.datetime:
    """When the meeting of this seat would begin: the proposal's time; of a swap the other one goes where the first stood."""
    if seat.request_id == proposal.request_id or proposal.swap_with is None:
        return proposal.slot.starts_at
    standing = proposal.request.meetings.filter(timetable__state="published", is_cancelled=False).select_related("slot").first()
    return standing.slot.starts_at if standing else proposal.slot.starts_at
