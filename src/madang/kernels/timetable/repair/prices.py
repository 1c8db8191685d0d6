"""What a change costs, in points: the order of evils of a repair."""

from __future__ import annotations

from collections.abc import Mapping

from ..board import Board
from ..problem import Goal, Id, Meeting, Request

MOVE = 10
TODAY, TOMORROW = 2, 1.5  # times as much for the day of `since` and the next: who is told late is told badly
SAME_SLOT = 1
CANCEL = 5
MISSED, LOCKED = 100_000, 10_000


class Prices:
    """Prices against the published meetings (`before`: by request, those from `since` on).

    Another slot: `costs[request]`, else 10, and 20 on the day of `since`, 15 on the next. Same slot, other table or colleague: 1.
    Cancelling: (5 + weight) moves, 10,000 more where the meeting is locked, 100,000 more where the request must be placed.
    """

    def __init__(
        self, board: Board, before: Mapping[Id, Meeting], since: int, costs: Mapping[Id, int], locked: frozenset[Id]
    ) -> None:
        self.board = board
        self.before = before
        self.costs = costs
        self.locked = locked
        days = list(dict.fromkeys(board.day_of[max(1, since) :]))
        self.factor = dict(zip(days, (TODAY, TOMORROW), strict=False))
        self._move = {i: self._moving(i, m) for i, m in before.items()}
        self._drop: dict[Id, int] = {}

    def must(self, request: Request) -> bool:
        return self.board.problem.goal is Goal.BREAKS or request.required or request.fixed_slot is not None

    def move(self, request: Id) -> int:
        return self._move.get(request, 0)

    def _moving(self, request: Id, published: Meeting) -> int:
        given = self.costs.get(request)
        return int(MOVE * self.factor.get(self.board.day_of[published.slot], 1)) if given is None else given

    def drop(self, request: Id) -> int:
        found = self._drop.get(request)
        if found is None:
            row = self.board.requests[request]
            more = (MISSED if self.must(row) else 0) + (LOCKED if request in self.locked and request in self.before else 0)
            found = more + (CANCEL + row.weight) * self.move(request)
            self._drop[request] = found
        return found

    def of(self, request: Id, meeting: Meeting | None) -> int:
        """The price of that meeting (None: no meeting) for the request."""
        published = self.before.get(request)
        if meeting is None:
            return self.drop(request)
        if published is None or meeting is published or meeting == published:
            return 0
        return SAME_SLOT if meeting.slot == published.slot else self.move(request)
