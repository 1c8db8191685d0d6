"""Random small events against every timetable there is: the value, the proof, and both referees.

python bench/timetable/run.py oracle [--n 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
from itertools import product
from random import Random

from referee import Event, breaks_of, faults_of

from madang.kernels.timetable import Goal, Participant, Problem, Request, Slot, Status, Table, check, solve


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py oracle", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    counts = {"optimal": 0, "infeasible": 0}
    for number in range(options.n):
        event, difference = random_event(Random(f"{options.seed} {number}"))
        status = compare(event, difference)
        counts[status.value] += 1
    print(f"{options.n} events: {counts['optimal']} optimal, {counts['infeasible']} infeasible, all as by trying every timetable")
    return 0


def compare(event: Event, difference: int) -> Status:
    """The kernel's status; SystemExit where it says what is not so."""
    problem = problem_of(event, difference)
    plan, wanted = solve(problem, limit=60), fewest(event, difference)
    slots = [m.slot for m in plan.meetings]
    right = Status.INFEASIBLE if wanted is None else Status.OPTIMAL
    wrong = [] if wanted is None else faults_of(event, slots, difference)
    if (plan.status, plan.objective) != (right, wanted) or wrong or check(problem, plan):
        raise SystemExit(f"{event}, {difference}: {plan}, by trying {wanted}; {wrong} {check(problem, plan)}")
    return plan.status


def fewest(event: Event, difference: int) -> int | None:
    """Breaks of the best of all timetables, by trying them all; None where there is none."""
    every = product(range(1, event.slots + 1), repeat=len(event.meetings))
    return min((sum(breaks_of(event, list(s))) for s in every if not faults_of(event, list(s), difference)), default=None)


def random_event(chance: Random) -> tuple[Event, int]:
    people, slots, many = chance.randint(2, 4), chance.randint(2, 5), chance.randint(1, 4)
    meetings = [(*sorted(chance.sample(range(1, people + 1), 2)), chance.choice([1, 2, 3, 3, 3])) for _ in range(many)]
    forbidden = [{s for s in range(1, slots + 1) if chance.random() < 0.15} for _ in range(people)]
    fixed = [chance.randint(1, slots) if chance.random() < 0.15 else 0 for _ in meetings]
    before = [{e for e in range(1, m + 1) if chance.random() < 0.15} for m in range(many)]
    morning = chance.randint(1, slots)
    event = Event(people, chance.randint(1, 2), slots, morning, meetings, forbidden, fixed, before)
    return event, chance.randint(0, 2)


def problem_of(event: Event, difference: int) -> Problem:
    return Problem(
        slots=tuple(Slot(session=1 if s < event.morning else 2) for s in range(event.slots)),
        participants=tuple(Participant(p, frozenset(away)) for p, away in enumerate(event.forbidden, start=1)),
        tables=tuple(Table(t) for t in range(event.tables)),
        requests=tuple(
            Request(
                n, (a, b), session=None if s == 3 else s, fixed_slot=event.fixed[n - 1] or None, after=tuple(event.before[n - 1])
            )
            for n, (a, b, s) in enumerate(event.meetings, start=1)
        ),
        goal=Goal.BREAKS,
        homogeneity=difference,
        breaks_over_forbidden=True,
    )
