"""What is suggested to whom, whom to ask for it, and what has come of it: derived from requests, kept nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from madang.kit.languages import localised
from madang.mandates.models import Mandate, Visibility
from madang.mandates.rules import visible_mandates
from madang.markets.models import Edition
from madang.markets.rules import Visitor
from madang.matching.models import Suggestion
from madang.matching.rules_exposure import suggestions_to_buyer, suggestions_to_seller
from madang.meetings.models import OPEN_STATUSES, MeetingRequest, RequestStatus
from madang.meetings.rules import askable_participants
from madang.people.models import Block, Introduction, Participant, SeenBy

MOST_KNOWN = 2000
"""Suggestions that a page looks at: more are no suggestions."""


@dataclass(frozen=True)
class Row:
    """A suggestion on one side's page. `other`: whom to ask (None where nobody can be asked now), `ask`: the query of the page
    on which she does; `request`: what has come of it; `mandate`: where the reader may read it."""

    suggestion: Suggestion
    is_buyer: bool
    other: Participant | None
    ask: str
    request: MeetingRequest | None
    mandate: Mandate | None
    is_declined: bool

    @property
    def name(self) -> str:
        return localised(self.suggestion.title, "name") or self.suggestion.title.code


def rows_of(user: Visitor, me: Participant) -> list[Row]:
    """All that is suggested to somebody on either side, the newest showing first. Ten queries, however many rows."""
    edition = me.edition
    sides = [(True, suggestions_to_buyer(user, edition)), (False, suggestions_to_seller(user, edition))]
    found = [(is_buyer, one) for is_buyer, side in sides for one in _with_all(side)[:MOST_KNOWN]]
    askable = list(askable_participants(user, edition).order_by("family_name", "given_name", "pk"))
    sellers: defaultdict[int | None, list[Participant]] = defaultdict(list)
    for person in askable:
        if person.is_seller or person.is_creator:
            sellers[person.company_id].append(person)
    requests = requests_of(edition, [one for _is_buyer, one in found])
    read = set(visible_mandates(user, edition).filter(pk__in=[one.mandate_id for _, one in found]).values_list("pk", flat=True))
    buyers = {person.pk: person for person in askable}
    rows = []
    for is_buyer, one in found:
        others = sellers[one.title.company_id] if is_buyer else [buyers[one.buyer_id]] if one.buyer_id in buyers else []
        request, mandate = requests.get(one.pk), one.mandate if one.mandate_id in read else None
        about = {"title": one.title.code} | ({"mandate": mandate.code} if mandate else {})
        rows.append(
            Row(
                one,
                is_buyer,
                others[0] if others else None,
                urlencode(about),
                request if request is not None and me.pk in (request.sender_id, request.receiver_id) else None,
                mandate,
                bool(one.buyer_declined_at if is_buyer else one.seller_declined_at),
            )
        )
    return rows


def _with_all(suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    everything = suggestions.select_related("title__company", "title__edition", "buyer__company", "mandate", "run")
    return everything.order_by("-shown_at", "-chance", "pk")


def requests_of(edition: Edition, suggestions: Sequence[Suggestion]) -> dict[int, MeetingRequest]:
    """What has come of suggestions, by their ids: the newest request of the buyer and the title's company that names the title;
    else an open one of theirs. Drafts are nobody's. Two queries."""
    buyers, companies = (
        {one.buyer_id for one in suggestions},
        {one.title.company_id for one in suggestions if one.title.company_id},
    )
    people = Q(sender__in=buyers, receiver__company__in=companies) | Q(receiver__in=buyers, sender__company__in=companies)
    rows = MeetingRequest.objects.filter(people, edition=edition).exclude(status=RequestStatus.DRAFT)
    named: dict[tuple[int, int], MeetingRequest] = {}
    open_: dict[tuple[int, int], MeetingRequest] = {}
    asked = rows.select_related("edition", "sender__company", "receiver__company").prefetch_related("also_about")
    for request in asked.order_by("created_at", "pk"):
        for buyer, seller in ((request.sender, request.receiver), (request.receiver, request.sender)):
            for title in {request.title_id, *(one.pk for one in request.also_about.all())} - {None}:
                named[buyer.pk, title or 0] = request
            if request.status in OPEN_STATUSES and seller.company_id:
                open_[buyer.pk, seller.company_id] = request
    found = {}
    for one in suggestions:
        came = named.get((one.buyer_id, one.title_id)) or open_.get((one.buyer_id, one.title.company_id or 0))
        if came is not None:
            found[one.pk] = came
    return found


# --- Whom showing tells ---------------------------------------------------------------------------------------------------


class _Reader(NamedTuple):
    """Somebody who may be shown suggestions."""

    pk: int
    company: int | None
    sells: bool
    hides: bool


def readers_of(edition: Edition, shown: Iterable[int]) -> list[Participant]:
    """The people on whose page at least one of these suggestions stands, as `suggestions_to_*` have it, for all people at once.
    Five queries."""
    ids = list(shown)
    people = {one.pk: one for one in Participant.objects.filter(edition=edition, left_at=None).select_related("edition")}
    who = {
        pk: _Reader(pk, one.company_id, one.is_seller or one.is_creator, one.seen_by != SeenBy.EVERYONE)
        for pk, one in people.items()
    }
    blocks = set(Block.objects.filter(participant__edition=edition).order_by().values_list("participant_id", "company_id"))
    known = set(Introduction.objects.filter(hidden__edition=edition).order_by().values_list("hidden_id", "to_id"))
    staff: defaultdict[int | None, list[_Reader]] = defaultdict(list)
    for person in who.values():
        if person.sells and person.company is not None:
            staff[person.company].append(person)

    def finds(me: _Reader, other: _Reader) -> bool:
        apart = (other.pk, me.company) in blocks or (me.pk, other.company) in blocks
        return not apart and (not other.hides or (other.pk, me.pk) in known)

    found: set[int] = set()
    fields = ("buyer_id", "title__company_id", "mandate_id", "mandate__visibility")
    for start in range(0, len(ids), 500):
        rows = Suggestion.objects.filter(pk__in=ids[start : start + 500], title__is_withdrawn=False).order_by()
        for buyer, company, mandate, visibility in rows.values_list(*fields):
            if buyer not in who:
                continue
            if any(finds(who[buyer], seller) for seller in staff[company]):
                found.add(buyer)
            if mandate is not None and visibility != Visibility.HIDDEN:
                found |= {seller.pk for seller in staff[company] if finds(seller, who[buyer])}
    return [people[pk] for pk in sorted(found)]
