"""The exact model for OR-Tools CP-SAT: both goals, proofs of optimality and of infeasibility.

Breaks are modelled as in Bofill et al., JAIR 74 (2022): a meeting ends a break of a person where the slot before it is
idle and she has met before. Two implied constraints make the proof short: a person with n meetings who meets in slots
n or more apart has a break between, and she has met by her n-th last slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from ortools.sat.python import cp_model

from .openings import Openings
from .problem import Goal, Problem

Literal = cp_model.IntVar | int  # 0 where a thing cannot be


class Limits(Enum):
    """How the limits of a slot are told: none is best for every event.

    LINEAR: sums. TABLES: meetings at shared tables are counted by clauses, people are not. PEOPLE: people are counted by clauses.
    """

    LINEAR = "linear"
    TABLES = "tables"
    PEOPLE = "people"


@dataclass
class Model:
    """A CP-SAT model with its variables: `at[request, slot]`, and for each person the literals of her breaks."""

    problem: Problem
    rows: Openings
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    at: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)
    breaks: dict[int, list[cp_model.IntVar]] = field(default_factory=dict)
    asked: dict[int, list[int]] = field(default_factory=dict)

    @property
    def all_breaks(self) -> list[cp_model.IntVar]:
        return [literal for literals in self.breaks.values() for literal in literals]

    def weight(self) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.weighted_sum(list(self.at.values()), [self.problem.requests[r].weight for r, _ in self.at])

    def hint(self, slot_of: dict[int, int]) -> None:
        for (request, slot), literal in self.at.items():
            self.cp.add_hint(literal, slot_of.get(request) == slot)


def build(problem: Problem, rows: Openings, *, with_breaks: bool = True, limits: Limits = Limits.LINEAR) -> Model:
    """The whole model, without an objective. `with_breaks` False leaves breaks and homogeneity out."""
    model = Model(problem, rows)
    _place(model)
    _tables(model, limits)
    _precedences(model)
    used = _people(model)
    if limits is not Limits.TABLES:
        full_slots(model, used, limits)
    if with_breaks:
        add_breaks(model, used)
    return model


def add_breaks(model: Model, used: dict[int, list[Literal]]) -> None:
    """Breaks of everybody, and the difference allowed between them."""
    for person, literals in used.items():
        model.breaks[person] = _breaks_of(model, person, literals)
    _homogeneity(model)


def _place(model: Model) -> None:
    for request, slots in enumerate(model.rows.slots):
        literals = [model.cp.new_bool_var(f"at_{request}_{slot}") for slot in slots]
        model.at.update({(request, slot): x for slot, x in zip(slots, literals, strict=True)})
        if model.rows.must[request]:
            model.cp.add_exactly_one(literals)
        else:
            model.cp.add_at_most_one(literals)


def _tables(model: Model, limits: Limits) -> None:
    """Shared tables by their number in a slot, named tables one by one; a named shared table counts in both."""
    cp, tables = model.cp, model.problem.tables
    at_table: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    in_pool: dict[int, list[cp_model.IntVar]] = {}
    for (request, slot), literal in model.at.items():
        named = model.rows.tables[request]
        if named is None:
            in_pool.setdefault(slot, []).append(literal)
        elif named:
            choices = [t for t in named if slot not in tables[t].closed]
            picks = [literal] if len(choices) == 1 else [cp.new_bool_var("") for _ in choices]
            if len(choices) > 1:
                cp.add(sum(picks) == literal)
            for table, pick in zip(choices, picks, strict=True):
                at_table.setdefault((table, slot), []).append(pick)
                if tables[table].shared:
                    in_pool.setdefault(slot, []).append(pick)
    for picks in at_table.values():
        cp.add_at_most_one(picks)
    for slot, literals in in_pool.items():
        _at_most(cp, literals, model.rows.pool[slot - 1], limits is Limits.TABLES)


def _precedences(model: Model) -> None:
    """Of a request up to a slot and its predecessor from that slot on, at most one."""
    for request, befores in enumerate(model.rows.after):
        for before in befores:
            for slot in model.rows.slots[request]:
                early = [model.at[request, s] for s in model.rows.slots[request] if s <= slot]
                late = [model.at[before, s] for s in model.rows.slots[before] if s >= slot]
                model.cp.add_at_most_one(early + late)


def _people(model: Model) -> dict[int, list[Literal]]:
    """For each person with requests the literals "meets in slot" (index slot - 1); nobody meets twice in a slot."""
    model.asked = asked_of(model.rows)
    used: dict[int, list[Literal]] = {}
    for person, requests in model.asked.items():
        used[person] = [_used(model, requests, slot) for slot in range(1, len(model.problem.slots) + 1)]
        count_meetings(model, person, requests, used[person])
    return used


def asked_of(rows: Openings) -> dict[int, list[int]]:
    """The requests of each person who has any."""
    asked: dict[int, list[int]] = {}
    for request, people in enumerate(rows.people):
        for person in people:
            asked.setdefault(person, []).append(request)
    return asked


def full_slots(model: Model, used: dict[int, list[Literal]], limits: Limits = Limits.LINEAR) -> None:
    """Implied: where every meeting takes two people and a shared table, a slot has twice as many people as tables at most."""
    if any(len(p) != 2 for p in model.rows.people) or any(t is not None for t in model.rows.tables):
        return
    for place, tables in enumerate(model.rows.pool):
        literals = [x for u in used.values() if not isinstance(x := u[place], int)]
        _at_most(model.cp, literals, 2 * tables, limits is Limits.PEOPLE)


def _at_most(cp: cp_model.CpModel, literals: Sequence[cp_model.IntVar], most: int, by_clauses: bool) -> None:
    """A sum, or a sequential counter (Sinz, 2005): clauses alone, of which CP-SAT learns better in some events."""
    if len(literals) <= most:
        return
    if not by_clauses or not most:
        cp.add(sum(literals) <= most)
        return
    before: list[cp_model.IntVar] = []  # one literal for each count reached so far
    for place, literal in enumerate(literals):
        if len(before) == most:
            cp.add_implication(literal, before[-1].negated())
        reached = [cp.new_bool_var("") for _ in range(min(most, place + 1))]
        cp.add_implication(literal, reached[0])
        for count, some in enumerate(before):
            cp.add_implication(some, reached[count])
            if count + 1 < len(reached):
                cp.add_bool_or([literal.negated(), some.negated(), reached[count + 1]])
        before = reached


def _used(model: Model, requests: list[int], slot: int) -> Literal:
    literals = [model.at[r, slot] for r in requests if (r, slot) in model.at]
    if len(literals) <= 1:
        return literals[0] if literals else 0
    meets = model.cp.new_bool_var("")
    model.cp.add_exactly_one([*literals, meets.negated()])
    return meets


def count_meetings(model: Model, person: int, requests: list[int], used: list[Literal]) -> None:
    if all(model.rows.must[r] for r in requests):
        model.cp.add(sum(used) == len(requests))
    cap = model.rows.caps[person]
    for slots in model.rows.days if cap is not None else ():
        literals = [used[s - 1] for s in slots if not isinstance(used[s - 1], int)]
        if cap is not None and len(literals) > cap:
            model.cp.add(sum(literals) <= cap)


def _breaks_of(model: Model, person: int, used: list[Literal]) -> list[cp_model.IntVar]:
    """One literal for each slot in which a break of hers may end, true exactly where one does."""
    requests = model.asked[person]
    if len(requests) < 2:
        return []
    away = frozenset[int]() if model.problem.breaks_over_forbidden else model.problem.participants[person].forbidden
    days = (tuple(range(1, len(used) + 1)),) if model.problem.breaks_over_forbidden else model.rows.days
    fixed = len(requests) if len(days) == 1 and not away and all(model.rows.must[r] for r in requests) else None
    return [x for slots in days for x in _breaks_of_day(model, [used[s - 1] for s in slots], [s in away for s in slots], fixed)]


def _breaks_of_day(model: Model, used: list[Literal], away: list[bool], meetings: int | None) -> list[cp_model.IntVar]:
    """`meetings`: how many she has in these slots, where that is known."""
    met = _running_or(model, used)
    will = _running_or(model, used[::-1])[::-1]
    ends: dict[int, cp_model.IntVar] = {}
    for place in range(2, len(used)):
        if away[place - 1] or _never(met[place - 2]):
            continue
        idle = [] if _never(used[place - 1]) else [_not(used[place - 1])]
        if not away[place] and not _never(used[place]):
            ends[place] = _both(model, [met[place - 2], used[place], *idle])
        elif away[place] and not _never(will[place]):
            ends[place] = _both(model, [met[place - 2], will[place], *idle])
    if meetings is not None:
        _implied(model, used, met, will, ends, meetings)
    return list(ends.values())


def _implied(
    model: Model,
    used: list[Literal],
    met: list[Literal],
    will: list[Literal],
    ends: dict[int, cp_model.IntVar],
    meetings: int,
) -> None:
    last = len(met) - meetings
    for place, literal in enumerate(met):
        if place >= last and not isinstance(literal, int):
            model.cp.add(literal == 1)
    for place, literal in enumerate(will):
        if place < meetings and not isinstance(literal, int):
            model.cp.add(literal == 1)
    for place in range(max(1, last), min(meetings, len(met) - 1)):
        if not _never(used[place]):
            model.cp.add_bool_or([used[place], *ends.values()])
    for place in range(last):
        if not _never(met[place]) and not _never(will[place + meetings]):
            later = [x for end, x in ends.items() if end > place]
            model.cp.add_bool_or([_not(met[place]), _not(will[place + meetings]), *later])


def _running_or(model: Model, literals: list[Literal]) -> list[Literal]:
    """Literal i is true exactly where one of literals 0..i is."""
    found: list[Literal] = []
    for literal in literals:
        before = found[-1] if found else 0
        if isinstance(literal, int):
            found.append(before)
        elif isinstance(before, int):
            found.append(literal)
        else:
            some = model.cp.new_bool_var("")
            model.cp.add_implication(before, some)
            model.cp.add_implication(literal, some)
            model.cp.add_bool_or([some.negated(), before, literal])
            found.append(some)
    return found


def _both(model: Model, literals: Sequence[cp_model.LiteralT]) -> cp_model.IntVar:
    """A literal that is true exactly where all of the literals are."""
    every = model.cp.new_bool_var("")
    for literal in literals:
        model.cp.add_implication(every, literal)
    model.cp.add_bool_or([every, *(_not(x) for x in literals)])
    return every


def _never(literal: Literal) -> bool:
    return isinstance(literal, int)


def _not(literal: cp_model.LiteralT) -> cp_model.LiteralT:
    return not literal if isinstance(literal, bool | int | np.integer) else literal.negated()


def _homogeneity(model: Model) -> None:
    """Where somebody has no break in any plan, nobody has more than the allowed difference; else a floor is chosen."""
    allowed = model.problem.homogeneity
    if allowed is None:
        return
    if len(model.breaks) < len(model.problem.participants) or not all(model.breaks.values()):
        for literals in model.breaks.values():
            if len(literals) > allowed:
                model.cp.add(sum(literals) <= allowed)
        return
    floor = model.cp.new_int_var(0, len(model.problem.slots), "floor")
    for literals in model.breaks.values():
        model.cp.add(sum(literals) >= floor)
        model.cp.add(sum(literals) <= floor + allowed)


def goal_of(model: Model) -> None:
    """Minimise breaks, or maximise the weight placed."""
    if model.problem.goal is Goal.BREAKS:
        model.cp.minimize(sum(model.all_breaks))
    else:
        model.cp.maximize(model.weight())
