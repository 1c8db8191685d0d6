"""Pictures of figures: as SVG, on paper, and on the map of the world."""

import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from madang.kit.pdf import Drawn, Heading, Together, pdf_bytes
from madang.kit.pictures import Area, Box, Disc, Group, Line, Look, Picture, Words, svg
from madang.kit.world import LARGEST, SMALLEST, Counted, is_on_map, world, world_map

SHAPES = (
    Box(0, 0, 10, 4.25, Look.STRIPED), Line([(0, 1), (5, 2.5)]), Area([(0, 0, 4, 0, 4, 4)]), Disc(5, 5, 2),
    Group([Words(1, 2, "<b>말 & word</b>", "end", Look.COUNT)], "One & two", "/rows/?a=1&b=2"), Group([Disc(1, 1, 1)], "Three"),
)  # fmt: skip


def picture(*shapes):
    return Picture("p", "Tit<le>", "About & more", 100, 50, shapes)


def test_a_picture_is_well_formed_says_what_it_is_and_escapes_words():
    drawn = ElementTree.fromstring(svg(picture(*SHAPES)))
    assert drawn.attrib == {"class": "picture", "viewBox": "0 0 100 50", "role": "group", "aria-labelledby": "p-title p-about"}
    assert [(one.tag, one.text) for one in drawn[:2]] == [("title", "Tit<le>"), ("desc", "About & more")]
    assert [one.tag for one in drawn[2:]] == ["defs", "rect", "polyline", "path", "circle", "a", "g"]
    assert drawn[3].attrib == {
        "class": "striped", "fill": "url(#p-stripes)", "x": "0", "y": "0", "width": "10", "height": "4.2",
    }  # fmt: skip
    assert drawn[5].attrib["d"] == "M0 0l4 0 0 4z"
    link = drawn[7]
    assert (link.attrib, link[0].text, link[1].text) == ({"href": "/rows/?a=1&b=2"}, "One & two", "<b>말 & word</b>")


def test_without_links_it_is_an_image_and_without_stripes_it_has_no_pattern():
    drawn = ElementTree.fromstring(svg(picture(SHAPES[1])))
    assert (drawn.attrib["role"], [one.tag for one in drawn]) == ("img", ["title", "desc", "polyline"])


def test_paper_draws_every_shape_and_the_same_bytes_again():
    blocks = [Together(), Heading("그림"), Drawn(picture(*SHAPES, *(Box(0, 0, 1, 1, look) for look in list(Look)[:5])))]
    first, second = (pdf_bytes("그림", blocks, language="ko") for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF")


def test_the_map_is_small_flat_and_has_the_places_that_are_small():
    assert (files("madang.kit") / "world.json").stat().st_size < 80_000
    found = world()
    edges = [ring for rings in found["land"].values() for ring in rings]
    assert all(len(ring) % 2 == 0 and len(ring) >= 6 for ring in edges)
    assert all(0 <= x <= found["width"] for ring in edges for x in ring[::2])
    assert all(0 <= y <= found["height"] for ring in edges for y in ring[1::2])
    assert all(abs(a - b) < found["width"] / 4 for ring in edges for a, b in zip(ring[::2], ring[2::2], strict=False))
    assert all(re.fullmatch("[A-Z]{2}", code) for code in found["middles"])
    assert [is_on_map(code) for code in ("KR", "HK", "SG", "TW", "MO", "MT", "XK", "", "AQ", "??")] == [True] * 7 + [False] * 3


@pytest.mark.parametrize(("west", "east"), [("US", "FR"), ("FR", "IN"), ("IN", "SG"), ("SG", "TW"), ("TW", "KR"), ("KR", "JP")])
def test_countries_lie_where_they_are(west, east):
    assert world()["middles"][west][0] < world()["middles"][east][0]


def test_discs_go_with_the_number_the_smaller_above_and_none_without_a_place():
    counted = {
        "SG": Counted(1, "Singapore: 1"), "KR": Counted(10_000, "Korea: 10,000", "/kr"), "FR": Counted(0, "France: 0"),
        "ZZ": Counted(5, "Nowhere: 5"), "JP": Counted(2_500, "Japan: 2,500"),
    }  # fmt: skip
    groups = [one for one in world_map("m", "Map", "About", counted).shapes if isinstance(one, Group)]
    assert [(one.title, one.link) for one in groups] == [("Korea: 10,000", "/kr"), ("Japan: 2,500", ""), ("Singapore: 1", "")]
    assert [one.shapes[0].radius for one in groups] == [LARGEST, LARGEST / 2, SMALLEST]


def test_an_empty_map_is_only_land():
    assert [type(one) for one in world_map("m", "Map", "About", {}).shapes] == [Area]
