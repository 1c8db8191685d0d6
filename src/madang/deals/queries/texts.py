"""A document as text: the same words on the page, in the PDF, in the file whose SHA-256 is kept, and under the signatures.

The text is plain. A line that begins with `# ` is the title, `## ` a heading, `• ` a point; cells stand between tabs; what
people wrote themselves is indented, so that nothing they write can look like a heading of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, override, pgettext
from django.utils.translation import gettext_lazy as _

from madang.catalogue.models import Level, Title
from madang.deals.models import Document, DocumentKind, DocumentState, Due, Line, LineKind, Term
from madang.deals.queries.contents import whole_lines
from madang.deals.sets import masks_of
from madang.deals.words import day_text, languages_text, line_end_text, line_start_text, media_text, territories_text
from madang.kernels.rights import territory_table
from madang.kit import calendar, pdf
from madang.kit.languages import LANGUAGES
from madang.kit.money import money
from madang.kit.territories import country_name
from madang.people.models import Company

ALWAYS_IN = "en"
"""The language in which each signed text exists beside those of its parties."""
INDENT = "    "
OF_COUNTRY = {"KR": "ko", "FR": "fr"}
"""The language of a company of whose people none has said hers."""

RULES = {
    DocumentKind.OFFER: [
        _("This is an offer. Nobody is bound by it: rights pass when both sides have signed a licence."),
    ],
    DocumentKind.MEMO: [
        _("This memo says what both sides mean to sign. Rights pass when both sides have signed the licence."),
    ],
    DocumentKind.LICENCE: [
        _("The licensor gives the licensee the rights that are listed here, and no others."),
        _("The licensor says that it holds these rights and that no other contract of its own stands against them."),
        _("The contract is made when both sides have signed it. It is changed only by an amendment that both sides sign."),
    ],
    DocumentKind.AMENDMENT: [
        _("From the moment at which both sides have signed it, this takes the place of the earlier contract as a whole."),
        _("The licensor gives the licensee the rights that are listed here, and no others."),
        _("It is changed only by a further amendment that both sides sign."),
    ],
}
"""What each kind of document says of itself."""
RULES_OF_ALL = [
    _("The first and the last day count in, at the place of the market."),
    _("Where a right is exclusive, the licensor neither uses it nor gives it to others within its scope."),
    _("Where texts in several languages differ, the one in English counts."),
]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: `kind` is title, heading, rows, points, own (words of the parties) or text."""

    kind: str
    lines: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """Its first words."""
        return self.lines[0][0]


def texts_of(document: Document) -> dict[str, str]:
    """The text in every language that people of its parties read, and in English."""
    return {language: text_of(document, language) for language in spoken_languages(document)}


def languages_of(document: Document) -> list[str]:
    """Codes of the languages in which it can be read: those of a frozen text, else all."""
    return [code for code, _name in LANGUAGES if not document.texts or code in document.texts]


def spoken_languages(document: Document) -> list[str]:
    """Codes of languages, in the house's order: those of the parties' people and of their countries, and English."""
    deal = document.deal
    parties = [company for company in (deal.licensor, deal.licensee) if company] if deal else [document.company]
    people = document.edition.participants.filter(company__in=parties, left_at=None).exclude(language="")
    spoken = {ALWAYS_IN, *people.values_list("language", flat=True), *(OF_COUNTRY.get(one.country, "") for one in parties)}
    return [code for code, _name in LANGUAGES if code in spoken]


def shown_text(document: Document, language: str) -> str:
    """What a reader sees: the frozen text, or the text as it would be now."""
    return document.texts.get(language) or text_of(document, language)


def text_of(document: Document, language: str) -> str:
    """The text as the rows say it, in one language; ends with a line break."""
    with override(language):
        return "\n".join(_lines(document)).rstrip() + "\n"


def digest_of(texts: dict[str, str]) -> str:
    """SHA-256 of the texts, one after the other in the order of their languages' codes: of the file that `signed_file` gives."""
    return hashlib.sha256(signed_file(texts)).hexdigest()


def signed_file(texts: dict[str, str]) -> bytes:
    """All languages of a frozen text in one file (UTF-8)."""
    return "\n".join(texts[code] for code in sorted(texts)).encode()


def is_intact(document: Document) -> bool:
    """Whether a frozen text, and each signature under it, still has the digest that was written down."""
    found = {digest_of(document.texts), *(signature.digest for signature in document.signatures.all())}
    return bool(document.texts) and found == {document.digest}


