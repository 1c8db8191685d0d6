"""What has begun stands: the part of a timetable that no computation and no publication may change any more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from madang.kernels.timetable.problem import Id, Meeting, Plan, Problem
from madang.markets.models import Edition
from madang.meetings.models import Attendee, Part, Timetable
from madang.meetings.queries.timetable import Maps


def first_to_come(edition: Edition, maps: Maps) -> int:
    """The number of the first slot that has not begun."""
    now = edition.now()
    return 1 + sum(slot.starts_at <= now for slot in maps.slots)


def checked_in(published: Timetable) -> frozenset[int]:
    """Requests to whose meetings somebody has checked in: they stand where they are."""
    here = Attendee.objects.filter(part=Part.COMING, checked_in_at__isnull=False, request__edition=published.edition_id)
    return frozenset(here.order_by().values_list("request_id", flat=True))


def with_the_past(problem: Problem, plan: Plan, since: int) -> Problem:
    """The problem as it is from slot `since` on: what the plan placed before that stands as it was held, and nothing else
    is placed there, whatever has become of its people and tables in the meantime."""
    if since <= 1:
        return problem
    held = {meeting.id: meeting for meeting in plan.meetings if meeting.slot < since}
    past = frozenset(range(1, since))
    there = _was_there(problem, held)
    return replace(
        problem,
        participants=tuple(replace(one, forbidden=(one.forbidden | past) - there[one.id]) for one in problem.participants),
        tables=tuple(replace(table, closed=table.closed - past) for table in problem.tables),
        requests=tuple(
            replace(
                one, session=None, fixed_slot=held[one.id].slot, fixed_table=held[one.id].table, after=(),
                tables=one.tables if held[one.id].table is not None else (),
            )
            if one.id in held
            else one
            for one in problem.requests
        ),
        pauses=tuple(replace(one, slots=one.slots - past, free=min(one.free, len(one.slots - past))) for one in problem.pauses
                     if one.slots - past),
    )  # fmt: skip


def _was_there(problem: Problem, held: dict[Id, Meeting]) -> defaultdict[Id, set[int]]:
    """For each person the slots of her meetings that were held."""
    there: defaultdict[Id, set[int]] = defaultdict(set)
    for request in problem.requests:
        if request.id in held:
            first = held[request.id].slot
            for person in request.participants:
                there[person].update(range(first, first + request.length))
    return there
