"""A peer: OR-Tools CP-SAT with its own search and no advice, on the model as one would write it down."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from ortools.sat.python import cp_model
from peer import Answer, answer_of
from referee import Event, read_event

STATUS = {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "feasible", cp_model.INFEASIBLE: "infeasible"}


def solve(path: Path, homogeneity: int, limit: float) -> Answer:
    event, cp = read_event(path), cp_model.CpModel()
    at = {(m, s): cp.new_bool_var("") for m in range(len(event.meetings)) for s in range(1, event.slots + 1)}
    _rules(event, cp, at)
    breaks = [_breaks(event, cp, at, person) for person in range(1, event.people + 1)]
    least, most = (cp.new_int_var(0, event.slots, "") for _ in range(2))
    for hers in breaks:
        cp.add(least <= sum(hers))
        cp.add(sum(hers) <= most)
    cp.add(most - least <= homogeneity)
    cp.minimize(sum(x for hers in breaks for x in hers))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    threading.Thread(target=_stop_after, args=(solver, limit), daemon=True).start()
    status = STATUS.get(solver.solve(cp), "unknown")
    if status not in ("optimal", "feasible"):
        return Answer(status)
    slots = [next(s for s in range(1, event.slots + 1) if solver.value(at[m, s])) for m in range(len(event.meetings))]
    return Answer(status, round(solver.objective_value), solver.best_objective_bound, slots)


def _stop_after(solver: cp_model.CpSolver, limit: float) -> None:
    """After so many processor seconds of both workers, whatever else the machine does."""
    begun = time.process_time()
    while time.process_time() - begun < limit:
        time.sleep(0.1)
    solver.stop_search()


def _rules(event: Event, cp: cp_model.CpModel, at: dict[tuple[int, int], cp_model.IntVar]) -> None:
    slots = range(1, event.slots + 1)
    for meeting, (one, other, session) in enumerate(event.meetings):
        cp.add_exactly_one(at[meeting, s] for s in slots)
        away = event.forbidden[one - 1] | event.forbidden[other - 1]
        for slot in slots:
            wrong = (session == 1 and slot > event.morning) or (session == 2 and slot <= event.morning)
            if wrong or slot in away or event.fixed[meeting] not in (0, slot):
                cp.add(at[meeting, slot] == 0)
        for before in event.before[meeting] - {0}:
            cp.add(sum(s * at[before - 1, s] for s in slots) < sum(s * at[meeting, s] for s in slots))
    for slot in slots:
        cp.add(sum(at[m, slot] for m in range(len(event.meetings))) <= event.tables)


def _breaks(event: Event, cp: cp_model.CpModel, at: dict[tuple[int, int], cp_model.IntVar], person: int) -> list[cp_model.IntVar]:
    hers = [m for m, (a, b, _) in enumerate(event.meetings) if person in (a, b)]
    used = [cp.new_bool_var("") for _ in range(event.slots)]
    met = [cp.new_bool_var("") for _ in range(event.slots)]
    for slot in range(event.slots):
        cp.add(sum(at[m, slot + 1] for m in hers) == used[slot])
        cp.add_max_equality(met[slot], used[: slot + 1])
    ends = [cp.new_bool_var("") for _ in range(event.slots - 1)]
    for slot, end in enumerate(ends):
        cp.add_bool_or([end, met[slot].negated(), used[slot], used[slot + 1].negated()])
        for needed in (met[slot], used[slot].negated(), used[slot + 1]):
            cp.add_implication(end, needed)
    return ends


if __name__ == "__main__":
    answer_of(solve, sys.argv)
