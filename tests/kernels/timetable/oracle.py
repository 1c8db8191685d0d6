"""A brute-force oracle for tiny problems: every slot for every request, every table for every meeting."""

from __future__ import annotations

from itertools import combinations, pairwise, product

from madang.kernels.timetable import Goal, Problem, Request


def best(problem: Problem) -> tuple[int, int] | None:
    """(weight, breaks) of the best timetable under the problem's goal; None where there is none."""
    found = list(every(problem))
    if not found:
        return None
    return min(found, key=lambda f: f[1]) if problem.goal is Goal.BREAKS else max(found, key=lambda f: (f[0], -f[1]))


def every(problem: Problem):
    """(weight, breaks) of each timetable that keeps the rules."""
    slots = range(1, len(problem.slots) + 1)
    choices = []
    for request in problem.requests:
        must = problem.goal is Goal.BREAKS or request.required or request.fixed_slot is not None
        open_slots = [s for s in slots if _open(problem, request, s)]
        choices.append(open_slots if must else [0, *open_slots])
    for picked in product(*choices):
        placed = {r: s for r, s in zip(problem.requests, picked, strict=True) if s}
        if _allowed(problem, placed):
            counts = [_breaks(problem, p, placed) for p in problem.participants]
            if problem.homogeneity is None or not counts or max(counts) - min(counts) <= problem.homogeneity:
                yield sum(r.weight for r in placed), sum(counts)


def _open(problem: Problem, request: Request, slot: int) -> bool:
    people = [p for p in problem.participants if p.id in request.participants]
    return (
        all(slot not in p.forbidden for p in people)
        and request.session in (None, problem.slots[slot - 1].session)
        and request.fixed_slot in (None, slot)
    )


def _allowed(problem: Problem, placed: dict[Request, int]) -> bool:
    for (one, a), (other, b) in combinations(placed.items(), 2):
        if a == b and set(one.participants) & set(other.participants):
            return False
        if (other.id in one.after and a <= b) or (one.id in other.after and b <= a):
            return False
    for person in problem.participants:
        for day in {s.day for s in problem.slots}:
            held = sum(1 for r, s in placed.items() if person.id in r.participants and problem.slots[s - 1].day == day)
            if person.max_per_day is not None and held > person.max_per_day:
                return False
    return all(_seated(problem, [r for r, s in placed.items() if s == slot], slot, frozenset()) for slot in set(placed.values()))


def _seated(problem: Problem, requests: list[Request], slot: int, taken: frozenset) -> bool:
    if not requests:
        return True
    first, *others = requests
    if first.fixed_table is None and first.tables == ():
        return _seated(problem, others, slot, taken)
    for table in problem.tables:
        named = table.id == first.fixed_table if first.fixed_table is not None else None
        may = named if named is not None else (table.shared if first.tables is None else table.id in first.tables)
        if may and slot not in table.closed and table.id not in taken and _seated(problem, others, slot, taken | {table.id}):
            return True
    return False


def _breaks(problem: Problem, person, placed: dict[Request, int]) -> int:
    busy = {s for r, s in placed.items() if person.id in r.participants}
    total = 0
    days = {0} if problem.breaks_over_forbidden else {s.day for s in problem.slots}
    for day in days:
        mine = [s for s in sorted(busy) if day in (0, problem.slots[s - 1].day)]
        for one, two in pairwise(mine):
            text = "".join(
                "i" if problem.breaks_over_forbidden or s not in person.forbidden else " " for s in range(one + 1, two)
            )
            total += len(text.split())
    return total
