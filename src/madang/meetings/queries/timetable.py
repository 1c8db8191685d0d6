"""From rows to the timetable kernel's problem and back: short reads, ids are primary keys."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, cast

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from madang.kernels.timetable import problem as kernel
from madang.kit.search import matching
from madang.markets.models import Edition, Session, Slot, Table
from madang.meetings.models import Meeting, MeetingRequest, RequestStatus, Timetable, TimetableRun, TimetableState, Unavailability
from madang.meetings.weights import weight_of
from madang.people.models import Participant
from madang.people.queries import PERSON_COLUMNS

SESSION_NUMBER = {str(Session.MORNING): 1, str(Session.AFTERNOON): 2}


class Asked(NamedTuple):
    """A request as the timetable needs it, without its texts."""

    id: int
    sender_id: int
    receiver_id: int
    sender_wish: int
    receiver_wish: int | None
    session: str
    fixed_slot_id: int | None
    fixed_table_id: int | None
    sender_booth_id: int | None
    receiver_booth_id: int | None
    is_withdrawn: bool | None

    @property
    def has_booth(self) -> bool:
        return self.sender_booth_id is not None or self.receiver_booth_id is not None


@dataclass(frozen=True)
class Maps:
    """The way back from a plan to rows. `left_out`: accepted requests that are not in the problem, with the reason's code."""

    slots: tuple[Slot, ...]
    number: dict[int, int]
    tables: dict[int, Table]
    asked: dict[int, Asked]
    left_out: dict[int, str]

    def slot(self, number: int) -> Slot:
        return self.slots[number - 1]


def timetable_problem(edition: Edition) -> tuple[kernel.Problem, Maps]:
    """What the kernel is asked for this edition now, and the way back to its rows. Six queries, however many rows.

    Accepted requests only; those about a withdrawn title are left out. A company with a booth meets there and needs no
    shared table.
    """
    return _problem(edition, _accepted(edition), _unavailable(edition))


def problem_around(request: MeetingRequest, timetable: Timetable) -> tuple[kernel.Problem, Maps]:
    """The part of the problem that decides where one request can go: the requests of its people and those before or after it.

    Where other meetings of the timetable stand, their table is closed. As exact as the whole, and a fraction of the work.
    """
    edition, people = request.edition, {request.sender_id, request.receiver_id}
    links = MeetingRequest.after.through.objects.filter(Q(from_meetingrequest=request) | Q(to_meetingrequest=request))
    linked = {pk for pair in links.values_list("from_meetingrequest_id", "to_meetingrequest_id") for pk in pair}
    near = Q(sender__in=people) | Q(receiver__in=people) | Q(pk__in=linked)
    accepted = _accepted(edition).filter(near)
    problem, maps = _problem(edition, accepted, _unavailable(edition).filter(participant__in=people))
    taken: defaultdict[int, set[int]] = defaultdict(set)
    for other, slot, table in _places(timetable):
        if table is not None and other not in maps.asked:
            taken[table].add(maps.number[slot])
    tables = tuple(replace(table, closed=frozenset(taken[cast(int, table.id)])) for table in problem.tables)
    return replace(problem, tables=tables), maps


def _problem(
    edition: Edition, requests: QuerySet[MeetingRequest], unavailable: QuerySet[Unavailability]
) -> tuple[kernel.Problem, Maps]:
    slots = tuple(edition.slots.order_by("starts_at"))
    tables = {table.pk: table for table in edition.tables.all()}
    accepted = _asked(requests)
    left_out = {asked.id: "title_withdrawn" for asked in accepted if asked.is_withdrawn}
    asked = {row.id: row for row in accepted if row.id not in left_out}
    maps = Maps(slots, {slot.pk: n for n, slot in enumerate(slots, 1)}, tables, asked, left_out)
    problem = kernel.Problem(
        slots=_kernel_slots(edition, slots),
        participants=_kernel_people(edition, maps, unavailable),
        tables=tuple(kernel.Table(pk) for pk, table in tables.items() if not table.is_booth),
        requests=_kernel_requests(edition, maps),
        goal=kernel.Goal.WEIGHT,
    )
    return problem, maps


def _accepted(edition: Edition) -> QuerySet[MeetingRequest]:
    return MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED).order_by("pk")


def _unavailable(edition: Edition) -> QuerySet[Unavailability]:
    return Unavailability.objects.filter(participant__edition=edition).order_by()


def _asked(requests: QuerySet[MeetingRequest]) -> list[Asked]:
    fields = [
        "id", "sender_id", "receiver_id", "sender_wish", "receiver_wish", "session", "fixed_slot_id", "fixed_table_id",
        "sender__company__booth_id", "receiver__company__booth_id", "title__is_withdrawn",
    ]  # fmt: skip
    return [Asked(*row) for row in requests.values_list(*fields)]


def _kernel_slots(edition: Edition, slots: tuple[Slot, ...]) -> tuple[kernel.Slot, ...]:
    days = sorted({slot_day(slot, edition) for slot in slots})
    number = {day: n for n, day in enumerate(days, 1)}
    return tuple(kernel.Slot(number[slot_day(slot, edition)], SESSION_NUMBER.get(slot.session, 1)) for slot in slots)


