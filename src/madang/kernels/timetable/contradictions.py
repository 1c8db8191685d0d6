"""Which facts of a problem that cannot be contradict each other: smallest sets first."""

from __future__ import annotations

from dataclasses import dataclass

from .problem import Id, Problem


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the problem says. `kind` is a code of docs/develop/timetable-repair.md, `text` plain English."""

    kind: str
    ids: tuple[Id, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that cannot all be true; without any one of them the others can. `smallest`: proven that no fewer contradict."""

    facts: tuple[Fact, ...]
    smallest: bool


def contradictions(problem: Problem, *, limit: float = 10.0, most: int = 3) -> tuple[Contradiction, ...]:
    """At most `most` contradictions that share no fact, the smallest first; empty where the problem can be, or nothing is proven.

    `limit`: seconds at most. Raises `ProblemError` for a problem that makes no sense.
    """
    raise NotImplementedError
