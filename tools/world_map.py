"""Makes src/madang/kit/world.json, the map of the world that pages and reports draw.

    npm pack world-atlas && tar xzf world-atlas-*.tgz
    python tools/world_map.py package

The shapes are Natural Earth's (naturalearthdata.com), which is in the public domain, as the package world-atlas (ISC licence)
keeps them in TopoJSON. Here they are laid flat, rounded to a grid of WIDTH points, and named by ISO 3166 alpha-2.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel.core import get_global

WIDTH = 720
SOUTH = -57.0
"""Antarctica lies beyond."""
TINY = 2.0
"""Islands below this area, in squares of the grid, are left out, unless the country has nothing else."""
TARGET = Path(__file__).parent.parent / "src" / "madang" / "kit" / "world.json"
WITHOUT_NUMBER = {"Kosovo": "XK"}
Point = tuple[float, float]
Ring = list[Point]


def flat(longitude: float, latitude: float) -> Point:
    """The Natural Earth projection, -1 to 1 from west to east, by its polynomial (Šavrič, Jenny, Patterson, Petrovič and
    Hurni 2011, table 3)."""
    up = math.radians(latitude)
    two, four = up * up, up**4
    across = 0.8707 - 0.131979 * two + four * (-0.013791 + four * (0.003971 * two - 0.001529 * four))
    rise = up * (1.007226 + two * (0.015085 + four * (-0.044475 + 0.028874 * two - 0.005916 * four)))
    whole = 0.8707 * math.pi
    return math.radians(longitude) * across / whole, rise / whole


def placed(point: Point) -> Point:
    """On the grid: x from the west, y from the north."""
    x, y = flat(*point)
    top = flat(0, 84)[1]
    return (x + 1) * WIDTH / 2, (top - y) * WIDTH / 2


def countries(file: Path) -> Iterator[tuple[str, list[Ring]]]:
    """(alpha-2 or "" where there is none, outer rings as longitude and latitude)."""
    topology = json.loads(file.read_text())
    arcs = [list(_arc(arc, topology["transform"])) for arc in topology["arcs"]]
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        yield _code(shape), [_ring(polygon[0], arcs) for polygon in polygons]


def _arc(arc: list[list[int]], transform: dict[str, Any]) -> Iterator[Point]:
    (wide, high), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    for by_x, by_y in arc:
        x, y = x + by_x, y + by_y
        yield x * wide + left, y * high + bottom


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """The arcs of these numbers joined; ~n is arc n backwards."""
    found: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        found += arc[1:] if found else arc
    return _unbroken(found)


def _unbroken(ring: Ring) -> Ring:
    """Where a ring crosses the date line, it goes on beyond 180 degrees rather than back around the world."""
    found, turn = ring[:1], 0.0
    for (before, _), (x, y) in pairwise(ring):
        turn += 360.0 if before - x > 180 else -360.0 if x - before > 180 else 0.0
        found.append((x + turn, y))
    return found


def _code(shape: dict[str, Any]) -> str:
    alias = get_global("territory_aliases").get(str(shape.get("id", "")), [])
    return alias[0] if alias else WITHOUT_NUMBER.get(shape["properties"]["name"], "")


def area(ring: list[tuple[float, float]]) -> float:
    """In squares; the sign says which way round."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def middle(ring: Ring) -> Point:
    """The centre of gravity; of a ring without area the first point."""
    whole = area(ring)
    if abs(whole) < 1e-9:
        return ring[0]
    x = y = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return x / (6 * whole), y / (6 * whole)


def rounded(ring: Ring) -> list[int]:
    """Whole numbers x, y, x, y, … without points that fall on the one before or between their neighbours."""
    points: list[tuple[int, int]] = []
    for x, y in ring:
        point = round(x), round(y)
        if points and points[-1] == point:
            continue
        if len(points) > 1 and _straight(points[-2], points[-1], point):
            points.pop()
        points.append(point)
    return [edge for point in points for edge in point]


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def shapes(file: Path) -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = {}
    for code, rings in countries(file):
        if code == "AQ":
            continue
        flat_rings = sorted(([placed(point) for point in ring] for ring in rings), key=lambda ring: -abs(area(ring)))
        kept = [rounded(ring) for number, ring in enumerate(flat_rings) if number == 0 or abs(area(ring)) >= TINY]
        found.setdefault(code, []).extend(ring for ring in kept if len(ring) >= 6)
    return found


def middles(file: Path) -> dict[str, list[int]]:
    """Of each country the middle of its largest ring."""
    found = {}
    for code, rings in countries(file):
        largest = max(([placed(point) for point in ring] for ring in rings), key=lambda ring: abs(area(ring)))
        found[code] = [round(edge) for edge in middle(largest)]
    return found


def main(folder: Path) -> None:
    land = shapes(folder / "countries-110m.json")
    at = middles(folder / "countries-50m.json")
    at.pop("", None)
    at.pop("AQ", None)
    world = {
        "source": "Natural Earth (public domain), by world-atlas 2.0.2; made by tools/world_map.py",
        "width": WIDTH,
        "height": round(placed((0.0, SOUTH))[1]),
        "land": dict(sorted(land.items())),
        "middles": dict(sorted(at.items())),
    }
    TARGET.write_text(json.dumps(world, separators=(",", ":")) + "\n")
    print(f"{TARGET.stat().st_size} bytes, {len(land)} shapes, {len(at)} middles")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
