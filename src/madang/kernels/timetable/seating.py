"""Which table each placed meeting gets: a matching slot by slot, people kept at the table where they sat before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment

from .openings import Openings
from .problem import Meeting, Problem

MANY = 400  # tables in a slot: from here an assignment takes too long where every table serves every meeting
_IMPOSSIBLE = 1e6
_PREFERRED = 100.0  # more than the people of one meeting can have last tables


def seat(problem: Problem, rows: Openings, slot_of: Mapping[int, int]) -> tuple[Meeting, ...] | None:
    """Meetings with their tables, in the order of the requests, from the slot of each placed request (position -> slot).

    None where the meetings of a slot do not find a table each. A table that the request prefers comes first, then the table
    where its people sat before.
    """
    by_slot: dict[int, list[int]] = {}
    for request, slot in slot_of.items():
        by_slot.setdefault(slot, []).append(request)
    last: dict[int, int] = {}
    table_of: dict[int, int] = {}
    for slot in sorted(by_slot):
        seated = _seat_slot(problem, rows, slot, [r for r in by_slot[slot] if rows.tables[r] != ()], last)
        if seated is None:
            return None
        table_of |= seated
        last |= {person: table for request, table in seated.items() for person in rows.people[request]}
    return tuple(
        Meeting(problem.requests[r].id, slot_of[r], problem.tables[table_of[r]].id if r in table_of else None)
        for r in sorted(slot_of)
    )


def _seat_slot(problem: Problem, rows: Openings, slot: int, requests: list[int], last: dict[int, int]) -> dict[int, int] | None:
    """One assignment of requests x tables; tables open in the slot, and those of the request's own list."""
    if not requests:
        return {}
    tables = [t for t, row in enumerate(problem.tables) if slot not in row.closed]
    if len(tables) < len(requests):
        return None
    if len(tables) > MANY and not any(rows.tables[r] or problem.requests[r].prefers for r in requests):
        return _seat_in_turn(rows, [t for t in tables if problem.tables[t].shared], requests, last)
    column = {t: c for c, t in enumerate(tables)}
    shared = np.array([problem.tables[t].shared for t in tables])
    cost = np.full((len(requests), len(tables)), _IMPOSSIBLE)
    for line, request in enumerate(requests):
        named = rows.tables[request]
        if named is None:
            cost[line, shared] = 1.0
        else:
            cost[line, [column[t] for t in named if t in column]] = 1.0
        if problem.requests[request].prefers:
            liked = [c for t, c in column.items() if problem.tables[t].id in problem.requests[request].prefers]
            cost[line, liked] -= _PREFERRED
        for person in rows.people[request]:
            place = column.get(last.get(person, -1))
            if place is not None and cost[line, place] < _IMPOSSIBLE:
                cost[line, place] -= 0.25
    lines, places = linear_sum_assignment(cost)
    if cost[lines, places].max() >= _IMPOSSIBLE:
        return None
    return {requests[a]: tables[b] for a, b in zip(lines.tolist(), places.tolist(), strict=True)}


def _seat_in_turn(rows: Openings, tables: list[int], requests: list[int], last: dict[int, int]) -> dict[int, int] | None:
    """Each meeting at the last table of one of its people where that is free, the others at what is left."""
    if len(tables) < len(requests):
        return None
    free, found = dict.fromkeys(tables), dict[int, int]()
    for request in requests:
        for person in rows.people[request]:
            if request not in found and last.get(person) in free:
                found[request] = last[person]
                del free[last[person]]
    rest = (r for r in requests if r not in found)
    return found | dict(zip(rest, free, strict=False))
