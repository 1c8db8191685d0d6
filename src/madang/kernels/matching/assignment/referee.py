"""Whether a plan keeps the rules: it shares nothing with the solver but the dataclasses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

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
    has = Counter(m.title for m in plan.meetings)
    for n, title in enumerate(market.titles):
        floor = max([market.floor, *(group.each for group in market.groups if n in group.members)])
        able = (
            sum(bool(gate) and room > 0 for gate, room in zip(market.gates[:, n], market.buyer_room, strict=True)) if floor else 0
        )
        lacks = max(0, min(floor, able, int(market.title_room[n])) - has[n])
        if lacks != plan.missing[n]:
            yield Violation("missing", f"{title} lacks {lacks} meetings, the plan says {plan.missing[n]}")


def _sum(market: Market, plan: Plan) -> Iterator[Violation]:
    expected = sum(float(market.chances[m.buyer, m.title]) for m in plan.meetings)
    if abs(expected - plan.expected) > 1e-3:
        yield Violation("expected", f"the meetings are worth {expected:.4f} expected hits, the plan says {plan.expected:.4f}")
