"""Pictures of figures on paper: the shapes of `kit.pictures` as reportlab draws them, in black, greys and lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Path, PolyLine, Rect, String
from reportlab.lib import colors

from madang.kit.pictures import Area, Box, Disc, Group, Line, Look, Picture, Shape, Words

INK, SOFT, LINE, WASH = (colors.HexColor(code) for code in ("#1a1a1a", "#555555", "#8a8a8a", "#e4e4e4"))
DARK, MIDDLE = colors.HexColor("#5a5a5a"), colors.HexColor("#b4b4b4")
TINT = colors.Color(0.25, 0.25, 0.25, alpha=0.45)
LOOKS: dict[Look, dict[str, Any]] = {
    Look.SOLID: {"fillColor": DARK, "strokeColor": None},
    Look.STRIPED: {"fillColor": MIDDLE, "strokeColor": DARK, "strokeWidth": 0.4},
    Look.HOLLOW: {"fillColor": colors.white, "strokeColor": DARK, "strokeWidth": 0.5},
    Look.DOTTED: {"fillColor": None, "strokeColor": DARK, "strokeWidth": 0.8, "strokeDashArray": [2, 2]},
    Look.GROUND: {"fillColor": WASH, "strokeColor": None},
    Look.LAND: {"fillColor": WASH, "strokeColor": colors.white, "strokeWidth": 0.2},
    Look.TINTED: {"fillColor": TINT, "strokeColor": INK, "strokeWidth": 0.5},
    Look.AXIS: {"fillColor": None, "strokeColor": LINE, "strokeWidth": 0.4},
    Look.MARK: {"fillColor": None, "strokeColor": INK, "strokeWidth": 1.1},
    Look.GOAL: {"fillColor": None, "strokeColor": INK, "strokeWidth": 0.8, "strokeDashArray": [4, 2]},
}
SIZES = {Look.WORDS: 11.0, Look.SMALL: 9.0, Look.COUNT: 11.0}
"""Of letters, in the picture's units."""


def drawing(picture: Picture, width: float, most: float, font: str) -> Drawing:
    """As wide as `width`, or as `most` high, in points."""
    scale = min(width / picture.width, most / picture.height)
    drawn = Drawing(picture.width * scale, picture.height * scale)
    for shape in _flat(picture.shapes):
        drawn.add(_shape(shape, picture.height, font))
    drawn.scale(scale, scale)
    return drawn


def _flat(shapes: Iterable[Shape]) -> Iterable[Box | Line | Area | Disc | Words]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from shape.shapes
        else:
            yield shape


def _shape(shape: Box | Line | Area | Disc | Words, high: float, font: str) -> Any:
    """Paper counts from below."""
    match shape:
        case Box(x, y, width, height, look):
            return Rect(x, high - y - height, width, height, **LOOKS[look])
        case Line(points, look):
            places = [edge for x, y in points for edge in (x, high - y)]
            return PolyLine(places, **{name: value for name, value in LOOKS[look].items() if name != "fillColor"})
        case Area(rings, look):
            path = Path(**LOOKS[look])
            for ring in rings:
                path.moveTo(ring[0], high - ring[1])
                for x, y in zip(ring[2::2], ring[3::2], strict=True):
                    path.lineTo(x, high - y)
                path.closePath()
            return path
        case Disc(x, y, radius, look):
            return Circle(x, high - y, radius, **LOOKS[look])
        case Words(x, y, text, anchor, look):
            return String(x, high - y, text, fontName=font, fontSize=SIZES[look], textAnchor=anchor, fillColor=INK)
