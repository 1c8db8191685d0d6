"""A peer: MiniZinc with Gecode (Debian: minizinc, flatzinc), dom/w-deg search with restarts."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from peer import Answer, answer_of
from referee import Event, read_event

MODEL = """
include "alldifferent.mzn";
int: people; int: tables; int: slots; int: morning; int: meetings; int: d;
array[1..meetings, 1..3] of int: asked;
array[1..people] of set of int: away;
array[1..meetings] of int: fixed;
array[1..meetings] of set of int: before;
array[1..people] of set of int: hers = [{m | m in 1..meetings where asked[m, 1] = p \\/ asked[m, 2] = p} | p in 1..people];
array[1..meetings] of var 1..slots: slot;
array[1..people, 1..slots] of var bool: used;
array[1..people, 1..slots] of var bool: met;
array[1..people] of var 0..slots: breaks;
constraint forall(m in 1..meetings)(
  (asked[m, 3] = 1 -> slot[m] <= morning) /\\ (asked[m, 3] = 2 -> slot[m] > morning) /\\ (fixed[m] > 0 -> slot[m] = fixed[m])
  /\\ forall(i in 1..2, s in away[asked[m, i]])(slot[m] != s) /\\ forall(e in before[m])(slot[e] < slot[m]));
constraint forall(p in 1..people)(alldifferent([slot[m] | m in hers[p]]));
constraint forall(s in 1..slots)(sum(m in 1..meetings)(slot[m] = s) <= tables);
constraint forall(p in 1..people, s in 1..slots)(
  used[p, s] = exists(m in hers[p])(slot[m] = s) /\\ met[p, s] = (used[p, s] \\/ if s > 1 then met[p, s - 1] else false endif));
constraint forall(p in 1..people)(
  sum(s in 1..slots)(used[p, s]) = card(hers[p])
  /\\ breaks[p] = sum(s in 2..slots)(met[p, s - 1] /\\ not used[p, s - 1] /\\ used[p, s]));
constraint forall(s in 1..slots)(sum(p in 1..people)(used[p, s]) <= 2 * tables);
constraint max(breaks) - min(breaks) <= d;
solve :: int_search(slot, dom_w_deg, indomain_min) :: restart_luby(250) minimize sum(breaks);
output ["\\(slot)|\\(sum(breaks))\\n"];
"""


def solve(path: Path, homogeneity: int, limit: float) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        model, data = Path(folder, "event.mzn"), Path(folder, "event.json")
        model.write_text(MODEL)
        data.write_text(json.dumps(_data(read_event(path), homogeneity)))
        command = ["minizinc", "--solver", "gecode", "-a", str(model), str(data)]
        bounded = (round(limit), round(limit) + 5)  # processor seconds of the solver, whatever else the machine does
        said = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, bounded),
        )
    found = [line for line in said.stdout.splitlines() if "|" in line]
    if "=====UNSATISFIABLE=====" in said.stdout:
        return Answer("infeasible")
    if not found:
        return Answer("unknown")
    slots, value = found[-1].split("|")
    proven = "==========" in said.stdout
    return Answer("optimal" if proven else "feasible", int(value), int(value) if proven else None, json.loads(slots))


def _data(event: Event, homogeneity: int) -> dict:
    whole = {"people": event.people, "tables": event.tables, "slots": event.slots, "morning": event.morning}
    rows = [list(m) for m in event.meetings]
    sets = {"away": event.forbidden, "before": event.before}
    as_sets = {name: [{"set": sorted(s - {0})} for s in row] for name, row in sets.items()}
    return {**whole, **as_sets, "meetings": len(rows), "asked": rows, "fixed": event.fixed, "d": homogeneity}


if __name__ == "__main__":
    answer_of(solve, sys.argv)
