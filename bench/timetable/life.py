"""Markets of real life: lengths on a grid of a quarter of an hour, lunch, rest, halls, teams, a floor; each alone, and together.

    python bench/timetable/life.py [--limit 30] [PATTERN]

Every plan is refereed. Ends with 1 where a plan is under 99 % of the bound that is proven in the same run.
"""

from __future__ import annotations

import argparse
import re
import resource
from random import Random

from madang.kernels.timetable import Participant, Pause, Plan, Problem, Request, Slot, Table, Way, check, prepare, solve

DAYS, A_DAY = 3, 36  # 9:00 to 18:00 in quarters of an hour
ALL = ("lengths", "lunch", "rest", "halls", "teams", "online", "floor")
CASES = (
    (1_000, 8_000, ("lengths",)),
    (1_000, 8_000, ("lengths", "lunch")),
    (1_000, 8_000, ("lengths", "rest")),
    (1_000, 8_000, ("lengths", "lunch", "rest", "floor")),
    (1_000, 8_000, ("lengths", "halls")),
    (500, 4_000, ("lengths", "halls", "teams")),
    (500, 4_000, ALL),
    (1_000, 8_000, ALL),
)
TARGET = 0.99


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--limit", type=float, default=30.0)
    options = parser.parse_args(arguments)
    prepare()
    print("| people | requests | with | placed | weight | bound | share | short | breaks | first after | seconds | processor |")
    print("|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    missed = 0
    for people, requests, fields in CASES:
        name = ", ".join(fields)
        if re.search(options.pattern, name):
            missed += measured(market(people, requests, fields), f"{people} | {requests} | {name}", options.limit)
    return 1 if missed else 0


def measured(problem: Problem, name: str, limit: float) -> bool:
    """Solve, referee, print a row; whether the target was missed."""
    seen: list[float] = []
    before = resource.getrusage(resource.RUSAGE_SELF)
    plan = solve(problem, limit=limit, progress=lambda p: seen.append(p.seconds) if p.objective else None)
    after = resource.getrusage(resource.RUSAGE_SELF)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if check(problem, plan):
        raise SystemExit(f"the referee refuses a plan: {check(problem, plan)[:3]}")
    first = f"{seen[0]:.1f}" if seen else "-"
    print(f"| {name} | {figures(plan)} | {first} | {plan.seconds:.1f} | {worked:.1f} |", flush=True)
    return share(plan) < TARGET


def figures(plan: Plan) -> str:
    short = "-" if plan.short is None else plan.short
    bound = "-" if plan.bound is None else f"{plan.bound:g}"
    return f"{len(plan.meetings)} | {plan.objective} | {bound} | {100 * share(plan):.2f} % | {short} | {plan.breaks}"


def share(plan: Plan) -> float:
    return (plan.objective or 0) / plan.bound if plan.bound else 0.0


def market(people: int, requests: int, fields: tuple[str, ...], seed: int = 1) -> Problem:
    """Sought-after people on both sides, away for some hours each day; tables for about nine tenths of what could be met."""
    chance = Random(seed)
    half, total = people // 2, DAYS * A_DAY
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < requests:
        pairs[int(half * chance.random() ** 1.5), half + int(half * chance.random() ** 1.5)] = None
    booths = [Table(f"booth-{n}", shared=False, hall=_hall(n, fields)) for n in range(half // 10)]
    tables = [Table(f"table-{n}", hall=_hall(n, fields)) for n in range(people // 8)]
    night = frozenset(s for s in range(1, total + 1) if (s - 1) % A_DAY < 8)
    return Problem(
        slots=tuple(Slot(day=1 + s // A_DAY, session=1 if s % A_DAY < 16 else 2) for s in range(total)),
        participants=tuple(_person(n, chance, night, fields) for n in range(people)),
        tables=(*tables, *booths),
        requests=tuple(_request(n, pair, chance, booths, people, fields) for n, pair in enumerate(pairs)),
        pauses=tuple(Pause(frozenset(range(A_DAY * d + 13, A_DAY * d + 21)), 4) for d in range(DAYS))
        if "lunch" in fields
        else (),
        ways=(Way(("east", "west"), 1),) if "halls" in fields else (),
        floor=2 if "floor" in fields else 0,
    )


def _hall(number: int, fields: tuple[str, ...]) -> str | None:
    return ("east", "west")[number % 2] if "halls" in fields else None


def _person(number: int, chance: Random, night: frozenset[int], fields: tuple[str, ...]) -> Participant:
    away: set[int] = set()
    for day in range(DAYS):
        for _ in range(chance.randint(0, 2)):
            begin = chance.randint(1, A_DAY)
            away.update(range(A_DAY * day + begin, A_DAY * day + min(A_DAY, begin + chance.randint(3, 8)) + 1))
    asleep = night if "online" in fields and chance.random() < 0.2 else frozenset()
    in_row = chance.choice([None, 3, 4]) if "rest" in fields else None
    return Participant(number, frozenset(away), chance.choice([None, 6, 9, 12]), asleep, in_row)


def _request(
    number: int, pair: tuple[int, int], chance: Random, booths: list[Table], people: int, fields: tuple[str, ...]
) -> Request:
    host = pair[1] - people // 2
    booth = (booths[host].id,) if host < len(booths) else None
    length, weight = chance.choice([2, 2, 2, 3, 4]), chance.randint(1, 20)
    online = "online" in fields and booth is None and chance.random() < 0.1
    sent = "teams" in fields and not online and chance.random() < 0.05
    team = tuple(p for p in chance.sample(range(people), 4) if p not in pair)
    return Request(
        number,
        pair,
        weight,
        tables=booth,
        length=length if "lengths" in fields else 1,
        online=online,
        teams=(team,) if sent else (),
    )


if __name__ == "__main__":
    raise SystemExit(main())
