"""Badges on paper: words fitted into their boxes, pages of their exact size, QRs as they were asked for."""

import base64
import re
import zlib
from itertools import pairwise

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from madang.accreditation.badge_fit import LEADING, fit, printable
from madang.accreditation.badge_pdf import BLEED, FORMATS, Face, Told, badges_pdf, readable_on, runs
from madang.kit.pdf import BOLD, FONT, pieces, register_fonts

QR = "https://market.example/e/bcm-2025/scan/q1w2e3r4t5y6u7i8/"


def face(number="00001", **facts):
    known = {
        "name": "Hana Kim",
        "other_name": "김하나",
        "company": "Hanbada Pictures",
        "role": "Buyer · 바이어",
        "country": "South Korea",
    }
    return Face(number=number, qr=QR, colour="#b3005e", edition="Yard Market 2025", **(known | facts))


def drawn(pdf):
    """The drawing of each page as PDF operators."""
    found = re.findall(rb"/Filter \[ /ASCII85Decode /FlateDecode \] /Length \d+\s*>>\s*stream\s(.*?)endstream", pdf, re.DOTALL)
    pages = [zlib.decompress(base64.a85decode(part.strip(), adobe=False) if not part.strip().endswith(b"~>") else
                             base64.a85decode(b"<~" + part.strip(), adobe=True)) for part in found]  # fmt: skip
    return [page.decode("latin-1") for page in pages if b" re" in page]


def sizes(pdf):
    return [tuple(float(n) for n in box.split()) for box in re.findall(rb"/MediaBox \[ ([\d. ]+) \]", pdf)]


def test_largest_size_that_fits_on_one_or_two_lines():
    register_fonts()
    width = 90 * mm
    short = fit("Xi", BOLD, width, 31 * mm, largest=44, smallest=14, lines=2)
    assert (short.lines, short.size, short.is_short) == (("Xi",), 44, False)
    long = fit("Jean-Baptiste de La Rochefoucauld", BOLD, width, 31 * mm, largest=44, smallest=14, lines=2)
    assert long.lines == ("Jean-Baptiste de", "La Rochefoucauld")
    assert max(stringWidth(line, BOLD, long.size) for line in long.lines) <= width
    assert max(stringWidth(line, BOLD, long.size + 0.5) for line in long.lines) > width
    assert fit("황보제갈남궁독고선우동방", BOLD, 40 * mm, 40 * mm, largest=44, smallest=6, lines=2).lines == (
        "황보제갈남궁",
        "독고선우동방",
    )
    assert fit("", FONT, width, 10, largest=9, smallest=5, lines=1).lines == ()


@settings(max_examples=40)
@given(st.text("abcdeé 가나다-WMil", min_size=1, max_size=400), st.integers(1, 2))
def test_nothing_leaves_its_box_and_nothing_is_lost_silently(text, lines):
    register_fonts()
    text = " ".join(text.split())
    found = fit(text, BOLD, 120, 50, largest=30, smallest=8, lines=lines)
    assert all(stringWidth(line, BOLD, found.size) <= 120.01 for line in found.lines)
    assert len(found.lines) * found.size * LEADING <= 50.01
    assert len(found.lines) <= lines
    kept = "".join(found.lines).replace(" ", "")
    assert kept.endswith("…") if found.is_short else kept == text.replace(" ", "")


def test_letters_that_no_font_has():
    assert printable("عائشة", FONT) == ("", "عائشة")
    assert printable("Kim 😀\u202e Hana", FONT) == ("Kim Hana", "😀")
    assert printable("한\u1112\u1161\u11ab 漢字 Éł", FONT) == ("한한 漢字 Éł", "")


