"""Runs the kernel on the published events and the market instances, referees every plan, and prints a Markdown table.

    python bench/timetable/run.py b2b [PATTERN] [--limit 60]
    python bench/timetable/run.py market [PATTERN] [--limit 60]

The data is looked for in MADANG_SHARED, or in `shared` beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import time
from pathlib import Path

from madang.kernels.timetable import Plan, Problem, Status, check, prepare, read_dzn, read_file, solve

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=["b2b", "market"])
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--limit", type=float, default=60.0)
    options = parser.parse_args()
    prepare()
    (b2b if options.family == "b2b" else market)(re.compile(options.pattern), options.limit)


def b2b(pattern: re.Pattern[str], limit: float) -> None:
    published = json.loads((SHARED / "b2b" / "published.json").read_text())
    print("| event | d | published | here | bound | status | seconds | processor |\n|---|--:|--:|--:|--:|---|--:|--:|")
    agreed = 0
    chosen = {name: row for name, row in published.items() if pattern.search(name)}
    for name, row in chosen.items():
        event, variant, homogeneity = name.split("|")
        problem = read_dzn((SHARED / "b2b" / f"{event}.{variant}.dzn").read_text(), homogeneity=int(homogeneity))
        plan, worked = timed(problem, limit)
        here = "UNSAT" if plan.status is Status.INFEASIBLE else plan.objective
        agreed += here == row["optimum_breaks"] and plan.status in (Status.INFEASIBLE, Status.OPTIMAL)
        cells = (f"{event} {variant}", homogeneity, row["optimum_breaks"], here, bound_of(plan), plan.status.value)
        print("|", *(f"{c} |" for c in cells), f"{plan.seconds:.1f} | {worked:.1f} |", flush=True)
    print(f"\n{agreed} of {len(chosen)} at the published value, proven.")


def market(pattern: re.Pattern[str], limit: float) -> None:
    print("| market | placed | weight | bound | share | breaks | seconds | processor |\n|---|--:|--:|--:|--:|--:|--:|--:|")
    for path in sorted((SHARED / "market").glob("*.json.gz")):
        if pattern.search(path.name):
            plan, worked = timed(read_file(path), limit)
            share = f"{100 * (plan.objective or 0) / plan.bound:.3f} %" if plan.bound else "-"
            cells = (path.name.split(".")[0], len(plan.meetings), plan.objective, bound_of(plan), share, plan.breaks)
            print("|", *(f"{c} |" for c in cells), f"{plan.seconds:.1f} | {worked:.1f} |", flush=True)


def timed(problem: Problem, limit: float) -> tuple[Plan, float]:
    """The plan, refereed, and the processor seconds of all threads."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    plan = solve(problem, limit=limit)
    after = resource.getrusage(resource.RUSAGE_SELF)
    if check(problem, plan):
        raise SystemExit(f"the referee refuses a plan made in {time.monotonic() - started:.1f} s: {check(problem, plan)[:3]}")
    return plan, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bound_of(plan: Plan) -> str:
    return "-" if plan.bound is None else f"{plan.bound:g}"


if __name__ == "__main__":
    main()
