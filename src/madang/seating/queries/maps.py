"""The map of an event's seats, drawn for one reader: an SVG of a few paths, and the same as rows to choose from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from madang.markets.models import Hall
from madang.seating.models import Place, Seat, Seating, SeatKind

FREE, TAKEN, MINE, OTHERS, CLOSED = "free", "taken", "mine", "others", "closed"
"""How a seat stands to the reader; `others`: free, but for another allotment."""


@dataclass(frozen=True)
class MapSeat:
    """One seat: the number of its place, as the reader sees it."""

    number: int
    name: str
    kind: str
    state: str
    allotment: str = ""


@dataclass(frozen=True)
class MapRow:
    name: str
    y: int
    seats: list[MapSeat]

    @property
    def free(self) -> list[MapSeat]:
        return [seat for seat in self.seats if seat.state in (FREE, MINE)]


@dataclass(frozen=True)
class SeatMap:
    """`paths`: (class, SVG path) in seats; `rows` from the stage to the back."""

    width: int
    height: int
    paths: list[tuple[str, str]]
    rows: list[MapRow] = field(default_factory=list)
    legend: list[tuple[str, str, int]] = field(default_factory=list)


WORDS = {
    FREE: lambda: pgettext("seats", "Free"),
    MINE: lambda: _("Yours"),
    TAKEN: lambda: pgettext("seats", "Taken"),
    OTHERS: lambda: _("For others"),
    CLOSED: lambda: _("Not in use"),
    "wheelchair": lambda: _("Wheelchair place"),
}


def seat_map(seating: Seating, now: dt.datetime, *, kind: str = "", mine: int | None = None) -> SeatMap:
    """As somebody sees it who may book out of the allotment `kind` ("": any); `mine`: her booking. One query."""
    names = (
        "number",
        "booking",
        "held_until",
        "allotment__kind",
        "seat__x",
        "seat__y",
        "seat__row",
        "seat__number",
        "seat__kind",
    )
    rows = Place.objects.filter(seating=seating, seat__isnull=False).order_by("seat__y", "seat__x").values_list(*names)
    spots: dict[str, list[tuple[int, int]]] = defaultdict(list)
    found: list[MapRow] = []
    for y, group in groupby(rows, key=lambda row: row[5]):
        line = MapRow("", y, [])
        for number, booking, until, allotment, x, _y, row, label, seat_kind in group:
            state = _state(booking, is_free=booking is None or (until is not None and until <= now), mine=mine)
            state = OTHERS if state == FREE and kind and allotment != kind else state
            line = MapRow(row, y, [*line.seats, MapSeat(number, label, seat_kind, state, allotment)])
            spots["wheelchair" if state == FREE and seat_kind == SeatKind.WHEELCHAIR else state].append((x, y))
        found.append(line)
    return _drawn(spots, found)


def _state(booking: int | None, *, is_free: bool, mine: int | None) -> str:
    if booking is not None and booking == mine:
        return MINE
    return FREE if is_free else TAKEN


def hall_map(hall: Hall) -> SeatMap:
    """A hall without an event."""
    spots: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = Seat.objects.filter(hall=hall).values_list("x", "y", "row", "kind", "is_closed")
    labels: dict[int, str] = {}
    for x, y, row, kind, is_closed in rows:
        spots[CLOSED if is_closed else "wheelchair" if kind == SeatKind.WHEELCHAIR else FREE].append((x, y))
        labels[y] = row
    return _drawn(spots, [MapRow(name, y, []) for y, name in sorted(labels.items())])


def _drawn(spots: dict[str, list[tuple[int, int]]], rows: list[MapRow]) -> SeatMap:
    every = [spot for group in spots.values() for spot in group]
    width, height = max((x for x, _y in every), default=0) + 1, max((y for _x, y in every), default=0) + 1
    order = [state for state in WORDS if spots.get(state)]
    paths = [(state, path_of(spots[state])) for state in order]
    return SeatMap(width, height, paths, rows, [(state, WORDS[state](), len(spots[state])) for state in order])


def path_of(spots: Iterable[tuple[int, int]]) -> str:
    """A little square for each seat."""
    return "".join(f"M{x}.1 {y}.1h.8v.8h-.8z" for x, y in spots)


def names_of(seating: Seating, numbers: Collection[int]) -> list[str]:
    """The seats of these places in words, as they stand on tickets."""
    places = Place.objects.filter(seating=seating, number__in=numbers).select_related("seat").order_by("number")
    return [str(place.seat) if place.seat else str(place.number) for place in places]
