"""The referee: which rules does a programme break? Shares nothing with the solver but the dataclasses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from .book import Book, touches, within
from .problem import Conflict, Id, Level, Place, Plan, Problem, Rule, Status


def check(problem: Problem, plan: Plan) -> list[Conflict]:
    """Every rule that the plan breaks at its level, block before warn, then by time; rules that are ignored are left out.

    What the plan claims of itself is checked too, where it claims anything (rule `claim`).
    """
    book = Book(problem)
    known = {place.item: place for place in plan.places if book.knows(place)}
    found = [*_ids(book, plan.places), *_claims(book, plan, known)]
    for place in known.values():
        found += _alone(book, place)
        found += _lead(book, place, known)
    for one, other in _neighbours(book, known):
        found += _together(book, one, other)
    return in_order(found)


def check_move(problem: Problem, plan: Plan, item: Id, hall: Id, start: int, *, book: Book | None = None) -> list[Conflict]:
    """The rules in which the item would have a part if it stood in this hall from this minute on, the others as in the plan.

    `book`: a `Book` of the problem, where many moves are asked about. Raises `KeyError` for an unknown item or hall.
    """
    book = book or Book(problem)
    if item not in book.items or hall not in book.halls:
        raise KeyError(item if item not in book.items else hall)
    moved = Place(item, hall, start)
    known = {place.item: place for place in plan.places if book.knows(place)} | {item: moved}
    found = [*_alone(book, moved), *_lead(book, moved, known)]
    if (leader := book.leader.get(item)) in known:
        found += _lead(book, known[leader], known)
    for other in known.values():
        if other is not moved:
            found += _together(book, *sorted((moved, other), key=_by_time))
    return in_order(found)


def in_order(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Block before warn, then by time, rule and names."""
    return sorted(conflicts, key=lambda c: (c.level is not Level.BLOCK, c.start, c.rule, repr(c.items), repr(c.guests)))


def _by_time(place: Place) -> tuple[int, str]:
    return place.start, repr(place.item)


def _ids(book: Book, places: Iterable[Place]) -> Iterator[Conflict]:
    times = Counter(place.item for place in places)
    for item, count in times.items():
        if count > 1:
            yield Conflict(Rule.DOUBLED, Level.BLOCK, (item,), amount=count)
    for place in places:
        if not book.knows(place):
            yield Conflict(Rule.UNKNOWN, Level.BLOCK, (place.item,), (place.hall,), start=place.start)


def _neighbours(book: Book, known: dict[Id, Place]) -> Iterator[tuple[Place, Place]]:
    """Every pair of places that could break a rule together, the earlier first: in one hall, with one guest, or named."""
    groups: dict[tuple[str, Id], list[Place]] = defaultdict(list)
    pairs = {frozenset((item.id, o)) for item in book.items.values() for o in (*item.follows, *item.same_day, *item.other_day)}
    pairs |= book.overlaps.keys()
    for place in known.values():
        groups["hall", place.hall].append(place)
        for guest in book.items[place.item].guests:
            groups["guest", guest].append(place)
    for group in groups.values():
        pairs |= {frozenset((one.item, other.item)) for one, other in combinations(group, 2)}
    for pair in pairs:
        places = sorted((known[item] for item in pair if item in known), key=_by_time)
        if len(places) == 2:
            yield places[0], places[1]


def _alone(book: Book, place: Place) -> list[Conflict]:
    """Rules that an item breaks by where it stands, whatever else is in the programme."""
    item, hall, end = book.items[place.item], book.halls[place.hall], book.end(place)
    found: list[tuple[Rule, tuple[Id, ...], int]] = []
    if item.halls is not None and place.hall not in item.halls:
        found.append((Rule.HALL, (), 0))
    if not item.features <= hall.features:
        found.append((Rule.FEATURES, (), len(item.features - hall.features)))
    if hall.seats is not None and item.audience > hall.seats:
        found.append((Rule.SEATS, (), item.audience - hall.seats))
    if not within(place.start, end, hall.opening):
        found.append((Rule.CLOSED, (), 0))
    outside = item.allowed is not None and not within(place.start, end, item.allowed)
    if outside or any(touches(place.start, end, window) for window in item.forbidden):
        found.append((Rule.WINDOW, (), 0))
    if item.fixed_hall not in (None, place.hall) or item.fixed_start not in (None, place.start):
        found.append((Rule.FIXED, (), 0))
    if item.ready_from is not None and place.start < item.ready_from:
        found.append((Rule.NOT_READY, (), item.ready_from - place.start))
    for guest in item.guests:
        available = book.guests[guest].available
        if available is not None and not within(place.start, end, available):
            found.append((Rule.GUEST_AWAY, (guest,), 0))
    said = [(rule, book.level[rule], guests, amount) for rule, guests, amount in found]
    return [
        Conflict(rule, level, (item.id,), (place.hall,), guests, place.start, end, amount)
        for rule, level, guests, amount in said
        if level is not Level.IGNORE
    ]


