"""The standby list: a place that came free is offered to the request that is wanted most, with a time limit; then to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from madang.markets.models import Edition, Slot, Table
from madang.meetings.actions.proposal_rows import make_proposal
from madang.meetings.models import Change, Proposal, ProposalKind, ProposalState, Timetable, policy_of
from madang.meetings.queries.live import free_times
from madang.meetings.queries.standby import standby_requests
from madang.meetings.queries.timetable import published_of

MOST_TRIED = 25
"""Requests looked at closely for one free place; those before them in the list cannot meet then."""


def offer_freed(timetable: Timetable, changes: Iterable[Change]) -> list[Proposal]:
    """Offer each place that the changes left free. Call it where the edition is locked."""
    freed = {(row.from_slot, row.from_table) for row in changes if row.from_slot is not None}
    taken = {(row.to_slot, row.to_table) for row in changes if row.to_slot is not None and row.to_table is not None}
    found = []
    for slot, table in sorted(freed - taken, key=lambda place: (place[0].starts_at, place[1].pk if place[1] else 0)):
        offer = _offer(timetable, slot, table)
        if offer is not None:
            found.append(offer)
    return found


def offer_next(proposal: Proposal) -> Proposal | None:
    """A place that was refused or not answered for goes on to the next request. Nothing for proposals of other kinds."""
    published = published_of(proposal.edition)
    if proposal.kind != ProposalKind.STANDBY or published is None:
        return None
    published.edition = proposal.edition
    return _offer(published, proposal.slot, proposal.table)


def _offer(timetable: Timetable, slot: Slot, table: Table | None) -> Proposal | None:
    """To the most wanted request that fits now and was not offered this time before; never two for one place or one person."""
    edition = timetable.edition
    if not _is_worth_it(edition, slot) or _is_offered(edition, slot, table):
        return None
    for request in standby_requests(timetable, slot)[:MOST_TRIED]:
        request.edition = edition
        times = free_times(request, timetable)
        if slot not in times.slots:
            continue
        free = times.tables[slot.pk]
        if table is not None and None not in free and table not in free:
            continue
        wanted = table if table in free else free[0]
        return make_proposal(ProposalKind.STANDBY, request, slot, _expiry(edition, slot), table=wanted)
    return None


def _is_worth_it(edition: Edition, slot: Slot) -> bool:
    return slot.starts_at > edition.now() and policy_of(edition).standby_minutes > 0


def _is_offered(edition: Edition, slot: Slot, table: Table | None) -> bool:
    if table is None:
        return False
    offers = Proposal.objects.filter(edition=edition, kind=ProposalKind.STANDBY, state=ProposalState.OPEN)
    return offers.filter(slot=slot, table=table).exists()


def _expiry(edition: Edition, slot: Slot) -> dt.datetime:
    return min(edition.now() + dt.timedelta(minutes=policy_of(edition).standby_minutes), slot.starts_at)
