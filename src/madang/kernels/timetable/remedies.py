"""What would have to change for an unplaced request to be placed: the smallest changes, each tried and refereed.

A depth-first search over single changes: every remedy of n steps takes away, step by step, the first thing in the way, so that
none of that size is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from .board import Obstacle, laid_out
from .faults import ProblemError
from .ground import bits, slots_in
from .problem import Goal, Id, Meeting, Participant, Plan, Problem, Request, Status, Table, Violation
from .referee import Book, check
from .repair.change import Change, Kind
from .watch import Watch

LARGEST = 2  # steps
STEPS = 30_000  # tries for one size
PRICE = {"open_table": 8, "move_meeting": 10, "one_more_table": 12, "raise_cap": 12, "be_available": 15, "be_awake": 15}
DROP = 50  # and 10 for each point of weight


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changes. `kind` and its `ids`:

    move_meeting (request; `change` says from where to where), be_available (person, slot), be_awake (person, slot; online),
    one_more_table (slot), open_table (table, slot), raise_cap (person, day), drop_meeting (request; `change` too).
    """

    kind: str
    ids: tuple[Id, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """Steps that make a place for the request, `meeting` is that place; `problem` and `plan` are how all stands afterwards.

    `size` is the number of steps; there is no remedy with fewer. `cost` orders remedies of one size.
    """

    request: Id
    steps: tuple[Step, ...]
    meeting: Meeting
    cost: int
    problem: Problem
    plan: Plan

    @property
    def size(self) -> int:
        return len(self.steps)


def remedies(
    problem: Problem, plan: Plan, request: Id, *, since: int = 1, limit: float = 1.0, most: int = 3
) -> tuple[Remedy, ...]:
    """At most `most` remedies of the smallest size (0: a place is free; at most 2), one of each kind, the cheapest first.

    `since`: the first slot that may still change. Empty where nothing of that size helps, or was found in `limit` seconds.
    KeyError for an unknown request, ValueError for a placed one, `ProblemError` where homogeneity is asked for.
    """
    if problem.homogeneity is not None:
        raise ProblemError("remedies do not keep breaks within a difference: leave homogeneity out")
    search = _Search(problem, plan, request, since, Watch(limit, None, 0), most)
    for size in range(LARGEST + 1):
        found = search.of_size(size)
        good = [r for r in (_remedy(problem, plan, request, found[kinds]) for kinds in found) if r is not None]
        if good:
            return tuple(sorted(good, key=lambda remedy: remedy.cost)[:most])
        if search.cut:
            break
    return ()


@dataclass(frozen=True, slots=True)
class _Cure:
    """A step in the making: what it does to the board is done and undone by the search."""

    kind: str
    ids: tuple[Id, ...]
    before: Meeting | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    cost: int
    meeting: Meeting
    cures: tuple[_Cure, ...]
    after: tuple[Meeting | None, ...]  # of each cure's meeting


class _Search:
    """`cut`: tries or time ran out, so that a larger size must not be called smallest."""

    def __init__(self, problem: Problem, plan: Plan, request: Id, since: int, watch: Watch, most: int) -> None:
        self.board = laid_out(_with_spare_tables(problem), plan)
        self.spare = _spare_ids(problem)
        self.future = bits(range(max(1, since), len(problem.slots) + 1))
        if self.board.requests[request].id in self.board.meetings:
            raise ValueError(f"request {request!r} is placed")
        self.root, self.watch, self.most = request, watch, most
        self.by_breaks = problem.goal is Goal.BREAKS
        self.size = self.tries = 0
        self.cut = False
        self.cures: list[_Cure] = []
        self.pending: list[Id] = []
        self.found: dict[tuple[str, ...], _Way] = {}

    def of_size(self, size: int) -> dict[tuple[str, ...], _Way]:
        """The cheapest way found for each combination of kinds."""
        self.size, self.tries, self.found, self.pending = size, STEPS, {}, [self.root]
        self._seek(size)
        return self.found

    @property
    def _over(self) -> bool:
        self.cut = self.cut or self.tries <= 0 or self.watch.over
        return self.cut or (self.size > 1 and len(self.found) >= self.most)

    def _seek(self, budget: int) -> bool:
        """Find a place for the last of the pending; where none is pending, that is a way. Whether there was one."""
        if not self.pending:
            self._note()
            return True
        request = self.pending.pop()
        row, done = self.board.requests[request], False
        for slot in self._slots(row, budget):
            for crew in self.board.crews(row):
                done = self._clear(row, slot, crew, budget) or done
            if self._over or (done and not budget and not self.pending):
                break
        self.pending.append(request)
        return done

    def _slots(self, row: Request, budget: int) -> list[int]:
        """Those that could do with so many steps left, the nearest to where its meeting was first."""
        mask = self.board.allowed(row) if budget else self.board.free(row)
        was = self._was(row)
        near = 0 if was is None else was.slot
        return sorted(slots_in(mask & self.future), key=lambda slot: abs(slot - near))

    def _clear(self, row: Request, slot: int, crew: tuple[Id, ...], budget: int) -> bool:
        """Put the request there, taking away what is in the way with the steps that are left."""
        self.tries -= 1
        obstacles = self.board.obstacles(row, slot, crew, brief=True)
        if not obstacles:
            like = self._was(row)
            meeting = Meeting(row.id, slot, self.board.table_for(row, slot, crew, like), crew)
            self.board.place(meeting)
            done = meeting != like and self._seek(budget)
            self.board.remove(row.id)
            return done
        if len(obstacles[0][1]) > budget and obstacles[0][0] in ("away", "asleep", "busy", "order"):
            return False
        done = False
        for cure in self._cures(obstacles[0], row, slot, budget) if budget else ():
            if self._over:
                break
            done = self._with(cure, row, slot, crew, budget - 1) or done
        return done

    def _with(self, cure: _Cure, row: Request, slot: int, crew: tuple[Id, ...], budget: int) -> bool:
        self.cures.append(cure)
        self._apply(cure, 1)
        if cure.kind == "move_meeting":
            self.pending.append(cure.ids[0])
        done = self._clear(row, slot, crew, budget)
        if cure.kind == "move_meeting":
            self.pending.pop()
        self._apply(cure, -1)
        self.cures.pop()
        return done

    def _apply(self, cure: _Cure, sign: int) -> None:
        board = self.board
        if cure.before is not None:
            if sign > 0:
                board.remove(cure.before.id)
            else:
                board.place(cure.before)
        elif cure.kind in ("be_available", "be_awake"):
            masks = board.away if cure.kind == "be_available" else board.asleep
            masks[cure.ids[0]] ^= 1 << int(cure.ids[1])
            board.reopen()
        elif cure.kind == "raise_cap":
            board.set_cap(cure.ids[0], (board.caps[cure.ids[0]] or 0) + sign)
        else:
            (board.open_table if sign > 0 else board.close_table)(cure.ids[0], 1 << int(cure.ids[1]))

    def _cures(self, obstacle: Obstacle, row: Request, slot: int, budget: int) -> Iterator[_Cure]:
        """Every single change that could help against the obstacle: one of them is part of any remedy in this slot."""
        code, ids = obstacle
        board, span = self.board, self.board.span(row, slot)
        if code in ("away", "asleep"):
            gone = (board.away if code == "away" else board.asleep)[ids[0]] & span
            yield _Cure("be_available" if code == "away" else "be_awake", (ids[0], next(slots_in(gone))))
        elif code in ("busy", "order"):
            yield from self._out_of_the_way(ids[:1])
        elif code == "day_cap":
            yield _Cure("raise_cap", (ids[0], board.day_of[slot]))
            day = board.busy[ids[0]] & board.day_mask[board.day_of[slot]]
            yield from self._out_of_the_way(dict.fromkeys(board.at[ids[0], s] for s in slots_in(day)))
        elif code in ("table_full", "table_closed", "travel"):
            yield from self._tables(row, span)
            yield from self._crowd(ids, row, span, budget)
        else:
            yield from self._out_of_the_way(ids)

    def _tables(self, row: Request, span: int) -> Iterator[_Cure]:
        """Opening one of its own tables, or of those any request may use one more."""
        board = self.board
        if row.tables is None and row.fixed_table is None:
            spare = next((t for t in self.spare if not board.taken[t] & span), None)
            shut = 0 if spare is None else board.closed[spare] & span
            if spare is not None and shut:
                yield _Cure("one_more_table", (spare, next(slots_in(shut))))
            return
        for table in board.usable(row):
            shut = board.closed[table] & span
            if shut and not board.taken[table] & span:
                yield _Cure("open_table", (table, next(slots_in(shut))))

    def _crowd(self, ids: tuple[Id, ...], row: Request, span: int, budget: int) -> Iterator[_Cure]:
        """Whoever sits at the tables; where that is the last step, and any table does, what helps as much as all of them."""
        board = self.board
        seated = (board.seated[t, s] for t in board.usable(row) for s in slots_in(span & board.taken[t]))
        cures = list(self._out_of_the_way(dict.fromkeys((*ids, *seated))))
        if budget > 1 or self.pending or not board.at_any_table(row) or board.problem.ways:
            yield from cures
            return
        drops = [c for c in cures if c.kind == "drop_meeting"]
        yield from sorted(drops, key=lambda c: board.requests[c.ids[0]].weight)[:1]
        somewhere = board.roomy & self.future
        rows = ((c, board.requests[c.ids[0]]) for c in cures if c.kind == "move_meeting")
        yield from (c for c, other in rows if somewhere or not board.at_any_table(other))

    def _out_of_the_way(self, ids: Iterable[Id]) -> Iterator[_Cure]:
        for other in ids:
            meeting, row = self.board.meetings[other], self.board.requests[other]
            if other == self.root or not self.future >> meeting.slot & 1 or self._was(row) is not None:
                continue
            yield _Cure("move_meeting", (other,), meeting)
            if not (self.by_breaks or row.required or row.fixed_slot is not None):
                yield _Cure("drop_meeting", (other,), meeting)

    def _was(self, row: Request) -> Meeting | None:
        """Where the request stood before a step took it away."""
        return next((c.before for c in self.cures if c.before is not None and c.before.id == row.id), None)

    def _price(self, cure: _Cure, after: Meeting | None) -> int:
        if cure.before is None or after is None:
            return PRICE.get(cure.kind) or DROP + 10 * self.board.requests[cure.ids[0]].weight
        return 1 if after.slot == cure.before.slot else PRICE["move_meeting"]

    def _note(self) -> None:
        now = self.board.meetings
        after = tuple(None if c.before is None else now.get(c.before.id) for c in self.cures)
        cost = sum(self._price(c, m) for c, m in zip(self.cures, after, strict=True))
        kinds = tuple(sorted(c.kind for c in self.cures))
        if kinds not in self.found or cost < self.found[kinds].cost:
            self.found[kinds] = _Way(cost, now[self.root], tuple(self.cures), after)


def _spare_ids(problem: Problem) -> tuple[Id, ...]:
    known = {table.id for table in problem.tables}
    names = (f"extra-{number}" for number in range(1, len(known) + LARGEST + 1))
    return tuple(islice((name for name in names if name not in known), LARGEST))


def _with_spare_tables(problem: Problem) -> Problem:
    """With tables that are closed all the time, for a step to open."""
    shut = frozenset(range(1, len(problem.slots) + 1))
    return replace(problem, tables=(*problem.tables, *(Table(name, closed=shut) for name in _spare_ids(problem))))


def _remedy(problem: Problem, plan: Plan, request: Id, way: _Way) -> Remedy | None:
    """The way as a remedy, if the referee finds that it breaks nothing that was not broken before."""
    after = {cure.before.id: meeting for cure, meeting in zip(way.cures, way.after, strict=True) if cure.before is not None}
    kept = [m for m in plan.meetings if m.id not in after]
    moved = [m for m in after.values() if m is not None]
    now = Plan(Status.FEASIBLE, None, None, 0.0, (*kept, *moved, way.meeting))
    state = _changed(problem, way.cures)
    if _new_violations(problem, plan, state, now, [way.meeting, *moved]):
        return None
    rows = {r.id: r for r in problem.requests}
    steps = tuple(_step(rows, request, cure, meeting) for cure, meeting in zip(way.cures, way.after, strict=True))
    return Remedy(request, steps, way.meeting, way.cost, state, now)


def _step(rows: dict[Id, Request], request: Id, cure: _Cure, after: Meeting | None) -> Step:
    if cure.before is None:
        return Step(cure.kind, cure.ids[1:] if cure.kind == "one_more_table" else cure.ids)
    kind: Kind = "cancelled" if after is None else "moved" if after.slot != cure.before.slot else "reseated"
    sent = (*cure.before.delegates, *(() if after is None else after.delegates))
    people = tuple(dict.fromkeys((*rows[cure.ids[0]].participants, *sent)))
    return Step(cure.kind, cure.ids, Change(cure.ids[0], kind, cure.before, after, people, "room_made_for", request))


def _changed(problem: Problem, cures: tuple[_Cure, ...]) -> Problem:
    """The problem with people more available, caps raised, tables open."""
    state = _with_spare_tables(problem) if any(c.kind == "one_more_table" for c in cures) else problem
    for cure in cures:
        if cure.kind in ("open_table", "one_more_table"):
            tables = (replace(t, closed=t.closed - {cure.ids[1]}) if t.id == cure.ids[0] else t for t in state.tables)
            state = replace(state, tables=tuple(tables))
        elif cure.before is None:
            people = (_freer(p, cure) if p.id == cure.ids[0] else p for p in state.participants)
            state = replace(state, participants=tuple(people))
    return state


def _freer(person: Participant, cure: _Cure) -> Participant:
    if cure.kind == "raise_cap":
        return replace(person, max_per_day=(person.max_per_day or 0) + 1)
    if cure.kind == "be_awake":
        return replace(person, asleep=person.asleep - {cure.ids[1]})
    return replace(person, forbidden=person.forbidden - {cure.ids[1]})


def _new_violations(problem: Problem, plan: Plan, state: Problem, now: Plan, changed: list[Meeting]) -> list[Violation]:
    """What the referee says of all that the change is about: its people's meetings, its slots' tables, its order."""
    book = Book(problem)
    people = {p for m in changed for p in book.present(m)}
    slots = {s for m in changed for s in book.span(m)}
    bound = {b for m in changed for b in book.requests[m.id].after}
    ids = {m.id for m in changed}
    near = {
        m.id
        for m in (*plan.meetings, *changed)
        if m.id in book.requests
        and (
            m.id in ids
            or m.id in bound
            or not ids.isdisjoint(book.requests[m.id].after)
            or not people.isdisjoint(book.present(m))
            or not slots.isdisjoint(book.span(m))
        )
    }
    known = set(check(_part(problem, near), _part_of(plan, near)))
    return [v for v in check(_part(state, near), _part_of(now, near)) if v not in known]


def _part(problem: Problem, near: set[Id]) -> Problem:
    rows = tuple(
        replace(r, after=tuple(a for a in r.after if a in near)) if r.after else r for r in problem.requests if r.id in near
    )
    return replace(problem, requests=rows)


def _part_of(plan: Plan, near: set[Id]) -> Plan:
    return Plan(Status.FEASIBLE, None, None, 0.0, tuple(m for m in plan.meetings if m.id in near))
