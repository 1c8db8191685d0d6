"""Who can hold which shift, and a roster that covers most and then shares hours fairly. Plain data: no database.

breaches(hand, held, shift)                  # what assigning it would break, the same for a click and for a search
plan = solve(problem, seed=1, limit=10)      # OR-Tools CP-SAT: cover first, then fairness of hours
explain(problem, plan, shift)                # why it stays open, counted over everybody
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    from .roster_model import Model, search  # here: OR-Tools takes a second to import, and checking a click needs none of it

    began, model = time.monotonic(), Model(problem)
    pairs = greedy(problem, model.wanted)
    model.hint(pairs)
    missing, is_best = sum(model.wanted.values()) - len(pairs), False
    if found := search(model, seed, limit / 2, stop):
        solver, missing, is_best = found
        pairs = model.chosen(solver)
    pairs = levelled(problem, pairs)
    model.fix(missing, pairs)
    is_fairest = False
    if found := search(model, seed, max(0.1, limit - (time.monotonic() - began)), stop, missing):
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
