"""Badges ready to print: faces of three designs, laid out on pages of five formats.

Measures are millimetres from the top left corner of a badge, sizes of letters are points. Nothing here knows a database.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import segno
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from madang.accreditation.badge_fit import LEADING, fit, printable
from madang.kit.pdf import BOLD, FONT, INK, pieces, register_fonts, width_of

BLEED = 3.0
"""How far colour runs over the cut, so that a knife that slips shows no white edge."""
MARK = 3.5
"""Length of a cut mark."""


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on one badge. `qr` is the address that a phone opens; `colour` is "#rrggbb", the role's."""

    number: str
    name: str
    other_name: str
    company: str
    role: str
    country: str
    qr: str
    colour: str
    edition: str


@dataclass(frozen=True, slots=True)
class Box:
    """A field's place on a badge: `largest` and `smallest` are sizes of letters, `lines` at most; `middle`: centred."""

    field: str
    x: float
    y: float
    width: float
    height: float
    largest: float
    smallest: float
    lines: int = 1
    bold: bool = False
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Design:
    """A badge: its size, its boxes, the band in the role's colour (x, y, width, height), the square of the QR (x, y, side)."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    band: tuple[float, float, float, float]
    qr: tuple[float, float, float]


A6 = Design(
    105,
    148,
    (
        Box("edition", 8, 15, 89, 7, 12, 7, middle=True),
        Box("name", 7, 27, 91, 31, 44, 14, lines=2, bold=True, middle=True),
        Box("other_name", 7, 59, 91, 12, 24, 9, lines=2, middle=True),
        Box("company", 7, 73, 91, 14, 19, 9, lines=2, middle=True),
        Box("country", 44, 95, 54, 11, 17, 9, lines=2),
        Box("number", 44, 112, 54, 8, 15, 8),
        Box("role", 5, 128, 95, 16, 34, 12, bold=True, middle=True),
    ),
    (0, 126, 105, 22),
    (7, 89, 34),
)
CARD = Design(
    86,
    54,
    (
        Box("edition", 4, 3, 52, 4, 7.5, 5),
        Box("name", 4, 8, 52, 14, 22, 8, lines=2, bold=True),
        Box("other_name", 4, 22.5, 52, 6, 13, 6),
        Box("company", 4, 29.5, 52, 8, 11, 6, lines=2),
        Box("country", 58, 29, 25, 6, 9, 5.5, lines=2, middle=True),
        Box("number", 58, 35.5, 25, 4, 8, 6, middle=True),
        Box("role", 4, 42, 78, 10, 20, 8, bold=True, middle=True),
    ),
    (0, 40.5, 86, 13.5),
    (58.5, 4, 24),
)
LABEL = Design(
    99.1,
    38.1,
    (
        Box("role", 11.5, 3, 60, 5, 11, 6, bold=True),
        Box("name", 11.5, 8.5, 60, 12.5, 22, 8, lines=2, bold=True),
        Box("other_name", 11.5, 21, 60, 5.5, 12, 6),
        Box("company", 11.5, 27, 60, 7.5, 10.5, 6, lines=2),
        Box("country", 72.5, 28, 24, 4, 8, 5, middle=True),
        Box("number", 72.5, 32, 24, 3.5, 7.5, 6, middle=True),
    ),
    (3, 3, 5, 32.1),
    (73, 3.5, 24),
)


@dataclass(frozen=True, slots=True)
class Format:
    """A page: its size, the badges on it, `scale` of the design, the space between them, whether it is cut by marks.

    `two_sided`: the back can be printed too, so that the name shows whichever way the badge turns.
    """

    key: str
    label: str | Promise
    page: tuple[float, float]
    design: Design
    columns: int = 1
    rows: int = 1
    gaps: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    cut: bool = False
    two_sided: bool = True

    @property
    def size(self) -> tuple[float, float]:
        """A badge on this page."""
        return self.design.width * self.scale, self.design.height * self.scale

    def corner(self, place: int, *, back: bool = False) -> tuple[float, float]:
        """The top left corner of a place; the columns of a back are mirrored, as the sheet is turned over."""
        width, height = self.size
        column, row = place % self.columns, place // self.columns
        column = self.columns - 1 - column if back else column
        whole = self.columns * width + (self.columns - 1) * self.gaps[0]
        tall = self.rows * height + (self.rows - 1) * self.gaps[1]
        left, top = (self.page[0] - whole) / 2, (self.page[1] - tall) / 2
        return left + column * (width + self.gaps[0]), top + row * (height + self.gaps[1])


FORMATS = {
    entry.key: entry
    for entry in (
        Format("a6", _("A6, one on a page (105 × 148 mm)"), (105, 148), A6),
        Format("card", _("Card, one on a page (86 × 54 mm, CR80)"), (86, 54), CARD),
        Format(
            "sheet", _("4 × A6 with bleed and cut marks, for a print shop (SRA4, 225 × 320 mm)"), (225, 320), A6,
            2, 2, (6, 6), cut=True,
        ),
        Format(
            "a4", _("4 on A4 with bleed and cut marks, for an office printer (92 × 130 mm each)"), (210, 297), A6,
            2, 2, (6, 6), scale=0.88, cut=True,
        ),
        Format("labels", _("14 labels on A4 (99.1 × 38.1 mm)"), (210, 297), LABEL, 2, 7, (2.5, 0), two_sided=False),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What the badge does not show as it was written: `kind` is "short" (shortened) or "letters" (`lost` are not in the font)."""

    number: str
    field: str
    kind: str
    text: str
    lost: str = ""


