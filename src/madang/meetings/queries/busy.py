"""When people cannot meet, in one place: own blocks, what they mean to see of the programme, lunch, the night where they are."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from madang.door.queries.queues import expected_minutes
from madang.kernels.timetable.problem import Pause, Way
from madang.markets.models import Edition, Slot
from madang.meetings.models import Attendance, MeetingPolicy, Timetable, Unavailability, policy_of
from madang.people.models import Participant
from madang.programme.models import EventPart, Visit

WAKES, SLEEPS = dt.time(8), dt.time(22)
"""Between these times of her own day a person meets online."""


STROLL = dt.timedelta(minutes=10)
"""A way between two meetings that needs no empty slot, although the slots follow each other at once."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Why a person is not free in a slot. `kind`: meeting (pk of its request), event (pk of the visit), away (pk of the block).

    `is_firm`: it does not give way to a meeting when somebody insists: another meeting, or being on stage.
    """

    kind: str
    pk: int
    is_firm: bool = False


@dataclass(frozen=True, slots=True)
class Venue:
    """What decides how long things take there: the slots in the order of time, the settings, the halls in which people meet."""

    slots: Sequence[Slot]
    policy: MeetingPolicy
    halls: frozenset[int | None]
    queues: Mapping[int, int] = field(default_factory=dict)
    """By event the minutes that people stood at that hall's door that day, as measured."""


def venue_of(edition: Edition) -> Venue:
    """Four queries; five where queues were measured."""
    halls = edition.tables.order_by().values_list("hall_id", flat=True).distinct()
    slots = list(edition.slots.order_by("starts_at"))
    return Venue(slots, policy_of(edition), frozenset(halls), expected_minutes(edition))


def busy_slots(
    edition: Edition,
    people: Collection[int] | None = None,
    *,
    venue: Venue | None = None,
    timetable: Timetable | None = None,
) -> dict[int, dict[int, Busy]]:
    """For each person (by id; None: everybody) the slots (1-based, in the order of time) in which she is not free, and why.

    With `timetable`, its meetings count too. Of several reasons the firmest stands. Two queries, with the timetable three,
    four or five more where `venue` is not at hand.
    """
    venue = venue or venue_of(edition)
    busy: defaultdict[int, dict[int, Busy]] = defaultdict(dict)
    for person, start, end, why in [*_blocks(edition, people), *_visits(edition, people, venue)]:
        for number in touched(venue.slots, start, end):
            if number not in busy[person] or why.is_firm:
                busy[person][number] = why
    if timetable is not None:
        numbers = {slot.pk: number for number, slot in enumerate(venue.slots, 1)}
        rows = _only(Attendance.objects.filter(timetable=timetable), people)
        for person, slot, request in rows.values_list("participant_id", "slot_id", "meeting__request_id"):
            busy[person][numbers[slot]] = Busy("meeting", request, is_firm=True)
    return dict(busy)


Stretch = tuple[int, dt.datetime, dt.datetime, Busy]


def _blocks(edition: Edition, people: Collection[int] | None) -> Iterator[Stretch]:
    rows = _only(Unavailability.objects.filter(participant__edition=edition), people)
    for pk, person, start, end in rows.values_list("pk", "participant_id", "starts_at", "ends_at"):
        yield person, start, end, Busy("away", pk)


def _visits(edition: Edition, people: Collection[int] | None, venue: Venue) -> Iterator[Stretch]:
    """From the door and the way there until the way back."""
    rows = _only(Visit.objects.filter(event__edition=edition, event__is_cancelled=False), people)
    rows = rows.annotate(start=F("event__starts_at"), end=F("event__ends_at"), hall=F("event__hall_id"))
    facts = ("pk", "participant_id", "event_id", "part", "start", "end", "hall")
    for pk, person, event, part, start, end, hall in rows.values_list(*facts):
        before, after = around_event(venue, hall, 0 if part == EventPart.SPEAKER else event)
        yield person, start - before, end + after, Busy("event", pk, is_firm=part == EventPart.SPEAKER)


def _only(rows: QuerySet[Any], people: Collection[int] | None) -> QuerySet[Any]:
    return rows.order_by() if people is None else rows.filter(participant__in=list(people)).order_by()


