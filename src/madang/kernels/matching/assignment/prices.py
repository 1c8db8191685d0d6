"""What a floor costs: the same market with floors of 0, 1, 2, 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .problem import Market, Plan
from .solve import Watch, solve


class FloorPrice(NamedTuple):
    """`expected` hits with this floor, `lost`: the share of those without one that is given up; titles with a meeting at all,
    titles that lack meetings of what the floor owes them."""

    floor: int
    expected: float
    lost: float
    titles_met: int
    titles_lacking: int
    plan: Plan


def floor_prices(
    market: Market, floors: Sequence[int] = (0, 1, 2, 3), *, seconds: float = 60.0, watch: Watch | None = None
) -> list[FloorPrice]:
    """One line a floor, `seconds` each; what is lost is told beside the first of them."""
    found: list[FloorPrice] = []
    for floor in floors:
        plan = solve(replace(market, floor=floor), seconds=seconds, watch=watch)
        first = found[0].expected if found else plan.expected
        lost = 1 - plan.expected / first if first else 0.0
        met = len({meeting.title for meeting in plan.meetings})
        found.append(FloorPrice(floor, plan.expected, lost, met, int(np.count_nonzero(plan.missing)), plan))
    return found
