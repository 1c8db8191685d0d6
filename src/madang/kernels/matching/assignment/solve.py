"""The most expected hits over all pairs, from a programme of few of them.

Each buyer's best titles and each title's best buyers are asked first. The prices of that answer tell which of the other pairs
would be worth more than the places they take; those are added until there are none, and then the answer is the best of all pairs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from ..arrays import Bools, Floats, Ints
from .flow import flow
from .problem import Market, Meeting, Plan, Progress, Status, owed
from .programme import LACK, Answer, programme

BESIDE = 16
"""Best pairs of each buyer and title that are asked beyond their rooms and floors."""
WORTH = 1e-6
GAP = 1e-4
"""A plan this near to its bound (as a share) is called optimal."""
BLOCK = 512
Watch = Callable[[Progress], None]


def solve(market: Market, *, seconds: float = 60.0, watch: Watch | None = None) -> Plan:
    """The plan with the fewest meetings below the floors and, among those, the most expected hits (within `GAP`).

    `watch` is told of each better plan; after `seconds` the best one so far is given, with its bound, as `feasible`.
    """
    start = time.monotonic()
    tell = watch or (lambda _: None)
    rough = greedy(market)
    plan = _plan(market, rough, None, np.inf, start)
    asked = _best_of_each(market) | rough
    while True:
        tell(Progress("looking", len(plan.meetings), plan.expected, plan.bound, time.monotonic() - start))
        left = seconds - (time.monotonic() - start)
        buyer, title = np.nonzero(asked)
        answer = _answer(market, buyer, title, left) if left > 0 else None
        if answer is None:
            return plan
        new, beyond = _worthwhile(market, asked, answer)
        taken = np.zeros_like(asked)
        taken[buyer[answer.taken], title[answer.taken]] = True
        plan = _plan(market, taken, answer, min(plan.bound, answer.bound + beyond), start)
        if plan.status is Status.OPTIMAL or not new.any():
            return plan
        asked |= new


def _answer(market: Market, buyer: Ints, title: Ints, seconds: float) -> Answer | None:
    if any(group.together > 0 for group in market.groups):
        return programme(market, buyer, title, seconds)
    return flow(market, buyer, title)


def greedy(market: Market) -> Bools:
    """A plan at once, from each side's best pairs: first the floors, from the title with the fewest buyers on, then by chance."""
    taken = np.zeros_like(market.gates)
    free, room, need = (np.asarray(one).tolist() for one in (market.buyer_room, market.title_room, owed(market)))
    buyer, title = np.nonzero(_best_of_each(market))
    chance = market.chances[buyer, title]
    for floors in (True, False):
        order = np.lexsort((-chance, market.gates.sum(axis=0)[title])) if floors else np.argsort(-chance, kind="stable")
        for b, t in zip(buyer[order].tolist(), title[order].tolist(), strict=True):
            if free[b] > 0 and room[t] > 0 and (need[t] > 0 or not floors) and not taken[b, t]:
                taken[b, t] = True
                free[b], room[t], need[t] = free[b] - 1, room[t] - 1, need[t] - 1
    return taken


def _best_of_each(market: Market) -> Bools:
    """Each buyer's best titles, each title's best buyers."""
    asked = np.zeros_like(market.gates)
    if market.gates.any():
        _mark(asked, market.chances, int(np.max(market.buyer_room, initial=0)) + BESIDE)
        _mark(asked.T, market.chances.T, int(owed(market).max(initial=0)) + BESIDE)
    found: Bools = asked & market.gates
    return found


def _mark(marks: Bools, worth: Floats, most: int) -> None:
    """Mark the `most` worthiest of each row."""
    most = min(most, worth.shape[1])
    for at in range(0, len(worth), BLOCK):
        found = np.argpartition(-worth[at : at + BLOCK], most - 1, axis=1)[:, :most]
        marks[np.arange(at, at + len(found))[:, None], found] = True


def _worthwhile(market: Market, asked: Bools, answer: Answer) -> tuple[Bools, float]:
    """The best pairs of each buyer and title that are worth more than the prices of their places, and what all such pairs could
    add at most: with their surplus over the prices the programme of all pairs is bounded."""
    more = market.chances - answer.buyer_price.astype(np.float32)[:, None] - answer.title_price.astype(np.float32)[None, :]
    more[asked | ~market.gates] = -1
    positive = more > WORTH
    new = np.zeros_like(asked)
    _mark(new, more, int(np.max(market.buyer_room, initial=0)) + BESIDE)
    _mark(new.T, more.T, BESIDE)
    return new & positive, float(more[positive].sum(dtype=np.float64))


def _plan(market: Market, taken: Bools, answer: Answer | None, bound: float, start: float) -> Plan:
    expected = float(market.chances[taken].astype(float).sum())
    missing = np.maximum(0, owed(market) - taken.sum(axis=0))
    meetings = tuple(Meeting(int(b), int(t)) for b, t in zip(*np.nonzero(taken), strict=True))
    prices = (np.zeros(len(market.buyers)), np.zeros(len(market.titles)))
    if answer is not None:
        prices = answer.buyer_price, np.maximum(answer.title_price, -LACK)
    proven = answer is not None and answer.proven and bound <= expected * (1 + GAP) + WORTH
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    return Plan(
        status, meetings, expected, bound, missing, *prices, answer is not None and answer.rounded, time.monotonic() - start
    )
