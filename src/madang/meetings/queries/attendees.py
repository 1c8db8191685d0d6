"""Who comes to a meeting, side by side, and what a reader is told of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from madang.kit import calendar
from madang.markets.models import Edition
from madang.markets.rules import Visitor, may_organise
from madang.meetings.models import Attendee, MeetingRequest, Part, RequestStatus, Side
from madang.people.models import Participant
from madang.people.rules import visible_participants

COMES = Q(part=Part.COMING, participant__left_at=None)
"""Those of the attendees who are at the meeting: who dropped out of the edition comes to none."""

PRINCIPALS_FIRST = ("request", "-is_principal", "-side", "pk")
"""The order in which people of meetings are named: who asked, who was asked, then who joined."""


def without_a_side(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    """Those of them for a side of which nobody comes."""
    return requests.filter(~Q(_comes_for(Side.SENDER)) | ~Q(_comes_for(Side.RECEIVER)))


def abandoned(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    """Those of them whose sender or receiver has dropped out, and nobody else comes for her side."""
    asker_gone = Q(sender__left_at__isnull=False) & ~Q(_comes_for(Side.SENDER))
    asked_gone = Q(receiver__left_at__isnull=False) & ~Q(_comes_for(Side.RECEIVER))
    return requests.filter(asker_gone | asked_gone)


def _comes_for(side: str) -> Exists:
    return Exists(Attendee.objects.filter(COMES, request=OuterRef("pk"), side=side))


def coming(requests: Iterable[int]) -> dict[int, list[Attendee]]:
    """Who comes to each of the requests (by id), with their companies. One query."""
    rows = Attendee.objects.filter(COMES, request__in=list(requests)).order_by(*PRINCIPALS_FIRST)
    found: defaultdict[int, list[Attendee]] = defaultdict(list)
    for row in rows.select_related("participant__company__booth", "participant__user"):
        found[row.request_id].append(row)
    return dict(found)


def open_invitations(participant: Participant) -> list[MeetingRequest]:
    """Agreed meetings that wait for her to say whether she comes. One query."""
    hers = Attendee.objects.filter(participant=participant, part=Part.INVITED).values("request")
    waiting = MeetingRequest.objects.filter(pk__in=hers, status=RequestStatus.ACCEPTED)
    return list(waiting.select_related("title").order_by("code"))


def zone_of(participant: Participant) -> str:
    """On whose clocks a participant lives: her account's zone, else the one she gave at this edition; empty where unknown."""
    return (participant.user.time_zone if participant.user else "") or participant.time_zone


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a meeting. `is_known`: the reader finds her in lists too. `local_time`: the start on her own clocks."""

    attendee: Attendee
    is_known: bool
    is_me: bool
    local_time: str = ""

    @property
    def participant(self) -> Participant:
        return self.attendee.participant

    @property
    def has_left(self) -> bool:
        return self.participant.left_at is not None


@dataclass(slots=True)
class SideOfMeeting:
    """Who comes for one side, who was asked to, and who does not come after all.

    `may_name`: the reader says who comes for it. `unnamed`: people she is not told of.
    """

    side: Side
    is_mine: bool = False
    may_name: bool = False
    coming: list[Person] = field(default_factory=list)
    invited: list[Person] = field(default_factory=list)
    gone: list[Person] = field(default_factory=list)
    unnamed: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.unnamed or any(not person.has_left for person in self.coming))


def sides_of(user: Visitor, request: MeetingRequest, starts_at: dt.datetime | None = None) -> list[SideOfMeeting]:
    """Both sides as the user may know them, her own first. Whoever is only invited learns of no hidden person. Four queries."""
    rows = list(request.attendees.order_by(*PRINCIPALS_FIRST).select_related("participant__company", "participant__user"))
    mine = next((row for row in rows if row.participant.user_id is not None and row.participant.user_id == user.pk), None)
    people = [row.participant_id for row in rows]
    known = set(visible_participants(user, request.edition).filter(pk__in=people).values_list("pk", flat=True))
    is_inside = may_organise(user, request.edition) or (mine is not None and (mine.is_principal or mine.part != Part.INVITED))
    sides = [SideOfMeeting(side) for side in Side]
    for row in rows:
        side = sides[0] if row.side == Side.SENDER else sides[1]
        if not is_inside and row.participant_id not in known:
            side.unnamed += row.part == Part.COMING
            continue
        time = local_time(row.participant, request.edition, starts_at) if starts_at else ""
        person = Person(row, row.participant_id in known, row is mine, time)
        _list_of(side, row.part).append(person)
        side.is_mine = side.is_mine or row is mine
    return sorted(sides, key=lambda side: not side.is_mine)


def _list_of(side: SideOfMeeting, part: str) -> list[Person]:
    return {Part.COMING.value: side.coming, Part.INVITED.value: side.invited}.get(part, side.gone)


def local_time(participant: Participant, edition: Edition, moment: dt.datetime) -> str:
    """The moment on her own clocks; empty where they show what the venue's show, or where her zone is not known."""
    here = calendar.in_zone(moment, edition.time_zone)
    return calendar.own_time_text(here, zone_of(participant), (get_language() or "en")[:2])
