"""Why a meeting is proposed, and why a title has fewer than its floor."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from .problem import Market, Meeting, Plan, owed


class Code(StrEnum):
    """Of a meeting: `wanted` or `floor`. Of a title without its floor: the first that is true of the others, from the top."""

    WANTED = "wanted"
    FLOOR = "floor"
    NO_ROOM = "no_room"
    NO_BUYER = "no_buyer"
    FEW_BUYERS = "few_buyers"
    BUYERS_FULL = "buyers_full"
    COULD_BE_PLACED = "could_be_placed"


class Why(NamedTuple):
    """`rank_for_buyer`, `rank_for_title`: 1 is the best of all that pass; `cost`: expected hits the floor gives up with it."""

    code: Code
    chance: float
    rank_for_buyer: int
    rank_for_title: int
    cost: float


class Missing(NamedTuple):
    """`lacks` meetings of `floor`; `able` buyers pass its gates, and `full` of them have no place left."""

    code: Code
    floor: int
    lacks: int
    able: int
    full: int


def why(market: Market, plan: Plan, meeting: Meeting) -> Why:
    """Why this pair: both wanted it as much as others, or the title's floor asked for it (the chance is below her price)."""
    chance = float(market.chances[meeting.buyer, meeting.title])
    row, column = market.chances[meeting.buyer], market.chances[:, meeting.title]
    ranks = (
        1 + int((row[market.gates[meeting.buyer]] > chance).sum()),
        1 + int((column[market.gates[:, meeting.title]] > chance).sum()),
    )
    cost = max(0.0, float(plan.buyer_price[meeting.buyer]) - chance)
    code = Code.FLOOR if cost > 1e-6 and plan.title_price[meeting.title] < -1e-6 else Code.WANTED
    return Why(code, chance, *ranks, cost if code is Code.FLOOR else 0.0)


def why_missing(market: Market, plan: Plan, title: int) -> Missing | None:
    """Why a title has fewer meetings than the floor that was set for it; None where it has them."""
    floor = max([market.floor, *(group.each for group in market.groups if title in group.members)])
    has = sum(meeting.title == title for meeting in plan.meetings)
    if has >= floor:
        return None
    able = np.flatnonzero(market.gates[:, title])
    taken = np.bincount([m.buyer for m in plan.meetings], minlength=len(market.buyers))
    meets = {m.buyer for m in plan.meetings if m.title == title}
    full = [int(b) for b in able if taken[b] >= market.buyer_room[b] and b not in meets]
    return Missing(_code(market, title, has, able, len(full) == len(able) - len(meets)), floor, floor - has, len(able), len(full))


def _code(market: Market, title: int, has: int, able: np.ndarray[tuple[int], np.dtype[np.int64]], all_full: bool) -> Code:
    if market.title_room[title] <= has:
        return Code.NO_ROOM
    if len(able) == 0:
        return Code.NO_BUYER
    if has >= owed(market)[title]:
        return Code.FEW_BUYERS
    return Code.BUYERS_FULL if all_full else Code.COULD_BE_PLACED
