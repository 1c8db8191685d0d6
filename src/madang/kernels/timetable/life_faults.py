"""What makes the fields of real life senseless: lengths, teams, preferred tables, online meetings, pauses, ways, the floor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .problem import Id, Participant, Pause, Problem, Request, Table


def life_faults(problem: Problem) -> Iterator[str]:
    """Faults of these fields as sentences."""
    people = {p.id for p in problem.participants}
    tables = {t.id: t for t in problem.tables}
    for person in problem.participants:
        yield from (f"participant {person.id!r}: {text}" for text in _of_person(person, len(problem.slots)))
    for request in problem.requests:
        if request.is_plain:
            continue
        texts = (*_of_request(request), *_of_teams(request, people), *_of_tables(request, tables))
        yield from (f"request {request.id!r}: {text}" for text in texts)
    for number, pause in enumerate(problem.pauses, start=1):
        yield from (f"pause {number}: {text}" for text in _of_pause(problem, pause))
    yield from _of_ways(problem)
    if problem.floor < 0:
        yield "the floor of meetings is below 0"


def _of_person(person: Participant, total: int) -> Iterator[str]:
    if any(not 1 <= slot <= total for slot in person.asleep):
        yield f"is asleep in a slot outside 1 to {total}"
    if person.max_in_row is not None and person.max_in_row < 1:
        yield "has a rest before her first meeting in a row"


def _of_request(request: Request) -> Iterator[str]:
    if request.length < 1:
        yield "takes less than one slot"
    if request.online and (request.tables or request.fixed_table is not None or request.prefers):
        yield "is online and names a table"


def _of_teams(request: Request, people: set[Id]) -> Iterator[str]:
    for team in request.teams:
        if not team:
            yield "has a team without people"
        if len(set(team)) != len(team):
            yield "names a person of a team twice"
        yield from (f"participant {p!r} of a team is not known" for p in team if p not in people)


def _of_tables(request: Request, tables: dict[Id, Table]) -> Iterator[str]:
    for wish in request.prefers:
        if wish not in tables:
            yield f"prefers table {wish!r}, which is not known"
        elif not _may_use(request, tables[wish]):
            yield f"prefers table {wish!r}, which it may not use"


def _may_use(request: Request, table: Table) -> bool:
    if request.fixed_table is not None:
        return table.id == request.fixed_table
    return table.shared if request.tables is None else table.id in request.tables


def _of_pause(problem: Problem, pause: Pause) -> Iterator[str]:
    if any(not 1 <= slot <= len(problem.slots) for slot in pause.slots):
        yield f"has a slot outside 1 to {len(problem.slots)}"
    elif len({problem.slots[slot - 1].day for slot in pause.slots}) > 1:
        yield "goes over more than one day"
    if not 0 <= pause.free <= len(pause.slots):
        yield f"keeps {pause.free} of {len(pause.slots)} slots free"


def _of_ways(problem: Problem) -> Iterator[str]:
    halls = {table.hall for table in problem.tables if table.hall is not None}
    for way in problem.ways:
        yield from (f"hall {hall!r} of a way is not known: no table stands there" for hall in way.between if hall not in halls)
        if way.between[0] == way.between[1]:
            yield f"a way goes from hall {way.between[0]!r} to itself"
        if way.slots < 0:
            yield f"the way between {way.between[0]!r} and {way.between[1]!r} takes less than no slot"
    for halls_of, times in Counter(frozenset(way.between) for way in problem.ways).items():
        if times > 1:
            yield f"the way between {' and '.join(sorted(map(repr, halls_of)))} is there {times} times"
