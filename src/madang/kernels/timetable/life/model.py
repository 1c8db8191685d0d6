"""The exact model of real life for OR-Tools CP-SAT: proofs of optimality and of infeasibility where a problem is small.

An *option* is a request, a first slot and a place (-1: no table). Everything is said of the literals of options, and of the
literals "this person is sent to this option by this team".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ortools.sat.python import cp_model

from ..problem import Problem
from .rows import Rows, available
from .search import Held

Option = tuple[int, int, int]
Attendance = tuple[Option, cp_model.IntVar]


@dataclass
class Model:
    """A CP-SAT model with its variables. `attends`: the options in which each person may be, with the literal that she is."""

    problem: Problem
    rows: Rows
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    at: dict[Option, cp_model.IntVar] = field(default_factory=dict)
    sent: dict[tuple[Option, int, int], cp_model.IntVar] = field(default_factory=dict)
    attends: dict[int, list[Attendance]] = field(default_factory=lambda: defaultdict(list))
    breaks: dict[int, list[cp_model.IntVar]] = field(default_factory=dict)
    counted: list[cp_model.IntVar] = field(default_factory=list)

    @property
    def all_breaks(self) -> cp_model.LinearExpr:
        return total(literal for literals in self.breaks.values() for literal in literals)

    def weight(self) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.weighted_sum(list(self.at.values()), [self.problem.requests[r].weight for r, _, _ in self.at])

    def hint(self, held: dict[int, Held]) -> None:
        chosen = {(r, row.slot, -1 if row.place is None else row.place) for r, row in held.items()}
        for option, literal in self.at.items():
            self.cp.add_hint(literal, option in chosen)
        for (option, team, person), literal in self.sent.items():
            first = len(self.rows.people[option[0]])
            self.cp.add_hint(literal, option in chosen and held[option[0]].who[first + team] == person)

    def held(self, solver: cp_model.CpSolver) -> dict[int, Held]:
        chosen = [option for option, literal in self.at.items() if solver.boolean_value(literal)]
        who = {r: list(self.rows.people[r]) for r, _, _ in chosen}
        for (option, _, person), literal in self.sent.items():
            if solver.boolean_value(literal):
                who[option[0]].append(person)
        return {r: Held(slot, None if place < 0 else place, tuple(who[r])) for r, slot, place in chosen}


def total(terms: Iterable[cp_model.IntVar]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.sum(list(terms))


def build(problem: Problem, rows: Rows, *, only_musts: bool = False) -> Model:
    """The whole model, without an objective; `only_musts` leaves out what may stay unplaced, the floor and the breaks."""
    model = Model(problem, rows)
    for request, must in enumerate(rows.must):
        if must or not only_musts:
            _place(model, request)
    _tables(model)
    _order(model)
    for person, attendances in model.attends.items():
        _time_of(model, person, attendances)
        if len(rows.way) > 1:
            _ways_of(model, attendances)
    if not only_musts:
        for person, attendances in model.attends.items():
            model.breaks[person] = _breaks_of(model, person, attendances)
        _homogeneity(model)
        _floor(model)
    return model


def _place(model: Model, request: int) -> None:
    rows, cp = model.rows, model.cp
    options = [(request, s, c) for s in rows.starts[request] for c in _open_places(rows, request, s)]
    for option in options:
        literal = model.at[option] = cp.new_bool_var("")
        for person in rows.people[request]:
            model.attends[person].append((option, literal))
        for number in range(len(rows.teams[request])):
            _send(model, option, number)
    literals = [model.at[o] for o in options]
    if rows.must[request]:
        cp.add_exactly_one(literals)
    else:
        cp.add_at_most_one(literals)


def _open_places(rows: Rows, request: int, slot: int) -> list[int]:
    slots = range(slot, slot + rows.length[request])
    return [c for c in rows.places[request] if all(rows.place[c].open[s] for s in slots)] if rows.places[request] else [-1]


def _send(model: Model, option: Option, number: int) -> None:
    """One of the team is sent where the option is chosen, and nobody who is there already."""
    request, slot, _ = option
    row, slots = model.problem.requests[request], range(slot, slot + model.rows.length[request])
    free = [
        p
        for p in model.rows.teams[request][number]
        if p not in model.rows.people[request] and available(model.problem.participants[p], row, slots)
    ]
    literals = [model.cp.new_bool_var("") for _ in free]
    for person, literal in zip(free, literals, strict=True):
        model.sent[option, number, person] = literal
        model.attends[person].append((option, literal))
    model.cp.add(total(literals) == model.at[option])


def _tables(model: Model) -> None:
    taken: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for (request, slot, place), literal in model.at.items():
        for taken_slot in range(slot, slot + model.rows.length[request]) if place >= 0 else ():
            taken[place, taken_slot].append(literal)
    for (place, _), literals in taken.items():
        if len(literals) > len(model.rows.place[place].tables):
            model.cp.add(total(literals) <= len(model.rows.place[place].tables))


def _order(model: Model) -> None:
    """Of a request that begins up to a slot, and its predecessor that ends later than that, at most one."""
    options: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
    for (request, slot, _), literal in model.at.items():
        options[request].append((slot, literal))
    for request, befores in enumerate(model.rows.after):
        for before in befores:
            for start in {slot for slot, _ in options[request]}:
                early = [x for slot, x in options[request] if slot <= start]
                late = [x for slot, x in options[before] if slot + model.rows.length[before] > start]
                model.cp.add_at_most_one(early + late)


def _time_of(model: Model, person: int, attendances: list[Attendance]) -> None:
    """Nobody is twice in a slot; caps, pauses and rest are kept."""
    cp, who = model.cp, model.problem.participants[person]
    covering = _covering(model, attendances)
    for literals in covering.values():
        cp.add_at_most_one(literals)
    if who.max_per_day is not None:
        for slots in _days(model.problem):
            held = [x for (_, slot, _), x in attendances if slot in slots]
            cp.add(total(held) <= who.max_per_day)
    for pause in model.rows.pauses:
        cp.add(total(x for slot in pause.slots for x in covering[slot]) <= pause.most)
    if who.max_in_row is not None:
        for slots in _days(model.problem):
            _rest(model, who.max_in_row, slots, covering, attendances)


def _covering(model: Model, attendances: list[Attendance]) -> dict[int, list[cp_model.IntVar]]:
    covering: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (request, first, _), literal in attendances:
        for slot in range(first, first + model.rows.length[request]):
            covering[slot].append(literal)
    return covering


def _days(problem: Problem) -> list[range]:
    days: dict[int, list[int]] = defaultdict(list)
    for slot, row in enumerate(problem.slots):
        days[row.day].append(slot)
    return [range(slots[0], slots[-1] + 1) for slots in days.values()]


def _rest(
    model: Model, most: int, slots: range, covering: dict[int, list[cp_model.IntVar]], attendances: list[Attendance]
) -> None:
    """The number of meetings since the last free slot, slot by slot, stays within `most`."""
    rows = {slot: model.cp.new_int_var(0, most, "") for slot in slots}
    begun: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (_, slot, _), literal in attendances:
        begun[slot].append(literal)
    model.cp.add(rows[slots[0]] >= total(begun[slots[0]]))
    for before, slot in pairwise(slots):
        free = 1 - total(covering[slot])
        model.cp.add(rows[slot] >= rows[before] + total(begun[slot]) - (most + 1) * free)


def _ways_of(model: Model, attendances: list[Attendance]) -> None:
    """Of two slots of a day that are nearer than the way between two halls, she spends at most one in its hall."""
    way = model.rows.way
    seen: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for (request, first, place), literal in attendances:
        for slot in range(first, first + model.rows.length[request]) if place >= 0 else ():
            seen[slot, model.rows.place[place].hall].append(literal)
    for (slot, hall), literals in list(seen.items()):
        for other, far in enumerate(way[hall]):
            for step in range(1, far + 1):
                later = seen.get((slot + step, other))
                if later and model.problem.slots[slot].day == model.problem.slots[slot + step].day:
                    model.cp.add_at_most_one(literals + later)


def _breaks_of(model: Model, person: int, attendances: list[Attendance]) -> list[cp_model.IntVar]:
    """One literal for each slot in which a break of hers may begin, true exactly where one does."""
    if len({option[0] for option, _ in attendances}) < 2:
        return []
    covering, idle, cp = _covering(model, attendances), model.rows.idle[person], model.cp
    found = []
    for line in model.rows.lines:
        used = {slot: total(covering[slot]) for slot in line}
        met, will = _running(model, used, line), _running(model, used, line[::-1])
        for before, slot in pairwise(line):
            if not idle[slot] or slot == line[-1]:
                continue
            begins = cp.new_bool_var("")
            follows = used[before] if idle[before] else met[before]
            after = will[slot + 1]
            for needed in (follows, after, 1 - used[slot]):
                cp.add(begins <= needed)
            cp.add(begins >= follows + after - used[slot] - 1)
            found.append(begins)
    return found


def _running(model: Model, used: dict[int, cp_model.LinearExpr], line: tuple[int, ...]) -> dict[int, cp_model.IntVar]:
    """For each slot: whether she has a meeting in it or in one before it on the line."""
    found: dict[int, cp_model.IntVar] = {}
    for place, slot in enumerate(line):
        some = found[slot] = model.cp.new_bool_var("")
        before = found[line[place - 1]] if place else total(())
        model.cp.add(some >= used[slot])
        model.cp.add(some >= before)
        model.cp.add(some <= used[slot] + before)
    return found


def _homogeneity(model: Model) -> None:
    allowed = model.problem.homogeneity
    if allowed is None or not model.problem.participants:
        return
    least = model.cp.new_int_var(0, len(model.problem.slots), "")
    for person in range(len(model.problem.participants)):
        count = total(model.breaks.get(person, []))
        model.cp.add(count >= least)
        model.cp.add(count <= least + allowed)


def _floor(model: Model) -> None:
    """For each person who asked, a number of meetings that the floor counts."""
    for person, target in enumerate(model.rows.target):
        if target and person in model.attends:
            counted = model.cp.new_int_var(0, target, "")
            model.cp.add(counted <= total(x for _, x in model.attends[person]))
            model.counted.append(counted)