def _lead(book: Book, place: Place, known: dict[Id, Place]) -> list[Conflict]:
    led, level = book.items[place.item].leads, book.level[Rule.LEAD]
    if led is None or level is Level.IGNORE:
        return []
    end, other = book.end(place), known.get(led)
    if other is None:
        return [Conflict(Rule.LEAD, level, (place.item, led), (place.hall,), (), place.start, end)]
    gap = other.start - end
    if other.hall == place.hall and 0 <= gap <= book.problem.lead_gap:
        return []
    halls = (place.hall,) if place.hall == other.hall else (place.hall, other.hall)
    start, end = sorted((end, other.start))
    return [Conflict(Rule.LEAD, level, (place.item, led), halls, (), start, end, abs(gap))]


def _together(book: Book, one: Place, other: Place) -> list[Conflict]:
    """Rules that two items break together; `one` does not begin after `other`."""
    first, second, first_end = book.items[one.item], book.items[other.item], book.end(one)
    gap, both = other.start - first_end, (one.item, other.item)
    shared = min(first_end, book.end(other)) - other.start
    halls = (one.hall,) if one.hall == other.hall else (one.hall, other.hall)
    found: list[tuple[Rule, tuple[Id, ...], int]] = []
    if one.hall == other.hall:
        if gap < 0:
            found.append((Rule.HALL_DOUBLE, (), shared))
        elif (need := book.changeover(first, second, one.hall)) > gap:
            found.append((Rule.CHANGEOVER, (), need - gap))
    for guest in first.guests:
        if guest not in second.guests:
            continue
        if gap < 0:
            found.append((Rule.GUEST_DOUBLE, (guest,), shared))
        elif (way := book.way(one.hall, other.hall)) > gap:
            found.append((Rule.TRAVEL, (guest,), way - gap))
    if gap < 0 and (weight := book.overlaps.get(frozenset(both))):
        found.append((Rule.OVERLAP, (), weight))
    found += [(rule, (), 0) for rule in _named(book, one, other)]
    start, end = (first_end, other.start) if gap >= 0 else (other.start, other.start + shared)
    said = [(rule, book.level[rule], guests, amount) for rule, guests, amount in found]
    return [Conflict(r, level, both, halls, g, start, end, amount) for r, level, g, amount in said if level is not Level.IGNORE]


def _named(book: Book, one: Place, other: Place) -> Iterator[Rule]:
    first, second = book.items[one.item], book.items[other.item]
    if other.item in first.follows or (one.item in second.follows and other.start < book.end(one)):
        yield Rule.ORDER
    same = book.problem.day_of(one.start) == book.problem.day_of(other.start)
    if not same and (other.item in first.same_day or one.item in second.same_day):
        yield Rule.SAME_DAY
    if same and (other.item in first.other_day or one.item in second.other_day):
        yield Rule.OTHER_DAY


def _claims(book: Book, plan: Plan, known: dict[Id, Place]) -> Iterator[Conflict]:
    left_out = sum(item.worth for item in book.items.values() if item.id not in known)
    if plan.left_out is not None and plan.left_out != left_out:
        yield Conflict(Rule.CLAIM, Level.BLOCK, amount=left_out)
    wrong_bound = plan.bound is not None and plan.points is not None and plan.bound > plan.points
    if wrong_bound or (plan.status is Status.OPTIMAL and plan.bound != plan.points):
        yield Conflict(Rule.CLAIM, Level.BLOCK, amount=plan.bound or 0)
