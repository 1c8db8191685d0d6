"""The exact repair of a window: some requests are placed anew at the least price, the rest of the timetable stands.

Where the window is everything that may change, what is found is the least that any repair costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from ..board import Board
from ..ground import slots_in
from ..problem import Id, Meeting
from .prices import Prices

Literals = dict[tuple[Id, int], list[cp_model.IntVar]]


@dataclass(frozen=True, slots=True)
class Option:
    """A request may start in that slot, at that table (None: any shared one where it needs a table)."""

    request: Id
    slot: int
    table: Id | None
    cost: int


@dataclass
class Found:
    """`meetings` at the least price found (None: nothing in time), and the proven least price of the window."""

    meetings: dict[Id, Meeting | None] | None
    bound: int | None


@dataclass
class Window:
    """One run. The requests of `options` are off the board."""

    board: Board
    prices: Prices
    options: dict[Id, list[Option]]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    picks: dict[Option, cp_model.IntVar] = field(default_factory=dict)
    gone: dict[Id, cp_model.IntVar] = field(default_factory=dict)


def solve_window(
    board: Board,
    prices: Prices,
    requests: Sequence[Id],
    future: int,
    still: frozenset[Id],
    *,
    seed: int,
    effort: float,
    seconds: float,
) -> Found:
    """The board is given back as it was."""
    standing = {i: board.remove(i) for i in requests if i in board.meetings}
    try:
        options = {i: _options(board, prices, i, _starts(prices, future, still, i)) for i in requests}
        window = Window(board, prices, options)
        _model(window)
        _hint(window, standing)
        return _run(window, seed, effort, seconds)
    finally:
        for meeting in standing.values():
            board.place(meeting)


def _starts(prices: Prices, future: int, still: frozenset[Id], request: Id) -> int:
    published = prices.before.get(request)
    return 1 << published.slot if request in still and published is not None else future


def _options(board: Board, prices: Prices, request: Id, allowed: int) -> list[Option]:
    row, before = board.requests[request], prices.before.get(request)
    found: list[Option] = []
    for slot in slots_in(board.free(row) & allowed):
        here = before is not None and before.slot == slot
        tables: Iterable[Id | None] = (None,)
        if board.needs_table(row):
            usable = board.usable(row)
            named = usable if usable is not board.shared else (before.table,) if here and before is not None else ()
            vacant = [
                t for t in named if t in board.tables and t in usable and not (board.closed[t] | board.taken[t]) >> slot & 1
            ]
            tables = dict.fromkeys((*vacant, *((None,) if usable is board.shared else ())))
        for table in tables:
            found.append(Option(request, slot, table, _price(board, prices, request, slot, table)))
    return found


def _price(board: Board, prices: Prices, request: Id, slot: int, table: Id | None) -> int:
    before, row = prices.before.get(request), board.requests[request]
    elsewhere = table is None and board.needs_table(row) and before is not None and before.slot == slot
    return 1 if elsewhere else prices.of(request, Meeting(request, slot, table))


def _model(window: Window) -> None:
    cp, board = window.cp, window.board
    people, tables, pool = defaultdict(list), defaultdict(list), defaultdict(list)
    days: Literals = defaultdict(list)
    for request, options in window.options.items():
        row = board.requests[request]
        window.gone[request] = cp.new_bool_var("")
        window.picks.update((option, cp.new_bool_var("")) for option in options)
        cp.add_exactly_one([window.gone[request], *(window.picks[o] for o in options)])
        for option in options:
            pick = window.picks[option]
            for person in row.participants:
                people[person, option.slot].append(pick)
                if board.caps[person] is not None:
                    days[person, board.day_of[option.slot]].append(pick)
            if option.table is not None:
                tables[option.table, option.slot].append(pick)
            if board.needs_table(row) and (option.table is None or board.tables[option.table].shared):
                pool[option.slot].append(pick)
    for literals in (*people.values(), *tables.values()):
        cp.add_at_most_one(literals)
    for slot, literals in pool.items():
        cp.add(sum(literals) <= board.vacant[slot].bit_count())
    for (person, day), literals in days.items():
        cp.add(sum(literals) <= max(0, (board.caps[person] or 0) - board.held[person, day]))
    _order(window)
    cp.minimize(
        sum(o.cost * pick for o, pick in window.picks.items())
        + sum(window.prices.drop(request) * gone for request, gone in window.gone.items())
    )


def _order(window: Window) -> None:
    """Of a request up to a slot and one that comes before it from that slot on, at most one."""
    for request, options in window.options.items():
        for before in window.board.requests[request].after:
            for slot in {o.slot for o in options} if before in window.options else ():
                early = [window.picks[o] for o in options if o.slot <= slot]
                late = [window.picks[o] for o in window.options[before] if o.slot >= slot]
                window.cp.add_at_most_one(early + late)


def _hint(window: Window, standing: dict[Id, Meeting]) -> None:
    for option, pick in window.picks.items():
        meeting = standing.get(option.request)
        same = meeting is not None and meeting.slot == option.slot
        window.cp.add_hint(pick, same and meeting is not None and option.table in (meeting.table, None))
    for request, gone in window.gone.items():
        window.cp.add_hint(gone, request not in standing)


def _run(window: Window, seed: int, effort: float, seconds: float) -> Found:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    status = solver.solve(window.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, None)
    bound = int(solver.best_objective_bound + 1 - 1e-6)
    return Found(_seated(window, [o for o, pick in window.picks.items() if solver.boolean_value(pick)]), bound)


def _seated(window: Window, chosen: list[Option]) -> dict[Id, Meeting | None]:
    """Meetings with their tables: those that ask for one by name first, the others at any that is left."""
    board = window.board
    found: dict[Id, Meeting | None] = dict.fromkeys(window.options)
    for option in sorted(chosen, key=lambda o: o.table is None):
        row = board.requests[option.request]
        table = option.table if option.table is not None else board.table_for(row, option.slot)
        meeting = Meeting(option.request, option.slot, table)
        board.place(meeting)
        found[option.request] = meeting
    for option in chosen:
        board.remove(option.request)
    return found
