"""Every programme of a tiny problem, judged minute by minute: shares nothing with the kernel but the dataclasses."""

from __future__ import annotations

from itertools import combinations, product

from madang.kernels.programme import Item, Level, Place, Problem, Rule

DEFAULTS = {Rule.SEATS: Level.WARN, Rule.OVERLAP: Level.WARN}


def best(problem: Problem, published: tuple[Place, ...] = ()) -> tuple[int, int, int]:
    """(worth left out, hold of what moved, points) of the best programme."""
    found = [worth for places in every(problem, published) if (worth := value(problem, places, published)) is not None]
    return min(found)


def every(problem: Problem, published: tuple[Place, ...]):
    """Every way to place or leave out each item."""
    choices = [
        [None, *(Place(item.id, hall.id, t) for hall in problem.halls for t in starts(problem, item, published))]
        for item in problem.items
    ]
    for picked in product(*choices):
        yield [place for place in picked if place]


def starts(problem: Problem, item: Item, published: tuple[Place, ...]) -> list[int]:
    ends = [window.end for hall in problem.halls for window in hall.opening]
    grid = {
        t
        for t in range(0, max(ends), problem.step)
        if level(problem, Rule.CLOSED) is not Level.BLOCK
        or any(w.start <= t < w.end for hall in problem.halls for w in hall.opening)
    }
    given = {item.fixed_start, *(p.start for p in published if p.item == item.id)} - {None}
    return sorted(grid | given)


def level(problem: Problem, rule: Rule) -> Level:
    return problem.levels.get(rule, DEFAULTS.get(rule, Level.BLOCK))


def value(problem: Problem, places: list[Place], published: tuple[Place, ...]) -> tuple[int, int, int] | None:
    """What `best` compares; None where something blocks."""
    items = {item.id: item for item in problem.items}
    points = 0
    for rule, cost in broken(problem, places):
        if level(problem, rule) is Level.BLOCK:
            return None
        if level(problem, rule) is Level.WARN:
            points += cost
    for place in places:
        if not any(w.start <= place.start < w.end for w in problem.prime):
            points += items[place.item].prime
    left_out = sum(item.worth for item in problem.items if item.id not in {p.item for p in places})
    before = {p.item: p for p in published}
    moved = sum(items[p.item].hold for p in places if p.item in before and before[p.item] != p)
    return left_out, moved, points


def broken(problem: Problem, places: list[Place]):
    """(rule, points at warn) of everything that is wrong."""
    stands = {place.item: place for place in places}
    for item in problem.items:
        if item.id in stands:
            yield from alone(problem, item, stands[item.id])
            if item.leads is not None and not leads_rightly(problem, item, stands):
                yield Rule.LEAD, problem.warning
    for one, other in combinations([item for item in problem.items if item.id in stands], 2):
        yield from together(problem, one, other, stands)


def alone(problem: Problem, item: Item, place: Place):
    hall = next(h for h in problem.halls if h.id == place.hall)
    minutes = set(range(place.start, place.start + item.length))
    price = problem.warning
    if item.halls is not None and hall.id not in item.halls:
        yield Rule.HALL, price
    if item.features - hall.features:
        yield Rule.FEATURES, price
    if hall.seats is not None and item.audience > hall.seats:
        yield Rule.SEATS, int((price * (item.audience - hall.seats) + item.audience - 1) // item.audience)
    if not inside(minutes, hall.opening):
        yield Rule.CLOSED, price
    if (item.allowed is not None and not inside(minutes, item.allowed)) or any(minutes & set(range(*w)) for w in item.forbidden):
        yield Rule.WINDOW, price
    if (item.fixed_hall is not None and item.fixed_hall != hall.id) or item.fixed_start not in (None, place.start):
        yield Rule.FIXED, price
    if item.ready_from is not None and item.ready_from > place.start:
        yield Rule.NOT_READY, price
    for guest in problem.guests:
        if guest.id in item.guests and guest.available is not None and not inside(minutes, guest.available):
            yield Rule.GUEST_AWAY, price


def inside(minutes: set[int], windows) -> bool:
    return any(minutes <= set(range(*window)) for window in windows)


def leads_rightly(problem: Problem, item: Item, stands: dict) -> bool:
    if item.leads not in stands:
        return False
    mine, other = stands[item.id], stands[item.leads]
    end = mine.start + item.length
    return mine.hall == other.hall and end <= other.start <= end + problem.lead_gap


def together(problem: Problem, one: Item, other: Item, stands: dict):
    if stands[one.id].start > stands[other.id].start:
        one, other = other, one
    a, b, price = stands[one.id], stands[other.id], problem.warning
    both = set(range(a.start, a.start + one.length)) & set(range(b.start, b.start + other.length))
    gap = b.start - a.start - one.length
    if a.hall == b.hall:
        changeover = next(h.changeover for h in problem.halls if h.id == a.hall)
        if both:
            yield Rule.HALL_DOUBLE, price
        elif not chained(problem, one, other) and gap < max(changeover, one.clear + other.setup):
            yield Rule.CHANGEOVER, price
    way = max((w.minutes for w in problem.ways if a.hall != b.hall), default=0)
    for _ in set(one.guests) & set(other.guests):
        if both:
            yield Rule.GUEST_DOUBLE, price
        elif gap < way:
            yield Rule.TRAVEL, price
    if both and (weight := sum(o.weight for o in problem.overlaps if {o.one, o.other} == {one.id, other.id})):
        yield Rule.OVERLAP, weight
    if other.id in one.follows or (one.id in other.follows and b.start < a.start + one.length):
        yield Rule.ORDER, price
    same = (a.start >= 100) == (b.start >= 100)
    if not same and (other.id in one.same_day or one.id in other.same_day):
        yield Rule.SAME_DAY, price
    if same and (other.id in one.other_day or one.id in other.other_day):
        yield Rule.OTHER_DAY, price


def chained(problem: Problem, one: Item, other: Item) -> bool:
    """Whether one comes to the other by leading: a greeting, the next greeting, the screening."""
    leads = {item.id: item.leads for item in problem.items}
    ends = []
    for item in (one, other):
        at = item.id
        while leads[at] is not None:
            at = leads[at]
        ends.append(at)
    return ends[0] == ends[1]