def blocks_of(text: str) -> list[Block]:
    """A text in pieces, for a page or a PDF."""
    found: list[tuple[str, list[tuple[str, ...]]]] = []
    for line in text.splitlines():
        kind, cells = _read(line)
        if kind and found and found[-1][0] == kind and kind in ("rows", "points", "own"):
            found[-1][1].append(cells)
        elif kind:
            found.append((kind, [cells]))
    return [Block(kind, tuple(lines)) for kind, lines in found]


def pdf_of(document: Document, language: str) -> bytes:
    """The document as a PDF: the text, then its signatures, or that it has none."""
    first, *rest = blocks_of(shown_text(document, language))
    with override(language):
        mark = status_text(document)
        top: list[pdf.Block] = [pdf.Heading(mark)] if mark else []
        blocks = [*top, *(_pdf_block(block) for block in rest), *_pdf_signatures(document)]
        footer = " · ".join(part for part in (document.code, mark, document.digest[:16]) if part)
        return pdf.pdf_bytes(first.text, blocks, language=language, footer=footer)


def status_text(document: Document) -> str:
    """What stands over a paper that is not what it may look like: a draft, or not signed."""
    if document.state == DocumentState.DRAFT:
        return gettext("DRAFT – not sent")
    if document.kind in (DocumentKind.OFFER, DocumentKind.MEMO):
        return gettext("NOT A CONTRACT – %(state)s") % {"state": document.get_state_display()}
    return (
        ""
        if document.state == DocumentState.SIGNED
        else gettext("NOT SIGNED – %(state)s") % {"state": document.get_state_display()}
    )


def title_words(title: Title) -> str:
    """A title with what it is part of: "Harbour – season 2 – episode 3: The Tide"."""
    if title.part_of is None or title.level not in (Level.SEASON, Level.EPISODE):
        return str(title)
    words = {Level.SEASON: gettext("season %(n)s"), Level.EPISODE: gettext("episode %(n)s")}[Level(title.level)]
    own, whole = words % {"n": title.number or "?"}, title_words(title.part_of)
    if not title.name:
        return f"{whole} – {own}"
    return str(title) if str(title.part_of) in str(title) else f"{whole} – {own}: {title}"


def term_words(term: Term) -> str:
    """What is paid, in one line."""
    parts = [str(term.get_kind_display())]
    if term.amount is not None:
        parts.append(money(term.amount, term.currency))
    if term.percent is not None:
        share = gettext("%(percent)s %% of %(base)s") if term.base else gettext("%(percent)s %%")
        parts.append(share % {"percent": _plain(term.percent), "base": term.base})
    return ": ".join(parts) + (f" ({_one_line(term.note)})" if term.note else "")


def _lines(document: Document) -> Iterator[str]:
    deal = document.deal
    yield f"# {document.get_kind_display()} {document.code if document.state != DocumentState.DRAFT else ''}".rstrip()
    yield _row(gettext("Deal"), f"{deal.code if deal else ''} · {document.edition.market} · {document.edition}")
    if document.sent_at:
        yield _row(gettext("Written by"), f"{document.company}, {_day(document, document.sent_at)}")
    if document.amends:
        yield _row(gettext("Takes the place of"), f"{document.amends.get_kind_display()} {document.amends.code}")
    if deal:
        yield _row(gettext("Licensor"), _party(deal.licensor))
        yield _row(gettext("Licensee"), _party(deal.licensee))
    yield from _rights(document)
    yield from _money(document)
    yield from _rest(document)


def _rights(document: Document) -> Iterator[str]:
    for number, line in enumerate(whole_lines(document), 1):
        yield f"## {number}. {_one_line(title_words(line.title))} – {_line_name(line)}"
        territories, media, languages = masks_of(line)
        yield _row(gettext("Territories"), _said_and_meant(line.territories_said, territories_text(territories, most=300)))
        yield _row(gettext("Media"), _said_and_meant(line.media_said, media_text(media, most=100)))
        yield _row(gettext("Languages"), _said_and_meant(line.languages_said, languages_text(languages, most=300)))
        yield _row(pgettext("window of a right", "From"), line_start_text(line))
        yield _row(pgettext("window of a right", "Until"), line_end_text(line))
        if line.kind == LineKind.LICENCE:
            yield _row(gettext("Exclusive"), gettext("yes") if line.exclusive else gettext("no"))
        if line.runs is not None:
            yield _row(gettext("Runs"), str(line.runs))
        if line.clause:
            yield _row(gettext("Clause"), _one_line(line.clause))


