"""PDF documents with Hangul and Latin text, on A4, made from blocks: headings, paragraphs, tables, lists."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    ListFlowable,
    ListItem,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from madang.kit.pdf_pictures import drawing
from madang.kit.pictures import Picture

FONT, BOLD = "NanumGothic", "NanumGothicBold"
FALLBACKS = {FONT: ("NotoSansLatin", "NotoSansHan"), BOLD: ("NotoSansLatinBold", "NotoSansHan")}
"""What is printed with where a font lacks letters: other Latin letters, Greek, Cyrillic; Chinese and Japanese."""
INK, LINE, SHADE = colors.HexColor("#1a1a1a"), colors.HexColor("#8a8a8a"), colors.HexColor("#efefef")
STYLES = {
    "title": ParagraphStyle("title", fontName=BOLD, fontSize=17, leading=23, spaceAfter=8, textColor=INK),
    "heading": ParagraphStyle(
        "heading", fontName=BOLD, fontSize=11.5, leading=16, spaceBefore=9, spaceAfter=4, textColor=INK, keepWithNext=1
    ),
    "text": ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=14, spaceAfter=4, textColor=INK),
    "small": ParagraphStyle("small", fontName=FONT, fontSize=7.5, leading=10.5, textColor=INK),
    "cell": ParagraphStyle("cell", fontName=FONT, fontSize=8.5, leading=12, textColor=INK),
    "head": ParagraphStyle("head", fontName=BOLD, fontSize=8.5, leading=12, textColor=INK),
}
RULED = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
"""Measures are points, unless a unit is named."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the document."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs: one for each line of `text`. `style` is a key of STYLES."""

    text: str
    style: str = "text"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; `head` is repeated on each page. `widths` are parts of the page's width, equal if empty."""

    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()
    widths: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """A list with bullets."""

    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, as wide as the page or as high as half of it."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Together:
    """A picture's words and the picture follow: a new page, unless both have room on this one."""


Block = Heading | Text | Rows | Points | NewPage | Drawn | Together
MOST_HIGH = 95 * mm
"""Of a picture."""


def pdf_bytes(title: str, blocks: Sequence[Block], *, language: str, footer: str = "", wide: bool = False) -> bytes:
    """The document as bytes of a PDF, with its title and language set, and page numbers beside `footer`.

    `language`: ko wraps lines between any two syllables of Hangul, other languages between words. The same input gives the same
    bytes: no date of making is written.
    """
    register_fonts()
    page = landscape(A4) if wide else A4
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=page,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        lang=language,
        invariant=1,
    )
    story: list[Flowable] = [_paragraph(title, "title", language)]
    for block in blocks:
        story += _flowables(block, language, document.width)

    def foot(canvas: Any, _document: object) -> None:
        canvas.setFont(FONT, 7.5)
        canvas.drawString(18 * mm, 11 * mm, footer[:140])
        canvas.drawRightString(page[0] - 18 * mm, 11 * mm, str(canvas.getPageNumber()))

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def register_fonts() -> None:
    """Both weights, registered once a process."""
    if FONT in pdfmetrics.getRegisteredFontNames():
        return
    for name in (FONT, BOLD):
        _register(name)
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def _register(name: str) -> None:
    with as_file(files("madang.kit") / "fonts" / f"{name}.ttf") as path:
        pdfmetrics.registerFont(TTFont(name, str(path)))


@cache
def letters(font: str) -> frozenset[str]:
    """What a font draws; one of FALLBACKS is read where it is asked for, once a process."""
    if font not in pdfmetrics.getRegisteredFontNames():
        _register(font)
    return frozenset(map(chr, pdfmetrics.getFont(font).face.charToGlyph))


def pieces(text: str, font: str) -> list[tuple[str, str]]:
    """(font, part) from left to right: one font for the whole text where one has all its letters, else letter by letter."""
    fonts = (font, *FALLBACKS.get(font, ()))
    for name in fonts:
        if letters(name).issuperset(text):
            return [(name, text)]
    found: list[tuple[str, str]] = []
    for letter in text:
        name = next((name for name in fonts if letter in letters(name)), font)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + letter)
        else:
            found.append((name, letter))
    return found


def width_of(text: str, font: str, size: float) -> float:
    """Points that the text takes, its fallbacks counted."""
    return sum(float(pdfmetrics.stringWidth(part, name, size)) for name, part in pieces(text, font))


def _paragraph(text: str, style: str, language: str) -> Paragraph:
    look = STYLES[style]
    if language == "ko":
        look = ParagraphStyle(f"{style}-ko", parent=look, wordWrap="CJK")
    return Paragraph(escape(text), look)


def _flowables(block: Block, language: str, width: float) -> list[Flowable]:
    match block:
        case Heading(text):
            return [_paragraph(text, "heading", language)]
        case Text(text, style):
            return [_paragraph(line, style, language) for line in text.splitlines() if line.strip()]
        case Points(points):
            items = [ListItem(_paragraph(point, "text", language)) for point in points]
            return [ListFlowable(items, bulletType="bullet", bulletFontName=FONT, start="•")]
        case Rows():
            return [_table(block, language, width), Spacer(0, 6)]
        case NewPage():
            return [PageBreak()]
        case Together():
            return [CondPageBreak(MOST_HIGH + 25 * mm)]
        case Drawn(picture):
            return [drawing(picture, width, MOST_HIGH, FONT), Spacer(0, 6)]


def _table(block: Rows, language: str, width: float) -> Table:
    head = [[_paragraph(cell, "head", language) for cell in block.head]] if block.head else []
    body = [[_paragraph(cell, "cell", language) for cell in row] for row in block.rows]
    parts = block.widths or [1.0] * len((head or body)[0])
    table = Table([*head, *body], colWidths=[width * part / sum(parts) for part in parts], repeatRows=len(head))
    table.setStyle(RULED)
    if head:
        table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, 0), SHADE)]))
    return table
