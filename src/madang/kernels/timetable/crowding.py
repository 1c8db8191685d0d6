"""People who must be in more meetings than there are slots for them: what a matching shows at once (Hall, 1935)."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from .ground import Ground, slots_in
from .problem import Id, Request

Rule = tuple[str, tuple[Id, ...]]
"""A kind and its ids: required (request), fixed (request, slot), session (request, session), after (request, earlier),
away | asleep (person, slot), cap (person, meetings), one_place (person), tables (slot, number), closed (table, slot),
one_meeting (table). A fact about all slots of a person or table is written without the slot."""


def crowded(ground: Ground, musts: list[Request], facts: Collection[Rule]) -> list[Rule] | None:
    """The fewest of `facts` that are found to keep one person from her meetings, none of which can be left out; None: nobody."""
    on, best = set(facts), None
    hers: dict[Id, list[Request]] = {}
    for request in musts:
        for person in request.participants if request.length == 1 else ():
            hers.setdefault(person, []).append(request)
    for person, rows in hers.items():
        if _too_many(ground, person, rows, on):
            core = _minimal(ground, person, rows, on)
            best = core if best is None or len(core) < len(best) else best
    return best


def _minimal(ground: Ground, person: Id, rows: list[Request], on: set[Rule]) -> list[Rule]:
    people = dict.fromkeys(p for r in rows for p in r.participants)
    about: list[Rule] = [(kind, (p,)) for kind in ("asleep", "away") for p in people if p != person]
    about += [rule for r in rows for rule in _own(r)]
    about += [("asleep", (person,)), ("away", (person,)), ("one_place", (person,))]
    kept = [rule for rule in about if rule in on]
    for rule in list(kept):
        fewer = [r for r in kept if r != rule]
        if _too_many(ground, person, rows, set(fewer)):
            kept = fewer
    return kept


def _own(request: Request) -> list[Rule]:
    placed: Rule = ("required", (request.id,)) if request.fixed_slot is None else ("fixed", (request.id, request.fixed_slot))
    return [placed] if request.session is None else [placed, ("session", (request.id, request.session))]


def _too_many(ground: Ground, person: Id, rows: list[Request], on: set[Rule]) -> bool:
    placed = [r for r in rows if _own(r)[0] in on]
    masks = [_open(ground, r, on) for r in placed]
    if not all(masks):
        return True
    if ("one_place", (person,)) not in on or not masks:
        return False
    if len(masks) > len(ground.problem.slots):
        return True
    grid = np.zeros((len(masks), len(ground.problem.slots)), np.int8)
    for line, mask in enumerate(masks):
        grid[line, [s - 1 for s in slots_in(mask)]] = 1
    return bool((maximum_bipartite_matching(csr_array(grid), perm_type="column") < 0).any())


def _open(ground: Ground, request: Request, on: set[Rule]) -> int:
    mask = ground.every
    if request.fixed_slot is not None:
        mask &= 1 << request.fixed_slot
    if request.session is not None and ("session", (request.id, request.session)) in on:
        mask &= sum(1 << s for s, slot in enumerate(ground.problem.slots, start=1) if slot.session == request.session)
    for person in request.participants:
        if ("away", (person,)) in on:
            mask &= ~ground.away[person]
        if request.online and ("asleep", (person,)) in on:
            mask &= ~ground.asleep[person]
    return mask
