"""Other ways to make a market's timetable, each in a process of its own: FILE METHOD LIMIT -> one line of JSON.

`here`: this kernel. `first_come`: requests in the order in which they came, each in a random slot in which both are free, as
people book by hand. `first_shared`: heaviest wishes first, each in the first slot that both have free, as matchmaking software
describes itself. `per_slot`: slot after slot, the heaviest set of meetings that fits it (a linear programme each). `cpsat`:
OR-Tools CP-SAT on the time-indexed model, weight maximised, the `first_shared` plan as its hint, two workers.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import market_referee
import numpy as np

Meetings = list[tuple[int, int]]


class Room:
    """What is still free while meetings are placed one by one."""

    def __init__(self, market: Any) -> None:
        self.market, self.a_day = market, market["slots_per_day"]
        self.free = {p["id"]: set(p["available"]) for p in market["participants"]}
        self.most = {p["id"]: p["max_per_day"] for p in market["participants"]}
        self.held: Counter[tuple[int, int]] = Counter()
        self.tables = [0, *market["tables_per_slot"]]
        self.meetings: Meetings = []
        for row in market["requests"]:
            if row["fixed_slot"] is not None:
                self.place(row, row["fixed_slot"])

    def day(self, slot: int) -> int:
        return (slot - 1) // self.a_day

    def open(self, row: Any) -> list[int]:
        pair = (row["buyer"], row["seller"])
        return [
            s
            for s in sorted(self.free[pair[0]] & self.free[pair[1]])
            if all(self.held[p, self.day(s)] < self.most[p] for p in pair) and (not row["needs_table"] or self.tables[s])
        ]

    def place(self, row: Any, slot: int) -> None:
        self.meetings.append((row["id"], slot))
        self.tables[slot] -= bool(row["needs_table"])
        for person in (row["buyer"], row["seller"]):
            self.free[person].discard(slot)
            self.held[person, self.day(slot)] += 1


def loose(market: Any) -> list[Any]:
    return [r for r in market["requests"] if r["fixed_slot"] is None]


def first_come(market: Any, limit: float) -> Meetings:
    room, chance = Room(market), random.Random(1)
    for row in loose(market):
        slots = room.open(row)
        if slots:
            room.place(row, chance.choice(slots))
    return room.meetings


def first_shared(market: Any, limit: float) -> Meetings:
    room = Room(market)
    for row in sorted(loose(market), key=lambda r: -r["weight"]):
        slots = room.open(row)
        if slots:
            room.place(row, slots[0])
    return room.meetings


def per_slot(market: Any, limit: float) -> Meetings:
    room, waiting = Room(market), {r["id"]: r for r in loose(market)}
    for slot in range(1, market["slots"] + 1):
        rows = [r for r in waiting.values() if slot in room.free[r["buyer"]] and slot in room.free[r["seller"]]]
        rows = [r for r in rows if all(room.held[p, room.day(slot)] < room.most[p] for p in (r["buyer"], r["seller"]))]
        for row in _heaviest(rows, room.tables[slot]):
            room.place(row, slot)
            del waiting[row["id"]]
    return room.meetings


def _heaviest(rows: list[Any], tables: int) -> Iterable[Any]:
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    if not rows:
        return []
    lines: dict[Any, int] = {"tables": 0}
    entries = []
    for column, row in enumerate(rows):
        keys = [row["buyer"], row["seller"]] + ["tables"] * bool(row["needs_table"])
        entries += [(lines.setdefault(k, len(lines)), column) for k in keys]
    limits = np.ones(len(lines))
    limits[0] = tables
    places = np.array(entries)
    matrix = coo_array((np.ones(len(places)), (places[:, 0], places[:, 1])), shape=(len(lines), len(rows)))
    weights = [-float(r["weight"]) for r in rows]
    answer = linprog(weights, A_ub=matrix.tocsr(), b_ub=limits, bounds=(0, 1), method="highs-ds")
    used: Counter[Any] = Counter()
    chosen = []
    for column in np.flatnonzero(answer.x > 1 - 1e-6):  # a fraction is left out
        row = rows[int(column)]
        used["tables"] += bool(row["needs_table"])
        if used["tables"] <= tables:
            chosen.append(row)
    return chosen


def cpsat(market: Any, limit: float) -> Meetings:
    from ortools.sat.python import cp_model

    begun, model = time.monotonic(), cp_model.CpModel()
    hint = dict(first_shared(market, limit))
    there = {p["id"]: set(p["available"]) for p in market["participants"]}
    most = {p["id"]: p["max_per_day"] for p in market["participants"]}
    at: dict[tuple[int, int], Any] = {}
    busy, days, tables = defaultdict(list), defaultdict(list), defaultdict(list)
    weights = []
    for row in market["requests"]:
        common = there[row["buyer"]] & there[row["seller"]]
        slots = sorted(common) if row["fixed_slot"] is None else [row["fixed_slot"]]
        literals = [model.new_bool_var("") for _ in slots]
        (model.add_at_most_one if row["fixed_slot"] is None else model.add_exactly_one)(literals)
        for slot, literal in zip(slots, literals, strict=True):
            at[row["id"], slot] = literal
            weights.append(row["weight"])
            model.add_hint(literal, hint.get(row["id"]) == slot)
            for person in (row["buyer"], row["seller"]):
                busy[person, slot].append(literal)
                days[person, (slot - 1) // market["slots_per_day"]].append(literal)
            if row["needs_table"]:
                tables[slot].append(literal)
    for literals in busy.values():
        model.add_at_most_one(literals)
    for (person, _), literals in days.items():
        model.add(sum(literals) <= most[person])
    for slot, literals in tables.items():
        model.add(sum(literals) <= market["tables_per_slot"][slot - 1])
    model.maximize(cp_model.LinearExpr.weighted_sum(list(at.values()), weights))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(1.0, limit - (time.monotonic() - begun))
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return list(hint.items())
    return [key for key, literal in at.items() if solver.boolean_value(literal)]


def here(path: Path, limit: float) -> dict[str, Any]:
    from madang.kernels.timetable import check, most_weight, prepare, read_file, solve

    prepare()
    assert most_weight  # imported before the clock starts, as NumPy is for the others
    problem, first = read_file(path), []
    worked = _processor()
    plan = solve(problem, limit=limit, progress=lambda p: first.append(p.seconds) if p.objective and not first else None)
    return {
        "meetings": [(m.id, m.slot) for m in plan.meetings],
        "seconds": plan.seconds,
        "processor": _processor() - worked,
        "first": first[0] if first else None,
        "bound": plan.bound,
        "status": plan.status.value,
        "wrong": [v.text for v in check(problem, plan)],
    }


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


METHODS = {"first_come": first_come, "first_shared": first_shared, "per_slot": per_slot, "cpsat": cpsat}


def main(words: list[str]) -> None:
    path, method, limit = Path(words[0]), words[1], float(words[2])
    if method == "here":
        print(json.dumps(here(path, limit)))
        return
    market = market_referee.read(path)
    begun, worked = time.monotonic(), _processor()
    meetings = METHODS[method](market, limit)
    print(json.dumps({"meetings": meetings, "seconds": time.monotonic() - begun, "processor": _processor() - worked}))


if __name__ == "__main__":
    main(sys.argv[1:])
