"""A timetable laid out to be changed meeting by meeting, and asked what is in the way: for reasons, remedies and repair.

Every rule of the referee is known here, homogeneity apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from .ground import Ground, bits, reach, slots_in
from .problem import Id, Meeting, Plan, Problem, Request

Obstacle = tuple[str, tuple[Id, ...]]
"""A code and who or what is concerned: people ("away", "asleep", "day_cap"), requests ("busy", "order", "pause", "rest",
"travel"), or nobody ("table_closed", "table_full", "session", "fixed", "length")."""


class Board(Ground):
    """`meetings` are put down as they stand, clash or not."""

    def __init__(self, problem: Problem, meetings: Iterable[Meeting] = ()) -> None:
        super().__init__(problem)
        self.busy = dict.fromkeys(self.people, 0)
        self.capped = {p: self.every if cap == 0 else 0 for p, cap in self.caps.items()}
        self.held: dict[tuple[Id, int], int] = defaultdict(int)
        self.at: dict[tuple[Id, int], Id] = {}
        self.taken: dict[Id, int] = dict.fromkeys(self.tables, 0)
        self.seated: dict[tuple[Id, int], Id] = {}
        self.place_of = {t: n for n, t in enumerate(self.shared)}
        self.vacant = self._vacant()
        self.roomy = bits(s for s, tables in enumerate(self.vacant) if tables)
        self.meetings: dict[Id, Meeting] = {}
        for meeting in meetings:
            self.place(meeting)

    @cached_property
    def _pauses(self) -> list[tuple[int, int]]:
        return [(bits(pause.slots), len(pause.slots) - pause.free) for pause in self.problem.pauses]

    @cached_property
    def _ways(self) -> dict[frozenset[Id], int]:
        return {frozenset(way.between): way.slots for way in self.problem.ways}

    def present(self, meeting: Meeting) -> tuple[Id, ...]:
        participants = self.requests[meeting.id].participants
        if not meeting.delegates:
            return participants
        return tuple(dict.fromkeys((*participants, *(d for d in meeting.delegates if d in self.people))))

    def place(self, meeting: Meeting) -> None:
        request, slot = self.requests[meeting.id], meeting.slot
        self._mark(meeting, self.span(request, slot), self.day_of[slot], 1)
        self.meetings[meeting.id] = meeting

    def remove(self, request_id: Id) -> Meeting:
        meeting = self.meetings.pop(request_id)
        request, slot = self.requests[request_id], meeting.slot
        self._mark(meeting, self.span(request, slot), self.day_of[slot], -1)
        return meeting

    def _mark(self, meeting: Meeting, span: int, day: int, sign: int) -> None:
        slots = (meeting.slot,) if span == 1 << meeting.slot else tuple(slots_in(span))
        for person in self.present(meeting):
            self.busy[person] = self.busy[person] | span if sign > 0 else self.busy[person] & ~span
            for slot in slots:
                if sign > 0:
                    self.at[person, slot] = meeting.id
                else:
                    self.at.pop((person, slot), None)
            cap = self.caps[person]
            if cap is not None:
                self.held[person, day] += sign
                full = self.held[person, day] >= cap
                self.capped[person] = (
                    self.capped[person] | self.day_mask[day] if full else self.capped[person] & ~self.day_mask[day]
                )
        if meeting.table is not None and meeting.table in self.tables:
            self._mark_table(meeting, span, slots, sign)

    def _mark_table(self, meeting: Meeting, span: int, slots: tuple[int, ...], sign: int) -> None:
        table = meeting.table
        if table is None:
            return
        self.taken[table] = self.taken[table] | span if sign > 0 else self.taken[table] & ~span
        shared = 1 << self.place_of[table] if table in self.place_of else 0
        for slot in slots:
            if sign > 0:
                self.seated[table, slot] = meeting.id
                self.vacant[slot] &= ~shared
            else:
                self.seated.pop((table, slot), None)
                self.vacant[slot] |= 0 if self.closed[table] >> slot & 1 else shared
            self.roomy = self.roomy | 1 << slot if self.vacant[slot] else self.roomy & ~(1 << slot)

    def _vacant(self) -> list[int]:
        """For each slot the shared tables that are open and not taken: bit n stands for the n-th of them."""
        every = (1 << len(self.shared)) - 1
        found = [0, *(every for _ in self.problem.slots)]
        for place, table in enumerate(self.shared):
            for slot in slots_in((self.closed[table] | self.taken[table]) & self.every):
                found[slot] &= ~(1 << place)
        return found

    def open_table(self, table: Id, span: int) -> None:
        self.closed[table] &= ~span
        self._show(table, span)

    def close_table(self, table: Id, span: int) -> None:
        """The slots of the span, in which it is not taken."""
        self.closed[table] |= span
        self._show(table, span)

    def _show(self, table: Id, span: int) -> None:
        bit = 1 << self.place_of[table] if table in self.place_of else 0
        for slot in slots_in(span):
            shut = (self.closed[table] | self.taken[table]) >> slot & 1
            self.vacant[slot] = self.vacant[slot] & ~bit if shut else self.vacant[slot] | bit
            self.roomy = self.roomy | 1 << slot if self.vacant[slot] else self.roomy & ~(1 << slot)
        self.reopen()

    def set_cap(self, person: Id, cap: int) -> None:
        """Meetings a day at most, for somebody who has such a cap."""
        self.caps[person] = cap
        full = (mask for day, mask in self.day_mask.items() if self.held[person, day] >= cap)
        self.capped[person] = 0
        for mask in full:
            self.capped[person] |= mask

    def free(self, request: Request) -> int:
        """Starts that nothing known by slots alone keeps it from; exact unless `strict`, or the request has teams."""
        mask = self.starts(request)
        for person in request.participants:
            mask &= ~(
                (self.busy[person] if request.length == 1 else reach(self.busy[person], request.length)) | self.capped[person]
            )
        if mask and request.teams:
            for team in request.teams:
                mask &= self._some(request, (self.busy[p] | self._gone(request, p) for p in team))
        if mask and self.needs_table(request):
            mask &= self._table_free(request)
        return mask & self._in_order(request) if mask and (request.after or request.id in self.later) else mask

    def _table_free(self, request: Request) -> int:
        if self.at_any_table(request):
            return self.roomy
        return self._some(request, (self.closed[t] | self.taken[t] for t in self.usable(request)))

    def _in_order(self, request: Request) -> int:
        first, last = 1, len(self.problem.slots)
        for before in request.after:
            if before in self.meetings:
                first = max(first, self.meetings[before].slot + self.requests[before].length)
        for after in self.later.get(request.id, ()):
            if after in self.meetings:
                last = min(last, self.meetings[after].slot - request.length)
        return bits(range(first, last + 1))

    def meeting_at(self, request: Request, slot: int, like: Meeting | None = None) -> Meeting | None:
        """A meeting that breaks nothing in that slot, as much `like` that one as can be; None where there is none."""
        crews = self.crews(request)
        if like is not None and like.delegates in crews:
            crews = [like.delegates, *(c for c in crews if c != like.delegates)]
        for crew in crews:
            if not self.obstacles(request, slot, crew, brief=True):
                table = self.table_for(request, slot, crew, like)
                return Meeting(request.id, slot, table, crew)
        return None

    def table_for(self, request: Request, slot: int, crew: tuple[Id, ...] = (), like: Meeting | None = None) -> Id | None:
        """A free table, the same as before or a preferred one if it can be; None where there is none or none is needed."""
        if not self.needs_table(request):
            return None
        before = () if like is None or like.table is None else (like.table,)
        usable = self.usable(request)
        wished = (t for t in (*before, *request.prefers) if t in usable and t in self.tables)
        span, ways = self.span(request, slot), self.problem.ways
        table: Id
        for table in chain(wished, self._vacant_of(usable, span)):
            if not (self.closed[table] | self.taken[table]) & span and not (ways and self.too_far(request, slot, crew, table)):
                return table
        return None

    def _vacant_of(self, usable: Sequence[Id], span: int) -> Iterator[Id]:
        if usable is not self.shared:
            return (t for t in usable if not (self.closed[t] | self.taken[t]) & span)
        common = -1
        for slot in slots_in(span):
            common &= self.vacant[slot]
        return (self.shared[n] for n in slots_in(common))

    def clash(self, meeting: Meeting) -> Obstacle | None:
        """What keeps this very meeting, at its table and with its delegates, from being put down; None where nothing does."""
        request, slot, table = self.requests[meeting.id], meeting.slot, meeting.table
        if request.teams and meeting.delegates not in self.crews(request):
            return "delegates", ()
        for obstacle in self.obstacles(request, slot, meeting.delegates if request.teams else ()):
            if obstacle[0] not in ("table_full", "travel") or table is None:
                return obstacle
        if not self.needs_table(request):
            return None if table is None else ("table_closed", ())
        span = self.span(request, slot)
        if table is None or table not in self.tables or table not in self.usable(request) or self.closed[table] & span:
            return "table_closed", ()
        if self.taken[table] & span:
            return "table_full", tuple(dict.fromkeys(self.seated[table, s] for s in slots_in(self.taken[table] & span)))
        far = self.too_far(request, slot, meeting.delegates, table) if self.problem.ways else []
        return ("travel", tuple(far)) if far else None

    def obstacles(self, request: Request, slot: int, crew: tuple[Id, ...] = (), *, brief: bool = False) -> list[Obstacle]:
        """Everything that keeps the request from starting there, sent by that crew, the rest as it stands; `brief`: the first."""
        people = (*request.participants, *crew) if crew else request.participants
        found: list[Obstacle] = []
        for obstacle in self._obstacles(request, slot, self.span(request, slot), people, crew):
            found.append(obstacle)
            if brief:
                break
        return found

    def _obstacles(
        self, request: Request, slot: int, span: int, people: tuple[Id, ...], crew: tuple[Id, ...]
    ) -> Iterator[Obstacle]:
        if not self.allowed(request) >> slot & 1:
            yield self._own_rule(request, slot), ()
        away = [p for p in people if self.away[p] & span]
        if away:
            yield "away", tuple(away)
        asleep = [p for p in people if self.asleep[p] & span] if request.online else []
        if asleep:
            yield "asleep", tuple(asleep)
        busy = [p for p in people if self.busy[p] & span]
        if busy:
            yield "busy", tuple(dict.fromkeys(self.at[p, s] for p in busy for s in slots_in(span & self.busy[p])))
        capped = [p for p in people if self.capped[p] >> slot & 1]
        if capped:
            yield "day_cap", tuple(capped)
        if self.needs_table(request):
            yield from self._table_obstacle(request, slot, span, crew)
        if request.after or request.id in self.later:
            yield from self._order_obstacle(request, slot)
        if self.strict:
            yield from self._life_obstacles(request, slot, span, people)

    def _own_rule(self, request: Request, slot: int) -> str:
        if request.fixed_slot is not None and request.fixed_slot != slot:
            return "fixed"
        return "session" if request.session not in (None, self.problem.slots[slot - 1].session) else "length"

    def _table_obstacle(self, request: Request, slot: int, span: int, crew: tuple[Id, ...]) -> Iterator[Obstacle]:
        usable = self.usable(request)
        if self.at_any_table(request) and not self.problem.ways:
            if not self.vacant[slot]:
                yield ("table_full" if self._some_open >> slot & 1 else "table_closed"), ()
            return
        vacant = list(self._vacant_of(usable, span))
        if not vacant:
            yield ("table_full" if any(not self.closed[t] & span for t in usable) else "table_closed"), ()
        elif self.problem.ways:
            far = [self.too_far(request, slot, crew, t) for t in vacant]
            if all(far):
                yield "travel", tuple(dict.fromkeys(m for hall in far for m in hall))

    def _order_obstacle(self, request: Request, slot: int) -> Iterator[Obstacle]:
        end = slot + request.length
        wrong = [b for b in request.after if b in self.meetings and self.meetings[b].slot + self.requests[b].length > slot]
        wrong += [a for a in self.later.get(request.id, ()) if a in self.meetings and self.meetings[a].slot < end]
        if wrong:
            yield "order", tuple(wrong)

    def _life_obstacles(self, request: Request, slot: int, span: int, people: tuple[Id, ...]) -> Iterator[Obstacle]:
        for person in people:
            for pause, most in self._pauses:
                if span & pause and ((self.busy[person] | span) & pause).bit_count() > most:
                    yield "pause", tuple(dict.fromkeys(self.at[person, s] for s in slots_in(self.busy[person] & pause)))
            most_in_row = self.people[person].max_in_row
            if most_in_row is not None:
                row = self._row(person, slot, request.length)
                if len(row) >= most_in_row:
                    yield "rest", row

    def breaks_added(self, meeting: Meeting) -> int:
        """How many breaks more its people would have with the meeting, which is not on the board."""
        span, day = self.span(self.requests[meeting.id], meeting.slot), self.day_of[meeting.slot]
        line = self.every if self.problem.breaks_over_forbidden else self.day_mask[day]
        return sum(
            self._breaks(p, line, self.busy[p] | span) - self._breaks(p, line, self.busy[p]) for p in self.present(meeting)
        )

    def all_breaks(self) -> int:
        lines = [self.every] if self.problem.breaks_over_forbidden else list(self.day_mask.values())
        return sum(self._breaks(person, line, busy) for person, busy in self.busy.items() for line in lines)

    def _breaks(self, person: Id, line: int, busy: int) -> int:
        busy &= line
        if not busy & (busy - 1):
            return 0
        between = (1 << busy.bit_length()) - (busy & -busy)
        idle = line & between & ~busy
        if not self.problem.breaks_over_forbidden:
            idle &= ~(self.away[person] | self._kept_free)
        return (idle & ~(idle << 1)).bit_count()

    @cached_property
    def _kept_free(self) -> int:
        return bits(slot for pause in self.problem.pauses for slot in pause.slots)

    def _row(self, person: Id, slot: int, length: int) -> tuple[Id, ...]:
        """Her meetings of that day without a free slot between them and the slots from `slot` on."""
        found: list[Id] = []
        for step, place in ((-1, slot - 1), (1, slot + length)):
            while self.busy[person] >> place & 1 and self.day_of[place] == self.day_of[slot]:
                found.append(self.at[person, place])
                place += step
        return tuple(dict.fromkeys(found))

    def too_far(self, request: Request, slot: int, crew: tuple[Id, ...], table: Id) -> list[Id]:
        """Meetings of its people that leave no time to walk to that table."""
        hall, found = self.tables[table].hall, []
        for person in (*request.participants, *crew) if hall is not None else ():
            for other in dict.fromkeys(
                self.at[person, s] for s in slots_in(self.busy[person] & self.day_mask[self.day_of[slot]])
            ):
                meeting = self.meetings[other]
                needed = self._way(hall, self._hall(meeting))
                ends, others_end = slot + request.length, meeting.slot + self.requests[other].length
                if meeting.slot - ends < needed and slot - others_end < needed and needed:
                    found.append(other)
        return found

    def _way(self, one: Id | None, other: Id | None) -> int:
        return 0 if one is None or other is None else self._ways.get(frozenset((one, other)), 0)

    def _hall(self, meeting: Meeting) -> Id | None:
        table = None if meeting.table is None else self.tables.get(meeting.table)
        return None if table is None else table.hall


def laid_out(problem: Problem, plan: Plan) -> Board:
    """The plan on a board; meetings of unknown requests, outside the slots, or of a request placed already are left out."""
    board = Board(problem)
    for meeting in plan.meetings:
        if meeting.id in board.requests and meeting.id not in board.meetings and board.in_range(meeting.slot):
            board.place(meeting)
    return board
