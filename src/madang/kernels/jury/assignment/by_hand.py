"""Changes by hand that keep the rest of a plan: what one pair would break, who could take a reading over, which exchanges fit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .faults import ensure_sound
from .ground import CODES, OPEN, Flags, Ground, ground_of
from .linking import groups_of
from .prices import compatriots_over, price_around, price_of
from .problem import Id, Pair, Plan, Problem, Status
from .solve import Run, lacks


@dataclass(frozen=True, slots=True)
class Move:
    """Pairs given up and pairs in their place; `price`: points more (or fewer); `loads`: (juror, her readings after).

    `breaks`: `under_least` where who gives the reading away has too few then; no other rule is ever broken.
    """

    out: tuple[Pair, ...]
    into: tuple[Pair, ...]
    price: int
    loads: tuple[tuple[Id, int], ...]
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired plan; `given_up`, `new`: its difference to the old one; `cause` of what was given up: the rule, or "moved"."""

    plan: Plan
    given_up: tuple[Pair, ...]
    new: tuple[Pair, ...]
    cause: tuple[tuple[Pair, str], ...]


def clashes(problem: Problem, plan: Plan, entry: Id, juror: Id) -> tuple[str, ...]:
    """Codes of the rules that the pair would break if it were added; the number of readers aside. KeyError for strangers."""
    ground = ground_of(problem)
    return clashing(ground, ground.chosen(plan.pairs), ground.entry_at[entry], ground.juror_at[juror])


def clashing(ground: Ground, chosen: Flags, entry: int, juror: int) -> tuple[str, ...]:
    found = []
    if chosen[entry, juror]:
        found.append("already")
    code = CODES[ground.codes[entry, juror]]
    if code not in ("open", "locked"):
        found.append(code)
    cap = ground.problem.most_compatriots
    if cap and ground.compatriot[entry, juror] and (chosen[entry] & ground.compatriot[entry]).sum() >= cap:
        found.append("compatriots")
    most = ground.problem.jurors[juror].most
    if most is not None and chosen[:, juror].sum() >= most:
        found.append("full")
    return tuple(found)


def replacements(problem: Problem, plan: Plan, entry: Id, juror: Id) -> tuple[Move, ...]:
    """Who could take this reading over: the cheapest first, then who has least to read.

    Raises KeyError where the juror does not read the entry.
    """
    ground, chosen = _laid_out(problem, plan, entry, juror)
    row, old = ground.entry_at[entry], ground.juror_at[juror]
    chosen[row, old] = False
    found = []
    for new, other in enumerate(problem.jurors):
        if new != old and not clashing(ground, chosen, row, new):
            found.append(_move(ground, chosen, (Pair(entry, juror),), (Pair(entry, other.id),)))
    return tuple(sorted(found, key=lambda m: (m.price, m.loads[-1][1])))


def swaps(problem: Problem, plan: Plan, entry: Id, juror: Id, *, most: int = 10) -> tuple[Move, ...]:
    """Exchanges with another juror's reading of another entry: loads stay; the cheapest first, at most `most`.

    Raises KeyError where the juror does not read the entry.
    """
    ground, chosen = _laid_out(problem, plan, entry, juror)
    row, old = ground.entry_at[entry], ground.juror_at[juror]
    found = []
    for new, back in _partners(ground, chosen, row, old):
        out = (Pair(entry, juror), Pair(problem.entries[back].id, problem.jurors[new].id))
        into = (Pair(entry, problem.jurors[new].id), Pair(problem.entries[back].id, juror))
        rest = chosen.copy()
        rest[row, old] = rest[back, new] = False
        if not (_too_own(ground, rest, row, new) or _too_own(ground, rest, back, old)):
            found.append(_move(ground, rest, out, into))
    return tuple(sorted(found, key=lambda m: m.price)[:most])


def _too_own(ground: Ground, chosen: Flags, row: int, juror: int) -> bool:
    return "compatriots" in clashing(ground, chosen, row, juror)


def _partners(ground: Ground, chosen: Flags, row: int, old: int) -> Iterator[tuple[int, int]]:
    """(juror, her entry) that could be exchanged for this reading; of each juror the 5 whose pairs alone are cheapest."""
    for new in (ground.open[row] & ~chosen[row]).nonzero()[0].tolist():
        backs = (chosen[:, new] & ~ground.locked[:, new] & ground.open[:, old] & ~chosen[:, old]).nonzero()[0]
        gain = ground.price[backs, old] - ground.price[backs, new]
        yield from ((new, int(back)) for back in backs[gain.argsort(kind="stable")][:5])


