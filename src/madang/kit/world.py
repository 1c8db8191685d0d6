"""The map of the world: what is counted by country as discs on Natural Earth's land, the smaller above the larger."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from madang.kit.pictures import Area, Disc, Group, Look, Picture, Shape, Words

LARGEST, SMALLEST = 26.0, 3.5
"""Radius of a disc, in the map's units: its area goes with the number, but a small one must still be seen."""
NAMED = 6
"""So many countries have their code beside the disc."""


@lru_cache(maxsize=1)
def world() -> Mapping[str, Any]:
    """`width`, `height`, `land` (code -> rings) and `middles` (code -> x, y) by ISO 3166 alpha-2; made by tools/world_map.py."""
    found: dict[str, Any] = json.loads((files("madang.kit") / "world.json").read_text())
    return found


@lru_cache(maxsize=1)
def _land() -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(ring) for rings in world()["land"].values() for ring in rings)


def is_on_map(code: str) -> bool:
    return code in world()["middles"]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted in a country: a number above 0, the same in words, and where its rows are ("": nowhere)."""

    number: float
    text: str
    link: str = ""


def world_map(key: str, title: str, about: str, counted: Mapping[str, Counted]) -> Picture:
    """`counted` by ISO 3166 alpha-2; what is not on the map, or is nothing, has no disc."""
    known = {code: one for code, one in counted.items() if one.number > 0 and is_on_map(code)}
    order = sorted(known, key=lambda code: (-known[code].number, code))
    shapes: list[Shape] = [Area(_land())]
    for place, code in enumerate(order):
        (x, y), one = world()["middles"][code], known[code]
        radius = max(SMALLEST, LARGEST * math.sqrt(one.number / known[order[0]].number))
        mark: list[Disc | Words] = [Disc(x, y, radius, Look.TINTED)]
        if place < NAMED:
            mark.append(Words(x, y - radius - 3, code, "middle", Look.SMALL))
        shapes.append(Group(mark, one.text, one.link))
    return Picture(key, title, about, world()["width"], world()["height"], shapes)
