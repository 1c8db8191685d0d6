"""The problem as arrays: E entries by J jurors, which pairs are open, and what is not liked about each."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from .problem import Id, Pair, Problem

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CODES = ("open", "locked", "conflict", "forbidden", "no_language", "own_country")
OPEN, LOCKED = 0, 1


@dataclass(frozen=True, slots=True)
class Ground:
    """`codes` (E, J): position in CODES. `price` (E, J): of the pair alone. `compatriot` (E, J). `main` (E), `home` (J): numbers
    of countries, -1 for none; of `homes` and `mains` countries. `fair` (mains): readings of that country that are free of price.
    """

    problem: Problem
    entry_at: dict[Id, int]
    juror_at: dict[Id, int]
    codes: Ints
    price: Ints
    unpreferred: Flags
    compatriot: Flags
    main: Ints
    home: Ints
    mains: tuple[str, ...]
    homes: tuple[str, ...]
    fair: Ints
    least: Ints
    most: Ints

    @property
    def open(self) -> Flags:
        found: Flags = self.codes == OPEN
        return found

    @property
    def locked(self) -> Flags:
        found: Flags = self.codes == LOCKED
        return found

    def chosen(self, pairs: tuple[Pair, ...]) -> Flags:
        """(E, J) of a plan's pairs; pairs of strangers are left out."""
        found = np.zeros(self.codes.shape, bool)
        for entry, juror in pairs:
            if entry in self.entry_at and juror in self.juror_at:
                found[self.entry_at[entry], self.juror_at[juror]] = True
        return found

    def pairs(self, chosen: Flags) -> tuple[Pair, ...]:
        """In the order of the entries, then of the jurors."""
        entries, jurors = self.problem.entries, self.problem.jurors
        return tuple(Pair(entries[e].id, jurors[j].id) for e, j in zip(*map(np.ndarray.tolist, np.nonzero(chosen)), strict=True))


def ground_of(problem: Problem) -> Ground:
    """Lay the problem out; it must be sound (see `faults`)."""
    entry_at = {e.id: n for n, e in enumerate(problem.entries)}
    juror_at = {j.id: n for n, j in enumerate(problem.jurors)}
    speaks, likes = _languages(problem)
    compatriot = _compatriots(problem)
    mains, main = _numbered([e.countries[0] if e.countries else None for e in problem.entries])
    homes, home = _numbered([j.country for j in problem.jurors])
    codes = np.where(speaks, OPEN, CODES.index("no_language"))
    if problem.most_compatriots == 0:
        codes[compatriot & speaks] = CODES.index("own_country")
    for code, pairs in (
        ("forbidden", problem.forbidden),
        ("conflict", {Pair(c.entry, c.juror) for c in problem.conflicts}),
        ("locked", problem.locked),
    ):
        for entry, juror in pairs:
            codes[entry_at[entry], juror_at[juror]] = CODES.index(code)
    price = problem.aims.language * ~likes + problem.aims.compatriot * compatriot
    candidates = ((codes == OPEN) | (codes == LOCKED)).sum(axis=0)
    most = np.array([n if j.most is None else min(j.most, n) for j, n in zip(problem.jurors, candidates, strict=True)], np.int64)
    least = np.array([j.least for j in problem.jurors], np.int64)
    fair = _fair(problem, main, len(mains))
    return Ground(
        problem, entry_at, juror_at, codes, price, ~likes, compatriot, main, home, mains, homes, fair, least, most
    )  # fmt: skip


def _languages(problem: Problem) -> tuple[Flags, Flags]:
    """(E, J) whether there is a language in common, and whether there is one that she prefers (True where she does not mind)."""
    every = (*(e.languages for e in problem.entries), *(j.languages for j in problem.jurors))
    at = {code: n for n, code in enumerate(sorted(frozenset[str]().union(*every)))}
    spoken = _table([e.languages for e in problem.entries], at)
    speaks = spoken @ _table([j.languages for j in problem.jurors], at).T > 0
    likes = spoken @ _table([j.prefers & j.languages for j in problem.jurors], at).T > 0
    wordless = np.array([not e.languages for e in problem.entries], bool)[:, None]
    careless = np.array([not j.prefers & j.languages for j in problem.jurors], bool)[None, :]
    return speaks | wordless, likes | wordless | careless


def _table(rows: list[frozenset[str]], at: dict[str, int]) -> Ints:
    found = np.zeros((len(rows), len(at)), np.int64)
    for n, codes in enumerate(rows):
        found[n, [at[c] for c in codes]] = 1
    return found


def _compatriots(problem: Problem) -> Flags:
    found = np.zeros((len(problem.entries), len(problem.jurors)), bool)
    of: dict[str, list[int]] = {}
    for n, juror in enumerate(problem.jurors):
        if juror.country is not None:
            of.setdefault(juror.country, []).append(n)
    for n, entry in enumerate(problem.entries):
        for country in entry.countries:
            found[n, of.get(country, [])] = True
    return found


def _numbered(countries: list[str | None]) -> tuple[tuple[str, ...], Ints]:
    names = tuple(sorted({c for c in countries if c is not None}))
    at: dict[str | None, int] = {c: n for n, c in enumerate(names)}
    return names, np.array([at.get(c, -1) for c in countries], np.int64)


def _fair(problem: Problem, main: Ints, mains: int) -> Ints:
    """Twice what a juror would read of each main country if everybody read alike, at least 1."""
    need = len(problem.entries) * problem.readers / max(1, len(problem.jurors))
    shares = np.bincount(main[main >= 0], minlength=mains) / max(1, len(problem.entries))
    return np.array([max(1, ceil(2 * share * need - 1e-9)) for share in shares], np.int64)
