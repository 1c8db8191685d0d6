"""Why a meeting is proposed, and why a title has fewer than its floor."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from ..arrays import Bools, Ints
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
    """`lacks` meetings of `floor` (less what it had before); `able` buyers pass its gates, `full` of them have no place left."""

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
    return _missing(market, _counts(market, plan), title)


def lacking(market: Market, plan: Plan) -> dict[int, Missing]:
    """`why_missing` of all titles that have fewer, by their places."""
    counts = _counts(market, plan)
    found = {title: _missing(market, counts, title) for title in np.flatnonzero(counts.got < counts.floor).tolist()}
    return {title: missing for title, missing in found.items() if missing is not None}


class _Counts(NamedTuple):
    """`floor` (T) less what titles had before, `got` (T) with `meets` whom, and which buyers are `full` (B)."""

    floor: Ints
    got: Ints
    full: Bools
    meets: dict[int, set[int]]


def _counts(market: Market, plan: Plan) -> _Counts:
    floor = np.full(len(market.titles), market.floor, np.int64)
    for group in market.groups:
        members = list(group.members)
        floor[members] = np.maximum(floor[members], group.each)
    meets: dict[int, set[int]] = {}
    for meeting in plan.meetings:
        meets.setdefault(meeting.title, set()).add(meeting.buyer)
    got = np.bincount([meeting.title for meeting in plan.meetings], minlength=len(market.titles))
    taken = np.bincount([meeting.buyer for meeting in plan.meetings], minlength=len(market.buyers))
    has = 0 if market.has is None else market.has
    return _Counts(floor - has, got, taken >= np.asarray(market.buyer_room), meets)


def _missing(market: Market, counts: _Counts, title: int) -> Missing | None:
    floor, has, meets = int(counts.floor[title]), int(counts.got[title]), counts.meets.get(title, set())
    if has >= floor:
        return None
    able = np.flatnonzero(market.gates[:, title])
    full = [int(buyer) for buyer in able if counts.full[buyer] and buyer not in meets]
    return Missing(_code(market, title, has, able, len(full) == len(able) - len(meets)), floor, floor - has, len(able), len(full))


def _code(market: Market, title: int, has: int, able: Ints, all_full: bool) -> Code:
    if market.title_room[title] <= has:
        return Code.NO_ROOM
    if len(able) == 0:
        return Code.NO_BUYER
    if has >= owed(market)[title]:
        return Code.FEW_BUYERS
    return Code.BUYERS_FULL if all_full else Code.COULD_BE_PLACED
