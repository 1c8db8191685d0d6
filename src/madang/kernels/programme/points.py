"""What a programme costs, from what the referee finds."""

from __future__ import annotations

from collections.abc import Iterable

from .book import Book
from .problem import Conflict, Id, Level, Place, Plan, Problem, Rule
from .referee import check


def price(problem: Problem, conflict: Conflict) -> int:
    """The points that a warning costs; 0 for what blocks, for that may not be in a programme at all."""
    if conflict.level is not Level.WARN:
        return 0
    if conflict.rule is Rule.OVERLAP:
        return conflict.amount
    if conflict.rule is Rule.SEATS:
        audience = next(item.audience for item in problem.items if item.id == conflict.items[0])
        return seats_price(problem, conflict.amount, audience)
    return problem.warning


def seats_price(problem: Problem, missing: int, audience: int) -> int:
    """The share of the audience without a seat, of a warning's points, rounded up."""
    return -(-problem.warning * missing // audience)


def points(problem: Problem, places: Iterable[Place], *, published: Iterable[Place] = ()) -> int:
    """Warnings, overlaps and prime time of a programme, and what its moves against a published one cost."""
    book, placed = Book(problem), tuple(places)
    total = sum(price(problem, conflict) for conflict in check(problem, Plan(placed)))
    for place in placed:
        item = book.items[place.item]
        if item.prime and not in_prime(problem, place.start):
            total += item.prime
    return total + move_price(problem) * sum(book.items[p.item].hold for p in moved(placed, published))


def in_prime(problem: Problem, start: int) -> bool:
    """Whether a minute is in prime time."""
    return any(window.start <= start < window.end for window in problem.prime)


def moved(places: Iterable[Place], published: Iterable[Place]) -> list[Place]:
    """The places that differ from the published ones of the same items."""
    before: dict[Id, Place] = {place.item: place for place in published}
    return [place for place in places if before.get(place.item, place) != place]


def move_price(problem: Problem) -> int:
    """More points than warnings, overlaps and prime time can cost together: a move is never made for them."""
    count, named = len(problem.items), sum(len(i.follows) + len(i.same_day) + len(i.other_day) + 1 for i in problem.items)
    meets = {Rule.HALL_DOUBLE, Rule.CHANGEOVER, Rule.GUEST_DOUBLE, Rule.TRAVEL}
    pairs = count * count if any(problem.level(rule) is Level.WARN for rule in meets) else 0
    guests = max((len(item.guests) for item in problem.items), default=0)
    warnings = problem.warning * (7 * count + guests * (count + pairs) + pairs + 2 * named)
    return 1 + warnings + sum(o.weight for o in problem.overlaps) + sum(item.prime for item in problem.items)


def left_out_price(problem: Problem, published: Iterable[Place]) -> int:
    """More points than everything else together."""
    kept = {place.item for place in published}
    return move_price(problem) * (1 + sum(item.hold for item in problem.items if item.id in kept))
