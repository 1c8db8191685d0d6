"""The rules of a problem, each on a switch: may all that must be placed be placed, where only these rules hold?

A relaxation: homogeneity, teams, pauses, rest and ways are left out, so that what cannot be here cannot be at all.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from .crowding import Rule
from .ground import Ground, slots_in
from .problem import Goal, Id, Problem, Request

BY_SLOT = ("away", "asleep", "closed")
EFFORT, GROWING = 20.0, 2.0  # deterministic seconds of a question, and of a search for as many facts as can be


@dataclass
class Switched:
    """`rules`: the switch of each rule; `at[request, slot]`: a must starts there."""

    problem: Problem
    ground: Ground
    musts: list[Request]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    rules: dict[Rule, cp_model.IntVar] = field(default_factory=dict)
    at: dict[tuple[Id, int], cp_model.IntVar] = field(default_factory=dict)
    pool: dict[int, list[cp_model.IntVar]] = field(default_factory=lambda: defaultdict(list))
    seats: dict[Id, dict[int, list[cp_model.IntVar]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def switch(self, kind: str, *ids: Id) -> cp_model.IntVar:
        rule = (kind, ids)
        if rule not in self.rules:
            self.rules[rule] = self.cp.new_bool_var(f"{kind} {ids}")
        return self.rules[rule]


def switched(problem: Problem) -> Switched:
    ground = Ground(problem)
    everything = problem.goal is Goal.BREAKS
    musts = [r for r in problem.requests if everything or r.required or r.fixed_slot is not None]
    model = Switched(problem, ground, musts)
    for request in musts:
        _place(model, request)
        if ground.needs_table(request):
            _seat(model, request)
    _people(model)
    _tables(model)
    _order(model)
    return model


def _place(model: Switched, request: Request) -> None:
    """Anywhere it fits; its session and the absences of its people as switches."""
    cp, slots = model.cp, model.problem.slots
    starts = {s: cp.new_bool_var("") for s in slots_in(model.ground.fitting(request.length))}
    model.at.update({(request.id, s): x for s, x in starts.items()})
    cp.add_at_most_one(starts.values())
    if request.fixed_slot is None:
        cp.add_bool_or(starts.values()).only_enforce_if(model.switch("required", request.id))
    else:
        stands = model.switch("fixed", request.id, request.fixed_slot)
        cp.add_bool_or([x for s, x in starts.items() if s == request.fixed_slot]).only_enforce_if(stands)
    for start, literal in starts.items():
        if request.session not in (None, slots[start - 1].session):
            cp.add_implication(model.switch("session", request.id, request.session or 0), literal.negated())
        for slot in slots_in(model.ground.span(request, start)):
            for person in request.participants:
                if model.ground.away[person] >> slot & 1:
                    cp.add_implication(model.switch("away", person, slot), literal.negated())
                elif request.online and model.ground.asleep[person] >> slot & 1:
                    cp.add_implication(model.switch("asleep", person, slot), literal.negated())


def _seat(model: Switched, request: Request) -> None:
    """A table that it names in all of its slots, or one of the shared tables of each."""
    cp, usable = model.cp, model.ground.usable(request)
    for start in slots_in(model.ground.fitting(request.length)):
        literal = model.at[request.id, start]
        span = tuple(slots_in(model.ground.span(request, start)))
        if usable is model.ground.shared:
            for slot in span:
                model.pool[slot].append(literal)
            continue
        picks = {table: cp.new_bool_var("") for table in dict.fromkeys(usable)}
        cp.add(sum(picks.values()) == literal)
        for table, pick in picks.items():
            for slot in span:
                model.seats[table][slot].append(pick)
                if model.ground.tables[table].shared:
                    model.pool[slot].append(pick)
                if model.ground.closed[table] >> slot & 1:
                    cp.add_implication(model.switch("closed", table, slot), pick.negated())


def _people(model: Switched) -> None:
    ground, cp = model.ground, model.cp
    covering: dict[Id, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
    starting: dict[Id, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
    for request in model.musts:
        for start in slots_in(ground.fitting(request.length)):
            for person in request.participants:
                starting[person][ground.day_of[start]].append(model.at[request.id, start])
                for slot in slots_in(ground.span(request, start)):
                    covering[person][slot].append(model.at[request.id, start])
    for person, slots in covering.items():
        for literals in slots.values() if any(len(found) > 1 for found in slots.values()) else ():
            cp.add(sum(literals) <= 1).only_enforce_if(model.switch("one_place", person))
        cap = ground.caps[person]
        for literals in starting[person].values() if cap is not None else ():
            cp.add(sum(literals) <= (cap or 0)).only_enforce_if(model.switch("cap", person, cap or 0))


def _tables(model: Switched) -> None:
    ground, cp = model.ground, model.cp
    for slot, literals in model.pool.items():
        number = sum(1 for t in ground.shared if not ground.closed[t] >> slot & 1)
        cp.add(sum(literals) <= number).only_enforce_if(model.switch("tables", slot, number))
    for table, slots in model.seats.items():
        for literals in slots.values():
            cp.add(sum(literals) <= 1).only_enforce_if(model.switch("one_meeting", table))


def _order(model: Switched) -> None:
    """Of a request up to a slot and its predecessor ending from that slot on, at most one."""
    musts = {r.id: r for r in model.musts}
    for request in model.musts:
        for before in (musts[b] for b in request.after if b in musts):
            switch = model.switch("after", request.id, before.id)
            late = [(s, model.at[before.id, s]) for s in slots_in(model.ground.fitting(before.length))]
            for start in slots_in(model.ground.fitting(request.length)):
                wrong = [x for s, x in late if s + before.length > start]
                model.cp.add(sum(wrong) == 0).only_enforce_if(switch, model.at[request.id, start])


class Questions:
    """Asks the model with some rules on and the others free, until a time (monotonic). `unsure`: a question found no answer."""

    def __init__(self, model: Switched) -> None:
        self.model, self.until, self.unsure = model, 0.0, False
        self.of_rule = dict(model.rules)
        for fact, rules in facts_of(model).items():
            whole = model.cp.new_bool_var(f"{fact}")
            for rule in rules:
                model.cp.add_implication(whole, model.rules[rule])
            self.of_rule[fact] = whole

    def contradict(self, rules: Collection[Rule]) -> list[Rule] | None:
        """Some of these rules or facts that contradict each other (all at worst); None where they do not, or nobody knows."""
        cp, chosen = self.model.cp, sorted(rules, key=repr)
        cp.clear_assumptions()
        cp.add_assumptions([self.of_rule[rule] for rule in chosen])
        solver = self._solver(EFFORT)
        status = solver.solve(cp)
        self.unsure = self.unsure or status == cp_model.UNKNOWN
        if status != cp_model.INFEASIBLE:
            return None
        named = set(solver.sufficient_assumptions_for_infeasibility())
        return [rule for rule in chosen if self.of_rule[rule].index in named] or chosen

    def largest(self, facts: Collection[Rule], among: Collection[Rule]) -> set[Rule] | None:
        """As many as can be found of `among` that do not contradict `facts` or each other; None where nobody knows."""
        cp = self.model.cp.clone()
        cp.clear_assumptions()
        cp.add_bool_and([self.of_rule[fact] for fact in facts])
        wanted = sorted(among, key=repr)
        cp.maximize(sum(self.of_rule[fact] for fact in wanted))
        solver = self._solver(GROWING)
        if solver.solve(cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.unsure = True
            return None
        return {fact for fact in wanted if solver.boolean_value(self.of_rule[fact])}

    @property
    def over(self) -> bool:
        return self.unsure or time.monotonic() >= self.until

    def _solver(self, effort: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = max(0.01, self.until - time.monotonic())
        return solver


def facts_of(model: Switched) -> dict[Rule, list[Rule]]:
    """Rules as a person says them: all absences of one person are one fact, and all closings of one table."""
    found: dict[Rule, list[Rule]] = {}
    for kind, ids in model.rules:
        fact = (kind, ids[:1]) if kind in BY_SLOT else (kind, ids)
        found.setdefault(fact, []).append((kind, ids))
    return found


def fewest_hits(sets: list[set[Rule]]) -> set[Rule]:
    """As few rules as can be, one at least of each set."""
    cp = cp_model.CpModel()
    pick = {rule: cp.new_bool_var("") for rule in sorted(set[Rule]().union(*sets), key=repr)}
    for rules in sets:
        cp.add_bool_or([pick[rule] for rule in sorted(rules, key=repr)])
    cp.minimize(sum(pick.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(cp) != cp_model.OPTIMAL:
        raise RuntimeError("a hitting set without a limit is always found")
    return {rule for rule, literal in pick.items() if solver.boolean_value(literal)}
