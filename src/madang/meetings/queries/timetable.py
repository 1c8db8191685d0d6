"""From rows to the timetable kernel's problem and back: short reads, ids are primary keys."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, cast

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from madang.kernels.timetable import problem as kernel
from madang.kit import calendar
from madang.kit.search import matching
from madang.markets.models import Edition, Session, Slot, Table
from madang.meetings.models import (
    Attendance,
    Attendee,
    Closure,
    Form,
    Meeting,
    MeetingRequest,
    PriceRun,
    RequestStatus,
    Side,
    Timetable,
    TimetableRun,
    TimetableState,
    policy_of,
)
from madang.meetings.queries.attendees import COMES, PRINCIPALS_FIRST
from madang.meetings.queries.busy import Venue, asleep_slots, busy_slots, hall_ways, lunch_pauses, own_zones, touched
from madang.meetings.weights import weight_of
from madang.people.models import Participant
from madang.people.queries import PERSON_COLUMNS

SESSION_NUMBER = {str(Session.MORNING): 1, str(Session.AFTERNOON): 2}


class Asked(NamedTuple):
    """A request as the timetable needs it, without its texts. `people`: who comes; `sides`: for how many sides somebody does."""

    id: int
    sender_wish: int
    receiver_wish: int | None
    session: str
    form: str
    fixed_slot_id: int | None
    fixed_table_id: int | None
    sender_booth_id: int | None
    receiver_booth_id: int | None
    is_withdrawn: bool | None
    people: tuple[int, ...] = ()
    sides: int = 0

    @property
    def has_booth(self) -> bool:
        return self.sender_booth_id is not None or self.receiver_booth_id is not None


@dataclass(frozen=True)
class Maps:
    """The way back from a plan to rows. `left_out`: accepted requests that are not in the problem, with the reason's code.

    The codes are title_withdrawn and nobody_named (a side for which nobody comes).
    """

    slots: tuple[Slot, ...]
    number: dict[int, int]
    tables: dict[int, Table]
    asked: dict[int, Asked]
    left_out: dict[int, str]

    def slot(self, number: int) -> Slot:
        return self.slots[number - 1]


def timetable_problem(edition: Edition) -> tuple[kernel.Problem, Maps]:
    """What the kernel is asked for this edition now, and the way back to its rows. Eleven queries at most, however many rows.

    Accepted requests only; those about a withdrawn title, or with nobody named on a side, are left out. A company with a booth
    meets there and needs no shared table. People are those who come (`Attendee`), wherever else they have to be.
    """
    return _problem(edition, _accepted(edition))


def problem_around(
    request: MeetingRequest, timetable: Timetable, also: Iterable[MeetingRequest] = ()
) -> tuple[kernel.Problem, Maps]:
    """The part of the problem that decides where one request can go: the requests of its people and those before or after it.

    `also`: other requests that it has to be enough for.

    Where other meetings to come stand, their table is closed. For the future it is as exact as the whole, and far less work.
    """
    edition, comes = request.edition, Attendee.objects.filter(COMES)
    centre = [request.pk, *(one.pk for one in also)]
    people = set(comes.filter(request__in=centre).order_by().values_list("participant_id", flat=True))
    links = MeetingRequest.after.through.objects.filter(Q(from_meetingrequest__in=centre) | Q(to_meetingrequest__in=centre))
    linked = {pk for pair in links.values_list("from_meetingrequest_id", "to_meetingrequest_id") for pk in pair}
    theirs = comes.filter(participant__in=people).order_by().values("request")
    accepted = _accepted(edition).filter(Q(pk__in=theirs) | Q(pk__in=linked.union(centre)))
    problem, maps = _problem(edition, accepted, people)
    taken: defaultdict[int, set[int]] = defaultdict(set)
    to_come = [slot.pk for slot in maps.slots if slot.starts_at > edition.now()]
    others = standing_meetings(timetable).filter(table__isnull=False, slot__in=to_come).exclude(request__in=maps.asked)
    for slot, table in others.order_by().values_list("slot_id", "table_id"):
        taken[table].add(maps.number[slot])
    tables = tuple(replace(table, closed=table.closed | taken[cast(int, table.id)]) for table in problem.tables)
    return replace(problem, tables=tables, participants=_held_up(problem.participants, maps, timetable, people)), maps


def _held_up(
    participants: tuple[kernel.Participant, ...], maps: Maps, timetable: Timetable, people: set[int]
) -> tuple[kernel.Participant, ...]:
    """People who stand in meetings of requests that are no longer in the problem are not free then. One query."""
    rows = Attendance.objects.filter(timetable=timetable, participant__in=people, meeting__is_cancelled=False)
    held: defaultdict[int, set[int]] = defaultdict(set)
    for person, slot, request in rows.order_by().values_list("participant_id", "slot_id", "meeting__request_id"):
        if request not in maps.asked:
            held[person].add(maps.number[slot])
    return (
        tuple(replace(one, forbidden=one.forbidden | held[cast(int, one.id)]) for one in participants) if held else participants
    )


def _problem(edition: Edition, requests: QuerySet[MeetingRequest], people: set[int] | None = None) -> tuple[kernel.Problem, Maps]:
    """`people`: of whom it is looked up when they cannot meet (None: everybody)."""
    slots = tuple(edition.slots.order_by("starts_at"))
    tables = {table.pk: table for table in edition.tables.all()}
    venue = Venue(slots, policy_of(edition), frozenset(table.hall_id for table in tables.values()))
    accepted = _asked(requests)
    left_out = {row.id: code for row in accepted if (code := _why_left_out(row))}
    asked = {row.id: row for row in accepted if row.id not in left_out}
    maps = Maps(slots, {slot.pk: n for n, slot in enumerate(slots, 1)}, tables, asked, left_out)
    ways = hall_ways(venue, {table.hall_id for table in tables.values() if table.hall_id and not table.is_booth})
    problem = kernel.Problem(
        slots=_kernel_slots(edition, slots),
        participants=_kernel_people(edition, maps, venue, people),
        tables=_kernel_tables(edition, maps, with_halls=bool(ways)),
        requests=_kernel_requests(edition, maps),
        goal=kernel.Goal.WEIGHT,
        pauses=lunch_pauses(edition, venue),
        ways=ways,
    )
    return problem, maps


def _why_left_out(row: Asked) -> str:
    if row.is_withdrawn:
        return "title_withdrawn"
    return "nobody_named" if row.sides < len(Side) else ""


def _accepted(edition: Edition) -> QuerySet[MeetingRequest]:
    return MeetingRequest.objects.filter(edition=edition, status=RequestStatus.ACCEPTED).order_by("pk")


def _asked(requests: QuerySet[MeetingRequest]) -> list[Asked]:
    """The requests with who comes. Two queries."""
    people: defaultdict[int, list[int]] = defaultdict(list)
    sides: defaultdict[int, set[str]] = defaultdict(set)
    come = Attendee.objects.filter(COMES, request__in=requests.order_by().values("pk")).order_by(*PRINCIPALS_FIRST)
    for request, person, side in come.values_list("request_id", "participant_id", "side"):
        people[request].append(person)
        sides[request].add(side)
    fields = [
        "id", "sender_wish", "receiver_wish", "session", "form", "fixed_slot_id", "fixed_table_id",
        "sender__company__booth_id", "receiver__company__booth_id", "title__is_withdrawn",
    ]  # fmt: skip
    return [Asked._make([*row, tuple(people[row[0]]), len(sides[row[0]])]) for row in requests.values_list(*fields)]


def _kernel_slots(edition: Edition, slots: tuple[Slot, ...]) -> tuple[kernel.Slot, ...]:
    days = sorted({slot_day(slot, edition) for slot in slots})
    number = {day: n for n, day in enumerate(days, 1)}
    return tuple(kernel.Slot(number[slot_day(slot, edition)], SESSION_NUMBER.get(slot.session, 1)) for slot in slots)


def slot_day(slot: Slot, edition: Edition) -> dt.date:
    """The slot's day at the venue, without a query for the edition."""
    return slot.starts_at.astimezone(edition.zone).date()