@dataclass(slots=True)
class Printer:
    """Draws faces of one format and keeps what is to be told."""

    format: Format
    canvas: Any
    told: list[Told] = field(default_factory=list)

    def sheet(self, faces: Sequence[Face], *, back: bool = False) -> None:
        """One page."""
        for place, face in enumerate(faces):
            x, y = self.format.corner(place, back=back)
            self._piece(face, x, y, tell=not back)
        if self.format.cut:
            self._marks()
        self.canvas.showPage()

    def _piece(self, face: Face, x: float, y: float, *, tell: bool) -> None:
        self.canvas.saveState()
        self.canvas.translate(x * mm, (self.format.page[1] - y) * mm)
        self.canvas.scale(self.format.scale, self.format.scale)
        self._band(face.colour)
        for box in self.format.design.boxes:
            self._text(face, box, tell=tell)
        self._qr(face.qr)
        self.canvas.restoreState()

    def _band(self, colour: str) -> None:
        """The role's colour, over the edges of the badge where it is cut."""
        x, y, width, height = self.format.design.band
        over = BLEED / self.format.scale if self.format.cut else 0.0
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.rect((x - over) * mm, -(y + height + over) * mm, (width + 2 * over) * mm, (height + over) * mm, 0, 1)

    def _text(self, face: Face, box: Box, *, tell: bool) -> None:
        font = BOLD if box.bold else FONT
        written = getattr(face, box.field)
        text, lost = printable(written, font)
        if lost and box.field == "other_name":
            text = ""  # part of a name in its own script is another name: rather the Latin one alone
        width, height = box.width * mm, box.height * mm
        fitted = fit(text, font, width, height, largest=box.largest, smallest=box.smallest, lines=box.lines)
        if tell and lost:
            self.told.append(Told(face.number, box.field, "letters", text, lost))
        if tell and fitted.is_short:
            self.told.append(Told(face.number, box.field, "short", " ".join(fitted.lines)))
        self.canvas.setFillColor(self._ink(face, box))
        step = fitted.size * LEADING
        y = -box.y * mm - (height - step * len(fitted.lines)) / 2 - fitted.size * 0.88
        for line in fitted.lines:
            x = box.x * mm + (width - width_of(line, font, fitted.size)) / 2 if box.middle else box.x * mm
            for name, part in pieces(line, font):
                self.canvas.setFont(name, fitted.size)
                self.canvas.drawString(x, y, part)
                x += width_of(part, name, fitted.size)
            y -= step

    def _ink(self, face: Face, box: Box) -> Any:
        """Black, or what can be read on the role's colour."""
        _x, top, _width, height = self.format.design.band
        on_band = box.field == "role" and top <= box.y < top + height and box.x >= self.format.design.band[0]
        return readable_on(face.colour) if on_band and self.format.design is not LABEL else INK

    def _qr(self, text: str) -> None:
        """Modules as one path; a margin of four modules is kept white, as ISO/IEC 18004 asks."""
        x, y, side = self.format.design.qr
        matrix = segno.make(text, error="m", micro=False, mask=0).matrix  # the key is random: no mask is better than another
        module = side * mm / (len(matrix) + 8)
        self.canvas.setFillColorRGB(1, 1, 1)
        self.canvas.rect(x * mm, -(y + side) * mm, side * mm, side * mm, 0, 1)
        self.canvas.saveState()
        self.canvas.translate(x * mm + 4 * module, -y * mm - 4 * module)
        self.canvas.scale(module, -module)
        self.canvas.setFillColorRGB(0, 0, 0)
        dark = [f"{start} {row} {length} 1 re" for row, cells in enumerate(matrix) for start, length in runs(cells)]
        self.canvas.addLiteral(" ".join(dark) + " f")
        self.canvas.restoreState()

    def _marks(self) -> None:
        """Short lines outside the bleed, at every edge that is cut."""
        width, height = self.format.size
        self.canvas.setLineWidth(0.25)
        for place in range(self.format.columns * self.format.rows):
            left, top = self.format.corner(place)
            for x in (left, left + width):
                self._mark(x, top, up=True)
                self._mark(x, top + height, up=False)
            for y in (top, top + height):
                self._mark_aside(y, left, out=-1)
                self._mark_aside(y, left + width, out=1)

    def _mark(self, x: float, y: float, *, up: bool) -> None:
        if self._is_outside(y, self.format.page[1], up=up):
            near, far = (y - BLEED, y - BLEED - MARK) if up else (y + BLEED, y + BLEED + MARK)
            tall = self.format.page[1]
            self.canvas.line(x * mm, (tall - near) * mm, x * mm, (tall - far) * mm)

    def _mark_aside(self, y: float, x: float, *, out: int) -> None:
        if self._is_outside(x, self.format.page[0], up=out < 0):
            near, far, tall = x + out * BLEED, x + out * (BLEED + MARK), self.format.page[1]
            self.canvas.line(near * mm, (tall - y) * mm, far * mm, (tall - y) * mm)

    @staticmethod
    def _is_outside(edge: float, whole: float, *, up: bool) -> bool:
        """Whether this is the outermost edge on its side: inside, the bleeds meet and there is no room for marks."""
        return edge < whole / 4 if up else edge > whole * 3 / 4


