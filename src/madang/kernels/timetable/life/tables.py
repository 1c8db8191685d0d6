"""Which table each meeting gets at its place: slot by slot, a preferred table first, then one where its people sat before."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..problem import Meeting, Problem
from .rows import Rows
from .search import Held

PREFERRED, KEPT = 100.0, 0.25


def seat(problem: Problem, rows: Rows, held: dict[int, Held]) -> tuple[Meeting, ...]:
    """The meetings with their tables, in the order of the requests.

    A meeting takes any table of its place that is free when it begins: greedy colouring of intervals needs no more tables
    than meet at once. Those that begin together are assigned together.
    """
    free_from: dict[int, int] = {}
    last: dict[int, int] = {}
    table_of: dict[int, int] = {}
    together: dict[tuple[int, int], list[int]] = {}
    for request, row in held.items():
        if row.place is not None:
            together.setdefault((row.slot, row.place), []).append(request)
    for (slot, place), requests in sorted(together.items()):
        free = [t for t in rows.place[place].tables if free_from.get(t, 0) <= slot]
        for request, table in _assigned(problem, held, requests, free, last).items():
            table_of[request], free_from[table] = table, slot + rows.length[request]
            last |= dict.fromkeys(held[request].who, table)
    return tuple(_meeting(problem, rows, r, held[r], table_of.get(r)) for r in sorted(held))


def _assigned(
    problem: Problem, held: dict[int, Held], requests: list[int], free: list[int], last: dict[int, int]
) -> dict[int, int]:
    gain = np.zeros((len(requests), len(free)))
    for line, request in enumerate(requests):
        prefers = problem.requests[request].prefers
        sat = [last.get(person) for person in held[request].who]
        for column, table in enumerate(free):
            gain[line, column] = PREFERRED * (problem.tables[table].id in prefers) + KEPT * sat.count(table)
    lines, columns = linear_sum_assignment(gain, maximize=True)
    return {requests[a]: free[b] for a, b in zip(lines.tolist(), columns.tolist(), strict=True)}


def _meeting(problem: Problem, rows: Rows, request: int, row: Held, table: int | None) -> Meeting:
    sent = row.who[len(rows.people[request]) :]
    return Meeting(
        problem.requests[request].id,
        row.slot + 1,
        None if table is None else problem.tables[table].id,
        tuple(problem.participants[p].id for p in sent),
    )
