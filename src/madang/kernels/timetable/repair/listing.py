"""Each change of a repair, whom it touches, and why it had to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..board import Board
from ..ground import slots_in
from ..problem import Id, Meeting
from .change import Change, Kind
from .prices import Prices

ORDER: tuple[Kind, ...] = ("cancelled", "moved", "reseated", "reassigned", "placed")


def changes_of(
    board: Board, prices: Prices, broken: Mapping[Id, str | None], withdrawn: Sequence[Meeting], future: int
) -> tuple[Change, ...]:
    """What differs from the published meetings, the gravest kind first, each kind in the order of the requests."""
    found = [Change(m.id, "cancelled", m, None, (), "withdrawn") for m in withdrawn]
    pairs = ((r, prices.before.get(r.id), board.meetings.get(r.id)) for r in board.problem.requests)
    differing = [(r, b, a) for r, b, a in pairs if a != b and (b is not None or (a is not None and future >> a.slot & 1))]
    arrived = {request.id for request, _, after in differing if after is not None}
    for request, before, after in differing:
        if before is None:
            reason, because = "required" if prices.must(request) else "standby", None
        else:
            reason, because = broken.get(request.id) or "room_made_for", None
            if request.id not in broken:
                because = next(_in_its_place(board, before, arrived - {request.id}), None)
        people = tuple(dict.fromkeys(p for m in (before, after) if m is not None for p in board.present(m)))
        found.append(Change(request.id, _kind(before, after), before, after, people, reason, because))
    return tuple(sorted(found, key=lambda change: ORDER.index(change.kind)))


def _kind(before: Meeting | None, after: Meeting | None) -> Kind:
    if before is None or after is None:
        return "placed" if before is None else "cancelled"
    if after.slot != before.slot:
        return "moved"
    return "reassigned" if after.table == before.table else "reseated"


def _in_its_place(board: Board, before: Meeting, arrived: set[Id]) -> Iterator[Id]:
    """Requests that came where the meeting was: to its people, to its table, or else to its slot or its people's day."""
    people, slots = board.present(before), tuple(slots_in(board.span(board.requests[before.id], before.slot)))
    yield from (i for p in people for s in slots if (i := board.at.get((p, s))) in arrived)
    if before.table is not None:
        yield from (i for s in slots if (i := board.seated.get((before.table, s))) in arrived)
    for request in board.requests:
        if request in arrived and board.meetings[request].slot in slots:
            yield request
    day = board.day_mask[board.day_of[before.slot]]
    yield from (i for p in people for s in slots_in(board.busy[p] & day) if (i := board.at[p, s]) in arrived)
