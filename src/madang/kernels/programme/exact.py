"""The exact model for OR-Tools CP-SAT: optional intervals in halls, disjunctions elsewhere; it proves what the search has found.

What blocks is a constraint, what warns a literal with a price. Where halls only block they are `NoOverlap`s over intervals that
are longer by the changeover: once by the hall's own, once by the items' `setup` and `clear`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from .ground import WALL, Ground
from .problem import Id, Place, Rule
from .search import chains

Literal = cp_model.IntVar
TOO_MANY = 300_000  # clauses of pairs: beyond, building alone takes longer than anybody waits


class Model:
    """A CP-SAT model of the ground: item i has a place (`there[i]`), in hall h (`inside[i, h]`), from `start[i]` on."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.cp = ground, cp_model.CpModel()
        self.items, self.halls = ground.items, range(len(ground.halls))
        self.start: list[cp_model.IntVar] = []
        self.there: list[Literal] = []
        self.inside: dict[tuple[int, int], Literal] = {}
        self.on_day: dict[tuple[int, int], Literal] = {}
        self._after: dict[tuple[int, int, int], Literal] = {}
        self._ends: dict[tuple[int, int], Literal] = {}
        self.prices: list[tuple[Literal, int]] = []
        self.fixed_price = 0
        for i in range(len(self.items)):
            self._place(i)
        self._in_halls()
        self._with_guests()
        self._overlaps()
        self._named()
        self.cp.minimize(sum(literal * price for literal, price in self.prices) + self.fixed_price)

    def hint(self, places: tuple[Place, ...]) -> None:
        """Begin at this programme."""
        stands = {self.ground.at[p.item]: (self.ground.hall_at[p.hall], p.start) for p in places}
        for i, there in enumerate(self.there):
            self.cp.add_hint(there, i in stands)
            if i in stands:
                self.cp.add_hint(self.start[i], stands[i][1])
        for (i, h), literal in self.inside.items():
            self.cp.add_hint(literal, i in stands and stands[i][0] == h)

    def _place(self, i: int) -> None:
        """The item's start, whether it is there, its hall, and in which class of costs its place lies."""
        base, times, cp = self.ground.base[i], self.ground.times, self.cp
        there = cp.new_bool_var(f"there_{i}")
        low, high = (int(times[0]), int(times[-1])) if len(times) else (0, 0)
        self.start.append(cp.new_int_var(low, high, f"start_{i}"))
        self.there.append(there)
        for h in self.halls:
            picks = []
            for cost in np.unique(base[h][base[h] < WALL]).tolist():
                pick = cp.new_bool_var("")
                domain = cp_model.Domain.from_values(times[base[h] == cost].tolist())
                cp.add_linear_expression_in_domain(self.start[i], domain).only_enforce_if(pick)
                picks.append(pick)
                self.prices += [(pick, cost)] if cost else []
            if picks:
                self.inside[i, h] = picks[0] if len(picks) == 1 else cp.new_bool_var(f"in_{i}_{h}")
                if len(picks) > 1:
                    cp.add(sum(picks) == self.inside[i, h])
        halls = [self.inside[i, h] for h in self.halls if (i, h) in self.inside]
        cp.add(sum(halls) == there)
        missing = self.ground.left_out * self.items[i].worth
        self.fixed_price += missing
        self.prices.append((there, -missing))

    def after(self, i: int, j: int, gap: int = 0) -> Literal:
        """A literal under which j begins `gap` minutes or more after i has ended."""
        if (i, j, gap) not in self._after:
            literal = self._after[i, j, gap] = self.cp.new_bool_var(f"after_{i}_{j}_{gap}")
            self.cp.add(self.start[j] >= self.start[i] + self.items[i].length + gap).only_enforce_if(literal)
        return self._after[i, j, gap]

    def during(self, i: int, j: int) -> Literal:
        """A literal under which the two run at the same time, be it for a minute."""
        if (i, j) not in self._ends:
            literal = self._ends[i, j] = self.cp.new_bool_var(f"during_{i}_{j}")
            self.cp.add(self.start[j] < self.start[i] + self.items[i].length).only_enforce_if(literal)
            self.cp.add(self.start[i] < self.start[j] + self.items[j].length).only_enforce_if(literal)
        return self._ends[i, j]

    def demand(self, when: list[Literal], then: list[Literal], price: int) -> None:
        """Where all of `when` hold, one of `then` does; or it costs the price (from `WALL` on: always)."""
        clause = [*(literal.negated() for literal in when), *then]
        if 0 < price < WALL:
            broken = self.cp.new_bool_var("")
            self.prices.append((broken, price))
            clause.append(broken)
        if price:
            self.cp.add_bool_or(clause)

    def _in_halls(self) -> None:
        double, change = self.ground.price[Rule.HALL_DOUBLE], self.ground.price[Rule.CHANGEOVER]
        in_lines = change >= WALL and lines_hold(self.ground)
        if double >= WALL:
            groups = chains(self.ground)
            for h in self.halls:
                self._no_overlap(h, [group for group in groups if (group[-1], h) in self.inside], in_lines)
        if not (double >= WALL and (in_lines or not change)):
            self._hall_pairs(0 if double >= WALL else double, 0 if double >= WALL and in_lines else change)

    def _no_overlap(self, h: int, groups: list[tuple[int, ...]], change: bool) -> None:
        """One line of intervals by the hall's changeover, another by the items' own. A chain is one, from its first item on."""
        none = [0] * len(self.items)
        hall_s = [self.ground.halls[h].changeover] * len(self.items) if change else none
        setup, clear = self.ground.setup.tolist(), self.ground.clear.tolist()
        spans = [(group[k:], literal) for group in groups for k, literal in self._spans(group, h)]
        self.cp.add_no_overlap([self._interval(items, there, none, hall_s) for items, there in spans])
        if change and any(setup + clear):
            self.cp.add_no_overlap([self._interval(items, there, setup, clear) for items, there in spans])

    def _spans(self, group: tuple[int, ...], h: int) -> Iterator[tuple[int, Literal]]:
        """For each position in the chain that can be the first to be there: a literal that it is, in this hall."""
        if len(group) == 1:
            yield 0, self.inside[group[0], h]
            return
        for k, item in enumerate(group):
            if (item, h) not in self.inside:
                continue
            literal = self.cp.new_bool_var("")
            earlier = self.there[group[k - 1]] if k else None
            self.cp.add_bool_or([literal, self.inside[item, h].negated(), *([] if earlier is None else [earlier])])
            self.cp.add_implication(literal, self.inside[item, h])
            if earlier is not None:
                self.cp.add_implication(literal, earlier.negated())
            yield k, literal

    def _interval(self, members: tuple[int, ...], there: Literal, before: list[int], after: list[int]) -> cp_model.IntervalVar:
        """From the first member's start to the last one's end, longer by what each needs before and after it."""
        cp, last = self.cp, members[-1]
        if len(members) == 1:
            size = before[last] + self.items[last].length + after[last]
            return cp.new_optional_fixed_size_interval_var(self.start[last] - before[last], size, there, "")
        low, high = int(self.ground.times[0]) - max(before), int(self.ground.times[-1]) + 2 * int(self.ground.length.max())
        start, end = cp.new_int_var(low, high, ""), cp.new_int_var(low, high + max(after), "")
        for i in members:
            cp.add(start <= self.start[i] - before[i]).only_enforce_if(there)
            cp.add(end >= self.start[i] + self.items[i].length + after[i]).only_enforce_if(there)
        size_var = cp.new_int_var(0, high + max(after) - low, "")
        return cp.new_optional_interval_var(start, size_var, end, there, "")

    def _hall_pairs(self, double: int, change: int) -> None:
        for i, j in combinations(range(len(self.items)), 2):
            chained = self.ground.chain[i] == self.ground.chain[j]
            for h in self.halls:
                if (i, h) not in self.inside or (j, h) not in self.inside:
                    continue
                when = [self.inside[i, h], self.inside[j, h]]
                self.demand(when, [self.after(i, j), self.after(j, i)] if double else [], double)
                if change and not chained:
                    self._gap(when, i, j, (self._need(i, j, h), self._need(j, i, h)), change)

    def _need(self, i: int, j: int, h: int) -> int:
        return max(self.ground.halls[h].changeover, self.items[i].clear + self.items[j].setup)

    def _gap(self, when: list[Literal], i: int, j: int, needs: tuple[int, int], price: int) -> None:
        """Minutes between the two, either way; where they run at the same time another rule is broken, not this one."""
        if any(needs):
            self.demand(when, [self.after(i, j, needs[0]), self.after(j, i, needs[1]), self.during(i, j)], price)

    def _with_guests(self) -> None:
        double, travel = self.ground.price[Rule.GUEST_DOUBLE], self.ground.price[Rule.TRAVEL]
        for i, j in np.argwhere(np.triu(self.ground.guests, 1)).tolist():
            shared = int(self.ground.guests[i, j])
            if double:
                self.demand([self.there[i], self.there[j]], [self.after(i, j), self.after(j, i)], min(WALL, double * shared))
            if travel:
                self._travel(i, j, min(WALL, travel * shared))

    def _travel(self, i: int, j: int, price: int) -> None:
        for g, h in np.argwhere(self.ground.way).tolist():
            if (i, g) in self.inside and (j, h) in self.inside:
                way = int(self.ground.way[g, h])
                self._gap([self.inside[i, g], self.inside[j, h]], i, j, (way, way), price)

    def _overlaps(self) -> None:
        for i, j in np.argwhere(np.triu(self.ground.overlap, 1)).tolist():
            weight = int(self.ground.overlap[i, j])
            self.demand([self.there[i], self.there[j]], [self.after(i, j), self.after(j, i)], weight)

    def _named(self) -> None:
        for i, rules in enumerate(self.ground.bound):
            for rule, j, mine in rules:
                if mine and rule is Rule.LEAD:
                    self._leads(i, j)
                elif mine and rule is Rule.ORDER:
                    self.demand([self.there[i], self.there[j]], [self.after(j, i)], self.ground.price[rule])
                elif mine:
                    self._days(i, j, rule)

    def _leads(self, i: int, j: int) -> None:
        """A literal under which i stands right before j."""
        cp, right = self.cp, self.cp.new_bool_var("")
        end = self.start[i] + self.items[i].length
        cp.add_implication(right, self.there[j])
        cp.add(self.start[j] >= end).only_enforce_if(right)
        cp.add(self.start[j] <= end + self.ground.problem.lead_gap).only_enforce_if(right)
        for h in self.halls:
            if (i, h) in self.inside:
                cp.add_bool_or([right.negated(), self.inside[i, h].negated(), *self._inside(j, h)])
        self.demand([self.there[i]], [right], self.ground.price[Rule.LEAD])

    def _inside(self, i: int, h: int) -> list[Literal]:
        return [self.inside[i, h]] if (i, h) in self.inside else []

    def _days(self, i: int, j: int, rule: Rule) -> None:
        price = self.ground.price[rule]
        for day in np.unique(self.ground.day).tolist():
            one, other = self._day(i, day), self._day(j, day)
            if rule is Rule.OTHER_DAY:
                self.demand([self.there[i], self.there[j], one, other], [], price)
            else:
                self.demand([self.there[i], self.there[j], one], [other], price)

    def _day(self, i: int, day: int) -> Literal:
        """Whether item i begins on that day."""
        if (i, day) not in self.on_day:
            literal = self.on_day[i, day] = self.cp.new_bool_var("")
            same = self.ground.day == day
            inside, outside = (cp_model.Domain.from_values(self.ground.times[m].tolist()) for m in (same, ~same))
            self.cp.add_linear_expression_in_domain(self.start[i], inside).only_enforce_if(literal)
            self.cp.add_linear_expression_in_domain(self.start[i], outside).only_enforce_if(literal.negated())
        return self.on_day[i, day]


