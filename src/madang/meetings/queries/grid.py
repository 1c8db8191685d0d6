"""One day of a timetable as a grid: tables or people down, slots across. A constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from madang.markets.models import Edition, Slot, Table
from madang.meetings.models import Attendee, Meeting, Side, Timetable
from madang.meetings.queries.attendees import COMES, PRINCIPALS_FIRST
from madang.meetings.queries.busy import busy_slots, venue_of
from madang.meetings.queries.picked import Picked
from madang.meetings.queries.timetable import people_named, slot_day
from madang.people.models import Participant

MOST_PEOPLE = 20
"""People shown at once when somebody is looked for."""


class Standing(NamedTuple):
    """A meeting of the day with what a cell shows: who comes for each side, whoever asked first."""

    request_id: int
    code: str
    slot_id: int
    table_id: int | None
    sender_side: tuple[int, ...] = ()
    receiver_side: tuple[int, ...] = ()

    @property
    def people(self) -> tuple[int, ...]:
        return self.sender_side + self.receiver_side


@dataclass(frozen=True)
class Day:
    """The day that is shown, the other days, and everything that stands on it."""

    edition: Edition
    day_of_slot: dict[int, dt.date]
    date: dt.date | None
    slots: list[Slot]
    tables: list[Table]
    meetings: list[Standing]
    names: dict[int, str]

    @property
    def days(self) -> list[dt.date]:
        return sorted(set(self.day_of_slot.values()))

    @property
    def at_tables(self) -> dict[tuple[int, int], Standing]:
        """(table, slot) -> meeting."""
        return {(one.table_id, one.slot_id): one for one in self.meetings if one.table_id is not None}

    @property
    def at_booths(self) -> dict[int, list[Standing]]:
        """slot -> meetings without a shared table."""
        found: defaultdict[int, list[Standing]] = defaultdict(list)
        for one in self.meetings:
            if one.table_id is None:
                found[one.slot_id].append(one)
        return found


@dataclass(frozen=True)
class PersonRow:
    """A person's day: her meeting in each slot (None: free), and the slots in which she cannot meet."""

    person: Participant
    meetings: dict[int, Standing]
    away: set[int]


def day_of(timetable: Timetable, edition: Edition, date: dt.date | None) -> Day:
    """A day of the timetable; the first where `date` is not one of the edition's. Five queries."""
    slots = list(edition.slots.order_by("starts_at"))
    day_of_slot = {slot.pk: slot_day(slot, edition) for slot in slots}
    date = date if date in day_of_slot.values() else min(day_of_slot.values(), default=None)
    shown = [slot for slot in slots if day_of_slot[slot.pk] == date]
    tables = [table for table in edition.tables.all() if not table.is_booth]
    meetings = _standing(timetable, shown)
    people = {person for one in meetings for person in one.people}
    return Day(edition, day_of_slot, date, shown, tables, meetings, _names(edition, people))


def _standing(timetable: Timetable, slots: list[Slot]) -> list[Standing]:
    rows = Meeting.objects.filter(timetable=timetable, is_cancelled=False, slot__in=[slot.pk for slot in slots]).order_by("pk")
    seats: defaultdict[int, dict[str, tuple[int, ...]]] = defaultdict(lambda: dict.fromkeys(Side.values, ()))
    come = Attendee.objects.filter(COMES, request__in=rows.order_by().values("request")).order_by(*PRINCIPALS_FIRST)
    for request, person, side in come.values_list("request_id", "participant_id", "side"):
        seats[request][side] += (person,)
    places = rows.values_list("request_id", "request__code", "slot_id", "table_id")
    return [Standing(*row, seats[row[0]][Side.SENDER], seats[row[0]][Side.RECEIVER]) for row in places]


def _names(edition: Edition, wanted: set[int]) -> dict[int, str]:
    people = Participant.objects.filter(edition=edition).order_by()
    people = people.only("family_name", "given_name", "native_name", "family_first")
    return {person.pk: person.name for person in people if person.pk in wanted}


def people_rows(day: Day, text: str) -> tuple[list[PersonRow], bool]:
    """The day of each person whom the text finds, and whether there are more than are shown."""
    found = list(people_named(day.edition, text)[: MOST_PEOPLE + 1])
    people = found[:MOST_PEOPLE]
    theirs: defaultdict[int, dict[int, Standing]] = defaultdict(dict)
    for one in day.meetings:
        for person in one.people:
            theirs[person][one.slot_id] = one
    away = _away(day, people)
    return [PersonRow(person, theirs[person.pk], away[person.pk]) for person in people], len(found) > MOST_PEOPLE


def _away(day: Day, people: list[Participant]) -> defaultdict[int, set[int]]:
    """The slots (ids) in which each cannot meet: own blocks, and what she means to see."""
    venue = venue_of(day.edition)
    busy = busy_slots(day.edition, [person.pk for person in people], venue=venue)
    away: defaultdict[int, set[int]] = defaultdict(set)
    for person, numbers in busy.items():
        away[person].update(venue.slots[number - 1].pk for number in numbers)
    return away


class Cell(NamedTuple):
    """What a cell shows: a meeting (its code and both names), or a place to go to; `kind` is its class in the style sheet."""

    code: str = ""
    one: str = ""
    other: str = ""
    to: str = ""
    kind: str = ""


EMPTY = Cell()
AWAY = Cell(kind="closed")


def table_rows(day: Day, picked: Picked | None) -> list[tuple[Table, list[Cell]]]:
    """Tables down, slots across; with a picked meeting, the places where it can go."""
    standing, free = day.at_tables, picked.free if picked else frozenset()
    code = picked.request.code if picked else ""
    rows = []
    for table in day.tables:
        cells = []
        for slot in day.slots:
            one = standing.get((table.pk, slot.pk))
            if one is not None:
                cells.append(cell_of(day, one, code))
            else:
                cells.append(Cell(to=f"{slot.pk}-{table.pk}", kind="can") if (slot.pk, table.pk) in free else EMPTY)
        rows.append((table, cells))
    return rows


def free_by_day(day: Day, picked: Picked | None) -> list[tuple[dt.date, int | None]]:
    """The edition's days, each with the number of places where the picked meeting can go (None: nothing is picked)."""
    if picked is None:
        return [(date, None) for date in day.days]
    free = Counter(day.day_of_slot[slot] for slot, _table in picked.free)
    return [(date, free[date]) for date in day.days]


def cell_of(day: Day, one: Standing, picked: str) -> Cell:
    """A meeting with the names of both sides."""
    kind = "picked" if one.code == picked else ""
    return Cell(one.code, side_words(day, one.sender_side), side_words(day, one.receiver_side), "", kind)


def side_words(day: Day, people: tuple[int, ...]) -> str:
    """The first name, and how many there are besides: "Ha-neul Seo +1"."""
    if not people:
        return "–"
    name = day.names.get(people[0], "")
    return f"{name} +{len(people) - 1}" if len(people) > 1 else name


def person_cells(day: Day, row: PersonRow, places: dict[int, str], picked: str) -> list[Cell]:
    """A person's row: whom she meets and at which table, in each slot."""
    cells = []
    for slot in day.slots:
        one = row.meetings.get(slot.pk)
        if one is None:
            cells.append(AWAY if slot.pk in row.away else EMPTY)
            continue
        other = one.receiver_side if row.person.pk in one.sender_side else one.sender_side
        kind = "picked" if one.code == picked else ""
        cells.append(Cell(one.code, side_words(day, other), places.get(one.table_id or 0, ""), "", kind))
    return cells
