"""Ejection chains (Glover, 1996): a meeting takes a place, what was there moves on, and so on to a given depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import islice

from ..board import Board, Obstacle
from ..ground import slots_in
from ..problem import Id, Meeting
from ..watch import Watch
from .prices import Prices

STEPS = 2_000  # of one search at most
FEWEST = 20  # of one search, where many are to be mended
ALL_STEPS = 8_000  # shared out among the searches of a repair
DEEPEST = 3  # others moved for one
CHEAPEST = 3  # of the meetings at the tables of a full slot, those that are tried: the cheapest to cancel
LOOK_AGAIN = 16  # searches after which the cheapest meeting at a table is looked for again
ROOMS = 12  # and those that have somewhere to go
TABLES = ("table_full", "travel")


class Chains:
    """Puts requests on the board at the least price. `future`: slots that may change; `still`: requests that may not move."""

    def __init__(self, board: Board, prices: Prices, future: int, still: frozenset[Id], watch: Watch) -> None:
        self.board, self.prices, self.future, self.still, self.watch = board, prices, future, still, watch
        self.share = STEPS
        self.steps = 0
        self.tight = self.mended = 0
        self.crowds: dict[int, list[Id]] = {}
        self.pending: list[Id] = []
        self.ejected: dict[Id, Meeting] = {}
        self.settled: dict[Id, Meeting | None] = {}
        self.best: dict[Id, Meeting | None] = {}
        self.least = 0

    def mend(self, request: Id, deepest: int = DEEPEST) -> bool:
        """Place a request that is not on the board, with as few others moved as can be; whether it was placed."""
        self.steps = self.share
        self.best, self.least = {request: None}, self.prices.drop(request)
        self.mended += 1
        if not self._needs_room(request):
            self.tight = 0
        elif not self.tight or self.mended % LOOK_AGAIN == 0:
            self.tight = self._least_at_a_table()
        for depth in range(1 if self.watch.over else deepest + 1):
            self.pending = [request]
            self._next(depth, 0)
            if self.steps <= 0 or None not in self.best.values():
                break
        for other in self.best:
            if other in self.board.meetings:
                self.board.remove(other)
        for meeting in self.best.values():
            if meeting is not None:
                self.board.place(meeting)
        return self.best[request] is not None

    def share_out(self, searches: int) -> None:
        self.share = max(FEWEST, min(STEPS, ALL_STEPS // max(1, searches)))

    def _needs_room(self, request: Id) -> bool:
        """Whether it can only be placed where another gives up a shared table: none is left from now on."""
        row, board = self.board.requests[request], self.board
        return board.at_any_table(row) and not board.roomy & self.future

    def _least_at_a_table(self) -> int:
        """What it costs at least to cancel a meeting at a shared table."""
        return min((self._drop_more(i) for slot in slots_in(self.future) for i in islice(self._crowd(slot), 1)), default=0)

    def _next(self, depth: int, cost: int) -> None:
        """Find a place for the last of the pending; where none is pending, that is a solution."""
        lost = 0 if None in self.settled.values() else self.tight
        if cost + lost + sum(map(self._least_of, self.pending)) >= self.least:
            return
        if not self.pending:
            self.best, self.least = dict(self.settled), cost
            return
        request = self.pending.pop()
        self._settle(request, depth, cost)
        self.pending.append(request)

    def _least_of(self, request: Id) -> int:
        """At least so much does it cost more than now to place the request anew."""
        was = self.ejected.get(request)
        return 0 if was is None else -self.prices.of(request, was)

    def _settle(self, request: Id, depth: int, cost: int) -> None:
        row, board = self.board.requests[request], self.board
        cost += self._least_of(request)
        if request in self.ejected:
            self.settled[request] = None
            self._next(depth, cost + self.prices.drop(request))
            del self.settled[request]
        starts = self._starts(request)
        free = board.free(row) & starts
        for meeting in self.places(request, free):
            self._put(meeting, depth, cost)
            if depth == 0 and not self.pending:
                return
        simple = not board.strict and not row.teams
        for slot in self._in_order(request, starts & ~free if simple else starts) if depth else ():
            for crew in board.crews(row):
                self._force(request, slot, crew, depth, cost)

    def _starts(self, request: Id) -> int:
        mask = self.board.starts(self.board.requests[request]) & self.future
        published = self.prices.before.get(request)
        return mask & 1 << published.slot if request in self.still and published is not None else mask

    def places(self, request: Id, free: int) -> list[Meeting]:
        """Meetings that break nothing, the best first: cheapest, then same day, few breaks, near."""
        row, like = self.board.requests[request], self.prices.before.get(request)
        found = [m for slot in slots_in(free) if (m := self.board.meeting_at(row, slot, like)) is not None]
        return sorted(found, key=lambda m: (self.prices.of(request, m), *self._liked(m, like)))

    def _liked(self, meeting: Meeting, like: Meeting | None) -> tuple[bool, int, int]:
        if like is None:
            return False, self.board.breaks_added(meeting), meeting.slot
        other_day = self.board.day_of[meeting.slot] != self.board.day_of[like.slot]
        return other_day, self.board.breaks_added(meeting), abs(meeting.slot - like.slot)

    def _in_order(self, request: Id, mask: int) -> list[int]:
        """The published slot first, then the nearest."""
        like = self.prices.before.get(request)
        return sorted(slots_in(mask), key=lambda slot: abs(slot - like.slot)) if like is not None else list(slots_in(mask))

    def _put(self, meeting: Meeting, depth: int, cost: int) -> None:
        self.steps -= 1
        self.board.place(meeting)
        self.settled[meeting.id] = meeting
        self._next(depth, cost + self.prices.of(meeting.id, meeting))
        del self.settled[meeting.id]
        self.board.remove(meeting.id)

    def _force(self, request: Id, slot: int, crew: tuple[Id, ...], depth: int, cost: int) -> None:
        """Put the request there, and eject what is in the way, at most `depth` meetings."""
        self.steps -= 1
        if self.steps <= 0:
            return
        row, like = self.board.requests[request], self.prices.before.get(request)
        obstacles = self.board.obstacles(row, slot, crew, brief=True)
        if not obstacles:
            self._put(Meeting(request, slot, self.board.table_for(row, slot, crew, like), crew), depth, cost)
        elif depth:
            own = self.prices.of(request, Meeting(request, slot, None if like is None else like.table, crew))
            for other in self._movable(obstacles[0], request, slot):
                if cost + own + self._least_to_move(other, obstacles[0], depth) < self.least:
                    self._eject(other, request, slot, crew, depth, cost)

    def _eject(self, other: Id, request: Id, slot: int, crew: tuple[Id, ...], depth: int, cost: int) -> None:
        self.ejected[other] = self.board.remove(other)
        self.pending.append(other)
        self._force(request, slot, crew, depth - 1, cost)
        self.pending.pop()
        self.board.place(self.ejected.pop(other))

    def _least_to_move(self, other: Id, obstacle: Obstacle, depth: int) -> int:
        paid = self.prices.of(other, self.board.meetings[other])
        least = -paid if paid else 1 if obstacle[0] in TABLES else self.prices.move(other)
        if self.tight and None not in self.settled.values():
            dropped = self._drop_more(other)
            return dropped if depth == 1 and obstacle[0] == "table_full" else min(dropped, least + self.tight)
        return least

    def _movable(self, obstacle: Obstacle, request: Id, slot: int) -> Iterable[Id]:
        """Requests of which one must go for the obstacle to go."""
        code, ids = obstacle
        if code in ("busy", "order"):
            return self._may_move(ids[:1])
        if code in ("pause", "rest"):
            return self._may_move(ids)
        if code == "day_cap":
            return self._may_move(self._day_of(ids[0], slot))
        if code not in TABLES:
            return ()
        if self.tight and self.board.at_any_table(self.board.requests[request]):
            return self._may_move(islice(self._crowd(slot), CHEAPEST))
        return self._worth_trying((*ids, *self._at_tables(request, slot)))

    def _may_move(self, ids: Iterable[Id]) -> list[Id]:
        meetings = self.board.meetings
        return [i for i in ids if i not in self.still and i not in self.settled and self.future >> meetings[i].slot & 1]

    def _day_of(self, person: Id, slot: int) -> Iterator[Id]:
        board = self.board
        day = board.busy[person] & board.day_mask[board.day_of[slot]]
        return iter(dict.fromkeys(board.at[person, s] for s in slots_in(day)))

    def _at_tables(self, request: Id, slot: int) -> Iterator[Id]:
        row = self.board.requests[request]
        span = tuple(slots_in(self.board.span(row, slot)))
        seated = self.board.seated
        return iter(dict.fromkeys(seated[t, s] for t in self.board.usable(row) for s in span if (t, s) in seated))

    def _worth_trying(self, ids: Iterable[Id]) -> list[Id]:
        """Of many meetings at tables: some that have a free place, and the cheapest to cancel."""
        movable = self._may_move(dict.fromkeys(ids))
        if len(movable) <= CHEAPEST:
            return movable
        board = self.board
        rooms = list(islice((i for i in movable if board.free(board.requests[i]) & self.future), ROOMS))
        self.steps -= len(movable) // 8
        return list(dict.fromkeys((*rooms, *nsmallest(CHEAPEST, movable, key=self._drop_more))))

    def _crowd(self, slot: int) -> Iterator[Id]:
        """Who has had a shared table in the slot since it was first looked at, the cheapest to cancel first."""
        meetings = self.board.meetings
        if slot not in self.crowds:
            seated = self.board.seated
            ids = self._may_move(dict.fromkeys(seated[t, slot] for t in self.board.shared if (t, slot) in seated))
            self.crowds[slot] = sorted(ids, key=self._drop_more)
        return (i for i in self.crowds[slot] if i in meetings and meetings[i].slot == slot)

    def _drop_more(self, request: Id) -> int:
        return self.prices.drop(request) - self.prices.of(request, self.board.meetings[request])
