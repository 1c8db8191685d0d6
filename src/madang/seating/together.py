"""Which free seats are the best for people who come together: side by side, near the middle, with nobody left alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from madang.seating.models import SeatKind

BACK = 0.6
"""The best row, as a share of the way from the stage to the back."""
SIDE = 0.6
"""What a seat to the side costs, in rows."""
LONELY = 3.0
"""What it costs, in rows, to leave one seat alone in a row."""
SPREAD = 12
"""After each try that was lost to others, one of so many more good ones is taken, so that not everybody wants the same."""


class Spot(NamedTuple):
    """A free place on the map: `x` seats from the left, `y` rows from the stage; `beside`: the wheelchair place it belongs to."""

    place: int
    seat: int
    x: int
    y: int
    kind: str
    beside: int | None


@dataclass(frozen=True)
class Party:
    """How many come together, and what some of them need; all of them are counted in `count`."""

    count: int
    wheelchairs: int = 0
    companions: int = 0

    @property
    def is_possible(self) -> bool:
        return self.wheelchairs >= 0 and self.companions >= 0 and self.wheelchairs + self.companions <= self.count


def best_together(free: Sequence[Spot], party: Party, tries: int = 0, dice: random.Random | None = None) -> list[Spot]:
    """The best seats for the party, in one row where there is one; empty where they do not fit.

    Wheelchair places and their companions' seats are kept for those who need them. `tries`: how often somebody was quicker.
    """
    plain = [spot for spot in free if spot.kind == SeatKind.SEAT]
    if party.wheelchairs:
        return _with_wheelchairs(free, plain, party, tries, dice)
    if len(plain) < party.count:
        return []
    value = _value_in(free)
    windows = sorted(_windows(plain, party.count), key=lambda found: found[0] + _mean(found[1], value))
    if windows:
        return windows[_draw(len(windows), tries, dice)][1]
    first = min(plain, key=value)
    return _nearest(plain, first, party.count)


def _draw(number: int, tries: int, dice: random.Random | None) -> int:
    return (dice or random).randrange(min(number, 1 + SPREAD * tries))


def _value_in(free: Sequence[Spot]) -> Callable[[Spot], float]:
    """How far a seat is from the best one, in rows."""
    left, right = min(spot.x for spot in free), max(spot.x for spot in free)
    front, back = min(spot.y for spot in free), max(spot.y for spot in free)
    middle, best = (left + right) / 2, front + BACK * (back - front)
    return lambda spot: abs(spot.y - best) + SIDE * abs(spot.x - middle)


def _mean(spots: Sequence[Spot], value: Callable[[Spot], float]) -> float:
    return (value(spots[0]) + value(spots[-1])) / 2


def _windows(plain: Sequence[Spot], count: int) -> list[tuple[float, list[Spot]]]:
    """(what it leaves alone, the seats): each `count` neighbours in a row. An aisle is a gap in `x`."""
    found = []
    ordered = sorted(plain, key=lambda spot: (spot.y, spot.x))
    for _key, group in groupby(enumerate(ordered), key=lambda pair: (pair[1].y, pair[1].x - pair[0])):
        run = [spot for _number, spot in group]
        for start in range(len(run) - count + 1):
            rest = len(run) - count - start
            found.append((LONELY * ((start == 1) + (rest == 1)), run[start : start + count]))
    return found


def _with_wheelchairs(
    free: Sequence[Spot], plain: list[Spot], party: Party, tries: int, dice: random.Random | None
) -> list[Spot]:
    """Wheelchair places near each other, the companions beside them, the others as near as can be."""
    places = sorted((spot for spot in free if spot.kind == SeatKind.WHEELCHAIR), key=_value_in(free)) if free else []
    if len(places) < party.wheelchairs:
        return []
    start = places[_draw(len(places), tries, dice)]
    wheels = _nearest(places, start, party.wheelchairs)
    seats = {spot.seat for spot in wheels}
    beside = [spot for spot in free if spot.kind == SeatKind.COMPANION and spot.beside in seats][: party.companions]
    others = party.count - party.wheelchairs - len(beside)
    if len(plain) < others:
        return []
    return [*wheels, *beside, *_nearest(plain, wheels[0], others)]


def _nearest(spots: Sequence[Spot], to: Spot, count: int) -> list[Spot]:
    return sorted(spots, key=lambda spot: (2 * abs(spot.y - to.y) + abs(spot.x - to.x), spot.y, spot.x))[:count]