def _kernel_people(edition: Edition, maps: Maps, venue: Venue, people: set[int] | None) -> tuple[kernel.Participant, ...]:
    wanted = {pk for row in maps.asked.values() for pk in row.people}
    busy, asleep = busy_slots(edition, people, venue=venue), _asleep(edition, maps)
    caps = Participant.objects.filter(edition=edition).order_by("pk").values_list("pk", "max_meetings_per_day")
    if people is not None:  # else nearly everybody is wanted
        caps = caps.filter(pk__in=wanted)
    return tuple(
        kernel.Participant(
            pk, frozenset(busy.get(pk, ())), cap, asleep.get(pk, frozenset()), max_in_row=venue.policy.most_in_a_row
        )
        for pk, cap in caps
        if pk in wanted
    )


def _asleep(edition: Edition, maps: Maps) -> dict[int, frozenset[int]]:
    """When those who come to online meetings sleep: at the venue for whoever also meets somebody in person, else at home."""
    online = {pk for row in maps.asked.values() if row.form == Form.ONLINE for pk in row.people}
    zones = own_zones(edition, online)
    for row in maps.asked.values():
        if row.form != Form.ONLINE:
            zones |= dict.fromkeys(online.intersection(row.people), edition.time_zone)
    known = {name: asleep_slots(maps.slots, calendar.zone_of(name)) for name in {*zones.values(), edition.time_zone}}
    return {pk: known[zones.get(pk, edition.time_zone)] for pk in online}


