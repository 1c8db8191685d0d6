"""A workbook as the kernel's problem."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import examined, reading_of

from madang.kernels.timetable.faults import faults
from madang.kernels.timetable.problem import Slot, Table
from madang.markets.models import Table as Place
from madang.meetings.models import MeetingRequest
from madang.meetings.queries.timetable import timetable_problem
from madang.meetings.weights import weight_of
from madang.people.models import Participant
from madang.workbook.actions import load_workbook
from madang.workbook.problem import problem_of


def test_the_example_as_a_problem() -> None:
    problem = problem_of(reading_of({"Requests!M11": "T02", "Requests!M12": "B01"}).records)
    assert faults(problem) == []
    assert (len(problem.slots), problem.slots[0], problem.slots[-1]) == (16, Slot(1, 1), Slot(2, 2))
    assert problem.tables == tuple(Table(f"T0{n}") for n in range(1, 7))
    people = {person.id: person for person in problem.participants}
    assert (people["P04"].forbidden, people["P04"].max_per_day, people["P01"].forbidden) == ({5, 6, 7, 8}, 6, frozenset())
    requests = {request.id: request for request in problem.requests}
    assert len(requests) == 27
    assert "R009" not in requests  # not answered
    first, seven, fourteen = requests["R001"], requests["R007"], requests["R014"]
    assert (first.participants, first.fixed_slot, first.weight, first.tables) == (("P01", "P03"), 2, 9, ())  # at C01's booth
    assert (seven.tables, seven.weight) == (None, 9)
    assert fourteen.session == 1
    assert (requests["R010"].after, requests["R010"].fixed_table, requests["R010"].tables) == (("R001",), "T02", None)
    assert (requests["R011"].fixed_table, requests["R011"].tables) == (None, ())


def test_weights() -> None:
    table = {(mine, theirs): weight_of(mine, theirs) for mine in (1, 2, 3) for theirs in (None, 1, 2, 3)}
    assert list(table.values()) == [1, 1, 2, 3, 2, 2, 4, 6, 3, 3, 6, 9]


@pytest.mark.django_db
def test_the_database_asks_for_the_same_timetable() -> None:
    cells = {"Requests!M11": "T02", "Requests!M12": "B01", "Titles!Y3": "yes", "Requests!L7": "D1-1000"}
    found = examined(None, None, cells)
    edition = load_workbook(None, None, found).edition
    stored, maps = timetable_problem(edition)
    people = dict(Participant.objects.values_list("pk", "code"))
    tables = dict(Place.objects.values_list("pk", "code"))
    codes = dict(MeetingRequest.objects.values_list("pk", "code"))
    named = [
        replace(
            asked,
            id=codes[asked.id],
            participants=tuple(people[pk] for pk in asked.participants),
            fixed_table=tables.get(asked.fixed_table),
            after=tuple(sorted(codes[pk] for pk in asked.after)),
        )
        for asked in stored.requests
    ]
    read = problem_of(found.records)
    assert sorted(named, key=lambda asked: asked.id) == sorted(read.requests, key=lambda asked: asked.id)
    assert (stored.slots, stored.goal, [tables[table.id] for table in stored.tables]) == (
        read.slots,
        read.goal,
        [table.id for table in read.tables],
    )
    wanted = {person.id: person for person in read.participants}
    assert all(replace(person, id=people[person.id]) == wanted[people[person.id]] for person in stored.participants)
    assert len(maps.left_out) == 5