@pytest.mark.parametrize(
    ("text", "font", "drawn_with"),
    [
        ("Hana Kim 김하나", BOLD, [BOLD]),
        ("Ayşe Yılmaz", BOLD, ["NotoSansLatinBold"]),
        ("Đặng Thị Hà", FONT, ["NotoSansLatin"]),
        ("Јована Ђурић", FONT, ["NotoSansLatin"]),
        ("赵漢 陈国", BOLD, ["NotoSansHan"]),
        ("김赵", FONT, [FONT, "NotoSansHan"]),
    ],
)
def test_another_font_prints_what_the_first_has_not(text, font, drawn_with):
    assert printable(text, font) == (text, "")
    assert [name for name, _part in pieces(text, font)] == drawn_with
    assert "".join(part for _name, part in pieces(text, font)) == text


def test_runs_of_dark_modules():
    assert runs([1, 1, 0, 1, 0, 0, 1, 1, 1]) == [(0, 2), (3, 1), (6, 3)]


@pytest.mark.parametrize(("key", "pages"), [("a6", 5), ("card", 5), ("sheet", 2), ("a4", 2), ("labels", 1)])
def test_pages_have_their_exact_size(key, pages):
    page = FORMATS[key]
    pdf, told = badges_pdf([face(f"{n:05}") for n in range(5)], page, title="Badges")
    assert sizes(pdf) == [(0, 0, pytest.approx(page.page[0] * mm, abs=0.01), pytest.approx(page.page[1] * mm, abs=0.01))] * pages
    assert told == []
    both, _told = badges_pdf([face(f"{n:05}") for n in range(5)], page, title="Badges", both_sides=True)
    assert len(sizes(both)) == (pages * 2 if page.two_sided else pages)


def test_the_same_badges_give_the_same_bytes():
    assert badges_pdf([face()], FORMATS["a6"], title="B") == badges_pdf([face()], FORMATS["a6"], title="B")


@pytest.mark.parametrize("key", list(FORMATS))
def test_the_qr_on_paper_is_the_one_of_the_address(key):
    (page,) = drawn(badges_pdf([face()], FORMATS[key], title="B")[0])
    matrix = segno.make(QR, error="m", micro=False, mask=0).matrix
    dark = {(int(x) + n, int(y)) for x, y, length in re.findall(r"(\d+) (\d+) (\d+) 1 re", page) for n in range(int(length))}
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell}


@pytest.mark.parametrize("key", ["sheet", "a4"])
def test_bleeds_and_marks_stay_on_the_page_and_do_not_overlap(key):
    page = FORMATS[key]
    width, height = page.size
    corners = [page.corner(place) for place in range(4)]
    assert [b - a for a, b in pairwise(sorted({x for x, _y in corners}))] == [pytest.approx(width + 2 * BLEED)]
    assert [b - a for a, b in pairwise(sorted({y for _x, y in corners}))] == [pytest.approx(height + 2 * BLEED)]
    assert min(x for x, _y in corners) >= BLEED
    assert [page.corner(place, back=True) for place in range(4)] == [corners[1], corners[0], corners[3], corners[2]]


def test_what_is_not_printed_as_written_is_told():
    _pdf, told = badges_pdf([face(name="X" * 400), face("00002", other_name="สมชาย")], FORMATS["a6"], title="B")
    assert [(one.number, one.field, one.kind) for one in told] == [("00001", "name", "short"), ("00002", "other_name", "letters")]
    assert told[1] == Told("00002", "other_name", "letters", "", "สมชาย")


@pytest.mark.parametrize(
    ("colour", "ink"), [("#ffd400", "#000000"), ("#1a1a1a", "#ffffff"), ("#b3005e", "#ffffff"), ("#ffffff", "#000000")]
)
def test_the_role_can_be_read_on_its_colour(colour, ink):
    assert readable_on(colour).hexval().replace("0x", "#") == ink


def test_drawing_can_be_stopped():
    seen = []

    def watch(done):
        seen.append(done)
        if done >= 8:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        badges_pdf([face()] * 100, FORMATS["sheet"], title="B", watch=watch)
    assert seen == [4, 8]