def runs(cells: Iterable[int]) -> list[tuple[int, int]]:
    """(start, length) of each row of dark modules."""
    found: list[tuple[int, int]] = []
    for number, cell in enumerate(cells):
        if cell & 1 and found and sum(found[-1]) == number:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif cell & 1:
            found.append((number, 1))
    return found


def readable_on(colour: str) -> Any:
    """White or black: whichever stands out more against the colour (relative luminance of WCAG 2.2)."""
    parts = (HexColor(colour).red, HexColor(colour).green, HexColor(colour).blue)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return HexColor("#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff")


def badges_pdf(
    faces: Sequence[Face], page: Format, *, title: str, both_sides: bool = False, watch: Callable[[int], None] = lambda done: None
) -> tuple[bytes, list[Told]]:
    """The PDF of these badges in their order, and what they do not show as it was written.

    `watch` is called after each page with the number of badges drawn; what it raises ends the work.
    """
    register_fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(page.page[0] * mm, page.page[1] * mm), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    printer, done = Printer(page, canvas), 0
    each = page.columns * page.rows
    for start in range(0, len(faces), each):
        some = faces[start : start + each]
        printer.sheet(some)
        if both_sides and page.two_sided:
            printer.sheet(some, back=True)
        done += len(some)
        watch(done)
    canvas.save()
    return stream.getvalue(), printer.told
