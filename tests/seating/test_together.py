"""The best seats together, held against every way to choose them in small halls."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from madang.seating.drawing import Unreadable, draw, read_drawing
from madang.seating.models import Seat
from madang.seating.together import Party, Spot, best_together

LETTERS = st.text(alphabet="oowcx. ", min_size=1, max_size=12)
HALLS = st.lists(LETTERS, min_size=1, max_size=5).map(
    lambda rows: "\n".join(f"{chr(65 + n)} {row}" for n, row in enumerate(rows))
)


def spots(text):
    """Free places as the database would give them, the companion's seat tied to its wheelchair place."""
    seats = read_drawing(text)
    ids = {(seat.x, seat.y): number for number, seat in enumerate(seats, 1)}
    rows = [(ids[seat.x, seat.y], seat.x, seat.y, seat.kind, ids.get(seat.beside) if seat.beside else None) for seat in seats]
    return [
        Spot(pk, pk, x, y, kind, beside) for (pk, x, y, kind, beside), seat in zip(rows, seats, strict=True) if not seat.is_closed
    ]


def side_by_side(chosen):
    ordered = sorted(chosen, key=lambda spot: (spot.y, spot.x))
    return all(a.y == b.y and a.x + 1 == b.x for a, b in pairwise(ordered))


def readable(text):
    try:
        return spots(text)
    except Unreadable:
        return []


@given(HALLS, st.integers(1, 5), st.integers(0, 3))
def test_who_comes_together_sits_together_wherever_that_is_possible(text, count, tries):
    free = readable(text)
    chosen = best_together(free, Party(count), tries, random.Random(1))
    plain = [spot for spot in free if spot.kind == "seat"]
    spot_at = {(spot.x, spot.y) for spot in plain}
    fits = any(all((spot.x + n, spot.y) in spot_at for n in range(count)) for spot in plain)
    assert len(set(chosen)) == (count if len(plain) >= count else 0)
    assert set(chosen) <= set(plain)
    assert not fits or side_by_side(chosen)


@given(HALLS, st.integers(1, 2), st.integers(0, 2), st.integers(0, 2))
def test_wheelchairs_have_wheelchair_places_and_companions_sit_with_them(text, wheels, companions, others):
    free = readable(text)
    chosen = best_together(free, Party(wheels + companions + others, wheels, companions), 0, random.Random(1))
    places = [spot for spot in free if spot.kind == "wheelchair"]
    plain = [spot for spot in free if spot.kind == "seat"]
    if not chosen:
        assert len(places) < wheels or len(plain) < companions + others
        return
    taken = [spot for spot in chosen if spot.kind == "wheelchair"]
    beside = [spot for spot in chosen if spot.kind == "companion"]
    assert (len(set(chosen)), len(taken)) == (wheels + companions + others, wheels)
    assert len(beside) <= companions
    assert {spot.beside for spot in beside} <= {spot.seat for spot in taken}


@given(HALLS)
def test_what_is_drawn_is_read_as_the_same(text):
    try:
        seats = read_drawing(text)
    except Unreadable:
        return
    rows = [Seat(row=one.row, number=one.number, x=one.x, y=one.y, kind=one.kind, is_closed=one.is_closed) for one in seats]
    again = read_drawing(draw(rows))
    first = min(seat.y for seat in seats)
    assert first >= 0
    assert again == seats
