"""This kernel on one event, refereed by its own `check`."""

from __future__ import annotations

import sys
from pathlib import Path

from peer import Answer, answer_of

from madang.kernels.timetable import check, fewest_breaks, read_dzn, seating, solve  # noqa: F401 - all imported ahead


def answer(path: Path, homogeneity: int, limit: float) -> Answer:
    problem = read_dzn(path.read_text(encoding="utf-8"), homogeneity=homogeneity)
    plan = solve(problem, limit=limit)
    if wrong := check(problem, plan):
        raise SystemExit(f"the kernel's referee refuses its plan: {wrong[:3]}")
    slot_of = {m.id: m.slot for m in plan.meetings}
    slots = [slot_of[r.id] for r in problem.requests] if slot_of else []
    return Answer(plan.status.value, plan.objective, plan.bound, slots)


if __name__ == "__main__":
    answer_of(answer, sys.argv)
