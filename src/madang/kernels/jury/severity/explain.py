"""How an entry came to its fair score, reading by reading; and a referee for what a result claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isclose
from statistics import fmean

from .problem import Axis, Id, Problem, Result, Score, Violation


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of an entry. `corrected`: the score with her severity taken out; `off`: how far that is from the fair score."""

    juror: Id
    given: float | None
    severity: float | None
    corrected: float | None
    off: float | None


@dataclass(frozen=True, slots=True)
class Story:
    """From `raw` mean to `corrected` mean (severity out) to `score`: the last step holds back what few readings say."""

    score: Score
    corrected: float
    readings: tuple[Reading, ...]


def explain(problem: Problem, result: Result, axis: str, entry: Id) -> Story:
    """The readings of an entry on an axis, in the order of the problem. KeyError where it has no score there."""
    found = result.axis(axis)
    score = found.scores[found.row(entry)]
    severity = {j.juror: j.severity for j in found.jurors}
    readings = []
    for rating in problem.ratings:
        if (rating.entry, rating.axis) == (entry, axis):
            mild = severity.get(rating.juror)
            corrected = None if rating.score is None else rating.score + (mild or 0.0)
            off = None if corrected is None else corrected - score.score
            readings.append(Reading(rating.juror, rating.score, mild, corrected, off))
    return Story(score, fmean(r.corrected for r in readings if r.corrected is not None), tuple(readings))


def check(problem: Problem, result: Result) -> list[Violation]:
    """Every claim of a result that is not true of the ratings; empty where it is clean. Shares no code with the solver."""
    names = tuple(a.name for a in result.axes)
    if names != problem.axes:
        return [Violation("axes", names, f"the result has the axes {names}, the problem {problem.axes}")]
    return [v for axis in result.axes for v in _axis_violations(problem, axis)]


def _axis_violations(problem: Problem, axis: Axis) -> Iterator[Violation]:
    given: dict[Id, dict[Id, float]] = defaultdict(dict)
    for rating in problem.ratings:
        if rating.axis == axis.name and rating.score is not None:
            given[rating.entry][rating.juror] = rating.score
    if sorted(map(repr, given)) != sorted(repr(s.entry) for s in axis.scores):
        yield Violation("entries", (axis.name,), f"{axis.name}: the entries with a score are not those that were rated")
        return
    for score in axis.scores:
        mine = given[score.entry]
        if score.readings != len(mine) or not isclose(score.raw, fmean(mine.values()), abs_tol=1e-9):
            yield Violation("raw", (axis.name, score.entry), f"{score.entry!r} has other readings on {axis.name}")
        if score.low is not None and score.high is not None and not score.low <= score.high:
            yield Violation("interval", (axis.name, score.entry), f"{score.entry!r} has an interval upside down on {axis.name}")
        if not 1 <= score.first <= score.last:
            yield Violation("places", (axis.name, score.entry), f"{score.entry!r} has places upside down on {axis.name}")
    yield from _group_violations(axis, given)
    yield from _order_violations(axis)


def _group_violations(axis: Axis, given: dict[Id, dict[Id, float]]) -> Iterator[Violation]:
    """Groups are told apart by walking from entry to juror to entry."""
    of_juror: dict[Id, set[Id]] = defaultdict(set)
    for entry, mine in given.items():
        for juror in mine:
            of_juror[juror].add(entry)
    left = set(given)
    walked = []
    while left:
        todo, seen = [left.pop()], set()
        while todo:
            entry = todo.pop()
            seen.add(entry)
            near = {e for juror in given[entry] for e in of_juror[juror]} & left
            left -= near
            todo.extend(near)
        walked.append(frozenset(seen))
    if set(walked) != {frozenset(g.entries) for g in axis.groups}:
        yield Violation("groups", (axis.name,), f"{axis.name}: the groups are not those that readings link")
    for score in axis.scores:
        if not 0 <= score.group < len(axis.groups) or score.entry not in axis.groups[score.group].entries:
            yield Violation("group", (axis.name, score.entry), f"{score.entry!r} is not in its group on {axis.name}")


def _order_violations(axis: Axis) -> Iterator[Violation]:
    for number in range(len(axis.groups)):
        mine = [s for s in axis.scores if s.group == number]
        if [s.place for s in mine] != list(range(1, len(mine) + 1)):
            yield Violation("order", (axis.name,), f"{axis.name}: the places of group {number} are not 1 to {len(mine)}")
        for better, worse in pairwise(mine):
            if better.score < worse.score - 1e-9 or worse.band < better.band:
                yield Violation("order", (axis.name, worse.entry), f"{worse.entry!r} stands behind a lower score on {axis.name}")
