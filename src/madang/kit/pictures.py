"""Pictures of figures, drawn once: as SVG for pages and files, and on paper by `kit.pdf`. A table beside each says the same.

A shape has a `look`, which style sheets and the PDF turn into colour and pattern; no look is told apart by colour alone.
Measures are the picture's own units, from the upper left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Point = tuple[float, float]


class Look(StrEnum):
    """What a shape is."""

    SOLID = "solid"
    STRIPED = "striped"
    HOLLOW = "hollow"
    DOTTED = "dotted"
    GROUND = "ground"
    LAND = "land"
    TINTED = "tinted"
    AXIS = "axis"
    MARK = "mark"
    GOAL = "goal"
    WORDS = "words"
    SMALL = "small"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    look: Look = Look.SOLID


@dataclass(frozen=True, slots=True)
class Line:
    points: Sequence[Point]
    look: Look = Look.AXIS


@dataclass(frozen=True, slots=True)
class Area:
    """Rings of whole numbers x, y, x, y, …"""

    rings: Sequence[Sequence[int]]
    look: Look = Look.LAND


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float
    look: Look = Look.SOLID


@dataclass(frozen=True, slots=True)
class Words:
    """`anchor`: start, middle or end of the text stands at x."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: Look = Look.WORDS


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that mean one thing. `title` says it in words; `link` leads to its rows."""

    shapes: Sequence[Box | Line | Area | Disc | Words]
    title: str = ""
    link: str = ""


Shape = Box | Line | Area | Disc | Words | Group


@dataclass(frozen=True, slots=True)
class Picture:
    """`title` names it, `about` says how to read it; `key` is its id on the page."""

    key: str
    title: str
    about: str
    width: float
    height: float
    shapes: Sequence[Shape]

    @property
    def svg(self) -> SafeString:
        return svg(self)


SVG = (
    '<svg class="picture" viewBox="0 0 {} {}" role="{}" aria-labelledby="{}-title {}-about">'
    '<title id="{}-title">{}</title><desc id="{}-about">{}</desc>{}{}</svg>'
)
STRIPES = (
    '<defs><pattern id="{}-stripes" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="ground" width="5" height="5"/><rect class="stripe" width="2" height="5"/></pattern></defs>'
)


def svg(picture: Picture) -> SafeString:
    """The picture as one element; with links inside it is a group, else an image."""
    key = picture.key
    role = "group" if any(isinstance(one, Group) and one.link for one in picture.shapes) else "img"
    drawn = _all(picture.shapes, key)
    stripes = format_html(STRIPES, key) if f"#{key}-stripes" in drawn else ""
    edges = _number(picture.width), _number(picture.height)
    return format_html(SVG, *edges, role, key, key, key, picture.title, key, picture.about, stripes, drawn)


def _all(shapes: Iterable[Shape], key: str) -> SafeString:
    return format_html_join("", "{}", ((_drawn(one, key),) for one in shapes))


def _drawn(shape: Shape, key: str) -> SafeString:
    match shape:
        case Box(x, y, width, height, look):
            edges = (_number(edge) for edge in (x, y, width, height))
            return format_html('<rect{} x="{}" y="{}" width="{}" height="{}"/>', _look(look, key), *edges)
        case Line(points, look):
            path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
            return format_html('<polyline{} points="{}"/>', _look(look, key), path)
        case Area(rings, look):
            return format_html('<path{} d="{}"/>', _look(look, key), "".join(map(_ring, rings)))
        case Disc(x, y, radius, look):
            edges = (_number(edge) for edge in (x, y, radius))
            return format_html('<circle{} cx="{}" cy="{}" r="{}"/>', _look(look, key), *edges)
        case Words(x, y, text, anchor, look):
            return format_html(
                '<text{} x="{}" y="{}" text-anchor="{}">{}</text>', _look(look, key), _number(x), _number(y), anchor, text
            )
        case Group(shapes, title, link):
            inside = format_html("<title>{}</title>{}", title, _all(shapes, key)) if title else _all(shapes, key)
            return format_html('<a href="{}">{}</a>', link, inside) if link else format_html("<g>{}</g>", inside)


def _look(look: Look, key: str) -> SafeString:
    if look == Look.STRIPED:
        return format_html(' class="striped" fill="url(#{}-stripes)"', key)
    return format_html(' class="{}"', look.value)


def _ring(ring: Sequence[int]) -> str:
    """Steps are shorter to write than places."""
    steps = (f"{x - a} {y - b}" for a, b, x, y in zip(ring[::2], ring[1::2], ring[2::2], ring[3::2], strict=False))
    return f"M{ring[0]} {ring[1]}l{' '.join(steps)}z"


def _number(edge: float) -> str:
    return f"{edge:.1f}".removesuffix(".0")
