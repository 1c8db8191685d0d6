"""How many requests a person may send and receive, and how many she has."""

from __future__ import annotations

from dataclasses import dataclass

from madang.meetings.models import MeetingPolicy, MeetingRequest, RequestStatus, policy_of
from madang.meetings.rules import is_running
from madang.people.models import Participant

COUNTED = [RequestStatus.SENT, RequestStatus.ACCEPTED, RequestStatus.DECLINED]
"""What counts as sent; a draft takes no place, a withdrawn or expired request gives its place back."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of how many; `limit` None is no limit."""

    used: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.used >= self.limit


def quota_out(me: Participant, policy: MeetingPolicy | None = None) -> Quota:
    """Requests she sent, and how many she may send: of two roles the larger number."""
    policy = policy or policy_of(me.edition)
    limits = _limits(me, policy.buyers_out, policy.sellers_out)
    sent = MeetingRequest.objects.filter(sender=me, status__in=COUNTED).filter(is_running(me.edition.now()))
    known = [limit for limit in limits if limit is not None]
    return Quota(sent.count(), max(known) if known and len(known) == len(limits) else None)


def quota_in(person: Participant, policy: MeetingPolicy | None = None) -> Quota:
    """Requests that wait for her answer, and how many may wait: of two roles the smaller number, which protects her."""
    policy = policy or policy_of(person.edition)
    limits = [limit for limit in _limits(person, policy.buyers_in, policy.sellers_in) if limit is not None]
    waiting = MeetingRequest.objects.filter(receiver=person, status=RequestStatus.SENT).filter(is_running(person.edition.now()))
    return Quota(waiting.count(), min(limits) if limits else None)


def _limits(person: Participant, buyers: int | None, sellers: int | None) -> list[int | None]:
    """The limit of each side on which she does business; creators count as sellers."""
    sides = [(person.is_buyer, buyers), (person.is_seller or person.is_creator, sellers)]
    return [limit for is_hers, limit in sides if is_hers]
