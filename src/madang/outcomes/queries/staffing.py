"""Shifts and people as the rostering sees them, and the roster by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.kit.icalendar import Entry, calendar_bytes
from madang.markets.models import Edition
from madang.outcomes.models import Duty, Shift, Worker
from madang.outcomes.rostering import Breach, Hand, Problem, Work, breaches

AGAINST: dict[Breach, str | Promise] = {
    Breach.SKILL: _("She lacks the skill."),
    Breach.OVERLAP: _("She holds another shift at that time."),
    Breach.REST: _("She would have too little rest between two days."),
    Breach.DAY: _("She would work too long that day."),
    Breach.ALL: _("She would work more hours than agreed in all."),
}
"""Each reason as a sentence."""


def work_of(shift: Shift, edition: Edition) -> Work:
    day = shift.starts_at.astimezone(edition.zone).date()
    return Work(shift.pk, shift.starts_at, shift.ends_at, day, shift.skill_id, shift.needed)


def hand_of(worker: Worker) -> Hand:
    """Her skills should have been fetched before. Hours become whole minutes."""
    in_all = None if worker.hours_in_all is None else int(worker.hours_in_all * 60)
    skills = frozenset(skill.pk for skill in worker.skills.all())
    return Hand(worker.pk, skills, int(worker.hours_a_day * 60), int(worker.rest_hours * 60), in_all)


def breaches_of(worker: Worker, shift: Shift) -> list[Breach]:
    """What her holding the shift would break, as things stand."""
    edition = shift.edition
    held = [work_of(duty.shift, edition) for duty in worker.duties.select_related("shift")]
    return breaches(hand_of(worker), held, work_of(shift, edition))


@dataclass(slots=True)
class Row:
    """A shift with who holds it; `open` places are held by nobody."""

    shift: Shift
    work: Work
    duties: list[Duty]

    @property
    def open(self) -> int:
        return max(0, self.shift.needed - len(self.duties))


@dataclass(slots=True)
class Held:
    """A worker with what she holds, in order of time."""

    worker: Worker
    hand: Hand
    rows: list[Row] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(row.work.minutes for row in self.rows)

    @property
    def hours(self) -> float:
        return self.minutes / 60

    def faults(self) -> list[tuple[Row, Breach]]:
        """What her shifts break beside each other: each breach at the later shift, so that it is told once."""
        found = []
        for number, row in enumerate(self.rows):
            earlier = [one.work for one in self.rows[:number]]
            found += [(row, breach) for breach in breaches(self.hand, earlier, row.work)]
        return found


@dataclass(slots=True)
class Roster:
    """All shifts in order of time, all workers by name."""

    edition: Edition
    rows: list[Row]
    people: list[Held]

    @property
    def days(self) -> dict[dt.date, list[Row]]:
        found: dict[dt.date, list[Row]] = defaultdict(list)
        for row in self.rows:
            found[row.work.day].append(row)
        return dict(found)

    @property
    def open(self) -> int:
        return sum(row.open for row in self.rows)

    def problem(self) -> Problem:
        """For a search: those who dropped out take no part, what has begun takes nobody new."""
        now = self.edition.now()
        here = {one.worker.pk for one in self.people if one.worker.left_at is None}
        held = frozenset((row.shift.pk, duty.worker_id) for row in self.rows for duty in row.duties if duty.worker_id in here)
        gone = {row.shift.pk: sum(duty.worker_id not in here for duty in row.duties) for row in self.rows}
        works = tuple(
            Work(w.id, w.start, w.end, w.day, w.skill, max(0, w.needed - gone[w.id])) for w in (row.work for row in self.rows)
        )
        closed = frozenset(row.shift.pk for row in self.rows if row.shift.starts_at <= now)
        return Problem(works, tuple(one.hand for one in self.people if one.worker.pk in here), held, closed)


def roster_of(edition: Edition) -> Roster:
    """Four queries, however many rows there are."""
    shifts = Shift.objects.filter(edition=edition).select_related("activity", "hall", "skill").order_by("starts_at", "code")
    workers = Worker.objects.filter(edition=edition).prefetch_related("skills").order_by("search_text", "code")
    people = {worker.pk: Held(worker, hand_of(worker)) for worker in workers}
    rows = {shift.pk: Row(shift, work_of(shift, edition), []) for shift in shifts}
    for duty in Duty.objects.filter(shift__edition=edition).order_by("worker__search_text", "pk"):
        row, one = rows[duty.shift_id], people[duty.worker_id]
        duty.shift, duty.worker = row.shift, one.worker
        row.duties.append(duty)
        one.rows.append(row)
    for one in people.values():
        one.rows.sort(key=lambda row: (row.shift.starts_at, row.shift.code))
    return Roster(edition, list(rows.values()), list(people.values()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked: what speaks against it, and the hours that she has already."""

    held: Held
    against: tuple[Breach, ...]

    @property
    def reasons(self) -> list[str]:
        return [str(AGAINST[breach]) for breach in self.against]


def candidates(roster: Roster, row: Row) -> list[Candidate]:
    """Everybody who does not hold the shift and has not dropped out: whom nothing keeps first, then fewest hours."""
    mine = {duty.worker_id for duty in row.duties}
    found = [
        Candidate(one, tuple(breaches(one.hand, (other.work for other in one.rows), row.work)))
        for one in roster.people
        if one.worker.pk not in mine and one.worker.left_at is None
    ]
    return sorted(found, key=lambda one: (len(one.against), Breach.OVERLAP in one.against, one.held.minutes))


def shifts_of(worker: Worker) -> list[Shift]:
    shifts = Shift.objects.filter(duties__worker=worker).select_related("hall", "activity", "skill")
    return list(shifts.order_by("starts_at", "code"))


def worker_calendar(edition: Edition, worker: Worker, shifts: Iterable[Shift]) -> bytes:
    """Her shifts as a calendar file (RFC 5545)."""
    entries = [
        Entry(
            uid=f"{edition.slug}-shift-{shift.code}-{worker.code}@madang", sequence=0, changed_at=edition.now(),
            starts_at=shift.starts_at, ends_at=shift.ends_at, summary=str(shift),
            location=str(shift.hall or edition.venue), description=str(shift.activity),
        )
        for shift in shifts
    ]  # fmt: skip
    days = (edition.starts_on, edition.ends_on)
    return calendar_bytes(f"{edition}: {worker}", edition.time_zone, entries, days, "PUBLISH")
