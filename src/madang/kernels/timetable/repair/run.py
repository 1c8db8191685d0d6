"""The face of repair: put down what still stands, mend what does not, then offer what is free."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..board import Board
from ..faults import ProblemError, ensure_sound
from ..ground import bits
from ..problem import Goal, Id, Meeting, Plan, Problem, Progress, Status
from ..watch import Watch
from .chains import Chains
from .change import Repair
from .least import each_alone, least_cost
from .listing import changes_of
from .past import check_since
from .prices import Prices

WHOLE = 4_000  # (request, slot) pairs up to which everything that may change is one exact window
AROUND = 80  # requests in a window around what was broken; where more is broken than half of that, there is none
EFFORT = 0.2  # of one window, in CP-SAT's deterministic seconds


def repair(
    problem: Problem,
    plan: Plan,
    *,
    since: int = 1,
    locked: frozenset[Id] = frozenset(),
    costs: Mapping[Id, int] | None = None,
    aim_standby: bool = True,
    seed: int = 0,
    limit: float = 5.0,
    progress: Callable[[Progress], bool | str | None] | None = None,
) -> Repair:
    """The published `plan`, changed as little as the new state of things (`problem`) asks.

    `since`: the first slot that may still change; meetings that start before it stand. `locked`: requests whose meetings stay in
    their slots unless that is impossible. `costs`: points (1 or more) for moving a request's meeting, instead of the default.
    `aim_standby`: unplaced requests are offered the places that are free afterwards, the heaviest first.
    `limit`: seconds, a guard only: the search works by numbers of steps (less than a second of processor time for 3,000 people),
    and gives the same answer wherever the limit does not cut it short.
    Raises `ProblemError` for a problem that makes no sense, or asks what a repair cannot keep (homogeneity).
    """
    ensure_sound(problem)
    if problem.homogeneity is not None:
        raise ProblemError("a repair cannot keep breaks within a difference: leave homogeneity out")
    if any(cost < 1 for cost in (costs or {}).values()):
        raise ProblemError("what it costs to move a meeting must be 1 or more")
    watch = Watch(limit, progress, len(problem.requests))
    case = _lay_out(problem, plan, since, locked, costs or {})
    chains = Chains(case.board, case.prices, case.future, locked, watch)
    _mend(case, chains, watch)
    if case.cost > (case.bound or 0):
        _look_closer(case, watch, seed)
    if aim_standby:
        _offer(case, chains)
    return _answer(case, plan, since, watch)


@dataclass
class _Case:
    """`before`: published meetings that may change; `broken`: why those that cannot stay cannot (None: never placed)."""

    problem: Problem
    board: Board
    prices: Prices
    future: int
    still: frozenset[Id]
    past: list[Meeting]
    withdrawn: list[Meeting]
    bound: int | None
    broken: dict[Id, str | None] = field(default_factory=dict)

    @property
    def before(self) -> Mapping[Id, Meeting]:
        return self.prices.before

    @property
    def cost(self) -> int:
        """Of the published meetings as they are now, and of new requests that must be placed."""
        now = self.board.meetings
        changed = [i for i, meeting in self.before.items() if now.get(i) is not meeting]
        return sum(self.prices.of(i, now.get(i)) for i in (*changed, *self.broken.keys() - self.before.keys()))


def _lay_out(problem: Problem, plan: Plan, since: int, locked: frozenset[Id], costs: Mapping[Id, int]) -> _Case:
    """The past as it stood, then the published meetings, locked and costly ones first, as far as they still can be."""
    board = Board(problem)
    past = [m for m in plan.meetings if m.slot < since]
    rest = [m for m in plan.meetings if m.slot >= since]
    for meeting in past:
        if meeting.id in board.requests and meeting.id not in board.meetings and board.in_range(meeting.slot):
            board.place(meeting)
    before = {m.id: m for m in rest if m.id in board.requests and m.id not in board.meetings and board.in_range(m.slot)}
    prices = Prices(board, before, since, costs, locked)
    future = bits(range(max(1, since), len(problem.slots) + 1))
    withdrawn = [m for m in rest if m.id not in before and m.id not in board.meetings]
    alone = each_alone(board, prices, future, locked)
    new = [r for r in problem.requests if r.id not in board.meetings and r.id not in before and prices.must(r)]
    bound = least_cost(board, prices, future, alone, new)
    case = _Case(problem, board, prices, future, locked, past, withdrawn, bound)
    for meeting in sorted(before.values(), key=lambda m: (m.id not in locked, -prices.drop(m.id))):
        clash = None if alone[meeting.id] == 0 and _fits(board, meeting) else board.clash(meeting)
        if clash is None:
            board.place(meeting)
        else:
            case.broken[meeting.id] = clash[0]
    case.broken.update((r.id, None) for r in new)
    return case


def _fits(board: Board, meeting: Meeting) -> bool:
    """A quick yes for a meeting of one slot that may stand there alone: its people and its table are free."""
    row, bit = board.requests[meeting.id], 1 << meeting.slot
    if board.strict or row.length > 1 or row.teams or row.after or row.id in board.later:
        return False
    if any((board.busy[person] | board.capped[person]) & bit for person in row.participants):
        return False
    return meeting.table is None or not board.taken[meeting.table] & bit


def _mend(case: _Case, chains: Chains, watch: Watch) -> None:
    """The most costly to lose first; what is lost is offered what became free after it."""
    order = sorted(case.broken, key=lambda i: -case.prices.drop(i))
    chains.share_out(len(order))
    lost = []
    for request in order:
        if not chains.mend(request):
            lost.append(request)
        watch.beat()
    for request in lost:
        if request not in case.board.meetings:
            chains.mend(request, 0)
    _go_back(case)


def _go_back(case: _Case) -> None:
    """What has moved for others and could stand again where it was published goes back."""
    board, again = case.board, True
    while again:
        again = False
        for request, meeting in case.before.items():
            now = board.meetings.get(request)
            if now is not meeting and now != meeting and request not in case.broken:
                if now is not None:
                    board.remove(request)
                again = board.clash(meeting) is None
                if again or now is not None:
                    board.place(meeting if again or now is None else now)
                if again:
                    break


def _look_closer(case: _Case, watch: Watch, seed: int) -> None:
    """An exact window: all that may change where that is little, else the people of what was lost or moved others."""
    board = case.board
    everything = [*case.before, *(i for i in case.broken if i not in case.before)]
    pairs = sum((board.starts(board.requests[i]) & case.future).bit_count() for i in everything)
    if watch.over or not _exactly_known(case.problem) or (pairs > WHOLE and len(case.broken) > AROUND // 2):
        return
    from .window import solve_window  # here: OR-Tools takes half a second to import, and most repairs need it not

    window = everything if pairs <= WHOLE else _around(case)
    found = solve_window(board, case.prices, window, case.future, case.still, seed=seed, effort=EFFORT, seconds=watch.left)
    if window is everything and found.bound is not None:
        case.bound = max(case.bound or 0, found.bound)
    if found.meetings is None:
        return
    now = sum(case.prices.of(i, board.meetings.get(i)) for i in window)
    if sum(case.prices.of(i, m) for i, m in found.meetings.items()) < now:
        for request in window:
            if request in board.meetings:
                board.remove(request)
        for meeting in found.meetings.values():
            if meeting is not None:
                board.place(meeting)


def _exactly_known(problem: Problem) -> bool:
    """Whether the exact model knows all that the problem asks."""
    plain = all(r.length == 1 and not r.teams for r in problem.requests)
    return plain and not (problem.pauses or problem.ways or any(p.max_in_row is not None for p in problem.participants))


def _around(case: _Case) -> list[Id]:
    """What was broken or changed, then what else its people have, as many as go into a window."""
    board = case.board
    changed = [i for i in case.before if board.meetings.get(i) != case.before[i]]
    chosen = dict.fromkeys((*case.broken, *changed))
    for request in list(chosen):
        for person in board.requests[request].participants:
            for other in board.asked[person]:
                if len(chosen) >= AROUND:
                    return list(chosen)
                if other in case.before:
                    chosen[other] = None
    return list(chosen)


def _offer(case: _Case, chains: Chains) -> None:
    """Unplaced requests get what is free, and nothing moves for them."""
    board = case.board
    waiting = [r for r in case.problem.requests if r.id not in board.meetings and r.id not in case.broken]
    for row in sorted(waiting, key=lambda r: -r.weight):
        free = board.free(row) & case.future
        places = chains.places(row.id, free) if free else []
        if places:
            board.place(places[0])


def _answer(case: _Case, plan: Plan, since: int, watch: Watch) -> Repair:
    board, problem = case.board, case.problem
    past = {m.id for m in case.past}
    rest = (board.meetings[r.id] for r in problem.requests if r.id in board.meetings and r.id not in past)
    proven = case.bound is not None and case.cost == case.bound
    total, weight = board.all_breaks(), sum(board.requests[i].weight for i in board.meetings)
    repaired = Plan(
        Status.OPTIMAL if proven else Status.FEASIBLE,
        total if problem.goal is Goal.BREAKS else weight,
        None,
        watch.seconds,
        (*case.past, *rest),
        total,
    )
    wrong = check_since(problem, repaired, since)
    missed = tuple(v.ids[0] for v in wrong if v.rule == "not_placed")
    if len(missed) < len(wrong):
        raise RuntimeError(f"a repair that breaks a rule is not given: {[v for v in wrong if v.rule != 'not_placed'][:3]}")
    listed = changes_of(board, case.prices, case.broken, case.withdrawn, case.future)
    touched = tuple(dict.fromkeys(p for change in listed for p in change.people))
    return Repair(repaired, listed, touched, missed, case.cost, case.bound, watch.seconds)
