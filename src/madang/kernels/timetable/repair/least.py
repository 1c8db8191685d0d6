"""A bound on what a repair must cost, proven by counting: meetings that cannot stay, and tables that are too few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..board import Board
from ..ground import slots_in
from ..problem import Id, Meeting, Request
from .prices import SAME_SLOT, Prices


def each_alone(board: Board, prices: Prices, future: int, still: frozenset[Id]) -> dict[Id, int]:
    """The least that each published meeting costs if it had the whole venue to itself; 0 where it can stay."""
    return {i: _alone(board, prices, 1 << m.slot if i in still else future, m) for i, m in prices.before.items()}


def least_cost(board: Board, prices: Prices, future: int, rows: Mapping[Id, int], new: Sequence[Request]) -> int:
    """No repair costs less; `rows` is what `each_alone` says, and of `board` only the problem is looked at.

    In a slot with n open shared tables, all but n of the meetings at them must leave it; in all slots together, what finds no
    table at all must be cancelled, `new` requests that must be placed counted in. Or, if that is more: somebody has fewer slots
    left than meetings.
    """
    pooled = defaultdict[int, list[Id]](list)
    for found in rows:
        if board.at_any_table(board.requests[found]) and prices.of(found, None) > rows[found]:
            pooled[prices.before[found].slot].append(found)
    fresh = [prices.drop(r.id) for r in new if board.at_any_table(r) and board.starts(r) & future]
    total = sum(rows.values()) + sum(prices.drop(r.id) for r in new if not board.starts(r) & future)
    leaving = sum(_leaving(prices, rows, ids, _tables(board, slot)) for slot, ids in pooled.items())
    tables = sum(_tables(board, slot) for slot in slots_in(future))
    cancelled = max(0, sum(map(len, pooled.values())) + len(fresh) - tables)
    extra = sorted((*fresh, *(prices.drop(i) - prices.move(i) for ids in pooled.values() for i in ids)))
    return total + max(leaving + sum(extra[:cancelled]), _overfull(board, prices, future, rows))


def _overfull(board: Board, prices: Prices, future: int, rows: Mapping[Id, int]) -> int:
    """What it costs most to cancel, of one person's meetings, as many as she has no slots for; of those whom something befell."""
    hers: dict[Id, list[int]] = {p: [] for i, cost in rows.items() if cost for p in board.requests[i].participants}
    for request, cost in rows.items():
        for person in board.requests[request].participants:
            if person in hers and cost < prices.drop(request):
                hers[person].append(prices.drop(request) - cost)
    short = ((more, len(more) - _room(board, person, future)) for person, more in hers.items())
    return max((sum(sorted(more)[:count]) for more, count in short if count > 0), default=0)


def _room(board: Board, person: Id, future: int) -> int:
    """How many meetings she could have from now on."""
    there, cap = future & ~board.away[person], board.caps[person]
    days = [(there & mask).bit_count() for mask in board.day_mask.values()]
    return sum(days) if cap is None else sum(min(cap, slots) for slots in days)


def _alone(board: Board, prices: Prices, allowed: int, meeting: Meeting) -> int:
    starts = board.starts(board.requests[meeting.id]) & allowed
    if not starts:
        return prices.drop(meeting.id)
    if not starts >> meeting.slot & 1:
        return prices.move(meeting.id)
    return 0 if stays(board, meeting) else SAME_SLOT


def stays(board: Board, meeting: Meeting) -> bool:
    """Whether the meeting's own table and colleagues may still be there; its slot is known to be open."""
    row = board.requests[meeting.id]
    if board.at_any_table(row) and not row.teams:
        table = board.tables.get(meeting.table) if meeting.table is not None else None
        return table is not None and table.shared and not board.closed[table.id] >> meeting.slot & 1
    span = board.span(row, meeting.slot)
    if row.teams and meeting.delegates not in board.crews(row):
        return False
    away = board.asleep if row.online else {}
    if any((board.away[p] | away.get(p, 0)) & span for p in meeting.delegates if p in board.people):
        return False
    if not board.needs_table(row):
        return meeting.table is None
    return meeting.table in board.usable(row) and meeting.table in board.tables and not board.closed[meeting.table] & span


def _tables(board: Board, slot: int) -> int:
    return sum(1 for t in board.shared if not board.closed[t] >> slot & 1)


def _leaving(prices: Prices, rows: Mapping[Id, int], ids: list[Id], tables: int) -> int:
    """What the slot's lack of tables adds to the sum of `rows`: the cheapest leave, and those need no other table there."""
    staying = [i for i in ids if rows[i] <= SAME_SLOT]
    excess = max(0, len(staying) - tables)
    reseated = sum(1 for i in staying if rows[i] == SAME_SLOT)
    cheapest = sorted(prices.move(i) for i in staying)[:excess]
    return sum(cheapest) - min(excess, reseated) * SAME_SLOT
