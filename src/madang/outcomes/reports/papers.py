"""A report as PDF and as a workbook."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from madang.kit.languages import REORDERING
from madang.kit.pdf import Block, Drawn, Heading, Rows, Text, Together, pdf_bytes
from madang.kit.tables import Cell as BookCell
from madang.kit.tables import book_bytes
from madang.outcomes.reports.parts import Cell, Document, Number, Section, Sheet

WIDE_FIRST = 2.2
"""The first column names the row: it is so much wider than others."""
LONG = 40
"""Letters from which a column of texts is as wide as the first."""


def report_pdf(document: Document, digest: str) -> bytes:
    """The report on paper, wide A4; the digest's beginning stands at the foot of every page beside the page's number."""
    blocks: list[Block] = [Rows([(name, _plain(text)) for name, text in document.facts], widths=[1, 4])]
    for section in document.sections:
        blocks += _blocks(section)
    footer = f"{document.title} · SHA-256 {digest[:16]}…"
    return pdf_bytes(_plain(document.title), blocks, language=document.language, footer=_plain(footer), wide=True)


def _blocks(section: Section) -> list[Block]:
    found: list[Block] = [Together()] if section.pictures else []
    found += [Heading(section.heading), *(Text(_plain(text)) for text in section.texts)]
    found += [Drawn(one) for one in section.pictures]
    for sheet in section.sheets:
        if sheet.caption != section.heading:
            found.append(Text(_plain(sheet.caption), "head"))
        rows = [[_plain(_text(cell)) for cell in row] for row in sheet.rows]
        found.append(Rows(rows, sheet.head, _widths(sheet)))
    return found


def _widths(sheet: Sheet) -> list[float]:
    longest = [max((len(_text(row[place])) for row in sheet.rows), default=0) for place in range(len(sheet.head))]
    return [WIDE_FIRST if place == 0 or length > LONG else 1.0 for place, length in enumerate(longest)]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.text


def _plain(text: str) -> str:
    """Without marks of direction, for which the font has no sign; paper draws letters as they come."""
    return text.translate(dict.fromkeys(map(ord, REORDERING)))


def report_book(document: Document) -> bytes:
    """A sheet for what stands under the title, then one for each table; numbers are numbers."""
    about = (_("Report"), [pgettext("item", "What"), _("Text")], [(_("Report"), document.title), *document.facts])
    sheets = [
        (_name(section, sheet), list(sheet.head), [[_book_cell(cell) for cell in row] for row in sheet.rows])
        for section in document.sections
        for sheet in section.sheets
    ]
    notes = (_("Notes"), [_("Part"), _("Text")], [(part.heading, text) for part in document.sections for text in part.texts])
    return book_bytes([about, *sheets, notes])


def _name(section: Section, sheet: Sheet) -> str:
    return sheet.caption if sheet.caption == section.heading else f"{section.heading} {sheet.caption}"


def _book_cell(cell: Cell) -> BookCell:
    return cell.value if isinstance(cell, Number) else _text(cell)
