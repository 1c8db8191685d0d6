"""The baseline: PySAT's RC2 on the MaxSAT encoding of Bofill et al., JAIR 74 (2022), with its implied constraints.

    python bench/timetable/rc2.py FILE.dzn D

Variables: a meeting at a slot; a person's slot used; used up to a slot; a break that ends at a slot, which is the soft clause.
Cardinality networks count the tables, each person's meetings and (implied) the people in a slot; unary counters even out the
breaks. It reads the file with the second referee's reader. Options were chosen by measuring: docs/develop/timetable-events.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from peer import Answer, answer_of
from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF
from referee import Event, read_event

SOLVER, OPTIONS = "g4", {"adapt": True, "exhaust": True, "minz": True}


class Encoding:
    """The clauses of an event; `at[meeting, slot]` and `ends` (the soft ones, a list for each person) are its literals."""

    def __init__(self, event: Event, homogeneity: int) -> None:
        self.event = event
        self.formula = WCNF()
        self.top = 0
        self.at: dict[tuple[int, int], int] = {}
        self.used: dict[tuple[int, int], int] = {}
        self.ends: list[list[int]] = []
        self._place()
        for person in range(1, event.people + 1):
            self._person(person)
        for slot in range(1, event.slots + 1):
            self._at_most([x for (_, s), x in self.at.items() if s == slot], event.tables)
            self._at_most([x for (_, s), x in self.used.items() if s == slot], 2 * event.tables)
        self._even_out(homogeneity)
        for literal in (x for hers in self.ends for x in hers):
            self.formula.append([-literal], weight=1)

    def _new(self) -> int:
        self.top += 1
        return self.top

    def _open(self, meeting: int) -> list[int]:
        event = self.event
        one, other, session = event.meetings[meeting]
        away = event.forbidden[one - 1] | event.forbidden[other - 1]
        first, last = {1: (1, event.morning), 2: (event.morning + 1, event.slots)}.get(session, (1, event.slots))
        return [s for s in range(first, last + 1) if s not in away and event.fixed[meeting] in (0, s)]

    def _place(self) -> None:
        slots = [self._open(m) for m in range(len(self.event.meetings))]
        for meeting, some in enumerate(slots):
            self.at |= {(meeting, s): self._new() for s in some}
            self._exactly([self.at[meeting, s] for s in some], 1)
        for meeting, earlier in enumerate(self.event.before):
            for before in earlier - {0}:
                for slot in slots[meeting]:
                    for late in (s for s in slots[before - 1] if s >= slot):
                        self.formula.append([-self.at[meeting, slot], -self.at[before - 1, late]])

    def _person(self, person: int) -> None:
        hers = [m for m, (a, b, _) in enumerate(self.event.meetings) if person in (a, b)]
        used, met, ends = 0, 0, []
        for slot in range(1, self.event.slots + 1):
            before, used = used, self._used(person, hers, slot)
            if met and met != before and used:
                ends.append(self._new())
                idle = [-before] if before else []
                self._exactly_when(ends[-1], [met, used, *idle])
            met = self._either(met, used)
        self.ends.append(ends)
        self._exactly([x for (p, _), x in self.used.items() if p == person], len(hers))

    def _used(self, person: int, hers: list[int], slot: int) -> int:
        some = [self.at[m, slot] for m in hers if (m, slot) in self.at]
        if not some:
            return 0
        self._at_most(some, 1)
        self.used[person, slot] = literal = some[0] if len(some) == 1 else self._new()
        if len(some) > 1:
            self.formula.extend([[-x, literal] for x in some] + [[-literal, *some]])
        return literal

    def _either(self, one: int, other: int) -> int:
        if not one or not other:
            return one or other
        some = self._new()
        self.formula.extend([[-one, some], [-other, some], [-some, one, other]])
        return some

    def _exactly_when(self, literal: int, every: list[int]) -> None:
        self.formula.extend([[-literal, x] for x in every] + [[literal, *(-x for x in every)]])

    def _exactly(self, literals: list[int], many: int) -> None:
        if len(literals) < many:
            self.formula.append([])
        elif many:
            self._add(CardEnc.equals(literals, many, top_id=self.top, encoding=_encoding(many)))

    def _at_most(self, literals: list[int], most: int) -> None:
        if len(literals) > most:
            self._add(CardEnc.atmost(literals, most, top_id=self.top, encoding=_encoding(most)))

    def _add(self, counted) -> None:
        self.top = max(self.top, counted.nv)
        self.formula.extend(counted.clauses)

    def _even_out(self, difference: int) -> None:
        """Sorted breaks of each person, between a floor that is chosen and the floor plus the difference."""
        floor = [self._new() for _ in range(max(map(len, self.ends)))]
        for hers in self.ends:
            counted = self._sorted(hers)
            self.formula.extend([[-x, *counted[k : k + 1]] for k, x in enumerate(floor)])
            over = [(k, x) for k, x in enumerate(counted) if k >= difference]
            self.formula.extend([[-x, floor[k - difference]] for k, x in over])

    def _sorted(self, literals: list[int]) -> list[int]:
        """Literal k is true exactly where more than k of them are."""
        if len(literals) <= 1:
            return literals
        half = len(literals) // 2
        one, other = self._sorted(literals[:half]), self._sorted(literals[half:])
        both = [self._new() for _ in literals]
        for i in range(len(one) + 1):
            for j in range(len(other) + 1):
                if i + j:
                    self.formula.append([both[i + j - 1], *(-x for x in one[:i][-1:]), *(-x for x in other[:j][-1:])])
                if i + j < len(both):
                    self.formula.append([-both[i + j], *one[i : i + 1], *other[j : j + 1]])
        return both


def _encoding(many: int) -> int:
    return EncType.pairwise if many == 1 else EncType.cardnetwrk


def solve(path: Path, homogeneity: int, limit: float) -> Answer:  # the limit is kept from outside: RC2 looks at no clock
    event = read_event(path)
    encoding = Encoding(event, homogeneity)
    if any(not clause for clause in encoding.formula.hard):
        return Answer("infeasible")
    with RC2(encoding.formula, solver=SOLVER, **OPTIONS) as rc2:
        true = set(rc2.compute() or [])
        if not true:
            return Answer("infeasible")
        slots = [next(s for (m, s), x in encoding.at.items() if m == n and x in true) for n in range(len(event.meetings))]
        return Answer("optimal", rc2.cost, rc2.cost, slots)


if __name__ == "__main__":
    answer_of(solve, sys.argv)
