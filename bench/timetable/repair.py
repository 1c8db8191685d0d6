"""Repair, reasons and remedies at the size of a market, and contradictions of the published events: Markdown tables.

    python bench/timetable/repair.py [--market market-C0] [--plan plan.json] [--repeat 3] [--events]

The published timetable is `--plan`, else it is solved first. Each figure is the least of `--repeat` runs; *processor* counts all
threads, *seconds* are those of the clock. Every repair is refereed, and made twice with the same answer. Exits with 1 where a
repair takes more than a second of processor time, or a remedy more than 0.3 in the middle.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from madang.kernels.timetable import (
    Participant,
    Plan,
    Problem,
    Repair,
    Request,
    check_since,
    contradictions,
    explain,
    plan_from_json,
    read_dzn,
    read_file,
    remedies,
    repair,
    sides,
    solve,
    why,
    why_gap,
)
from madang.kernels.timetable.repair import window  # noqa: F401 - OR-Tools is loaded before the clock runs

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
TARGET, MIDDLE = 1.0, 0.3  # processor seconds: of a repair, of a remedy in the middle
Case = tuple[str, Problem, int]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--market", default="market-C0")
    parser.add_argument("--plan", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--events", action="store_true", help="contradictions of the published events too")
    options = parser.parse_args(arguments)
    problem = read_file(SHARED / "market" / f"{options.market}.json.gz")
    plan = plan_from_json(options.plan.read_text()) if options.plan else solve(problem, limit=60)
    missed = repairs(problem, plan, options.repeat) + reasons(problem, plan)
    if options.events:
        events()
    print(f"\n{missed} targets missed." if missed else "\nAll targets are met.")
    return 1 if missed else 0


def timed(work: Callable[[], object], repeat: int = 1) -> tuple[object, float, float]:
    """The last result, the least seconds of the clock, and the least processor seconds."""
    clock, processor, result = [], [], None
    for _ in range(repeat):
        started, before = time.perf_counter(), time.process_time()
        result = work()
        processor.append(time.process_time() - before)
        clock.append(time.perf_counter() - started)
    return result, min(clock), min(processor)


def repairs(problem: Problem, plan: Plan, repeat: int) -> int:
    print(
        "| what happened | since | cost | bound | proven | cancelled | moved | reseated | placed | people | seconds | processor |"
    )
    print("|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    missed = 0
    for name, state, since in cases(problem, plan):
        found, clock, processor = timed(lambda state=state, since=since: repair(state, plan, since=since, limit=60), repeat)
        if not isinstance(found, Repair) or [v for v in check_since(state, found.plan, since) if v.rule != "not_placed"]:
            raise SystemExit(f"{name}: the referee refuses the repair")
        again = repair(state, plan, since=since, limit=60)
        if (again.changes, again.cost, again.bound) != (found.changes, found.cost, found.bound):
            raise SystemExit(f"{name}: the same question has two answers")
        kinds = Counter(change.kind for change in found.changes)
        counts = (kinds[kind] for kind in ("cancelled", "moved", "reseated", "placed"))
        cells = (name, since, found.cost, found.bound, "yes" if found.cost == found.bound else "no", *counts, len(found.touched))
        print("|", *(f"{cell} |" for cell in cells), f"{clock:.2f} | {processor:.2f} |", flush=True)
        missed += processor > TARGET
    return missed


def cases(problem: Problem, plan: Plan) -> list[Case]:
    """What can happen to a market of several days, from day two on or in the middle of somebody's day."""
    people = {r.id: r.participants for r in problem.requests}
    slots = {p.id: sorted(m.slot for m in plan.meetings if p.id in people[m.id]) for p in problem.participants[:400]}
    some = next((p for p, hers in slots.items() if len(hers) == 15), problem.participants[0].id)
    most = max(slots, key=lambda p: len(slots[p]))
    second = next(s for s, slot in enumerate(problem.slots, start=1) if slot.day == problem.slots[0].day + 1)
    last = len(problem.slots)
    day = range(
        second,
        next((s for s, x in enumerate(problem.slots, start=1) if s > second and x.day > problem.slots[second - 1].day), last + 1),
    )
    late = slots[most][len(slots[most]) // 2]
    return [
        ("nothing", problem, 1),
        ("a person with 15 meetings drops out", away(problem, some, range(1, last + 1)), 1),
        ("the busiest of 400 is late for 3 slots", away(problem, most, range(late, late + 3)), late),
        ("a table closes for a day", closed(problem, 1, day), second),
        ("20 tables close for a day", closed(problem, 20, day), second),
        ("20 tables close for good", closed(problem, 20, range(second, last + 1)), second),
        ("a new buyer with 8 requests", newcomer(problem, required=False), second),
        ("the same, all must be placed", newcomer(problem, required=True), second),
        ("a hundred requests are withdrawn", replace(problem, requests=problem.requests[100:]), second),
    ]


def away(problem: Problem, person: object, slots: range) -> Problem:
    gone = frozenset(s for s in slots if s <= len(problem.slots))
    rows = (replace(p, forbidden=p.forbidden | gone) if p.id == person else p for p in problem.participants)
    kept = tuple(replace(r, fixed_slot=None) if person in r.participants else r for r in problem.requests)
    return replace(problem, participants=tuple(rows), requests=kept)


def closed(problem: Problem, tables: int, slots: range) -> Problem:
    shut = {t.id for t in problem.tables[:tables]}
    return replace(
        problem, tables=tuple(replace(t, closed=t.closed | frozenset(slots)) if t.id in shut else t for t in problem.tables)
    )


def newcomer(problem: Problem, *, required: bool) -> Problem:
    sellers = list(dict.fromkeys(r.participants[1] for r in problem.requests))
    rows = (Request(f"new-{n}", ("new", seller), 10, required=required) for n, seller in enumerate(sellers[5:405:50]))
    return replace(problem, participants=(*problem.participants, Participant("new")), requests=(*problem.requests, *rows))


def reasons(problem: Problem, plan: Plan) -> int:
    placed = {m.id for m in plan.meetings}
    waiting = random.Random(1).sample([r.id for r in problem.requests if r.id not in placed], 40)
    print("\n| question | answers | processor, middle | processor, most |\n|---|---|--:|--:|")
    meeting, person = plan.meetings[0].id, problem.participants[0].id
    line("why a meeting stands there", "", [timed(lambda: why(problem, plan, meeting))[2]])
    line("why somebody has a gap", "", [timed(lambda: why_gap(problem, plan, person, 7))[2]])
    line("what both sides do", "", [timed(lambda: sides(problem, plan, waiting[0]))[2]])
    line(f"why {len(problem.requests) - len(placed)} requests have no place", "", [timed(lambda: explain(problem, plan))[2]])
    spent, sizes = [], Counter[str]()
    for request in waiting:
        found, _, processor = timed(lambda request=request: remedies(problem, plan, request, limit=30))
        spent.append(processor)
        sizes[str(found[0].size) if found else "none up to 2"] += 1
    line("what would make it possible", ", ".join(f"{n} of size {s}" for s, n in sorted(sizes.items())), spent)
    return median(spent) > MIDDLE


def line(question: str, answers: str, spent: list[float]) -> None:
    print(f"| {question} | {answers} | {median(spent):.2f} | {max(spent):.2f} |", flush=True)


def events() -> None:
    print("\n| event | d | facts | smallest proven | seconds |\n|---|--:|--:|---|--:|")
    for name, row in json.loads((SHARED / "b2b" / "published.json").read_text()).items():
        if row["optimum_breaks"] == "UNSAT":
            event, variant, d = name.split("|")
            problem = read_dzn((SHARED / "b2b" / f"{event}.{variant}.dzn").read_text(), homogeneity=int(d))
            started = time.perf_counter()
            found = contradictions(problem, limit=10, most=1)
            facts = f"{len(found[0].facts)} | {'yes' if found[0].smallest else 'no'}" if found else "- | -"
            print(f"| {event} {variant} | {d} | {facts} | {time.perf_counter() - started:.1f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
