"""Why a juror reads an entry, and why another does not; true of any plan, whoever made it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from .by_hand import clashing
from .ground import CODES, Ints, ground_of
from .problem import Id, Plan, Problem


@dataclass(frozen=True, slots=True)
class Reason:
    """One pair. `code`: the first that is true, in the order of docs/develop/jury.md; `details`: the codes of a `conflict`.

    `points`: what is not liked about a pair that is read (code, points); `more`: points more if she took the place of `instead`.
    """

    entry: Id
    juror: Id
    reads: bool
    code: str
    details: tuple[str, ...] = ()
    points: tuple[tuple[str, int], ...] = ()
    instead: Id | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan in figures. `loads`: (juror, readings). `spread`: (readings, how many jurors). `readers`: (readers, entries)."""

    loads: tuple[tuple[Id, int], ...]
    spread: tuple[tuple[int, int], ...]
    readers: tuple[tuple[int, int], ...]
    compatriots: int
    unpreferred: int
    one_country: tuple[Id, ...]
    """Entries whose readers, two or more, are all of one country."""
    lopsided: tuple[Id, ...]
    """Jurors with more than four readings, all of one main country."""


def explain(problem: Problem, plan: Plan, *, entry: Id | None = None, juror: Id | None = None) -> tuple[Reason, ...]:
    """Reasons for a pair, for an entry with every juror, or for a juror with every entry: those that are read first.

    Raises KeyError for strangers, ValueError where neither is named.
    """
    if entry is None and juror is None:
        raise ValueError("name an entry, a juror, or both")
    reader = _Reader(problem, plan)
    rows = range(len(problem.entries)) if entry is None else [reader.ground.entry_at[entry]]
    columns = range(len(problem.jurors)) if juror is None else [reader.ground.juror_at[juror]]
    return tuple(sorted((reader.reason(e, j) for e in rows for j in columns), key=lambda r: not r.reads))


def readings(problem: Problem, plan: Plan) -> tuple[Reason, ...]:
    """The reason of every pair that is read, in the order of the plan."""
    reader = _Reader(problem, plan)
    at = reader.ground
    return tuple(reader.reason(at.entry_at[p.entry], at.juror_at[p.juror]) for p in plan.pairs)