def slot_day(slot: Slot, edition: Edition) -> dt.date:
    """The slot's day at the venue, without a query for the edition."""
    return slot.starts_at.astimezone(edition.zone).date()


def _kernel_people(edition: Edition, maps: Maps, unavailable: QuerySet[Unavailability]) -> tuple[kernel.Participant, ...]:
    wanted = {pk for row in maps.asked.values() for pk in (row.sender_id, row.receiver_id)}
    forbidden = _forbidden_slots(unavailable, maps.slots)
    caps = Participant.objects.filter(edition=edition).order_by("pk").values_list("pk", "max_meetings_per_day")
    return tuple(kernel.Participant(pk, frozenset(forbidden[pk]), cap) for pk, cap in caps if pk in wanted)


def _forbidden_slots(unavailable: QuerySet[Unavailability], slots: tuple[Slot, ...]) -> defaultdict[int, set[int]]:
    """For each participant the numbers of the slots that touch a time in which she cannot meet (half-open on both sides)."""
    away: defaultdict[int, set[int]] = defaultdict(set)
    starts = [slot.starts_at for slot in slots]
    for participant, begin, end in unavailable.values_list("participant_id", "starts_at", "ends_at"):
        before_end = bisect_left(starts, end)
        away[participant].update(n for n, slot in enumerate(slots[:before_end], 1) if slot.ends_at > begin)
    return away


def _kernel_requests(edition: Edition, maps: Maps) -> tuple[kernel.Request, ...]:
    after: defaultdict[int, list[int]] = defaultdict(list)
    links = MeetingRequest.after.through.objects.filter(from_meetingrequest__edition=edition).order_by("pk")
    for later, earlier in links.values_list("from_meetingrequest_id", "to_meetingrequest_id"):
        if earlier in maps.asked:
            after[later].append(earlier)
    return tuple(_kernel_request(row, maps, tuple(after[row.id])) for row in maps.asked.values())


def _kernel_request(row: Asked, maps: Maps, after: tuple[int, ...]) -> kernel.Request:
    fixed = maps.tables.get(row.fixed_table_id) if row.fixed_table_id else None
    at_booth = fixed.is_booth if fixed else row.has_booth
    return kernel.Request(
        id=row.id,
        participants=(row.sender_id, row.receiver_id),
        weight=weight_of(row.sender_wish, row.receiver_wish),
        session=SESSION_NUMBER.get(row.session),
        fixed_slot=maps.number.get(row.fixed_slot_id) if row.fixed_slot_id else None,
        fixed_table=fixed.pk if fixed and not at_booth else None,
        tables=() if at_booth else None,
        after=after,
    )


def overlapping_slots(slots: tuple[Slot, ...]) -> list[tuple[Slot, Slot]]:
    """Neighbouring slots that overlap: somebody could be asked to be at two places."""
    return [(one, two) for one, two in pairwise(slots) if two.starts_at < one.ends_at]


def plan_of(timetable: Timetable, maps: Maps) -> tuple[kernel.Plan, list[int]]:
    """The timetable's meetings as a plan, and the requests it places that are no longer in the problem. One query."""
    rows = list(_places(timetable))
    known = [(request, maps.number[slot], table) for request, slot, table in rows if request in maps.asked]
    meetings = tuple(kernel.Meeting(request, slot, table) for request, slot, table in known)
    plan = kernel.Plan(kernel.Status.FEASIBLE, None, None, 0.0, meetings)
    return plan, [request for request, _, _ in rows if request not in maps.asked]


def _places(timetable: Timetable) -> QuerySet[Meeting, tuple[int, int, int | None]]:
    return standing_meetings(timetable).values_list("request_id", "slot_id", "table_id")


def standing_meetings(timetable: Timetable) -> QuerySet[Meeting]:
    """Meetings that take place, in the order of time."""
    return Meeting.objects.filter(timetable=timetable, is_cancelled=False).order_by("slot__starts_at", "pk")


def draft_of(edition: Edition) -> Timetable | None:
    return Timetable.objects.filter(edition=edition, state=TimetableState.DRAFT).first()


def published_of(edition: Edition) -> Timetable | None:
    published = Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED)
    return published.select_related("published_by").first()


def published_versions(edition: Edition) -> QuerySet[Timetable]:
    """Every published version, the newest first."""
    return Timetable.objects.filter(edition=edition, version__isnull=False).select_related("published_by").order_by("-version")


def latest_run(edition: Edition) -> TimetableRun | None:
    return TimetableRun.objects.filter(edition=edition).select_related("asked_by").first()


def next_revision(edition: Edition) -> int:
    """Revisions rise through all drafts of an edition, so that one number names one state of the timetable."""
    newest = Timetable.objects.filter(edition=edition).aggregate(newest=Max("revision"))["newest"]
    return (newest or 0) + 1


def people_named(edition: Edition, text: str) -> QuerySet[Participant]:
    """Participants whose name or company contains the words; those with the name itself first."""
    people = matching(Participant.objects.filter(edition=edition).select_related("company"), text, PERSON_COLUMNS)
    by_name = matching(Participant.objects.filter(pk=OuterRef("pk")), text)
    return people.order_by(Exists(by_name).desc(), "family_name", "given_name", "code")
