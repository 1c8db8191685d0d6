"""A hall's seats as a drawing in letters, which is quick to type and reads aloud: one line a row, the stage above the first.

    A  ooooo oooooooo ooooo
    B  ooooo oooooooo ooooo

    W  wc... .......x ..cw.

The row's name comes first. `o` is a seat, `w` a wheelchair place, `c` a companion's seat beside it, `x` a seat not in use; `.`
and a space are gaps, such as an aisle (points at the beginning of a row); an empty line is a gap between rows. Seats are numbered
from the left, gaps not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from madang.seating.models import Seat, SeatKind

KINDS = {"o": SeatKind.SEAT, "w": SeatKind.WHEELCHAIR, "c": SeatKind.COMPANION, "x": SeatKind.SEAT}
GAPS = ". "
EXAMPLE = "A  ooooo oooooooo ooooo\nB  ooooo oooooooo ooooo\n\nW  wc... oooxoooo ...cw"
MOST_ROWS, MOST_COLUMNS, LONGEST = 100, 150, 20_000


@dataclass(frozen=True)
class Drawn:
    """A seat of the drawing; `beside`: the spot (x, y) of the wheelchair place to which a companion's seat belongs."""

    block: str
    row: str
    number: str
    x: int
    y: int
    kind: str
    is_closed: bool = False
    beside: tuple[int, int] | None = None


class Unreadable(ValueError):
    """A fault of the drawing, with its line."""


def read_drawing(text: str) -> list[Drawn]:
    """The seats of a drawing. Raises Unreadable with the line that cannot be read."""
    if len(text) > LONGEST:
        raise Unreadable(_("This drawing is too long."))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    if len(lines) > MOST_ROWS:
        raise Unreadable(_("At most %(most)s rows.") % {"most": MOST_ROWS})
    seats: list[Drawn] = []
    names: set[str] = set()
    for y, line in enumerate(lines):
        if line.strip():
            name, _space, cells = line.strip().partition(" ")
            if name in names or len(name) > 10:
                raise Unreadable(_("Line %(line)s: each row has a short name of its own.") % {"line": y + 1})
            names.add(name)
            seats += _row(name, cells.lstrip(" "), y)
    if not seats:
        raise Unreadable(_("There is no seat in this drawing."))
    return seats


def _row(name: str, cells: str, y: int) -> list[Drawn]:
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(_("Line %(line)s: at most %(most)s seats and gaps.") % {"line": y + 1, "most": MOST_COLUMNS})
    wheels = [x for x, letter in enumerate(cells) if letter == "w"]
    found: list[Drawn] = []
    for x, letter in enumerate(cells):
        if letter in GAPS:
            continue
        if letter not in KINDS:
            fault = {"line": y + 1, "letter": letter}
            raise Unreadable(_("Line %(line)s: “%(letter)s” is not o, w, c, x, . or a space.") % fault)
        if letter == "c" and not wheels:
            raise Unreadable(_("Line %(line)s: a companion’s seat needs a wheelchair place in its row.") % {"line": y + 1})
        beside = (min((abs(wheel - x), wheel) for wheel in wheels)[1], y) if letter == "c" else None
        found.append(Drawn("", name, str(len(found) + 1), x, y, KINDS[letter], letter == "x", beside))
    return found


def draw(seats: Iterable[Seat]) -> str:
    """The drawing of these seats: what `read_drawing` reads as the same."""
    rows: dict[int, list[Seat]] = {}
    for seat in seats:
        rows.setdefault(seat.y, []).append(seat)
    width = max((len(row[0].row) for row in rows.values()), default=1)
    return "\n".join(_line(rows.get(y, []), width) for y in range(max(rows, default=-1) + 1))


def _line(row: Sequence[Seat], width: int) -> str:
    if not row:
        return ""
    cells = ["."] * row[0].x + [" "] * (max(seat.x for seat in row) + 1 - row[0].x)
    for seat in row:
        cells[seat.x] = "x" if seat.is_closed else {"wheelchair": "w", "companion": "c"}.get(seat.kind, "o")
    return f"{row[0].row:<{width}} " + "".join(cells)