def _money(document: Document) -> Iterator[str]:
    terms = list(document.terms.prefetch_related("instalments"))
    if not terms:
        return
    yield _heading(gettext("What is paid"))
    for number, term in enumerate(terms, 1):
        yield _row(f"{number}.", term_words(term))
        for part in term.instalments.all():
            due = day_text(part.due_on) if part.due_on else str(Due(part.due).label)
            yield _row("", f"{money(part.amount, term.currency)} – {due}")


def _rest(document: Document) -> Iterator[str]:
    materials = list(document.deliverables.all())
    if materials:
        yield _heading(gettext("What is handed over"))
        for one in materials:
            until = gettext("until %(day)s") % {"day": day_text(one.due_on)} if one.due_on else ""
            yield _row(_one_line(one.what), until)
    if document.conditions.strip():
        yield _heading(gettext("Further conditions"))
        yield from (f"{INDENT}{line}" for line in document.conditions.splitlines() if line.strip())
    yield _heading(gettext("What this document is"))
    yield from (_point(str(rule)) for rule in [*RULES[DocumentKind(document.kind)], *RULES_OF_ALL])
    version = {"version": territory_table().version}
    yield _point(gettext("Names of territories are read by the table of territories %(version)s.") % version)
    if document.expires_at:
        yield _point(gettext("It is open until %(moment)s.") % {"moment": _moment(document)})


def _heading(text: str) -> str:
    return f"## {text}"


def _point(text: str) -> str:
    return f"• {text}"


def _line_name(line: Line) -> str:
    if line.kind == LineKind.LICENCE:
        return gettext("exclusive licence") if line.exclusive else gettext("licence, not exclusive")
    return str(line.get_reason_display())


def _said_and_meant(said: str, meant: str) -> str:
    said = _one_line(said)
    return meant if not said or said.casefold() == meant.casefold() else f"{said} = {meant}"


def _party(company: Company | None) -> str:
    return f"{company}, {country_name(company.country, (get_language() or 'en')[:2])}" if company else ""


def _day(document: Document, moment: object) -> str:
    return day_text(calendar.in_zone(moment, document.edition.time_zone).date())  # type: ignore[arg-type]  # a row's moment


def _moment(document: Document) -> str:
    moment = calendar.in_zone(document.expires_at, document.edition.time_zone)  # type: ignore[arg-type]  # it has one here
    return f"{calendar.moment_text(moment, (get_language() or 'en')[:2])} {calendar.zone_mark(moment)}"


def _row(*cells: str) -> str:
    return "\t".join(_one_line(cell) for cell in cells)


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


def _plain(number: Decimal) -> str:
    return number_format(number.normalize(), force_grouping=False)


def _read(line: str) -> tuple[str, tuple[str, ...]]:
    if line.startswith(INDENT):
        return "own", (line[len(INDENT) :],)
    for mark, kind in (("# ", "title"), ("## ", "heading"), ("• ", "points")):
        if line.startswith(mark):
            return kind, (line[len(mark) :],)
    if "\t" in line:
        return "rows", tuple(line.split("\t"))
    return ("text" if line.strip() else ""), (line,)


def _pdf_block(block: Block) -> pdf.Block:
    if block.kind == "rows":
        return pdf.Rows(block.lines, widths=(1, 3))
    if block.kind == "points":
        return pdf.Points([cells[0] for cells in block.lines])
    if block.kind == "heading":
        return pdf.Heading(block.text)
    return pdf.Text("\n".join(cells[0] for cells in block.lines))


def _pdf_signatures(document: Document) -> Iterator[pdf.Block]:
    signatures = list(document.signatures.select_related("company", "participant"))
    if not signatures and not document.digest:
        return
    yield pdf.Heading(gettext("Signatures"))
    rows = [(str(one.company), one.name, _day(document, one.signed_at)) for one in signatures]
    yield pdf.Rows(rows or [(gettext("Nobody has signed yet."), "", "")], widths=(2, 2, 1))
    yield pdf.Text(gettext("SHA-256 of the text: %(digest)s") % {"digest": document.digest}, "small")
