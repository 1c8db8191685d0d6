"""Why a request was not placed, and a timetable in figures. Works on any plan, whoever made it.

Reasons are true by construction: each is read off the plan with the referee's rules. Codes are in docs/develop/timetable.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .board import Obstacle, laid_out
from .ground import slots_in
from .problem import Id, Plan, Problem, Reason, Request
from .referee import breaks
from .why import least_in_the_way


@dataclass(frozen=True, slots=True)
class Summary:
    """A timetable in figures.

    asked: requests; possible: those with a slot open to all their people and a table; placed. weight: placed, of weight_asked.
    share_of_bound: objective / bound under Goal.WEIGHT (None without a bound). breaks: their sum; breaks_spread: (breaks,
    people) pairs. tables_used: meetings at a table in each slot. got_nothing: people who are in a request and in no meeting.
    fulfilled: (person, placed, asked) of all who are in a request; fulfilled_tenths: how many people stand in each tenth of
    fulfilled share (the last holds 90 to 100 %); fairness: Jain's index of the shares, 1 where all are equal.
    """

    asked: int
    possible: int
    placed: int
    weight: int
    weight_asked: int
    share_of_bound: float | None
    breaks: int
    breaks_spread: tuple[tuple[int, int], ...]
    tables_used: tuple[int, ...]
    got_nothing: tuple[Id, ...]
    fulfilled: tuple[tuple[Id, int, int], ...]
    fulfilled_tenths: tuple[int, ...]
    fairness: float


def explain(problem: Problem, plan: Plan) -> list[Reason]:
    """One reason for each request that the plan does not place, in the order of the requests."""
    reader = _Reader(problem, plan)
    return [reader.reason(request) for request in problem.requests if request.id not in reader.board.meetings]


def summary(problem: Problem, plan: Plan) -> Summary:
    board = laid_out(problem, plan)
    counts = breaks(problem, plan)
    asked = Counter(p for r in problem.requests for p in r.participants)
    placed = Counter(p for r in problem.requests if r.id in board.meetings for p in r.participants)
    shares = [placed[p] / asked[p] for p in asked]
    seated = Counter(m.slot for m in plan.meetings if m.table is not None)
    weight = sum(r.weight for r in problem.requests if r.id in board.meetings)
    by_weight = problem.goal.value == "weight"
    return Summary(
        asked=len(problem.requests),
        possible=sum(1 for r in problem.requests if board.starts(r)),
        placed=len(board.meetings),
        weight=weight,
        weight_asked=sum(r.weight for r in problem.requests),
        share_of_bound=weight / plan.bound if by_weight and plan.bound else None,
        breaks=sum(counts.values()),
        breaks_spread=tuple(sorted(Counter(counts.values()).items())),
        tables_used=tuple(seated[slot] for slot in range(1, len(problem.slots) + 1)),
        got_nothing=tuple(p for p in asked if not placed[p]),
        fulfilled=tuple((p, placed[p], asked[p]) for p in asked),
        fulfilled_tenths=tuple(sum(1 for s in shares if min(9, int(s * 10)) == tenth) for tenth in range(10)),
        fairness=_jain(shares),
    )


def _jain(shares: list[float]) -> float:
    """Jain, Chiu and Hawe (1984): (sum x)^2 / (n sum x^2)."""
    squares = sum(s * s for s in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0


class _Reader:
    """Reads reasons off a plan that is laid out on a board."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.board = laid_out(problem, plan)

    def reason(self, request: Request) -> Reason:
        if not self.board.common(request):
            return Reason(request.id, "no_common_slot", request.participants)
        slots = list(slots_in(self.board.starts(request)))
        if not slots:
            return Reason(request.id, "no_open_table", request.participants)
        ways = {slot: least_in_the_way(self.board, request, slot) for slot in slots}
        code, people = self._verdict(request, ways)
        return Reason(request.id, code, people, tuple((slot, *o) for slot, found in ways.items() for o in found))

    def _verdict(self, request: Request, ways: dict[int, list[Obstacle]]) -> tuple[str, tuple[Id, ...]]:
        codes = [{code for code, _ in found} for found in ways.values()]
        if set() in codes:
            return "could_be_placed", request.participants
        for code in ("table_full", "travel", "rest", "pause", "order"):
            if any(found <= {code, "table_full"} for found in codes):
                return code, ()
        if all("day_cap" in found for found in codes):
            capped = dict.fromkeys(p for found in ways.values() for code, ids in found if code == "day_cap" for p in ids)
            return "day_cap", tuple(dict.fromkeys(p for p in (*request.participants, *capped) if p in capped))
        return self._held(request, ways)

    def _held(self, request: Request, ways: dict[int, list[Obstacle]]) -> tuple[str, tuple[Id, ...]]:
        """Somebody is busy or at her cap wherever all else would allow it: one person everywhere, or now one, now another."""
        full = tuple(p for p in request.participants if all(self._full(request, p, slot) for slot in ways))
        for person in full:
            spans = [slots_in(self.board.span(request, slot) & self.board.busy[person]) for slot in ways]
            hers = {self.board.at[person, s] for span in spans for s in span}
            if all(self.board.requests[other].weight >= request.weight for other in hers):
                return "stronger_wishes", (person,)
        return ("person_full", full) if full else ("both_busy", request.participants)

    def _full(self, request: Request, person: Id, slot: int) -> bool:
        return bool(self.board.busy[person] & self.board.span(request, slot) or self.board.capped[person] >> slot & 1)
