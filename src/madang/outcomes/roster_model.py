"""The search for a roster as OR-Tools CP-SAT sees it; `rostering` is its face."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import combinations

from ortools.sat.python import cp_model

from .rostering import BAND, Hand, Problem, Work, breaches, lacks_rest


def search(
    model: Model, seed: int, limit: float, stop: Callable[[float, int], bool], known: int | None = None
) -> tuple[cp_model.CpSolver, int, bool] | None:
    """(solver, objective, whether proven); None where nothing was found in time."""
    solver = cp_model.CpSolver()
    solver.parameters.random_seed, solver.parameters.max_time_in_seconds = seed, limit
    solver.parameters.num_workers = 4
    status = solver.solve(model.cp, Watch(stop, known))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return solver, round(solver.objective_value), status == cp_model.OPTIMAL


class Watch(cp_model.CpSolverSolutionCallback):
    """Tells of each better roster, and stops where asked to."""

    def __init__(self, stop: Callable[[float, int], bool], known: int | None) -> None:
        super().__init__()
        self.stop, self.known = stop, known

    def on_solution_callback(self) -> None:
        if self.stop(self.wall_time, round(self.objective_value) if self.known is None else self.known):
            self.stop_search()


class Model:
    """A literal for each (shift, hand) that breaks nothing beside what is held."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.cp = problem, cp_model.CpModel()
        self.works = {work.id: work for work in problem.works}
        self.held: dict[int, list[Work]] = defaultdict(list)
        for shift, who in problem.held:
            self.held[who].append(self.works[shift])
        staffed = Counter(shift for shift, _hand in problem.held)
        open_works = [work for work in problem.works if work.id not in problem.closed]
        self.wanted = {work.id: work.needed - staffed[work.id] for work in open_works if work.needed > staffed[work.id]}
        self.picks: dict[tuple[int, int], cp_model.IntVar] = {}
        for hand in problem.hands:
            self._hand(hand)
        self.short = self._cover()
        self.cp.minimize(sum(self.short))

    def _hand(self, hand: Hand) -> None:
        held = self.held[hand.id]
        mine = {work.id for work in held}
        can = [self.works[pk] for pk in self.wanted if pk not in mine and not breaches(hand, held, self.works[pk])]
        for work in can:
            self.picks[work.id, hand.id] = self.cp.new_bool_var("")
        self._at_once(hand, can)
        self._rested(hand, can)
        for day in {work.day for work in can}:
            free = hand.a_day - sum(work.minutes for work in held if work.day == day)
            self._at_most(hand, [work for work in can if work.day == day], free)
        if hand.in_all is not None:
            self._at_most(hand, can, hand.in_all - sum(work.minutes for work in held))

    def _at_once(self, hand: Hand, can: Sequence[Work]) -> None:
        """At every start of a shift, one of those under way: that is every pair that overlaps."""
        for work in can:
            group = [self.picks[other.id, hand.id] for other in can if other.start <= work.start < other.end]
            if len(group) > 1:
                self.cp.add_at_most_one(group)

    def _rested(self, hand: Hand, can: Sequence[Work]) -> None:
        """Of each end of a day, either those that end so late or those that begin too early after."""
        by_day: dict[dt.date, list[Work]] = defaultdict(list)
        for work in can:
            by_day[work.day].append(work)
        for one, other in combinations(sorted(by_day), 2):
            if (other - one).days * 1440 > 2880 + hand.rest:
                continue
            for first in by_day[one]:
                clash = [self.picks[work.id, hand.id] for work in by_day[other] if lacks_rest(first, work, hand.rest)]
                if clash:
                    self.cp.add(sum(clash) == 0).only_enforce_if(self.picks[first.id, hand.id])

    def _at_most(self, hand: Hand, works: Sequence[Work], minutes: int) -> None:
        if sum(work.minutes for work in works) > minutes:
            self.cp.add(sum(work.minutes * self.picks[work.id, hand.id] for work in works) <= minutes)

    def _cover(self) -> list[cp_model.IntVar]:
        by_work: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (shift, _hand), pick in self.picks.items():
            by_work[shift].append(pick)
        short = []
        for shift, wanted in self.wanted.items():
            missing = self.cp.new_int_var(0, wanted, "")
            self.cp.add(sum(by_work[shift]) + missing == wanted)
            short.append(missing)
        return short

    def fix(self, missing: int, pairs: Collection[tuple[int, int]]) -> None:
        """From here on look for fairness alone, beginning at these pairs."""
        self.cp.add(sum(self.short) <= missing)
        cost = []
        for hand in self.problem.hands:
            load = sum(work.minutes for work in self.held[hand.id])
            mine = [(self.works[shift].minutes, pick) for (shift, who), pick in self.picks.items() if who == hand.id]
            most = load + sum(minutes for minutes, _pick in mine)
            bands = [self.cp.new_int_var(0, BAND, "") for _band in range(most // BAND + 1)] if mine else []
            if bands:
                self.cp.add(sum(minutes * pick for minutes, pick in mine) + load == sum(bands))
                cost += [number * band for number, band in enumerate(bands)]
        self.cp.minimize(sum(cost))
        self.hint(pairs)

    def hint(self, pairs: Collection[tuple[int, int]]) -> None:
        """Begin at these pairs."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools types it not
        for pair, pick in self.picks.items():
            self.cp.add_hint(pick, pair in pairs)

    def chosen(self, solver: cp_model.CpSolver) -> set[tuple[int, int]]:
        return {pair for pair, pick in self.picks.items() if solver.boolean_value(pick)}
