"""The problem as numbers for the solvers: which slots and tables are open to each request in principle."""

from __future__ import annotations

from dataclasses import dataclass

from .problem import Goal, Id, Problem, Request


@dataclass(frozen=True, slots=True)
class Openings:
    """Positions (0-based) instead of ids; slots stay 1-based in `slots` and become 0-based in the solvers' arrays.

    people: participants of each request. slots: open slots of each request, ascending: nobody away (nor asleep, if it is
    online), right session, some table of hers open. must: placed always. tables: positions of the tables that a request names;
    None where any shared table serves, empty where none is needed. pool: open shared tables in each slot (index slot - 1).
    days: the slots of each day.
    """

    people: tuple[tuple[int, ...], ...]
    slots: tuple[tuple[int, ...], ...]
    must: tuple[bool, ...]
    tables: tuple[tuple[int, ...] | None, ...]
    after: tuple[tuple[int, ...], ...]
    pool: tuple[int, ...]
    days: tuple[tuple[int, ...], ...]
    caps: tuple[int | None, ...]

    @property
    def hopeless(self) -> list[int]:
        """Requests that must be placed and have no open slot."""
        return [r for r, slots in enumerate(self.slots) if self.must[r] and not slots]


def openings(problem: Problem) -> Openings:
    people = {p.id: i for i, p in enumerate(problem.participants)}
    tables = {t.id: i for i, t in enumerate(problem.tables)}
    places = {r.id: i for i, r in enumerate(problem.requests)}
    named = tuple(named_tables(r, tables) for r in problem.requests)
    pool = tuple(sum(1 for t in problem.tables if t.shared and slot not in t.closed) for slot in range(1, len(problem.slots) + 1))
    held = {key: _held(problem, *key, pool) for key in {(r.session, named[i]) for i, r in enumerate(problem.requests)}}
    return Openings(
        people=tuple(tuple(people[p] for p in r.participants) for r in problem.requests),
        slots=tuple(_open_slots(problem, r, people, held[r.session, named[i]]) for i, r in enumerate(problem.requests)),
        must=tuple(problem.goal is Goal.BREAKS or r.required or r.fixed_slot is not None for r in problem.requests),
        tables=named,
        after=tuple(tuple(places[a] for a in r.after) for r in problem.requests),
        pool=pool,
        days=_days(problem),
        caps=tuple(p.max_per_day for p in problem.participants),
    )


def named_tables(request: Request, places: dict[Id, int]) -> tuple[int, ...] | None:
    if request.online:
        return ()
    if request.fixed_table is not None:
        return (places[request.fixed_table],)
    return None if request.tables is None else tuple(dict.fromkeys(places[t] for t in request.tables))


def _open_slots(problem: Problem, request: Request, people: dict[Id, int], held: frozenset[int]) -> tuple[int, ...]:
    """Those of the slots that are held for such requests in which nobody of hers is away."""
    there = [problem.participants[people[p]] for p in request.participants]
    left = held.difference(*(p.forbidden | p.asleep if request.online else p.forbidden for p in there))
    if request.fixed_slot is not None:
        left &= {request.fixed_slot}
    return tuple(sorted(left))


def _held(problem: Problem, session: int | None, named: tuple[int, ...] | None, pool: tuple[int, ...]) -> frozenset[int]:
    """Slots of the session (None: any) in which one of the named tables is open (None: a shared one)."""
    return frozenset(
        number
        for number, slot in enumerate(problem.slots, start=1)
        if session in (None, slot.session) and _table_open(problem, named, pool, number)
    )


def _table_open(problem: Problem, named: tuple[int, ...] | None, pool: tuple[int, ...], slot: int) -> bool:
    if named is None:
        return pool[slot - 1] > 0
    return not named or any(slot not in problem.tables[t].closed for t in named)


def _days(problem: Problem) -> tuple[tuple[int, ...], ...]:
    found: dict[int, list[int]] = {}
    for slot, row in enumerate(problem.slots, start=1):
        found.setdefault(row.day, []).append(slot)
    return tuple(tuple(slots) for slots in found.values())
