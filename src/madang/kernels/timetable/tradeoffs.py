"""What each dial costs: the same problem under a few settings, each with a part of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .book import Book
from .problem import Aims, Id, Plan, Problem, Progress
from .referee import breaks
from .solve import solve


@dataclass(frozen=True, slots=True)
class Price:
    """A setting and what came of it; `fairness` is Jain's index of the shares of their wishes that people get (1: all alike)."""

    name: str
    aims: Aims
    plan: Plan
    weight: int
    placed: int
    breaks: int
    worst_day: int
    fairness: float


def usual_settings(problem: Problem) -> dict[str, Aims]:
    """Four settings that fit the problem's weights: all weight first, few gaps, short days without gaps, fair shares."""
    mean = sum(r.weight for r in problem.requests) / max(1, len(problem.requests))
    return {
        "weight": Aims(),
        "few_breaks": Aims(break_price=mean / 2),
        "calm_days": Aims(break_price=mean / 20, most_breaks=1),
        "fair_shares": Aims(spread_price=5 * mean),
    }


def price_list(
    problem: Problem,
    settings: Mapping[str, Aims] | None = None,
    *,
    seed: int = 0,
    limit: float = 60.0,
    progress: Callable[[Progress], bool | str | None] | None = None,
) -> tuple[Price, ...]:
    """A timetable for each setting (`usual_settings` where none are given), each with its share of `limit` seconds.

    Compare them with the first: the plans are those that the time allowed, not proven ones. Stopping ends the list early.
    """
    chosen = usual_settings(problem) if settings is None else dict(settings)
    stopped, rows = False, []

    def listen(seen: Progress) -> bool | str | None:
        nonlocal stopped
        answer = None if progress is None else progress(seen)
        stopped = stopped or answer is True or answer == "stop"
        return answer

    for name, aims in chosen.items():
        if stopped:
            break
        rows.append(_price(problem, name, aims, solve(problem, seed=seed, limit=limit / len(chosen), progress=listen, aims=aims)))
    return tuple(rows)


def _price(problem: Problem, name: str, aims: Aims, plan: Plan) -> Price:
    weights = {r.id: r.weight for r in problem.requests}
    return Price(
        name=name,
        aims=aims,
        plan=plan,
        weight=sum(weights[m.id] for m in plan.meetings),
        placed=len(plan.meetings),
        breaks=sum(breaks(problem, plan).values()),
        worst_day=_worst_day(problem, plan),
        fairness=fairness(problem, plan),
    )


def _worst_day(problem: Problem, plan: Plan) -> int:
    """The most breaks of one person on one day."""
    book, days = Book(problem), {s.day for s in problem.slots}
    by_day = [Plan(plan.status, None, None, 0.0, tuple(m for m in plan.meetings if book.day(m.slot) == d)) for d in days]
    return max((max(breaks(problem, part).values(), default=0) for part in by_day), default=0)


def fairness(problem: Problem, plan: Plan) -> float:
    """Jain's index over everybody who asked for something: (sum of shares)^2 / (people x sum of squared shares)."""
    asked: dict[Id, int] = {}
    got: dict[Id, int] = {}
    placed = {m.id for m in plan.meetings}
    for request in problem.requests:
        for person in request.participants:
            asked[person] = asked.get(person, 0) + request.weight
            got[person] = got.get(person, 0) + (request.weight if request.id in placed else 0)
    shares = [got[p] / asked[p] for p in asked]
    return sum(shares) ** 2 / (len(shares) * sum(s * s for s in shares)) if any(shares) else 1.0
