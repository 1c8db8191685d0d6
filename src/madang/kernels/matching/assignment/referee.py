"""Whether a plan keeps the rules: it shares nothing with the solver but the dataclasses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .problem import Market, Plan


class Violation(NamedTuple):
    """A broken rule (`unknown`, `doubled`, `gate`, `buyer_room`, `title_room`, `missing`, `expected`) as a sentence."""

    rule: str
    text: str


def check(market: Market, plan: Plan) -> list[Violation]:
    """Every broken rule. A title below its floor is one only where the plan does not say so."""
    unknown = [m for m in plan.meetings if not (0 <= m.buyer < len(market.buyers) and 0 <= m.title < len(market.titles))]
    if unknown:
        return [Violation("unknown", f"meeting {tuple(m)} is of nobody") for m in unknown]
    return [*_pairs(market, plan), *_rooms(market, plan), *_floors(market, plan), *_sum(market, plan)]


def _pairs(market: Market, plan: Plan) -> Iterator[Violation]:
    for meeting, count in Counter(plan.meetings).items():
        names = f"{market.buyers[meeting.buyer]} and {market.titles[meeting.title]}"
        if count > 1:
            yield Violation("doubled", f"{names} meet {count} times")
        if not market.gates[meeting.buyer, meeting.title]:
            yield Violation("gate", f"{names} may not meet")


def _rooms(market: Market, plan: Plan) -> Iterator[Violation]:
    sides = (
        ("buyer_room", Counter(m.buyer for m in plan.meetings), market.buyers, market.buyer_room),
        ("title_room", Counter(m.title for m in plan.meetings), market.titles, market.title_room),
    )
    for rule, counts, names, room in sides:
        for n, count in counts.items():
            if count > room[n]:
                yield Violation(rule, f"{names[n]} has {count} meetings and room for {room[n]}")


def _floors(market: Market, plan: Plan) -> Iterator[Violation]:
    got = Counter(m.title for m in plan.meetings)
    each = Counter(dict.fromkeys(range(len(market.titles)), market.floor))
    for group in market.groups:
        each |= Counter(dict.fromkeys(group.members, group.each))
    able = market.gates[np.asarray(market.buyer_room) > 0].sum(axis=0).tolist()
    for n, title in enumerate(market.titles):
        wanted = max(0, each[n] - (0 if market.has is None else int(market.has[n])))
        lacks = max(0, min(wanted, able[n], int(market.title_room[n])) - got[n])
        if lacks != plan.missing[n]:
            yield Violation("missing", f"{title} lacks {lacks} meetings, the plan says {plan.missing[n]}")


def _sum(market: Market, plan: Plan) -> Iterator[Violation]:
    expected = sum(float(market.chances[m.buyer, m.title]) for m in plan.meetings)
    if abs(expected - plan.expected) > 1e-3:
        yield Violation("expected", f"the meetings are worth {expected:.4f} expected hits, the plan says {plan.expected:.4f}")
