"""Why an item stands where it stands, what it would cost elsewhere, or the fewest facts for which it has no place at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .board import Board
from .book import Book
from .ground import WALL, Ground, Mask, Numbers
from .problem import Conflict, Id, Level, Place, Plan, Problem, Rule
from .referee import check_move
from .search import chains

SAMPLES = 24  # places at which the referee is asked by what rule an item stands in the way


@dataclass(frozen=True, slots=True)
class Choice:
    """Another place for the item (with those that lead it, or that it leads): points more than now, and what it then breaks."""

    place: Place
    extra: int
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something without which there might be a place: a rule about halls or guests, or items that stand where they stand."""

    rules: tuple[Rule, ...]
    halls: tuple[Id, ...] = ()
    guests: tuple[Id, ...] = ()
    items: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """`place` None: it has none. `points`: what it costs where it is, and `conflicts` what it breaks there.

    `choices`: the cheapest place of each hall and day, cheapest first; where an item without a place has some, nothing is in
    the way of placing it by hand. `facts`: else, a smallest set of facts that between them take every place.
    """

    item: Id
    place: Place | None
    points: int
    conflicts: tuple[Conflict, ...]
    choices: tuple[Choice, ...]
    facts: tuple[Fact, ...] = ()


def explain(problem: Problem, plan: Plan, item: Id, *, published: Iterable[Place] = (), most: int = 5) -> Why:
    """Answer for one item, with at most `most` choices; all others stay where the plan has them.

    Raises `KeyError` for an unknown item.
    """
    ground = Ground(problem, published)
    index, board = ground.at[item], Board(ground)
    board.load(place for place in plan.places if ground.book.knows(place))
    place = next((p for p in plan.places if p.item == item), None)
    if place is None:
        return _without(board, plan, index, most)
    chain = next(chain for chain in chains(ground) if index in chain)
    members = tuple(i for i in chain if board.hall[i] >= 0)
    here = {i: (int(board.hall[i]), int(board.start[i])) for i in members}
    points = _points_here(board, members)
    for i in members:
        board.take(i)
    total, columns = board.together(members)
    hall, start = here[members[-1]]
    total[hall, ground.times[columns[-1]] == start] = WALL
    starts = ground.times[columns[members.index(index)]]
    choices = _choices(board, plan, index, (total - points, starts), place.start, most)
    conflicts = tuple(check_move(problem, plan, item, place.hall, place.start, book=ground.book))
    return Why(item, place, points, conflicts, choices)


def _points_here(board: Board, members: tuple[int, ...]) -> int:
    """What these items cost where they stand, each pair once."""
    total, stood = 0, [(i, int(board.hall[i]), int(board.start[i])) for i in members]
    for i, hall, start in stood:
        total += board.cost_at(i, hall, start)
        board.take(i)
    for i, hall, start in stood:
        board.put(i, hall, start)
    return total


def _choices(board: Board, plan: Plan, item: int, extras: tuple[Numbers, Numbers], near: int, most: int) -> tuple[Choice, ...]:
    """The cheapest place of each hall and day, nearest in time to `near` among equals."""
    ground, (extra, starts) = board.ground, extras
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for hall, column in np.argwhere(extra < WALL // 2).tolist():
        key = (hall, int(ground.day[column]))
        mine = (int(extra[hall, column]), abs(int(starts[column]) - near), int(starts[column]))
        found[key] = min(mine, found.get(key, mine))
    cheapest = sorted((*value, hall) for (hall, _), value in found.items())[:most]
    return tuple(_choice(ground, plan, item, hall, start, cost) for cost, _, start, hall in cheapest)


def _choice(ground: Ground, plan: Plan, item: int, hall: int, start: int, extra: int) -> Choice:
    place = Place(ground.items[item].id, ground.halls[hall].id, start)
    chain = ground.book.chain[place.item]
    others = Plan(tuple(p for p in plan.places if p.item == place.item or ground.book.chain.get(p.item) != chain))
    broken = check_move(ground.problem, others, place.item, place.hall, start, book=ground.book)
    return Choice(place, extra, tuple(c for c in broken if c.level is Level.WARN))


def _without(board: Board, plan: Plan, index: int, most: int) -> Why:
    ground = board.ground
    item = ground.items[index]
    if item.leads is not None and board.hall[ground.at[item.leads]] < 0 and ground.price[Rule.LEAD] >= WALL:
        return Why(item.id, None, 0, (), (), (Fact((Rule.LEAD,), items=(item.leads,)),))
    cost = board.costs(index)
    choices = _choices(board, plan, index, (cost, ground.times), 0, most)
    return Why(item.id, None, 0, (), choices, () if choices else _facts(board, plan, index))


def _facts(board: Board, plan: Plan, index: int) -> tuple[Fact, ...]:
    """A smallest set of facts that covers every place on the grid; the rules of items are those that the referee names."""
    ground = board.ground
    facts = _rules(ground, index)
    for other in np.flatnonzero(board.hall >= 0).tolist():
        mask = board.beside(index, other) >= WALL
        if mask.any():
            facts.append((Fact((), items=(ground.items[other].id,)), mask))
    grid = ground.on_grid
    if not facts or not grid.any():
        return ()
    table = np.array([mask[:, grid].ravel() for _, mask in facts])
    from .cover import smallest_cover  # here: OR-Tools takes a second to import

    chosen = [facts[k] for k in smallest_cover(table)]
    lone = (np.sum([mask for _, mask in chosen], axis=0) == 1) & grid
    return tuple(_named(ground, plan, index, fact, mask & lone) if fact.items else fact for fact, mask in chosen)


def _rules(ground: Ground, index: int) -> list[tuple[Fact, Mask]]:
    """What blocks the item whatever else stands there: one fact for each rule, and for each guest."""
    item = ground.items[index]
    found: dict[tuple[Rule, Id | None], list[tuple[Id | None, Mask]]] = defaultdict(list)
    for rule, who, mask in ground.alone(item):
        if ground.price[rule] >= WALL:
            found[rule, who if rule is Rule.GUEST_AWAY else None].append((who, mask))
    facts = []
    for (rule, guest), parts in found.items():
        halls = tuple(who for who, _ in parts if who is not None and guest is None)
        mask = np.logical_or.reduce([mask for _, mask in parts])
        facts.append((Fact((rule,), halls, () if guest is None else (guest,)), mask))
    return facts


def _named(ground: Ground, plan: Plan, index: int, fact: Fact, mask: Mask) -> Fact:
    """The fact with the rules by which its item is in the way where nothing else is, and the guests and halls they are about."""
    item, book = ground.items[index].id, Book(ground.problem)
    found: list[Conflict] = []
    places = np.argwhere(mask)
    for hall, column in places[:: max(1, len(places) // SAMPLES)].tolist():
        told = check_move(ground.problem, plan, item, ground.halls[hall].id, int(ground.times[column]), book=book)
        found += [c for c in told if c.level is Level.BLOCK and fact.items[0] in c.items]
    rules = tuple(sorted({c.rule for c in found}))
    halls = tuple(dict.fromkeys(h for c in found for h in c.halls if c.rule in (Rule.HALL_DOUBLE, Rule.CHANGEOVER)))
    return Fact(rules, halls, tuple(dict.fromkeys(g for c in found for g in c.guests)), fact.items)
