"""What makes a problem senseless before anybody solves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .problem import Id, Pair, Problem


class ProblemError(ValueError):
    """A problem that cannot be understood; the text is a sentence for a person."""


def faults(problem: Problem) -> list[str]:
    """Every fault of the problem as a sentence; empty where it makes sense. It may still be infeasible: `solve` finds that."""
    return [*_doubled(problem), *_numbers(problem), *_strangers(problem), *_locks(problem)]


def ensure_sound(problem: Problem) -> None:
    """Raise `ProblemError` with the first faults of the problem, if it has any."""
    found = faults(problem)
    if found:
        more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
        raise ProblemError("; ".join(found[:3]) + more)


def _doubled(problem: Problem) -> Iterator[str]:
    kinds: tuple[tuple[str, Iterable[Id]], ...] = (
        ("entry", (e.id for e in problem.entries)),
        ("juror", (j.id for j in problem.jurors)),
    )
    for kind, ids in kinds:
        yield from (f"{kind} {found!r} is there {n} times" for found, n in Counter(ids).items() if n > 1)


def _numbers(problem: Problem) -> Iterator[str]:
    if problem.readers < 1:
        yield "each entry needs one reader or more"
    if problem.most_compatriots is not None and problem.most_compatriots < 0:
        yield "the limit of compatriots is below 0"
    aims = problem.aims
    if min(aims.language, aims.compatriot, aims.same_country, aims.lopsided) < 0:
        yield "a price is below 0"
    for juror in problem.jurors:
        if juror.least < 0 or (juror.most is not None and juror.most < juror.least):
            yield f"juror {juror.id!r} reads at least {juror.least} and at most {juror.most}"


def _strangers(problem: Problem) -> Iterator[str]:
    entries, jurors = {e.id for e in problem.entries}, {j.id for j in problem.jurors}
    lists: tuple[tuple[str, Iterable[Pair]], ...] = (
        ("a conflict", (Pair(c.entry, c.juror) for c in problem.conflicts)),
        ("a forbidden pair", problem.forbidden),
        ("a locked pair", problem.locked),
    )
    for name, pairs in lists:
        for pair in pairs:
            if pair.entry not in entries:
                yield f"{name} names entry {pair.entry!r}, which is not known"
            if pair.juror not in jurors:
                yield f"{name} names juror {pair.juror!r}, who is not known"


def _locks(problem: Problem) -> Iterator[str]:
    barred = {Pair(c.entry, c.juror) for c in problem.conflicts}
    for pair in sorted(problem.locked & barred, key=repr):
        yield f"juror {pair.juror!r} is locked to entry {pair.entry!r} and has a conflict of interest"
    for pair in sorted(problem.locked & problem.forbidden, key=repr):
        yield f"juror {pair.juror!r} is locked to entry {pair.entry!r} and forbidden to read it"
    by_entry, by_juror = Counter(p.entry for p in problem.locked), Counter(p.juror for p in problem.locked)
    for entry in problem.entries:
        if by_entry[entry.id] > problem.readers:
            yield f"entry {entry.id!r} has {by_entry[entry.id]} locked readers, more than {problem.readers}"
    for juror in problem.jurors:
        if juror.most is not None and by_juror[juror.id] > juror.most:
            yield f"juror {juror.id!r} has {by_juror[juror.id]} locked entries, more than {juror.most}"
