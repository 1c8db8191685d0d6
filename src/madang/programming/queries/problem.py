"""The programmer's rows as the kernel's problem. A constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from madang.kernels import programme as kernel
from madang.kernels.programme import Place, Plan, Problem, Window
from madang.kernels.programme.book import Book
from madang.markets.models import Edition, Hall
from madang.meetings.models import Attendance, TimetableState, Unavailability
from madang.people.models import Participant
from madang.programme.models import EventKind
from madang.programming.levels import Levels, kernel_levels, levels_of
from madang.programming.models import Item, Travel
from madang.programming.queries.clock import Line, line_of
from madang.programming.queries.overlap import overlaps_of, wants_of

LEAD_GAP = 15
"""Minutes that may pass between a stage greeting and what it greets."""
WARNING = 100
"""Points that a warning costs; an overlap costs one for each person."""
WANTED = {EventKind.SCREENING, EventKind.PITCH}
"""Kinds of which the same people cannot see two at once; a greeting belongs to its screening."""


@dataclass(frozen=True)
class Desk:
    """Everything of one edition that conflicts are found in. Ids in the problem are primary keys."""

    edition: Edition
    line: Line
    items: dict[int, Item]
    halls: dict[int, Hall]
    people: dict[int, Participant]
    levels: Levels
    problem: Problem
    plan: Plan

    @property
    def book(self) -> Book:
        return Book(self.problem)


def programme_halls(edition: Edition) -> QuerySet[Hall]:
    """Halls in which something is or could be shown: those that seat people or have openings, and those in use."""
    used = Q(items__isnull=False) | Q(events__isnull=False) | Q(openings__isnull=False) | Q(capacity__isnull=False)
    return Hall.objects.filter(pk__in=Hall.objects.filter(used, edition=edition).values("pk")).order_by("code")


def desk_of(edition: Edition) -> Desk:
    """The rows of now."""
    line = line_of(edition)
    rows = Item.objects.filter(edition=edition).select_related("title", "hall", "event")
    items = {item.pk: item for item in rows.prefetch_related("halls", "guests")}
    halls = {hall.pk: hall for hall in programme_halls(edition).prefetch_related("openings")}
    guests = {guest.participant_id for item in items.values() for guest in item.guests.all()}
    people = {person.pk: person for person in Participant.objects.filter(pk__in=guests).select_related("company")}
    levels = levels_of(edition)
    problem = Problem(
        tuple(_item(line, item) for item in items.values()),
        tuple(_hall(line, hall) for hall in halls.values()),
        _guests(line, people),
        _ways(edition),
        _overlaps(edition, items.values()),
        days=line.days,
        levels=kernel_levels(levels),
        lead_gap=LEAD_GAP,
        warning=WARNING,
    )
    return Desk(edition, line, items, halls, people, levels, sound(problem), plan_of(line, items.values()))


def plan_of(line: Line, items: Iterable[Item]) -> Plan:
    """What is placed now."""
    return Plan(tuple(place for item in items if (place := place_of(line, item)) is not None))


def place_of(line: Line, item: Item) -> Place | None:
    if item.hall_id is None or item.starts_at is None:
        return None
    return Place(item.pk, item.hall_id, line.minute(item.starts_at))


def words_of(text: str) -> frozenset[str]:
    """Equipment as it was written, with commas: without case, spaces and order."""
    return frozenset(" ".join(word.casefold().split()) for word in text.split(",") if word.strip())


def _item(line: Line, item: Item) -> kernel.Item:
    allowed = None
    if item.not_before or item.not_after:
        first = line.minute(item.not_before) if item.not_before else -(10**6)
        allowed = (Window(first, max(first + 1, line.minute(item.not_after) if item.not_after else 10**6)),)
    return kernel.Item(
        item.pk,
        item.minutes,
        item.kind,
        halls=frozenset(hall.pk for hall in item.halls.all()) or None,
        features=words_of(item.needs),
        audience=item.expected or 0,
        guests=tuple(guest.participant_id for guest in item.guests.all()),
        allowed=allowed,
        ready_from=None if item.has_arrived or item.ready_at is None else line.minute(item.ready_at),
        follows=() if item.after_id in (None, item.pk) else (item.after_id,),
        leads=None if item.right_before_id == item.pk else item.right_before_id,
    )


def _hall(line: Line, hall: Hall) -> kernel.Hall:
    opening = tuple(Window(line.minute(o.starts_at), line.minute(o.ends_at)) for o in hall.openings.all())
    opening = tuple(window for window in opening if window.end > window.start) or (Window(0, line.end),)
    return kernel.Hall(hall.pk, opening, hall.capacity, hall.changeover, words_of(hall.equipment))


def _guests(line: Line, people: Collection[int]) -> tuple[kernel.Guest, ...]:
    """Everybody is there but when she said that she is away, or has a meeting in the published timetable."""
    away: defaultdict[int, list[Window]] = defaultdict(list)
    blocks = Unavailability.objects.filter(participant__in=people).order_by()
    meetings = Attendance.objects.filter(participant__in=people, timetable__state=TimetableState.PUBLISHED).order_by()
    rows = [*blocks.values_list("participant", "starts_at", "ends_at")]
    rows += meetings.values_list("participant", "slot__starts_at", "slot__ends_at")
    for person, start, end in rows:
        away[person].append(Window(line.minute(start), line.minute(end + dt.timedelta(seconds=59))))
    return tuple(kernel.Guest(person, _rest(sorted(away[person]), line.end) if away[person] else None) for person in people)


def _rest(away: list[Window], end: int) -> tuple[Window, ...]:
    """What is left of the line between stretches in rising order."""
    free, at = [], -(10**6)
    for window in away:
        if window.start > at:
            free.append(Window(at, window.start))
        at = max(at, window.end)
    return (*free, Window(at, max(end, at) + 10**6))


def _ways(edition: Edition) -> tuple[kernel.Way, ...]:
    rows = Travel.objects.filter(one__edition=edition).order_by().values_list("one", "other", "minutes")
    halls = set(programme_halls(edition).values_list("pk", flat=True))
    return tuple(kernel.Way((one, other), minutes) for one, other, minutes in rows if {one, other} <= halls)


def _overlaps(edition: Edition, items: Iterable[Item]) -> tuple[kernel.Overlap, ...]:
    """For each pair of items of two titles, how many people want both."""
    of_title: defaultdict[int, list[int]] = defaultdict(list)
    for item in items:
        if item.title_id is not None and item.kind in WANTED:
            of_title[item.title_id].append(item.pk)
    pairs = overlaps_of(wants_of(edition, list(of_title)))
    found = [(a, b, count) for (one, other), count in pairs.items() for a in of_title[one] for b in of_title[other]]
    return tuple(kernel.Overlap(a, b, count) for a, b, count in found)


def sound(problem: Problem) -> Problem:
    """Without the wishes about order that contradict themselves (a greeting of its own greeting): the kernel refuses those."""
    leads: dict[kernel.Id, kernel.Id] = {}
    for item in problem.items:
        at, taken = item.leads, item.leads in leads.values()
        while at is not None and at != item.id:
            at = leads.get(at)
        if item.leads is not None and at is None and not taken:
            leads[item.id] = item.leads
    items = tuple(item if item.id in leads or item.leads is None else replace(item, leads=None) for item in problem.items)
    return replace(problem, items=items)