def around_event(venue: Venue, hall: int, event: int = 0) -> tuple[dt.timedelta, dt.timedelta]:
    """How long before an event in that hall, and after it, nobody who is there can meet: the door, and the way between halls.

    At the door as long as the policy says; longer where a longer queue was measured. Who is on stage does not stand in line.
    """
    way = dt.timedelta(minutes=0 if venue.halls <= {hall} else venue.policy.walk_minutes)
    return dt.timedelta(minutes=max(venue.policy.door_minutes, venue.queues.get(event, 0))) + way, way


def time_of_visit(venue: Venue, visit: Visit) -> tuple[dt.datetime, dt.datetime]:
    """From the door and the way there until the way back."""
    before, after = around_event(venue, visit.event.hall_id, 0 if visit.part == EventPart.SPEAKER else visit.event_id)
    return visit.event.starts_at - before, visit.event.ends_at + after


def touched(slots: Sequence[Slot], start: dt.datetime, end: dt.datetime) -> list[int]:
    """The numbers of the slots that the stretch touches (half-open on both sides)."""
    before_end = bisect_left(slots, end, key=lambda slot: slot.starts_at)
    return [number for number, slot in enumerate(slots[:before_end], 1) if slot.ends_at > start]


def hall_ways(venue: Venue, halls: Collection[int]) -> tuple[Way, ...]:
    """Ways between these halls that take more time than lies between two slots; none where they are short.

    A way of up to `STROLL` costs no slot: meetings that follow each other share these minutes.
    """
    gaps = [later.starts_at - earlier.ends_at for earlier, later in pairwise(venue.slots)]
    if not gaps:
        return ()
    gap, length = max(min(gaps), dt.timedelta(0)), min(slot.ends_at - slot.starts_at for slot in venue.slots)
    missing = dt.timedelta(minutes=venue.policy.walk_minutes) - max(gap, STROLL)
    slots = ceil(missing / (length + gap)) if missing > dt.timedelta(0) else 0
    return tuple(Way(pair, slots) for pair in combinations(sorted(halls), 2)) if slots else ()


def asleep_slots(slots: Sequence[Slot], zone: ZoneInfo) -> frozenset[int]:
    """The slots that do not lie within waking hours on the clocks of that zone."""
    return frozenset(number for number, slot in enumerate(slots, 1) if not _is_awake(slot, zone))


def _is_awake(slot: Slot, zone: ZoneInfo) -> bool:
    start, end = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return start.date() == end.date() and start.time() >= WAKES and end.time() <= SLEEPS


def lunch_stretches(edition: Edition, policy: MeetingPolicy) -> list[tuple[dt.datetime, dt.datetime]]:
    """Lunch on each day of the edition, by the venue's clocks, in UTC; none where the organiser has set none."""
    start, end = policy.lunch_from, policy.lunch_until
    if start is None or end is None or start >= end:
        return []
    days = [edition.starts_on + dt.timedelta(days=n) for n in range((edition.ends_on - edition.starts_on).days + 1)]

    def moment(day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, edition.zone).astimezone(dt.UTC)

    return [(moment(day, start), moment(day, end)) for day in days]


def lunch_pauses(edition: Edition, venue: Venue) -> tuple[Pause, ...]:
    """For each day the slots of lunch, of which so many stay free; none where the slots themselves leave time to eat."""
    wanted, pauses = dt.timedelta(minutes=venue.policy.lunch_minutes), []
    for start, end in lunch_stretches(edition, venue.policy):
        numbers = touched(venue.slots, start, end)
        inside = [venue.slots[number - 1] for number in numbers]
        if not inside or wanted <= dt.timedelta(0) or _longest_gap(inside, start, end) >= wanted:
            continue
        shortest = min(slot.ends_at - slot.starts_at for slot in inside)
        pauses.append(Pause(frozenset(numbers), min(ceil(wanted / shortest), len(numbers))))
    return tuple(pauses)


def _longest_gap(slots: Sequence[Slot], start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The longest time of the stretch without a slot."""
    ends = [start, *(slot.ends_at for slot in slots)]
    starts = [*(slot.starts_at for slot in slots), end]
    return max(later - earlier for earlier, later in zip(ends, starts, strict=True))


def own_zones(edition: Edition, people: Collection[int]) -> dict[int, str]:
    """The zone each of the people lives in, as far as it is known. One query."""
    rows = Participant.objects.filter(edition=edition, pk__in=people).order_by()
    return {pk: mine or hers for pk, mine, hers in rows.values_list("pk", "user__time_zone", "time_zone") if mine or hers}
