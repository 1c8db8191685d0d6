"""Who can hold which shift, and a roster that covers most and then shares hours fairly. Plain data: no database.

breaches(hand, held, shift)                  # what assigning it would break, the same for a click and for a search
plan = solve(problem, seed=1, limit=10)      # OR-Tools CP-SAT: cover first, then fairness of hours
explain(problem, plan, shift)                # why it stays open, counted over everybody
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from ortools.sat.python import cp_model

BAND = 120
"""Minutes of work that cost the same; each further band costs one more, so that hours spread over people."""


class Breach(StrEnum):
    """What stands against somebody's holding a shift, the gravest first."""

    SKILL = "skill"
    OVERLAP = "overlap"
    REST = "rest"
    DAY = "day"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Work:
    """A shift: `day` is the venue's day on which it begins; all its minutes count to that day. `needed` people."""

    id: int
    start: dt.datetime
    end: dt.datetime
    day: dt.date
    skill: int | None = None
    needed: int = 1

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who works: minutes a day and in all at most (None: no such limit), minutes of rest between days at least."""

    id: int
    skills: frozenset[int]
    a_day: int
    rest: int
    in_all: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """`held`: (shift, hand) pairs that stay; `closed`: shifts that have begun, and take nobody new."""

    works: tuple[Work, ...]
    hands: tuple[Hand, ...]
    held: frozenset[tuple[int, int]] = frozenset()
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """New pairs (shift, hand), sorted; `is_best`: proven that no roster leaves fewer places open."""

    pairs: tuple[tuple[int, int], ...]
    open: int
    is_best: bool
    is_fairest: bool
    seconds: float


def breaches(hand: Hand, held: Iterable[Work], work: Work) -> list[Breach]:
    """What `hand`, who holds `held`, would break by holding `work` too; nothing for a shift that she holds already."""
    others = [one for one in held if one.id != work.id]
    found = [] if work.skill is None or work.skill in hand.skills else [Breach.SKILL]
    if any(overlap(one, work) for one in others):
        found.append(Breach.OVERLAP)
    if any(lacks_rest(one, work, hand.rest) for one in others):
        found.append(Breach.REST)
    if sum(one.minutes for one in [*others, work] if one.day == work.day) > hand.a_day:
        found.append(Breach.DAY)
    if hand.in_all is not None and sum(one.minutes for one in [*others, work]) > hand.in_all:
        found.append(Breach.ALL)
    return found


def overlap(one: Work, other: Work) -> bool:
    return one.start < other.end and other.start < one.end


def lacks_rest(one: Work, other: Work, rest: int) -> bool:
    """Whether the two are of different days, apart, with too little time from the end of one to the start of the other."""
    if one.day == other.day or overlap(one, other):
        return False
    first, second = sorted((one, other), key=lambda work: work.start)
    return second.start - first.end < dt.timedelta(minutes=rest)


def solve(
    problem: Problem, *, seed: int = 1, limit: float = 10.0, stop: Callable[[float, int], bool] = lambda _seconds, _open: False
) -> Plan:
    """Fill as many places as can be; among such rosters, the hours as even as the time allows.

    `stop(seconds, open places)` is asked at each better roster. What is not finished in `limit` seconds is the best found.
    Four searches run side by side, so of rosters that are equally good another one may come next time, with the same seed too.
    """
    began, model = time.monotonic(), _Model(problem)
    pairs = greedy(problem, model.wanted)
    model.hint(pairs)
    missing, is_best = sum(model.wanted.values()) - len(pairs), False
    if found := _run(model, seed, limit / 2, stop):
        solver, missing, is_best = found
        pairs = model.chosen(solver)
    pairs = levelled(problem, pairs)
    model.fix(missing, pairs)
    is_fairest = False
    if found := _run(model, seed, max(0.1, limit - (time.monotonic() - began)), stop, missing):
        pairs, is_fairest = model.chosen(found[0]), found[2]
    return Plan(tuple(sorted(pairs)), missing, is_best, is_fairest, time.monotonic() - began)


def greedy(problem: Problem, wanted: Mapping[int, int]) -> set[tuple[int, int]]:
    """A roster to begin with: the shifts that fewest can hold first, each to whoever has the fewest hours."""
    works = {work.id: work for work in problem.works}
    held: dict[int, list[Work]] = defaultdict(list)
    for shift, hand in problem.held:
        held[hand].append(works[shift])
    able = {pk: sum(works[pk].skill is None or works[pk].skill in hand.skills for hand in problem.hands) for pk in wanted}
    pairs = set()
    for pk in sorted(wanted, key=lambda one: (able[one] - wanted[one], works[one].start, one)):
        for _place in range(wanted[pk]):
            others = [hand for hand in problem.hands if works[pk] not in held[hand.id]]
            free = [hand for hand in others if not breaches(hand, held[hand.id], works[pk])]
            if free:
                least = min(free, key=lambda hand: (sum(work.minutes for work in held[hand.id]), hand.id))
                held[least.id].append(works[pk])
                pairs.add((pk, least.id))
    return pairs


def levelled(problem: Problem, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """The same places filled, shifts handed over to whoever has fewer hours as long as that evens them out."""
    works = {work.id: work for work in problem.works}
    held: dict[int, dict[int, Work]] = {hand.id: {} for hand in problem.hands}
    for shift, hand in {*pairs, *problem.held}:
        held[hand][shift] = works[shift]
    load = {hand: sum(work.minutes for work in mine.values()) for hand, mine in held.items()}
    found, moved = set(pairs), True
    while moved:
        moved = False
        for shift, giver in sorted(found, key=lambda pair: (-load[pair[1]], pair)):
            work = works[shift]
            able = [hand for hand in problem.hands if load[hand.id] + work.minutes < load[giver] and shift not in held[hand.id]]
            taker = next((hand for hand in able if not breaches(hand, held[hand.id].values(), work)), None)
            if taker is not None:
                found = (found - {(shift, giver)}) | {(shift, taker.id)}
                held[taker.id][shift] = held[giver].pop(shift)
                load[giver], load[taker.id], moved = load[giver] - work.minutes, load[taker.id] + work.minutes, True
    return found


def _run(
    model: _Model, seed: int, limit: float, stop: Callable[[float, int], bool], known: int | None = None
) -> tuple[cp_model.CpSolver, int, bool] | None:
    """(solver, objective, whether proven); None where nothing was found in time."""
    solver = cp_model.CpSolver()
    solver.parameters.random_seed, solver.parameters.max_time_in_seconds = seed, limit
    solver.parameters.num_workers = 4
    status = solver.solve(model.cp, _Watch(stop, known))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return solver, round(solver.objective_value), status == cp_model.OPTIMAL


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells of each better roster, and stops where asked to."""

    def __init__(self, stop: Callable[[float, int], bool], known: int | None) -> None:
        super().__init__()
        self.stop, self.known = stop, known

    def on_solution_callback(self) -> None:
        if self.stop(self.wall_time, round(self.objective_value) if self.known is None else self.known):
            self.stop_search()


class _Model:
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


def check(problem: Problem, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int, Breach]]:
    """(shift, hand, what is broken) of new pairs beside all others: nothing, or the roster must not be kept."""
    works, hands = {work.id: work for work in problem.works}, {hand.id: hand for hand in problem.hands}
    new = set(pairs)
    held: dict[int, list[Work]] = defaultdict(list)
    for shift, hand in {*new, *problem.held}:
        held[hand].append(works[shift])
    return [(shift, who, breach) for shift, who in sorted(new) for breach in breaches(hands[who], held[who], works[shift])]


def explain(problem: Problem, plan: Plan, shift: int) -> Mapping[Breach | None, int]:
    """For a shift with open places: how many people each reason keeps from it, each person once, by her gravest.

    None: nothing keeps her, one could ask her by hand (the search was ended before it had her).
    """
    works = {work.id: work for work in problem.works}
    held: dict[int, list[Work]] = defaultdict(list)
    for one, who in {*plan.pairs, *problem.held}:
        held[who].append(works[one])
    found: Counter[Breach | None] = Counter()
    for hand in problem.hands:
        if all(work.id != shift for work in held[hand.id]):
            found[next(iter(breaches(hand, held[hand.id], works[shift])), None)] += 1
    return found
