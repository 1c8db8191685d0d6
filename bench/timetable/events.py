"""Every event of published.json, by the kernel and its peers, one after the other, and each answer refereed twice.

    python bench/timetable/run.py events [--quick] [--only PATTERN] [--limit 60] [--peers rc2,plain_cpsat,gecode] [--out FILE]
    python bench/timetable/run.py events --report FILE ...     only the table of runs that were kept

Each method runs in a process of its own. The kernel has `limit` seconds by the clock; a peer has `--processor` seconds of
processor time, of all its threads together, so that nothing else that the machine does costs it anything. Ends with 1 where a
target is missed: each event at its published value, proven, none over 60 seconds, all together in half of RC2's time at most.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

from referee import breaks_of, faults_of, read_event

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("MADANG_SHARED", HERE.parents[2] / "shared")) / "data" / "b2b"
PAGE = HERE.parents[1] / "docs" / "develop" / "timetable-events.md"
MARK = "<!-- written by bench/timetable/run.py events -->"
PEERS = ("rc2", "plain_cpsat", "gecode")
QUICK = r"^(tic-12\||tic-13\|(original|fixed)|forumt-14\|.*\|2|forum-14\|forb0007|tic-13crafc\|original\|2)"
SLOWEST = 60.0
Runs = dict[str, dict[str, dict]]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py events", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the events that take seconds")
    parser.add_argument("--limit", type=float, default=SLOWEST)
    parser.add_argument("--processor", type=float, default=SLOWEST, help="processor seconds of each peer")
    parser.add_argument("--peers", default=",".join(PEERS), help="comma between them; empty: none")
    parser.add_argument("--only", default="", help="a pattern of names like tic-12|original|2")
    parser.add_argument("--out", type=Path, help="keep the answers, and go on where an earlier run stopped")
    parser.add_argument("--report", type=Path, nargs="+", help="files of --out to make the table of")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    options = parser.parse_args(words)
    published = json.loads((SHARED / "published.json").read_text())
    if options.report:
        runs: Runs = {}
        for path in options.report:
            for name, row in json.loads(path.read_text()).items():
                runs.setdefault(name, {}).update(row)
    else:
        pattern = re.compile(QUICK if options.quick else options.only)
        methods = ["here", *filter(None, options.peers.split(","))]
        limits = {m: options.limit if m == "here" else options.processor for m in methods}
        runs = run_all([n for n in published if pattern.search(n)], limits, options.out)
    text, missed = report(runs, published, options.limit)
    print(text)
    if options.write:
        before, _, _ = PAGE.read_text().partition(MARK)
        PAGE.write_text(f"{before}{MARK}\n\n{text}\n")
    return missed


def run_all(names: list[str], limits: dict[str, float], out: Path | None) -> Runs:
    runs: Runs = json.loads(out.read_text()) if out and out.exists() else {}
    for name in names:
        row = runs.setdefault(name, {})
        for method in [m for m in limits if m not in row]:
            row[method] = run_one(name, method, limits[method])
            print(f"{name} {method}: {row[method]['status']} {row[method]['value']} {row[method]['seconds']:.1f} s", flush=True)
            if out:
                out.write_text(json.dumps(runs))
    return runs


def run_one(name: str, method: str, limit: float) -> dict:
    """The method's answer; its plan is refereed, and a wrong plan ends the bench."""
    event, variant, difference = name.split("|")
    path = SHARED / f"{event}.{variant}.dzn"
    command = [sys.executable, str(HERE / f"{method}.py"), str(path), difference, str(limit)]
    bounded = (lambda: resource.setrlimit(resource.RLIMIT_CPU, (round(limit) + 1,) * 2)) if method == "rc2" else None
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=bounded)
    if method == "rc2" and done.returncode < 0:
        return {"status": "unknown", "value": None, "bound": None, "seconds": limit, "processor": limit}
    if done.returncode:
        raise SystemExit(f"{method} on {name}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout.splitlines()[-1])
    if slots := answer.pop("slots"):
        told = read_event(path)
        wrong = faults_of(told, slots, int(difference))
        if wrong or sum(breaks_of(told, slots)) != answer["value"]:
            raise SystemExit(f"{method} on {name}: {sum(breaks_of(told, slots))} breaks, says {answer['value']}; {wrong[:3]}")
    return answer


def report(runs: Runs, published: dict, limit: float) -> tuple[str, int]:
    """The table, what it comes to, and 1 where a target is missed."""
    methods = list(dict.fromkeys(m for row in runs.values() for m in row))
    lines = [
        "| event | d | published |" + "".join(f" {m} | s | cpu |" for m in methods),
        "|---|--:|--:|" + "--:|" * 3 * len(methods),
    ]
    for name, row in runs.items():
        event, variant, difference = name.split("|")
        cells = "".join(_cells(row.get(m)) for m in methods)
        lines.append(f"| {event} {variant} | {difference} | {published[name]['optimum_breaks']} |{cells}")
    lines += ["", "| | proven | proven, as published | seconds | processor | PAR2 |", "|---|--:|--:|--:|--:|--:|"]
    lines += [_sums(m, runs, published, limit) for m in methods]
    misses = _misses(runs, published)
    both = [row for row in runs.values() if "rc2" in row]
    for clock in ("seconds", "processor") if both else ():
        ours, theirs = (sum(row[m][clock] for row in both) for m in ("here", "rc2"))
        lines += ["", f"This kernel to RC2, {clock}, {len(both)} events: {ours:.1f} to {theirs:.1f}, {ours / theirs:.2f}."]
        if clock == "seconds" and ours > theirs / 2:
            misses.append("all events together take more than half of RC2's time")
    lines += ["", "Missed: " + "; ".join(misses) + "." if misses else "No target is missed."]
    return "\n".join(lines), int(bool(misses))


def _cells(answer: dict | None) -> str:
    if answer is None:
        return " | | |"
    value = "UNSAT" if answer["status"] == "infeasible" else "-" if answer["value"] is None else answer["value"]
    bound = f" (≥ {answer['bound']:g})" if answer["status"] == "feasible" and answer["bound"] is not None else ""
    mark = "" if proven(answer) else "?"
    return f" {value}{mark}{bound} | {answer['seconds']:.1f} | {answer['processor']:.1f} |"


def proven(answer: dict) -> bool:
    return answer["status"] in ("optimal", "infeasible")


def agrees(answer: dict, wanted: int | str) -> bool:
    return proven(answer) and ("UNSAT" if answer["status"] == "infeasible" else answer["value"]) == wanted


def _sums(method: str, runs: Runs, published: dict, limit: float) -> str:
    done = {name: row[method] for name, row in runs.items() if method in row}
    right = sum(agrees(a, published[name]["optimum_breaks"]) for name, a in done.items())
    par2 = sum(a["seconds"] if proven(a) else 2 * limit for a in done.values())
    sums = [sum(a[clock] for a in done.values()) for clock in ("seconds", "processor")]
    known = f"{sum(map(proven, done.values()))} of {len(done)} | {right}"
    return f"| {method} | {known} | {sums[0]:.1f} | {sums[1]:.1f} | {par2:.1f} |"


def _misses(runs: Runs, published: dict) -> list[str]:
    found = []
    for name, row in runs.items():
        if "here" in row and not agrees(row["here"], published[name]["optimum_breaks"]):
            found.append(f"{name} is not at its published value, proven")
        if "here" in row and row["here"]["seconds"] > SLOWEST:
            found.append(f"{name} takes over {SLOWEST:.0f} s")
    return [*found, *([] if set(runs) == set(published) else [f"{len(published) - len(runs)} events were not run"])]