def lines_hold(ground: Ground) -> bool:
    """Whether intervals can tell the changeover: not where items of a chain may stand apart, and need none between."""
    return ground.price[Rule.LEAD] >= WALL or not ground.book.leader


def fits(ground: Ground) -> bool:
    """Whether the model is small enough to be built while somebody waits."""
    count, halls = len(ground.items), len(ground.halls)
    in_lines = ground.price[Rule.HALL_DOUBLE] >= WALL and (
        not ground.price[Rule.CHANGEOVER] or (ground.price[Rule.CHANGEOVER] >= WALL and lines_hold(ground))
    )
    clauses = 0 if in_lines else count * count * halls // 2
    clauses += int((ground.overlap > 0).sum()) // 2 + int((ground.guests > 0).sum()) // 2 * (1 + int((ground.way > 0).sum()))
    return clauses <= TOO_MANY


def places_of(model: Model, solver: cp_model.CpSolver) -> tuple[Place, ...]:
    """The programme that the solver has found, in the order of the items."""
    found: list[Place] = []
    for (i, h), literal in model.inside.items():
        if solver.boolean_value(literal):
            item: Id = model.items[i].id
            found.append(Place(item, model.ground.halls[h].id, int(solver.value(model.start[i]))))
    return tuple(sorted(found, key=lambda place: model.ground.at[place.item]))