def _laid_out(problem: Problem, plan: Plan, entry: Id, juror: Id) -> tuple[Ground, Flags]:
    if Pair(entry, juror) not in plan.pairs:
        raise KeyError((entry, juror))
    ground = ground_of(problem)
    return ground, ground.chosen(plan.pairs)


def _move(ground: Ground, rest: Flags, out: tuple[Pair, ...], into: tuple[Pair, ...]) -> Move:
    """`rest`: the choice without the pairs that go out."""
    before, after = rest | ground.chosen(out), rest | ground.chosen(into)
    jurors = dict.fromkeys(p.juror for p in (*out, *into))
    loads = tuple((j, int(after[:, ground.juror_at[j]].sum())) for j in jurors)
    rows = np.array(list({ground.entry_at[p.entry] for p in out}))
    columns = np.array([ground.juror_at[j] for j in jurors])
    short = any(n < ground.least[ground.juror_at[j]] for j, n in loads if before[:, ground.juror_at[j]].sum() > n)
    more = price_around(ground, after, rows, columns) - price_around(ground, before, rows, columns)
    return Move(out, into, more, loads, ("under_least",) if short else ())


def moved(problem: Problem, plan: Plan, move: Move) -> Plan:
    """The plan after a move, with its new price; what was proven of the old one is not claimed."""
    ground = ground_of(problem)
    left = set(plan.pairs) - set(move.out) | set(move.into)
    chosen = ground.chosen(tuple(left))
    price, linked = price_of(ground, chosen), groups_of(chosen) <= 1
    missing, idle = lacks(ground, chosen)
    status = Status.INFEASIBLE if plan.status is Status.INFEASIBLE else Status.FEASIBLE
    return replace(
        plan, status=status, pairs=ground.pairs(chosen), missing=missing, idle=idle, price=price, bound=None, linked=linked
    )


def repair(problem: Problem, plan: Plan, *, seed: int = 0, limit: float = 60.0) -> Repair:
    """The `plan` made to fit a `problem` that has changed (a juror dropped out, a conflict came up, entries came or went).

    As few readings missing as can be, then as few of the old pairs given up as can be; then as `solve`. A partial plan where
    something must be missing. Raises `ProblemError` for a problem that makes no sense.
    """
    ensure_sound(problem)
    started = time.monotonic()
    ground = ground_of(problem)
    old = ground.chosen(plan.pairs)
    kept = old & (ground.codes == OPEN)
    after = _kept_whole(ground, kept, seed, limit) if _fits(ground, kept | ground.locked) else None
    if after is None:
        run = Run(ground, seed, limit, None, kept=kept)
        after = run.plan(run.choice(), partial=True)
    after = replace(after, seconds=time.monotonic() - started)
    before, now = frozenset(plan.pairs), frozenset(after.pairs)
    gone = tuple(p for p in plan.pairs if p not in now)
    cause = tuple((p, _cause(ground, p)) for p in gone)
    return Repair(after, gone, tuple(p for p in after.pairs if p not in before), cause)


def _fits(ground: Ground, chosen: Flags) -> bool:
    """Whether these pairs can stand together, whatever is missing."""
    full = (chosen.sum(axis=1) > ground.problem.readers).any() or (chosen.sum(axis=0) > ground.most).any()
    return not (full or compatriots_over(ground, chosen))


def _kept_whole(ground: Ground, kept: Flags, seed: int, limit: float) -> Plan | None:
    """The best plan that keeps all these pairs; None where something is missing or idle then, and giving some up may help."""
    run = Run(replace(ground, codes=np.where(kept, CODES.index("locked"), ground.codes)), seed, limit, None)
    found = run.plan(run.choice(), partial=True)
    return None if found.missing or found.idle else found


def _cause(ground: Ground, pair: Pair) -> str:
    if pair.juror not in ground.juror_at:
        return "juror_gone"
    if pair.entry not in ground.entry_at:
        return "entry_gone"
    code = CODES[ground.codes[ground.entry_at[pair.entry], ground.juror_at[pair.juror]]]
    return "moved" if code == "open" else code