class _Reader:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.ground = ground_of(problem)
        self.chosen = self.ground.chosen(plan.pairs)
        self.loads = self.chosen.sum(axis=0)
        self.by_country = np.stack(
            [self.chosen[self.ground.main == c].sum(axis=0) for c in range(len(self.ground.mains))] or [self.loads]
        )

    def reason(self, entry: int, juror: int) -> Reason:
        ids = (self.problem.entries[entry].id, self.problem.jurors[juror].id)
        if self.chosen[entry, juror]:
            return Reason(*ids, True, self._why(entry, juror), points=self._points(entry, juror))
        return self._why_not(entry, juror, ids)

    def _why(self, entry: int, juror: int) -> str:
        """locked, only_choice (there are no more than so many who may read it), preferred (in a language she prefers), chosen."""
        ground = self.ground
        if ground.locked[entry, juror]:
            return "locked"
        if (ground.open | ground.locked)[entry].sum() <= self.problem.readers:
            return "only_choice"
        has_wish = bool(self.problem.jurors[juror].prefers) and bool(self.problem.entries[entry].languages)
        return "preferred" if has_wish and not ground.unpreferred[entry, juror] else "chosen"

    def _points(self, entry: int, juror: int) -> tuple[tuple[str, int], ...]:
        ground, aims = self.ground, self.problem.aims
        same = (self.chosen[entry] & (ground.home == ground.home[juror])).sum() - 1 if ground.home[juror] >= 0 else 0
        found = (
            ("language", aims.language * int(ground.unpreferred[entry, juror])),
            ("compatriot", aims.compatriot * int(ground.compatriot[entry, juror])),
            ("same_country", aims.same_country * int(same)),
            ("lopsided", self._lopsided(entry, juror, -1)),
        )
        return tuple((code, points) for code, points in found if points)

    def _lopsided(self, entry: int, juror: int, before: int = 0) -> int:
        """Points of the juror's reading of that main country number `before` + 1 after those she has."""
        main = self.ground.main[entry]
        if main < 0:
            return 0
        count, fair = self.by_country[main, juror] + before, self.ground.fair[main]
        return self.problem.aims.lopsided * (int(count >= fair) + int(count >= 2 * fair))

    def _why_not(self, entry: int, juror: int, ids: tuple[Id, Id]) -> Reason:
        ground = self.ground
        code = CODES[ground.codes[entry, juror]]
        if code == "conflict":
            details = tuple(c.code for c in self.problem.conflicts if (c.entry, c.juror) == ids)
            return Reason(*ids, False, code, details)
        if code != "open":
            return Reason(*ids, False, "not_kept" if code == "locked" else code)
        clash = clashing(ground, self.chosen, entry, juror)
        if "full" in clash:
            return Reason(*ids, False, "full")
        readers = np.flatnonzero(self.chosen[entry] & ~ground.locked[entry])
        if "compatriots" in clash:
            readers = readers[ground.compatriot[entry, readers]]
        elif self.chosen[entry].sum() < self.problem.readers:
            return Reason(*ids, False, "could_be_added")
        return self._beaten(entry, juror, ids, readers.tolist())

    def _beaten(self, entry: int, juror: int, ids: tuple[Id, Id], readers: list[int]) -> Reason:
        """Against each reader whose place she could take: where it would not make loads less even, by what it costs."""
        own = self.problem.most_compatriots and self.ground.compatriot[entry, juror]
        if not readers:
            return Reason(*ids, False, "compatriots" if own else "all_locked")
        evenly = [r for r in readers if self.loads[r] > self.loads[juror] and self.loads[r] > self.ground.least[r]]
        if not evenly:
            return Reason(*ids, False, "even_load", instead=self._id(max(readers, key=lambda r: self.loads[r])))
        steps = {r: self._step(entry, juror, r) for r in evenly}
        best = min(steps, key=lambda r: steps[r])
        code = "dearer" if steps[best] > 0 else "as_good" if steps[best] == 0 else "better"
        return Reason(*ids, False, code, instead=self._id(best), more=steps[best])

    def _id(self, juror: int) -> Id:
        return self.problem.jurors[juror].id

    def _step(self, entry: int, juror: int, instead: int) -> int:
        ground, readers = self.ground, self.chosen[entry]
        homes = Counter(ground.home[readers & (ground.home >= 0)].tolist())
        homes[ground.home[instead]] -= int(ground.home[instead] >= 0)
        price = self.problem.aims.same_country
        alone = int(ground.price[entry, juror] - ground.price[entry, instead])
        same = price * (homes[ground.home[juror]] * int(ground.home[juror] >= 0))
        same -= price * (homes[ground.home[instead]] * int(ground.home[instead] >= 0))
        return alone + same + self._lopsided(entry, juror) - self._lopsided(entry, instead, -1)


def summary(problem: Problem, plan: Plan) -> Summary:
    """A plan in figures."""
    ground = ground_of(problem)
    chosen = ground.chosen(plan.pairs)
    loads = chosen.sum(axis=0).tolist()
    return Summary(
        loads=tuple((j.id, n) for j, n in zip(problem.jurors, loads, strict=True)),
        spread=tuple(sorted(Counter(loads).items())),
        readers=tuple(sorted(Counter(chosen.sum(axis=1).tolist()).items())),
        compatriots=int((chosen & ground.compatriot).sum()),
        unpreferred=int((chosen & ground.unpreferred).sum()),
        one_country=tuple(e.id for e, row in zip(problem.entries, chosen, strict=True) if _alike(ground.home[row], 2)),
        lopsided=tuple(j.id for n, j in enumerate(problem.jurors) if _alike(ground.main[chosen[:, n]], 5)),
    )


def _alike(countries: Ints, fewest: int) -> bool:
    return len(countries) >= fewest and len(set(countries.tolist())) == 1 and countries[0] >= 0