def _kernel_tables(edition: Edition, maps: Maps, *, with_halls: bool) -> tuple[kernel.Table, ...]:
    """The shared tables, closed where the organiser closed them; where the ways are long, with their halls. One query."""
    closed: defaultdict[int, set[int]] = defaultdict(set)
    closures = Closure.objects.filter(table__edition=edition).order_by()
    for table, start, end in closures.values_list("table_id", "starts_at", "ends_at"):
        closed[table].update(touched(maps.slots, start, end))
    return tuple(
        kernel.Table(pk, closed=frozenset(closed[pk]), hall=table.hall_id if with_halls else None)
        for pk, table in maps.tables.items()
        if not table.is_booth
    )


def _kernel_requests(edition: Edition, maps: Maps) -> tuple[kernel.Request, ...]:
    after: defaultdict[int, list[int]] = defaultdict(list)
    links = MeetingRequest.after.through.objects.filter(from_meetingrequest__edition=edition).order_by("pk")
    for later, earlier in links.values_list("from_meetingrequest_id", "to_meetingrequest_id"):
        if earlier in maps.asked:
            after[later].append(earlier)
    return tuple(_kernel_request(row, maps, tuple(after[row.id])) for row in maps.asked.values())


def _kernel_request(row: Asked, maps: Maps, after: tuple[int, ...]) -> kernel.Request:
    is_online = row.form == Form.ONLINE
    fixed = maps.tables.get(row.fixed_table_id) if row.fixed_table_id and not is_online else None
    at_booth = is_online or (fixed.is_booth if fixed else row.has_booth)
    return kernel.Request(
        id=row.id,
        participants=row.people,
        weight=weight_of(row.sender_wish, row.receiver_wish),
        session=SESSION_NUMBER.get(row.session),
        fixed_slot=maps.number.get(row.fixed_slot_id) if row.fixed_slot_id else None,
        fixed_table=fixed.pk if fixed and not at_booth else None,
        tables=() if at_booth else None,
        after=after,
        online=is_online,
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


def plan_around(timetable: Timetable, maps: Maps) -> kernel.Plan:
    """As `plan_of`, for the problem around a few requests: their meetings alone. One query."""
    rows = _places(timetable).filter(request__in=maps.asked)
    meetings = tuple(kernel.Meeting(request, maps.number[slot], table) for request, slot, table in rows)
    return kernel.Plan(kernel.Status.FEASIBLE, None, None, 0.0, meetings)


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


def may_begin_after(edition: Edition) -> dt.datetime | None:
    """Beside a published timetable what has begun stands, and nothing is put into the past; None: no such bound yet."""
    return edition.now() if published_of(edition) is not None else None


def published_versions(edition: Edition) -> QuerySet[Timetable]:
    """Every published version, the newest first."""
    return Timetable.objects.filter(edition=edition, version__isnull=False).select_related("published_by").order_by("-version")


def latest_run(edition: Edition) -> TimetableRun | None:
    return TimetableRun.objects.filter(edition=edition).select_related("asked_by").first()


def latest_prices(edition: Edition) -> PriceRun | None:
    return PriceRun.objects.filter(edition=edition).first()


def next_revision(edition: Edition) -> int:
    """Revisions rise through all drafts of an edition, so that one number names one state of the timetable."""
    newest = Timetable.objects.filter(edition=edition).aggregate(newest=Max("revision"))["newest"]
    return (newest or 0) + 1


def people_named(edition: Edition, text: str) -> QuerySet[Participant]:
    """Participants whose name or company contains the words; those with the name itself first."""
    people = matching(Participant.objects.filter(edition=edition).select_related("company"), text, PERSON_COLUMNS)
    by_name = matching(Participant.objects.filter(pk=OuterRef("pk")), text)
    return people.order_by(Exists(by_name).desc(), "family_name", "given_name", "code")
