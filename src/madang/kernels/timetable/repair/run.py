"""The face of repair."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..problem import Id, Plan, Problem, Progress
from .change import Repair


def repair(
    problem: Problem,
    plan: Plan,
    *,
    since: int = 1,
    locked: frozenset[Id] = frozenset(),
    costs: Mapping[Id, int] | None = None,
    aim_standby: bool = True,
    seed: int = 0,
    limit: float = 1.0,
    progress: Callable[[Progress], bool | str | None] | None = None,
) -> Repair:
    """The published `plan`, changed as little as the new state of things (`problem`) asks.

    `since`: the first slot that may still change; meetings before it stand. `locked`: requests whose meetings stay where they
    are unless that is impossible. `costs`: points that moving a request's meeting costs, instead of the default.
    `aim_standby`: unplaced requests are offered the places that are free afterwards, the heaviest first.
    Raises `ProblemError` for a problem that makes no sense, or asks what a repair cannot keep (homogeneity).
    """
    raise NotImplementedError
