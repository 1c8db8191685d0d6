"""To whom hidden participants are known by their requests and, with the mandates' part, by their matches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Q

from madang.mandates.introductions import introduce_by_match
from madang.markets.models import Edition
from madang.meetings.models import Attendee, MeetingRequest, Part, RequestStatus, Side
from madang.people.introductions import hidden_people, set_introductions
from madang.people.models import IntroductionCause, Participant, SeenBy


@transaction.atomic
def introduce(edition: Edition, people: Iterable[Participant] | None = None) -> int:
    """Write the introductions of the edition's hidden participants (or of these people) that follow, delete all others.

    Gives the number of rows that changed. Twice is once; a constant number of queries.
    """
    people = None if people is None else list(people)
    hidden = set(hidden_people(edition, people))
    wanted = _by_request(edition, hidden) if hidden else {}
    changed = set_introductions(edition, IntroductionCause.REQUEST, people, wanted)
    return changed + introduce_by_match(edition, people)


def _by_request(edition: Edition, hidden: set[int]) -> dict[int, set[int]]:
    """Whoever asked is known to who was asked; in an accepted meeting, who comes is known to the other side."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for status, sides in _sides(edition):
        for side, other in ((Side.SENDER, Side.RECEIVER), (Side.RECEIVER, Side.SENDER)):
            is_agreed = status == RequestStatus.ACCEPTED
            shown = {pk for pk, is_principal in sides[side] if is_agreed or (is_principal and side == Side.SENDER)}
            for one in shown & hidden:
                found[one] |= {to for to, _principal in sides[other]}
    return found


def _sides(edition: Edition) -> Iterator[tuple[str, dict[str, list[tuple[int, bool]]]]]:
    """Of each request that was sent and concerns a hidden person: its status, and (person, is principal) by side."""
    about_hidden = Attendee.objects.filter(~Q(participant__seen_by=SeenBy.EVERYONE), request__edition=edition)
    sent = MeetingRequest.objects.filter(pk__in=about_hidden.order_by().values("request")).exclude(status=RequestStatus.DRAFT)
    seats = Attendee.objects.filter(Q(part=Part.COMING) | Q(is_principal=True), request__in=sent.order_by().values("pk"))
    by_request: dict[int, dict[str, list[tuple[int, bool]]]] = defaultdict(lambda: {side: [] for side in Side.values})
    statuses: dict[int, str] = {}
    rows = seats.order_by().values_list("request_id", "request__status", "side", "participant_id", "is_principal")
    for request, status, side, person, is_principal in rows:
        by_request[request][side].append((person, is_principal))
        statuses[request] = status
    return ((statuses[request], sides) for request, sides in by_request.items())
